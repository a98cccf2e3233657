"""GraphQL over HTTP: what goes in, which code comes out, and what never does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
import sqlalchemy.exc
from graphql import GraphQLError
from sqlalchemy import AsyncAdaptedQueuePool

from api.app import application
from api.database import Database
from api.graphql import Source, code_of
from tests.factories import founded

ID = "01ab.C-d_9"


@pytest_asyncio.fixture(scope="module")
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    world = await founded(database)
    world.street(code="430399001")
    await world.save()
    source = Source(database, world.district_id, b"s" * 32)
    transport = httpx.ASGITransport(application(source))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as each:
        yield each


async def post(client: httpx.AsyncClient, query: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/graphql", json={"query": query, **more}, headers={"X-Request-Id": ID})
    assert answer.headers["X-Request-Id"] == ID
    return answer.status_code, answer.json()


async def test_an_answer(client: httpx.AsyncClient) -> None:
    status, body = await post(client, "{ areas(first: 1) { totalCount nodes { code } } }")
    assert (status, body) == (200, {"data": {"areas": {"totalCount": 1, "nodes": [{"code": "430399001"}]}}})


async def test_variables_and_named_operations(client: httpx.AsyncClient) -> None:
    query = "query A($n: Int!) { areas(first: $n) { totalCount } } query B { __typename }"
    assert (await post(client, query, operationName="A", variables={"n": 1}))[1]["data"] == {"areas": {"totalCount": 1}}
    assert (await post(client, query, operationName="B"))[1] == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{ areas(first: 1 { totalCount } }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ " + "a " * 1001 + "}"}, "TOKEN_LIMIT_EXCEEDED"),
        ({"query": "{ area { id } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ areas { totalCount } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($n: Int!) { areas(first: $n) { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": "query($n: Int!) { areas(first: $n) { totalCount } }", "variables": {"n": "1"}}, "BAD_USER_INPUT"),
        (
            {"query": "query($a: AsOf) { coverage(asOf: $a) { total } }", "variables": {"a": {"validAt": "2026"}}},
            "BAD_USER_INPUT",
        ),
        ({"query": '{ coverage(asOf: {validAt: "2026"}) { total } }'}, "BAD_USER_INPUT"),
        ({"query": "{ areas(first: 0) { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { __typename }", "operationName": "C"}, "OPERATION_RESOLUTION_FAILURE"),
    ],
)
async def test_a_wrong_request_has_its_code_and_no_data(
    client: httpx.AsyncClient, body: dict[str, Any], code: str
) -> None:
    status, answer = await post(client, **body)
    assert status == 200
    assert answer.get("data") is None
    assert [each["extensions"]["code"] for each in answer["errors"]] == [code]
    assert [each["extensions"]["requestId"] for each in answer["errors"]] == [ID]


async def test_no_more_than_five_mistakes_are_reported_and_none_with_a_hint(client: httpx.AsyncClient) -> None:
    _, answer = await post(client, "{ " + " ".join(f"compan{n} {{ id }}" for n in range(9)) + " companie { id } }")
    assert len(answer["errors"]) == 5
    assert "Did you mean" not in str(answer)


async def test_what_is_internal_stays_inside(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("schema.loaders.Turn.fetch", broken)
    with caplog.at_level(logging.ERROR, logger="zhunze.graphql"):
        status, answer = await post(client, "{ areas(first: 1) { totalCount } }")
    assert status == 200
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": ID}
    assert error["message"] == "内部错误，请提供请求编号。 / Internal error; quote the request id."
    assert "secret" not in str(answer)
    (logged,) = caplog.records
    assert (ID in logged.getMessage(), "secret of the house" in str(logged.exc_info)) == (True, True)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ConnectionRefusedError(), "UNAVAILABLE"),
        (sqlalchemy.exc.TimeoutError(), "UNAVAILABLE"),
        (asyncpg.QueryCanceledError(), "DEADLINE_EXCEEDED"),
        (asyncpg.UndefinedTableError(), "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_what_the_database_refuses_has_its_code(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str
) -> None:
    async def broken(*_: object) -> None:
        raise failure

    monkeypatch.setattr("schema.loaders.Turn.fetch", broken)
    _, answer = await post(client, "{ areas(first: 1) { totalCount nodes { code } } }")
    assert answer["data"] is None
    assert {each["extensions"]["code"] for each in answer["errors"]} == {code}


async def test_connections_come_back_whatever_happens(client: httpx.AsyncClient, database: Database) -> None:
    """Many at once, right and wrong ones; afterwards no connection is out and the next request is answered."""
    queries = (
        "{ areas(first: 1) { totalCount nodes { code } } companies(first: 5) { nodes { name } } }",
        "{ areas(first: 0) { totalCount } }",
        '{ a: areas(first: 5) { nodes { parent { name } } } b: areas(first: 1, after: "x") { totalCount } }',
        "{ coverage { total",
    )
    answers = await asyncio.gather(*(post(client, queries[each % 4]) for each in range(60)))
    assert [("errors" in body) for _, body in answers] == [each % 4 > 0 for each in range(60)]
    assert isinstance(database.engine.pool, AsyncAdaptedQueuePool)
    assert database.engine.pool.checkedout() == 0
    assert (await post(client, queries[0]))[0] == 200


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[{}]", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"query": 1}', "application/json", 400),
        (b'{"query": "{ __typename }"}', "text/plain", 400),
        (b"query=%7B__typename%7D", "application/x-www-form-urlencoded", 400),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 400),
    ],
)
async def test_what_is_no_json_request_is_refused(
    client: httpx.AsyncClient, content: bytes, media: str, status: int
) -> None:
    answer = await client.post("/graphql", content=content, headers={"Content-Type": media})
    assert answer.status_code == status
    assert "__typename" not in answer.text


@pytest.mark.parametrize("offered", ["", "a" * 65, "a b", "é", "a\tb", None])
async def test_an_unusable_request_id_is_replaced(client: httpx.AsyncClient, offered: str | None) -> None:
    headers = {} if offered is None else {"X-Request-Id": offered.encode()}
    answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)  # type: ignore[arg-type]
    given = answer.headers["X-Request-Id"]
    assert (given != offered, len(given)) == (True, 32)


def test_an_error_of_execution_without_cause_is_internal() -> None:
    error = GraphQLError("Cannot return null", path=["company"])
    assert code_of(error, before=False) == "INTERNAL_SERVER_ERROR"
