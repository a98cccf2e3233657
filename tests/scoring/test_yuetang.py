"""The district's own rules on the district's own data: every row and column of the expected results."""

import csv
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest

from scoring.decimals import round_fraction, text_of
from scoring.evaluate import Evaluation, Facts, Run, evaluate, load_facts
from scoring.plan import Plan, plan
from scoring.results import results
from scoring.rulebooks import open_rulebook
from scoring.values import NonValue
from tests.scoring.workbook import district_facts, require_shared

INSPECTOR_ZH = {"BUREAU": "住建局", "THIRD_PARTY": "第三方", "STREET": "街道", "COMMUNITY": "社区"}


@lru_cache(maxsize=1)
def district_plan() -> Plan:
    return plan(open_rulebook("yuetang-2025-1"))


@lru_cache(maxsize=1)
def facts() -> Facts:
    return load_facts(district_plan(), district_facts())


@lru_cache(maxsize=1)
def quarters() -> dict[str, Evaluation]:
    return {name: evaluate(district_plan(), facts(), Run(name)) for name in ("2025Q3", "2025Q4", "2026Q1", "2026Q2")}


@lru_cache(maxsize=1)
def halves() -> dict[str, Evaluation]:
    parts = quarters()
    first = evaluate(district_plan(), facts(), Run("2025H2", parts=[parts["2025Q3"], parts["2025Q4"]]))
    run = Run("2026H1", parts=[parts["2026Q1"], parts["2026Q2"]], history=[first.remembered()])
    return {"2025H2": first, "2026H1": evaluate(district_plan(), facts(), run)}


