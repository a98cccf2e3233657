"""The caller: who asks, what the caller may do and spend."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from schema.answers import look_up
from schema.codes import shown
from schema.context import Budget, Context
from schema.directives import Access, Role, bounded
from schema.fields import TYPES
from schema.kinds import Sql
from schema.shapes import Column
from schema.types.actors import Actor
from schema.types.companies import Company
from schema.types.places import AdminArea
from schema.viewer import Viewer as Caller

ORDER: Mapping[Role, int] = {role: place for place, role in enumerate(reversed(Role))}
"""Which of several roles is named as the one used: the last in the list of roles."""


@strawberry.type(description="The caller.")
class Viewer:
    """Who asks."""

    caller: strawberry.Private[Caller]

    @shown("Name, role and body.")
    def actor(self) -> Actor:
        """The caller as one who acts."""
        role = min(self.caller.roles, key=ORDER.__getitem__)
        return Actor(name=self.caller.name, role=role, organisation=self.caller.organisation)

    @shown("All roles held.")
    def roles(self) -> list[Role]:
        """In the order of the list of roles."""
        return [role for role in Role if role in self.caller.roles]

    @shown("Areas whose rows are visible; empty = whole district.", bounded(20))
    async def scope_areas(self, info: Info[Context, None]) -> list[AdminArea]:
        """Streets and communities of an inspector."""
        found = [await record(info, "AdminArea", area) for area in sorted(self.caller.area_ids)]
        return [each for each in found if each is not None]

    @shown("Own company, for role COMPANY.")
    async def company(self, info: Info[Context, None]) -> Company | None:
        """The company that the caller acts for."""
        own = self.caller.company_id
        found: Company | None = None if own is None else await record(info, "Company", own)
        return found

    @shown("Root fields the caller may use.")
    def operations(self, info: Info[Context, None]) -> list[str]:
        """By name."""
        roots = info._raw_info.schema.query_type
        assert roots is not None, "there is a query type"
        return sorted(name for name, field in roots.fields.items() if self._may(field))

    def _may(self, field: Any) -> bool:
        declared = field.extensions["strawberry-definition"].directives
        return any(self.caller.holds(*each.roles) for each in declared if isinstance(each, Access))


@strawberry.type(description="Budget of the caller.")
class RateLimit:
    """What the request costs and what is left."""

    budget: strawberry.Private[Budget]

    @shown("Cost of this request, points.")
    def cost(self) -> int:
        """As charged."""
        return self.budget.cost

    @shown("Nodes of this request by page-size product.")
    def node_count(self) -> int:
        """As counted before anything runs."""
        return self.budget.node_count

    @shown("Bucket size, points.")
    def limit(self) -> int:
        """Of the caller's bucket."""
        return self.budget.limit

    @shown("Points left.")
    def remaining(self) -> int:
        """After this request."""
        return self.budget.remaining

    @shown("When the bucket is full again.")
    def reset_at(self) -> datetime:
        """If nothing more is asked."""
        return self.budget.reset_at


async def record(info: Info[Context, None], type_name: str, uuid: Any) -> Any:
    """A record that the caller sees, or null."""
    stored = TYPES[type_name]
    key = Column(stored.source.table, "id", Sql.UUID, nullable=False)
    return await look_up(info.context.reader, stored, key, uuid)


def viewer(info: Info[Context, None]) -> Viewer:
    """Who asks."""
    return Viewer(caller=info.context.reader.viewer)


DryRun = Annotated[bool | None, strawberry.argument(description="Price this request without running the rest of it.")]


def rate_limit(info: Info[Context, None], dry_run: DryRun = False) -> RateLimit:
    """What this request costs; whoever executes it leaves out the rest where `dryRun` says so."""
    budget = info.context.budget
    assert budget is not None, "who serves this prices the request"
    return RateLimit(budget=budget)
