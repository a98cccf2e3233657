"""GraphQL over HTTP: what goes in, which code comes out, and what never does."""

import asyncio
import logging
import time
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
from api.front.errors import code_of
from api.graphql import Source
from schema.loaders import Turn
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
    assert (status, body["data"]) == (200, {"areas": {"totalCount": 1, "nodes": [{"code": "430399001"}]}})


async def test_variables_and_named_operations(client: httpx.AsyncClient) -> None:
    query = "query A($n: Int!) { areas(first: $n) { totalCount } } query B { __typename }"
    assert (await post(client, query, operationName="A", variables={"n": 1}))[1]["data"] == {"areas": {"totalCount": 1}}
    assert (await post(client, query, operationName="B"))[1]["data"] == {"__typename": "Query"}


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
        (asyncpg.InterfaceError("connection is closed"), "UNAVAILABLE"),
        (asyncpg.AdminShutdownError(), "UNAVAILABLE"),
        (asyncpg.CrashShutdownError(), "UNAVAILABLE"),
        (sqlalchemy.exc.InterfaceError("SELECT", {}, Exception()), "UNAVAILABLE"),
        (sqlalchemy.exc.DBAPIError("SELECT", {}, asyncpg.AdminShutdownError()), "UNAVAILABLE"),
        (type("DataError", (asyncpg.InterfaceError, ValueError), {})("invalid input: x"), "INTERNAL_SERVER_ERROR"),
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


@pytest.mark.parametrize("offered", ["", "a" * 65, "a b", "é", "a\tb", None])
async def test_an_unusable_request_id_is_replaced(client: httpx.AsyncClient, offered: str | None) -> None:
    headers = {} if offered is None else {"X-Request-Id": offered.encode()}
    answer = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)  # type: ignore[arg-type]
    given = answer.headers["X-Request-Id"]
    assert (given != offered, len(given)) == (True, 32)


def test_an_error_of_execution_without_cause_is_internal() -> None:
    error = GraphQLError("Cannot return null", path=["company"])
    assert code_of(error, before=False) == "INTERNAL_SERVER_ERROR"


async def test_the_log_tells_an_error_of_the_database_by_its_kind_only(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        try:
            raise asyncpg.UniqueViolationError("Key (name)=(whose) exists")
        except asyncpg.PostgresError:
            raise RuntimeError("while reading")  # noqa: B904 - what it merely met counts too

    monkeypatch.setattr("schema.loaders.Turn.fetch", broken)
    with caplog.at_level(logging.ERROR, logger="zhunze.graphql"):
        await post(client, "{ areas(first: 1) { totalCount } }")
    assert "whose" not in caplog.text
    assert f"request {ID} failed at ['areas', 'totalCount']: INTERNAL_SERVER_ERROR (RuntimeError, 23505)" in caplog.text


def busy(database: Database) -> int:
    assert isinstance(database.engine.pool, AsyncAdaptedQueuePool)
    return database.engine.pool.checkedout()


async def test_a_request_ends_at_its_deadline_and_leaves_no_connection_busy(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(turn: Turn, *_: object) -> None:
        await turn.connection.fetch("SELECT pg_sleep(4)")

    with monkeypatch.context() as patched:
        patched.setattr("schema.loaders.Turn.fetch", slow)
        patched.setattr("api.front.limits.REQUEST_SECONDS", 0.3)
        before = time.monotonic()
        answer = await client.post("/graphql", json={"query": "{ areas(first: 1) { totalCount nodes { code } } }"})
    assert (answer.status_code, time.monotonic() - before < 2) == (503, True)
    assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["DEADLINE_EXCEEDED"]
    assert ("data" in answer.json(), busy(database)) == (False, 0)
    assert "errors" not in (await post(client, "{ areas(first: 1) { totalCount } }"))[1]


async def test_when_the_database_dies_at_the_end_the_answer_stays(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Turn.fetch

    async def dying(turn: Turn, *given: Any) -> list[Any]:
        rows = await read(turn, *given)
        turn.connection.terminate()
        return rows

    with monkeypatch.context() as patched:
        patched.setattr("schema.loaders.Turn.fetch", dying)
        status, answer = await post(client, "{ areas(first: 1) { nodes { code } } }")
    assert (status, answer["data"]) == (200, {"areas": {"nodes": [{"code": "430399001"}]}})
    assert busy(database) == 0
    assert "errors" not in (await post(client, "{ areas(first: 1) { totalCount } }"))[1]


async def test_few_explain_at_once_and_the_others_hold_no_connection(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    explaining = '{ areas(first: 1) { totalCount } node(id: "x") { ... on ScoreResult { lines { path } } } }'
    held: list[int] = []
    read = Turn.fetch

    async def slow(turn: Turn, *given: Any) -> list[Any]:
        held.append(busy(database))
        await asyncio.sleep(0.05)
        return await read(turn, *given)

    monkeypatch.setattr("schema.loaders.Turn.fetch", slow)
    await asyncio.gather(*(post(client, explaining) for _ in range(10)))
    assert (len(held), max(held), busy(database)) == (10, 1, 0), "one caller explains one thing after the other"
