"""The audit log as it is read, and the entries that reading writes."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from api import clock
from api.audit.keys import erase
from api.audit.leaf import Actor
from api.database import Database
from api.desk import desk
from schema import ids
from schema.directives import Role
from schema.viewer import Viewer
from tests.asking import Asker, asker
from tests.factories import MOMENT, World, founded

LOG = """query($first: Int!, $after: String, $filter: AuditFilter) {
    auditLog(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id seq action occurredAt leafHash subjectId reason actor { name role organisation } } } }"""
CLERK = Actor("account:1", "张三", "BUREAU_ADMIN", "区住建局")


@pytest_asyncio.fixture
async def written(fresh_database: Database) -> AsyncIterator[World]:
    """A district with three entries of its own and one of another district."""
    world = await founded(fresh_database)
    other = await founded(fresh_database, "430304")
    for action, district in (
        ("meeting.held", world.district_id),
        ("role.granted", world.district_id),
        ("meeting.held", other.district_id),
        ("meeting.closed", world.district_id),
    ):
        async with desk(fresh_database, actor=CLERK, district=district) as act:
            await act.record(action, payload={"reason": "议定事项已完成"}, occurred_at=MOMENT)
    yield world


def viewer(world: World, role: Role) -> Asker:
    """Somebody with this role."""
    return asker(world, viewer=Viewer(world.district_id, frozenset({Role.PUBLIC, role}), name="李四"))


async def entries(ask: Asker, **variables: Any) -> Any:
    """What a reader of the log is told."""
    return (await ask.data(LOG, **{"first": 10, **variables}))["auditLog"]


async def actions(database: Database) -> list[str]:
    """All entries there are, of whatever district."""
    async with database.reading_everything() as connection:
        rows = await (await database.driver(connection)).fetch("SELECT action FROM audit_leaf ORDER BY seq")
    return [row["action"] for row in rows]


async def test_entries_come_by_number_and_each_read_is_one(written: World) -> None:
    page = await entries(viewer(written, Role.BUREAU_ADMIN))
    assert [(each["seq"], each["action"]) for each in page["nodes"]] == [
        (0, "meeting.held"),
        (1, "role.granted"),
        (3, "meeting.closed"),
    ]
    first = page["nodes"][0]
    assert first["actor"] == {"name": "张三", "role": "BUREAU_ADMIN", "organisation": "区住建局"}
    assert (first["reason"], first["subjectId"], first["occurredAt"]) == (
        "议定事项已完成",
        None,
        "2026-07-11T01:02:03.456Z",
    )
    assert len(first["leafHash"]) == len("sha256:") + 64
    assert page["totalCount"] == 3
    assert (await actions(written.database))[4:] == ["auditlog.read"]
    again = await entries(viewer(written, Role.BUREAU_ADMIN), filter={"actions": ["auditlog."]})
    assert [(each["action"], each["actor"]["name"]) for each in again["nodes"]] == [("auditlog.read", "李四")]
    assert (await actions(written.database))[4:] == ["auditlog.read"] * 2


async def test_an_entry_is_found_again_by_its_id(written: World) -> None:
    ask = viewer(written, Role.BUREAU_ADMIN)
    document = "query($id: ID!) { node(id: $id) { id ... on AuditEntry { seq action actor { name } } } }"
    known = (await entries(ask))["nodes"][1]["id"]
    assert (await ask.data(document, id=known))["node"] == {
        "id": known,
        "seq": 1,
        "action": "role.granted",
        "actor": {"name": "张三"},
    }
    foreign = ids.encode("Au", UUID(int=2))
    beyond = ids.encode("Au", UUID(int=2**64))
    assert (await ask.data(document, id=foreign))["node"] is None
    assert (await ask.data(document, id=beyond))["node"] is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"actions": ["meeting."]}, [0, 3]),
        ({"actions": ["meeting.held", "role."]}, [0, 1]),
        ({"actions": ["meeting"]}, []),
        ({"actions": []}, []),
        ({"fromSeq": 1}, [1, 3]),
        ({"fromSeq": 1, "actions": ["meeting."]}, [3]),
        ({"recorded": {"from": "2020-01-01", "to": "2020-12-31"}}, []),
    ],
)
async def test_each_condition_narrows_the_log(written: World, wanted: dict[str, Any], found: list[int]) -> None:
    page = await entries(viewer(written, Role.BUREAU_ADMIN), filter=wanted)
    assert [each["seq"] for each in page["nodes"]] == found


async def test_pages_go_on_where_they_ended_though_reading_writes(written: World) -> None:
    ask, after, seen = viewer(written, Role.BUREAU_ADMIN), None, []
    for _ in range(3):
        page = await entries(ask, first=1, after=after)
        seen.append(page["nodes"][0]["seq"])
        after = page["pageInfo"]["endCursor"]
    assert seen == [0, 1, 3]
    assert page["pageInfo"]["hasNextPage"] is True, "the two reads before"


async def test_an_auditor_reads_names_masked_and_security_only_its_entries(written: World) -> None:
    audited = await entries(viewer(written, Role.AUDITOR))
    assert [each["actor"]["name"] for each in audited["nodes"]] == ["张*"] * 3
    secured = await entries(viewer(written, Role.SECURITY_ADMIN))
    assert [each["action"] for each in secured["nodes"]] == ["role.granted"]


async def test_an_erased_entry_still_stands_with_its_hash(written: World, owner: AsyncConnection) -> None:
    database = written.database
    async with desk(database, actor=CLERK, district=written.district_id) as act:
        await act.record("person.changed", payload={"reason": "本人"}, holder="person:7")
    assert await erase(await Database.driver(owner), "person:7", clock.now()) == 1
    await owner.commit()
    node = (await entries(viewer(written, Role.BUREAU_ADMIN), filter={"actions": ["person."]}))["nodes"][0]
    assert (node["seq"], node["reason"], node["actor"]) == (
        4,
        None,
        {"name": "已删除", "role": "PUBLIC", "organisation": None},
    )
