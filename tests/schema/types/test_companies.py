"""Companies, their standing, and the compounds they hold, as they are and as they were known."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import MOMENT, World, founded

CORRECTED = datetime(2026, 7, 15, tzinfo=UTC)
DETAILS = """
query($uscc: String!) { company(by: {uscc: $uscc}) {
  id version uscc name registeredOn filedOn standing { kind ground validity { from to recordedAt supersededAt } } } }
"""
HELD = """
query($uscc: String!, $asOf: AsOf, $activeOnly: Boolean = true) { company(by: {uscc: $uscc}) {
  engagements(first: 10, asOf: $asOf, activeOnly: $activeOnly) {
    totalCount
    nodes { kind state ground contractNo contractEndsOn endedOn feePerSquareMetre validity { from to }
      company { uscc } compound { code } bundle { code } } } } }
"""


@dataclass(frozen=True)
class Place:
    """A district with one company, two of its engagements, and somebody who asks."""

    world: World
    ask: Asker
    company: UUID
    compound: UUID


@pytest_asyncio.fixture(scope="module")
async def place(database: Database) -> AsyncIterator[Place]:
    world = await founded(database)
    street = world.street()
    here = (street, world.community(street))
    area = {"street_id": here[0], "community_id": here[1]}
    compound, former = world.compound(here, code="YT0001"), world.compound(here, code="YT0002")
    company = world.company(
        uscc="914303990000000001",
        name="甲物业",
        registered_on=date(2002, 3, 27),
        filing={"filed_on": date(2002, 8, 5)},
        standing={"valid_from": date(2002, 3, 27), "valid_to": date(2026, 7, 1)},
    )
    world.add(tables.Standing, company_id=company, kind="WATCH", ground="ACT", valid_from=date(2026, 7, 1))
    bundle = world.add(tables.Bundle, code="LP01")
    world.add(
        tables.Engagement,
        company_id=company,
        compound_id=compound,
        **area,
        bundle_id=bundle,
        contract_no="HT1",
        kind="TRUSTEESHIP",
        valid_from=date(2025, 5, 29),
        contract_ends_on=date(2026, 5, 28),
        fee_fen_per_square_metre=Decimal("125.5000"),
    )
    world.add(
        tables.Engagement,
        company_id=company,
        compound_id=former,
        **area,
        contract_no="HT2",
        state="ENDED",
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 1, 1),
        ended_on=date(2025, 12, 31),
    )
    await world.save()
    yield Place(world, asker(world), company, compound)


async def test_a_company_shows_what_is_known_of_it(place: Place) -> None:
    data = await place.ask.data(DETAILS, uscc="914303990000000001")
    assert data["company"] == {
        "id": ids.encode("Co", place.company),
        "version": 1,
        "uscc": "914303990000000001",
        "name": "甲物业",
        "registeredOn": "2002-03-27",
        "filedOn": "2002-08-05",
        "standing": {
            "kind": "WATCH",
            "ground": "ACT",
            "validity": {
                "from": "2026-06-30T16:00:00.000Z",
                "to": None,
                "recordedAt": "2026-07-11T01:02:03.456Z",
                "supersededAt": None,
            },
        },
    }


async def test_an_unknown_company_is_null(place: Place) -> None:
    assert await place.ask.data(DETAILS, uscc="914303990000000009") == {"company": None}


async def test_a_company_that_has_not_filed_here_is_null_by_every_path(place: Place) -> None:
    company = place.world.add(tables.Company, uscc="914303990000000007")
    await place.world.save()
    document = """query($id: ID!) {
        company(by: {id: $id}) { name } node(id: $id) { id } companies(first: 100) { nodes { uscc } } }"""
    data = await place.ask.data(document, id=ids.encode("Co", company))
    assert data == {"company": None, "node": None, "companies": {"nodes": [{"uscc": "914303990000000001"}]}}


@pytest.mark.parametrize(
    ("valid_at", "kind"),
    [
        ("2002-03-27T00:00:00+08:00", "ADMITTED"),
        ("2026-06-30T23:59:59.999+08:00", "ADMITTED"),
        ("2026-06-30T16:00:00Z", "WATCH"),
        ("2030-01-01T00:00:00Z", "WATCH"),
    ],
)
async def test_standing_is_that_of_the_day_in_shanghai(place: Place, valid_at: str, kind: str) -> None:
    document = "query($at: DateTime) { companies(first: 1) { nodes { standing(asOf: {validAt: $at}) { kind } } } }"
    data = await place.ask.data(document, at=valid_at)
    assert data["companies"]["nodes"] == [{"standing": {"kind": kind}}]


@pytest.mark.parametrize(
    "as_of",
    [
        {"validAt": "2002-03-26T23:59:59+08:00"},
        {"knownAt": "2026-07-11T01:02:03.455Z"},
        {"knownAt": "2026-07-20T04:00:00.001Z"},
    ],
)
async def test_a_moment_of_which_nothing_is_known_is_refused(place: Place, as_of: dict[str, str]) -> None:
    document = "query($asOf: AsOf) { companies(first: 1) { nodes { standing(asOf: $asOf) { kind } } } }"
    assert await place.ask.refused(document, asOf=as_of) == ("BAD_USER_INPUT", None)


async def test_only_running_engagements_unless_all_are_asked_for(place: Place) -> None:
    running = await place.ask.data(HELD, uscc="914303990000000001")
    assert running["company"]["engagements"] == {
        "totalCount": 1,
        "nodes": [
            {
                "kind": "TRUSTEESHIP",
                "state": "ACTIVE",
                "ground": "IMPORTED",
                "contractNo": "HT1",
                "contractEndsOn": "2026-05-28",
                "endedOn": None,
                "feePerSquareMetre": "1.255",
                "validity": {"from": "2025-05-28T16:00:00.000Z", "to": None},
                "company": {"uscc": "914303990000000001"},
                "compound": {"code": "YT0001"},
                "bundle": {"code": "LP01"},
            }
        ],
    }
    every = await place.ask.data(HELD, uscc="914303990000000001", activeOnly=False)
    ended = every["company"]["engagements"]["nodes"][1]
    assert every["company"]["engagements"]["totalCount"] == 2
    assert (ended["contractNo"], ended["endedOn"], ended["validity"]["to"]) == (
        "HT2",
        "2025-12-31",
        "2025-12-31T16:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("valid_at", "numbers"),
    [
        ("2024-12-31T23:00:00+08:00", []),
        ("2025-01-01T00:00:00+08:00", ["HT2"]),
        ("2025-12-31T12:00:00+08:00", ["HT1", "HT2"]),
        ("2026-01-01T00:00:00+08:00", ["HT1"]),
    ],
)
async def test_engagements_of_another_day(place: Place, valid_at: str, numbers: list[str]) -> None:
    data = await place.ask.data(HELD, uscc="914303990000000001", asOf={"validAt": valid_at})
    assert [each["contractNo"] for each in data["company"]["engagements"]["nodes"]] == numbers


async def test_what_was_known_before_a_correction_can_still_be_asked(fresh_database: Database) -> None:
    world = await founded(fresh_database)
    street = world.street()
    place = (street, world.community(street))
    compound, company = world.compound(place), world.company(uscc="914303990000000002", name="旧名")
    area = {"street_id": place[0], "community_id": place[1]}
    engagement = world.add(tables.Engagement, company_id=company, compound_id=compound, **area)
    (standing,) = [each.id for each in world.waiting if isinstance(each, tables.Standing)]
    await world.save()
    await world.supersede(tables.Company, company, CORRECTED, name="新名")
    await world.supersede(tables.Standing, standing, CORRECTED, kind="RESTRICTED")
    await world.supersede(tables.Engagement, engagement, CORRECTED, valid_to=date(2026, 7, 1), state="ENDED")
    document = """
        query($then: DateTime!) { companies(first: 5) { totalCount nodes {
          name version now: standing { kind } then: standing(asOf: {knownAt: $then}) { kind validity { supersededAt } }
          held: engagements(first: 5) { totalCount }
          knownHeld: engagements(first: 5, asOf: {knownAt: $then}) { totalCount nodes { version state } } } } }"""
    data = await asker(world).data(document, then=MOMENT.isoformat())
    assert data["companies"] == {
        "totalCount": 1,
        "nodes": [
            {
                "name": "新名",
                "version": 2,
                "now": {"kind": "RESTRICTED"},
                "then": {"kind": "ADMITTED", "validity": {"supersededAt": "2026-07-15T00:00:00.000Z"}},
                "held": {"totalCount": 0},
                "knownHeld": {"totalCount": 1, "nodes": [{"version": 1, "state": "ACTIVE"}]},
            }
        ],
    }


async def test_companies_by_what_stands_against_them(fresh_database: Database) -> None:
    """By cases of twelve months, by overdue findings, by the last change of standing; ties by id, from the end."""
    world = await founded(fresh_database)
    street = world.street()
    area = (street, world.community(street))
    compound = world.compound(area)
    here = {"street_id": area[0], "community_id": area[1], "compound_id": compound}
    visit, item = world.add(tables.Inspection, **here), world.add(tables.ChecklistItem)
    names = {name: world.company(name=name) for name in ("甲", "乙", "丙")}
    for name, day, state in (
        ("甲", date(2026, 7, 1), "CLOSED"),
        ("甲", date(2025, 7, 20), "CLOSED"),
        ("乙", date(2025, 7, 21), "CLOSED"),
        ("乙", date(2026, 7, 2), "RECEIVED"),
        ("丙", date(2026, 7, 2), "DUPLICATE"),
    ):
        world.add(tables.Complaint, company_id=names[name], received_on=day, state=state)
    for name, due, state in (
        ("甲", date(2026, 7, 20), "OPEN"),
        ("丙", date(2026, 7, 19), "OPEN"),
        ("乙", date(2026, 7, 1), "VERIFIED"),
    ):
        world.add(
            tables.Finding,
            company_id=names[name],
            inspection_id=visit,
            item_id=item,
            rectify_by=due,
            state=state,
            **here,
        )
    await world.save()
    standing = await world_standing(world, names["乙"])
    await world.supersede(tables.Standing, standing, MOMENT.replace(hour=2), valid_to=date(2026, 5, 1))
    world.add(tables.Standing, company_id=names["乙"], kind="WATCH", valid_from=date(2026, 5, 1))
    await world.save()
    document = "query($sort: CompanySort!) { companies(first: 5, sort: $sort) { nodes { name } } }"

    async def ordered(sort: str) -> list[str]:
        nodes = (await asker(world).data(document, sort=sort))["companies"]["nodes"]
        return [each["name"] for each in nodes]

    assert await ordered("COMPLAINTS_DESC") == ["乙", "甲", "丙"]
    assert await ordered("OVERDUE_DESC") == ["丙", "乙", "甲"]
    assert await ordered("STANDING_SINCE_DESC") == ["乙", "丙", "甲"]


async def world_standing(world: World, company: UUID) -> UUID:
    """The record of a company's standing."""
    async with world.database.reading_everything() as connection:
        raw = await world.database.driver(connection)
        found: UUID = await raw.fetchval("SELECT id FROM standing WHERE company_id = $1", company)
    return found
