"""Columns of whole numbers that cannot wrap: int64 while the result surely fits, Python integers where it might not.

Every column carries a bound: no value lies further from zero. Each step first reckons the bound of its result from the
bounds of what goes in. Only when that leaves int64 are the values themselves looked at, and only when these leave it as
well does this one step, and what follows from it, go on with Python integers (an array of objects), exact at any size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
FITS: Final = 2**63 - 1
"""The greatest distance from zero an int64 is trusted with."""


@dataclass(frozen=True, slots=True)
class Ints:
    """Whole numbers; none is further from zero than `most`; `same` is the one value of all rows, where there is one."""

    data: Array
    most: int
    same: int | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.data)


def ints(values: "list[int] | Array") -> Ints:
    """Return a column of numbers.

    >>> ints([1, -5]).most, ints([10**30]).data.dtype
    (5, dtype('O'))
    """
    try:
        data = np.asarray(values, dtype=np.int64)
    except OverflowError:
        data = np.array(values, dtype=object)
    return tight(Ints(data, 0))


def alike(value: int, size: int) -> Ints:
    """Return a column of one value, without storing it more than once.

    >>> alike(7, 3).data.tolist(), alike(7, 3).same
    ([7, 7, 7], 7)
    """
    kind = np.int64 if abs(value) <= FITS else object
    return Ints(np.broadcast_to(np.array(value, dtype=kind), (size,)), abs(value), value)


def tight(x: Ints) -> Ints:
    """Return the same numbers with the smallest bound, as int64 if they fit.

    >>> tight(Ints(np.array([3, -4]), 10**30)).most
    4
    """
    if x.same is not None:
        return x
    most = max(abs(int(x.data.min())), abs(int(x.data.max()))) if len(x.data) else 0
    if most > FITS:
        return Ints(wide(x.data), most)
    return Ints(x.data.astype(np.int64, copy=False), most)


def wide(data: Array) -> Array:
    """Return numbers as Python integers.

    >>> wide(np.array([1, 2])).dtype
    dtype('O')
    """
    return data if data.dtype == object else data.astype(object)


def _fitted(a: Ints, b: Ints, grow: Callable[[int, int], int]) -> tuple[Array, Array, int]:
    """Return two columns for a step whose bound grows so: as they are, or as Python integers if it might not fit."""
    most = grow(a.most, b.most)
    if most > FITS:
        a, b = tight(a), tight(b)
        most = grow(a.most, b.most)
        if most > FITS:
            return wide(a.data), wide(b.data), most
    return a.data, b.data, most


def _plus(a: int, b: int) -> int:
    return a + b


def _times(a: int, b: int) -> int:
    return a * b


def add(a: Ints, b: Ints) -> Ints:
    """Return a + b.

    >>> add(ints([2**62]), ints([2**62])).data.tolist() == [2**63]
    True
    """
    if a.same is not None and b.same is not None:
        return alike(a.same + b.same, len(a))
    left, right, most = _fitted(a, b, _plus)
    return Ints(left + right, most)


def sub(a: Ints, b: Ints) -> Ints:
    """Return a - b.

    >>> sub(ints([1]), ints([3])).data.tolist()
    [-2]
    """
    if a.same is not None and b.same is not None:
        return alike(a.same - b.same, len(a))
    left, right, most = _fitted(a, b, _plus)
    return Ints(left - right, most)


def mul(a: Ints, b: Ints) -> Ints:
    """Return a times b.

    >>> mul(ints([2**40, 3]), ints([2**40, 3])).data.tolist() == [2**80, 9]
    True
    """
    if a.same is not None and b.same is not None:
        return alike(a.same * b.same, len(a))
    if a.same == 1:
        return b
    if b.same == 1:
        return a
    left, right, most = _fitted(a, b, _times)
    return Ints(left * right, most)


def times(a: Ints, factor: int) -> Ints:
    """Return a times one number.

    >>> times(ints([1, 2]), 10).data.tolist()
    [10, 20]
    """
    return mul(a, alike(factor, len(a)))


def neg(a: Ints) -> Ints:
    """Return -a.

    >>> neg(ints([1, -2])).data.tolist()
    [-1, 2]
    """
    return Ints(-a.data, a.most, None if a.same is None else -a.same)


def absolute(a: Ints) -> Ints:
    """Return |a|.

    >>> absolute(ints([1, -2])).data.tolist()
    [1, 2]
    """
    return Ints(np.abs(a.data), a.most, None if a.same is None else abs(a.same))


def take(a: Ints, rows: Array) -> Ints:
    """Return the numbers of some rows.

    >>> take(ints([7, 8, 9]), np.array([2, 0])).data.tolist()
    [9, 7]
    """
    return Ints(a.data[rows], a.most) if a.same is None else alike(a.same, len(rows))


def totals(a: Ints, starts: Array) -> Ints:
    """Return the sum of every run of rows; runs begin at `starts` and none is empty.

    >>> totals(ints([1, 2, 2**62, 2**62]), np.array([0, 2])).data.tolist() == [3, 2**63]
    True
    """
    if not len(starts):
        return ints([])
    longest = int(np.diff(np.append(starts, len(a))).max())
    if a.most * longest > FITS:
        a = tight(a)
    most = a.most * longest
    data = a.data if most <= FITS else wide(a.data)
    return Ints(np.add.reduceat(data, starts), most)


def running(a: Ints) -> Ints:
    """Return the totals up to and including each row.

    >>> running(ints([1, 2, 3])).data.tolist()
    [1, 3, 6]
    """
    if a.most * len(a) > FITS:
        a = tight(a)
    most = a.most * len(a)
    return Ints(np.cumsum(a.data if most <= FITS else wide(a.data), dtype=None), most)


def divided(n: Ints, d: Ints, mode: str) -> Ints:
    """Return n / d as whole numbers by a mode of `decimals.round_div`; every d is above zero.

    >>> from scoring.decimals import MODES
    >>> [divided(ints([5, -5]), ints([2, 2]), mode).data.tolist() for mode in MODES]
    [[3, -3], [2, -2], [2, -3], [3, -2], [3, -3], [2, -2], [2, -2]]
    """
    if d.same == 1:
        return n
    floor, rest = n.data // d.data, n.data % d.data
    if mode == "floor":
        return Ints(floor, n.most + 1)
    whole, below = rest == 0, floor < 0
    if mode == "ceiling":
        return Ints(floor + ~whole, n.most + 1)
    up = ~whole & (below ^ _away(floor, rest, d.data - rest, mode))
    return Ints(floor + up, n.most + 1)


def _away(floor: Array, rest: Array, left: Array, mode: str) -> Array:
    """Tell for each row whether it goes away from zero; `rest` above the floor and `left` below the next whole."""
    below = floor < 0
    if mode == "down":
        return np.zeros(len(floor), dtype=bool)
    if mode == "up":
        return np.ones(len(floor), dtype=bool)
    beyond = np.where(below, left > rest, rest > left)
    if mode == "half_down":
        return beyond
    middle = rest == left
    if mode == "half_even":
        odd = np.where(below, floor + 1, floor) % 2 == 1
        middle = middle & odd
    return np.asarray(beyond | middle, dtype=bool)
