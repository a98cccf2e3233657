"""Columns of exact quotients: pairs of whole numbers, the lower one above zero, in lowest terms once they grow."""

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm
from typing import Final

import numpy as np

from scoring.batch.integers import FITS, Array, Ints, add, alike, divided, ints, mul, neg, take, tight, times, wide
from scoring.decimals import ten

_GROWN: Final = 2**31


@dataclass(frozen=True, slots=True)
class Quotients:
    """n / d, row by row; every d is above zero."""

    n: Ints
    d: Ints

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.n)


def lowest(x: Quotients) -> Quotients:
    """Return the same quotients in lowest terms.

    >>> lowest(Quotients(ints([6, 0]), ints([4, 9]))).d.data.tolist()
    [2, 1]
    """
    common = np.gcd(x.n.data, x.d.data)
    return Quotients(tight(Ints(x.n.data // common, x.n.most)), tight(Ints(x.d.data // common, x.d.most)))


def _ready(a: Quotients, b: Quotients) -> tuple[Quotients, Quotients]:
    """Return two columns for a step that multiplies them, in lowest terms if it would not fit otherwise."""
    widest = max(a.n.most, a.d.most) * max(b.n.most, b.d.most)
    return (lowest(a), lowest(b)) if widest > FITS // 4 else (a, b)


def _levelled(a: Quotients, b: Quotients) -> tuple[Ints, Ints, Ints]:
    """Return two numerators over one denominator, and that."""
    one, other = a.d.same, b.d.same
    if one is not None and one == other:
        return a.n, b.n, a.d
    if one is not None and other is not None:
        both = lcm(one, other)
        return times(a.n, both // one), times(b.n, both // other), alike(both, len(a))
    a, b = _ready(a, b)
    return mul(a.n, b.d), mul(b.n, a.d), mul(a.d, b.d)


def plus(a: Quotients, b: Quotients) -> Quotients:
    """Return a + b.

    >>> total = lowest(plus(Quotients(ints([1]), ints([2])), Quotients(ints([1]), ints([6]))))
    >>> total.n.data.tolist(), total.d.data.tolist()
    ([2], [3])
    """
    left, right, below = _levelled(a, b)
    return Quotients(add(left, right), below)


def minus(a: Quotients, b: Quotients) -> Quotients:
    """Return a - b.

    >>> one, three = whole(ints([1]), 0), whole(ints([3]), 0)
    >>> minus(one, three).n.data.tolist()
    [-2]
    """
    return plus(a, Quotients(neg(b.n), b.d))


def product(a: Quotients, b: Quotients) -> Quotients:
    """Return a times b.

    >>> product(whole(ints([2]), 0), whole(ints([3]), 1)).n.data.tolist()
    [6]
    """
    a, b = _ready(a, b)
    return Quotients(mul(a.n, b.n), mul(a.d, b.d))


def over(a: Quotients, b: Quotients) -> Quotients:
    """Return a / b; no b is zero.

    >>> x = over(Quotients(ints([1]), ints([2])), Quotients(ints([-3]), ints([4])))
    >>> x.n.data.tolist(), x.d.data.tolist()
    ([-4], [6])
    """
    a, b = _ready(a, b)
    n, d = mul(a.n, b.d), mul(a.d, b.n)
    turned = d.data < 0
    if not turned.any():
        return Quotients(n, d)
    flip = np.where(turned, -1, 1)
    return Quotients(Ints(n.data * flip, n.most), Ints(d.data * flip, d.most))


def compared(compare: Callable[[Array, Array], Array], a: Quotients, b: Quotients) -> Array:
    """Return a comparison, row by row, by cross multiplication.

    >>> compared(np.less, whole(ints([1, 5]), 0), whole(ints([15, 15]), 1)).tolist()
    [True, False]
    """
    left, right, _ = _levelled(a, b)
    return np.asarray(compare(left.data, right.data), dtype=bool)


def at(x: Quotients, rows: Array) -> Quotients:
    """Return the quotients of some rows.

    >>> at(whole(ints([4, 5, 6]), 0), np.array([2, 0])).n.data.tolist()
    [6, 4]
    """
    return Quotients(take(x.n, rows), take(x.d, rows))


def whole(x: Ints, places: int) -> Quotients:
    """Return scaled numbers as quotients.

    >>> whole(ints([15]), 1).d.data.tolist()
    [10]
    """
    return Quotients(x, alike(ten(places), len(x)))


def rounded(x: Quotients, places: int, mode: str) -> Ints:
    """Return quotients as numbers at `places`.

    >>> rounded(Quotients(ints([1, 2]), ints([3, 3])), 2, "half_up").data.tolist()
    [33, 67]
    """
    if x.n.most * ten(places) > FITS:
        x = lowest(x)
    return divided(times(x.n, ten(places)), x.d, mode)


def one_below(x: Quotients) -> Quotients | None:
    """Return the same quotients over one denominator, or None where that would be large.

    >>> x = one_below(Quotients(ints([1, 1]), ints([2, 3])))
    >>> x.n.data.tolist(), x.d.same
    ([3, 2], 6)
    """
    if x.d.same is not None:
        return x
    short = lowest(x)
    below = 1
    for each in np.unique(wide(short.d.data) if short.d.most > FITS else short.d.data):
        below = lcm(below, int(each))
        if below > _GROWN:
            return None
    factor = ints(below // short.d.data)
    return Quotients(mul(short.n, factor), alike(below, len(x)))
