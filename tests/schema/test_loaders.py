"""Keys are read together, once, on one snapshot; what one field gives up the others keep."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from schema.loaders import Batch, Found, Keys, Snapshot, Turn
from schema.problems import BadInput


class Desk:
    """A place to read from that remembers what it was asked, and how often it was opened and closed."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[list[Any]] = []
        self.opened = self.closed = 0
        self.fails = fails

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Desk"]:
        self.opened += 1
        if self.fails:
            raise ConnectionError("gone")
        yield self
        self.closed += 1

    async def read(self, _turn: Turn, keys: Keys) -> Found:
        self.asked.append(list(keys))
        await asyncio.sleep(0)
        return {key: f"row {key}" for key in keys if key != "unknown"}


def batch(desk: Desk, snapshot: Snapshot | None = None) -> Batch:
    return Batch(snapshot or Snapshot(desk.open), desk.read, set())


async def test_keys_of_one_level_are_read_together_and_once() -> None:
    desk = Desk()
    rows = batch(desk)
    asked = [rows.load(key) for key in ("a", "b", "a", "unknown")]
    assert await asyncio.gather(*asked) == ["row a", "row b", "row a", None]
    assert await rows.load("b") == "row b"
    assert desk.asked == [["a", "b", "unknown"]]


async def test_keys_that_come_while_others_wait_for_the_connection_join_them() -> None:
    desk, order = Desk(), []
    snapshot = Snapshot(desk.open)
    rows = batch(desk, snapshot)
    async with snapshot.turn():
        first = rows.load("a")
        await asyncio.sleep(0.01)
        second = rows.load("b")
        order.append(list(desk.asked))
    assert [await first, await second] == ["row a", "row b"]
    assert order == [[]]
    assert desk.asked == [["a", "b"]]


async def test_what_one_field_gives_up_the_others_keep() -> None:
    rows = batch(Desk())
    given_up, kept = rows.load("a"), rows.load("a")
    given_up.cancel()
    assert await kept == "row a"


async def test_an_operation_has_one_transaction_and_gives_it_back() -> None:
    desk = Desk()
    snapshot = Snapshot(desk.open)
    await asyncio.gather(batch(desk, snapshot).load("a"), batch(desk, snapshot).load("b"))
    assert (desk.opened, desk.closed) == (1, 0)
    await snapshot.close()
    assert (desk.opened, desk.closed) == (1, 1)
    with pytest.raises(AssertionError, match="after the operation has ended"):
        await batch(desk, snapshot).load("c")


async def test_an_operation_that_reads_nothing_opens_nothing() -> None:
    desk = Desk()
    await Snapshot(desk.open).close()
    assert (desk.opened, desk.closed) == (0, 0)


async def test_when_reading_fails_every_waiting_key_is_told_and_later_ones_are_read() -> None:
    desk = Desk(fails=True)
    rows = batch(desk)
    told = await asyncio.gather(rows.load("a"), rows.load("b"), return_exceptions=True)
    assert [type(each) for each in told] == [ConnectionError, ConnectionError]
    desk.fails = False
    assert await rows.load("c") == "row c"
    assert desk.asked == [["c"]]


async def test_a_key_may_have_an_exception_of_its_own() -> None:
    async def read(_turn: Turn, keys: Keys) -> Found:
        return {key: BadInput("无", "none") if key == "a" else key for key in keys}

    rows = Batch(Snapshot(Desk().open), read, set())
    told = await asyncio.gather(rows.load("a"), rows.load("b"), return_exceptions=True)
    assert (isinstance(told[0], BadInput), told[1]) == (True, "b")


async def test_a_failure_that_nobody_waits_for_makes_no_noise() -> None:
    noise: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: noise.append(context))
    rows = batch(Desk(fails=True))
    futures = [rows.load(key) for key in "abc"]
    with pytest.raises(ConnectionError):
        await futures[0]
    del futures, rows
    gc.collect()
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert noise == []


async def test_a_transaction_that_cannot_be_ended_takes_nothing_away(caplog: pytest.LogCaptureFixture) -> None:
    @asynccontextmanager
    async def dying() -> AsyncIterator[None]:
        yield
        raise ConnectionError("whose")

    snapshot = Snapshot(dying)
    async with snapshot.turn():
        pass
    await snapshot.close()
    assert [each.getMessage() for each in caplog.records] == ["a transaction did not end well: ConnectionError"]
