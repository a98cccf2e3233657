"""Whatever is selected of the log, that it was read is an entry; whoever sees nothing of it writes nothing."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.datastructures import Headers

from api.app import Shell, application
from api.audit.leaf import Actor
from api.database import Database
from api.desk import desk
from api.graphql import Source
from schema import ids
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.test_sockets import asked_as
from tests.api.front.test_unmasking import entries
from tests.factories import founded

FIRST = ids.encode("Au", UUID(int=0))
SELECTIONS = [
    "{ auditLog(first: 1) { totalCount } }",
    "{ auditLog(first: 1) { nodes { action } } }",
    "{ auditLog(first: 1) { edges { cursor } } }",
    "{ auditLog(first: 1) { pageInfo { hasNextPage } } }",
    "{ auditLog(first: 1) { nodes { reason } } }",
    f'{{ node(id: "{FIRST}") {{ id }} }}',
]


@pytest.fixture
async def registry(fresh_database: Database) -> Source:
    world = await founded(fresh_database)
    await world.save()
    async with desk(
        fresh_database, actor=Actor("account:1", "张三", "BUREAU_ADMIN"), district=world.district_id
    ) as act:
        await act.record("meeting.held", payload={"reason": "议定"})
    return Source(fresh_database, world.district_id, b"s" * 32)


def caller(source: Source, *roles: Role) -> Any:
    viewer = Viewer(source.district_id, frozenset({Role.PUBLIC, *roles}), UUID(int=5) if roles else None)

    async def identify(_headers: Headers, _address: str) -> Viewer:
        return viewer

    return identify


@pytest.mark.parametrize("query", SELECTIONS)
async def test_any_selection_of_the_log_is_one_entry(registry: Source, query: str) -> None:
    answer = await asked_as(registry, caller(registry, Role.AUDITOR), query)
    assert answer.codes == []
    assert await entries(registry.database) == ["meeting.held", "auditlog.read"]


async def test_who_sees_nothing_of_the_log_writes_nothing(registry: Source) -> None:
    answer = await asked_as(registry, caller(registry), f'{{ node(id: "{FIRST}") {{ id }} }}')
    assert answer.body["data"] == {"node": None}
    assert await entries(registry.database) == ["meeting.held"]


async def test_other_reads_and_the_price_alone_write_nothing(registry: Source) -> None:
    for query in (
        "{ companies(first: 1) { totalCount } }",
        "{ rateLimit(dryRun: true) { cost } auditLog(first: 1) { totalCount } }",
    ):
        assert (await asked_as(registry, caller(registry, Role.AUDITOR), query)).codes == []
    assert await entries(registry.database) == ["meeting.held"]


async def test_what_cannot_be_entered_is_not_counted(registry: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("api.audit.log.append", broken)
    answer = await asked_as(registry, caller(registry, Role.AUDITOR), SELECTIONS[0])
    assert (answer.status, answer.codes, "data" in answer.body) == (503, ["UNAVAILABLE"], False)


async def test_many_readers_of_the_log_do_not_wait_for_each_others_connections(registry: Source) -> None:
    query = "{ auditLog(first: 5) { nodes { seq reason actor { name } } } }"
    transport = httpx.ASGITransport(application(registry, shell=Shell(identify=caller(registry, Role.AUDITOR))))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answers = await asyncio.gather(*(client.post("/graphql", json={"query": query}) for _ in range(40)))
    assert [each.json().get("errors") for each in answers] == [None] * 40
    assert await entries(registry.database) == ["meeting.held", *["auditlog.read"] * 40]
