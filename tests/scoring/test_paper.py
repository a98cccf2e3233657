"""The rulebooks printed in the language paper are rulebooks of this engine, and those that are short run."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.plan import Plan, plan
from scoring.rulebook import read
from scoring.values import NonValue
from tests.scoring.workbook import SHARED

PAPER = SHARED.parent / "design" / "grammar.md"


def printed(name: str) -> Plan:
    """Return the plan of a rulebook printed in the paper."""
    if not PAPER.is_file():
        pytest.skip(f"the paper is not at {PAPER}")
    blocks = (block.split("```")[0] for block in PAPER.read_text(encoding="utf-8").split("```yaml")[1:])
    return plan(read(next(block for block in blocks if f"rulebook: {name}\n" in block), f"{name}.yaml"))


def test_the_whole_district_as_printed() -> None:
    assert len(printed("yuetang").order) == 59


@pytest.mark.parametrize(
    ("score", "bad", "grade"),
    [
        ("95", None, "AAA"),
        ("94.999", None, "AA"),
        ("60", True, "B"),
        ("59.999", False, "B"),
        ("59.999", True, "C"),
        ("59.999", None, NonValue("PENDING", ("BAD_RECORD_UNKNOWN",))),
        (None, True, NonValue("NO_RESULT", ("NO_SCORE",))),
    ],
)
def test_a_band_and_a_predicate(score: str | None, bad: bool | None, grade: Any) -> None:
    facts = {"company": [{"id": "K", "score": score, "has_bad_record": bad}]}
    assert evaluate(printed("zhejiang"), facts, Run("2021-01-01")).measure("company", "K", "grade") == grade


def test_an_exact_share_and_errors_that_are_no_results() -> None:
    facts: dict[str, list[dict[str, Any]]] = {
        "company": [
            {"id": "K", "own_points": "1", "total_area": "300"},
            {"id": "Z", "own_points": "1", "total_area": 0},
        ],
        "project": [
            {"id": "1", "company": "K", "area": "100", "manager_points": "7"},
            {"id": "2", "company": "K", "area": "100", "manager_points": "0.5"},
        ],
    }
    run = evaluate(printed("shanghai"), facts, Run("2013-01-01"))
    assert run.measure("company", "K", "points") == Fraction(7, 2)
    assert run.measure("company", "K", "recommendation") == "NONE"
    assert run.measure("company", "Z", "points") == NonValue("ERROR", ("ZERO_TOTAL_AREA",))
    facts["project"][1]["manager_points"] = None
    missing = evaluate(printed("shanghai"), facts, Run("2013-01-01"))
    assert missing.measure("company", "K", "points") == NonValue("ERROR", ("MISSING_INPUT",))


def test_rank_and_threshold_and_the_quarter_before() -> None:
    def month(score: dict[str, str], day: str) -> dict[str, list[dict[str, Any]]]:
        rows = [{"id": name, "compound": name, "date": day, "score": value} for name, value in score.items()]
        return {"compound": [{"id": name} for name in (*score, "none")], "month_score": rows}

    first = evaluate(printed("luan"), month({"a": "92", "b": "74", "c": "60", "d": "80"}, "2022-02-01"), Run("2022Q1"))
    assert [first.measure("compound", key, "listed") for key in "abcd"] == ["RED", "YELLOW", "YELLOW", "NONE"]
    assert first.measure("compound", "none", "listed") == NonValue("NO_RESULT", ("NOT_INSPECTED",))
    later = month({"a": "70", "b": "74", "c": "90", "d": "80"}, "2022-05-01")
    second = evaluate(printed("luan"), later, Run("2022Q2", history=[first.remembered()]))
    assert [second.measure("compound", key, "listed") for key in "abcd"] == ["YELLOW", "BLACK", "RED", "NONE"]
    assert second.measure("compound", "c", "rank") == Decimal(1)
