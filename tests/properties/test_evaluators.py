"""Made rulebooks: both evaluators agree, and what must change nothing changes nothing.

`python -m tests.properties.evaluators --pairs 2000` is the long run.
"""

from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.batch.evaluate import evaluate as by_column
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.plan import Plan, plan
from scoring.rulebook import read
from tests.properties.evaluators import check
from tests.properties.rulebooks import Case, make
from tests.scoring.tiny import document

SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=6, deadline=None)


def test_the_maker_makes_the_same_from_the_same_seed() -> None:
    (one,), (two,) = make(Random(7)), make(Random(7))
    assert (one.text, one.facts, one.settings) == (two.text, two.facts, two.settings)
    assert len(one.plan.order) >= 8
    assert {len(make(Random(seed))[0].text) for seed in range(3)} != {len(one.text)}


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_both_evaluators_agree_on_a_made_rulebook_with_four_sets_of_facts(seed: int) -> None:
    for case in make(Random(seed), 4):
        check(case)


def last(case: Case, facts: dict[str, list[dict[str, Any]]]) -> Evaluation:
    return evaluate(case.plan, facts, Run(case.periods[-1], settings=case.settings))


@given(SEEDS)
@FEW
def test_the_order_of_rows_changes_no_byte(seed: int) -> None:
    (case,), random = make(Random(seed)), Random(seed)
    turned = {name: random.sample(rows, len(rows)) for name, rows in case.facts.items()}
    one, two = last(case, case.facts), last(case, turned)
    assert (one.result_hash, one.evidence_hash) == (two.result_hash, two.evidence_hash)


@given(SEEDS, st.floats(0, 1))
@FEW
def test_a_file_in_two_pieces_is_the_same_evidence(seed: int, share: float) -> None:
    (case,) = make(Random(seed))
    cut = {name: int(share * len(rows)) for name, rows in case.facts.items()}
    joined = {name: [*rows[cut[name] :], *rows[: cut[name]]] for name, rows in case.facts.items()}
    one, two = last(case, case.facts), last(case, joined)
    assert (one.result_hash, one.evidence_hash) == (two.result_hash, two.evidence_hash)


@given(SEEDS)
@FEW
def test_a_rule_nobody_reads_changes_no_other(seed: int) -> None:
    (case,) = make(Random(seed))
    head, unread = "  whole:\n", "    unread: {over: firm, count: rows}\n"
    start = head if f"\n{head}" in case.text else "measures:\n"
    more = plan(read(case.text.replace(start, start + ("" if start == head else head) + unread, 1)))
    one = last(case, case.facts)
    two = evaluate(more, case.facts, Run(case.periods[-1], settings=case.settings))
    for grain, name in case.plan.order:
        if (grain, name) in one.measures:
            rows = range(len(one.rows(grain)))
            assert [one.value(grain, at, name) for at in rows] == [two.value(grain, at, name) for at in rows]


BLENDED = """
settings: {nothing: {value: 0, type: number 0}}
facts:
  firm: {most: 9, columns: {a: optional number 1, b: number 2, c: optional number 0}}
  note: {most: 99, columns: {firm: ref firm, points: number 1, weight: number 0 0..9}}
measures:
  firm:
    two: {blend: {a: 3, b: 1}}
    three: {blend: {a: 3, b: 1, c: nothing}}
    mean: {over: note, mean: points, weight: weight, empty: {none: NO_RESULT, reason: NONE}}
results: {firm: {score: two}}
"""


@lru_cache(maxsize=1)
def blended() -> Plan:
    return plan(read(document(BLENDED)))


TENTHS = st.decimals(-99, 99, places=1)


@given(
    st.lists(st.tuples(st.none() | TENTHS, TENTHS, st.none() | st.integers(-9, 9)), min_size=1, max_size=4),
    st.lists(st.tuples(TENTHS, st.integers(0, 3)), max_size=6),
)
@settings(deadline=None)
def test_what_has_no_weight_changes_nothing(firms: list[tuple[Any, Any, Any]], notes: list[tuple[Any, int]]) -> None:
    rows = [{"id": str(at), "a": a, "b": b, "c": c} for at, (a, b, c) in enumerate(firms)]
    weighed = [{"id": str(at), "firm": "0", "points": p, "weight": w} for at, (p, w) in enumerate(notes)]
    checked = blended()
    both = {"firm": rows, "note": weighed}, {"firm": rows, "note": [note for note in weighed if note["weight"]]}
    for judge in (evaluate, by_column):
        whole, part = (judge(checked, facts, Run("2025")) for facts in both)
        values = [
            [run.value("firm", at, name) for at in range(len(rows))]
            for run in (whole, part)
            for name in ("two", "three")
        ]
        assert values[0] == values[1] == values[2] == values[3]
        assert whole.value("firm", 0, "mean") == part.value("firm", 0, "mean")
