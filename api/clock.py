"""The only wall clock and the only maker of ids.

Ids are UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits. Ids made
by one process rise strictly, also when the wall clock is set back: a count that runs over borrows from the next
millisecond.
"""

import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The calendar of every district."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MARKS: Final = 0x7 << 76 | 0b10 << 62
"""Version 7 and the variant of the RFC at their places in the 128 bits."""
_TAIL: Final = (1 << 62) - 1


class _Source:
    """The instant in use and the last tick given out (a tick: milliseconds since 1970, then a 12-bit count)."""

    def __init__(self) -> None:
        self.standing: datetime | None = None
        self.last = 0
        self.lock = threading.Lock()

    def now(self) -> datetime:
        return self.standing or datetime.now(UTC)  # noqa: TID251 (the one place)

    def take(self, count: int) -> int:
        """Reserve `count` ticks in a row and return the first."""
        with self.lock:
            first = max(self.last + 1, (self.now() - _EPOCH) // timedelta(milliseconds=1) << 12)
            self.last = first + count - 1
            return first


_source = _Source()


def now() -> datetime:
    """The present instant: UTC, microseconds.

    >>> now().tzinfo is UTC
    True
    """
    return _source.now()


def today() -> date:
    """The present day in Asia/Shanghai.

    >>> with frozen(datetime(2026, 6, 30, 16, 0, tzinfo=UTC)):
    ...     today()
    datetime.date(2026, 7, 1)
    """
    return now().astimezone(SHANGHAI).date()


def new_id() -> UUID:
    """A UUIDv7 above all this process has made.

    >>> new_id() < new_id()
    True
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """`count` rising UUIDv7 at once; their last 62 bits are random, so that none can be guessed from another.

    >>> len(set(new_ids(5000)))
    5000
    """
    if count == 0:
        return []
    first = _source.take(count)
    noise = struct.unpack(f"{count}Q", secrets.token_bytes(8 * count))
    return [
        UUID(int=(tick >> 12) << 80 | (tick & 0xFFF) << 64 | _MARKS | (word & _TAIL))
        for tick, word in zip(range(first, first + count), noise, strict=True)
    ]


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let the clock of this process stand at `moment` for a while (tests, replays); ids go on rising.

    >>> with frozen(datetime(2026, 1, 1, tzinfo=UTC)):
    ...     now().isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    assert moment.tzinfo is not None, "an instant needs an offset"
    before, _source.standing = _source.standing, moment.astimezone(UTC)
    try:
        yield
    finally:
        _source.standing = before
