"""What each operator computes over columns, one function of a `Work` per operator.

`curve`, `window` and the odd cases named in `rare` are computed row by row by the reference evaluator's own functions:
a logarithm has no exact column, and a window reads a handful of earlier results.
"""

from collections.abc import Callable
from typing import Any, Final

from scoring.batch.operators.aggregate import aggregate
from scoring.batch.operators.division import blend, ratio
from scoring.batch.operators.history import previous, run
from scoring.batch.operators.order import rank, running
from scoring.batch.operators.rare import by_row
from scoring.batch.operators.rowwise import flags, lookup, steps, table, value
from scoring.batch.work import Outcome, Work
from scoring.rulebook import document as doc

OPERATORS: Final[dict[type[Any], Callable[[Work, Any], Outcome]]] = {
    doc.ValueOf: value,
    doc.Flags: flags,
    doc.Table: table,
    doc.Steps: steps,
    doc.Lookup: lookup,
    doc.Aggregate: aggregate,
    doc.Ratio: ratio,
    doc.Blend: blend,
    doc.Curve: by_row,
    doc.Rank: rank,
    doc.Running: running,
    doc.Previous: previous,
    doc.Run: run,
    doc.Window: by_row,
}

__all__ = ["OPERATORS", "Outcome", "Work"]
