"""What the linter calls wide is computed exactly by both evaluators, and no rulebook as shipped is kept back by it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.batch import evaluate as columns
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.lint import lint
from scoring.lint.amounts import INT64_MOST
from scoring.plan import Plan, plan
from scoring.rulebooks import names, open_rulebook
from tests.scoring.tiny import make

EVALUATORS = [evaluate, columns.evaluate]
WIDE = make(
    """
facts:
  team: {most: 5, columns: {}}
  game:
    most: 1000000
    columns: {team: ref team, a: number 4 0..99999999, b: number 4 0..99999999, of: number 0 1..999999999}
measures:
  game:
    share: {ratio: {of: "a", by: "of", zero: 0}}
  team:
    products: {over: game, sum: "a * b"}
    a: {over: game, sum: "a"}
    b: {over: game, sum: "b"}
    first: {over: game, greatest: share, empty: 0}
    last: {over: game, least: share, empty: 0}
    gap: {value: "first - last"}
    quotient: {ratio: {of: "100 * products", by: "b", zero: 0}}
    shown: {value: quotient, round: 2 half_even}
    close: {value: "quotient > 9999999899.99"}
    score: {value: "products - a"}
results: {team: {score: score}}
"""
)
FACTS: dict[str, list[dict[str, Any]]] = {
    "team": [{"id": "A"}],
    "game": [
        {"id": "1", "team": "A", "a": "99999998.9999", "b": "99999998.9999", "of": 999999937},
        {"id": "2", "team": "A", "a": "99999998.9998", "b": "99999999", "of": 999999929},
        {"id": "3", "team": "A", "a": "99999998.9997", "b": "99999998.9999", "of": 999999893},
    ],
}


def test_the_bound_is_told_and_does_not_block() -> None:
    told = {one.diagnostic.en.split("`")[1]: one.blocks for one in lint(WIDE) if one.code == "WIDE_INTEGERS"}
    assert told.keys() >= {"team.products", "team.gap", "team.quotient", "team.score"}
    assert set(told.values()) == {False}
    assert "OVERFLOW" not in {one.code for one in lint(WIDE)}


@pytest.mark.parametrize("run", EVALUATORS, ids=["reference", "columns"])
def test_wide_integers_are_exact(run: Callable[[Plan, Any, Run], Evaluation]) -> None:
    """Every figure is worked out here from the text of the facts; none fits into 64 bits on its way."""
    evaluation = run(WIDE, FACTS, Run("2025"))
    rows = [(Decimal(row["a"]), Decimal(row["b"]), row["of"]) for row in FACTS["game"]]
    products = sum((Fraction(a) * Fraction(b) for a, b, _ in rows), Fraction(0))
    assert products * 10**8 > INT64_MOST
    shares = [Fraction(a) / of for a, _, of in rows]
    quotient = 100 * products / sum(Fraction(b) for _, b, _ in rows)
    got = {name: evaluation.measure("team", "A", name) for name in ("products", "gap", "quotient", "close", "score")}
    assert got == {
        "products": products,
        "gap": max(shares) - min(shares),
        "quotient": quotient,
        "close": quotient > Fraction("9999999899.99"),
        "score": products - sum(Fraction(a) for a, _, _ in rows),
    }
    assert evaluation.measure("team", "A", "shown") == round(quotient, 2)


def test_both_evaluators_give_the_same_bytes() -> None:
    first, second = (run(WIDE, FACTS, Run("2025")) for run in EVALUATORS)
    assert first.result_hash == second.result_hash


@pytest.mark.parametrize("name", names())
def test_no_rulebook_as_shipped_is_blocked(name: str) -> None:
    assert [(one.code, str(one.place)) for one in lint(plan(open_rulebook(name))) if one.blocks] == []
