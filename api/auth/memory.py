"""What was looked up about callers, kept until something about accounts changes or a given instant passes.

The database counts changes of accounts, grants and keys; that number is looked at when the last look is older than
`LOOK_SECONDS`, so a change counts within a second, and nobody asks the database about a caller it has just judged.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

LOOK_SECONDS: Final = 0.5
CALLERS_MAX: Final = 10_000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Known(Generic[Value]):
    """A value and the instant at which it may be another; None = only a change makes it another."""

    value: Value
    until: datetime | None


class Memory(Generic[Value]):
    """One per process. `number` reads the count of changes."""

    def __init__(self, number: Callable[[], Awaitable[int]], look_seconds: float = LOOK_SECONDS) -> None:
        self._read, self._look_seconds = number, look_seconds
        self._number: int | None = None
        self._looked_at: float | None = None
        self._turn = asyncio.Lock()
        self._known: OrderedDict[Hashable, Known[Value]] = OrderedDict()

    async def recall(
        self, key: Hashable, now: datetime, load: Callable[[], Awaitable[Known[Value] | None]]
    ) -> Value | None:
        """The value of a key, loaded if it is not known any more; what is not there is not remembered."""
        await self._settle()
        known = self._known.get(key)
        if known is not None and (known.until is None or now < known.until):
            return known.value
        number = self._number
        loaded = await load()
        if loaded is None:
            return None
        if number == self._number:  # else something changed while it was read: use it once, keep it not
            self._known[key] = loaded
            while len(self._known) > CALLERS_MAX:
                self._known.popitem(last=False)
        return loaded.value

    async def _settle(self) -> None:
        """Forget everything if something changed since the last look."""
        if not self._due():
            return
        async with self._turn:
            if not self._due():
                return
            begun = time.monotonic()
            number = await self._read()
            if number != self._number:
                self._known.clear()
            self._number, self._looked_at = number, begun

    def _due(self) -> bool:
        return self._looked_at is None or time.monotonic() - self._looked_at >= self._look_seconds
