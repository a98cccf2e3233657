"""What callers have left to spend: a bucket of points each, filled again by time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.addresses import block_of
from schema.directives import Role
from schema.viewer import Viewer

CALLERS_MAX: Final = 100_000
"""Buckets kept; the one not used for longest is forgotten, which makes it full."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Its size and what flows in, in points and points a second."""

    size: int
    restored: int


ANONYMOUS: Final = Bucket(5_000, 50)
SIGNED_IN: Final = Bucket(20_000, 200)
AUDITOR: Final = Bucket(50_000, 500)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left, out of what, and how soon it is full again."""

    remaining: int
    bucket: Bucket

    @property
    def seconds_to_full(self) -> float:
        """How long until nothing is missing."""
        return (self.bucket.size - self.remaining) / self.bucket.restored

    def seconds_to(self, points: int) -> int:
        """Whole seconds until so many points are there, at least one."""
        return max(1, math.ceil((min(points, self.bucket.size) - self.remaining) / self.bucket.restored))


class Buckets:
    """The buckets of all callers of this process."""

    def __init__(self, factor: int = 1, now: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._now = now
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, viewer: Viewer, address: str, points: int) -> tuple[bool, Balance]:
        """Whether so many points were there and are taken now, and what is left."""
        bucket = self.bucket_of(viewer)
        key = name_of(viewer, address)
        now = self._now()
        level, since = self._levels.get(key, (float(bucket.size), now))
        level = min(bucket.size, level + (now - since) * bucket.restored)
        enough = level >= points
        if enough:
            level -= points
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > CALLERS_MAX:
            self._levels.popitem(last=False)
        return enough, Balance(max(0, math.floor(level)), bucket)

    def correct(self, viewer: Viewer, address: str, points: int) -> Balance:
        """Take so many more, or give them back if negative, whatever is left."""
        bucket = self.bucket_of(viewer)
        self.take(viewer, address, 0)
        key = name_of(viewer, address)
        level, since = self._levels[key]
        level = min(bucket.size, max(0.0, level - points))
        self._levels[key] = (level, since)
        return Balance(math.floor(level), bucket)

    def bucket_of(self, viewer: Viewer) -> Bucket:
        """Which bucket a caller has."""
        plain = ANONYMOUS
        if viewer.account_id is not None:
            plain = AUDITOR if viewer.holds(Role.AUDITOR) else SIGNED_IN
        return Bucket(plain.size * self._factor, plain.restored * self._factor)


def name_of(viewer: Viewer, address: str) -> str:
    """Whose bucket it is: the account's, or the address's where nobody has signed in; an IPv6 user has a whole /64."""
    return f"account:{viewer.account_id}" if viewer.account_id else f"address:{block_of(address)}"
