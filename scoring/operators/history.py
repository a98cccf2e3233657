"""What earlier results say: the value of a period before, a chain of periods, a window over the last ones."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from scoring.chains import Moment, apart, before, moment_of
from scoring.conditions.closures import Closure, moved
from scoring.decimals import ten
from scoring.frames import key_text
from scoring.operators.job import Column, Job
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.typed import typed
from scoring.values import NonValue, strongest


def _remembered(job: Job, name: str) -> Callable[[int, Moment | None], Any]:
    """Return the function from (row, period) to what the measure was then, None where it was nothing."""
    kind = job.plan.type_of(job.measure.grain, name)
    frame, grain, at = job.frame, job.measure.grain, moment_of(job.frame.space)
    if at is not None:
        return _along(job, name, at)
    keys = [frame.words(row) for row in range(frame.size)]

    def read(row: int, then: Moment | None) -> Any:
        past = job.past.get(then) if isinstance(then, Period) else None
        value = None if past is None else past.value(grain, keys[row], name)
        return None if value is None else typed(value, kind)

    return read


def _along(job: Job, name: str, at: int) -> Callable[[int, Moment | None], Any]:
    """Return the same where a key is the period: the row before of this run, else of the newest run that holds it."""
    kind, grain, frame = job.plan.type_of(job.measure.grain, name), job.measure.grain, job.frame
    key_kind, here = frame.space.key_types[at], frame.measures.get(name)
    earlier = [job.past[period] for period in sorted(job.past, reverse=True) if period.unit == job.frames.period.unit]
    words = [frame.words(row) for row in range(frame.size)]

    def read(row: int, then: Moment | None) -> Any:
        if then is None:
            return None
        key = frame.keys[row]
        same = frame.index.get((*key[:at], then, *key[at + 1 :]))
        if same is not None and here is not None:
            return here[same]
        text = (*words[row][:at], key_text(then, key_kind), *words[row][at + 1 :])
        found = (past.value(grain, text, name) for past in earlier)
        value = next((one for one in found if one is not None), None)
        return None if value is None else typed(value, kind)

    return read


def _now(job: Job) -> Callable[[int], Moment]:
    """Return the period of each row: that of its key, else that of the run."""
    at, period, keys = moment_of(job.frame.space), job.frames.period, job.frame.keys
    if at is None:
        return lambda row: period
    return lambda row: moment if isinstance(moment := keys[row][at], Period | date) else period


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
    read, period_of = _remembered(job, operator.of), _now(job)

    def at(row: int) -> Any:
        value = read(row, before(period_of(row), operator.back))
        if value is None:
            return given[0](row)
        if kind.kind == "number" and kind.places is not None and kind.places != total.places:
            return moved(lambda _: value, kind.places, total.places)(row)
        return value

    return Column(at, total.places)


def run(job: Job, operator: doc.Run) -> Column:
    """How many periods in a row, this one included, the condition held; a period without a result breaks the chain."""
    read, period_of = _remembered(job, operator.of), _now(job)
    now = job.frame.measures[operator.of]

    def at(row: int) -> Any:
        if isinstance(now[row], NonValue):
            return now[row]
        count, period = int(now[row]), period_of(row)
        while count:
            then = before(period)
            if then is None or apart(then, period, operator.reset) or read(row, then) is not True:
                break
            count, period = count + 1, then
        return count

    return Column(at, 0)


def window(job: Job, operator: doc.Window) -> Column:
    """A summary over the results of the last periods, this one included; periods without a result are passed over.

    >>> from scoring.example import column, season
    >>> from scoring.evaluate import Run
    >>> rule = "{window: {of: games, last: 3, take: sum}}"
    >>> column(rule, run=Run("2026", history=[season(rule, run=Run("2025")).remembered()]))
    ['4', '2']
    """
    kind = job.plan.type_of(job.measure.grain, operator.of)
    read, period_of, now = _remembered(job, operator.of), _now(job), job.frame.measures[operator.of]
    take, taken = _TAKES[operator.take], _taken(operator.take, kind)
    given, total = job.gives([operator.empty] if operator.empty is not None else [], taken)
    unit = 1 if kind.places is None else ten(kind.places)

    def at(row: int) -> Any:
        values, period = [now[row]], period_of(row)
        for _ in range(operator.last - 1):
            then = before(period)
            if then is None or apart(then, period, operator.reset):
                break
            values.append(read(row, then))
            period = then
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
