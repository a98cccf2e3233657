"""The two evaluators by name: the reference, which is the meaning, and the columns, which are the speed."""

from collections.abc import Callable
from enum import StrEnum

from scoring.evaluation import Evaluation, Facts, Run
from scoring.plan import Plan


class Evaluator(StrEnum):
    """Who computes; both give the same bytes."""

    REFERENCE = "reference"
    COLUMNS = "columns"


def evaluator_of(name: Evaluator) -> Callable[[Plan, Facts, Run], Evaluation]:
    """Return the evaluator of a name; the columnar one is loaded only where it is asked for."""
    if name is Evaluator.COLUMNS:
        from scoring.batch import evaluate as columns

        return columns.evaluate
    from scoring.evaluate import evaluate

    return evaluate
