"""Columns of whole numbers never wrap: they are Python's integers wherever int64 would not hold them."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.batch import integers, quotients
from scoring.batch.integers import FITS, Ints, ints
from scoring.batch.quotients import Quotients
from scoring.decimals import MODES, round_div, round_fraction

EDGES = [FITS, -FITS, FITS + 1, 2**62, -(2**62), 2**31, 10**18, 0, 1, -1]
NUMBER = st.integers(-(2**70), 2**70) | st.sampled_from(EDGES) | st.integers(-100, 100)
PAIRS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=6)
STEPS: list[tuple[Callable[[Ints, Ints], Ints], Callable[[int, int], int]]] = [
    (integers.add, add),
    (integers.sub, sub),
    (integers.mul, mul),
]


def columns(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    return ints([one for one, _ in pairs]), ints([other for _, other in pairs])


@pytest.mark.parametrize(("step", "want"), STEPS, ids=["add", "sub", "mul"])
@given(pairs=PAIRS)
def test_a_step_is_what_python_says(step: Any, want: Any, pairs: list[tuple[int, int]]) -> None:
    got = step(*columns(pairs))
    assert got.data.tolist() == [want(one, other) for one, other in pairs]
    assert got.most >= max(abs(want(one, other)) for one, other in pairs)


@given(st.lists(NUMBER, min_size=1, max_size=8), st.data())
def test_sums_of_runs_are_what_python_says(values: list[int], data: st.DataObject) -> None:
    starts = sorted({0, *data.draw(st.lists(st.integers(0, len(values) - 1), max_size=3))})
    got = integers.totals(ints(values), np.array(starts))
    ends = [*starts[1:], len(values)]
    assert got.data.tolist() == [sum(values[begin:end]) for begin, end in zip(starts, ends, strict=True)]
    assert integers.running(ints(values)).data.tolist() == [sum(values[: at + 1]) for at in range(len(values))]


def test_a_sum_stays_int64_up_to_the_last_number_it_holds_and_not_beyond() -> None:
    whole = integers.add(ints([FITS - 1]), ints([1]))
    assert (whole.data.dtype.kind, whole.data.tolist()) == ("i", [FITS])
    beyond = integers.add(ints([FITS]), ints([1]))
    assert (beyond.data.dtype.kind, beyond.data.tolist()) == ("O", [2**63])
    back = integers.tight(integers.sub(beyond, ints([2])))
    assert (back.data.dtype.kind, back.data.tolist()) == ("i", [FITS - 1])


def test_a_loose_bound_is_looked_at_again_before_integers_get_wide() -> None:
    loose = Ints(np.array([2, 3]), 2**62)
    assert integers.mul(loose, loose).data.dtype == np.int64
    assert integers.totals(loose, np.array([0])).data.dtype == np.int64


@given(PAIRS, st.sampled_from(MODES))
def test_division_rounds_like_the_only_rounding(pairs: list[tuple[int, int]], mode: str) -> None:
    sound = [(n, abs(d) or 1) for n, d in pairs]
    got = integers.divided(*columns(sound), mode)
    assert got.data.tolist() == [round_div(n, d, mode) for n, d in sound]


FRACTIONS = st.lists(
    st.tuples(st.fractions(max_denominator=10**12), st.fractions(max_denominator=60)), min_size=1, max_size=5
)


def fractions(values: list[Fraction]) -> Quotients:
    """Return quotients that are not in lowest terms."""
    return Quotients(ints([6 * one.numerator for one in values]), ints([6 * one.denominator for one in values]))


def back(x: Quotients) -> list[Fraction]:
    return [Fraction(n, d) for n, d in zip(x.n.data.tolist(), x.d.data.tolist(), strict=True)]


@given(FRACTIONS)
def test_quotients_are_what_python_says(pairs: list[tuple[Fraction, Fraction]]) -> None:
    one, two = (fractions([pair[at] for pair in pairs]) for at in range(2))
    assert back(quotients.plus(one, two)) == [a + b for a, b in pairs]
    assert back(quotients.minus(one, two)) == [a - b for a, b in pairs]
    assert back(quotients.product(one, two)) == [a * b for a, b in pairs]
    assert back(quotients.lowest(one)) == [a for a, _ in pairs]
    assert (quotients.lowest(one).d.data > 0).all()
    for compare in (lt, le, gt, ge, eq, ne):
        assert quotients.compared(compare, one, two).tolist() == [compare(a, b) for a, b in pairs]
    divisor = fractions([b or Fraction(1) for _, b in pairs])
    assert back(quotients.over(one, divisor)) == [a / (b or 1) for a, b in pairs]
    level = quotients.one_below(two)
    assert level is None or (back(level) == [b for _, b in pairs] and level.d.same is not None)


@given(
    st.lists(st.fractions(max_denominator=10**15), min_size=1, max_size=5), st.integers(0, 9), st.sampled_from(MODES)
)
def test_quotients_round_like_fractions(values: list[Fraction], places: int, mode: str) -> None:
    assert quotients.rounded(fractions(values), places, mode).data.tolist() == [
        round_fraction(x, places, mode) for x in values
    ]
