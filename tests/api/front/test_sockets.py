"""WebSockets and events on a real server: every mistake with its close code, every operation checked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.datastructures import Headers
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.app import Listening, Shell, application, serve
from api.auth.unidentified import UNAUTHENTICATED, Unidentified
from api.database import Database
from api.front.callers import Identify, everybody
from api.front.policy import Policy
from api.graphql import Source
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.strict import Strict, Told

PROTOCOL: Any = ["graphql-transport-ws"]
QUERY = "{ areas(first: 1) { nodes { code } } }"


@dataclass
class Keeper:
    """Lets in whoever has the word; the others get what is said to them."""

    said: Unidentified = UNAUTHENTICATED
    word: str = "good"
    roles: tuple[Role, ...] = (Role.AUDITOR,)

    async def __call__(self, headers: Headers, address: str) -> Viewer | Unidentified:
        assert address
        if headers.get("authorization") == f"Bearer {self.word}":
            return Viewer(UUID(int=0), frozenset({Role.PUBLIC, *self.roles}), UUID(int=9))
        return self.said


async def asked_as(
    source: Source, identify: Identify, query: str, form: str = "application/graphql-response+json"
) -> Told:
    """What comes of a query for whomever `identify` says."""
    transport = httpx.ASGITransport(application(source, shell=Shell(identify=identify)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await Strict(client).post(json.dumps({"query": query}), Accept=form)


async def asked_of(database: Database, query: str, form: str) -> Told:
    """What comes of a query to a database."""
    return await asked_as(
        Source(database, UUID(int=0), b"s" * 32), everybody(UUID(int=0), Role.BUREAU_ADMIN), query, form
    )


@asynccontextmanager
async def served(source: Source, shell: Shell) -> AsyncIterator[str]:
    """The address of a server while it runs."""
    said: asyncio.Queue[str] = asyncio.Queue()
    serving = asyncio.create_task(serve(source, Listening("127.0.0.1", 0), said.put_nowait, shell))
    try:
        yield (await said.get()).removeprefix("http://")
    finally:
        serving.cancel()
        await asyncio.wait({serving})


@pytest.fixture
async def address(source: Source) -> AsyncIterator[str]:
    async with served(source, Shell(Policy(), everybody(source.district_id, Role.BUREAU_ADMIN))) as each:
        yield each


@asynccontextmanager
async def talking(
    address: str, *, init: bool = True, payload: Any = None, **options: Any
) -> AsyncIterator[ClientConnection]:
    given = {"subprotocols": PROTOCOL, "proxy": None, **options}
    async with connect(f"ws://{address}/graphql", **given) as socket:
        if init:
            await socket.send(
                json.dumps({"type": "connection_init", **({} if payload is None else {"payload": payload})})
            )
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def end(socket: ClientConnection) -> int | None:
    """The code with which the server ends a conversation."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(5):
            while True:
                await socket.recv()
    return socket.close_code


def subscribe(name: str = "1", query: str = QUERY, **more: Any) -> str:
    return json.dumps({"type": "subscribe", "id": name, "payload": {"query": query, **more}})


async def test_a_query(address: str) -> None:
    async with talking(address) as socket:
        await socket.send(
            subscribe(query="query($n: Int!) { areas(first: $n) { nodes { code } } }", variables={"n": 1})
        )
        following, done = json.loads(await socket.recv()), json.loads(await socket.recv())
    assert (following["type"], following["id"], done) == ("next", "1", {"type": "complete", "id": "1"})
    assert following["payload"]["data"] == {"areas": {"nodes": [{"code": "430399001"}]}}
    assert following["payload"]["extensions"]["cost"]["requested"] == 2


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ areas(first: 101) { totalCount } }", "BAD_USER_INPUT"),
        ("{" + "a{" * 11 + "b" + "}" * 12, "DEPTH_LIMIT_EXCEEDED"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    ],
)
async def test_a_wrong_operation_is_an_error_and_the_connection_stays(address: str, query: str, code: str) -> None:
    async with talking(address) as socket:
        await socket.send(subscribe(query=query))
        error = json.loads(await socket.recv())
        assert (error["type"], error["id"]) == ("error", "1")
        assert [each["extensions"]["code"] for each in error["payload"]] == [code]
        await socket.send(subscribe())
        assert json.loads(await socket.recv())["type"] == "next"


