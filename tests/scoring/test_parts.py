"""Quarters fixed at their own evaluation, and half-years made of them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.batch.evaluate import evaluate as by_column
from scoring.diagnostics import FactsRefused, RulebookRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.past import PastResult
from scoring.values import NonValue
from tests.properties.third.judge import compare
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


UNTIL = pytest.mark.parametrize(
    ("day", "quarters", "score", "judged"),
    [
        ("2025-03-31", ["F|2025Q1"], "10", "2025-03-31"),
        ("2025-04-01", ["F|2025Q1", "F|2025Q2"], "5", "2025-04-01"),
        ("2025-05-15", ["F|2025Q1", "F|2025Q2"], "10", "2025-05-15"),
        ("2025-08-01", ["F|2025Q1", "F|2025Q2"], "10", "2025-06-30"),
    ],
)


@UNTIL
@pytest.mark.parametrize("judge", [evaluate, by_column])
def test_a_day_inside_the_period_knows_no_later_quarter(
    judge: Any, day: str, quarters: list[str], score: str, judged: str
) -> None:
    """The quarter of the day is judged on it, earlier ones on their own last day, later ones do not exist."""
    run = judge(make(BODY, "half", "quarter"), FACTS, Run("2025H1", as_of=date.fromisoformat(day)))
    assert [part.as_of.isoformat() for part in run.parts if isinstance(part, Evaluation)][-1] == judged
    assert list(column(run, "score", "firm_quarter")) == quarters
    assert column(run, "score", "firm")["F"] == Fraction(score)
    assert compare(run).differ == []


def test_parts_given_must_have_begun() -> None:
    with pytest.raises(FactsRefused, match="begins after the day of evaluation"):
        evaluate(
            make(BODY, "half", "quarter"),
            FACTS,
            Run("2025H1", parts=[quarter("2025Q1"), quarter("2025Q2")], as_of=date(2025, 3, 31)),
        )


DAYS = """
facts:
  supplier: {most: 9, columns: {}}
  lot: {most: 99, columns: {supplier: ref supplier, day: date, bad: bool}, keep: "in_period(day)"}
grains:
  step: {keys: [supplier, day], rows: all}
measures:
  step:
    lots: {over: lot, count: rows}
    failed: {over: lot, any: bad}
    before: {previous: {of: level, back: 1, otherwise: NORMAL}}
    level:
      table:
        - {when: "lots == 0", give: {value: before}}
        - {when: "failed && before == 'NORMAL'", give: TIGHTENED}
        - {when: "failed", give: STOPPED}
        - {when: "before == 'STOPPED'", give: STOPPED}
        - {else: NORMAL}
    opened: {value: "period.first"}
  supplier:
    days: {over: step, count: rows}
    stopped: {over: step, any: "level == 'STOPPED'"}
results: {step: {grade: level, remember: [level]}, supplier: {score: days}}
"""


@pytest.mark.parametrize("judge", [evaluate, by_column])
def test_days_may_be_the_parts_of_a_month(judge: Any) -> None:
    lots = [("2025-02-03", True), ("2025-02-05", True), ("2025-02-27", False)]
    facts: dict[str, list[dict[str, Any]]] = {
        "supplier": [{"id": "S"}],
        "lot": [{"id": day, "supplier": "S", "day": day, "bad": bad} for day, bad in lots],
    }
    run = judge(make(DAYS, "month", "day"), facts, Run("2025-02"))
    level = column(run, "level", "step")
    assert len(level) == 28
    assert [level[f"S|2025-02-{day}"] for day in ("02", "03", "04", "05", "28")] == [
        *("NORMAL", "TIGHTENED", "TIGHTENED", "STOPPED", "STOPPED")
    ]
    assert column(run, "days", "supplier") == {"S": Decimal(28)}
    assert column(run, "stopped", "supplier") == {"S": True}
    own = [part for part in run.parts if isinstance(part, Evaluation)]
    assert [one.measure("step", ("S", "2025-02-09"), "opened") for one in own[8:9]] == [date(2025, 2, 9)]
    assert compare(run).differ == []
    early = judge(make(DAYS, "month", "day"), facts, Run("2025-02", as_of=date(2025, 2, 4)))
    assert column(early, "days", "supplier") == {"S": Decimal(4)}


def test_a_state_that_reads_itself_may_take_every_code_it_is_given() -> None:
    kind = make(DAYS, "month", "day").type_of("step", "before")
    assert set(kind.codes or ()) == {"NORMAL", "TIGHTENED", "STOPPED"}
    with pytest.raises(RulebookRefused, match=r"`RED` is no value of `before`"):
        make(DAYS.replace("\"before == 'STOPPED'\"", "\"before == 'RED'\""), "month", "day")


def test_a_number_that_gains_places_with_every_period_is_refused() -> None:
    body = DAYS.replace("    opened:", "    led: {previous: {of: part, back: 1, otherwise: 8}}\n    opened:")
    body = body.replace('opened: {value: "period.first"}', "part: {value: 'led * 0.5'}")
    body = body.replace("remember: [level]", "remember: [level, part]")
    with pytest.raises(RulebookRefused) as found:
        make(body, "month", "day")
    assert [one.code for one in found.value.diagnostics] == ["PLACES_ENDLESS"]
    halves = body.replace("part: {value: 'led * 0.5'}", "part: {value: 'led * 0.5', round: 2 half_up}")
    facts: dict[str, list[dict[str, Any]]] = {"supplier": [{"id": "S"}], "lot": []}
    for judge in (evaluate, by_column):
        run = judge(make(halves, "month", "day"), facts, Run("2025-02"))
        assert [str(value) for value in column(run, "part", "step").values()][:4] == ["4.00", "2.00", "1.00", "0.50"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('keep: "in_period(day)"', 'keep: "quarter(day) == period"', 12),
        (
            'quarter: {value: "quarter(day)"}',
            'quarter: {value: "quarter(day)"}\n    odd: {value: "quarter == half(day)"}',
            18,
        ),
        (
            "visits: {over: visit, count: rows}",
            'visits: {over: firm_quarter, where: "quarter == period", count: rows}',
            23,
        ),
    ],
)
def test_periods_of_different_units_are_not_compared(old: str, new: str, line: int) -> None:
    with pytest.raises(RulebookRefused) as found:
        make(BODY.replace(old, new), "half", "quarter")
    assert [(one.code, one.place.line) for one in found.value.diagnostics] == [("PERIODS_DIFFER", line)]


def test_periods_of_one_unit_may_be_compared() -> None:
    body = BODY.replace('keep: "in_period(day)"', 'keep: "half(day) == period || in_period(day)"')
    body = body.replace("    score: {over: visit", '    own: {value: "quarter == period"}\n    score: {over: visit', 1)
    run = evaluate(make(body, "half", "quarter"), FACTS, Run("2025H1"))
    assert column(run, "own", "firm_quarter") == {"F|2025Q1": True, "F|2025Q2": True}
