"""What earlier results say, as columns: the value of a period before, a chain of periods."""

import numpy as np

from scoring.batch.arithmetic import moved
from scoring.batch.columns import Column, assemble, from_values, numbers, pick
from scoring.batch.formulas import Rows
from scoring.batch.integers import Array, ints
from scoring.batch.operators.rare import by_row
from scoring.batch.work import Gives, Outcome, Work
from scoring.chains import apart, moment_of
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.typed import typed


def _remembered(work: Work, name: str, period: Period | None) -> tuple[Array, Column]:
    """Return the live rows (by their places among them) something was remembered of then, and what."""
    kind = work.plan.type_of(work.measure.grain, name)
    past, sheet = None if period is None else work.past.get(period), work.sheet
    at, values = [], []
    for place, row in enumerate(work.live.numbers().tolist() if past is not None else ()):
        value = past.value(work.measure.grain, sheet.words(row), name) if past else None
        if value is not None:
            at.append(place)
            values.append(typed(value, kind))
    return np.array(at, dtype=np.int64), from_values(values, kind, work.pool)


def previous(work: Work, operator: doc.Previous) -> Outcome:
    """The value `back` periods ago, or what is given where there was none.

    >>> from scoring.batch.example import column
    >>> column("{previous: {of: games, back: 1, otherwise: 7}}")
    ['7', '7']
    """
    if moment_of(work.sheet.space) is not None:
        return by_row(work, operator)
    kind = work.plan.type_of(work.measure.grain, operator.of)
    given = Gives([operator.otherwise], work, kind)
    at, column = _remembered(work, operator.of, work.sheets.period.before(operator.back))
    if kind.kind == "number":
        column = moved(column, kind.places, given.type.places)
    pieces = [(at, column)] if len(at) else []
    left = np.ones(work.live.size, dtype=bool)
    left[at] = False
    if left.any() or not pieces:
        pieces.append((np.flatnonzero(left), given.at(0, Rows.some(work.live.numbers()[left]))))
    return Outcome(assemble(work.live.size, pieces), given.type.places)


def run(work: Work, operator: doc.Run) -> Outcome:
    """How many periods in a row, this one included, the condition held; a period without a result breaks the chain."""
    if moment_of(work.sheet.space) is not None:
        return by_row(work, operator)
    now = work.live.of(work.sheet.column("measure", operator.of))
    unbroken = now.data.astype(bool) & ~now.absent
    count, period = unbroken.astype(np.int64), work.sheets.period
    while unbroken.any():
        before = period.before()
        if before is None or before not in work.past or apart(before, period, operator.reset):
            break
        at, held = _remembered(work, operator.of, before)
        still = np.zeros(work.live.size, dtype=bool)
        still[at] = (held.data.astype(bool) & ~held.absent) if held.kind == "bool" else False
        unbroken &= still
        count += unbroken
        period = before
    return Outcome(numbers(ints(count), pick(now, np.arange(len(now))).gaps), 0)
