"""Interval arithmetic on numbers as the engine holds them: from least to greatest, and how large their integers grow.

A value is n / (w · 10^tens): an integer over a whole divisor and a power of ten. Decimals have the divisor 1; a
quotient has what it was divided by. `fixed` tells that every value has the same divisor, so that values add up without
a larger one. A bound that is not known is None; None in `n` or `w` means that nothing limits the integers.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

from scoring.decimals import MODES, places_of, round_fraction, ten
from scoring.values import shown

INT64_MOST: Final = 2**63 - 1
"""The widest integer of the machine; what outgrows it is computed exactly with wider ones, more slowly."""
WIDEST: Final = 10**300 - 1
"""The widest integer a rulebook may need on the way to a result, so that the work done for one value has a limit."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What a number can be; an open end is one the value never reaches."""

    low: Fraction | None
    high: Fraction | None
    n: int | None
    w: int | None = 1
    tens: int = 0
    fixed: bool = True
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Tell whether no value is left."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def step(self) -> Fraction | None:
        """Return the distance between neighbouring values where all have one divisor."""
        return Fraction(1, self.w * ten(self.tens)) if self.fixed and self.w else None

    def sample(self) -> Fraction:
        """Return one value inside, an end where there is one."""
        if self.low is not None and not self.low_open:
            return self.low
        if self.high is not None and not self.high_open:
            return self.high
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.low is not None:
            return self.low + 1
        return Fraction(0) if self.high is None else self.high - 1

    def __str__(self) -> str:
        """Write both ends."""
        low = "−∞" if self.low is None else shown(self.low)
        return f"{low} .. {'∞' if self.high is None else shown(self.high)}"


UNBOUNDED: Final = Amount(None, None, None, None, 0, False)


def between(low: Fraction | int, high: Fraction | int, places: int = 0) -> Amount:
    """Return the decimals of so many places between two ends.

    >>> between(0, 100, 2).n, str(between(0, 100, 2))
    (10000, '0 .. 100')
    """
    least, most = Fraction(low), Fraction(high)
    return Amount(least, most, _integer(least, most, 1, places), 1, places)


def exactly(value: Decimal | int) -> Amount:
    """Return one decimal.

    >>> exactly(Decimal("0.30")).n
    3
    """
    number = Decimal(value)
    return between(Fraction(number), Fraction(number), places_of(number))


