"""Facts and results beyond int64: no number wraps, every one is what the reference evaluator says."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.batch.evaluate import evaluate as by_column
from scoring.batch.frames import Sheets
from scoring.evaluate import Run
from scoring.plan import Plan, plan
from scoring.rulebook import read
from tests.scoring.batch.same import both
from tests.scoring.tiny import document

BODY = """
facts:
  firm: {most: 9, columns: {}}
  note: {most: 99, columns: {firm: ref firm, date: date, x: number 0, y: number 2, z: optional number 0}}
measures:
  note:
    product: {value: "x * y"}
    square: {value: "product * product - x"}
    share: {ratio: {of: "x * x", by: "y", zero: {none: ERROR, reason: ZERO}}}
    sofar: {running: {sum: "x", per: [firm], by: date, within: "40"}}
    capped: {value: "square", cap: "x", round: 1 half_even}
    high: {value: "x * 1000000 > y"}
    step: {steps: {of: "square", at_least: {100: HIGH, 0: LOW}, else: NEGATIVE}}
    place: {rank: {by: [{key: "square", first: high}], from: best, ties: dense}}
  firm:
    sum: {over: note, sum: "x"}
    weighted: {over: note, sum: "x", weight: "y"}
    mean: {over: note, mean: "x", weight: "y", empty: {none: NO_RESULT, reason: NONE}}
    shares: {over: note, sum: "share"}
    spread: {over: note, stdev: "x", places: 2, empty: {none: NO_RESULT, reason: FEW}}
    most: {over: note, greatest: "product", empty: {none: NO_RESULT, reason: NONE}}
    middle: {over: note, quantile: {of: "square", share: "0.5", method: type1}, empty: {none: NO_RESULT, reason: NONE}}
    kinds: {over: note, distinct: "x"}
    best: {over: note, once: {per: [firm], highest: "square"}, list: "note"}
    blend: {blend: {sum: 3, mean: 0.5}, round: 3 up}
    rounded: {value: "shares", round: 4 half_up}
results: {firm: {score: sum}, note: {score: product}}
"""


@lru_cache(maxsize=1)
def checked() -> Plan:
    return plan(read(document(BODY)))


def notes(values: list[tuple[int, str, int | None]]) -> dict[str, list[dict[str, Any]]]:
    rows = [
        {"id": f"{at:02d}", "firm": "F", "date": f"2025-01-{at % 28 + 1:02d}", "x": x, "y": y, "z": z}
        for at, (x, y, z) in enumerate(values)
    ]
    return {"firm": [{"id": "F"}, {"id": "G"}], "note": rows}


def test_numbers_beyond_int64_are_exact() -> None:
    great = 2**63 - 1
    run = both(checked(), notes([(great, "1", 1), (great, "0.5", None), (-great, "3", 2)]), Run("2025"))
    assert run.measure("note", "00", "square") == Decimal(great * great - great)
    assert run.measure("firm", "F", "sum") == Decimal(great)
    assert run.measure("firm", "F", "mean") == Fraction(-15 * great, 45)
    assert run.value("note", 1, "sofar") == Decimal(2 * great)


def test_what_fits_stays_int64() -> None:
    run = by_column(checked(), notes([(5, "1.25", 1), (7, "2", None)]), Run("2025"))
    assert isinstance(run.frames, Sheets)
    kinds = {
        run.frames.sheet("note").column("measure", name).data.dtype for name in ("product", "square", "sofar", "place")
    }
    assert kinds == {np.dtype(np.int64)}


NUMBER = st.integers(-(10**29), 10**29) | st.sampled_from([2**63 - 1, -(2**63), 2**63, 2**62, 3, 0, -1])


@given(
    st.lists(
        st.tuples(NUMBER, NUMBER.map(lambda n: str(Decimal(n) / 100 if abs(n) < 10**20 else n)), st.none()), max_size=5
    )
)
@settings(max_examples=40, deadline=None)
def test_both_evaluators_agree_however_large_the_numbers(values: list[tuple[int, str, None]]) -> None:
    both(checked(), notes(list(values)), Run("2025"))
