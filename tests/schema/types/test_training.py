"""Training sessions, their seats and queues."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import founded

Placed = tuple[Asker, dict[str, UUID]]
STATES = ("CONFIRMED", "WAITLISTED", "CANCELLED", "PASSED", "WAITLISTED", "CONFIRMED")


@pytest_asyncio.fixture(scope="module")
async def trained(database: Database) -> AsyncIterator[Placed]:
    """A session with three of its two seats taken, and one with nobody."""
    world = await founded(database)
    company = world.company(name="甲物业")
    spring = world.add(tables.TrainingSession, seats=2, venue="三楼会议室")
    autumn = world.add(
        tables.TrainingSession, period="2026-H2", seats=5, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 1)
    )
    for day, state in enumerate(STATES, start=1):
        world.add(
            tables.Enrollment,
            session_id=spring,
            company_id=company,
            person_id=world.add(tables.Person),
            enrolled_on=date(2026, 3, day),
            state=state,
        )
    await world.save()
    yield asker(world), {"spring": spring, "autumn": autumn}


SESSIONS = """query($filter: SessionFilter) { trainingSessions(first: 5, filter: $filter) { totalCount nodes {
    id period startsAt endsAt venue seats seatsLeft waitlisted } } }"""


async def test_sessions_come_by_start_with_their_seats(trained: Placed) -> None:
    ask, known = trained
    page = (await ask.data(SESSIONS))["trainingSessions"]
    assert page["totalCount"] == 2
    assert page["nodes"] == [
        {
            "id": ids.encode("Ts", known["spring"]),
            "period": "2026-H1",
            "startsAt": "2026-03-31T16:00:00.000Z",
            "endsAt": "2026-04-02T16:00:00.000Z",
            "venue": "三楼会议室",
            "seats": 2,
            "seatsLeft": 0,
            "waitlisted": 2,
        },
        {
            "id": ids.encode("Ts", known["autumn"]),
            "period": "2026-H2",
            "startsAt": "2026-08-31T16:00:00.000Z",
            "endsAt": "2026-09-01T16:00:00.000Z",
            "venue": "",
            "seats": 5,
            "seatsLeft": 5,
            "waitlisted": 0,
        },
    ]


async def test_sessions_are_found_by_half_year_and_by_id(trained: Placed) -> None:
    ask, known = trained
    spring = ids.encode("Ts", known["spring"])
    by_id = (await ask.data(SESSIONS, filter={"ids": [spring]}))["trainingSessions"]["nodes"]
    by_half = (await ask.data(SESSIONS, filter={"period": "2026H1"}))["trainingSessions"]["nodes"]
    assert [each["id"] for each in by_id] == [each["id"] for each in by_half] == [spring]
    none = (await ask.data(SESSIONS, filter={"ids": [spring], "period": "2026-H2"}))["trainingSessions"]
    assert none == {"totalCount": 0, "nodes": []}


async def test_enrolments_come_in_the_order_of_the_queue(trained: Placed) -> None:
    ask, known = trained
    document = """query($id: ID!, $states: [EnrollmentState!]) { node(id: $id) { ... on TrainingSession {
        enrollments(first: 10, states: $states) { totalCount nodes {
            state waitlistPosition company { name } person { role } session { id } } } } } }"""
    spring = ids.encode("Ts", known["spring"])
    page = (await ask.data(document, id=spring))["node"]["enrollments"]
    assert [each["state"] for each in page["nodes"]] == list(STATES)
    assert [each["waitlistPosition"] for each in page["nodes"]] == [None, 1, None, None, 2, None]
    assert all(each["session"] == {"id": spring} for each in page["nodes"])
    assert all(each["person"] == {"role": "STAFF"} for each in page["nodes"])
    waiting = (await ask.data(document, id=spring, states=["WAITLISTED"]))["node"]["enrollments"]
    assert (waiting["totalCount"], [each["waitlistPosition"] for each in waiting["nodes"]]) == (2, [1, 2])
