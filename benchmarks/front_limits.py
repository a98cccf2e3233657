"""What strangers can cost the others: `python benchmarks/front_limits.py [--rounds N]`.

First how the time of measuring a document grows with its bytes, up to the longest body that is read: R² of the straight
line through the shortest times, for fields side by side and for fragments that spread each other twice. Then the 95th
percentile of requests beside 200 connections that never finish their heads, as a ratio to the same requests alone,
measured in turn.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from statistics import correlation, median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import httpx
from graphql import parse

from api.app import Listening, Shell, serve
from api.database import Database, opened
from api.front.admission import RATES
from api.front.analysis import size_of
from api.front.policy import Policy
from api.graphql import Source
from api.postgres import running
from api.settings import load

SIZES = [16_384 * step for step in range(1, 17)]
FRAGMENTS = 60
SLOW, ASKED = 200, 400
HEAD = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-"


def side_by_side(size: int) -> str:
    """Fields under names of their own, in so many bytes."""
    fields: list[str] = []
    while sum(map(len, fields)) < size:
        fields.append(f"a{len(fields):06}: coverage {{ total rate }}\n")
    return "{ " + "".join(fields) + " }"


def doubling(size: int) -> str:
    """Sixty fragments of which each spreads the next one twice, filled up with fields to so many bytes."""
    fields = "\n".join(f"a{number:04}: __typename" for number in range(size // FRAGMENTS // 18))
    parts = [f"fragment f{n} on Query {{ {fields} ...f{n + 1} ...f{n + 1} }}\n" for n in range(FRAGMENTS)]
    return "query { ...f0 }\n" + "".join(parts) + f"fragment f{FRAGMENTS} on Query {{ __typename }}\n"


def straightness(texts: Sequence[str], rounds: int) -> tuple[float, float]:
    """R² of time over bytes, and the time of the longest; sizes in turn, the shortest of the rounds."""
    documents: list[Any] = [parse(text) for text in texts]
    best = [float("inf")] * len(texts)
    gc.disable()
    for _ in range(rounds):
        for place, document in enumerate(documents):
            operation = document.definitions[0]
            begun = process_time()
            size_of(RATES, document, operation, {})
            best[place] = min(best[place], process_time() - begun)
    gc.enable()
    return correlation([len(text) for text in texts], best) ** 2, best[-1]


async def p95(client: httpx.AsyncClient, url: str) -> float:
    """The 95th percentile of some requests, one after another."""
    times = []
    for _ in range(ASKED):
        begun = perf_counter()
        answer = await client.post(f"{url}/graphql", json={"query": "{ __typename }"})
        times.append(perf_counter() - begun)
        assert answer.status_code == 200, "it is answered"
    return sorted(times)[ASKED * 95 // 100]


async def beside(url: str, client: httpx.AsyncClient) -> float:
    """The same while the slow connections are open."""
    port = int(url.rpartition(":")[2])
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SLOW)]
    try:
        for _, writer in slow:
            writer.write(HEAD)
        return await p95(client, url)
    finally:
        for _, writer in slow:
            writer.close()


async def sockets(database: Database, rounds: int) -> list[float]:
    """Ratios of the 95th percentiles, one a round."""
    said: asyncio.Queue[str] = asyncio.Queue()
    source, shell = Source(database, UUID(int=0), b"s" * 32), Shell(Policy(rate_factor=1000), log=StringIO())
    serving = asyncio.create_task(serve(source, Listening("127.0.0.1", 0), said.put_nowait, shell))
    url, ratios = await said.get(), []
    async with httpx.AsyncClient(trust_env=False) as client:
        await p95(client, url)
        for _ in range(rounds):
            alone = await p95(client, url)
            ratios.append(await beside(url, client) / alone)
    serving.cancel()
    await asyncio.wait({serving})
    return ratios


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    for shape in (side_by_side, doubling):
        found, longest = straightness([shape(size) for size in SIZES], rounds)
        sys.stdout.write(f"{shape.__name__}: R² {found:.4f} up to 256 KiB, which take {longest * 1000:.0f} ms\n")

    async def measured() -> list[float]:
        async with opened(server) as database:
            return await sockets(database, rounds)

    with tempfile.TemporaryDirectory(prefix="zhunze-") as folder, running(load(Path(folder) / "state")) as server:
        ratios = asyncio.run(measured())
    sys.stdout.write(
        f"p95 beside {SLOW} slow connections: {median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}] of alone\n"
    )


if __name__ == "__main__":
    main()
