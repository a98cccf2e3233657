"""What a run says about each subject: score, grade, rank, lists, recommendation, or why there is none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.evaluate import Evaluation
from scoring.values import NonValue, Value


@dataclass(frozen=True)
class Result:
    """One subject's result.

    `score`, `grade` and `rank` are None where there is none; `none` then says why there is no score. `lists` holds the
    codes of lists the subject stands on, NONE left out, `actions` each action with its day. `measures` holds every
    measure of the grain, `counted` the reasons of gaps for which a value was put in.
    """

    grain: str
    key: tuple[str, ...]
    score: Value | None
    grade: str | None
    rank: int | Decimal | None
    lists: tuple[str, ...]
    recommendation: str | None
    none: NonValue | None
    shadow: bool
    measures: Mapping[str, Value]
    counted: Mapping[str, tuple[str, ...]]
    actions: tuple[tuple[str, date], ...] = ()


def results(evaluation: Evaluation) -> Iterator[Result]:
    """Yield the results of every grain of `results:` this run computes, rows in order of their keys.

    >>> from scoring.example import season
    >>> [(one.key, one.score) for one in results(season("{over: game, sum: points}"))]
    [(('A',), Decimal('30.5')), (('B',), Decimal('7.0'))]
    """
    for grain in evaluation.grains():
        for row, key in enumerate(evaluation.rows(grain)):
            yield result(evaluation, grain, row, key)


def result(evaluation: Evaluation, grain: str, row: int, key: tuple[str, ...]) -> Result:
    """Return one row's result.

    >>> from scoring.example import season
    >>> result(season("{over: game, sum: points}"), "team", 1, ("B",)).measures["games"]
    Decimal('1')
    """
    outcome = evaluation.plan.document.results[grain]
    names = [name for name in evaluation.plan.document.measures.get(grain, ()) if (grain, name) in evaluation.measures]
    counted = {name: reasons for name in names if (reasons := evaluation.counted(grain, row, name))}

    def of(name: str | None) -> Value | None:
        return None if name is None else evaluation.value(grain, row, name)

    score, grade, rank, recommendation = (
        of(name) for name in (outcome.score, outcome.grade, outcome.rank, outcome.recommendation)
    )
    lists = [code for name in outcome.lists for code in codes_in(of(name))]
    # Who is not graded is not rated: the score of the formula stays among the measures and is not published.
    unrated = grade if isinstance(grade, NonValue) and not isinstance(score, NonValue) else None
    return Result(
        grain=grain,
        key=key,
        score=None if isinstance(score, NonValue) or unrated is not None else score,
        grade=grade if isinstance(grade, str) else None,
        rank=_place(rank),
        lists=tuple(lists),
        recommendation=recommendation if isinstance(recommendation, str) else None,
        none=score if isinstance(score, NonValue) else unrated,
        shadow=outcome.shadow,
        measures={name: evaluation.value(grain, row, name) for name in names},
        counted=counted,
        actions=tuple((code, day) for code, name in outcome.actions if isinstance(day := of(name), date)),
    )


def _place(value: Value | None) -> int | Decimal | None:
    """Return a rank as a whole number; only a middle rank of ties has a half."""
    if not isinstance(value, Decimal):
        return None
    return int(value) if value == int(value) else value


def codes_in(value: Value | None) -> tuple[str, ...]:
    """Return the codes of a list measure: one code, or a set of them; NONE is no list.

    >>> codes_in("RED"), codes_in("NONE"), codes_in(("TOP", "BOTTOM"))
    (('RED',), (), ('TOP', 'BOTTOM'))
    """
    if isinstance(value, str):
        return () if value == "NONE" else (value,)
    return tuple(str(code) for code in value) if isinstance(value, tuple) else ()
