"""Wrong attempts per address: five in a minute, then ten minutes of refusal."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

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


def block_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that one IPv6 user has.

    >>> block_of("2001:db8::1:2"), block_of("::ffff:10.0.0.1"), block_of("10.0.0.1"), block_of("a socket")
    ('2001:db8::/64', '10.0.0.1', '10.0.0.1', 'a socket')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def within(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; no network named = from anywhere.

    >>> within("10.1.2.3", ["10.1.0.0/16"]), within("10.2.0.1", ["10.1.0.0/16"]), within("10.2.0.1", [])
    (True, False, True)
    """
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in ipaddress.ip_network(each) for each in networks)
