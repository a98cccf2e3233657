"""Coverage counts: each compound once, three ways, all adding up."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import founded

COVERAGE = """
query($area: ID, $asOf: AsOf) { coverage(areaId: $area, asOf: $asOf) {
  validAt total covered rate byForm { form total covered } byRegime { regime total covered }
  byArea { area { code } total covered rate } } }
"""


@pytest_asyncio.fixture(scope="module")
async def place(database: Database) -> AsyncIterator[tuple[Asker, dict[str, UUID]]]:
    world = await founded(database)
    first, second, empty = (world.street(code=f"43039900{n}") for n in (1, 2, 3))
    here, there = world.community(first, code="430399001001"), world.community(second, code="430399002001")
    service = {"regime": "SERVICE_CONTRACT"}
    world.compound((first, here), service)
    world.compound((first, here), {**service, "covered": False})
    world.compound((second, there), {"form": "COMMUNITY_RUN", "covered": False})
    late = world.compound((second, there), {"valid_from": date(2026, 1, 1)})
    world.add(tables.Compound, street_id=second, community_id=there)
    district = world.add(tables.Area, code="430399", name="岳塘区", level="DISTRICT")
    await world.save()
    other = await founded(database, "430400")
    stranger = other.street(code="430400001")
    other.compound((stranger, stranger))
    await other.save()
    places = {"first": first, "second": second, "empty": empty, "there": there, "late": late, "stranger": stranger}
    places["district"] = district
    yield asker(world), places


async def test_the_district_is_counted_three_ways(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, _ = place
    answer = await ask.answer(COVERAGE)
    assert answer.data["coverage"] == {
        "validAt": "2026-07-20T04:00:00.000Z",
        "total": 5,
        "covered": 2,
        "rate": "0.4",
        "byForm": [
            {"form": "PROPERTY_COMPANY", "total": 3, "covered": 2},
            {"form": "COMMUNITY_RUN", "total": 1, "covered": 0},
            {"form": None, "total": 1, "covered": 0},
        ],
        "byRegime": [
            {"regime": None, "total": 3, "covered": 1},
            {"regime": "SERVICE_CONTRACT", "total": 2, "covered": 1},
        ],
        "byArea": [
            {"area": {"code": "430399001"}, "total": 2, "covered": 1, "rate": "0.5"},
            {"area": {"code": "430399002"}, "total": 3, "covered": 1, "rate": "0.3333"},
            {"area": {"code": "430399003"}, "total": 0, "covered": 0, "rate": "0"},
        ],
    }
    assert len(answer.statements) == 1


async def test_a_street_is_counted_by_community(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, places = place
    coverage = (await ask.data(COVERAGE, area=ids.encode("Aa", places["second"])))["coverage"]
    assert (coverage["total"], coverage["covered"], coverage["rate"]) == (3, 1, "0.3333")
    assert coverage["byArea"] == [{"area": {"code": "430399002001"}, "total": 3, "covered": 1, "rate": "0.3333"}]


async def test_a_community_is_counted_by_itself(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, places = place
    coverage = (await ask.data(COVERAGE, area=ids.encode("Aa", places["there"])))["coverage"]
    assert coverage["byArea"] == [{"area": {"code": "430399002001"}, "total": 3, "covered": 1, "rate": "0.3333"}]


@pytest.mark.parametrize("name", ["stranger", "late"])
async def test_what_is_no_area_of_the_district_is_refused(place: tuple[Asker, dict[str, UUID]], name: str) -> None:
    ask, places = place
    assert await ask.refused(COVERAGE, area=ids.encode("Aa", places[name])) == ("BAD_USER_INPUT", None)


async def test_the_district_as_an_area_is_the_whole_district(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, places = place
    whole = (await ask.data(COVERAGE))["coverage"]
    assert (await ask.data(COVERAGE, area=ids.encode("Aa", places["district"])))["coverage"] == whole


async def test_where_there_is_nothing_the_counts_are_empty(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, places = place
    coverage = (await ask.data(COVERAGE, area=ids.encode("Aa", places["empty"])))["coverage"]
    assert (coverage["total"], coverage["covered"], coverage["rate"]) == (0, 0, "0")
    assert (coverage["byForm"], coverage["byRegime"], coverage["byArea"]) == ([], [], [])


async def test_another_day_counts_what_held_then(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, _ = place
    coverage = (await ask.data(COVERAGE, asOf={"validAt": "2025-12-31T15:59:59Z"}))["coverage"]
    assert (coverage["validAt"], coverage["total"], coverage["covered"]) == ("2025-12-31T15:59:59.000Z", 5, 1)


async def test_before_anything_was_recorded_nothing_is_counted(place: tuple[Asker, dict[str, UUID]]) -> None:
    ask, _ = place
    coverage = (await ask.data(COVERAGE, asOf={"knownAt": "2026-07-11T01:00:00Z"}))["coverage"]
    assert (coverage["total"], coverage["byArea"]) == (0, [])


@pytest.mark.parametrize(
    ("area", "as_of"), [("4303", None), (None, {"knownAt": "2026-07-20T04:00:00.001Z"}), (None, {"validAt": "2026"})]
)
async def test_a_wrong_question_is_refused(
    place: tuple[Asker, dict[str, UUID]], area: str | None, as_of: dict[str, str] | None
) -> None:
    answer = await place[0].answer(COVERAGE, area=area, asOf=as_of)
    assert (answer.data, len(answer.errors), answer.statements) == (None, 1, ())
