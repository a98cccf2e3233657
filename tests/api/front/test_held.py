"""Connections held open are counted by caller and by address, whether sockets or event streams."""

import asyncio
import json
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.front.buckets import Buckets
from api.front.callers import everybody
from api.front.execution import Engine
from api.front.held import Held, TooManyHeld
from api.front.policy import Policy
from api.front.sockets import Sockets
from api.graphql import Source
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.test_sockets import QUERY, address, stop_reading, subscribe, talking  # noqa: F401 (a fixture)

NOBODY = Viewer(UUID(int=1))
SOMEBODY = Viewer(UUID(int=1), frozenset({Role.PUBLIC, Role.COMPANY}), UUID(int=2))


@pytest.mark.parametrize(
    "addresses",
    [["192.0.2.1"], ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"], ["::ffff:192.0.2.1", "192.0.2.1"]],
)
def test_an_ipv6_user_has_one_address(addresses: list[str]) -> None:
    held = Held()
    places = [held.at(addresses[number % len(addresses)]) for number in range(21)]
    for each in places[:20]:
        each.__enter__()
    with pytest.raises(TooManyHeld), places[20]:
        pass
    with held.at("2001:db8:0:1::1"), held.of(NOBODY, addresses[0]):
        pass
    for each in places[:20]:
        each.__exit__(None, None, None)
    assert held.count == Counter()


def test_an_account_holds_five_wherever_it_is() -> None:
    held = Held()
    places = [held.of(SOMEBODY, f"192.0.2.{number}") for number in range(6)]
    for each in places[:5]:
        each.__enter__()
    with pytest.raises(TooManyHeld), places[5]:
        pass


def test_a_bucket_is_one_64s() -> None:
    buckets = Buckets(now=lambda: 0.0)
    assert buckets.take(NOBODY, "2001:db8::1", 5_000)[0]
    assert not buckets.take(NOBODY, "2001:db8::2", 1)[0]
    assert buckets.take(NOBODY, "2001:db8:0:1::2", 1)[0]


async def test_event_streams_count_like_sockets(
    address: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop_reading(monkeypatch)
    events = {"Accept": "text/event-stream"}
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=3) as client, talking(address):

        async def opened() -> httpx.Response:
            request = client.build_request("POST", "/graphql", json={"query": QUERY}, headers=events)
            return await client.send(request, stream=True)

        streams = [await opened() for _ in range(4)]
        assert {each.status_code for each in streams} == {200}
        refused = await client.post("/graphql", json={"query": QUERY}, headers=events)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        for each in streams:
            await each.aclose()
        for _ in range(100):
            last = await opened()
            await last.aclose()
            if last.status_code == 200:
                break
            await asyncio.sleep(0.05)
        else:
            pytest.fail("a place that was given up stayed taken")


async def test_for_whoever_does_not_read_no_more_than_twenty_answers_are_worked_out(source: Source) -> None:
    answered: list[str] = []
    said: list[Any] = []
    asked: asyncio.Queue[Any] = asyncio.Queue()
    full = asyncio.Event()

    async def send(message: Any) -> None:
        if '"next"' in message.get("text", ""):
            await full.wait()
        said.append(json.loads(message["text"]) if "text" in message else message)

    identify = everybody(source.district_id, Role.AUDITOR)
    sockets = Sockets(
        Engine(source, Policy()), identify, lambda _outcome, _caller, wire: answered.append(wire), frozenset()
    )
    scope = {"type": "websocket", "headers": [], "subprotocols": ["graphql-transport-ws"], "client": ("192.0.2.1", 1)}
    asked.put_nowait({"type": "websocket.connect"})
    asked.put_nowait({"type": "websocket.receive", "text": '{"type": "connection_init"}'})
    for number in range(25):
        asked.put_nowait({"type": "websocket.receive", "text": subscribe(str(number), "{ __typename }")})
    serving = asyncio.create_task(sockets(scope, asked.get, send))
    for _ in range(500):
        if len(said) >= 7 and len(answered) >= 20:
            break
        await asyncio.sleep(0.01)
    assert [each["id"] for each in said if each["type"] == "error"] == [str(number) for number in range(20, 25)]
    assert len(answered) == 20
    asked.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait_for(serving, 5)
    assert sockets.held.count == Counter()
