"""What a measure that looks back read: the periods it went through, newest first, with what each of them said."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scoring.chains import Moment, apart, before, moment_of
from scoring.evaluation import Evaluation
from scoring.frames import key_text
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.values import Value, shown


class Then(NamedTuple):
    """One period looked back on: its name, what the measure was (None where there was no result), its row if known."""

    name: str
    value: Value | None
    run: Evaluation | None = None
    row: int | None = None


def looked_back(runs: Sequence[Evaluation], run: Evaluation, measure: doc.Measure, row: int) -> list[Then]:
    """Return the periods a `previous`, `run` or `window` went through at a row, as far as it went.

    `runs` are the runs at hand: where one of them computed the earlier period, its row can be explained in turn.

    >>> from scoring.evaluate import Run
    >>> from scoring.example import season
    >>> rule = "{window: {of: games, last: 3, take: sum}}"
    >>> run = season(rule, run=Run("2026", history=[season(rule, run=Run("2025")).remembered()]))
    >>> [(then.name, str(then.value)) for then in looked_back([run], run, run.plan.document.measures["team"]["x"], 0)]
    [('2026', '2'), ('2025', '2'), ('2024', 'None')]
    """
    operator = measure.operator
    assert isinstance(operator, doc.Previous | doc.Run | doc.Window), "only these look back"
    now = _now(run, measure.grain, row)
    if isinstance(operator, doc.Previous):
        then = before(now, operator.back)
        return [] if then is None else [_then(runs, run, (measure.grain, operator.of), row, then)]
    most = operator.last if isinstance(operator, doc.Window) else None
    found = [Then(_name(run, measure.grain, now), run.value(measure.grain, row, operator.of), run, row)]
    for moment in _steps(now, operator.reset):
        broken = isinstance(operator, doc.Run) and found[-1].value is not True
        if broken or (most is not None and len(found) >= most):
            break
        found.append(_then(runs, run, (measure.grain, operator.of), row, moment))
    return found


def _steps(now: Moment, reset: str | None) -> Iterator[Moment]:
    """Yield the periods before one, down to where counting starts anew."""
    then = before(now)
    while then is not None and not apart(then, now, reset):
        yield then
        now, then = then, before(then)


def _now(run: Evaluation, grain: str, row: int) -> Moment:
    """Return the period of a row: that of its key, else that of the run."""
    frame = run.frames.frame(grain)
    at = moment_of(frame.space)
    moment: Moment = run.period if at is None else frame.keys[row][at]
    return moment


def _name(run: Evaluation, grain: str, moment: Moment) -> str:
    space = run.frames.frame(grain).space
    at = moment_of(space)
    if isinstance(moment, Period) or at is None:
        return shown(moment)
    return key_text(moment, space.key_types[at])


def _then(runs: Sequence[Evaluation], run: Evaluation, node: tuple[str, str], row: int, moment: Moment) -> Then:
    """Return what a measure was for the same subject in another period."""
    grain, of = node
    frame, name = run.frames.frame(grain), _name(run, grain, moment)
    at = moment_of(frame.space)
    if at is None:
        past = run.past.get(moment) if isinstance(moment, Period) else None
        value = None if past is None else past.value(grain, frame.words(row), of)
        return Then(name, value, *_computed(runs, node, frame.words(row), moment))
    key = (*frame.keys[row][:at], moment, *frame.keys[row][at + 1 :])
    if key in frame.index and of in frame.measures:
        there = frame.index[key]
        return Then(name, run.value(grain, there, of), run, there)
    words = (*frame.words(row)[:at], name, *frame.words(row)[at + 1 :])
    pasts = [run.past[each] for each in sorted(run.past, reverse=True) if each.unit == run.period.unit]
    values = (past.value(grain, words, of) for past in pasts)
    value = next((one for one in values if one is not None), None)
    return Then(name, value, *_computed(runs, node, words, moment))


def _computed(
    runs: Sequence[Evaluation], node: tuple[str, str], words: tuple[str, ...], moment: Moment
) -> tuple[Evaluation | None, int | None]:
    """Return the run at hand that computed a row of a period, and the row there."""
    grain, of = node
    for one in runs:
        if one.period == moment and (grain, of) in one.measures:
            try:
                return one, one.row(grain, words)
            except KeyError:
                continue
    return None, None
