"""Ids rise and look as RFC 9562 says, whatever the wall clock does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import clock

NOON = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(-10_000, 10_000), st.integers(0, 5000)), min_size=1, max_size=8))
def test_ids_rise_strictly_though_the_clock_jumps(jumps: list[tuple[int, int]]) -> None:
    made = []
    for seconds, count in jumps:
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            made += clock.new_ids(count)
    assert all(low < high for low, high in pairwise(made))
    assert {(each.version, each.variant) for each in made} <= {(7, "specified in RFC 4122")}


def test_the_head_of_an_id_is_its_millisecond() -> None:
    later = NOON + timedelta(days=36_500, milliseconds=123)  # later than all that other tests have used
    with clock.frozen(later):
        first = clock.new_id()
    assert first.int >> 80 == (later - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    clock._source.last = 0


def test_tails_are_random() -> None:
    tails = [each.int & (1 << 62) - 1 for each in clock.new_ids(1000)]
    assert len(set(tails)) == 1000
    assert tails != sorted(tails)


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(4) as threads:
        batches = list(threads.map(clock.new_ids, [2000] * 8))
    assert len({each for batch in batches for each in batch}) == 16_000
    assert all(batch == sorted(batch) for batch in batches)


def test_no_ids_are_made_for_a_count_of_zero() -> None:
    assert clock.new_ids(0) == []


def test_the_day_is_that_of_shanghai() -> None:
    with clock.frozen(NOON.replace(hour=15, minute=59)):
        assert clock.today() == date(2026, 6, 30)
    with clock.frozen(NOON.replace(hour=16)):
        assert clock.today() == date(2026, 7, 1)


def test_a_frozen_clock_goes_on_afterwards() -> None:
    before = clock.now()
    with clock.frozen(NOON), clock.frozen(NOON + timedelta(hours=1)):
        assert clock.now() == NOON + timedelta(hours=1)
    assert clock.now() >= before


def test_a_moment_without_offset_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="offset"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
