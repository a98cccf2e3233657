"""Results as one CSV file: a row per subject, every value as exact text that can be read back."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.evaluate import Evaluation
from scoring.periods import Period
from scoring.results import Result, results
from scoring.subjects import joined
from scoring.values import NonValue, Value

FIXED: Final = (
    *("rulebook", "version", "period", "as_of", "grain", "subject", "status", "score", "grade", "rank"),
    *("lists", "recommendation", "actions", "reasons", "counted", "shadow"),
)
GRADED: Final = "GRADED"
"""The status of a subject whose score has no value and whose grade stands all the same, by a veto for instance."""
RATED: Final = "RATED"
"""The status of a subject that has what its results name of score and grade; where they name no score, a grade."""


def written(value: Value | None) -> str:
    """Write a value as exact text; an endless quotient as n/d, an absence as KIND(REASON;REASON).

    >>> written(Decimal("95.80")), written(Fraction(21, 4)), written(Fraction(1, 3)), written(("TOP", "BOTTOM"))
    ('95.80', '5.25', '1/3', 'TOP;BOTTOM')
    >>> written(NonValue("NO_RESULT", ("FEW_DAYS",))), written(True), written(None)
    ('NO_RESULT(FEW_DAYS)', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(written(item) for item in value)
    if isinstance(value, NonValue):
        return f"{value.kind}({';'.join(value.reasons)})"
    if isinstance(value, Fraction):
        return _quotient(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Period):
        return value.label
    return value.isoformat() if isinstance(value, date) else str(value)


def _quotient(value: Fraction) -> str:
    """Write a quotient as a decimal where it ends, else as n/d."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    if rest != 1:
        return str(value)
    # Digits are placed as text: a Decimal of the default context would round what is longer than 28 digits.
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    whole, ends = (digits[:-places], f".{digits[-places:]}") if places else (digits, "")
    return f"{'-' if value < 0 else ''}{whole}{ends}"


def status(evaluation: Evaluation, result: Result) -> tuple[str, tuple[str, ...]]:
    """Return RATED, GRADED, or the kind of absence of the score or grade, and the reasons.

    A grain without score and grade is judged by its rank, first list or recommendation.
    """
    outcome = evaluation.plan.document.results[result.grain]
    of = result.measures.get
    names = [name for name in (outcome.score, outcome.grade) if name]
    if not names:
        names = [name for name in (outcome.rank, *outcome.lists, outcome.recommendation) if name][:1]
    gaps = [gap for name in names if isinstance(gap := of(name), NonValue)]
    if not gaps:
        return RATED, ()
    if outcome.grade is not None and isinstance(of(outcome.grade), str):
        return GRADED, gaps[0].reasons
    return gaps[-1].kind, tuple(dict.fromkeys(reason for gap in gaps for reason in gap.reasons))


def runs(evaluation: Evaluation) -> Iterator[Evaluation]:
    """Yield the finer periods a run computed on its way, then the run itself."""
    yield from (part for part in evaluation.parts if isinstance(part, Evaluation))
    yield evaluation


def answers(evaluation: Evaluation) -> list[dict[str, str]]:
    """Return the row of every subject of a run and of its parts; measures stand under `grain.name`."""
    return [_row(run, result) for run in runs(evaluation) for result in results(run)]


def _row(run: Evaluation, result: Result) -> dict[str, str]:
    document = run.plan.document
    kind, reasons = status(run, result)
    row = {
        "rulebook": document.name,
        "version": document.version,
        "period": run.period.label,
        "as_of": run.as_of.isoformat(),
        "grain": result.grain,
        "subject": joined(result.key),
        "status": kind,
        "score": written(result.score),
        "grade": result.grade or "",
        "rank": "" if result.rank is None else str(result.rank),
        "lists": ";".join(result.lists),
        "recommendation": result.recommendation or "",
        "actions": ";".join(f"{code}={day.isoformat()}" for code, day in result.actions),
        "reasons": ";".join(reasons),
        "counted": ";".join(f"{name}={','.join(many)}" for name, many in result.counted.items()),
        "shadow": written(result.shadow),
    }
    return row | {f"{result.grain}.{name}": written(value) for name, value in result.measures.items()}


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return the rows as CSV text: the fixed columns, then the measures of all grains in order of appearance.

    >>> as_csv([{"grain": "team", "team.x": "1"}]).splitlines()[1][-9:]
    ',,,,,,,,1'
    """
    names = list(dict.fromkeys([*FIXED, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
