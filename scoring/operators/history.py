"""What earlier results say: the value of a period before, a chain of periods, a window over the last ones."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from scoring.conditions.closures import Closure, moved
from scoring.decimals import ten
from scoring.operators.job import Column, Job
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.typed import typed
from scoring.values import NonValue, strongest


def _remembered(job: Job, name: str) -> Callable[[int, Period | None], Any]:
    """Return the function from (row, period) to what was remembered then, None where nothing was."""
    kind = job.plan.type_of(job.measure.grain, name)
    frame = job.frame
    keys = [frame.words(row) for row in range(frame.size)]

    def read(row: int, period: Period | None) -> Any:
        past = None if period is None else job.past.get(period)
        value = None if past is None else past.value(job.measure.grain, keys[row], name)
        return None if value is None else typed(value, kind)

    return read


def previous(job: Job, operator: doc.Previous) -> Column:
    """The value `back` periods ago, or what is given where there was none.

    >>> from scoring.example import column, season
    >>> from scoring.evaluate import Run
    >>> rule = "{previous: {of: games, back: 1, otherwise: 0}}"
    >>> column(rule, run=Run("2026", history=[season(rule, run=Run("2025")).remembered()]))
    ['2', '1']
    """
    kind = job.plan.type_of(job.measure.grain, operator.of)
    given, total = job.gives([operator.otherwise], kind)
    read, then = _remembered(job, operator.of), job.frames.period.before(operator.back)

    def at(row: int) -> Any:
        value = read(row, then)
        if value is None:
            return given[0](row)
        if kind.kind == "number" and kind.places is not None and kind.places != total.places:
            return moved(lambda _: value, kind.places, total.places)(row)
        return value

    return Column(at, total.places)


def run(job: Job, operator: doc.Run) -> Column:
    """How many periods in a row, this one included, the condition held; a period without a result breaks the chain."""
    read = _remembered(job, operator.of)
    now = job.frame.measures[operator.of]

    def at(row: int) -> Any:
        if isinstance(now[row], NonValue):
            return now[row]
        count, period = int(now[row]), job.frames.period
        while count:
            before = period.before()
            if before is None or _reset(before, period, operator.reset) or read(row, before) is not True:
                break
            count, period = count + 1, before
        return count

    return Column(at, 0)


def _reset(before: Period, period: Period, unit: str | None) -> bool:
    """Tell whether a boundary at which counting starts anew lies between two periods."""
    return unit is not None and Period.of(before.first, unit) != Period.of(period.first, unit)


def window(job: Job, operator: doc.Window) -> Column:
    """A summary over the results of the last periods, this one included; periods without a result are passed over.

    >>> from scoring.example import column, season
    >>> from scoring.evaluate import Run
    >>> rule = "{window: {of: games, last: 3, take: sum}}"
    >>> column(rule, run=Run("2026", history=[season(rule, run=Run("2025")).remembered()]))
    ['4', '2']
    """
    kind = job.plan.type_of(job.measure.grain, operator.of)
    read, now = _remembered(job, operator.of), job.frame.measures[operator.of]
    take, taken = _TAKES[operator.take], _taken(operator.take, kind)
    given, total = job.gives([operator.empty] if operator.empty is not None else [], taken)
    unit = 1 if kind.places is None else ten(kind.places)

    def at(row: int) -> Any:
        values, period = [now[row]], job.frames.period
        for _ in range(operator.last - 1):
            before = period.before()
            if before is None or _reset(before, period, operator.reset):
                break
            values.append(read(row, before))
            period = before
        there = [value for value in values if value is not None]
        serious = [one for one in there if isinstance(one, NonValue) and one.kind != "NOT_APPLICABLE"]
        if serious:
            return strongest(serious)
        counted = [one for one in there if not isinstance(one, NonValue)]
        if not counted and given:
            return given[0](row)
        return _at(take(counted, unit), taken, total)(row)

    return Column(at, total.places)


def _at(value: Any, kind: Type, total: Type) -> Closure:
    """Bring a summary to the places of the whole."""
    if kind.kind == "number" and kind.places is not None and kind.places != total.places:
        return moved(lambda _: value, kind.places, total.places)
    return lambda _: value


def _taken(take: str, kind: Type) -> Type:
    """Return the type of a summary over a window."""
    fixed = {"count": Type("number", places=0), "any": Type("bool"), "every": Type("bool"), "mean": Type("number")}
    return fixed.get(take, kind)


_TAKES: Final[dict[str, Callable[[list[Any], int], Any]]] = {
    "sum": lambda values, _: sum(values),
    "mean": lambda values, unit: Fraction(sum(values)) / (len(values) * unit),
    "least": lambda values, _: min(values),
    "greatest": lambda values, _: max(values),
    "count": lambda values, _: len(values),
    "any": lambda values, _: any(values),
    "every": lambda values, _: all(values),
}
