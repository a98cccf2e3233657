"""Interval arithmetic never leaves out a value, nor an integer the engine could meet."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from scoring.decimals import MODES, round_fraction, ten
from scoring.lint import amounts
from scoring.lint.amounts import Amount, between

Case = tuple[Amount, int]


@some.composite
def decimals(draw: some.DrawFn) -> Case:
    """A range of decimals and one scaled integer inside."""
    places = draw(some.integers(0, 3))
    ends = sorted([draw(some.integers(-500, 500)), draw(some.integers(-500, 500))])
    value = draw(some.integers(ends[0], ends[1]))
    unit = ten(places)
    return between(Fraction(ends[0], unit), Fraction(ends[1], unit), places), value


def exact(case: Case) -> Fraction:
    return Fraction(case[1], ten(case[0].tens))


def holds(amount: Amount, value: Fraction) -> bool:
    low = amount.low is None or amount.low < value or (amount.low == value and not amount.low_open)
    high = amount.high is None or amount.high > value or (amount.high == value and not amount.high_open)
    return low and high


def fits(amount: Amount, value: Fraction) -> bool:
    """The value is inside, and its reduced numerator and divisor are within the integers foretold."""
    assert amount.n is not None
    assert amount.w is not None
    return (
        holds(amount, value) and abs(value.numerator) <= amount.n and value.denominator <= amount.w * ten(amount.tens)
    )


@given(decimals(), decimals())
def test_sums_differences_products(one: Case, other: Case) -> None:
    x, y = exact(one), exact(other)
    assert fits(amounts.add(one[0], other[0]), x + y)
    assert fits(amounts.add(one[0], amounts.negative(other[0])), x - y)
    assert fits(amounts.multiply(one[0], other[0]), x * y)


@given(decimals(), decimals())
def test_quotients(one: Case, other: Case) -> None:
    if other[1] != 0:
        assert fits(amounts.divide(one[0], other[0]), exact(one) / exact(other))


@given(decimals(), decimals(), decimals())
def test_quotients_go_on(one: Case, other: Case, third: Case) -> None:
    if other[1] != 0:
        quotient = amounts.divide(one[0], other[0])
        assert fits(amounts.add(quotient, third[0]), exact(one) / exact(other) + exact(third))
        assert fits(amounts.multiply(quotient, third[0]), exact(one) / exact(other) * exact(third))


@given(decimals(), decimals())
def test_either(one: Case, other: Case) -> None:
    union = amounts.union([one[0], other[0]])
    assert union is not None
    assert fits(union, exact(one))
    assert fits(union, exact(other))


@given(decimals(), some.integers(1, 6), some.data())
def test_repetition(one: Case, most: int, data: some.DataObject) -> None:
    amount = one[0]
    assert amount.low is not None
    assert amount.high is not None
    low, high = int(amount.low * ten(amount.tens)), int(amount.high * ten(amount.tens))
    rows = data.draw(some.lists(some.integers(low, high), max_size=most))
    assert fits(amounts.repeated(amount, most), Fraction(sum(rows), ten(amount.tens)))


@given(decimals(), decimals(), some.integers(0, 3), some.sampled_from(MODES))
def test_rounding(one: Case, other: Case, places: int, mode: str) -> None:
    if other[1] != 0:
        quotient = exact(one) / exact(other)
        rounded = amounts.rounded(amounts.divide(one[0], other[0]), places, mode)
        assert fits(rounded, Fraction(round_fraction(quotient, places, mode), ten(places)))


@given(decimals(), decimals(), some.booleans())
def test_narrowing_keeps_what_meets_the_bound_and_drops_the_rest(one: Case, other: Case, strict: bool) -> None:
    x, end = exact(one), exact(other)
    assert holds(amounts.at_most(one[0], end, strict=strict), x) == (x < end if strict else x <= end)
    assert holds(amounts.at_least(one[0], end, strict=strict), x) == (x > end if strict else x >= end)
