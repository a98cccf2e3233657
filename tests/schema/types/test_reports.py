"""Figures of a period, worked out by hand for a small district."""

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
REPORT = """complaints { total duplicates closed closureRate responseRate satisfactionRate per1000Households
    medianHoursToClose byCategory { category { code label } count previous } }
  mediations { preLitigationSucceeded oralSucceeded failed amount arrearsRecovered }
  fees { receivable collected rate arrears }"""
DISTRICT = f"query($range: DateRange!, $areaId: ID) {{ report(range: $range, areaId: $areaId) {{ {REPORT} }} }}"
QUARTER = {"from": "2026-04-01", "to": "2026-06-30"}
HALF = {"from": "2026-01-01", "to": "2026-06-30"}


@pytest_asyncio.fixture(scope="module")
async def district(database: Database) -> AsyncIterator[Placed]:
    """Two streets with a compound of 400 and one of 100 households; the first is run by a company since 1 June."""
    world = await founded(database)
    streets = [world.street(), world.street()]
    areas = [(street, world.community(street)) for street in streets]
    compounds = [world.compound(area, households=size) for area, size in zip(areas, (400, 100), strict=True)]
    company = world.company(name="甲物业")
    here, there = (
        {"street_id": area[0], "community_id": area[1], "compound_id": compound}
        for area, compound in zip(areas, compounds, strict=True)
    )
    world.add(tables.Engagement, company_id=company, valid_from=date(2026, 6, 1), **here)
    lifts = world.add(tables.ComplaintCategory, code="01", label="电梯")
    noise = world.add(tables.ComplaintCategory, code="02", label="噪声")
    first = case(world, here, "2026-04-01", noise, closed="2026-04-03", callback="SATISFIED")
    case(world, here, "2026-06-30", lifts, closed="2026-07-01", callback="DISSATISFIED", company_id=company)
    case(world, there, "2026-05-05", lifts, closed="2026-05-09")
    case(world, here, "2026-05-06", lifts, state="DUPLICATE", duplicate_of_id=first)
    case(world, there, "2026-05-07", None, category_code="99")
    case(world, there, "2026-03-31", lifts, closed="2026-03-31")
    case(world, here, "2026-07-01", lifts)
    mediation(world, here, "2026-04-10", kind="PRE_LITIGATION", succeeded=True, amount_fen=30_000_000)
    mediation(world, here, "2026-04-11", kind="ORAL", succeeded=True, amount_fen=50, arrears_recovered_fen=1_234)
    mediation(world, there, "2026-06-30", kind="ORAL", succeeded=False, amount_fen=99, arrears_recovered_fen=1)
    mediation(world, there, "2026-07-01", kind="ORAL", succeeded=True, amount_fen=77)
    fee = {"company_id": company, "period": "2026-H1"}
    world.add(tables.FeePeriod, **here, **fee, receivable_fen=30_000, collected_fen=20_000)
    world.add(tables.FeePeriod, **there, **fee, receivable_fen=10_000, collected_fen=10_500)
    world.add(tables.FeePeriod, **here, **{**fee, "period": "2025-H2"}, receivable_fen=1, collected_fen=0)
    await world.save()
    yield (
        asker(world),
        {"street": streets[0], "compound": compounds[0], "company": company, "other": compounds[1]},
    )


def case(world: Any, place: dict[str, UUID], day: str, category: UUID | None, **more: Any) -> UUID:
    """A case received on a day."""
    closed = more.pop("closed", None)
    row = {
        "received_on": date.fromisoformat(day),
        "closed_on": closed and date.fromisoformat(closed),
        "category_id": category,
        "state": "CLOSED" if closed else "RECEIVED",
    }
    added: UUID = world.add(tables.Complaint, **place, **{**row, **more})
    return added


def mediation(world: Any, place: dict[str, UUID], closed: str, **more: Any) -> None:
    """A mediation that ended on a day."""
    world.add(tables.Mediation, **place, received_on=date(2026, 1, 1), closed_on=date.fromisoformat(closed), **more)


async def test_the_report_of_a_district(district: Placed) -> None:
    ask, _ = district
    report = (await ask.data(DISTRICT, range=QUARTER))["report"]
    assert report == {
        "complaints": {
            "total": 5,
            "duplicates": 1,
            "closed": 2,
            "closureRate": "0.5",
            "responseRate": "0.5",
            "satisfactionRate": "0.5",
            "per1000Households": "8",
            "medianHoursToClose": "72",
            "byCategory": [
                {"category": {"code": "01", "label": "电梯"}, "count": 2, "previous": 1},
                {"category": {"code": "02", "label": "噪声"}, "count": 1, "previous": 0},
                {"category": {"code": "UNMAPPED", "label": "未归类"}, "count": 1, "previous": 0},
            ],
        },
        "mediations": {
            "preLitigationSucceeded": 1,
            "oralSucceeded": 1,
            "failed": 1,
            "amount": "300000.50",
            "arrearsRecovered": "12.35",
        },
        "fees": None,
    }


