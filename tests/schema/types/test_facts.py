"""Facts that move points, by id."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import founded

Placed = tuple[Asker, dict[str, UUID]]


@pytest_asyncio.fixture(scope="module")
async def place(database: Database) -> AsyncIterator[Placed]:
    world = await founded(database)
    street = world.street()
    area = (street, world.community(street))
    compound, company = world.compound(area, code="YT0001"), world.company(name="甲物业")
    here = {"street_id": area[0], "community_id": area[1], "compound_id": compound, "company_id": company}
    first = world.add(tables.Complaint, external_ref="GD1", callback="SATISFIED", item_code="A01", **here)
    again = world.add(
        tables.Complaint,
        external_ref="GD2",
        kind="REQUEST",
        callback="DISSATISFIED",
        received_on=date(2026, 3, 2),
        closed_on=date(2026, 3, 9),
        duplicate_of_id=first,
    )
    uncalled = world.add(tables.Complaint, external_ref="GD3")
    session, person = world.add(tables.TrainingSession), world.add(tables.Person)
    facts = {
        "Complaint": again,
        "Mediation": world.add(
            tables.Mediation,
            number="TJ1",
            kind="PRE_LITIGATION",
            closed_on=date(2026, 3, 20),
            succeeded=True,
            amount_fen=30_000_000,
            arrears_recovered_fen=5,
            **here,
        ),
        "FeePeriod": world.add(tables.FeePeriod, period="2025-H2", **here),
        "SurveyRound": world.add(tables.SurveyRound, number="CP1", **here),
        "CreditItem": world.add(
            tables.CreditItem, number="XY1", issuer="区住建局", points=Decimal("-3.50"), company_id=company
        ),
        "Enrollment": world.add(
            tables.Enrollment,
            session_id=session,
            company_id=company,
            person_id=person,
            manager_no="JL1",
            minutes_present=540,
            exam_score=Decimal("59.5"),
            resit_score=Decimal("60.0"),
        ),
    }
    await world.save()
    yield asker(world), {**facts, "first": first, "uncalled": uncalled}


TAGS = {
    "Complaint": "Cm",
    "Mediation": "Me",
    "FeePeriod": "Fe",
    "SurveyRound": "Su",
    "CreditItem": "Cr",
    "Enrollment": "Er",
}


@pytest.mark.parametrize(
    ("name", "fields", "shown"),
    [
        (
            "Complaint",
            "externalRef channel kind itemCode state occurredAt receivedAt closedAt responded satisfied"
            " compound { code } company { name } duplicateOf { externalRef satisfied itemCode compound { code } }",
            {
                "externalRef": "GD2",
                "channel": "HOTLINE_12345",
                "kind": "REQUEST",
                "itemCode": None,
                "state": "CLOSED",
                "occurredAt": "2026-03-01T16:00:00.000Z",
                "receivedAt": "2026-03-01T16:00:00.000Z",
                "closedAt": "2026-03-08T16:00:00.000Z",
                "responded": True,
                "satisfied": False,
                "compound": None,
                "company": None,
                "duplicateOf": {
                    "externalRef": "GD1",
                    "satisfied": True,
                    "itemCode": "A01",
                    "compound": {"code": "YT0001"},
                },
            },
        ),
        (
            "Mediation",
            "number kind heldOn succeeded amount arrearsRecovered company { name }",
            {
                "number": "TJ1",
                "kind": "PRE_LITIGATION",
                "heldOn": "2026-03-20",
                "succeeded": True,
                "amount": "300000.00",
                "arrearsRecovered": "0.05",
                "company": {"name": "甲物业"},
            },
        ),
        (
            "FeePeriod",
            "range { from to } receivable collected compound { code } company { name }",
            {
                "range": {"from": "2025-07-01", "to": "2025-12-31"},
                "receivable": "100.00",
                "collected": "99.99",
                "compound": {"code": "YT0001"},
                "company": {"name": "甲物业"},
            },
        ),
        (
            "SurveyRound",
            "number heldOn sample responses score",
            {"number": "CP1", "heldOn": "2026-05-01", "sample": 100, "responses": 40, "score": "81.5"},
        ),
        (
            "CreditItem",
            "number kind issuer determinedOn revokedOn recordedPoints",
            {
                "number": "XY1",
                "kind": "BAD",
                "issuer": "区住建局",
                "determinedOn": "2026-04-01",
                "revokedOn": None,
                "recordedPoints": "-3.5",
            },
        ),
        (
            "Enrollment",
            "version managerNo state minutesPresent examScore resitScore",
            {
                "version": 1,
                "managerNo": "JL1",
                "state": "CONFIRMED",
                "minutesPresent": 540,
                "examScore": "59.5",
                "resitScore": "60",
            },
        ),
    ],
)
async def test_a_fact_shows_what_is_known_of_it(place: Placed, name: str, fields: str, shown: dict[str, Any]) -> None:
    ask, facts = place
    document = f"query($id: ID!) {{ node(id: $id) {{ __typename id ... on {name} {{ {fields} }} }} }}"
    global_id = ids.encode(TAGS[name], facts[name])
    assert (await ask.data(document, id=global_id))["node"] == {"__typename": name, "id": global_id, **shown}


async def test_who_was_not_called_back_said_nothing(place: Placed) -> None:
    document = "query($id: ID!) { node(id: $id) { ... on Complaint { responded satisfied closedAt } } }"
    data = await place[0].data(document, id=ids.encode("Cm", place[1]["uncalled"]))
    assert data["node"] == {"responded": False, "satisfied": None, "closedAt": None}


async def test_a_record_under_another_type_is_unknown(place: Placed) -> None:
    document = (
        "query($a: ID!, $b: ID!, $c: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } c: node(id: $c) { id } }"
    )
    complaint = place[1]["Complaint"]
    given = {"a": ids.encode("Me", complaint), "b": ids.encode("Zz", complaint), "c": ids.encode("Cm", UUID(int=7))}
    answer = await place[0].answer(document, **given)
    assert (answer.data, answer.errors) == ({"a": None, "b": None, "c": None}, ())


async def test_a_malformed_id_is_refused(place: Placed) -> None:
    assert await place[0].refused('{ node(id: "1") { id } }') == ("BAD_USER_INPUT", None)
