"""Changing numbers in the rulebook's text alone changes the results as worked by hand."""

from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.plan import plan
from scoring.rulebook import read
from scoring.rulebooks import open_rulebook, text
from scoring.values import NonValue
from tests.scoring.tables import load, rows

CHANGES: list[dict[str, Any]] = load("yuetang/changes.yaml")["cases"]


def shown(value: Any) -> str:
    return f"{value.kind}({', '.join(value.reasons)})" if isinstance(value, NonValue) else str(value)


@pytest.mark.parametrize("change", CHANGES, ids=[change["case"] for change in CHANGES])
def test_a_changed_number_gives_what_was_worked_by_hand(change: dict[str, Any]) -> None:
    facts = {name: rows(columns) for name, columns in load("yuetang/district.yaml")["facts"].items()}
    source = text("yuetang-2025-1")
    if "find" in change:
        assert source.count(change["find"]) == 1
        source = source.replace(change["find"], change["replace"])
    rulebook = read(source)
    evaluation = evaluate(plan(rulebook), facts, Run("2026H1"))
    row = evaluation.row("company", "K1")
    got = {name: shown(evaluation.value("company", row, name)) for name in change["company"]}
    assert got == change["company"]
    assert (rulebook.hash == open_rulebook("yuetang-2025-1").hash) == ("find" not in change)
