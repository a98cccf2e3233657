"""The league of `scoring.example`, computed over columns: for the examples in docstrings."""

from scoring.batch.evaluate import evaluate
from scoring.evaluate import Run
from scoring.example import FACTS, league
from scoring.values import shown


def column(measure: str, grain: str = "team", run: Run | None = None) -> list[str]:
    """Return the measure `x` of every row of a grain as text.

    >>> column("{over: game, sum: points}")
    ['30.5', '7']
    """
    evaluation = evaluate(league(measure, grain), FACTS, run or Run("2026"))
    return [shown(evaluation.value(grain, row, "x")) for row in range(len(evaluation.rows(grain)))]
