"""What decided a choice: conditions opened to counts, rows, places and earlier periods, nothing told twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from scoring.batch.evaluate import evaluate as by_columns
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.explain.grounds import Ground, Grounds
from tests.scoring.tiny import GAMES, make, of_teams

COUNTED = "games: {over: game, count: rows}"
Evaluate = Callable[..., Evaluation]
Told = tuple[int, str, str | None, str, bool]


def of(evaluation: Evaluation, name: str, row: int = 0, grain: str = "team") -> list[Ground]:
    return list(Grounds([evaluation]).measure(evaluation, (grain, row, name)))


def told(lines: Iterable[Ground]) -> list[Told]:
    """Level, label, value, words and whether it was told above."""
    return [
        (line.level, line.label[1], None if line.value is None else str(line.value), line.text.en, line.seen)
        for line in lines
    ]


def test_a_named_condition_opens_to_the_rows_it_counted_and_those_it_did_not() -> None:
    evaluation = of_teams("big: {over: game, where: 'size > 1', count: rows}", "busy: {value: 'big >= 1'}")
    assert told(of(evaluation, "busy")) == [
        (0, "busy", "True", "big >= 1 (big = 1)", False),
        (1, "big", "1", "count [game: 1] where size > 1", False),
        (2, "game 2 (2025-02-10)", None, "size = 2", False),
        (2, "not counted", None, "game 1 (2025-01-10), game 3 (2025-03-10)", False),
    ]


def test_only_the_operand_that_decided_is_opened() -> None:
    either = of_teams(COUNTED, "played: {value: 'games > 1'}", "x: {value: 'played || games > 100'}")
    assert [line[:3] for line in told(of(either, "x"))][:3] == [
        (0, "x", "True"),
        (1, "played", "True"),
        (2, "games", "3"),
    ]
    both = of_teams(COUNTED, "played: {value: 'games > 1'}", "x: {value: 'games > 100 && played'}")
    assert [line[1] for line in told(of(both, "x"))][:2] == ["x", "games"]
    assert "played" not in [line[1] for line in told(of(both, "x"))]


def test_the_same_measure_is_told_once() -> None:
    evaluation = of_teams(COUNTED, "one: {value: 'games > 1'}", "x: {value: 'one && games > 2'}")
    assert [(level, label, seen) for level, label, _, _, seen in told(of(evaluation, "x"))] == [
        (0, "x", False),
        (1, "one", False),
        (2, "games", False),
        (3, "game 1 (2025-01-10)", False),
        (3, "game 2 (2025-02-10)", False),
        (3, "game 3 (2025-03-10)", False),
        (1, "games", True),
    ]


def test_what_was_told_elsewhere_is_not_told_again() -> None:
    evaluation = of_teams(COUNTED, "x: {value: 'games > 1'}")
    grounds = Grounds([evaluation], [(id(evaluation), "team", 0, "games")])
    assert [line.seen for line in grounds.measure(evaluation, ("team", 0, "x"))] == [False, True]


def test_depth_has_an_end_that_is_marked() -> None:
    evaluation = of_teams(COUNTED, "one: {value: 'games > 1'}", "x: {value: one}")
    lines = list(Grounds([evaluation]).measure(evaluation, ("team", 0, "x"), deepest=1))
    assert told(lines) == [(0, "x", "True", "one", False), (1, "one", "True", "games > 1 (games = 3) …", False)]


LIMITED = """
facts:
  team: {most: 9, columns: {}}
  game: {most: 9, columns: {team: ref team, date: date, points: number 0 0..9}, keep: "date <= as_of && points > 0"}
measures:
  team:
    newest: {over: game, last: {rows: 1, by: date}, any: "points > 5"}
    half: {over: game, quantile: {of: points, share: 0.5, method: type1}, empty: {none: NO_RESULT, reason: NO_GAME}}
results: {team: {}}
"""
ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "team": [{"id": "A"}],
    "game": [
        {"id": str(at), "team": "A", "date": f"2025-0{at}-01", "points": points}
        for at, points in enumerate([3, 7, 0, 5], start=1)
    ],
}


@pytest.mark.parametrize("evaluator", [evaluate, by_columns])
def test_rows_that_a_newer_one_or_keep_put_aside_are_named(evaluator: Evaluate) -> None:
    lines = told(of(evaluator(make(LIMITED), ROWS, Run("2025")), "newest"))
    assert lines == [
        (0, "newest", "False", "any points > 5 [game: 1], the last 1 by date", False),
        (1, "the other rows", None, "", False),
        (2, "game 4 (2025-04-01)", None, "points = 5, date = 2025-04-01", False),
        (1, "not counted", None, "", False),
        (2, "game 1 (2025-01-01)", None, "points = 3, date = 2025-01-01", False),
        (2, "game 2 (2025-02-01)", None, "points = 7, date = 2025-02-01", False),
        (1, "not kept", None, "game 3 (2025-03-01) – date <= as_of && points > 0", False),
    ]


def test_a_quantile_says_what_lies_on_either_side() -> None:
    lines = told(of(evaluate(make(LIMITED), ROWS, Run("2025")), "half"))
    assert lines[0][3] == "quantile of points [game: 3], at share 0.5 (1 below, 1 equal, 1 above)"
    assert lines[1:3] == [
        (1, "game 4 (2025-04-01)", None, "points = 5", False),
        (1, "the other rows", None, "game 1 (2025-01-01) = 3, game 2 (2025-02-01) = 7", False),
    ]


CHAIN = """
facts:
  team: {most: 9, columns: {}}
  game: {most: 9, columns: {team: ref team, quarter: period quarter, lost: bool}, keep: "in_period(quarter.last)"}
