"""GraphQL over HTTP: what goes in, which code comes out, and what never does."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
import sqlalchemy.exc
from graphql import GraphQLError, get_introspection_query
from sqlalchemy import AsyncAdaptedQueuePool

from api.app import application
from api.database import Database
from api.graphql import Source, body_of, code_of
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
        patched.setattr("api.graphql.DEADLINE_SECONDS", 0.3)
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
    assert (status, answer) == (200, {"data": {"areas": {"nodes": [{"code": "430399001"}]}}})
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
    assert (len(held), max(held), busy(database)) == (10, 3, 0)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('{ areas(first: 1) { totalCount } node(id: "a\\u0000b") { id } }', {}),
        ('query($a: String = "\\u0000") { areas(first: 1, after: $a) { totalCount } }', {}),
        ("query($a: String) { areas(first: 1, after: $a) { totalCount } }", {"a": "a\0"}),
        ("query($a: String) { areas(first: 1, after: $a) { totalCount } }", {"a": "a\ud800"}),
        ("{ areas(first: 1) { totalCount } }", {"unused": [{"deep\udfff": 1}]}),
        ('{ areas(first: 1, after: "\ud800") { totalCount } }', {}),
    ],
    ids=range(6),
)
async def test_texts_no_database_can_hold_are_refused_before_any_statement(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, query: str, variables: dict[str, Any]
) -> None:
    monkeypatch.delattr("schema.loaders.Turn.fetch")
    content = json.dumps({"query": query, "variables": variables})
    answer = await client.post("/graphql", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, "data" in answer.json()) == (400, False)
    assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z"])
async def test_instants_at_the_ends_of_time_are_the_callers_mistake(client: httpx.AsyncClient, instant: str) -> None:
    _, answer = await post(client, f'{{ coverage(asOf: {{validAt: "{instant}"}}) {{ total }} }}')
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "range" not in str(answer)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "JSON_PARSE_FAILED"),
        (b'{"query": "\xff"}', "JSON_PARSE_FAILED"),
        (b'{"query": "{a}", "variables": {"n": NaN}}', "JSON_PARSE_FAILED"),
        (b"[" * 100_000, "BAD_REQUEST"),
        (b'{"query":"{a}","variables":' + b'{"a":' * 40_000 + b"1" + b"}" * 40_000 + b"}", "BAD_REQUEST"),
        (b'"str"', "BAD_REQUEST"),
        (b"5", "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b"true", "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": null}', "BAD_REQUEST"),
        (b'{"query": "{a}", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{a}", "extensions": "x"}', "BAD_REQUEST"),
        (b'{"query": "{a}", "operationName": 1}', "BAD_REQUEST"),
        (b'{"query": "{a}", "operationName":"a\\ud800b"}', "BAD_REQUEST"),
        (b"[]", "BATCHING_DISABLED"),
    ],
    ids=range(16),
)
async def test_a_malformed_body_has_its_code(client: httpx.AsyncClient, content: bytes, code: str) -> None:
    headers = {"Content-Type": "application/json", "X-Request-Id": ID}
    answer = await client.post("/graphql", content=content, headers=headers)
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (400, ID)
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": code, "requestId": ID}


async def test_a_body_is_read_no_further_than_it_may_be_long() -> None:
    taken = 0

    async def endless() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    assert (await body_of(endless), taken) == (None, 5)


async def test_a_body_may_have_256_kib(client: httpx.AsyncClient) -> None:
    for size, status in ((256 * 1024, 200), (256 * 1024 + 1, 413)):
        whole = b'{"query": "{ __typename }"}'.ljust(size)
        answer = await client.post("/graphql", content=whole, headers={"Content-Type": "application/json"})
        assert (answer.status_code, "errors" in answer.json()) == (status, status == 413)


DEEP = "{companies(first:%d){nodes{engagements(first:%d){nodes{company{engagements(first:1){nodes{company{%s}}}}}}}}}"


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (DEEP % (100, 100, "engagements(first:100){nodes{company{engagements(first:100){totalCount}}}}"), {}, "DEPTH"),
        (
            "{companies(first:100){nodes{engagements(first:100){nodes{compound{inspections(first:100){totalCount}}}}}}}",
            *({}, "NODE"),
        ),
        (
            "query($n:Int!){companies(first:$n){nodes{engagements(first:$n){nodes{company{engagements(first:$n){totalCount"
            "}}}}}}}",
            {"n": 100},
            "NODE",
        ),
        (
            "query($n:Int!=100){companies(first:$n){nodes{engagements(first:$n){nodes{company{engagements(first:$n){"
            "totalCount}}}}}}}",
            {},
            "NODE",
        ),
        ("{" + "a{" * 300 + "b" + "}" * 301, {}, "DEPTH"),
    ],
    ids=range(5),
)
async def test_what_asks_for_too_much_is_refused_before_it_is_validated(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any], code: str
) -> None:
    before = time.monotonic()
    status, answer = await post(client, query, variables=variables)
    assert (status, "data" in answer) == (400, False)
    assert [each["extensions"]["code"] for each in answer["errors"]] == [f"{code}_LIMIT_EXCEEDED"]
    assert time.monotonic() - before < 1


@pytest.mark.parametrize("count", [22, 60, 100])
@pytest.mark.parametrize("leaf", ["__typename", "__schema { types { name } }"])
async def test_fragments_that_double_are_answered_at_once(client: httpx.AsyncClient, count: int, leaf: str) -> None:
    doubling = " ".join(f"fragment f{n} on Query {{...f{n + 1} ...f{n + 1}}}" for n in range(count))
    before = time.monotonic()
    status, answer = await post(client, f"{{...f0}} {doubling} fragment f{count} on Query {{{leaf}}}")
    assert time.monotonic() - before < 0.05
    assert status == (400 if count < 100 else 200)
    code = "FIELD_LIMIT_EXCEEDED" if count < 100 else "TOKEN_LIMIT_EXCEEDED"
    assert [each["extensions"]["code"] for each in answer["errors"]] == [code]


async def test_fragments_in_a_circle_are_refused(client: httpx.AsyncClient) -> None:
    circle = "{...a} fragment a on Query {...b ...b} fragment b on Query {...a ...a}"
    _, answer = await post(client, circle)
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_tools_may_ask_for_the_schema(client: httpx.AsyncClient) -> None:
    status, answer = await post(client, get_introspection_query(input_value_deprecation=True))
    assert (status, "errors" in answer) == (200, False)
