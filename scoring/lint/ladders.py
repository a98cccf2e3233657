"""Points along limits: whether they only rise or only fall, and where they turn."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from scoring.lint.amounts import Amount
from scoring.lint.finding import Example
from scoring.lint.work import give_text
from scoring.rulebook import document as doc


def no_less(one: Amount, other: Amount) -> bool:
    """Tell whether every value of the one is at least every value of the other.

    >>> from scoring.lint.amounts import between
    >>> no_less(between(5, 9), between(0, 5))
    True
    """
    return one.low is not None and other.high is not None and one.low >= other.high


def falls(values: Sequence[Amount]) -> bool:
    """Tell whether values never rise from one to the next.

    >>> from scoring.lint.amounts import between
    >>> falls([between(9, 9), between(5, 5), between(5, 5)])
    True
    """
    return all(no_less(upper, lower) for upper, lower in pairwise(values))


def turn(values: Sequence[Amount]) -> int:
    """Return the first step that runs against the way from the first value to the last.

    >>> from scoring.lint.amounts import between
    >>> turn([between(value, value) for value in (10, 8, 9, 0)])
    1
    """
    down = no_less(values[0], values[-1])
    pairs = list(enumerate(pairwise(values)))
    against = [at for at, (one, other) in pairs if not (no_less(one, other) if down else no_less(other, one))]
    return against[0] if against else 0


def example(operator: doc.Steps, limit: Decimal, pair: tuple[doc.Give, doc.Give]) -> Example:
    """Return what happens as a value crosses a limit: what it gave before, and what it gives from there.

    >>> from scoring.example import league
    >>> made = league("{steps: {of: games, at_least: {9: 2}, else: 1}}")
    >>> operator = made.document.measures["team"]["x"].operator
    >>> [(_, [(limit, give)])] = operator.limits
    >>> str(example(operator, limit, (give, operator.otherwise)))
    'games = < 9 → 9 → 1 → 2'
    """
    sign = "<" if operator.compare in ("at_least", "above") else ">"
    given = ((operator.of.text, f"{sign} {limit} → {limit}"),)
    return Example(given, f"{give_text(pair[1])} → {give_text(pair[0])}")
