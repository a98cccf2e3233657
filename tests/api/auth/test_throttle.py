"""Wrong attempts: five in a minute from one address, then ten minutes of refusal."""

from datetime import timedelta

import pytest

from api.auth import throttle
from api.auth.throttle import Throttle
from tests.api.auth.conftest import NOON


def wrong(times: int, counted: Throttle, address: str, every: timedelta = timedelta()) -> None:
    for number in range(times):
        counted.wrong(address, NOON + number * every)


def test_the_fifth_in_a_minute_closes_the_door_for_ten() -> None:
    counted = Throttle()
    wrong(4, counted, "192.0.2.1")
    assert counted.refused_for("192.0.2.1", NOON) is None
    counted.wrong("192.0.2.1", NOON)
    assert counted.refused_for("192.0.2.1", NOON) == 600
    assert counted.refused_for("192.0.2.1", NOON + timedelta(minutes=9, seconds=59.5)) == 1
    assert counted.refused_for("192.0.2.1", NOON + timedelta(minutes=10)) is None
    assert counted.refused_for("192.0.2.2", NOON) is None


def test_slow_mistakes_are_forgiven() -> None:
    counted = Throttle()
    wrong(40, counted, "192.0.2.1", timedelta(seconds=15))
    assert counted.refused_for("192.0.2.1", NOON + timedelta(minutes=10)) is None


def test_one_network_of_ipv6_is_one_address() -> None:
    counted = Throttle()
    for number in range(5):
        counted.wrong(f"2001:db8::{number}", NOON)
    assert counted.refused_for("2001:db8::ffff", NOON) == 600
    assert counted.refused_for("2001:db8:0:1::1", NOON) is None


def test_what_is_remembered_is_bounded() -> None:
    counted = Throttle()
    for number in range(throttle.ADDRESSES_MAX + 50):
        counted.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", NOON)
    assert len(counted._records) == throttle.ADDRESSES_MAX


def test_who_was_tried_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ADDRESSES_MAX", 2)
    counted = Throttle()
    wrong(4, counted, "192.0.2.1")
    wrong(4, counted, "192.0.2.2")
    for address in ("192.0.2.1", "192.0.2.3", "192.0.2.2"):
        counted.wrong(address, NOON)
    assert [counted.refused_for(f"192.0.2.{number}", NOON) for number in (1, 2, 3)] == [None, None, None]
    wrong(4, counted, "192.0.2.3")
    assert counted.refused_for("192.0.2.3", NOON) == 600
