"""Slow and endless connections on a real server: they end, the others are served."""

import asyncio
import time

import httpx
import pytest

from api.app import Shell
from api.graphql import Source
from tests.api.front.test_sockets import served


async def connection(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = address.rpartition(":")
    return await asyncio.open_connection(host, int(port))


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHo"])
async def test_a_head_that_does_not_come(source: Source, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr("api.front.patience.HEAD_SECONDS", 0.2)
    async with served(source, Shell()) as address:
        reader, writer = await connection(address)
        writer.write(sent)
        before = time.monotonic()
        assert await asyncio.wait_for(reader.read(), 3) == b""
        assert time.monotonic() - before < 1.5
        writer.close()


async def test_a_second_head_that_does_not_come(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.front.patience.HEAD_SECONDS", 0.3)
    async with served(source, Shell()) as address:
        reader, writer = await connection(address)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /heal")
        answer = await asyncio.wait_for(reader.read(), 3)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert answer.count(b"HTTP/1.1") == 1
        writer.close()


async def test_a_head_without_end(source: Source) -> None:
    async with served(source, Shell()) as address:
        reader, writer = await connection(address)
        writer.write(b"GET /healthz HTTP/1.1\r\n")
        writer.write((b"X-Filler: " + b"x" * 1000 + b"\r\n") * 33)
        answer = await asyncio.wait_for(reader.read(), 3)
        assert answer.startswith(b"HTTP/1.1 431 ")
        writer.close()


async def test_slow_callers_do_not_slow_the_others(source: Source) -> None:
    """Two hundred open heads beside one that asks: side by side it takes no twice as long as alone."""
    async with served(source, Shell()) as address, httpx.AsyncClient(trust_env=False) as client:

        async def median() -> float:
            times = []
            for _ in range(60):
                before = time.perf_counter()
                answer = await client.post(f"http://{address}/graphql", json={"query": "{ __typename }"})
                times.append(time.perf_counter() - before)
                assert answer.status_code == 200
            return sorted(times)[30]

        await median()
        alone = await median()
        slow = [await connection(address) for _ in range(200)]
        for _, writer in slow:
            writer.write(b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-")
        beside = await median()
        again = min(alone, beside) and await median()
        for _, writer in slow:
            writer.close()
    assert min(beside, again) < 2 * alone + 0.005
