"""Absences over columns: the strongest with all its reasons, and only those noted that the reference would have met."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.batch.columns import GAP
from scoring.batch.pool import Pool
from scoring.evaluate import Evaluation, Run
from scoring.past import PastResult
from scoring.values import KINDS, NonValue, strongest
from tests.scoring.batch.same import both
from tests.scoring.tiny import GAMES, column, make, teams

GAPS = st.builds(NonValue, st.sampled_from(KINDS), st.lists(st.sampled_from("ABC"), min_size=1, unique=True).map(tuple))


@given(st.lists(st.tuples(st.none() | GAPS, st.none() | GAPS), min_size=1, max_size=6))
def test_two_columns_of_absences_merge_row_by_row(pairs: list[tuple[NonValue | None, NonValue | None]]) -> None:
    pool = Pool()
    numbers = [[0 if gap is None else pool.gap(gap) for gap in pair] for pair in pairs]
    one, two = (np.array([pair[at] for pair in numbers], dtype=GAP) for at in range(2))
    got = pool.merged(one, two)
    want = [[gap for gap in pair if gap is not None] for pair in pairs]
    assert got is not None
    assert [pool.gaps[number] for number in got] == [strongest(gaps) if gaps else None for gaps in want]
    assert pool.merged(one, None) is one


def test_an_any_asks_no_further_than_the_first_row_that_holds() -> None:
    late = {"id": "6", "team": "A", "date": "2025-05-01", "points": None, "size": 1, "kind": "HOME"}
    facts = {"team": GAMES["team"], "game": [*GAMES["game"], late]}
    body = teams('x: {over: game, any: "default(points, 0) > 9"}', 'y: {over: game, every: "default(points, 50) > 9"}')
    run = both(make(body), facts, Run("2025"))
    assert column(run, "x") == {"A": True, "B": False, "C": False}
    assert [run.counted("team", at, "x") for at in range(3)] == [(), ("ABSENT",), ()]
    assert [run.counted("team", at, "y") for at in range(3)] == [("ABSENT",), ("ABSENT",), ()]
    assert run.frames.frame("game").counted == {}


def test_values_for_gaps_are_noted_only_for_rows_that_are_live() -> None:
    rule = 'x: {require: {that: {SMALL: "team == \'B\'"}, else: NO_RESULT}, over: game, sum: "default(points, 1)"}'
    facts = {"team": GAMES["team"], "game": [row | {"points": None} for row in GAMES["game"]]}
    run = both(make(teams(rule)), facts, Run("2025"))
    assert [run.counted("team", at, "x") for at in range(3)] == [(), ("ABSENT",), ()]


CHAIN = """
facts:
  firm: {most: 9, columns: {score: number 0}}
measures:
  firm:
    low: {value: "score < 60"}
    lows: {run: {of: low}}
results: {firm: {score: lows, remember: [low]}}
"""


def test_one_chain_goes_on_while_another_is_broken_and_takes_up_again() -> None:
    plan, past = make(CHAIN, "quarter"), list[PastResult]()
    run: Evaluation | None = None
    for label, a, b in (("2024Q2", 1, 1), ("2024Q3", 1, 99), ("2024Q4", 1, 1)):
        rows = [{"id": "a", "score": a}, {"id": "b", "score": b}]
        run = both(plan, {"firm": rows}, Run(label, history=past))
        past.append(run.remembered())
    assert run is not None
    assert {key: int(value) for key, value in column(run, "lows", "firm").items()} == {"a": 3, "b": 1}


DROPPED = """
facts:
  firm: {most: 9, columns: {alive: bool, size: number 0, parent: optional ref firm}, keep: alive}
  site: {most: 9, columns: {firm: ref firm}}
  claim: {most: 9, columns: {firm: text}}
measures:
  firm:
    above: {value: "parent.size"}
  claim:
    size: {lookup: {in: firm, key: [firm], give: size, otherwise: {none: PENDING, reason: GONE}}}
results: {firm: {score: above}}
"""


def test_a_way_that_ends_at_a_dropped_or_missing_row_gives_that_absence() -> None:
    firms = [("F", True, None), ("G", False, "F"), ("H", True, "F"), ("I", True, "G")]
    facts: dict[str, list[dict[str, Any]]] = {
        "firm": [{"id": i, "alive": alive, "size": 3, "parent": parent} for i, alive, parent in firms],
        "site": [{"id": "1", "firm": "F"}, {"id": "2", "firm": "G"}],
        "claim": [{"id": "1", "firm": "F"}, {"id": "2", "firm": "G"}],
    }
    run = both(make(DROPPED), facts, Run("2025"))
    gaps = {name: NonValue("NOT_APPLICABLE", (name,)) for name in ("ABSENT", "DROPPED")}
    assert column(run, "above", "firm") == {"F": gaps["ABSENT"], "H": 3, "I": gaps["DROPPED"]}
    assert column(run, "size", "claim") == {"1": 3, "2": NonValue("PENDING", ("GONE",))}
    assert run.frames.frame("site").keys == [("1",)]