def _integer(low: Fraction | None, high: Fraction | None, w: int | None, tens: int) -> int | None:
    if low is None or high is None or w is None:
        return None
    largest = max(abs(low), abs(high)) * w * ten(tens)
    return -(-largest.numerator // largest.denominator)


def _smaller(one: int | None, other: int | None) -> int | None:
    known = [each for each in (one, other) if each is not None]
    return min(known) if known else None


def _times(*many: int | None) -> int | None:
    total = 1
    for each in many:
        if each is None:
            return None
        total *= each
    return total


def _made(low: Fraction | None, high: Fraction | None, size: tuple[int | None, int | None, int, bool]) -> Amount:
    """Return an amount whose integers are limited by its ends as well as by how it was made."""
    n, w, tens, fixed = size
    return Amount(low, high, _smaller(n, _integer(low, high, w, tens)), w, tens, fixed)


def _scaled(one: Amount, w: int | None, tens: int) -> int | None:
    """Return the integer of an amount brought to a common divisor and power of ten."""
    if one.n is None or one.w is None or w is None:
        return None
    return one.n * (w // one.w if w % one.w == 0 else w) * ten(tens - one.tens)


def common(one: Amount, other: Amount) -> tuple[int | None, int]:
    """Return the divisor and power of ten at which two amounts are added or compared.

    >>> common(between(0, 1, 2), between(0, 1, 1))
    (1, 2)
    """
    tens = max(one.tens, other.tens)
    if one.w is None or other.w is None:
        return None, tens
    return (lcm(one.w, other.w) if one.fixed and other.fixed else one.w * other.w), tens


def add(one: Amount, other: Amount) -> Amount:
    """Return the sum.

    >>> str(add(between(0, 100), between(-5, 5)))
    '-5 .. 105'
    """
    w, tens = common(one, other)
    low = None if one.low is None or other.low is None else one.low + other.low
    high = None if one.high is None or other.high is None else one.high + other.high
    parts = [_scaled(each, w, tens) for each in (one, other)]
    n = None if None in parts else sum(part for part in parts if part is not None)
    return _made(low, high, (n, w, tens, one.fixed and other.fixed))


def negative(one: Amount) -> Amount:
    """Return the amount with its sign turned.

    >>> str(negative(between(1, 3)))
    '-3 .. -1'
    """
    low, high = (None if end is None else -end for end in (one.high, one.low))
    return replace(one, low=low, high=high, low_open=one.high_open, high_open=one.low_open)


def multiply(one: Amount, other: Amount) -> Amount:
    """Return the product.

    >>> str(multiply(between(-2, 3), between(0, 5)))
    '-10 .. 15'
    """
    low, high = _corners(one, other)
    size = (_times(one.n, other.n), _times(one.w, other.w), one.tens + other.tens, one.fixed and other.fixed)
    return _made(low, high, size)


def _corners(one: Amount, other: Amount) -> tuple[Fraction | None, Fraction | None]:
    """Return the ends of a product; an end of nothing times zero is zero."""
    lows: list[Fraction | None] = []
    highs: list[Fraction | None] = []
    for a, b in ((a, b) for a in ("low", "high") for b in ("low", "high")):
        x, y = getattr(one, a), getattr(other, b)
        if x is not None and y is not None:
            lows.append(x * y)
            highs.append(x * y)
        elif x == 0 or y == 0:
            lows.append(Fraction(0))
            highs.append(Fraction(0))
        else:
            sign = _sign(x, a) * _sign(y, b)
            (highs if sign > 0 else lows).append(None)
    low = None if None in lows else min(end for end in lows if end is not None)
    high = None if None in highs else max(end for end in highs if end is not None)
    return low, high


def _sign(end: Fraction | None, side: str) -> int:
    if end is None:
        return -1 if side == "low" else 1
    return -1 if end < 0 else 1


def divide(one: Amount, other: Amount) -> Amount:
    """Return the quotient where the divisor is not zero.

    >>> str(divide(between(0, 100), between(0, 4)))
    '0 .. 100'
    """
    shift = one.tens - other.tens
    n = _times(one.n, other.w, 1 if shift >= 0 else ten(-shift))
    w = _times(one.w, other.n)
    fixed = one.fixed and other.low == other.high
    low, high = _quotient_ends(one, other)
    return _made(low, high, (n, None if w is None else max(w, 1), max(shift, 0), fixed))


def _quotient_ends(one: Amount, other: Amount) -> tuple[Fraction | None, Fraction | None]:
    """Return the ends of a quotient: the least divisor above zero is one step of its scale."""
    lows: list[Fraction | None] = []
    highs: list[Fraction | None] = []
    for sign in (1, -1):
        by = other if sign > 0 else negative(other)
        if by.high is not None and by.high <= 0:
            continue
        least = by.low if by.low is not None and by.low > 0 else by.step
        top = Amount(one.low, one.high, None) if sign > 0 else negative(one)
        inverse_high = None if least is None else 1 / least
        inverse = Amount(Fraction(0) if by.high is None else 1 / by.high, inverse_high, None)
        low, high = _corners(top, inverse)
        lows.append(low)
        highs.append(high)
    if not lows:
        return Fraction(0), Fraction(0)
    low = None if None in lows else min(end for end in lows if end is not None)
    high = None if None in highs else max(end for end in highs if end is not None)
    return low, high


def repeated(one: Amount, most: int, least: int = 0) -> Amount:
    """Return the sum of `least` to `most` such numbers.

    >>> str(repeated(between(1, 5), 10))
    '0 .. 50'
    """
    low = None if one.low is None else min(one.low * most, one.low * least)
    high = None if one.high is None else max(one.high * most, one.high * least)
    w = one.w if one.fixed or most <= 1 else _added_divisor(one.w, most)
    factor = 1 if one.w is None or w is None else w // one.w
    return _made(low, high, (_times(one.n, most, factor), w, one.tens, one.fixed))


def _added_divisor(w: int | None, most: int) -> int | None:
    """Return a divisor for the sum of quotients with divisors up to w, None where it outgrows any integer."""
    if w is None or (w > 1 and most > 128):
        return None
    return int(w**most) if w**most <= INT64_MOST else None


def union(many: list[Amount]) -> Amount | None:
    """Return what is either of several amounts; None for none.

    >>> str(union([between(0, 1), between(5, 9)]))
    '0 .. 9'
    """
    if not many:
        return None
    total = many[0]
    for one in many[1:]:
        total = _either(total, one)
    return total


def _either(one: Amount, other: Amount) -> Amount:
    fixed = one.fixed and other.fixed
    tens = max(one.tens, other.tens)
    w: int | None = None
    if one.w is not None and other.w is not None:
        w = lcm(one.w, other.w) if fixed else max(one.w, other.w)
    low, low_open = _outer((one.low, one.low_open), (other.low, other.low_open), lowest=True)
    high, high_open = _outer((one.high, one.high_open), (other.high, other.high_open), lowest=False)
    parts = [_scaled(each, w if fixed else each.w, tens) for each in (one, other)]
    n = None if None in parts else max(part for part in parts if part is not None)
    return Amount(low, high, n, w, tens, fixed, low_open, high_open)


def _outer(
    one: tuple[Fraction | None, bool], other: tuple[Fraction | None, bool], *, lowest: bool
) -> tuple[Fraction | None, bool]:
    if one[0] is None or other[0] is None:
        return None, False
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return min(one, other) if lowest else max(one, other)


def rounded(one: Amount, places: int, mode: str) -> Amount:
    """Return the amount after rounding; an unknown mode rounds either way.

    >>> str(rounded(divide(between(0, 100), between(3, 3)), 2, "half_up"))
    '0 .. 33.33'
    """
    down, up = (mode, mode) if mode in MODES else ("floor", "ceiling")
    low = None if one.low is None else Fraction(round_fraction(one.low, places, down), ten(places))
    high = None if one.high is None else Fraction(round_fraction(one.high, places, up), ten(places))
    return Amount(low, high, _integer(low, high, 1, places), 1, places)


def at_most(one: Amount, end: Fraction | None, *, strict: bool = False) -> Amount:
    """Return the values up to an end; where values lie on a grid the end moves to its last value.

    >>> str(at_most(between(0, 100, 1), Fraction(90), strict=True))
    '0 .. 89.9'
    """
    if end is None or (one.high is not None and one.high < end):
        return one
    if one.step is not None:
        count = end / one.step
        last = count.numerator // count.denominator
        if strict and last == count:
            last -= 1
        return _narrowed(one, last * one.step, False)
    return _narrowed(one, end, strict or (one.high == end and one.high_open))


def _narrowed(one: Amount, high: Fraction, is_open: bool) -> Amount:
    n = _smaller(one.n, _integer(one.low, high, one.w, one.tens))
    return replace(one, high=high, high_open=is_open, n=n)


def at_least(one: Amount, end: Fraction | None, *, strict: bool = False) -> Amount:
    """Return the values from an end on.

    >>> str(at_least(between(0, 100, 1), Fraction(90), strict=True))
    '90.1 .. 100'
    """
    turned = at_most(negative(one), None if end is None else -end, strict=strict)
    return negative(turned)
