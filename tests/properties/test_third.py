"""The third evaluator against the engine: made rulebooks, the regimes, the district; and that it would notice.

`python -m tests.properties.third --pairs 500` is the long run, `--sample` the whole sample district.
"""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.console.evaluating import judged
from scoring.batch.evaluate import evaluate as by_column
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.plan import plan
from scoring.rulebooks import open_rulebook
from tests.properties.third.judge import compare
from tests.properties.third.pairs import Tally
from tests.scoring.regimes import test_compounds as compounds
from tests.scoring.regimes import test_credit_grades as credit
from tests.scoring.regimes import test_people_and_agencies as people
from tests.scoring.regimes import vectors
from tests.scoring.tables import load, rows
from tests.scoring.tiny import GAMES, make, teams

SMOKE = (1001, 1006)
WORK = ("scoring.operators", "scoring.batch", "scoring.compute", "scoring.conditions.closures", "scoring.formulas")
"""How the engine works things out."""


def test_it_shares_no_work_with_the_engine() -> None:
    """The third evaluator knows plans, trees and finished runs; only the module that makes pairs runs the engine."""
    modules = [
        path for path in (Path(__file__).parent / "third").glob("*.py") if path.stem not in ("pairs", "__main__")
    ]
    assert len(modules) == 10
    for path in modules:
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        assert [node.module for node in nodes if node.module is not None and node.module.startswith(WORK)] == []


def test_made_rulebooks_agree() -> None:
    tally = Tally()
    found = [line for seed in SMOKE for line in tally.pair(seed)]
    assert found == []
    assert (tally.seen, tally.unanswered, tally.wrong) == (2, 0, 0)
    assert tally.compared == 2
    assert tally.whole.measures > 10 * sum(tally.whole.taken.values())


VECTORS: list[tuple[Callable[..., None], str]] = [
    (credit.test_zhejiang, "01-zhejiang-2020.cases.csv"),
    (credit.test_shandong, "02-shandong-yantai-2022.cases.json"),
    (credit.test_lianyungang, "03-lianyungang-2018.cases.csv"),
    (credit.test_beijing, "05-beijing-2010.cases.json"),
    (credit.test_shanghai, "06-shanghai-2012.cases.json"),
    (compounds.test_shijingshan, "07-shijingshan-2025.cases.csv"),
    (compounds.test_luan, "08-luan-2022.cases.csv"),
    (compounds.test_quanzhou, "11-quanzhou.cases.json"),
    (people.test_phas, "15-hud-phas.cases.json"),
    (people.test_semap, "17-hud-semap.cases.json"),
    (people.test_tcmr, "18-singapore-tcmr.cases.csv"),
]
TAKEN = {"ln", "log", "full_years"}


