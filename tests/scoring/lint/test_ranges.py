"""Whatever the engine computes lies in the range proved for it; the district's ranges are as tight as its rules."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scoring.evaluate import Run, evaluate
from scoring.lint import examine, lint, published, ranges_of
from scoring.lint.ranges import Ranges
from scoring.lint.spans import Span
from scoring.plan import plan
from scoring.rulebooks import names, open_rulebook, text
from scoring.values import NonValue
from tests.scoring.tables import load, rows
from tests.scoring.tiny import GAMES, make, teams

DISTRICT = plan(open_rulebook("yuetang-2025-1"))
RANGES = ranges_of(DISTRICT)


def inside(span: Span, value: Any) -> bool:
    """Tell whether a value the engine gave is one the linter foretold."""
    if isinstance(value, NonValue):
        return False in span.present
    if isinstance(value, bool):
        return value in span.truths
    if isinstance(value, int | Decimal | Fraction):
        assert span.amount is not None
        exact = Fraction(value)
        return (span.amount.low is None or span.amount.low <= exact) and (
            span.amount.high is None or exact <= span.amount.high
        )
    return span.codes is None or not isinstance(value, str) or value in span.codes


def outside(ranges: Ranges, evaluation: Any) -> list[tuple[str, str, Any]]:
    """Every value that was not foretold."""
    out = []
    for (grain, name), span in ranges.spans.items():
        if grain in evaluation.grains() and name in evaluation.plan.document.measures[grain]:
            values = (evaluation.value(grain, row, name) for row in range(len(evaluation.rows(grain))))
            out += [(grain, name, value) for value in values if not inside(span, value)]
    return out


def test_a_district_lies_in_its_ranges() -> None:
    facts = {name: rows(columns) for name, columns in load("yuetang/district.yaml")["facts"].items()}
    evaluation = evaluate(DISTRICT, facts, Run("2026H1"))
    assert len(evaluation.rows("company")) > 0
    assert outside(RANGES, evaluation) == []


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [
        (("inspected_category", "deduction"), 0, 15),
        (("inspection", "deducted"), 0, 100),
        (("inspection", "score"), 0, 100),
        (("company", "closure"), 0, 1),
        (("company", "satisfied_share"), 0, 1),
        (("company", "hotline_part"), 30, 100),
        (("company", "training_part"), 0, 100),
        (("company", "base"), 0, 100),
        (("company", "bonus"), 0, 5),
        (("company", "days"), 0, 184),
        (("company", "composite"), -1_000_000_000, 105),
    ],
)
def test_ranges_of_the_district(measure: tuple[str, str], low: int, high: int) -> None:
    amount = RANGES.spans[measure].amount
    assert amount is not None
    assert str(amount) == f"{low} .. {high}"


def test_scores_published_by_the_district() -> None:
    assert published(RANGES) == {
        "company.composite": "-1000000000 .. 105",
        "inspection.score": "0 .. 100",
        "compound_quarter.score": "0 .. 100",
        "unit_quarter.score": "0 .. 100",
        "company_quarter.score": "0 .. 100",
    }


def test_the_district_lints_without_a_blocking_finding() -> None:
    found = lint(DISTRICT)
    assert [one for one in found if one.blocks] == []
    assert sorted(one.code for one in found) == ["NOT_MONOTONE"] * 5 + ["TIES_PASS_THE_CUT"] * 2


@pytest.mark.parametrize("name", names())
def test_every_shipped_rulebook_can_be_examined(name: str) -> None:
    found = examine(text(name), f"{name}.yaml")
    assert {one.place.file for one in found} <= {f"{name}.yaml"}
    assert found == examine(text(name), f"{name}.yaml")


MEASURES = [
    "n: {over: game, count: rows}",
    "s: {over: game, sum: points, cap: 150}",
    "m: {over: game, mean: points, weight: size, empty: {none: NO_RESULT, reason: NO_GAME}, round: 2 half_up}",
    "big: {over: game, where: \"size > 4 || kind == 'AWAY'\", sum: \"size * (kind == 'HOME' ? 2 : -1)\"}",
    "q: {ratio: {of: s, by: n, zero: 0}}",
    "b: {blend: {s: 0.3, big: 0.7}, floor: -3}",
    "t: {table: [{when: \"n > 2\", give: {value: q}}, {when: \"absent(m)\", give: 5}, {else: {value: m}}]}",
    "d: {value: \"max(default(m, 50), q) - abs(big)\"}",
    "g: {steps: {of: d, at_least: {60: GOOD, 20: FAIR}, else: POOR}}",
    "r: {rank: {by: [{key: d, first: high}], from: best, ties: mid}}",
    "l: {curve: {sqrt: s, places: 3}}",
    "e: {over: game, last: {rows: 2, by: date}, greatest: size, empty: {none: NOT_APPLICABLE, reason: NO_GAME}}",
    "v: {over: game, stdev: size, places: 2, empty: {none: NOT_APPLICABLE, reason: ONE_GAME}}",
    "w: {window: {of: n, last: 3, take: sum}}",
]  # fmt: skip
TINY = make(teams(*MEASURES, results="{team: {score: d, remember: [n]}}"))
TINY_RANGES = ranges_of(TINY)
_GAME = some.fixed_dictionaries(
    {
        "team": some.sampled_from("ABC"),
        "date": some.sampled_from(["2025-01-10", "2025-06-30", "2025-12-31"]),
        "points": some.none() | some.integers(0, 1000).map(lambda tenths: str(Decimal(tenths) / 10)),
        "size": some.integers(1, 9),
        "kind": some.sampled_from(["HOME", "AWAY"]),
    }
)


@given(some.lists(_GAME, max_size=12))
def test_generated_facts_lie_in_the_ranges(games: list[dict[str, Any]]) -> None:
    facts = {"team": GAMES["team"], "game": [{"id": str(at), **game} for at, game in enumerate(games)]}
    assert outside(TINY_RANGES, evaluate(TINY, facts, Run("2025"))) == []
