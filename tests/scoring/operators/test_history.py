"""What earlier results say: previous, run, window."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.diagnostics import FactsRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.values import NonValue
from tests.scoring.tiny import column, make

BODY = """
facts:
  firm: {most: 9, columns: {score: optional number 1}}
measures:
  firm:
    points: {value: "score"}
    low: {value: "present(score) && score < 60"}
    before: {previous: {of: points, back: 1, otherwise: {none: NO_RESULT, reason: FIRST}}}
    earlier: {previous: {of: points, back: 2, otherwise: {value: "0", reason: FIRST}}}
    lows: {run: {of: low}}
    lows_this_year: {run: {of: low, reset: year}}
    mean: {window: {of: points, last: 3, take: mean, empty: {none: NO_RESULT, reason: NOTHING}}}
    best: {window: {of: points, last: 3, take: greatest, empty: 0}}
    count: {window: {of: points, last: 3, take: count}}
    ever_low: {window: {of: low, last: 4, take: any, reset: year}}
results: {firm: {score: points, remember: [points, low]}}
"""


def chain(plan: Plan, scores: dict[str, str | None]) -> Evaluation:
    """Run one firm through quarters, each reading the ones before; a quarter with `-` is not run."""
    past: list[PastResult] = []
    for label, score in scores.items():
        if score != "-":
            run = evaluate(plan, {"firm": [{"id": "f", "score": score}]}, Run(label, history=past))
            past.append(PastResult.from_json(run.remembered().to_json()))
    return run


def last(scores: dict[str, str | None], name: str) -> Any:
    return column(chain(make(BODY, "quarter"), scores), name, "firm")["f"]


FOUR = {"2024Q3": "50", "2024Q4": "55", "2025Q1": "40.5", "2025Q2": "30"}


@pytest.mark.parametrize(
    ("scores", "name", "want"),
    [
        (FOUR, "before", Decimal("40.5")),
        (FOUR, "earlier", Decimal("55.0")),
        ({"2025Q2": "30"}, "before", NonValue("NO_RESULT", ("FIRST",))),
        ({"2025Q2": "30"}, "earlier", Decimal("0.0")),
        (FOUR | {"2025Q1": None}, "before", NonValue("NOT_APPLICABLE", ("ABSENT",))),
        (FOUR, "lows", Decimal(4)),
        (FOUR, "lows_this_year", Decimal(2)),
        (FOUR | {"2025Q1": "70"}, "lows", Decimal(1)),
        (FOUR | {"2025Q2": "70"}, "lows", Decimal(0)),
        (FOUR | {"2025Q1": "-"}, "lows", Decimal(1)),
        (FOUR, "mean", Fraction(251, 6)),
        (FOUR | {"2025Q1": None}, "mean", Fraction(85, 2)),
        (FOUR, "best", Decimal("55.0")),
        (FOUR | {"2025Q1": "-"}, "count", Decimal(2)),
        ({"2025Q1": None, "2025Q2": None}, "mean", NonValue("NO_RESULT", ("NOTHING",))),
        ({"2024Q4": "50", "2025Q1": "70", "2025Q2": "70"}, "ever_low", False),
        ({"2024Q4": "70", "2025Q1": "50", "2025Q2": "70"}, "ever_low", True),
    ],
)
def test_history(scores: dict[str, str | None], name: str, want: Any) -> None:
    assert last(scores, name) == want


CARRIED = """
facts:
  firm: {most: 9, columns: {score: optional number 1}}
measures:
  firm:
    carried: {previous: {of: result, back: 1, otherwise: {none: NO_RESULT, reason: NEVER}}}
    result: {value: "default(score, carried)"}
results: {firm: {score: result, remember: [result]}}
"""


def test_an_older_result_can_be_carried_over() -> None:
    run = chain(make(CARRIED, "quarter"), {"2025Q1": "61.5", "2025Q2": None, "2025Q3": None})
    assert column(run, "result", "firm") == {"f": Decimal("61.5")}


@pytest.mark.parametrize(
    ("period", "rulebook"), [("2025Q3", "tiny"), ("2026", "tiny"), ("2024", "tiny"), ("2025Q1", "other")]
)
def test_history_that_is_no_history_is_refused(period: str, rulebook: str) -> None:
    past = PastResult(Period.parse(period), rulebook, "h", "r", {})
    with pytest.raises(FactsRefused) as refused:
        evaluate(make(BODY, "quarter"), {"firm": []}, Run("2025Q3", history=[past]))
    assert [one.code for one in refused.value.diagnostics] == ["HISTORY_WRONG"]


def test_the_same_earlier_period_twice_is_refused() -> None:
    past = PastResult(Period.parse("2025Q1"), "tiny", "h", "r", {})
    with pytest.raises(FactsRefused) as refused:
        evaluate(make(BODY, "quarter"), {"firm": []}, Run("2025Q3", history=[past, past]))
    assert [one.code for one in refused.value.diagnostics] == ["HISTORY_WRONG"]
