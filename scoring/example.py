"""A league of two teams and three games: the facts of the examples in docstrings, and of a reader's first rulebook."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from scoring.diagnostics import RulebookRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.plan import Plan, plan
from scoring.rulebook import read
from scoring.values import shown

FACTS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "team": [{"id": "A"}, {"id": "B"}],
    "game": [
        {"id": "1", "team": "A", "date": "2026-01-10", "points": "10", "kind": "HOME"},
        {"id": "2", "team": "A", "date": "2026-02-10", "points": "20.5", "kind": "AWAY"},
        {"id": "3", "team": "B", "date": "2026-03-10", "points": "7", "kind": "HOME"},
    ],
}
_DOCUMENT: Final = """
rulebook: league
version: "1"
name: [联赛, League]
in_force: {from: 2000-01-01}
period: {unit: year, history: optional}
tables:
  worth: {gives: factor, type: number 1, rows: {HOME: 1, AWAY: 1.5}}
facts:
  team: {most: 10, columns: {}}
  game: {most: 100, columns: {team: ref team, date: date, points: number 1 point 0..100, kind: "enum HOME, AWAY"}}
measures:
  %s:
    games: %s
    x: %s
results: {%s: {score: %s, remember: [x, games]}}
labels: {%s.x: [得分, Score]}
"""


def league(measure: str, grain: str = "team") -> Plan:
    """Return the plan of the league's rulebook with one measure `x` of a grain, written as YAML; a number is the score.

    >>> str(league("{over: game, sum: points}").type_of("team", "x"))
    'number 1 point'
    """
    counted = "{over: game, count: rows}" if grain == "team" else '{value: "1"}'
    try:
        return plan(read(_DOCUMENT % (grain, counted, measure, grain, "x", grain), "league.yaml"))
    except RulebookRefused as refused:
        if [one.code for one in refused.diagnostics] != ["OUTCOME_KIND"]:
            raise
    return plan(read(_DOCUMENT % (grain, counted, measure, grain, "games", grain), "league.yaml"))


def season(measure: str, grain: str = "team", run: Run | None = None) -> Evaluation:
    """Return the league's year 2026 evaluated with one measure `x`."""
    return evaluate(league(measure, grain), FACTS, run or Run("2026"))


def column(measure: str, grain: str = "team", run: Run | None = None) -> list[str]:
    """Return the measure `x` of every row of a grain as text.

    >>> column("{over: game, sum: points}")
    ['30.5', '7']
    """
    evaluation = season(measure, grain, run)
    return [shown(evaluation.value(grain, row, "x")) for row in range(len(evaluation.rows(grain)))]