grains:
  season: {keys: [team, quarter], rows: all}
measures:
  season:
    bad: {over: game, any: lost}
    row: {run: {of: bad}}
    twice: {value: "row >= 2"}
    before: {previous: {of: bad, back: 1, otherwise: false}}
    lately: {value: "bad ? 1 : 0"}
    sum: {window: {of: lately, last: 3, take: sum}}
results: {season: {grade: twice, remember: [bad, lately]}}
"""


def chained(evaluator: Evaluate) -> Evaluation:
    games = [{"id": str(at), "team": "A", "quarter": f"2025Q{at}", "lost": at > 1} for at in (1, 2, 3)]
    text = CHAIN.replace("grade: twice, ", "")
    return evaluator(make(text, parts="quarter"), {"team": [{"id": "A"}], "game": games}, Run("2025"))


@pytest.mark.parametrize("evaluator", [evaluate, by_columns])
def test_earlier_parts_are_opened_in_the_runs_that_computed_them(evaluator: Evaluate) -> None:
    whole = chained(evaluator)
    quarter = whole.parts[2]
    assert isinstance(quarter, Evaluation)
    runs = [each for each in whole.parts if isinstance(each, Evaluation)]
    lines = told(Grounds(runs).measure(quarter, ("season", quarter.row("season", ("A", "2025Q3")), "twice")))
    assert [(level, label, value) for level, label, value, _, _ in lines] == [
        (0, "twice", "True"),
        (1, "row", "2"),
        (2, "2025Q3 bad", "True"),
        (3, "game 3", None),
        (2, "2025Q2 bad", "True"),
        (3, "game 2", None),
        (2, "2025Q1 bad", "False"),
        (3, "the other rows", None),
        (4, "game 1", None),
    ]


def test_a_period_without_a_run_at_hand_is_told_by_its_result() -> None:
    quarter = chained(evaluate).parts[2]
    assert isinstance(quarter, Evaluation)
    assert [(line.label[1], line.value, line.text.en) for line in of(quarter, "before", grain="season")] == [
        ("before", True, "1 period(s) before: bad"),
        ("2025Q2 bad", True, "earlier result"),
    ]
    assert [(line.label[1], line.text.en) for line in of(quarter, "sum", grain="season") if line.level == 1] == [
        ("2025Q3 lately", "bad ? 1 : 0 (bad = yes)"),
        ("2025Q2 lately", "earlier result"),
        ("2025Q1 lately", "earlier result"),
    ]


def test_a_place_is_read_among_its_neighbours() -> None:
    rank = "place: {rank: {by: [{key: games, first: high}], from: best, ties: competition}}"
    evaluation = of_teams(COUNTED, rank, facts=GAMES)
    assert told(of(evaluation, "place", row=1))[:4] == [
        (0, "place", "2", "place by games ↓", False),
        (1, "team A", None, "#1 3", False),
        (1, "team B", None, "#2 2", False),
        (1, "team C", None, "#3 0", False),
    ]


def test_a_requirement_that_failed_is_opened() -> None:
    rule = "x: {require: {else: NO_RESULT, that: {FEW: 'games >= 5'}}, value: 'games > 1'}"
    lines = told(of(of_teams(COUNTED, rule), "x"))
    assert lines[0][3] == "games >= 5 (games = 3) ✗"
    assert lines[1][:3] == (1, "games", "3")


def test_a_need_that_is_missing_is_opened() -> None:
    gone = "mean: {over: game, mean: points, empty: {none: NO_RESULT, reason: NO_GAME}}"
    lines = told(of(of_teams(gone, "x: {needs: [mean], value: 'mean > 1'}"), "x", row=2))
    assert [line[1:4] for line in lines] == [
        ("x", str(of_teams(gone).value("team", 2, "mean")), "missing: mean"),
        ("mean", str(of_teams(gone).value("team", 2, "mean")), "mean of points [game: 0]"),
    ]
