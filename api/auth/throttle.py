"""Wrong attempts per address: five in a minute, then ten minutes of refusal."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from api.addresses import block_of

WRONG_MAX: Final = 5
WINDOW: Final = timedelta(minutes=1)
REFUSAL: Final = timedelta(minutes=10)
ADDRESSES_MAX: Final = 10_000
"""Addresses remembered; the one tried longest ago is forgotten first."""


@dataclass(slots=True)
class _Record:
    wrong: list[datetime] = field(default_factory=list)
    until: datetime | None = None


class Throttle:
    """Counts wrong attempts; one per process."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def refused_for(self, address: str, now: datetime) -> int | None:
        """Seconds for which an address is refused still; None = it may try."""
        record = self._records.get(block_of(address))
        if record is None or record.until is None:
            return None
        left = record.until - now
        return -(-left // timedelta(seconds=1)) if left > timedelta() else None

    def wrong(self, address: str, now: datetime) -> None:
        """Count a wrong attempt."""
        block = block_of(address)
        record = self._records.setdefault(block, _Record())
        self._records.move_to_end(block)
        record.wrong = [each for each in record.wrong if now - each < WINDOW] + [now]
        if len(record.wrong) >= WRONG_MAX:
            record.until, record.wrong = now + REFUSAL, []
        while len(self._records) > ADDRESSES_MAX:
            self._records.popitem(last=False)
