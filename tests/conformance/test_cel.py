"""Cases of the CEL conformance suite: our subset gives the suite's value, the rest is refused when written.

Where we differ on purpose the reason stands beside the code of the refusal, below.
"""

import csv
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring.batch.evaluate import evaluate as by_column
from scoring.diagnostics import RulebookRefused
from scoring.evaluate import Run
from scoring.evaluate import evaluate as by_row
from scoring.plan import plan
from scoring.rulebook import read
from tests.properties.third.judge import compare
from tests.scoring.tiny import document

TABLE = Path(__file__).with_name("cel.csv")
with TABLE.open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
INSIDE = [case for case in CASES if case["ours"] == "same"]
OUTSIDE = [case for case in CASES if case["ours"] != "same"]

REASONS = {
    "CEL_REFUSED": "no division, remainder, lists, maps, macros, null, bytes, unsigned numbers, text functions",
    "CEL_SYNTAX": "no exponents: a law writes decimals, and every number is kept exactly as written",
    "CEL_TYPE": "only numbers and dates have an order; texts and truths are never put in one, nor texts joined",
    "RESULT_TYPE": "what is no condition is refused even where CEL would not look at it: errors are told when written",
    "TYPES_DIFFER": "one measure has one type, whatever way its formula goes",
}
COUNTED, SAME = 157, 81
LITERALS = {"true": True, "false": False}


def name(case: dict[str, str]) -> str:
    return f"{case['file']}-{case['section']}-{case['test']}"


def body(case: dict[str, str]) -> str:
    """A rulebook whose one measure is the expression, over one row that holds what is bound."""
    kind, _, _ = case["binding"].partition(" = ")
    column = f'x: "{kind}"' if kind else ""
    return f"""
facts: {{one: {{most: 1, columns: {{{column}}}}}}}
measures: {{one: {{y: {{value: {json.dumps(case["expression"], ensure_ascii=False)}}}}}}}
results: {{one: {{}}}}
"""


def wanted(expected: str) -> Any:
    if expected in LITERALS:
        return LITERALS[expected]
    return expected[1:-1] if expected.startswith("'") else Fraction(expected)


def exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, Decimal | Fraction) else value


def test_the_table_is_whole() -> None:
    assert (len(CASES), len(INSIDE)) == (COUNTED, SAME)
    assert len({name(case) for case in CASES}) == COUNTED
    assert {case["file"] for case in INSIDE} == {"basic", "comparisons", "fp_math", "integer_math", "logic"}
    assert Counter(case["ours"] for case in OUTSIDE).keys() == REASONS.keys()


@pytest.mark.parametrize("case", INSIDE, ids=name)
def test_a_case_of_our_subset_gives_the_suites_value(case: dict[str, str]) -> None:
    value = case["binding"].partition(" = ")[2]
    facts = {"one": [{"id": "1"} | ({"x": value} if value else {})]}
    checked = plan(read(document(body(case)), "case.yaml"))
    found = by_row(checked, facts, Run("2025"))
    assert exact(found.measure("one", "1", "y")) == wanted(case["expected"])
    assert type(exact(found.measure("one", "1", "y"))) is type(wanted(case["expected"]))
    assert by_column(checked, facts, Run("2025")).result_hash == found.result_hash


@pytest.mark.parametrize("case", OUTSIDE, ids=name)
def test_a_case_outside_our_subset_is_refused_when_written(case: dict[str, str]) -> None:
    with pytest.raises(RulebookRefused) as refused:
        plan(read(document(body(case)), "case.yaml"))
    [finding] = refused.value.diagnostics
    assert finding.code == case["ours"]
    assert finding.zh != finding.en
    assert finding.place.line == 8


def test_the_third_evaluator_says_the_same() -> None:
    """All cases of the subset without bindings in one rulebook, one measure each."""
    free = [case for case in INSIDE if not case["binding"] and case["expected"] != "''"]
    lines = [f"    y{at}: {{value: {json.dumps(case['expression'])}}}" for at, case in enumerate(free)]
    text = "facts: {one: {most: 1, columns: {}}}\nmeasures:\n  one:\n" + "\n".join(lines) + "\nresults: {one: {}}\n"
    verdict = compare(by_row(plan(read(document(text))), {"one": [{"id": "1"}]}, Run("2025")))
    assert (verdict.differ, dict(verdict.taken), verdict.measures) == ([], {}, len(free))
