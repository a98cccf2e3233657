"""Personal data in the clear for a stated purpose: shown, and entered in the log before the answer leaves."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.datastructures import Headers

from api.database import Database
from api.graphql import Source
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.test_sockets import asked_as
from tests.factories import founded

QUERY = "{ companies(first: 5) { nodes { legalRepresentative } } }"


async def entries(database: Database) -> list[str]:
    async with database.reading_everything() as reading:
        found = await reading.execute(text("SELECT action FROM audit_leaf ORDER BY seq"))
        return [action for (action,) in found]


@pytest.fixture
async def registry(fresh_database: Database) -> Source:
    world = await founded(fresh_database)
    world.company(legal_representative="张三丰")
    await world.save()
    return Source(fresh_database, world.district_id, b"s" * 32)


def caller(source: Source, purpose: str | None, *roles: Role) -> Any:
    viewer = Viewer(source.district_id, frozenset({Role.PUBLIC, *roles}), UUID(int=5), name="李四", purpose=purpose)

    async def identify(_headers: Headers, _address: str) -> Viewer:
        return replace(viewer)

    return identify


async def test_with_a_purpose_the_read_is_in_the_log(registry: Source) -> None:
    answer = await asked_as(registry, caller(registry, "check of a complaint", Role.BUREAU_ADMIN), QUERY)
    assert answer.body["data"]["companies"]["nodes"] == [{"legalRepresentative": "张三丰"}]
    assert await entries(registry.database) == ["personal.unmasked"]


async def test_the_entry_tells_who_looked_and_why(registry: Source) -> None:
    await asked_as(registry, caller(registry, "check of a complaint", Role.DECISION_OFFICER), QUERY)
    log = '{ auditLog(first: 1, filter: {actions: ["personal."]}) { nodes { reason actor { name role } } } }'
    answer = await asked_as(registry, caller(registry, None, Role.BUREAU_ADMIN), log)
    assert answer.body["data"]["auditLog"]["nodes"] == [
        {"reason": "check of a complaint", "actor": {"name": "李四", "role": "DECISION_OFFICER"}}
    ]


@pytest.mark.parametrize(
    ("purpose", "role"), [(None, Role.BUREAU_ADMIN), ("check of a complaint", Role.AUDITOR), (None, Role.AUDITOR)]
)
async def test_otherwise_it_is_masked_and_no_entry(registry: Source, purpose: str | None, role: Role) -> None:
    answer = await asked_as(registry, caller(registry, purpose, role), QUERY)
    assert answer.body["data"]["companies"]["nodes"] == [{"legalRepresentative": "张*"}]
    assert await entries(registry.database) == []


async def test_what_cannot_be_logged_is_not_shown(registry: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("api.audit.log.append", broken)
    answer = await asked_as(registry, caller(registry, "check of a complaint", Role.BUREAU_ADMIN), QUERY)
    assert (answer.status, answer.codes, "张三丰" in str(answer.body)) == (503, ["UNAVAILABLE"], False)
    assert await entries(registry.database) == []
