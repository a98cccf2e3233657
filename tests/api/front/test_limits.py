"""Documents that ask for too much are refused at once, each with the code of the limit it passes."""

import time

import pytest
from graphql import get_introspection_query

from api.front.analysis import CEILING
from tests.api.front.conftest import Callers
from tests.api.front.shapes import PAGES, chain
from tests.api.front.strict import Strict


def nested(depth: int) -> str:
    return "{" + "a{" * depth + "b" + "}" * depth + "}"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ " + " ".join(f"a{n}: __typename" for n in range(1000)) + " }", "TOKEN"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(9)) + " b { " + "x: a y: b " * 4 + "}}", "ALIAS"),
        ("{ b { " + " ".join(f"a{n}: c" for n in range(16)) + " } }", "ALIAS"),
        ("{ " + "__typename " * 3000 + "}", "TOKEN"),
        ("{ areas(first: 1) { " + "totalCount " * 900 + "} }", "FIELD"),
        ("{ areas(first: 1) { " + "totalCount " * 17 + "} }", "FIELD"),
        ("{ " + " ".join(f"f{n}" for n in range(11)) + " }", "FIELD"),
        ("{ a " + "@skip(if: false) " * 2000 + "}", "TOKEN"),
        ("{ a " + "@skip(if: false) " * 26 + "}", "DIRECTIVE"),
        ("query " + "@a " * 26 + "{ a }", "DIRECTIVE"),
        ("query($v: Int " + "@a " * 26 + ") { a }", "DIRECTIVE"),
        (nested(10), "DEPTH"),
        (nested(100), "DEPTH"),
        (nested(300), "DEPTH"),
        (nested(2000), "DEPTH"),
        ("{ " + "a " * 10_000 + "}", "TOKEN"),
        (PAGES % (20, 10, 5, 10), "COST"),
        (PAGES % (100, 100, 100, 100), "NODE"),
        ("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "DEPTH"),
        *((chain(count), "FIELD") for count in (22, 40, 60, 83)),
        (chain(100), "TOKEN"),
        (chain(60, "__schema { types { name } }"), "FIELD"),
    ],
    ids=range(25),
)
async def test_too_much(anybody: Strict, staff: Strict, query: str, code: str) -> None:
    for client in (anybody, staff):
        times = []
        for _ in range(3):
            before = time.perf_counter()
            answer = await client.ask(query)
            times.append(time.perf_counter() - before)
            assert answer.brief == (400, [f"{code}_LIMIT_EXCEEDED"])
        assert min(times) < 0.05


async def test_at_the_limits(staff: Strict) -> None:
    for query in (
        "{ areas(first: 1) { " + "totalCount " * 16 + "} }",
        "{ " + " ".join(f"a{n}: __typename" for n in range(10)) + " }",
        "{ __typename " + "@skip(if: false) @include(if: true) " * 1 + "}",
    ):
        assert (await staff.ask(query)).brief == (200, [])


async def test_the_schema_can_be_asked_for_by_tools(staff: Strict) -> None:
    answer = await staff.ask(get_introspection_query(input_value_deprecation=True))
    assert (answer.brief, answer.body["data"]["__schema"]["queryType"]["name"]) == ((200, []), "Query")


async def test_numbers_stop_at_a_ceiling(caller: Callers) -> None:
    answer = await caller().ask(chain(90, "areas(first: 100) { nodes { id } }"))
    assert answer.codes == ["FIELD_LIMIT_EXCEEDED"]
    assert CEILING == 10**9
