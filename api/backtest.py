"""Run a draft over every period that was scored officially, with the evidence known then, and say what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import asyncpg

from api.database import Database
from api.districts import the_district
from api.refusals import Code, Refusal, Refused, Words
from api.rulebooks import asked, plan_of, text_of
from api.runs import clause_behind
from schema import evidence
from schema.evidence import Moment
from scoring.evaluate import evaluate, load_facts
from scoring.evaluation import Evaluation, Run
from scoring.inputs import part_history
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.results import Result, results
from scoring.simulate import Comparison, Outcome, compare

OFFICIAL = """
    SELECT DISTINCT ON (c.id) c.label, c.first_day, r.id, r.known_at, r.part_ids
    FROM cycle c JOIN score_run r ON r.cycle_id = c.id AND r.kind = 'OFFICIAL' AND r.state = 'SUCCEEDED'
    WHERE c.district_id = $1 ORDER BY c.id, r.given_at DESC, r.id DESC"""
STORED = """
    SELECT s.subject, s.total, s.band, s.recommendation, a.clause
    FROM score_result s LEFT JOIN recommendation a ON a.result_id = s.id WHERE s.run_id = $1 AND s.grain = $2"""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A draft beside the official results of one period, with the names of the companies."""

    period: str
    comparison: Comparison
    names: dict[str, str]


async def backtest(database: Database, draft: str, district: str | None) -> Sequence[Backtest]:
    """Compare a draft with the official run of each of its whole periods, oldest first; nothing is written.

    The draft remembers its own results from period to period. Raises what a wrong rulebook raises; Refused NOT_FOUND
    where nothing was scored officially.
    """
    plan = plan_of(text_of(draft))
    async with database.reading_everything() as reading:
        connection = await Database.driver(reading)
        found = await the_district(connection, district)
        runs = sorted(await connection.fetch(OFFICIAL, found.id), key=lambda row: row["first_day"])
        wholes = [row for row in runs if Period.parse(row["label"]).unit == plan.document.period.unit]
        if not wholes:
            raise Refused(
                Refusal(
                    Code.NOT_FOUND,
                    Words("还没有正式评分可供比较。", "Nothing was scored officially to compare with."),
                    Words("先用 zhunze score 评分。", "Score a period first with zhunze score."),
                )
            )
        history: list[PastResult] = []
        compared = []
        for row in wholes:
            evaluation = await _evaluated(connection, plan, (found.id, row), history)
            history.append(evaluation.remembered())
            history += [part.remembered() for part in _live(evaluation)] if plan.remembers_parts else []
            compared.append(await _compared(connection, row, evaluation))
        return compared


async def _evaluated(
    connection: asyncpg.Connection, plan: Plan, official: tuple[Any, asyncpg.Record], history: Sequence[PastResult]
) -> Evaluation:
    district_id, row = official
    period = Period.parse(row["label"])
    rule = plan.document.period
    parts: list[Evaluation] = []
    for part in period.split(rule.parts) if rule.parts else ():
        moment = Moment(district_id, part.last, row["known_at"])
        earlier = part_history(plan, history, parts)
        parts.append(evaluate(plan, await _facts(connection, plan, moment), Run(part, history=earlier)))
    moment = Moment(district_id, period.last, row["known_at"])
    facts = await _facts(connection, plan, moment)
    return evaluate(plan, facts, Run(period, parts=parts if rule.parts else None, history=history))


def _live(evaluation: Evaluation) -> list[Evaluation]:
    """Return the parts of a run that were computed with it."""
    return [part for part in evaluation.parts if isinstance(part, Evaluation)]


async def _facts(connection: asyncpg.Connection, plan: Plan, moment: Moment) -> Any:
    return load_facts(plan, await evidence.facts(connection, asked(plan), moment))


async def _compared(connection: asyncpg.Connection, row: asyncpg.Record, evaluation: Evaluation) -> Backtest:
    document = evaluation.plan.document
    grain = next(name for name, outcome in document.results.items() if outcome.recommendation or outcome.grade)
    stored = await connection.fetch(STORED, row["id"], grain)
    before = {
        each["subject"]: Outcome(each["total"], each["band"], each["recommendation"], each["clause"]) for each in stored
    }
    after = {"/".join(each.key): _outcome(evaluation, each) for each in results(evaluation) if each.grain == grain}
    named = await connection.fetch(
        "SELECT uscc, name FROM company WHERE superseded_at = 'infinity' AND uscc = ANY($1)", list(before)
    )
    return Backtest(row["label"], compare(before, after), {each["uscc"]: each["name"] for each in named})


def _outcome(evaluation: Evaluation, result: Result) -> Outcome:
    score, measure = result.score, evaluation.plan.document.results[result.grain].recommendation
    total = None
    if isinstance(score, int | Decimal | Fraction):
        exact = Fraction(score)
        total = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.000001"))
    clause = clause_behind(evaluation, result, measure) if measure else None
    return Outcome(total, result.grade, result.recommendation, clause)
