"""The columnar evaluator: the same plan, facts and run as the reference, the same answers to the last byte, faster.

It gives an `Evaluation` like any other: results, hashes, parts and explanations are read from it in the same way.
"""

from collections.abc import Sequence
from datetime import timedelta

from scoring.batch.compute import compute
from scoring.batch.facts import Columns, columns, load_facts
from scoring.batch.formulas import Rows
from scoring.batch.frames import Sheets
from scoring.batch.parts import take_over
from scoring.batch.work import Work
from scoring.diagnostics import Diagnostic, FactsRefused
from scoring.evaluation import Evaluation, Facts, Run
from scoring.facts import RawFacts
from scoring.inputs import history_of, part_days, part_findings, part_history, period_of, settings_of
from scoring.past import PastResult
from scoring.plan import Plan

__all__ = ["Columns", "evaluate", "load_facts"]


def evaluate(plan: Plan, facts: RawFacts | Facts, run: Run) -> Evaluation:
    """Compute every measure of a run over columns.

    Takes, gives and raises what `scoring.evaluate.evaluate` does. Facts from `load_facts` here are turned into columns
    once for all their runs; other facts are turned into columns on each call.

    >>> from scoring.example import FACTS, league
    >>> run = evaluate(league("{over: game, mean: points, empty: 0}"), FACTS, Run("2026"))
    >>> run.measure("team", "A", "x"), run.as_of
    (Fraction(61, 4), datetime.date(2026, 12, 31))
    """
    loaded = columns(plan, facts) if isinstance(facts, Facts) else load_facts(plan, facts)
    assert loaded.rulebook_hash == plan.rulebook.hash, "facts are typed by the rulebook they are evaluated with"
    found: list[Diagnostic] = []
    period = period_of(plan, run, found)
    settings = settings_of(plan.document, run.settings, found)
    past = history_of(plan, run, period, found)
    if found or period is None:
        raise FactsRefused(found)
    as_of = run.as_of or period.last + timedelta(days=plan.document.period.evaluate_after)
    sheets = Sheets(plan, loaded, period, as_of)
    sheets.settings.update(settings)
    evaluation = Evaluation(plan, run, sheets, past)
    if not evaluation.is_part and plan.part_grains:
        evaluation.parts = _parts(plan, loaded, run, sheets)
        take_over(plan, sheets, evaluation.parts)
    for grain, name in plan.order:
        if (grain, name) in evaluation.measures:
            rows = Rows.all(sheets.sheet(grain).size)
            compute(Work(plan, sheets, plan.document.measures[grain][name], rows, past))
    return evaluation


def _parts(plan: Plan, facts: Columns, run: Run, sheets: Sheets) -> "tuple[Evaluation | PastResult, ...]":
    """Return the parts in order: those given, or every part that has begun computed from the same facts."""
    if run.parts is None:
        done: list[Evaluation] = []
        for part, day in part_days(plan, sheets.period, sheets.as_of):
            before = part_history(plan, run.history, done)
            done.append(evaluate(plan, facts, Run(part, history=before, settings=run.settings, as_of=day)))
        return tuple(done)
    found = part_findings(plan, run, sheets.period)
    if found:
        raise FactsRefused(found)
    parts: Sequence[Evaluation | PastResult] = run.parts
    return tuple(sorted(parts, key=lambda part: part.period))
