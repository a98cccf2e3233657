"""One measure for all rows of its grain: require, needs, operator, floor, cap, round, in this order."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from scoring.conditions.closures import Closure, at_places, moved
from scoring.decimals import MODES, rescale, round_fraction
from scoring.incomputable import Incomputable
from scoring.operators import OPERATORS, Column, Job
from scoring.rulebook import document as doc
from scoring.values import NonValue, strongest


def compute(job: Job) -> None:
    """Compute one measure and put it into its frame, with what the operator gave before floor, cap and round.

    Raises FactsRefused, naming measure and row, where a figure does not exist.

    >>> from scoring.example import season
    >>> made = season("{over: game, sum: points}")
    >>> compute(Job(made.plan, made.frames, made.plan.document.measures["team"]["games"], (), {}))
    >>> made.frames.frame("team").measures["games"]
    [2, 1]
    """
    asked: list[int] = []
    try:
        _compute(job, asked)
    except Incomputable as met:
        at = asked[-1] if met.at is None and asked else met.at
        name = f"{job.measure.grain}.{job.measure.name}"
        raise met.refusal(job.measure.place, name, "" if at is None else job.frame.row_id(at)) from None


def _compute(job: Job, asked: list[int]) -> None:
    """Compute one measure; `asked` ends with the row last asked."""
    measure, frame = job.measure, job.frame
    blocked = _blocked(job)
    live = [row for row in range(frame.size) if row not in blocked]
    job = Job(job.plan, job.frames, measure, live, job.past)
    column = OPERATORS[type(measure.operator)](job, measure.operator)
    values: list[Any] = [None] * frame.size
    for row in live:
        asked[:] = [row]
        values[row] = column.at(row)
    for row, gap in blocked.items():
        values[row] = gap
    if measure.floor is not None or measure.cap is not None or measure.round is not None:
        frame.raw[measure.name] = values
        finish = finisher(job, column, values)
        values = list(values)
        for row in live:
            asked[:] = [row]
            values[row] = finish(row)
    frame.measures[measure.name] = values


def _blocked(job: Job) -> dict[int, NonValue]:
    """Return the rows that a failed requirement or a missing need stops, with what they get instead."""
    measure, frame = job.measure, job.frame
    out: dict[int, NonValue] = {}
    if measure.require is not None:
        conditions = [(reason, job.here(condition)) for reason, condition in measure.require.that]
        for row in range(frame.size):
            failed = tuple(reason for reason, holds in conditions if not holds(row))
            if failed:
                out[row] = NonValue(measure.require.kind, failed)
    needed = [frame.measures[name] for name in measure.needs]
    for row in range(frame.size) if needed else ():
        gaps = [values[row] for values in needed if isinstance(values[row], NonValue)]
        if gaps and row not in out:
            out[row] = strongest(gaps)
    return out


def finisher(job: Job, column: Column, values: Sequence[Any]) -> Closure:
    """Return the function that applies floor, cap and round to the operator's values.

    >>> from scoring.example import column
    >>> column("{over: game, sum: points, floor: 8, cap: 20.04, round: 1 half_up}")
    ['20', '8']
    """
    measure = job.measure
    places = column.places
    inner: Closure = values.__getitem__
    for bound, choose in ((measure.floor, max), (measure.cap, min)):
        if bound is not None:
            tree = job.tree(bound)
            common = None if places is None or tree.type.places is None else max(places, tree.type.places)
            value = inner if common == places or places is None else moved(inner, places, common)
            inner = _bounded(value, at_places(tree, common, job.rows), choose)
            places = common
    return inner if measure.round is None else _rounded(job, inner, places, measure.round)


def _bounded(inner: Closure, bound: Closure, choose: Any) -> Closure:
    def at(row: int) -> Any:
        value = inner(row)
        if isinstance(value, NonValue):
            return value
        limit = bound(row)
        return limit if isinstance(limit, NonValue) else choose(value, limit)

    return at


def _rounded(job: Job, inner: Closure, places: int | None, rounding: doc.Rounding) -> Closure:
    mode = rounding.mode if rounding.mode in MODES else str(job.frames.settings[rounding.mode]).lower()
    to = rounding.places

    def at(row: int) -> Any:
        value = inner(row)
        if isinstance(value, NonValue):
            return value
        return round_fraction(Fraction(value), to, mode) if places is None else rescale(value, places, to, mode)

    return at
