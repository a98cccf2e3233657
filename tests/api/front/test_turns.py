"""Work that takes seconds: few at once, and one caller waits for itself first."""

import asyncio

from api.front.turns import Turns


async def test_nobody_takes_all_the_turns() -> None:
    turns, running, seen = Turns(3), set[str](), []
    go = asyncio.Event()

    async def work(caller: str, name: str) -> None:
        async with turns.of(caller):
            running.add(name)
            seen.append(name)
            await go.wait()
            running.discard(name)

    greedy = [asyncio.create_task(work("a", f"a{number}")) for number in range(5)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(work(each, each)) for each in ("b", "c", "d")]
    await asyncio.sleep(0.01)
    assert running == {"a0", "b", "c"}
    go.set()
    await asyncio.gather(*greedy, *others)
    assert sorted(seen) == ["a0", "a1", "a2", "a3", "a4", "b", "c", "d"]


async def test_who_gives_up_leaves_no_turn_behind() -> None:
    turns = Turns(1)
    waiting: list[asyncio.Task[None]] = []

    async def wait() -> None:
        async with turns.of("b"):
            raise AssertionError("the only turn is taken")

    async with turns.of("a"):
        waiting += [asyncio.create_task(wait()) for _ in range(3)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert all(each.cancelled() for each in waiting)
    async with asyncio.timeout(1), turns.of("b"):
        pass