async def test_ping(address: str) -> None:
    async with talking(address, init=False) as socket:
        await socket.send('{"type": "ping"}')
        assert json.loads(await socket.recv()) == {"type": "pong"}
        await socket.send('{"type": "pong"}')
        await socket.send('{"type": "connection_init", "payload": {}}')
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}


@pytest.mark.parametrize("message", [subscribe(), '{"type": "subscribe"}'])
async def test_before_the_beginning(address: str, message: str) -> None:
    async with talking(address, init=False) as socket:
        await socket.send(message)
        assert await end(socket) == 4401


async def test_a_second_beginning(address: str) -> None:
    async with talking(address) as socket:
        await socket.send('{"type": "connection_init"}')
        assert await end(socket) == 4429


async def test_the_same_id_twice(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_reading(monkeypatch)
    async with talking(address) as socket:
        await socket.send(subscribe())
        await socket.send(subscribe())
        assert await end(socket) == 4409


def stop_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("schema.loaders.Turn.fetch", slow)


@pytest.mark.parametrize(
    "message",
    [
        *(
            "",
            "{",
            "[]",
            "5",
            "null",
            '"x"',
            "{}",
            '{"type": 5}',
            '{"type": "start"}',
            '{"type": "ping", "type": "ping"}',
        ),
        *('{"type": "subscribe"}', '{"type": "subscribe", "id": 1, "payload": {"query": "{ a }"}}'),
        *('{"type": "subscribe", "id": "", "payload": {"query": "{ a }"}}', '{"type": "subscribe", "id": "1"}'),
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
        '{"type": "complete"}',
        b"\x00\x01",
        "[" * 100_000,
    ],
)
async def test_what_is_no_message(address: str, message: str | bytes) -> None:
    async with talking(address) as socket:
        await socket.send(message)
        assert await end(socket) == 4400


@pytest.mark.parametrize("payload", ["x", 5, ["a"]])
async def test_a_beginning_with_a_wrong_payload(address: str, payload: Any) -> None:
    async with talking(address, init=False) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert await end(socket) == 4400


async def test_no_beginning(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.front.limits.INIT_SECONDS", 0.1)
    async with talking(address, init=False) as socket:
        assert await end(socket) == 4408


@pytest.mark.parametrize("protocols", [["graphql-ws"], ["x"], None])
async def test_another_protocol(address: str, protocols: Any) -> None:
    async with talking(address, init=False, subprotocols=protocols) as socket:
        assert await end(socket) == 4406


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[::"])
async def test_a_page_from_elsewhere(address: str, origin: Any) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with talking(address, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_page_from_here(address: str) -> None:
    async with talking(address, origin=f"http://{address}"):
        pass


async def test_the_twenty_first_operation_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_reading(monkeypatch)
    async with talking(address) as socket:
        for number in range(21):
            await socket.send(subscribe(str(number)))
        error = json.loads(await socket.recv())
        assert (error["id"], error["type"], error["payload"][0]["extensions"]["code"]) == (
            "20",
            "error",
            "RATE_LIMITED",
        )
        await socket.send('{"type": "complete", "id": "3"}')
        await socket.send(subscribe("20", "{ __typename }"))
        assert json.loads(await socket.recv())["id"] == "20"


async def test_a_bad_token(source: Source) -> None:
    async with served(source, Shell(identify=Keeper())) as address:
        for payload in (None, {}, {"authorization": "Bearer bad"}):
            async with talking(address, init=False) as socket:
                await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
                assert await end(socket) == 4403
        async with talking(address, payload={"Authorization": "Bearer good"}) as socket:
            await socket.send(subscribe(query="{ __typename }"))
            assert json.loads(await socket.recv())["payload"]["data"] == {"__typename": "Query"}


async def test_a_token_that_expires_ends_the_conversation(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.front.sockets.WATCH_SECONDS", 0.05)
    keeper = Keeper()
    async with (
        served(source, Shell(identify=keeper)) as address,
        talking(address, payload={"authorization": "Bearer good"}) as socket,
    ):
        keeper.word = "new"
        assert await end(socket) == 4403


async def test_an_operation_is_checked_when_it_begins(source: Source) -> None:
    keeper = Keeper(roles=())
    async with (
        served(source, Shell(identify=keeper)) as address,
        talking(address, payload={"authorization": "Bearer good"}) as socket,
    ):
        await socket.send(subscribe(query="{ findings(first: 1) { totalCount } }"))
        error = json.loads(await socket.recv())
        assert error["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        keeper.word = "new"
        await socket.send(subscribe())
        assert await end(socket) == 4403


async def test_no_more_than_five_connections_of_one_caller(address: str) -> None:
    open_ = [talking(address) for _ in range(5)]
    sockets = [await each.__aenter__() for each in open_]
    async with talking(address, init=False) as sixth:
        await sixth.send('{"type": "connection_init"}')
        assert await end(sixth) == 4429
    await sockets[0].close()
    for _ in range(50):
        async with talking(address, init=False) as again:
            await again.send('{"type": "connection_init"}')
            with suppress(ConnectionClosed):
                assert json.loads(await again.recv()) == {"type": "connection_ack"}
                break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("a place that was given up stayed taken")
    for each in open_:
        await each.__aexit__(None, None, None)


async def test_no_more_than_twenty_connections_of_one_address(address: str) -> None:
    open_ = [talking(address, init=False) for _ in range(20)]
    for each in open_:
        await each.__aenter__()
    async with talking(address, init=False) as one_more:
        assert await end(one_more) == 4429
    for each in open_:
        await each.__aexit__(None, None, None)


async def test_a_bug_ends_the_conversation(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_headers: Headers, _address: str) -> Viewer:
        raise RuntimeError("secret")

    async with served(source, Shell(identify=broken)) as address, talking(address, init=False) as socket:
        await socket.send('{"type": "connection_init"}')
        assert await end(socket) == 4500
        assert "secret" not in (socket.close_reason or "")


async def test_who_hangs_up_leaves_nothing_running(
    address: str, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_reading(monkeypatch)
    pool: Any = source.database.engine.pool
    async with talking(address) as socket:
        await socket.send(subscribe())
        for _ in range(100):
            if pool.checkedout():
                break
            await asyncio.sleep(0.02)
        assert pool.checkedout() == 1
    for _ in range(100):
        if not pool.checkedout():
            break
        await asyncio.sleep(0.02)
    assert pool.checkedout() == 0


def events(text: str) -> list[tuple[str, str]]:
    parts = [part for part in text.split("\n\n") if part.startswith("event: ")]
    return [(each.split("\n")[0].removeprefix("event: "), each.split("\n")[1].removeprefix("data: ")) for each in parts]


async def test_events(staff: Strict) -> None:
    answer = await staff.post(json.dumps({"query": QUERY}), Accept="text/event-stream")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    (following, data), done = events(answer.body)
    assert (following, done) == ("next", ("complete", ""))
    assert json.loads(data)["data"] == {"areas": {"nodes": [{"code": "430399001"}]}}


async def test_a_wrong_operation_as_events(staff: Strict) -> None:
    answer = await staff.post(json.dumps({"query": "{ nothing }"}), Accept="text/event-stream")
    (following, data), done = events(answer.body)
    assert (answer.status, following, done) == (200, "next", ("complete", ""))
    told = json.loads(data)
    assert ("data" in told, told["errors"][0]["extensions"]["code"]) == (False, "GRAPHQL_VALIDATION_FAILED")


async def test_events_need_a_request(staff: Strict, source: Source) -> None:
    assert (await staff.request("GET", params={"query": QUERY}, headers={"Accept": "text/event-stream"})).status == 406
    assert (await staff.post("{", Accept="text/event-stream")).codes == ["JSON_PARSE_FAILED"]
    answer = await asked_as(source, Keeper(), QUERY, "text/event-stream")
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
