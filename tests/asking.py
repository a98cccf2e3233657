"""Asking the schema in tests: a document in, data, errors and the statements it took out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from api import clock
from api.audit.reading import LogReading
from api.graphql import Source
from schema.context import Budget, Context
from schema.directives import Role
from schema.query import SCHEMA
from schema.viewer import Viewer
from tests.factories import World

NOW = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
"""Noon of 20 July 2026 in Asia/Shanghai, when everything in tests is asked."""


BUDGET = Budget(cost=7, node_count=5, limit=20_000, remaining=19_993, reset_at=NOW)
"""What every request in tests costs."""


def bureau(district_id: UUID) -> Viewer:
    """The bureau's administrator, without a purpose."""
    return Viewer(district_id, frozenset({Role.PUBLIC, Role.BUREAU_ADMIN}))


@dataclass(frozen=True)
class Answer:
    """What came of a document."""

    data: Any
    errors: tuple[Any, ...]
    statements: tuple[str, ...]
    unmasked: frozenset[UUID] = frozenset()

    @property
    def codes(self) -> list[tuple[str | None, str | None]]:
        """Code and reason of each error."""
        said = [each.extensions or {} for each in self.errors]
        return [(each.get("code"), each.get("reason")) for each in said]


@dataclass(frozen=True)
class Asker:
    """Somebody who asks about one district."""

    source: Source
    now: datetime = NOW
    viewer: Viewer | None = None
    """Null: the bureau."""

    async def answer(self, document: str, **variables: Any) -> Answer:
        """Everything that came of a document."""
        with clock.frozen(self.now):
            reader = self.source.reader(self.viewer or bureau(self.source.district_id))
        journal = LogReading(self.source.database, reader.viewer)
        context = Context(reader, "test", budget=BUDGET, journal=journal)
        result: Any = await SCHEMA.execute(document, variable_values=variables, context_value=context)
        return Answer(
            result.data, tuple(result.errors or ()), tuple(reader.snapshot.statements), frozenset(reader.unmasked)
        )

    async def data(self, document: str, **variables: Any) -> Any:
        """The data of a document that has no errors."""
        answer = await self.answer(document, **variables)
        assert answer.errors == ()
        return answer.data

    async def refused(self, document: str, **variables: Any) -> tuple[str | None, str | None]:
        """Code and reason of the only error."""
        (code,) = (await self.answer(document, **variables)).codes
        return code


def asker(world: World, now: datetime = NOW, secret: bytes = b"s" * 32, *, viewer: Viewer | None = None) -> Asker:
    """Somebody who asks about the district of a world."""
    return Asker(Source(world.database, world.district_id, secret), now, viewer)
