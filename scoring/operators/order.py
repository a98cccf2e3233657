"""Places in an order, and totals that run along one."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

from scoring.conditions.closures import Closure
from scoring.decimals import ten
from scoring.incomputable import Incomputable
from scoring.operators.job import Column, Job
from scoring.rulebook import document as doc
from scoring.values import NonValue, shown, strongest

OUTSIDE: Final = NonValue("NOT_APPLICABLE", ("OUTSIDE",))


def rank(job: Job, operator: doc.Rank) -> Column:
    """The place of each row among the rows of its group; rows without keys get that absence instead of a place.

    >>> from scoring.example import column
    >>> column("{rank: {by: [{key: games, first: high}], from: best, ties: competition}}")
    ['1', '2']
    """
    keys = [(job.here(cel), first) for cel, first in operator.by]
    within = [job.here(cel) for cel in operator.within]
    where = None if operator.where is None else job.here(operator.where)
    values: dict[int, Any] = {}
    groups: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], int]]] = {}
    for row in job.live:
        if where is not None and not where(row):
            values[row] = OUTSIDE
            continue
        group = tuple(each(row) for each in within)
        key = [each(row) for each, _ in keys]
        gaps = [part for part in (*group, *key) if isinstance(part, NonValue)]
        if gaps:
            values[row] = strongest(gaps)
        else:
            ordered = tuple(_sortable(part, first, operator.start) for part, (_, first) in zip(key, keys, strict=True))
            groups.setdefault(group, []).append((ordered, row))
    for members in groups.values():
        values.update(_places(members, operator.ties))
    return Column(values.__getitem__, 1 if operator.ties == "mid" else 0)


def _sortable(part: Any, first: str, start: str) -> Any:
    """Return a key as a number that sorts the rows ahead to the front."""
    number = part.toordinal() if isinstance(part, date) else int(part) if isinstance(part, bool) else part
    return -number if (first == "high") == (start == "best") else number


def _places(members: list[tuple[tuple[Any, ...], int]], ties: str) -> dict[int, int]:
    """Give every member of one group its place; `mid` counts in tenths."""
    members.sort()
    out: dict[int, int] = {}
    start, dense = 0, 0
    while start < len(members):
        end = start
        while end < len(members) and members[end][0] == members[start][0]:
            end += 1
        dense += 1
        place = {"competition": start + 1, "dense": dense, "last": end, "mid": 5 * (start + 1 + end)}[ties]
        out.update({row: place for _, row in members[start:end]})
        start = end
    return out


def running(job: Job, operator: doc.Running) -> Column:
    """The total over rows of the same keys, up to and including this row; `within` looks back so many days or units.

    >>> from scoring.example import column
    >>> column("{running: {sum: points, per: [team], by: date}}", "game")
    ['10', '30.5', '7']
    """
    per = [job.here(cel) for cel in operator.per]
    by, where = job.here(operator.by), None if operator.where is None else job.here(operator.where)
    operand: Closure = (lambda _: 1) if operator.operand is None else job.here(operator.operand)
    places = 0 if operator.operand is None else job.tree(operator.operand).type.places
    within = None if operator.within is None else job.exactly(operator.within)
    unit = ten(job.tree(operator.by).type.places or 0)
    values: dict[int, Any] = {}
    groups: dict[tuple[Any, ...], list[tuple[Any, int, Any]]] = {}
    for row in job.live:
        if where is not None and not where(row):
            values[row] = OUTSIDE
            continue
        key, at, x = tuple(each(row) for each in per), by(row), operand(row)
        gaps = [part for part in (*key, at, x) if isinstance(part, NonValue)]
        if gaps:
            values[row] = strongest(gaps)
        if not any(isinstance(part, NonValue) for part in (*key, at)):
            groups.setdefault(key, []).append((_position(at, unit), row, x))
    for members in groups.values():
        members.sort(key=lambda one: one[:2])
        values.update(_totals(members, within))
    return Column(values.__getitem__, places)


def _position(at: Any, unit: int) -> Any:
    """Return a position as a number whose differences are days or whole units."""
    return at.toordinal() if isinstance(at, date) else at if unit == 1 else Fraction(at, unit)


def _totals(members: list[tuple[Any, int, Any]], within: Callable[[int], Fraction] | None) -> dict[int, Any]:
    """Return the running totals of one group in order; rows without a value of their own have theirs already.

    A row that is NOT_APPLICABLE adds nothing; any stronger absence inside a row's window takes the place of its total.
    """
    out: dict[int, Any] = {}
    positions = [at for at, _, _ in members]
    sums = list(accumulate((0 if isinstance(x, NonValue) else x for _, _, x in members), initial=0))
    lacks = [(number, x) for number, (_, _, x) in enumerate(members) if isinstance(x, NonValue) and _serious(x)]
    for number, (at, row, x) in enumerate(members):
        if isinstance(x, NonValue):
            continue
        start, back = 0, None if within is None else within(row)
        if back is not None and back < 0:
            raise Incomputable("WITHIN_NEGATIVE", at=row, got=shown(back))
        if back is not None:
            start = bisect_left(positions, at - back)
        gaps = [gap for place, gap in lacks if start <= place < number]
        out[row] = strongest(gaps) if gaps else sums[number + 1] - sums[start]
    return out


def _serious(gap: NonValue) -> bool:
    return gap.kind != "NOT_APPLICABLE"
