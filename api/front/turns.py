"""Turns at work that takes seconds: few at once, and of one caller one at a time, so that nobody takes all of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """So many turns at once; a caller waits for its own last one before it waits for others'."""

    def __init__(self, at_once: int) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._own: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, caller: str) -> AsyncIterator[None]:
        """The caller's turn, for as long as the block lasts."""
        self._waiting[caller] += 1
        try:
            async with self._own.setdefault(caller, asyncio.Lock()), self._all:
                yield
        finally:
            self._waiting[caller] -= 1
            if not self._waiting[caller]:
                del self._waiting[caller], self._own[caller]
