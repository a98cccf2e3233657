"""What a table gave, what a lookup found and what took a value away: with the row, the figures and the evidence."""

from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.explain import Line, explain, why
from scoring.values import NonValue
from tests.scoring.tiny import GAMES, make, of_teams

COUNTED = "games: {over: game, count: rows}"


def line(lines: list[Line], path: str) -> Line:
    return next(one for one in lines if one.path == path)


def test_a_number_from_a_table_names_the_row_what_it_read_and_the_evidence() -> None:
    rule = "x: {table: [{when: 'games > 5', give: 9}, {when: 'games >= 2', give: 4}, {else: 1}]}"
    evaluation = of_teams(COUNTED, rule)
    (root,) = explain(evaluation, "team", "A", "x")
    assert root.formula == "#2 games >= 2 (games = 3) → 4"
    assert root.worded == ("第2行 games >= 2 (games = 3) → 4", "row 2 games >= 2 (games = 3) → 4")
    assert root.facts == (("game", "1"), ("game", "2"), ("game", "3"))
    (other,) = explain(evaluation, "team", "C", "x")
    assert (other.formula, other.facts) == ("else (games = 0) → 1", ())


def test_a_number_that_a_table_takes_over_is_followed() -> None:
    summed = "summed: {over: game, sum: 'default(points, 0)'}"
    rule = "x: {table: [{when: 'games > 5', give: 9}, {else: {value: '2 * summed'}}]}"
    lines = explain(of_teams(COUNTED, summed, rule), "team", "B", "x")
    assert [(one.path, one.points) for one in lines] == [
        ("x", 14_000_000),
        ("x/summed", 14_000_000),
        ("x/summed/game:4", 0),
        ("x/summed/game:5", 14_000_000),
    ]
    assert lines[0].formula == "else (games = 2) → 14"


GROUPED = """
facts:
  team: {most: 9, columns: {kind: "enum HOME, AWAY", handicap: number 0 0..9}}
  game: {most: 9, columns: {team: ref team, kind: "enum HOME, AWAY", points: number 1 0..100}}
tables:
  worth: {gives: factor, type: number 1, rows: {HOME: 1, AWAY: 1.5}}
grains:
  half: {keys: [team, kind], rows: game}
measures:
  half:
    points: {over: game, sum: points}
  team:
    factor: {lookup: {in: worth, key: [kind], give: factor, otherwise: 0}}
    scored: {lookup: {in: half, key: [team, "'HOME'"], give: points, otherwise: 3}}
    grade: {steps: {of: scored, at_least: {5: A}, else: B}}
    own: {value: "scored - handicap + 1"}
    base: {value: "10 - handicap"}
    word: {lookup: {in: team, key: [team], give: kind, otherwise: {none: ERROR, reason: NOBODY}}}
results: {team: {score: own}}
"""
GROUPS: dict[str, list[dict[str, Any]]] = {
    "team": [{"id": "A", "kind": "AWAY", "handicap": 2}, {"id": "B", "kind": "HOME", "handicap": 0}],
    "game": [
        {"id": "1", "team": "A", "kind": "HOME", "points": "4"},
        {"id": "2", "team": "A", "kind": "HOME", "points": "2.5"},
    ],
}


def grouped(subject: str, measure: str) -> list[Line]:
    return explain(evaluate(make(GROUPED), GROUPS, Run("2025")), "team", subject, measure)


def test_a_lookup_shows_its_key_and_leads_into_the_row_it_found() -> None:
    lines = grouped("A", "scored")
    assert lines[0].formula == "half[team = A, HOME].points = 6.5"
    assert [(one.path, one.points) for one in lines[1:]] == [
        ("scored/half:A|HOME", 6_500_000),
        ("scored/half:A|HOME/game:1", 4_000_000),
        ("scored/half:A|HOME/game:2", 2_500_000),
    ]
    (none,) = grouped("B", "scored")
    assert none.formula == "half[team = B, HOME].points (–) = 3"
    assert none.worded == ("half[team = B, HOME].points(无此行) = 3", "half[team = B, HOME].points (no such row) = 3")
    (constant,) = grouped("A", "factor")
    assert (constant.formula, constant.points) == ("worth[kind = AWAY].factor = 1.5", 1_500_000)


