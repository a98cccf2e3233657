"""Score a period: a half-year's quarters first, each fixed as a run of its own, then the half-year over them.

The same rulebook, evidence and earlier results give the run already made; nothing is written twice. Results are
proposed, not published: publication is an act of people.
"""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from api import clock
from api.cycles import Cycle, the_cycle
from api.database import Database
from api.desk import Actor, Desk, desk
from api.districts import the_district
from api.refusals import Code, Refusal, Refused, Words
from api.rulebooks import Text, Version, asked, plan_of, stored, text_of
from api.runs import Given, Kept, Made, history, keep
from schema import evidence
from schema.evidence import Moment
from schema.tables import District
from scoring.evaluate import evaluate, load_facts
from scoring.evaluation import Evaluation, Run
from scoring.periods import Period
from scoring.plan import Plan

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be scored: a period's label, and the rulebook (None = the district's own, else a name or a file)."""

    period: str
    rulebook: str | None = None
    district: str | None = None


@dataclass(slots=True)
class _Bench:
    """What the runs of one act share."""

    act: Desk
    connection: asyncpg.Connection
    district: District
    plan: Plan
    version: Version
    text: Text


async def score_period(
    database: Database, actor: Actor, order: Order, told: Told = lambda step: None
) -> tuple[Made, ...]:
    """Score one period and return its runs, parts first.

    Raises RulebookRefused for a wrong rulebook, FactsRefused where stored facts do not fit it, Refused for a period
    that is none of the rulebook's and for a district without companies.
    """
    text = text_of(order.rulebook)
    plan = plan_of(text)
    period = _period(plan, order.period)
    async with desk(database, actor=actor) as act:
        connection = await act.driver()
        district = await the_district(connection, order.district)
        act.district = district.id
        await _refuse_without_evidence(connection, district)
        version = await stored(connection, district.id, plan, text)
        bench = _Bench(act, connection, district, plan, version, text)
        runs = await _score(bench, period, told)
        if not version.known or not all(run.repeated for run in runs):
            await _record(bench, runs)
        return runs


def _period(plan: Plan, label: str) -> Period:
    rule = plan.document.period
    try:
        period = Period.parse(label)
    except ValueError:
        period = None
    if period is not None and period.unit in {rule.unit, rule.parts}:
        return period
    units = [unit for unit in (rule.unit, rule.parts) if unit]
    raise Refused(
        Refusal(
            Code.INVALID,
            Words(
                f"「{label}」不是本规则的考评期间({'、'.join(units)})。",
                f"{label} is no period of this rulebook ({', '.join(units)}).",
            ),
            Words("例如 2026H1 或 2026Q1。", "Write for example 2026H1 or 2026Q1."),
            ("period",),
        )
    )


async def _refuse_without_evidence(connection: asyncpg.Connection, district: District) -> None:
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM filing WHERE district_id = $1 AND superseded_at = 'infinity')", district.id
    ):
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words(f"{district.name}还没有企业数据。", f"{district.name} has no companies yet."),
                Words("先用 zhunze import 导入工作簿。", "Import a workbook first."),
            )
        )


async def _score(bench: _Bench, period: Period, told: Told) -> tuple[Made, ...]:
    rule = bench.plan.document.period
    whole = period.unit == rule.unit
    owner = (bench.district.id, bench.version.rulebook_id)
    cycle = await the_cycle(bench.connection, owner, rule, period)
    runs: list[Made] = []
    parts: list[Evaluation] = []
    if whole and rule.parts is not None:
        for part in period.split(rule.parts):
            inside = await the_cycle(bench.connection, owner, rule, part, cycle.id)
            earlier = await history(bench.connection, inside, bench.version) if bench.plan.remembers_parts else ()
            made, evaluation = await _run(bench, inside, part, Given(history=earlier), told)
            runs.append(made)
            parts.append(evaluation)
    looks_back = whole or bench.plan.remembers_parts
    before = await history(bench.connection, cycle, bench.version) if looks_back else ()
    given = Given(tuple(runs), tuple(parts) if whole else None, before)
    made, _ = await _run(bench, cycle, period, given, told)
    return (*runs, made)


async def _run(bench: _Bench, cycle: Cycle, period: Period, given: Given, told: Told) -> tuple[Made, Evaluation]:
    told(period.label)
    moment = Moment(bench.district.id, period.last, bench.act.moment)
    raw = await evidence.facts(bench.connection, asked(bench.plan), moment)
    facts = load_facts(bench.plan, raw)
    asked_for = Run(period, parts=given.parts, history=[each.result for each in given.history])
    evaluation = evaluate(bench.plan, facts, asked_for)
    made = await keep(bench.connection, cycle, evaluation, _as(bench, cycle, given, sum(map(len, raw.values()))))
    return made, evaluation


def _as(bench: _Bench, cycle: Cycle, given: Given, evidence_rows: int) -> Kept:
    early = cycle.evaluated_on > clock.today()
    official = bench.version.state == "IN_FORCE" and not early
    return Kept(
        district_id=bench.district.id,
        version=bench.version,
        kind="OFFICIAL" if official else "PREVIEW",
        known_at=bench.act.moment,
        given=given,
        evidence_rows=evidence_rows,
    )


async def _record(bench: _Bench, runs: tuple[Made, ...]) -> None:
    await bench.act.record(
        "cycle.scored",
        subject=str(runs[-1].id),
        payload={
            "rulebook": bench.plan.rulebook.hash,
            "runs": [
                {
                    "id": str(run.id),
                    "period": run.label,
                    "kind": run.kind,
                    "input": run.input_hash,
                    "result": run.result_hash,
                }
                for run in runs
            ],
        },
    )
