"""What each operator of the language computes, one function of a `Job` per operator.

A function returns a `Column`: a closure from a row of the measure's grain to its value, and the places of a number.
"""

from collections.abc import Callable
from typing import Any, Final

from scoring.operators.aggregate import aggregate
from scoring.operators.history import previous, run, window
from scoring.operators.job import Column, Job
from scoring.operators.order import rank, running
from scoring.operators.rowwise import blend, curve, flags, lookup, ratio, steps, table, value
from scoring.rulebook import document as doc

OPERATORS: Final[dict[type[Any], Callable[[Job, Any], Column]]] = {
    doc.ValueOf: value,
    doc.Flags: flags,
    doc.Table: table,
    doc.Steps: steps,
    doc.Lookup: lookup,
    doc.Aggregate: aggregate,
    doc.Ratio: ratio,
    doc.Blend: blend,
    doc.Curve: curve,
    doc.Rank: rank,
    doc.Running: running,
    doc.Previous: previous,
    doc.Run: run,
    doc.Window: window,
}

__all__ = ["OPERATORS", "Column", "Job"]