@pytest.mark.parametrize(("check", "name"), VECTORS, ids=[name.partition(".")[0] for _, name in VECTORS])
def test_the_regimes_agree(check: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = vectors.cases(name)[0]
    if case.marks:
        pytest.skip("the vectors beside the project are absent")
    seen: list[Evaluation] = []

    def kept(*order: Any, **options: Any) -> Evaluation:
        seen.append(judged(*order, **options))
        return seen[-1]

    monkeypatch.setattr(vectors, "judged", kept)
    check(case.values[0], tmp_path)
    assert seen
    verdict = compare(seen[-1])
    assert verdict.differ == []
    assert verdict.measures > 0
    assert set(verdict.taken) <= TAKEN


def test_the_district_agrees() -> None:
    facts = {name: rows(columns) for name, columns in load("yuetang/district.yaml")["facts"].items()}
    verdict = compare(evaluate(plan(open_rulebook("yuetang-2025-1")), facts, Run("2026H1")))
    assert verdict.differ == []
    assert dict(verdict.taken) == {}
    assert verdict.measures > 60


ORDER = [
    f"{ties}_{start}: {{rank: {{by: [{{key: size, first: {first}}}], from: {start}, ties: {ties}}}}}"
    for ties, first in zip(("competition", "dense", "last", "mid"), ("high", "low", "high", "low"), strict=True)
    for start in ("best", "worst")
]
RANKS = "\n".join(f"    {line}" for line in ORDER)


def test_every_way_to_break_ties_agrees() -> None:
    checked = make(teams().replace("  team:\n", f"  game:\n{RANKS}\n", 1).replace("results: {}", "results: {game: {}}"))
    found = evaluate(checked, GAMES, Run("2025"))
    verdict = compare(found)
    assert (verdict.differ, dict(verdict.taken), verdict.measures, verdict.values) == ([], {}, 8, 40)
    sizes = [found.value("game", at, "competition_best") for at in range(5)]
    assert [int(str(place)) for place in sizes] == [4, 3, 4, 2, 1]


def test_one_value_changed_is_noticed() -> None:
    checked = make(teams("mean: {over: game, mean: points, empty: 0}", 'more: {value: "mean + 1"}'))
    found = evaluate(checked, GAMES, Run("2025"))
    assert compare(found).differ == []
    measures = found.frames.frame("team").measures
    measures["mean"][0] += 1
    assert [line.partition(" ")[0] for line in compare(found).differ] == ["team.mean", "team.more"]


@pytest.mark.parametrize("mode", ["up", "down", "floor", "ceiling", "half_down", "half_even"])
def test_another_rounding_is_noticed(mode: str) -> None:
    """Facts around every middle tell each mode from 四舍五入: a run by one, judged by a rulebook with the other."""
    body = """
facts: {{one: {{most: 9, columns: {{x: number 1 -9..9}}}}}}
measures: {{one: {{y: {{value: x, round: 0 {mode}}}}}}}
results: {{one: {{}}}}
"""
    facts = {
        "one": [{"id": str(at), "x": x} for at, x in enumerate(["2.5", "-2.5", "2.4", "-2.4", "2.6", "-2.6", "3.5"])]
    }
    said, other = (make(body.format(mode=each)) for each in ("half_up", mode))
    found = evaluate(said, facts, Run("2025"))
    assert compare(found).differ == []
    found.plan = replace(other, trees=said.trees)
    assert len(compare(found).differ) == 1


NEAR = """
facts:
  event: {most: 9, columns: {day: date, at: number 1 0..99, back: number 0 0..999, points: number 0 0..9}}
measures:
  event:
    near: {running: {sum: points, per: [], by: BY, within: BACK}}
results: {event: {}}
"""
EVENTS = {
    "event": [
        {"id": "1", "day": "2025-01-01", "at": "1.0", "back": 100, "points": 1},
        {"id": "2", "day": "2025-01-10", "at": "2.0", "back": 0, "points": 2},
        {"id": "3", "day": "2025-01-11", "at": "30.0", "back": 100, "points": 4},
    ]
}


def totals(judge: Any, by: str, back: str) -> list[int]:
    found = judge(make(NEAR.replace("BY", by).replace("BACK", back)), EVENTS, Run("2025"))
    return [int(found.value("event", at, "near")) for at in range(3)]


@pytest.mark.parametrize("judge", [evaluate, by_column])
def test_a_distance_in_days(judge: Any) -> None:
    assert totals(judge, "day", "9") == [1, 3, 6]
    assert compare(evaluate(make(NEAR.replace("BY", "day").replace("BACK", "9")), EVENTS, Run("2025"))).differ == []


@pytest.mark.parametrize("judge", [evaluate, by_column])
def test_a_distance_in_tenths(judge: Any) -> None:
    assert totals(judge, "at", "7") == [1, 3, 4]


@pytest.mark.parametrize("judge", [evaluate, by_column])
def test_a_distance_that_differs_from_row_to_row(judge: Any) -> None:
    assert totals(judge, "day", "back") == [1, 2, 7]