async def test_fees_are_those_of_whole_half_years(district: Placed) -> None:
    ask, _ = district
    half = (await ask.data(DISTRICT, range=HALF))["report"]["fees"]
    assert half == {"receivable": "400.00", "collected": "305.00", "rate": "0.7625", "arrears": "100.00"}
    year = {"from": "2025-07-01", "to": "2026-06-30"}
    both = (await ask.data(DISTRICT, range=year))["report"]["fees"]
    assert both == {"receivable": "400.01", "collected": "305.00", "rate": "0.7625", "arrears": "100.01"}


async def test_the_report_of_a_street_leaves_others_out(district: Placed) -> None:
    ask, known = district
    report = (await ask.data(DISTRICT, range=QUARTER, areaId=ids.encode("Aa", known["street"])))["report"]
    figures = report["complaints"]
    assert (figures["total"], figures["duplicates"], figures["closed"]) == (3, 1, 1)
    assert figures["per1000Households"] == "5"
    assert (report["mediations"]["oralSucceeded"], report["mediations"]["failed"]) == (1, 0)


async def test_a_company_answers_for_the_days_it_was_in_charge(district: Placed) -> None:
    """400 households on 30 of 91 days."""
    ask, known = district
    document = (
        f"query($id: ID!, $range: DateRange!) {{ company(by: {{id: $id}}) {{ report(range: $range) {{ {REPORT} }} }} }}"
    )
    report = (await ask.data(document, id=ids.encode("Co", known["company"]), range=QUARTER))["company"]["report"]
    assert report["complaints"]["total"] == 1
    assert report["complaints"]["per1000Households"] == "7.5833"
    assert report["complaints"]["closureRate"] == "0"
    assert report["complaints"]["medianHoursToClose"] is None
    assert report["mediations"]["amount"] == "0.00"


async def test_reports_of_many_compounds_take_the_statements_of_one(district: Placed) -> None:
    ask, _ = district
    figures = f"report(range: $range) {{ {REPORT} }}"
    document = f"query($first: Int!, $range: DateRange!) {{ compounds(first: $first) {{ nodes {{ {figures} }} }} }}"
    one = await ask.answer(document, first=1, range=HALF)
    two = await ask.answer(document, first=2, range=HALF)
    assert (one.errors, two.errors) == ((), ())
    assert len(one.statements) == len(two.statements) == 7
    totals = [each["report"]["complaints"]["total"] for each in two.data["compounds"]["nodes"]]
    assert totals == [3, 3]


async def test_of_nothing_there_is_no_rate(district: Placed) -> None:
    ask, _ = district
    report = (await ask.data(DISTRICT, range={"from": "2020-01-01", "to": "2020-01-31"}))["report"]
    figures = report["complaints"]
    rates = ("closureRate", "responseRate", "satisfactionRate", "medianHoursToClose")
    assert [figures[name] for name in rates] == [None] * 4
    assert (figures["total"], figures["per1000Households"], figures["byCategory"], report["fees"]) == (0, "0", [], None)


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-04-01", "to": "2026-03-31"},
        {"from": "2021-04-01", "to": "2026-04-01"},
        {"from": "2026-02-30", "to": "2026-03-01"},
    ],
)
async def test_ranges_that_cannot_be_meant_are_refused(district: Placed, days: dict[str, str]) -> None:
    ask, _ = district
    answer = await ask.answer(DISTRICT, range=days)
    assert [code for code, _ in answer.codes] == ["BAD_USER_INPUT"]


async def test_five_years_less_a_day_are_allowed(district: Placed) -> None:
    ask, _ = district
    days = {"from": "2021-07-01", "to": "2026-06-30"}
    assert (await ask.data(DISTRICT, range=days))["report"]["complaints"]["total"] == 6


async def test_an_area_of_another_district_is_refused(district: Placed) -> None:
    ask, known = district
    foreign = ids.encode("Aa", known["company"])
    assert await ask.refused(DISTRICT, range=QUARTER, areaId=foreign) == ("BAD_USER_INPUT", None)