def test_a_column_is_named_and_only_what_is_taken_from_is_full_marks() -> None:
    own = grouped("A", "own")
    assert [(one.label[1], one.points) for one in own if one.parent == "own"] == [
        ("scored", 6_500_000),
        ("handicap", -2_000_000),
        ("Fixed figure", 1_000_000),
    ]
    base = grouped("A", "base")
    assert [(one.label[1], one.points) for one in base[1:]] == [("Full marks", 10_000_000), ("handicap", -2_000_000)]
    assert base[2].facts == (("team", "A"),)


def test_a_word_that_was_looked_up_is_accounted_for() -> None:
    evaluation = evaluate(make(GROUPED), GROUPS, Run("2025"))
    (found,) = why(evaluation, "team", "A", "word")
    assert (found.condition, found.figures, found.holds, found.gives) == (
        "team[team].kind",
        "team[A].kind",
        True,
        "AWAY",
    )
    missed = why(evaluation, "team", "B", "scored")
    assert [(one.role, one.holds, one.gives) for one in missed] == [("ROW", False, None), ("ELSE", True, 3)]


FAULT = "{table: [{when: 'size > 2', give: {none: ERROR, reason: TOO_BIG}}, {else: {value: 'size'}}]}"


@pytest.mark.parametrize("how", ["sum: checked", "mean: checked, empty: 0"])
def test_an_error_leads_to_the_rows_that_made_it(how: str) -> None:
    body = f"""
facts:
  team: {{most: 9, columns: {{}}}}
  game: {{most: 9, columns: {{team: ref team, size: number 0 1..9}}}}
measures:
  game: {{checked: {FAULT}}}
  team:
    x: {{over: game, {how}}}
    y: {{ratio: {{of: x, by: "2", zero: 0}}}}
results: {{team: {{score: y}}}}
"""
    facts: dict[str, list[dict[str, Any]]] = {
        "team": [{"id": "B"}],
        "game": [{"id": str(size), "team": "B", "size": size} for size in (1, 3, 4)],
    }
    lines = explain(evaluate(make(body), facts, Run("2025")), "team", "B")
    error = NonValue("ERROR", ("TOO_BIG",))
    assert [(one.path, one.none) for one in lines] == [
        ("y", error),
        ("y/x", error),
        ("y/x/game:3", error),
        ("y/x/game:4", error),
    ]
    assert lines[2].formula == "#1 size > 2 (size = 3) → ERROR(TOO_BIG)"
    assert lines[2].facts == (("game", "3"),)


def test_a_requirement_that_failed_is_shown_with_its_figures() -> None:
    rule = "x: {require: {else: NO_RESULT, that: {FEW: 'games >= 4', NONE_AT_ALL: 'games >= 1'}}, value: '2 * games'}"
    lines = explain(of_teams(COUNTED, rule), "team", "A", "x")
    assert lines[0].none == NonValue("NO_RESULT", ("FEW",))
    assert lines[0].formula == "games >= 4 (games = 3) ✗"


def test_what_is_needed_and_missing_is_shown_below() -> None:
    best = "best: {over: game, greatest: points, empty: {none: PENDING, reason: NOT_PLAYED}}"
    rule = "x: {needs: [best], table: [{when: 'best > 5', give: 3}, {else: 1}]}"
    lines = explain(of_teams(best, rule, facts=GAMES), "team", "C", "x")
    assert [(one.path, one.none) for one in lines] == [
        ("x", NonValue("PENDING", ("NOT_PLAYED",))),
        ("x/best", NonValue("PENDING", ("NOT_PLAYED",))),
    ]
    assert lines[0].formula is None