def expected(name: str) -> list[dict[str, str]]:
    with (require_shared() / "expected" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def display(value: Any, places: int) -> str:
    """Write a number as the expected files do: a fixed number of places, empty where there is none."""
    return "" if isinstance(value, NonValue) else text_of(round_fraction(Fraction(value), places, "half_up"), places)


def words(value: Any) -> str:
    return "" if isinstance(value, NonValue) or value == "NONE" else str(value)


def test_every_inspection_score() -> None:
    want = expected("inspection_scores.csv")
    got: list[dict[str, str]] = []
    for quarter in quarters().values():
        frame = quarter.frames.frame("inspection")
        for (key,) in quarter.rows("inspection"):
            row = quarter.row("inspection", key)
            inspector = frame.columns["inspector"][row]
            got.append(
                {
                    "inspection": key,
                    "compound": frame.columns["compound"][row],
                    "date": frame.columns["date"][row].isoformat(),
                    "quarter": quarter.period.label,
                    "company": words(quarter.value("inspection", row, "company")),
                    "inspector": INSPECTOR_ZH[inspector],
                    "weight": display(quarter.measure("inspector", inspector, "weight"), 0),
                    "scored_findings": display(quarter.value("inspection", row, "scored_findings"), 0),
                    "overdue": display(quarter.value("inspection", row, "overdue_findings"), 0),
                    "ceiling": "1" if quarter.value("inspection", row, "unsafe") else "0",
                    "score": display(quarter.value("inspection", row, "score"), 4),
                }
            )
    assert len(want) == 2794
    assert sorted(got, key=lambda one: one["inspection"]) == sorted(want, key=lambda one: one["inspection"])


def rows_of(grain: str) -> Iterator[tuple[Evaluation, int, tuple[str, ...]]]:
    for quarter in quarters().values():
        for row, key in enumerate(quarter.rows(grain)):
            yield quarter, row, key


def test_every_compound_in_every_quarter() -> None:
    want = expected("compound_quarter.csv")
    got = [
        {
            "quarter": quarter,
            "compound": compound,
            "inspections": display(evaluation.value("compound_quarter", row, "inspections"), 0),
            "score": display(evaluation.value("compound_quarter", row, "score"), 2),
        }
        for evaluation, row, (compound, quarter) in rows_of("compound_quarter")
    ]
    assert len(want) == 1483
    assert got == [{name: one[name] for name in ("quarter", "compound", "inspections", "score")} for one in want]


def test_every_unit_in_every_quarter() -> None:
    want = expected("unit_quarter.csv")
    got = [
        {
            "quarter": quarter,
            "company": company,
            "compound": compound,
            "gross_floor_area": display(evaluation.measure("compound", compound, "area"), 2),
            "inspections": display(evaluation.value("unit_quarter", row, "inspections"), 0),
            "score": display(evaluation.value("unit_quarter", row, "score"), 2),
        }
        for evaluation, row, (company, compound, quarter) in rows_of("unit_quarter")
    ]
    assert len(want) == 1218
    assert got == want


def test_every_company_in_every_quarter() -> None:
    want = expected("company_quarter.csv")
    got = [
        {
            "quarter": quarter,
            "company": company,
            "compounds_scored": display(evaluation.value("company_quarter", row, "compounds_scored"), 0),
            "area": display(evaluation.value("company_quarter", row, "area_scored"), 2),
            "score": display(evaluation.value("company_quarter", row, "score"), 2),
        }
        for evaluation, row, (company, quarter) in rows_of("company_quarter")
    ]
    assert len(want) == 437
    assert got == want


COLUMNS: dict[str, tuple[str, int]] = {
    "days": ("days", 0),
    "inspections": ("inspections", 0),
    "inspection": ("inspection_part", 2),
    "cases": ("cases", 0),
    "households": ("households", 4),
    "rate": ("rate", 4),
    "rate_points": ("rate_points", 0),
    "closure": ("closure", 4),
    "closure_points": ("closure_points", 0),
    "satisfied": ("satisfied_share", 4),
    "satisfied_points": ("satisfied_points", 0),
    "hotline": ("hotline_part", 2),
    "responses": ("responses", 0),
    "satisfaction": ("satisfaction_part", 2),
    "receivable": ("receivable", 2),
    "received": ("received", 2),
    "fee": ("fee_part", 2),
    "managers": ("managers", 0),
    "hours": ("hours", 2),
    "training": ("training_part", 2),
    "bonus": ("bonus", 2),
    "penalty": ("penalty", 2),
    "composite": ("composite", 2),
    "rank": ("rank", 0),
    "bottom_rank": ("bottom_rank", 0),
}


def company_row(evaluation: Evaluation, company: str) -> dict[str, str]:
    """Lay one company's half-year out as the expected file does."""
    row = evaluation.row("company", company)
    out = {
        column: display(evaluation.value("company", row, name), places) for column, (name, places) in COLUMNS.items()
    }
    composite, base = (evaluation.value("company", row, name) for name in ("composite", "base"))
    out["base"] = "" if isinstance(composite, NonValue) else display(base, 6)
    out["not_rated"] = ";".join(composite.reasons) if isinstance(composite, NonValue) else ""
    known = {key: value for key, value in quarter_scores(evaluation).items() if key[0] == company}
    for number, quarter in enumerate(evaluation.period.split("quarter"), 1):
        out[f"q{number}"] = known.get((company, quarter.label), "")
    vetoes = evaluation.value("company", row, "vetoes")
    assert isinstance(vetoes, tuple)
    out["vetoes"] = ";".join(vetoes)
    for column, name in (("grade", "grade"), ("list", "listed"), ("decision", "recommendation")):
        out[column] = (
            str(evaluation.value("company", row, name))
            if column == "decision"
            else words(evaluation.value("company", row, name))
        )
    return out | {"company": company, "half": evaluation.period.label}


def quarter_scores(evaluation: Evaluation) -> dict[tuple[str, str], str]:
    """Return the company scores the half-year took over, by company and quarter."""
    frame_rows = enumerate(evaluation.rows("company_quarter"))
    return {
        (company, quarter): display(evaluation.value("company_quarter", row, "score"), 2)
        for row, (company, quarter) in frame_rows
    }


@pytest.mark.parametrize("half", ["2025H2", "2026H1"])
def test_every_company_half(half: str) -> None:
    want = expected(f"company_half_{half}.csv")
    assert len(want) == 112
    evaluation = halves()[half]
    for row in want:
        shown = {name: value for name, value in row.items() if name != "name"}
        assert company_row(evaluation, row["company"]) == shown
    assert sorted(row["company"] for row in want) == [key for (key,) in evaluation.rows("company")]


def test_totals_of_both_halves() -> None:
    want = {row["what"]: int(row["value"]) for row in expected("totals.csv") if row["what"].startswith("20")}
    got: dict[str, int] = {}
    for half, evaluation in halves().items():
        for result in results(evaluation):
            if result.grain == "company":
                shown = {"grade": result.grade or "-", "list": "".join(result.lists) or "-"}
                for kind, word in (shown | {"decision": result.recommendation}).items():
                    name = f"{half} {kind} {word}"
                    got[name] = got.get(name, 0) + 1
    assert got == want


def test_parts_computed_inside_the_run_give_the_same_bytes() -> None:
    inside = evaluate(district_plan(), facts(), Run("2025H2"))
    assert inside.result_hash == halves()["2025H2"].result_hash
    assert inside.evidence_hash == halves()["2025H2"].evidence_hash
