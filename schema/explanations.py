"""Explain stored results again on demand, from the evidence they were scored with, and prove that they still add up.

Only the evidence of the subjects asked about is read, as it was known to their run; the explanation must come to the
stored total, or it is not shown.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final, TypeVar
from uuid import UUID

from schema import evidence
from schema.evidence import Moment, Reader, Scope
from scoring.evaluate import evaluate, load_facts
from scoring.evaluation import Evaluation, Run
from scoring.explain import PLACES, Explainer, Line
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan, load

Value = TypeVar("Value")

WORKERS: Final = ThreadPoolExecutor(3, thread_name_prefix="explaining")
"""Where runs are evaluated again. Work that nobody waits for any more goes on in its thread until it is done: here it
delays other explanations alone, and what has not begun is dropped."""


class ExplanationMismatchError(Exception):
    """The evidence does not come to what was stored: evidence, engine or result was tampered with or is broken."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A stored result with its explanation, lines in preorder."""

    result_id: UUID
    grain: str
    subject: tuple[str, ...]
    evaluation: Evaluation
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class _StoredRun:
    """A run as stored: what it takes to evaluate it again."""

    id: UUID
    district_id: UUID
    period: Period
    known_at: datetime
    plan: Plan
    part_ids: tuple[UUID, ...]
    history_ids: tuple[UUID, ...]


@lru_cache(maxsize=16)
def plan_of(text: str) -> Plan:
    """The plan of a stored rulebook version; made once per version and process."""
    return load(text)


async def explained(reader: Reader, result_ids: Sequence[UUID]) -> Mapping[UUID, Explained]:
    """The explanation of each of these results; one evaluation per run serves all of its subjects.

    Raises ExplanationMismatchError if an explanation does not come to the stored total.
    """
    rows = await reader.fetch(
        "SELECT id, run_id, grain, subject, company_id, compound_id, total FROM score_result WHERE id = ANY($1)",
        list(result_ids),
    )
    answer: dict[UUID, Explained] = {}
    for run_id, of_company in dict.fromkeys((row["run_id"], row["company_id"] is not None) for row in rows):
        mine = [row for row in rows if (row["run_id"], row["company_id"] is not None) == (run_id, of_company)]
        evaluation = await _again(reader, run_id, await _scope(reader, run_id, mine))
        answer |= await _aside(partial(_explain, evaluation, mine))
    return answer


def _explain(evaluation: Evaluation, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, Explained]:
    """The explanations of results of one run, each proved against its stored total."""
    explainer, answer = Explainer(evaluation), {}
    for row in rows:
        key = _key(evaluation, row)
        lines = explainer.explain(row["grain"], key)
        _check(row, lines)
        answer[row["id"]] = Explained(row["id"], row["grain"], key, evaluation, lines)
    return answer


def _key(evaluation: Evaluation, row: Mapping[str, Any]) -> tuple[str, ...]:
    grain = evaluation.plan.document.grains.get(row["grain"])
    return tuple(row["subject"].split("/")) if grain else (row["subject"],)


def _check(row: Mapping[str, Any], lines: Sequence[Line]) -> None:
    stored: Decimal | None = row["total"]
    found = None if lines[0].none is not None else Decimal(lines[0].points).scaleb(-PLACES)
    if found != stored:
        raise ExplanationMismatchError(f"{row['grain']} {row['subject']}: stored {stored}, explained {found}")


async def _scope(reader: Reader, run_id: UUID, rows: Sequence[Mapping[str, Any]]) -> Scope:
    """The companies and compounds whose facts the results of these rows can rest on."""
    if any(row["company_id"] is None for row in rows):
        return Scope(compound_ids=[row["compound_id"] for row in rows])
    companies = [row["company_id"] for row in rows]
    known_at = (await reader.fetch("SELECT known_at FROM score_run WHERE id = $1", run_id))[0]["known_at"]
    return Scope(companies, await evidence.served(reader, companies, known_at))


async def _stored_run(reader: Reader, run_id: UUID) -> _StoredRun:
    rows = await reader.fetch(
        "SELECT r.*, c.label, v.plan FROM score_run r JOIN cycle c ON c.id = r.cycle_id"
        " JOIN rulebook_version v ON v.id = r.rulebook_version_id WHERE r.id = $1",
        run_id,
    )
    row = rows[0]
    return _StoredRun(
        run_id,
        row["district_id"],
        Period.parse(row["label"]),
        row["known_at"],
        plan_of(row["plan"]),
        tuple(UUID(each) for each in row["part_ids"]),
        tuple(UUID(each) for each in row["history_ids"]),
    )


async def _again(reader: Reader, run_id: UUID, scope: Scope) -> Evaluation:
    """Evaluate a stored run again over the facts of a scope, its parts first, each as known to its own run."""
    run = await _stored_run(reader, run_id)
    parts = [await _again(reader, part, scope) for part in run.part_ids]
    past = await reader.fetch(
        "SELECT remembered FROM score_run WHERE id = ANY($1) ORDER BY recorded_at", list(run.history_ids)
    )
    asked = {each.name: tuple(name for name, _ in each.columns) for each in run.plan.document.facts.values()}
    moment = Moment(run.district_id, run.period.last, run.known_at)
    raw = await evidence.facts(reader, asked, moment, scope)
    whole = run.period.unit == run.plan.document.period.unit
    history = [PastResult.from_json(each["remembered"]) for each in past]
    again = Run(run.period, parts=parts if whole else None, history=history)
    return await _aside(lambda: evaluate(run.plan, load_facts(run.plan, raw), again))


async def _aside(work: Callable[[], Value]) -> Value:
    """Do it in a thread: others are answered while the numbers are worked out."""
    return await asyncio.get_running_loop().run_in_executor(WORKERS, work)
