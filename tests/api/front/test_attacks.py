"""The thirteen usual attacks on a GraphQL server, tried on one that is set up for everybody."""

import json
from typing import Any

import pytest

from schema.directives import Role
from tests.api.front.conftest import Callers
from tests.api.front.strict import FORM, Strict

TYPENAME = "{ __typename }"


@pytest.fixture(scope="module")
async def open_to_all(caller: Callers) -> Strict:
    """In production, with documents of their own for everybody: nothing hides behind the list."""
    optional = {f"documents_{kind}": "optional" for kind in ("public", "bureau", "tools")}
    return caller(mode="production", **optional)


@pytest.fixture(scope="module")
async def auditor(caller: Callers) -> Strict:
    return caller(Role.AUDITOR, mode="production")


async def test_alias_overloading(open_to_all: Strict) -> None:
    query = "{ " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }"
    assert (await open_to_all.ask(query)).brief == (400, ["FIELD_LIMIT_EXCEEDED"])
    inside = "{ coverage { " + " ".join(f"alias{n}: total" for n in range(101)) + " } }"
    assert (await open_to_all.ask(inside)).brief == (400, ["ALIAS_LIMIT_EXCEEDED"])


async def test_batches(open_to_all: Strict) -> None:
    assert (await open_to_all.post(json.dumps([{"query": TYPENAME}] * 10))).brief == (400, ["BATCHING_DISABLED"])


async def test_directive_overloading(open_to_all: Strict) -> None:
    query = "{ __typename " + "@aa" * 30 + " }"
    assert (await open_to_all.ask(query)).brief == (400, ["DIRECTIVE_LIMIT_EXCEEDED"])


async def test_field_duplication(open_to_all: Strict) -> None:
    assert (await open_to_all.ask("{ " + "__typename " * 500 + "}")).brief == (400, ["FIELD_LIMIT_EXCEEDED"])


CIRCLE = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"


async def test_circular_introspection(open_to_all: Strict, auditor: Strict) -> None:
    for client in (open_to_all, auditor):
        assert (await client.ask(CIRCLE)).brief == (400, ["DEPTH_LIMIT_EXCEEDED"])


async def test_queries_by_get(open_to_all: Strict) -> None:
    answer = await open_to_all.request("GET", params={"query": TYPENAME})
    assert (answer.status, answer.codes) == (405, ["BAD_REQUEST"])


async def test_forms(open_to_all: Strict) -> None:
    media = "application/x-www-form-urlencoded"
    answer = await open_to_all.request("POST", data={"query": TYPENAME}, headers={"Content-Type": media})
    assert (answer.status, answer.codes) == (415, ["BAD_REQUEST"])


async def test_suggestions(open_to_all: Strict, auditor: Strict) -> None:
    for client in (open_to_all, auditor):
        for query in (
            "{ compani }",
            "{ companies(frist: 1) { totalCount } }",
            '{ node(id: "x") { ... on Compani { id } } }',
        ):
            answer = await client.ask(query)
            assert set(answer.codes) == {"GRAPHQL_VALIDATION_FAILED"}
            assert "did you mean" not in str(answer.body).lower()
            assert "companies" not in str(answer.body) or "companies" in query


@pytest.mark.parametrize("path", ["/graphql", "/graphiql", "/graphiql/page.js", "/playground", "/console", "/altair"])
async def test_no_page_for_queries(open_to_all: Strict, path: str) -> None:
    answer = await open_to_all.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {404, 406}
    assert "<html" not in answer.text.lower()


async def test_no_tracing(open_to_all: Strict) -> None:
    answer = await open_to_all.post(json.dumps({"query": TYPENAME}), Apollo_Federation_Include_Trace="ftv1")
    assert set(answer.body["extensions"]) == {"cost"}


@pytest.mark.parametrize("query", ["{ a", "query { queryType { name } }", "fragment a", "\x00", "{ __typename @skip }"])
async def test_errors_are_handled(open_to_all: Strict, query: str) -> None:
    answer = await open_to_all.ask(query)
    assert (answer.status, len(answer.codes)) == (400, 1)
    assert {"stacktrace", "exception", "Traceback", ".py"} & set(str(answer.body).split('"')) == set()


async def test_acts_by_get(open_to_all: Strict, caller: Callers) -> None:
    for client in (open_to_all, caller(Role.BUREAU_ADMIN)):
        answer = await client.request("GET", params={"query": "mutation { __typename }"}, headers={"Accept": FORM})
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


async def test_introspection(open_to_all: Strict) -> None:
    answers: list[Any] = [
        await open_to_all.ask(each)
        for each in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }')
    ]
    assert [each.brief for each in answers] == [(403, ["FORBIDDEN"])] * 2
