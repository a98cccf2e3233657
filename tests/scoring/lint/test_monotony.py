"""Where the linter says a measure only rises (or only falls) with a column, it does."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from scoring.evaluate import Run, evaluate
from scoring.lint.monotony import Monotony
from scoring.lint.ranges import ranges_of
from scoring.lint.slopes import DOWN, EITHER, UP, Driver
from scoring.plan import plan
from scoring.rulebooks import open_rulebook
from scoring.values import NonValue
from tests.scoring.tiny import GAMES, make, teams

MEASURES = [
    "n: {over: game, count: rows}",
    "s: {over: game, sum: points, cap: 150}",
    "large: {over: game, where: \"size > 4\", count: rows}",
    "signed: {over: game, sum: \"size * (kind == 'HOME' ? 2 : -1)\"}",
    "q: {ratio: {of: s, by: n, zero: 0}}",
    "per: {ratio: {of: \"n + 1\", by: \"total + 1\", zero: 0}, round: 3 half_even}",
    "total: {over: game, sum: size}",
    "m: {over: game, mean: points, weight: size, empty: {none: NO_RESULT, reason: NO_GAME}}",
    "b: {blend: {s: 0.3, per: 0.7}}",
    "t: {table: [{when: \"total > 20\", give: 10}, {when: \"total > 9\", give: 5}, {else: 1}]}",
    "u: {table: [{when: \"total > 20\", give: 5}, {when: \"total > 9\", give: 10}, {else: 1}]}",
    "k: {steps: {of: total, below: {5: 30, 12: 20}, else: 10}}",
    "d: {value: \"max(q, 3) - (large > 1 ? 4 : 0) - min(total, 30)\"}",
    "l: {curve: {sqrt: s, places: 3}}",
    "e: {over: game, greatest: size, empty: 0}",
    "f: {over: game, every: \"size <= 5\"}",
    "h: {value: \"f ? 1 : 0\"}",
    "v: {over: game, stdev: size, places: 2, empty: {none: NOT_APPLICABLE, reason: ONE_GAME}}",
    "r: {rank: {by: [{key: total, first: high}], from: best, ties: competition}}",
]  # fmt: skip
PLAN = make(teams(*MEASURES))
SLOPES = Monotony(ranges_of(PLAN)).known
POINTS, SIZE = Driver("game", "points"), Driver("game", "size")


@pytest.mark.parametrize(
    ("measure", "driver", "signs"),
    [
        ("s", POINTS, UP), ("q", POINTS, UP), ("b", POINTS, UP), ("l", POINTS, UP), ("d", POINTS, UP),
        ("large", SIZE, UP), ("total", SIZE, UP), ("per", SIZE, DOWN), ("t", SIZE, UP), ("k", SIZE, DOWN),
        ("d", SIZE, DOWN), ("e", SIZE, UP), ("f", SIZE, DOWN), ("h", SIZE, DOWN), ("m", POINTS, UP),
        ("m", SIZE, EITHER), ("u", SIZE, EITHER), ("v", SIZE, EITHER), ("r", SIZE, EITHER),
        ("signed", SIZE, EITHER),
    ],
)  # fmt: skip
def test_directions(measure: str, driver: Driver, signs: frozenset[int]) -> None:
    assert SLOPES["team", measure][driver].signs == signs


def test_what_does_not_depend_has_no_direction() -> None:
    assert SIZE not in SLOPES["team", "s"]
    assert POINTS not in SLOPES["team", "total"]
    assert SLOPES["team", "n"] == {}


def test_good_and_bad_items_are_told_apart() -> None:
    score = Monotony(ranges_of(plan(open_rulebook("yuetang-2025-1")))).known["company", "composite"]
    by_kind = {
        next(iter(codes)): slope.signs
        for driver, slope in score.items()
        if (driver.table, driver.column) == ("credit", "points")
        for name, codes in driver.only
        if name == "kind"
    }
    assert by_kind == {"GOOD": UP, "BAD": DOWN}


_GAME = some.fixed_dictionaries(
    {
        "team": some.sampled_from("AB"),
        "date": some.sampled_from(["2025-01-10", "2025-06-30"]),
        "points": some.integers(0, 100),
        "size": some.integers(1, 9),
        "kind": some.sampled_from(["HOME", "AWAY"]),
    }
)


def values(games: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    """Every number and truth of every team."""
    facts = {"team": GAMES["team"], "game": [{"id": str(at), **game} for at, game in enumerate(games)]}
    evaluation = evaluate(PLAN, facts, Run("2025"))
    teams_count = len(evaluation.rows("team"))
    found = {(name, row): evaluation.value("team", row, name) for _, name in SLOPES for row in range(teams_count)}
    return {at: value for at, value in found.items() if not isinstance(value, NonValue)}


def exact(value: Any) -> Fraction:
    return Fraction(int(value) if isinstance(value, bool) else value)


@settings(max_examples=200, deadline=None)
@given(some.lists(_GAME, min_size=1, max_size=8), some.data())
def test_a_column_that_grows_moves_no_measure_against_its_direction(games: list[dict[str, Any]], data: Any) -> None:
    at = data.draw(some.integers(0, len(games) - 1))
    column = data.draw(some.sampled_from(["points", "size"]))
    most = {"points": 100, "size": 9}[column]
    changed = [dict(game) for game in games]
    changed[at][column] = data.draw(some.integers(games[at][column], most))
    before, after = values(games), values(changed)
    for (name, row), value in before.items():
        slope = SLOPES["team", name].get(Driver("game", column))
        signs = frozenset[int]() if slope is None else slope.signs
        if (name, row) in after and signs != EITHER:
            move = exact(after[name, row]) - exact(value)
            assert move == 0 or (signs == (UP if move > 0 else DOWN)), (name, value, after[name, row])
