"""Every summary of finer rows, with its filters, weights and absences."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring.values import NonValue
from tests.scoring.tiny import GAMES, column, of_teams

EMPTY = "empty: {none: NO_RESULT, reason: NO_GAME}"
NO_GAME = NonValue("NO_RESULT", ("NO_GAME",))

SUMMARIES: list[tuple[str, list[Any]]] = [
    ('{over: game, sum: "points"}', [Decimal("51.0"), Decimal("7.0"), Decimal("0.0")]),
    ('{over: game, sum: "points", weight: "size"}', [Decimal("71.5"), Decimal("28.0"), Decimal("0.0")]),
    (f'{{over: game, mean: "points", {EMPTY}}}', [Fraction(17), Fraction(7), NO_GAME]),
    (f'{{over: game, mean: "points", weight: "size", {EMPTY}}}', [Fraction(143, 8), Fraction(7), NO_GAME]),
    (f'{{over: game, least: "points", {EMPTY}}}', [Decimal("10.0"), Decimal("7.0"), NO_GAME]),
    (f'{{over: game, greatest: "points", {EMPTY}}}', [Decimal("20.5"), Decimal("7.0"), NO_GAME]),
    ("{over: game, count: rows}", [Decimal(3), Decimal(2), Decimal(0)]),
    ("{over: game, where: \"kind == 'HOME'\", count: rows}", [Decimal(2), Decimal(1), Decimal(0)]),
    ('{over: game, any: "size > 3"}', [False, True, False]),
    ('{over: game, every: "size < 3"}', [True, False, True]),
    ('{over: game, distinct: "points"}', [Decimal(2), Decimal(1), Decimal(0)]),
    ('{over: game, list: "size"}', [(Decimal(1), Decimal(2), Decimal(1)), (Decimal(3), Decimal(4)), ()]),
    ('{over: game, list: "game"}', [("1", "2", "3"), ("4", "5"), ()]),
    (f'{{over: game, stdev: "points", places: 3, {EMPTY}}}', [Decimal("6.062"), NO_GAME, NO_GAME]),
    (
        f'{{over: game, quantile: {{of: "points", share: "0.5", method: type1}}, {EMPTY}}}',
        [Decimal("20.5"), Decimal("7.0"), NO_GAME],
    ),
    (
        f'{{over: game, quantile: {{of: "points", share: "0.3", method: type1}}, {EMPTY}}}',
        [Decimal("10.0"), Decimal("7.0"), NO_GAME],
    ),
    (
        '{over: game, once: {per: [kind], highest: "points"}, sum: "points"}',
        [Decimal("41.0"), Decimal("7.0"), Decimal("0.0")],
    ),
    (
        '{over: game, once: {per: [kind], lowest: "points"}, list: "game"}',
        [("1", "2"), ("4", "5"), ()],
    ),
    ('{over: game, last: {rows: 2, by: date}, list: "game"}', [("2", "3"), ("4", "5"), ()]),
    ('{over: game, last: {rows: 1, by: date}, sum: "size"}', [Decimal(1), Decimal(4), Decimal(0)]),
]


@pytest.mark.parametrize(("measure", "want"), SUMMARIES, ids=[text for text, _ in SUMMARIES])
def test_summary(measure: str, want: list[Any]) -> None:
    assert column(of_teams(f"x: {measure}"), "x") == dict(zip("ABC", want, strict=True))


def test_the_earliest_and_the_latest_day() -> None:
    run = of_teams(
        f'first: {{over: game, earliest: "date", {EMPTY}}}', f'late: {{over: game, latest: "date", {EMPTY}}}'
    )
    assert [str(value) for value in list(column(run, "first").values())[:2]] == ["2025-01-10", "2025-01-31"]
    assert [str(value) for value in list(column(run, "late").values())[:2]] == ["2025-03-10", "2025-04-30"]
    assert column(run, "first")["C"] == NO_GAME


def test_a_stronger_absence_takes_the_place_of_the_whole_sum() -> None:
    body = "x: {over: game, sum: \"present(points) ? points : none('PENDING', 'LATE')\"}"
    assert column(of_teams(body), "x") == {
        "A": Decimal("51.0"),
        "B": NonValue("PENDING", ("LATE",)),
        "C": Decimal("0.0"),
    }


def test_an_empty_mean_may_be_counted_as_a_value_and_says_so() -> None:
    run = of_teams('x: {over: game, mean: "points", empty: {value: "0", reason: NO_GAME}}')
    assert column(run, "x")["C"] == 0
    assert [run.counted("team", row, "x") for row in range(3)] == [(), (), ("NO_GAME",)]


def test_weights_that_add_up_to_nothing_are_an_empty_mean() -> None:
    run = of_teams(f'x: {{over: game, mean: "points", weight: "size - size", {EMPTY}}}')
    assert set(column(run, "x").values()) == {NO_GAME}


def test_the_same_once_row_is_kept_whatever_the_order_of_the_facts() -> None:
    measure = 'x: {over: game, once: {per: [team], highest: "points"}, list: "game"}'
    turned = {name: list(reversed(rows)) for name, rows in GAMES.items()}
    assert column(of_teams(measure), "x")["A"] == ("2",)
    assert column(of_teams(measure, facts=turned), "x")["A"] == ("2",)
