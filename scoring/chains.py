"""Which row is the same row one period earlier.

Where no key of a grain is a period, a run has one row per subject and the row before stands in an earlier run. Where
one key is a period (a quarter, a month, a day), the row before has the other keys equal and the period before: it may
stand in this run or in an earlier one.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final, TypeAlias

from scoring.diagnostics import Diagnostic, diagnostic
from scoring.incomputable import Incomputable
from scoring.periods import Period, add_days
from scoring.rulebook import document as doc
from scoring.scope import Scope, Space

PERIODS_MOST: Final = 10_000
"""Periods a rule looks back at most."""
Moment: TypeAlias = Period | date
"""The period (or day) of one row."""


def moments(space: Space) -> tuple[int, ...]:
    """Return the places of a grain's keys that are periods or days; facts are named by ids alone.

    >>> from scoring.example import league
    >>> moments(league("{over: game, count: rows}").scope.spaces["team"])
    ()
    """
    if space.kind not in ("grain", "expand"):
        return ()
    return tuple(at for at, kind in enumerate(space.key_types) if kind.kind in ("period", "date"))


def moment_of(space: Space) -> int | None:
    """Return the place of the one key that tells a row's period, None where a run has one row per subject.

    >>> from scoring.example import league
    >>> moment_of(league("{over: game, count: rows}").scope.spaces["game"])
    """
    many = moments(space)
    return many[0] if len(many) == 1 else None


def before(moment: Moment, count: int = 1) -> Moment | None:
    """Return the period or day so many steps earlier, None where the calendar had not begun.

    >>> before(Period.parse("2026Q1")).label, before(date(2026, 3, 1))
    ('2025Q4', datetime.date(2026, 2, 28))
    """
    if isinstance(moment, Period):
        return moment.before(count)
    try:
        return add_days(moment, -count)
    except Incomputable:
        return None


def apart(earlier: Moment, later: Moment, unit: str | None) -> bool:
    """Tell whether a boundary at which counting starts anew lies between two periods or days.

    >>> apart(Period.parse("2025Q4"), Period.parse("2026Q1"), "year"), apart(date(2026, 1, 1), date(2026, 1, 2), None)
    (True, False)
    """
    return unit is not None and Period.of(_first(earlier), unit) != Period.of(_first(later), unit)


def _first(moment: Moment) -> date:
    return moment.first if isinstance(moment, Period) else moment


def unit_of(scope: Scope, grain: str) -> str:
    """Return how long one step back is at a grain: the unit of its period key, else of the run.

    >>> from scoring.example import league
    >>> unit_of(league("{over: game, count: rows}").scope, "team")
    'year'
    """
    at = moment_of(scope.spaces[grain])
    rule = scope.document.period
    if at is None:
        return rule.parts or rule.unit
    return scope.spaces[grain].key_types[at].unit_of_time or rule.unit


def within_run(scope: Scope, grain: str) -> bool:
    """Tell whether one run may hold several periods of one subject: a period key that is not that of the parts.

    >>> from scoring.example import league
    >>> within_run(league("{over: game, count: rows}").scope, "team")
    False
    """
    at = moment_of(scope.spaces[grain])
    return at is not None and scope.spaces[grain].key_types[at].unit_of_time != (scope.document.period.parts or "")


def periods_back(scope: Scope, period: Period, measures: Collection[tuple[str, str]]) -> int:
    """Return how many periods before a run's own some measures look back on, none before the first of the regime.

    >>> from scoring.example import league
    >>> made = league("{window: {of: games, last: 3, take: sum}}")
    >>> periods_back(made.scope, Period.parse("2026"), made.whole_measures)
    2
    """
    first = scope.document.period.history
    floor = date.min if first is None else first.first
    found = 0
    for measure in looking_back(scope.document):
        if (measure.grain, measure.name) in measures:
            own = moment_of(scope.spaces[measure.grain]) is None
            unit = period.unit if own else unit_of(scope, measure.grain)
            begin: Moment = period.first if unit == "day" else Period.of(period.first, unit)
            earliest = _earliest(measure.operator, begin, floor)
            found = max(found, _between(Period.of(earliest, period.unit), period))
    return found


def _earliest(operator: doc.Operator, begin: Moment, floor: date) -> date:
    """Return the first day an operator looks back on from its first row of a run."""
    count, reset = PERIODS_MOST, None
    if isinstance(operator, doc.Previous):
        count = operator.back
    elif isinstance(operator, doc.Window):
        count, reset = operator.last - 1, operator.reset
    elif isinstance(operator, doc.Run):
        reset = operator.reset
    for _ in range(count):
        then = before(begin)
        if then is None or _first(then) < floor or apart(then, begin, reset):
            break
        begin = then
    return _first(begin)


def _between(earlier: Period, later: Period) -> int:
    """Return how many periods lie from one to another."""
    count = 0
    while earlier < later and count < PERIODS_MOST:
        earlier, count = earlier.shift(1), count + 1
    return count


def unstated(document: doc.Document) -> bool:
    """Tell whether a rulebook looks back and does not say whether it can do without earlier results.

    >>> from scoring.example import league
    >>> unstated(league("{over: game, count: rows}").document)
    False
    """
    rule = document.period
    return rule.history is None and not rule.optional and any(looking_back(document))


def part_findings(
    document: doc.Document, measures: Collection[tuple[str, str]], grains: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield measures that a part's run would need from earlier parts, at grains of which no part keeps a result.

    >>> from scoring.example import league
    >>> list(part_findings(league("{over: game, count: rows}").document, (), ()))
    []
    """
    for measure in looking_back(document) if document.period.parts else ():
        if (measure.grain, measure.name) in measures and measure.grain not in grains:
            words = {"name": f"{measure.grain}.{measure.name}", "parts": document.period.parts}
            yield diagnostic("PART_LOOKS_BACK", measure.place, **words)


def looking_back(document: doc.Document) -> Iterator[doc.Measure]:
    """Yield the measures that read earlier periods.

    >>> from scoring.example import league
    >>> [measure.name for measure in looking_back(league("{previous: {of: games, back: 1, otherwise: 0}}").document)]
    ['x']
    """
    for measures in document.measures.values():
        yield from (one for one in measures.values() if isinstance(one.operator, doc.Previous | doc.Run | doc.Window))
