"""Tiny rulebooks for tests of one operator at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.diagnostics import Refused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.plan import Plan, plan
from scoring.rulebook import read

HEAD = """rulebook: tiny
version: t
name: [小, tiny]
in_force: {from: 2000-01-01}
"""

TEAM = """
facts:
  team: {most: 100, columns: {}}
  game:
    most: 1000
    columns:
      {team: ref team, date: date, points: optional number 1 point 0..100, size: number 0 1..9, kind: "enum HOME, AWAY"}
"""
GAMES: dict[str, list[dict[str, Any]]] = {
    "team": [{"id": "A"}, {"id": "B"}, {"id": "C"}],
    "game": [
        {"id": "1", "team": "A", "date": "2025-01-10", "points": "10", "size": 1, "kind": "HOME"},
        {"id": "2", "team": "A", "date": "2025-02-10", "points": "20.5", "size": 2, "kind": "AWAY"},
        {"id": "3", "team": "A", "date": "2025-03-10", "points": "20.5", "size": 1, "kind": "HOME"},
        {"id": "4", "team": "B", "date": "2025-01-31", "points": None, "size": 3, "kind": "HOME"},
        {"id": "5", "team": "B", "date": "2025-04-30", "points": "7", "size": 4, "kind": "AWAY"},
    ],
}


def document(body: str, unit: str = "year", parts: str | None = None, history: str = "optional") -> str:
    """Return the text of a whole tiny rulebook; an empty `history` leaves it unstated."""
    finer = f", parts: {parts}" if parts else ""
    stated = f", history: {history}" if history else ""
    return f"{HEAD}period: {{unit: {unit}{finer}{stated}}}\n{body}"


def make(body: str, unit: str = "year", parts: str | None = None, history: str = "optional") -> Plan:
    """Return the plan of a tiny rulebook."""
    return plan(read(document(body, unit, parts, history), "tiny.yaml"))


def teams(*measures: str, results: str = "{}") -> str:
    """Return a body with measures of a team, over its games."""
    lines = "\n".join(f"    {measure}" for measure in measures)
    return f"{TEAM}\nmeasures:\n  team:\n{lines}\nresults: {results}\n"


def of_teams(
    *measures: str, facts: Mapping[str, Sequence[Mapping[str, Any]]] = GAMES, run: Run | None = None
) -> Evaluation:
    """Run measures of a team over the games."""
    return evaluate(make(teams(*measures)), facts, run or Run("2025"))


def column(evaluation: Evaluation, name: str, grain: str = "team") -> dict[str, Any]:
    """Return a measure of every row, keys joined."""
    return {"|".join(key): evaluation.value(grain, at, name) for at, key in enumerate(evaluation.rows(grain))}


def codes(text: str) -> list[tuple[str, int, int]]:
    """Return the findings of a rulebook text: code, line, column."""
    try:
        plan(read(text, "tiny.yaml"))
    except Refused as refused:
        return [(one.code, one.place.line, one.place.column) for one in refused.diagnostics]
    return []
