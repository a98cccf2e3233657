"""Compounds on a map, and what stands open at one of them."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import founded

BOX = {"south": 27.8, "north": 27.9, "west": 112.9, "east": 113.0}
PINS = """query($box: GeoBox!, $filter: CompoundFilter) { compoundPins(box: $box, filter: $filter) {
    id name lat lng form covered openProblems } }"""


@pytest_asyncio.fixture(scope="module")
async def town(database: Database) -> AsyncIterator[tuple[Asker, Any]]:
    world = await founded(database)
    street = world.street()
    area = (street, world.community(street))
    here = {"latitude": Decimal("27.85"), "longitude": Decimal("112.95")}
    inside = world.compound(area, None, code="YT0001", name="东塘村", **here)
    edge = world.compound(area, {"covered": False}, code="YT0002", latitude=Decimal("27.9"), longitude=Decimal(113))
    world.compound(area, code="YT0003", latitude=Decimal("27.900001"), longitude=Decimal(113))
    world.compound(area, code="YT0004")
    place = {"street_id": area[0], "community_id": area[1], "compound_id": inside}
    visit = world.add(tables.Inspection, **place)
    item = world.add(tables.ChecklistItem)
    for state in ("OPEN", "RECTIFYING", "VERIFIED", "WAIVED"):
        world.add(tables.Finding, inspection_id=visit, item_id=item, state=state, **place)
    for state in ("RECEIVED", "CLOSED", "DUPLICATE", "REOPENED", "NOT_ATTRIBUTABLE"):
        world.add(tables.Complaint, state=state, **place)
    await world.save()
    yield asker(world), {"inside": inside, "edge": edge}


async def test_pins_are_the_compounds_in_the_window(town: tuple[Asker, Any]) -> None:
    ask, known = town
    pins = (await ask.data(PINS, box=BOX))["compoundPins"]
    assert pins == [
        {
            "id": ids.encode("Cp", known["inside"]),
            "name": "东塘村",
            "lat": 27.85,
            "lng": 112.95,
            "form": "PROPERTY_COMPANY",
            "covered": True,
            "openProblems": 4,
        },
        {
            "id": ids.encode("Cp", known["edge"]),
            "name": "小区2",
            "lat": 27.9,
            "lng": 113.0,
            "form": "PROPERTY_COMPANY",
            "covered": False,
            "openProblems": 0,
        },
    ]


async def test_pins_can_be_filtered(town: tuple[Asker, Any]) -> None:
    ask, known = town
    pins = (await ask.data(PINS, box=BOX, filter={"covered": False}))["compoundPins"]
    assert [each["id"] for each in pins] == [ids.encode("Cp", known["edge"])]


@pytest.mark.parametrize(
    "turned",
    [{"south": 27.9, "north": 27.8}, {"west": 113.0, "east": 113.0}, {"north": 90.5}, {"west": -180.5}],
)
async def test_a_window_that_is_none_is_refused(town: tuple[Asker, Any], turned: dict[str, float]) -> None:
    ask, _ = town
    assert await ask.refused(PINS, box={**BOX, **turned}) == ("BAD_USER_INPUT", None)


async def test_the_sheet_counts_what_is_open(town: tuple[Asker, Any]) -> None:
    ask, _ = town
    document = "{ compounds(first: 2) { nodes { sheet { openFindings openComplaints } } } }"
    nodes = (await ask.data(document))["compounds"]["nodes"]
    assert [each["sheet"] for each in nodes] == [
        {"openFindings": 2, "openComplaints": 2},
        {"openFindings": 0, "openComplaints": 0},
    ]
    past = '{ compounds(first: 1) { nodes { sheet(asOf: {knownAt: "2026-07-01T00:00:00Z"}) { openFindings } } } }'
    assert (await ask.data(past))["compounds"]["nodes"] == [{"sheet": {"openFindings": 0}}]
