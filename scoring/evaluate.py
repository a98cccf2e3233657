"""The reference evaluator: a plan and facts in, every measure of every row out, with what led to it.

One run is one period. Earlier periods come in through `history`; the results of finer parts (quarters of a half-year),
each fixed at its own evaluation, through `parts`. See README.md, "Parts", for what is taken over and what is not.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from scoring.compute import compute
from scoring.diagnostics import Diagnostic, FactsRefused, Place, diagnostic
from scoring.evaluation import Evaluation, Facts, Run
from scoring.facts import Locate, RawFacts, by_table, read_facts
from scoring.frames import Frame, Frames, key_part
from scoring.inputs import history_of, part_days, part_findings, part_history, period_of, settings_of
from scoring.operators import Job
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.rulebook.types import Type
from scoring.typed import typed
from scoring.values import Value

__all__ = ["Evaluation", "Facts", "Run", "evaluate", "load_facts"]


def load_facts(plan: Plan, raw: RawFacts, locate: Locate = by_table) -> Facts:
    """Type facts once for several runs; raises FactsRefused with every wrong value at once.

    `locate` tells where a value stands, for facts read from files; otherwise places name table and row number.

    >>> from scoring.example import FACTS, league
    >>> load_facts(league("{over: game, count: rows}"), FACTS).tables["game"].columns["points"]
    [100, 205, 70]
    """
    found: list[Diagnostic] = []
    tables = read_facts(plan.document, raw, found, locate)
    if found:
        raise FactsRefused(found)
    return Facts(plan.rulebook.hash, tables)


def evaluate(plan: Plan, facts: RawFacts | Facts, run: Run) -> Evaluation:
    """Compute every measure of a run.

    `facts` maps table names to rows (mappings of column to int, str, Decimal, date, bool or None), each with its row id
    under the key column, or `id` where the rulebook names none. Raises FactsRefused, all findings at once, for facts,
    settings, parts or history that do not fit the rulebook, and for a period it is not in force in.

    >>> from scoring.example import FACTS, league
    >>> run = evaluate(league("{over: game, mean: points, empty: 0}"), FACTS, Run("2026"))
    >>> run.measure("team", "A", "x"), run.as_of
    (Fraction(61, 4), datetime.date(2026, 12, 31))
    """
    loaded = facts if isinstance(facts, Facts) else load_facts(plan, facts)
    assert loaded.rulebook_hash == plan.rulebook.hash, "facts are typed by the rulebook they are evaluated with"
    found: list[Diagnostic] = []
    period = period_of(plan, run, found)
    settings = settings_of(plan.document, run.settings, found)
    past = history_of(plan, run, period, found)
    if found or period is None:
        raise FactsRefused(found)
    as_of = run.as_of or period.last + timedelta(days=plan.document.period.evaluate_after)
    frames = Frames(plan, loaded.tables, period, as_of)
    frames.settings.update(settings)
    evaluation = Evaluation(plan, run, frames, past)
    if not evaluation.is_part and plan.part_grains:
        evaluation.parts = _parts(plan, loaded, run, frames)
        take_over(plan, frames, evaluation.parts)
    for grain, name in plan.order:
        if (grain, name) in evaluation.measures:
            compute(Job(plan, frames, plan.document.measures[grain][name], (), past))
    return evaluation


def _parts(plan: Plan, facts: Facts, run: Run, frames: Frames) -> "tuple[Evaluation | PastResult, ...]":
    """Return the parts in order: those given, or every part that has begun computed from the same facts."""
    if run.parts is None:
        done: list[Evaluation] = []
        for part, day in part_days(plan, frames.period, frames.as_of):
            before = part_history(plan, run.history, done)
            done.append(evaluate(plan, facts, Run(part, history=before, settings=run.settings, as_of=day)))
        return tuple(done)
    found = part_findings(plan, run, frames.period)
    if found:
        raise FactsRefused(found)
    return tuple(sorted(run.parts, key=lambda part: part.period))


def take_over(plan: Plan, frames: Frames, parts: "Sequence[Evaluation | PastResult]") -> None:
    """Put the rows of the parts' grains into a whole run, with all their measures as fixed then."""
    past = [part if isinstance(part, PastResult) else part.part() for part in parts]
    for grain in plan.part_grains:
        space = plan.scope.spaces[grain]
        names = plan.document.measures.get(grain, {})
        rows: list[tuple[tuple[Any, ...], tuple[int, int], Mapping[str, Value]]] = []
        for at, part in enumerate(past):
            for number, (words, values) in enumerate(part.rows.get(grain, {}).items()):
                key = tuple(map(key_part, words, space.key_types))
                rows.append((key, (at, number), values))
        rows.sort(key=lambda one: one[0])
        frame = Frame(space, [key for key, _, _ in rows], {}, origin=[origin for _, origin, _ in rows])
        for name in names:
            kind = plan.type_of(grain, name)
            frame.measures[name] = [_taken(values, name, kind, parts[at].period) for _, (at, _), values in rows]
        frames.put(frame)


def _taken(values: Mapping[str, Value], name: str, kind: Type, period: Period) -> Any:
    """Return a value of a part as the engine holds it."""
    try:
        return typed(values[name], kind)
    except (KeyError, ValueError):
        words = {"why_zh": f"没有可用的「{name}」", "why_en": f"it has no usable `{name}`"}
        found = [diagnostic("PART_WRONG", Place("", 1, 1), period=period.label, **words)]
        raise FactsRefused(found) from None
