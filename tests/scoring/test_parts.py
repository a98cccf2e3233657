"""Quarters fixed at their own evaluation, and half-years made of them."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.diagnostics import FactsRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.past import PastResult
from scoring.values import NonValue
from tests.scoring.tiny import column, make

BODY = """
facts:
  firm: {most: 9, columns: {}}
  visit:
    most: 99
    columns: {firm: ref firm, day: date, points: number 0, fixed: optional date}
    keep: "in_period(day)"
grains:
  firm_quarter: {keys: [firm, quarter], rows: visit}
measures:
  visit:
    quarter: {value: "quarter(day)"}
    late: {value: "absent(fixed) || fixed > quarter.as_of"}
    worth: {value: "late ? 0 : points"}
  firm_quarter:
    score: {over: visit, mean: "worth", empty: {none: NO_RESULT, reason: NO_VISIT}, round: 1 half_up}
  firm:
    visits: {over: visit, count: rows}
    score: {over: firm_quarter, mean: "score", empty: {none: NO_RESULT, reason: NO_QUARTER}}
results: {firm: {score: score}, firm_quarter: {score: score}}
"""
FACTS: dict[str, list[dict[str, Any]]] = {
    "firm": [{"id": "F"}, {"id": "G"}],
    "visit": [
        {"id": "1", "firm": "F", "day": "2025-02-01", "points": 10, "fixed": "2025-03-01"},
        {"id": "2", "firm": "F", "day": "2025-05-01", "points": 20, "fixed": "2025-05-02"},
        {"id": "3", "firm": "F", "day": "2025-06-01", "points": 21, "fixed": None},
    ],
}


def quarter(label: str, facts: dict[str, list[dict[str, Any]]] = FACTS) -> Evaluation:
    return evaluate(make(BODY, "half", "quarter"), facts, Run(label))


def half(parts: Any, facts: dict[str, list[dict[str, Any]]] = FACTS) -> Evaluation:
    return evaluate(make(BODY, "half", "quarter"), facts, Run("2025H1", parts=parts))


NO_QUARTER = NonValue("NO_RESULT", ("NO_QUARTER",))


def test_a_quarter_gives_its_own_results_only() -> None:
    run = quarter("2025Q2")
    assert run.is_part
    assert run.grains() == ("firm_quarter",)
    assert column(run, "score", "firm_quarter") == {"F|2025Q2": Decimal("10.0")}
    assert column(run, "worth", "visit") == {"2": Decimal(20), "3": Decimal(0)}


def test_a_half_year_is_the_mean_of_the_quarters_there_are() -> None:
    both = half([quarter("2025Q1"), quarter("2025Q2")])
    assert column(both, "score", "firm") == {"F": Fraction(10), "G": NO_QUARTER}
    assert column(both, "score", "firm_quarter") == {"F|2025Q1": Decimal("10.0"), "F|2025Q2": Decimal("10.0")}
    assert column(half([quarter("2025Q2")]), "score", "firm")["F"] == Fraction(10)
    assert column(half([]), "score", "firm") == {"F": NO_QUARTER, "G": NO_QUARTER}
    assert half(None).result_hash == both.result_hash


def test_what_a_quarter_fixed_stays_when_the_facts_change_later() -> None:
    changed = {
        "firm": FACTS["firm"],
        "visit": [row | {"points": 99} for row in FACTS["visit"]] + [FACTS["visit"][0] | {"id": "4"}],
    }
    fixed = [quarter("2025Q1"), quarter("2025Q2")]
    run = half(fixed, changed)
    assert column(run, "score", "firm")["F"] == Fraction(10)
    assert column(run, "visits", "firm")["F"] == Decimal(4)
    assert column(half(None, changed), "score", "firm")["F"] == Fraction(52)


def test_stored_results_of_quarters_serve_like_live_ones() -> None:
    live = [quarter("2025Q1"), quarter("2025Q2")]
    stored = [PastResult.from_json(one.part().to_json()) for one in live]
    assert half(stored).result_hash == half(live).result_hash
    assert half(stored[::-1]).evidence_hash == half(live).evidence_hash


@pytest.mark.parametrize("labels", [["2025Q3"], ["2025Q1", "2025Q1"], ["2024Q1"]])
def test_parts_that_do_not_belong_are_refused(labels: list[str]) -> None:
    with pytest.raises(FactsRefused) as refused:
        half([quarter(label) for label in labels])
    assert [one.code for one in refused.value.diagnostics] == ["PART_WRONG"]


def test_parts_of_another_rulebook_or_without_the_measure_are_refused() -> None:
    part = quarter("2025Q1").part()
    empty: dict[str, Any] = {"firm_quarter": {("F", "2025Q1"): {}}}
    for rulebook, rows in (("other", dict(part.rows)), ("tiny", empty)):
        with pytest.raises(FactsRefused) as refused:
            half([PastResult(part.period, rulebook, "h", "r", rows)])
        assert [one.code for one in refused.value.diagnostics] == ["PART_WRONG"]
