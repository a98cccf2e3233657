"""Cases of the regimes: the published and derived vectors beside the project, and our own around every boundary.

Both have the same columns, so one test runs both. Facts are written to files and read as `zhunze evaluate` reads them.
Which evaluator computes is set for each test (`conftest.py`), so that every case passes on both.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from api.console.evaluating import Order, explanation, judged
from api.console.evaluators import Evaluator
from api.facts.answers import answers, as_csv
from scoring.diagnostics import FactsRefused
from scoring.evaluate import Evaluation
from scoring.explain import explain
from scoring.labels import label_of
from scoring.plan import Plan, plan
from scoring.rulebooks import open_rulebook

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "regimes"
OWN = ROOT / "tests" / "cases" / "regimes"
EXPLAINED = 2
"""Subjects of each grain whose explanation every case checks."""
ABSENT = pytest.mark.skip(reason="../shared/regimes is absent: its vectors were not run")

chosen: ContextVar[Evaluator] = ContextVar("chosen", default=Evaluator.REFERENCE)
"""The evaluator of the test at hand."""

Row = dict[str, str]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Every case of a file."""
    if path.suffix == ".json":
        cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
        return cases
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def cases(name: str) -> list[Any]:
    """The cases of a regime, own ones last; without the shared folder its part is one skipped test."""
    found: list[Any] = []
    if (SHARED / name).is_file():
        found += [pytest.param(case, id=case.get("id") or case["case_id"]) for case in read_cases(SHARED / name)]
    else:
        found.append(pytest.param({}, id="shared", marks=ABSENT))
    own = read_cases(OWN / name) if (OWN / name).is_file() else []
    return [*found, *(pytest.param(case, id=f"own-{case.get('id') or case['case_id']}") for case in own)]


def count_of(name: str) -> int:
    return len(read_cases(SHARED / name))


@lru_cache
def plan_of(rulebook: str) -> Plan:
    return plan(open_rulebook(rulebook))


def cell(value: Any) -> str:
    if value is None:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def write(rulebook: str, tables: Tables, folder: Path) -> Path:
    """Write every fact table of the rulebook as CSV, those not given with their header alone."""
    folder.mkdir(parents=True, exist_ok=True)
    declared = plan_of(rulebook).document.facts
    assert set(tables) <= set(declared), set(tables) - set(declared)
    for facts in declared.values():
        rows = tables.get(facts.name, [])
        names = [name for name, _ in facts.columns] + [name for name in ("id",) if any(name in row for row in rows)]
        stray = {name for row in rows for name in row} - set(names)
        assert not stray, f"{facts.name} has no {stray}"
        with (folder / f"{facts.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([[cell(row.get(name)) for name in names] for row in rows])
    return folder


def run(rulebook: str, tables: Tables, folder: Path, period: str, **options: Any) -> Evaluation:
    """Evaluate by files; options are as_of, settings (a map) and history (earlier result files)."""
    as_of = options.pop("as_of", None)
    settings = tuple(f"{name}={cell(value)}" for name, value in options.pop("settings", {}).items())
    day = date.fromisoformat(as_of) if as_of else None
    options = {"settings": settings, "evaluator": chosen.get(), **options}
    order = Order(rulebook, write(rulebook, tables, folder), period or None, day, **options)
    evaluation = judged(plan_of(rulebook), order)
    check_explanations(evaluation)
    return evaluation


def check_explanations(evaluation: Evaluation) -> None:
    """Every case is explained as well: subjects without a result too, and lines add up to the line above."""
    for grain in evaluation.grains():
        outcome = evaluation.plan.document.results[grain]
        scored = outcome.score in evaluation.plan.document.measures[grain]
        for key in evaluation.rows(grain)[:EXPLAINED]:
            assert len(list(explanation(evaluation, "|".join(key)))) >= 1
            lines = explain(evaluation, grain, key) if scored else []
            sums: dict[str, int] = {}
            for line in lines:
                sums[line.parent or ""] = sums.get(line.parent or "", 0) + line.points
            parents = [line for line in lines if line.path in sums and line.none is None]
            assert {line.path: sums[line.path] for line in parents} == {line.path: line.points for line in parents}


def told(evaluation: Evaluation, subject: str, grain: str | None = None) -> Row:
    """The result row of one subject."""
    [row] = [row for row in answers(evaluation) if row["subject"] == subject and grain in (None, row["grain"])]
    return row


def one(rulebook: str, tables: Tables, folder: Path, period: str, **options: Any) -> Row:
    """The result of the subject `s`."""
    return told(run(rulebook, tables, folder, period, **options), "s")


def kept(evaluation: Evaluation, path: Path) -> Path:
    """The results in a file, as the command writes them, for a later period to look back on."""
    path.write_text(as_csv(answers(evaluation)), encoding="utf-8")
    return path


def english(rulebook: str, code: str) -> str:
    """The English label of a code: some grades as printed are no codes."""
    return label_of(plan_of(rulebook).document, code)[1] if code else ""


def refused(rulebook: str, tables: Tables, folder: Path, period: str, **options: Any) -> list[str]:
    """The codes with which a run is refused."""
    with pytest.raises(FactsRefused) as caught:
        run(rulebook, tables, folder, period, **options)
    return [each.code for each in caught.value.diagnostics]


def listed(row: Row) -> list[str]:
    return row["lists"].split(";") if row["lists"] else []
