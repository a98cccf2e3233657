"""Cases as a list, their categories, and the taxonomy."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import founded

Placed = tuple[Asker, dict[str, UUID]]
CASES = """query($filter: ComplaintFilter) { complaints(first: 10, filter: $filter) { totalCount nodes {
    externalRef receivedCategory category { code label(lang: EN) aliases countsForScore } } } }"""


@pytest_asyncio.fixture(scope="module")
async def cases(database: Database) -> AsyncIterator[Placed]:
    world = await founded(database)
    street = world.street()
    community = world.community(street)
    lifts = world.add(tables.ComplaintCategory, code="0301", label="电梯", aliases=["电梯故障"], counts_for_score=False)
    world.add(tables.ComplaintCategory, code="0101", label="停车")
    listed = world.add(
        tables.Complaint,
        external_ref="GD1",
        category_code="0301",
        category_id=lifts,
        received_category="电梯故障",
        received_on=date(2026, 5, 1),
        street_id=street,
        community_id=community,
    )
    world.add(tables.Complaint, external_ref="GD2", category_code="9999", received_on=date(2026, 5, 2))
    world.add(
        tables.Complaint,
        external_ref="GD3",
        category_code="0301",
        category_id=lifts,
        received_on=date(2026, 5, 3),
        state="RECEIVED",
    )
    await world.save()
    yield asker(world), {"street": street, "community": community, "GD1": listed}


async def test_cases_come_newest_first_with_their_category(cases: Placed) -> None:
    ask, _ = cases
    page = (await ask.data(CASES))["complaints"]
    lifts = {"code": "0301", "label": "电梯", "aliases": ["电梯故障"], "countsForScore": False}
    unlisted = {"code": "UNMAPPED", "label": "未归类", "aliases": [], "countsForScore": False}
    assert page == {
        "totalCount": 3,
        "nodes": [
            {"externalRef": "GD3", "receivedCategory": "0301", "category": lifts},
            {"externalRef": "GD2", "receivedCategory": "9999", "category": unlisted},
            {"externalRef": "GD1", "receivedCategory": "电梯故障", "category": lifts},
        ],
    }


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"externalRefs": ["GD3", "GD1"]}, ["GD3", "GD1"]),
        ({"states": ["RECEIVED"]}, ["GD3"]),
        ({"categoryCodes": ["9999"]}, ["GD2"]),
        ({"areaIds": ["street"]}, ["GD1"]),
        ({"areaIds": ["community"]}, ["GD1"]),
        ({"ids": ["GD1"]}, ["GD1"]),
        ({"received": {"from": "2026-05-02", "to": "2026-05-03"}}, ["GD3", "GD2"]),
        ({"received": {"from": "2026-05-02", "to": "2026-05-02"}, "states": ["CLOSED"]}, ["GD2"]),
        ({"received": None}, ["GD3", "GD2", "GD1"]),
        ({"categoryCodes": []}, []),
    ],
)
async def test_each_condition_narrows_the_list(cases: Placed, wanted: dict[str, Any], found: list[str]) -> None:
    ask, known = cases
    tags = {"areaIds": "Aa", "ids": "Cm"}
    given = {
        name: [ids.encode(tags[name], known[each]) for each in value] if name in tags else value
        for name, value in wanted.items()
    }
    nodes = (await ask.data(CASES, filter=given))["complaints"]["nodes"]
    assert [each["externalRef"] for each in nodes] == found


async def test_the_taxonomy_is_listed_by_code(cases: Placed) -> None:
    ask, _ = cases
    found = (await ask.data("{ complaintTaxonomy { categories { code label } } }"))["complaintTaxonomy"]
    assert found == {"categories": [{"code": "0101", "label": "停车"}, {"code": "0301", "label": "电梯"}]}
