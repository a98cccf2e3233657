"""Operators without an exact column: the reference evaluator's function, asked row by row, its answers as a column."""

from dataclasses import replace
from typing import Any

from scoring.batch.columns import from_values
from scoring.batch.work import Outcome, Work
from scoring.operators import OPERATORS, Job


def by_row(work: Work, operator: Any) -> Outcome:
    """Compute an operator row by row.

    >>> from scoring.batch.example import column
    >>> column("{curve: {sqrt: points, places: 3}}", "game")
    ['3.162', '4.528', '2.646']
    """
    live = work.live.numbers().tolist()
    job = Job(work.plan, work.sheets, work.measure, live, work.past)
    found = OPERATORS[type(operator)](job, operator)
    values = [found.at(row) for row in live]
    kind = work.plan.type_of(work.measure.grain, work.measure.name)
    if kind.kind == "number":
        kind = replace(kind, places=found.places)
    return Outcome(from_values(values, kind, work.pool), found.places)
