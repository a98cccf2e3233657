"""Laws of any rulebook, by both evaluators: what must change nothing, and that worse evidence never raises a total.

The last law is the linter's promise: where it says that a total only falls (or only rises) with a column, one value
made worse, one more deduction or one bonus less must not raise the total. A forged promise must be caught.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.batch.evaluate import evaluate as by_column
from scoring.evaluate import Evaluation, Run
from scoring.evaluate import evaluate as by_row
from scoring.plan import Plan
from tests.properties.monotone import TABLES, Directions, Rows, Scored, directions, facts, finding, scored, worsened
from tests.properties.rulebooks import Case, make
from tests.scoring.tiny import make as tiny

SEEDS = st.integers(0, 2**32)
JUDGES = pytest.mark.parametrize("judge", [by_row, by_column], ids=["reference", "columnar"])
Judge = Callable[[Plan, Any, Run], Evaluation]


def hashes(judge: Judge, case: Case, rows: dict[str, Rows]) -> tuple[str, str]:
    found = judge(case.plan, rows, Run(case.periods[-1], settings=case.settings))
    return found.evidence_hash, found.result_hash


@JUDGES
@given(SEEDS)
@settings(max_examples=6, deadline=None)
def test_neither_order_nor_pieces_of_the_evidence_change_a_byte(judge: Judge, seed: int) -> None:
    (case,), random = make(Random(seed)), Random(seed)
    turned = {name: random.sample(rows, len(rows)) for name, rows in case.facts.items()}
    cut = {name: random.randrange(len(rows) + 1) for name, rows in case.facts.items()}
    pieces = {name: rows[cut[name] :] + rows[: cut[name]] for name, rows in case.facts.items()}
    whole = hashes(judge, case, case.facts)
    assert hashes(judge, case, turned) == whole
    assert hashes(judge, case, pieces) == whole


def totals(judge: Judge, plan: Plan, rows: dict[str, Rows]) -> list[Any]:
    found = judge(plan, rows, Run("2025"))
    return [found.value("firm", at, "total") for at in range(len(found.rows("firm")))]


def rises(judge: Judge, rulebook: Scored, known: Directions, seed: int) -> list[str]:
    """Worsen every column of which a direction is known, one value at a time; return which raise a total."""
    random = Random(seed)
    rows = facts(random)
    before, out = totals(judge, rulebook.plan, rows), []
    for at, direction in sorted(known.items()):
        worse = worsened(random, rows, at, direction)
        if worse is not None:
            after = totals(judge, rulebook.plan, worse)
            out += [f"{at}: {a} to {b}" for a, b in zip(before, after, strict=True) if b > a]
    return out


@JUDGES
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_worse_evidence_never_raises_a_total_the_linter_calls_monotone(judge: Judge, seed: int) -> None:
    rulebook = scored(Random(seed), wild=seed % 3 == 0)
    assume(rulebook is not None and rulebook.directions)
    assert rulebook is not None
    assert rises(judge, rulebook, rulebook.directions, seed) == []


@JUDGES
@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_one_more_deduction_or_one_bonus_less_never_raises_a_total(judge: Judge, seed: int) -> None:
    rulebook = scored(Random(seed))
    assume(rulebook is not None)
    assert rulebook is not None
    assert rulebook.directions["bonus", "points"] == 1
    assert {sign for (table, _), sign in rulebook.directions.items() if table == "finding"} == {-1}
    random = Random(seed)
    rows = facts(random)
    before = totals(judge, rulebook.plan, rows)
    more = rows | {"finding": [*rows["finding"], finding(random, "NEW", "12.5")]}
    fewer = rows | {"bonus": rows["bonus"][1:]}
    for worse in (more, fewer):
        assert all(b <= a for a, b in zip(before, totals(judge, rulebook.plan, worse), strict=True))


def test_the_linter_has_a_word_on_most_made_rulebooks() -> None:
    """The law would be empty if the linter never called a made rulebook monotone, or a wild one always."""
    tame = [one for one in (scored(Random(seed)) for seed in range(20)) if one is not None]
    wild = [one for one in (scored(Random(seed), wild=True) for seed in range(20)) if one is not None]
    assert len(tame) >= 18
    assert all(("finding", "points") in one.directions for one in tame)
    unclear = [one for one in wild if ("finding", "points") not in one.directions]
    assert 3 <= len(unclear) < len(wild)


FORGED = f"""{TABLES}
measures:
  firm:
    lost: {{over: finding, sum: points}}
    band: {{steps: {{of: lost, above: {{30: 2, 10: 30}}, else: 0}}}}
    total: {{value: "100 - band", floor: 0}}
results: {{firm: {{score: total}}}}
"""


@JUDGES
def test_a_forged_promise_is_caught(judge: Judge) -> None:
    """More than 30 points cost less than more than 10, and the linter promises nothing; a forged promise is broken."""
    rulebook = Scored(FORGED, tiny(FORGED), {})
    assert ("finding", "points") not in directions(rulebook.plan)
    forged = {("finding", "points"): -1}
    found = [line for seed in range(80) for line in rises(judge, rulebook, forged, seed)]
    assert len(found) >= 3
