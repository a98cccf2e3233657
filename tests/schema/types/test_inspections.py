"""Visits and findings: what they show, in which order, and which are wanted."""

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
    here = {"street_id": area[0], "community_id": area[1]}
    compound, company = world.compound(area, code="YT0001"), world.company(name="甲物业")
    visit = {**here, "compound_id": compound}
    late = world.add(tables.Inspection, **visit, number="XC2", inspected_on=date(2026, 5, 2), body_kind="THIRD_PARTY")
    early = world.add(tables.Inspection, **visit, company_id=company, number="XC1", inspected_on=date(2026, 3, 31))
    world.add(tables.Inspection, **visit, number="XC3", inspected_on=date(2026, 5, 2), state="VOIDED")
    found = {**visit, "inspection_id": early, "company_id": company}
    item = world.add(tables.ChecklistItem, code="JC0101")
    first = world.add(
        tables.Finding,
        **found,
        item_id=item,
        item_code="JC0101",
        number="WT1",
        severity="LIFE_SAFETY",
        occurrences=3,
        recorded_points=Decimal("4.50"),
        found_on=date(2026, 3, 31),
        rectify_by=date(2026, 4, 14),
        repeat=True,
    )
    world.add(
        tables.Finding,
        **found,
        item_id=item,
        number="WT2",
        rectify_by=date(2026, 4, 10),
        rectified_on=date(2026, 4, 13),
        state="VERIFIED",
    )
    world.add(tables.Finding, **found, item_id=item, number="WT3", rectify_by=date(2026, 7, 20))
    world.add(tables.Finding, **{**found, "inspection_id": late}, item_id=item, number="WT4", state="WAIVED")
    spring = world.add(
        tables.Cycle,
        rulebook_id=world.add(tables.Rulebook),
        label="2026-Q1",
        kind="QUARTER",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 3, 31),
    )
    await world.save()
    records = {"compound": compound, "early": early, "late": late, "first": first, "cycle": spring, "company": company}
    yield asker(world), {**records, "street": street}


async def test_visits_come_by_day_with_what_they_show(place: Placed) -> None:
    document = """{ inspections(first: 10) { totalCount nodes {
        number state bodyKind startedAt version compound { code } company { name }
        findings(first: 10) { totalCount nodes { number } } } } }"""
    found = (await place[0].data(document))["inspections"]
    assert [each["number"] for each in found["nodes"]] == ["XC1", "XC2", "XC3"]
    assert found["totalCount"] == 3
    assert found["nodes"][0] == {
        "number": "XC1",
        "state": "LOCKED",
        "bodyKind": "BUREAU",
        "startedAt": "2026-03-30T16:00:00.000Z",
        "version": 1,
        "compound": {"code": "YT0001"},
        "company": {"name": "甲物业"},
        "findings": {"totalCount": 3, "nodes": [{"number": "WT2"}, {"number": "WT1"}, {"number": "WT3"}]},
    }
    assert found["nodes"][1]["company"] is None


async def test_a_finding_shows_what_was_found(place: Placed) -> None:
    document = """query($id: ID!) { node(id: $id) { __typename ... on Finding {
        id number itemCode severity place occurrences recordedPoints state occurredAt rectifyBy rectifiedOn overdueDays
        repeat inspection { number } compound { code } company { name } } } }"""
    global_id = ids.encode("Fi", place[1]["first"])
    assert (await place[0].data(document, id=global_id))["node"] == {
        "__typename": "Finding",
        "id": global_id,
        "number": "WT1",
        "itemCode": "JC0101",
        "severity": "LIFE_SAFETY",
        "place": "COMMON",
        "occurrences": 3,
        "recordedPoints": "4.5",
        "state": "OPEN",
        "occurredAt": "2026-03-30T16:00:00.000Z",
        "rectifyBy": "2026-04-14",
        "rectifiedOn": None,
        "overdueDays": 97,
        "repeat": True,
        "inspection": {"number": "XC1"},
        "compound": {"code": "YT0001"},
        "company": {"name": "甲物业"},
    }


async def test_days_past_the_deadline(place: Placed) -> None:
    found = (await place[0].data("{ findings(first: 10) { nodes { number overdueDays } } }"))["findings"]["nodes"]
    assert {each["number"]: each["overdueDays"] for each in found} == {"WT1": 97, "WT2": 3, "WT3": 0, "WT4": 0}


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ({}, ["WT4", "WT2", "WT1", "WT3"]),
        ({"states": ["OPEN"]}, ["WT1", "WT3"]),
        ({"severities": ["LIFE_SAFETY", "SEVERE"]}, ["WT1"]),
        ({"overdue": True}, ["WT1"]),
        ({"overdue": False}, ["WT4", "WT2", "WT3"]),
        ({"cycleId": "cycle"}, ["WT4", "WT2", "WT1", "WT3"]),
        ({"compoundIds": ["compound"]}, ["WT4", "WT2", "WT1", "WT3"]),
        ({"compoundIds": ["company"]}, []),
        ({"compoundIds": []}, []),
        ({"states": ["OPEN"], "overdue": False}, ["WT3"]),
    ],
)
async def test_findings_wanted(place: Placed, condition: dict[str, Any], numbers: list[str]) -> None:
    ask, records = place
    given = {name: _ids(value, records) if "Id" in name else value for name, value in condition.items()}
    document = "query($f: FindingFilter) { findings(first: 10, filter: $f) { totalCount nodes { number } } }"
    found = (await ask.data(document, f=given))["findings"]
    assert ([each["number"] for each in found["nodes"]], found["totalCount"]) == (numbers, len(numbers))


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ({"cycleId": "cycle"}, ["XC1"]),
        ({"cycleId": "company"}, []),
        ({"states": ["VOIDED"]}, ["XC3"]),
        ({"ids": ["late", "early"]}, ["XC1", "XC2"]),
        ({"areaIds": ["street"]}, ["XC1", "XC2", "XC3"]),
        ({"areaIds": ["compound"]}, []),
    ],
)
async def test_visits_wanted(place: Placed, condition: dict[str, Any], numbers: list[str]) -> None:
    ask, records = place
    given = {name: _ids(value, records) if "d" in name[-3:] else value for name, value in condition.items()}
    document = """query($f: InspectionFilter) { inspections(first: 10, filter: $f) { nodes { number } }
        compound(by: {code: "YT0001"}) { inspections(first: 10, filter: $f) { totalCount } } }"""
    found = await ask.data(document, f=given)
    assert [each["number"] for each in found["inspections"]["nodes"]] == numbers
    assert found["compound"]["inspections"]["totalCount"] == len(numbers)


def _ids(value: str | list[str], records: dict[str, UUID]) -> str | list[str]:
    if isinstance(value, list):
        return [ids.encode("Xx", records[each]) for each in value]
    return ids.encode("Xx", records[value])
