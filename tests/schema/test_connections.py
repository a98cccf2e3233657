"""Pages: their union is what stood there at the first, whatever is written meanwhile; wrong positions are refused."""

import string
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.database import Database
from schema import tables
from tests.asking import Asker, asker
from tests.factories import World, founded

PAGE = """
query($first: Int!, $after: String, $filter: CompanyFilter, $sort: CompanySort! = NAME) {
  companies(first: $first, after: $after, filter: $filter, sort: $sort) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { name } edges { cursor node { name } } } }
"""
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.text(string.ascii_lowercase + " '%_\\0:|", min_size=1, max_size=6)


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    return await founded(database, code=f"{next(CODES):06}")


CODES = iter(range(500_000, 999_999))


def company(world: World, name: str) -> None:
    world.company(name=name, name_pinyin=name)


async def walk(ask: Asker, first: int, meanwhile: Any = None) -> list[str]:
    """The names on all pages; `meanwhile` happens after the first."""
    found: list[str] = []
    after = None
    while True:
        page = (await ask.data(PAGE, first=first, after=after))["companies"]
        assert page["nodes"] == [each["node"] for each in page["edges"]]
        assert len(page["nodes"]) <= first
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None and bool(found))
        found += [each["name"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        assert len(page["nodes"]) == first
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        after = page["pageInfo"]["endCursor"]
        if meanwhile:
            await meanwhile()
            meanwhile = None


@SLOW
@given(before=st.lists(NAMES, max_size=12), written=st.lists(NAMES, max_size=6), first=st.integers(1, 5))
async def test_pages_hold_each_row_of_the_first_moment_once(
    database: Database, before: list[str], written: list[str], first: int
) -> None:
    world = await founded(database, code=f"{next(CODES):06}")
    for name in before:
        company(world, f"old {name}")
    await world.save()

    async def write() -> None:
        for name in written:
            company(world, f"new {name}")
        await world.save()

    found = await walk(asker(world), first, write)
    assert [name for name in found if name.startswith("old")] == sorted(f"old {name}" for name in before)
    assert found == sorted(found)


async def test_ties_are_broken_so_that_no_row_is_lost(world: World) -> None:
    for _ in range(7):
        company(world, "same")
    await world.save()
    assert await walk(asker(world), 3) == ["same"] * 7


async def test_the_position_of_an_empty_page(world: World) -> None:
    page = (await asker(world).data(PAGE, first=5))["companies"]
    assert page == {
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "nodes": [],
        "edges": [],
    }


@pytest.mark.parametrize("first", [-1, 0, 101, 2_147_483_647])
async def test_a_page_size_out_of_range_is_refused_and_nothing_is_read(world: World, first: int) -> None:
    answer = await asker(world).answer(PAGE, first=first)
    assert (answer.data, answer.codes, answer.statements) == (None, [("BAD_USER_INPUT", None)], ())


async def test_the_largest_page(world: World) -> None:
    for number in range(101):
        company(world, f"{number:03}")
    await world.save()
    page = (await asker(world).data(PAGE, first=100))["companies"]
    assert (len(page["nodes"]), page["totalCount"], page["pageInfo"]["hasNextPage"]) == (100, 101, True)


@pytest_asyncio.fixture
async def cursor(world: World) -> tuple[World, str]:
    """A place in a list of companies by name."""
    for name in "abc":
        company(world, name)
    await world.save()
    page = (await asker(world).data(PAGE, first=1))["companies"]
    return world, page["pageInfo"]["endCursor"]


@pytest.mark.parametrize(
    "variables",
    [
        {"sort": "RANK"},
        {"filter": {"text": "ab"}},
        {"filter": {"standings": ["ADMITTED"]}},
        {"filter": {"standings": []}},
    ],
)
async def test_a_cursor_of_another_order_or_filter_is_refused(
    cursor: tuple[World, str], variables: dict[str, Any]
) -> None:
    world, after = cursor
    refusal = await asker(world).refused(PAGE, first=1, after=after, **variables)
    assert refusal == ("BAD_USER_INPUT", "INVALID_CURSOR")


@pytest.mark.parametrize(
    "variables", [{}, {"filter": None}, {"filter": {}}, {"filter": {"text": None}}, {"sort": "NAME"}]
)
async def test_asking_the_same_in_other_words_keeps_the_cursor(
    cursor: tuple[World, str], variables: dict[str, Any]
) -> None:
    world, after = cursor
    page = (await asker(world).data(PAGE, first=1, after=after, **variables))["companies"]
    assert page["nodes"] == [{"name": "b"}]


async def test_a_cursor_of_another_field_district_or_server_is_refused(cursor: tuple[World, str]) -> None:
    world, after = cursor
    invalid = ("BAD_USER_INPUT", "INVALID_CURSOR")
    compounds = "query($after: String) { compounds(first: 1, after: $after) { nodes { id } } }"
    assert await asker(world).refused(compounds, after=after) == invalid
    other = await founded(world.database, code=f"{next(CODES):06}")
    assert await asker(other).refused(PAGE, first=1, after=after) == invalid
    assert await asker(world, secret=b"t" * 32).refused(PAGE, first=1, after=after) == invalid
    assert await asker(world).refused(PAGE, first=1, after="") == invalid
    assert await asker(world).refused(PAGE, first=1, after=after[:-1]) == invalid


async def test_pages_below_many_parents_are_each_their_own(world: World) -> None:
    street = world.street()
    place = (street, world.community(street))
    for name, count in (("a", 3), ("b", 0), ("c", 1)):
        holder = world.company(name=name, name_pinyin=name)
        for number in range(count):
            compound = world.compound(place)
            world.add(
                tables.Engagement,
                company_id=holder,
                compound_id=compound,
                street_id=place[0],
                community_id=place[1],
                contract_no=f"{name}{number}",
                valid_from=date(2025, 1, 1) + timedelta(days=number),
            )
    await world.save()
    document = """query($after: String) { companies(first: 5) { nodes { name engagements(first: 2, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { contractNo } } } } }"""
    shown = [each["engagements"] for each in (await asker(world).data(document))["companies"]["nodes"]]
    assert [[each["contractNo"] for each in page["nodes"]] for page in shown] == [["a2", "a1"], [], ["c0"]]
    assert [page["totalCount"] for page in shown] == [3, 0, 1]
    assert [page["pageInfo"]["hasNextPage"] for page in shown] == [True, False, False]
    rest = (await asker(world).data(document, after=shown[0]["pageInfo"]["endCursor"]))["companies"]["nodes"]
    assert [[each["contractNo"] for each in one["engagements"]["nodes"]] for one in rest] == [["a0"], [], ["c0"]]
    assert [one["engagements"]["pageInfo"]["hasPreviousPage"] for one in rest] == [True, False, False]


async def test_counting_stops_at_ten_thousand(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.reads.keyset.COUNTED_MAX", 2)
    world = await founded(database, code=f"{next(CODES):06}")
    for name in "abc":
        company(world, name)
    await world.save()
    page = (await asker(world).data(PAGE, first=1))["companies"]
    assert page["totalCount"] == 2


async def test_only_what_is_selected_is_read(world: World) -> None:
    company(world, "a")
    await world.save()
    ask = asker(world)
    for selected, count in (
        ("totalCount", 1),
        ("nodes { name }", 1),
        ("nodes { name } edges { cursor } pageInfo { endCursor hasNextPage hasPreviousPage }", 1),
        ("totalCount nodes { name }", 2),
        ("__typename", 0),
    ):
        answer = await ask.answer(f"{{ companies(first: 5) {{ {selected} }} }}")
        assert (answer.errors, len(answer.statements)) == ((), count)
