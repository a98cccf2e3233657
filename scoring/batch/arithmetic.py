"""Arithmetic and comparison of whole columns: at common places, or as quotients."""

from collections.abc import Callable
from operator import gt, lt
from typing import Any, Final

import numpy as np

from scoring.batch.columns import Column, assemble, numbers, pick, quotients, scaled
from scoring.batch.integers import Array, Ints, absolute, add, mul, neg, sub, take
from scoring.batch.quotients import Quotients, compared, minus, plus, product, whole


def moved(column: Column, have: int | None, places: int | None) -> Column:
    """Return numbers brought from `have` places to more, or to quotients; what is no number stays as it is.

    >>> from scoring.batch.columns import numbers
    >>> from scoring.batch.integers import ints
    >>> moved(numbers(ints([15])), 1, 3).data.tolist()
    [1500]
    """
    if column.kind != "number" or have is None or have == places:
        return column
    if places is None:
        return quotients(whole(column.ints, have), column.gaps)
    return numbers(scaled(column.ints, have, places), column.gaps)


def compare(how: Callable[[Any, Any], Any], one: Column, two: Column) -> Array:
    """Return a comparison of two columns of one kind, both present.

    >>> from operator import lt
    >>> from scoring.batch.columns import numbers
    >>> from scoring.batch.integers import ints
    >>> compare(lt, numbers(ints([1, 5])), numbers(ints([3, 3]))).tolist()
    [True, False]
    """
    assert one.bare().gaps is None, "the guard check lets a comparison meet no absence"
    assert two.bare().gaps is None, "the guard check lets a comparison meet no absence"
    if one.kind == "quotient":
        return compared(how, one.quotients, two.quotients)
    return np.asarray(how(one.data, two.data), dtype=bool)


def _choose(choose: Callable[[Array, Array], Array]) -> Callable[[Ints, Ints], Ints]:
    return lambda a, b: Ints(choose(a.data, b.data), max(a.most, b.most))


def _choose_quotients(how: Callable[[Any, Any], Any]) -> Callable[[Quotients, Quotients], Quotients]:
    """Return the function that keeps a where `how` holds between b and a is false, as min and max do."""

    def chosen(a: Quotients, b: Quotients) -> Quotients:
        second = compared(how, b, a)
        left, right = np.flatnonzero(~second), np.flatnonzero(second)
        x, y = numbers(a.n), numbers(b.n)
        upper = assemble(len(a), [(left, pick(x, left)), (right, pick(y, right))])
        lower = assemble(len(a), [(left, numbers(take(a.d, left))), (right, numbers(take(b.d, right)))])
        return Quotients(upper.ints, lower.ints)

    return chosen


least: Final = _choose(np.minimum)
greatest: Final = _choose(np.maximum)
least_quotient: Final = _choose_quotients(lt)
greatest_quotient: Final = _choose_quotients(gt)
ONE: Final[dict[str, Callable[[Ints], Ints]]] = {"neg": neg, "abs": absolute, "min": lambda a: a, "max": lambda a: a}
TWO: Final[dict[str, Callable[[Ints, Ints], Ints]]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "min": least,
    "max": greatest,
}
ONE_QUOTIENT: Final[dict[str, Callable[[Quotients], Quotients]]] = {
    "neg": lambda a: Quotients(neg(a.n), a.d),
    "abs": lambda a: Quotients(absolute(a.n), a.d),
    "min": lambda a: a,
    "max": lambda a: a,
}
TWO_QUOTIENTS: Final[dict[str, Callable[[Quotients, Quotients], Quotients]]] = {
    "add": plus,
    "sub": minus,
    "mul": product,
    "min": least_quotient,
    "max": greatest_quotient,
}
