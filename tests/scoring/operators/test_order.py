"""Ranks with every way of treating ties, and running totals."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.values import NonValue
from tests.scoring.tiny import column, make

RANKED = """
facts:
  firm: {most: 100, columns: {score: optional number 1, class: "enum X, Y", veto: bool}}
measures:
  firm:
    place: {rank: %s}
results: {}
"""
SCORES = {"a": ("90", "X", False), "b": ("90", "Y", False), "c": ("80", "X", True), "d": ("80", "X", False),
          "e": ("70", "Y", False), "f": (None, "X", False)}  # fmt: skip
FACTS = {"firm": [{"id": k, "score": s, "class": c, "veto": v} for k, (s, c, v) in SCORES.items()]}
HIGH = "by: [{key: score, first: high}]"
ABSENT = NonValue("NOT_APPLICABLE", ("ABSENT",))

RANKS: list[tuple[str, list[Any]]] = [
    (f"{{{HIGH}, from: best, ties: competition}}", [1, 1, 3, 3, 5, ABSENT]),
    (f"{{{HIGH}, from: best, ties: dense}}", [1, 1, 2, 2, 3, ABSENT]),
    (f"{{{HIGH}, from: best, ties: last}}", [2, 2, 4, 4, 5, ABSENT]),
    (f"{{{HIGH}, from: best, ties: mid}}", ["1.5", "1.5", "3.5", "3.5", "5.0", ABSENT]),
    (f"{{{HIGH}, from: worst, ties: competition}}", [4, 4, 2, 2, 1, ABSENT]),
    ("{by: [{key: score, first: low}], from: best, ties: competition}", [4, 4, 2, 2, 1, ABSENT]),
    (f"{{{HIGH}, within: [class], from: best, ties: competition}}", [1, 1, 2, 2, 2, ABSENT]),
    (
        "{by: [{key: veto, first: low}, {key: score, first: high}], from: best, ties: competition}",
        [1, 1, 5, 3, 4, ABSENT],
    ),
    (
        f'{{{HIGH}, where: "!veto", from: best, ties: competition}}',
        [1, 1, NonValue("NOT_APPLICABLE", ("OUTSIDE",)), 3, 4, ABSENT],
    ),
]


@pytest.mark.parametrize(("rank", "want"), RANKS, ids=[text for text, _ in RANKS])
def test_rank(rank: str, want: list[Any]) -> None:
    got = column(evaluate(make(RANKED % rank), FACTS, Run("2025")), "place", "firm")
    assert list(got.values()) == [one if isinstance(one, NonValue) else Decimal(one) for one in want]


RUNNING = """
facts:
  event: {most: 100, columns: {who: text, day: date, points: number 1, counts: bool}}
measures:
  event:
    total: {running: %s}
results: {}
"""
EVENTS = [
    ("1", "p", "2025-01-01", "1.5", True),
    ("2", "p", "2025-01-01", "2", True),
    ("3", "p", "2025-01-11", "4", True),
    ("4", "q", "2025-01-05", "8", True),
    ("5", "p", "2025-01-12", "16", False),
]
RUNS: list[tuple[str, list[Any]]] = [
    ("{count: rows, per: [who], by: day}", [1, 2, 3, 1, 4]),
    ("{sum: points, per: [who], by: day}", ["1.5", "3.5", "7.5", "8.0", "23.5"]),
    ("{count: rows, per: [], by: day}", [1, 2, 4, 3, 5]),
    ('{count: rows, per: [who], by: day, within: "10"}', [1, 2, 3, 1, 2]),
    ('{sum: points, per: [who], by: day, where: "counts"}', ["1.5", "3.5", "7.5", "8.0", "-"]),
]


@pytest.mark.parametrize(("running", "want"), RUNS, ids=[text for text, _ in RUNS])
def test_running(running: str, want: list[Any]) -> None:
    rows = [{"id": i, "who": w, "day": d, "points": p, "counts": c} for i, w, d, p, c in reversed(EVENTS)]
    got = column(evaluate(make(RUNNING % running), {"event": rows}, Run("2025")), "total", "event")
    outside = NonValue("NOT_APPLICABLE", ("OUTSIDE",))
    assert list(got.values()) == [outside if one == "-" else Decimal(one) for one in want]
