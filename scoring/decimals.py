"""Exact numbers: scaled integers, exact quotients and the only rounding there is.

A number is an integer at a known count of decimal places (`12.50` at two places is 1250) or, after a division, an
exact `Fraction`. Nothing here ever passes through binary floating point. Logarithms and roots, which have no exact
decimal, are correctly rounded (ties to even) to a stated number of places.
"""

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

MODES: Final = ("up", "down", "floor", "ceiling", "half_up", "half_down", "half_even")
_DIGITS_START: Final = 40
_DIGITS_MOST: Final = 400


def ten(power: int) -> int:
    """Return ten to a power of at least zero.

    >>> ten(3)
    1000
    """
    return int(10**power)


def round_div(n: int, d: int, mode: str) -> int:
    """Return n / d as an integer, rounded by `mode`; half_up and half_down look at the distance from zero.

    Raises ZeroDivisionError when d is zero and ValueError for a mode outside `MODES`.

    >>> [round_div(5, 2, mode) for mode in MODES]
    [3, 2, 2, 3, 3, 2, 2]
    >>> [round_div(-5, 2, mode) for mode in MODES]
    [-3, -2, -3, -2, -3, -2, -2]
    """
    if d < 0:
        n, d = -n, -d
    floor, rest = divmod(n, d)
    if rest == 0:
        return floor
    if mode == "floor":
        return floor
    if mode == "ceiling":
        return floor + 1
    negative = floor < 0
    toward_zero = floor + 1 if negative else floor
    away = floor if negative else floor + 1
    if mode == "down":
        return toward_zero
    if mode == "up":
        return away
    return _half(2 * abs(n) % (2 * d) - d, toward_zero, away, mode)


def _half(excess: int, toward_zero: int, away: int, mode: str) -> int:
    """Choose between two neighbours by the distance beyond the middle (negative, zero, positive)."""
    if mode not in MODES:
        raise ValueError(f"unknown rounding mode {mode!r}")
    if excess > 0:
        return away
    if excess < 0:
        return toward_zero
    if mode == "half_up":
        return away
    if mode == "half_down":
        return toward_zero
    return toward_zero if toward_zero % 2 == 0 else away


def round_fraction(x: Fraction, places: int, mode: str) -> int:
    """Return x as an integer at `places` decimal places.

    >>> round_fraction(Fraction(1, 3), 2, "half_up"), round_fraction(Fraction(-1, 3), 2, "floor")
    (33, -34)
    """
    return round_div(x.numerator * ten(places), x.denominator, mode)


def rescale(n: int, places: int, to: int, mode: str) -> int:
    """Move a scaled integer to another number of places, rounding by `mode` where digits are lost.

    >>> rescale(12345, 3, 2, "half_even"), rescale(12, 0, 2, "down")
    (1234, 1200)
    """
    return n * ten(to - places) if to >= places else round_div(n, ten(places - to), mode)


def exact(value: Decimal, places: int) -> int:
    """Return a decimal as an integer at `places`; raise ValueError when digits would be lost.

    >>> exact(Decimal("12.5"), 2)
    1250
    """
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a number")
    if exponent > _DIGITS_START:
        raise ValueError(f"{value} is too large")
    magnitude = int("".join(map(str, digits)))
    shift = exponent + places
    if shift < 0:
        magnitude, lost = divmod(magnitude, ten(-shift))
        if lost:
            raise ValueError(f"{value} has more than {places} decimal places")
    else:
        magnitude *= ten(shift)
    return -magnitude if value.is_signed() else magnitude


def places_of(value: Decimal) -> int:
    """Return how many decimal places a decimal needs.

    >>> places_of(Decimal("0.60")), places_of(Decimal("1E+2"))
    (1, 0)
    """
    exponent = value.normalize(_WIDE).as_tuple().exponent
    assert isinstance(exponent, int), "only finite decimals reach this point"
    return max(0, -exponent)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without superfluous zeros.

    >>> plain(Decimal("0.60")), plain(Decimal("1E+2")), plain(Decimal("-0"))
    ('0.6', '100', '0')
    """
    normal = value.normalize(_WIDE)
    return "0" if normal == 0 else format(normal, "f")


def as_decimal(n: int, places: int) -> Decimal:
    """Return a scaled integer as a decimal with exactly `places` places.

    >>> as_decimal(-5, 2)
    Decimal('-0.05')
    """
    return Decimal((1 if n < 0 else 0, tuple(int(c) for c in str(abs(n))), -places))


def text_of(n: int, places: int) -> str:
    """Write a scaled integer with exactly `places` decimal places.

    >>> text_of(9550, 2), text_of(-5, 2), text_of(7, 0)
    ('95.50', '-0.05', '7')
    """
    if places == 0:
        return str(n)
    digits = str(abs(n)).rjust(places + 1, "0")
    return f"{'-' if n < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def root(x: Fraction, places: int) -> int:
    """Return the square root of x ≥ 0, correctly rounded (half even), as an integer at `places`.

    >>> root(Fraction(2), 4), root(Fraction(1, 4), 0)
    (14142, 0)
    """
    n, d = x.numerator * ten(2 * places), x.denominator
    floor = math.isqrt(n // d)
    # The root lies above floor + 1/2 exactly when 4n > d (2 floor + 1)^2.
    left, right = 4 * n, d * (2 * floor + 1) ** 2
    if left == right:
        return floor if floor % 2 == 0 else floor + 1
    return floor + (left > right)


def logarithm(x: Fraction, places: int, base: Fraction | None = None) -> int:
    """Return ln x, or log x to `base`, correctly rounded (half even), as an integer at `places`; x > 0.

    Precision grows until the interval around the value rounds to one integer. A value still undecided at the largest
    precision lies on a decimal exactly, as log2(8) does, and is taken as that decimal.

    >>> logarithm(Fraction(2), 6), logarithm(Fraction(8), 3, Fraction(2))
    (693147, 3000)
    """
    if x <= 0 or (base is not None and (base <= 0 or base == 1)):
        raise ValueError("a logarithm needs a positive argument and a positive base other than 1")
    digits = _DIGITS_START
    while True:
        with localcontext(Context(prec=digits)) as context:
            value = _ln(x)
            if base is not None:
                value = value / _ln(base)
            shifted = value.scaleb(places)
            slack = Decimal(10) ** (shifted.adjusted() - digits + 12) if shifted else Decimal(10) ** (12 - digits)
            low, high = (context.subtract(shifted, slack), context.add(shifted, slack))
            ends = {int(end.to_integral_value("ROUND_HALF_EVEN")) for end in (low, high)}
            if len(ends) == 1:
                return ends.pop()
            if digits >= _DIGITS_MOST:
                twice = int((shifted * 2).to_integral_value("ROUND_HALF_EVEN"))
                return round_div(twice, 2, "half_even")
        digits *= 2


def _ln(x: Fraction) -> Decimal:
    """Return ln x within a few units of the last digit of the context's precision."""
    return (Decimal(x.numerator) / Decimal(x.denominator)).ln()


_WIDE: Final = Context(prec=60)
