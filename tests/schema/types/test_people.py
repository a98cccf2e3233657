"""Persons: their role, employer, appointments, and the staff of a company."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest_asyncio

from api.database import Database
from schema import ids, tables
from schema.directives import Role
from schema.viewer import Viewer
from tests.asking import Asker, asker
from tests.factories import MOMENT, founded

Placed = tuple[Asker, dict[str, UUID]]


@pytest_asyncio.fixture(scope="module")
async def staffed(database: Database) -> AsyncIterator[Placed]:
    """A manager who moved from one company to another, an inspector, a trainee, and a compound run by the manager."""
    world = await founded(database)
    street = world.street()
    area = (street, world.community(street))
    first, second = world.company(name="甲物业"), world.company(name="乙物业")
    manager, inspector, trainee, driver = (world.add(tables.Person) for _ in range(4))
    await world.save()
    await world.supersede(tables.Person, inspector, MOMENT.replace(hour=2), organisation="岳塘区住建局")
    old = {"person_id": manager, "role": "PROJECT_MANAGER", "manager_no": "JL1", "certificate_no": "Z1"}
    world.add(tables.Employment, **old, company_id=first, valid_from=date(2025, 1, 1), valid_to=date(2026, 3, 1))
    world.add(tables.Employment, **old, company_id=second, valid_from=date(2026, 3, 1), filed_on=date(2026, 3, 5))
    world.add(tables.Employment, person_id=driver, role="STAFF", company_id=second, valid_from=date(2026, 1, 1))
    compound = world.compound(area, code="YT0001")
    here = {"street_id": area[0], "community_id": area[1], "compound_id": compound}
    engagement = world.add(tables.Engagement, company_id=second, manager_id=manager, **here)
    visit = world.add(tables.Inspection, inspector_id=inspector, company_id=second, **here)
    alone = world.add(tables.Inspection, company_id=second, **here)
    await world.save()
    yield (
        asker(world),
        {
            "manager": manager,
            "inspector": inspector,
            "trainee": trainee,
            "driver": driver,
            "engagement": engagement,
            "visit": visit,
            "alone": alone,
            "first": first,
            "second": second,
        },
    )


PERSON = """query($id: ID!, $asOf: AsOf) { node(id: $id) { ... on Person { role company(asOf: $asOf) { name }
    appointments { managerNo certificateNo certificateUntil appointedOn filedOn leftOn company { name } } } } }"""


async def test_a_manager_has_appointments_newest_first_and_the_employer_of_the_day(staffed: Placed) -> None:
    ask, known = staffed
    node = (await ask.data(PERSON, id=ids.encode("Pe", known["manager"])))["node"]
    assert node == {
        "role": "PROJECT_MANAGER",
        "company": {"name": "乙物业"},
        "appointments": [
            {
                "managerNo": "JL1",
                "certificateNo": "Z1",
                "certificateUntil": None,
                "appointedOn": "2026-03-01",
                "filedOn": "2026-03-05",
                "leftOn": None,
                "company": {"name": "乙物业"},
            },
            {
                "managerNo": "JL1",
                "certificateNo": "Z1",
                "certificateUntil": None,
                "appointedOn": "2025-01-01",
                "filedOn": None,
                "leftOn": "2026-03-01",
                "company": {"name": "甲物业"},
            },
        ],
    }
    then = {"validAt": "2026-02-28T12:00:00+08:00"}
    node = (await ask.data(PERSON, id=ids.encode("Pe", known["manager"]), asOf=then))["node"]
    assert node["company"] == {"name": "甲物业"}


async def test_who_has_no_term_is_told_by_the_body(staffed: Placed) -> None:
    ask, known = staffed
    found = {
        name: (await ask.data(PERSON, id=ids.encode("Pe", known[name])))["node"]
        for name in ("inspector", "trainee", "driver")
    }
    assert {name: node["role"] for name, node in found.items()} == {
        "inspector": "INSPECTOR",
        "trainee": "STAFF",
        "driver": "STAFF",
    }
    assert {name: node["appointments"] for name, node in found.items()} == {
        "inspector": [],
        "trainee": [],
        "driver": [],
    }
    assert found["inspector"]["company"] is None


async def test_staff_of_a_company_are_those_employed_now(staffed: Placed) -> None:
    ask, known = staffed
    document = """query($id: ID!, $roles: [PersonRole!]) { company(by: {id: $id}) {
        people(first: 10, roles: $roles) { totalCount nodes { id } } } }"""

    async def staff(company: str, roles: list[str] | None = None) -> set[str]:
        page = (await ask.data(document, id=ids.encode("Co", known[company]), roles=roles))["company"]["people"]
        assert page["totalCount"] == len(page["nodes"])
        return {each["id"] for each in page["nodes"]}

    manager, driver = (ids.encode("Pe", known[name]) for name in ("manager", "driver"))
    assert await staff("second") == {manager, driver}
    assert await staff("second", ["PROJECT_MANAGER"]) == {manager}
    assert await staff("second", []) == set()
    assert await staff("first") == set()


async def test_the_manager_of_a_compound_and_the_inspectors_of_a_visit(staffed: Placed) -> None:
    ask, known = staffed
    document = "query($id: ID!) { node(id: $id) { ... on Engagement { manager { id } } } }"
    node = (await ask.data(document, id=ids.encode("En", known["engagement"])))["node"]
    assert node == {"manager": {"id": ids.encode("Pe", known["manager"])}}
    visits = "query($ids: [ID!]) { inspections(first: 5, filter: {ids: $ids}) { nodes { inspectors { id } } } }"
    nodes = (await ask.data(visits, ids=[ids.encode("In", known[name]) for name in ("visit", "alone")]))["inspections"]
    assert sorted(nodes["nodes"], key=str) == [
        {"inspectors": []},
        {"inspectors": [{"id": ids.encode("Pe", known["inspector"])}]},
    ]


async def test_an_inspector_finds_its_own_visits(staffed: Placed) -> None:
    ask, known = staffed
    document = "query($mine: Boolean) { inspections(first: 5, filter: {mine: $mine}) { nodes { id } } }"

    async def found(person: UUID | None, *, mine: bool | None) -> set[str]:
        viewer = Viewer(ask.source.district_id, frozenset({Role.PUBLIC, Role.BUREAU_ADMIN}), person_id=person)
        nodes = (await Asker(ask.source, viewer=viewer).data(document, mine=mine))["inspections"]["nodes"]
        return {each["id"] for each in nodes}

    own, other = (ids.encode("In", known[name]) for name in ("visit", "alone"))
    assert await found(known["inspector"], mine=True) == {own}
    assert await found(known["inspector"], mine=False) == {other}
    assert await found(known["manager"], mine=True) == set()
    assert await found(None, mine=True) == set()
    assert await found(None, mine=None) == {own, other}
