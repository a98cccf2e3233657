"""Explanations: from a subject's score down to single findings, cases, fee rows and credit items, adding up exactly."""

from collections.abc import Sequence
from fractions import Fraction

from scoring.evaluation import Evaluation
from scoring.explain.attribution import Attribution
from scoring.explain.draft import PLACES, Line, Node, Share, finish
from scoring.explain.why import Consideration, why

__all__ = ["PLACES", "Consideration", "Explainer", "Line", "explain", "why"]


class Explainer:
    """Explains subjects of one run; what was worked out for one serves the next."""

    def __init__(self, evaluation: Evaluation) -> None:
        """Bind to a finished run."""
        self._attribution = Attribution(evaluation)
        self._evaluation = evaluation
        self.explained: set[Node] = set()
        """The measures that have lines in what was explained so far."""

    def explain(self, grain: str, key: Sequence[str] | str, measure: str | None = None) -> list[Line]:
        """Return the lines of a subject's score (or another number), in preorder; see `explain`."""
        name = measure or self._score(grain)
        row = self._evaluation.row(grain, key)
        whole = Share(Fraction(1), Fraction(1))
        root = self._attribution.measure(grain, row, name, whole)
        root.kind = "TOTAL"
        self.explained.update(root.nodes())
        for child in root.children:
            child.kind = "PART" if child.kind == "INDICATOR" else child.kind
        return finish(root)

    def _score(self, grain: str) -> str:
        outcome = self._evaluation.plan.document.results.get(grain)
        if outcome is None or outcome.score is None:
            raise KeyError(f"{grain} has no score; name a measure")
        return outcome.score


def explain(evaluation: Evaluation, grain: str, key: Sequence[str] | str, measure: str | None = None) -> list[Line]:
    """Explain one subject: lines in preorder, points in millionths, every node the exact sum of its children.

    `measure` defaults to the score of the grain's results. A subject without a score is explained as far as its parts
    can be computed; the lines without a value say why (`none`) and their children do not add up to anything.
    For several subjects keep one `Explainer`.

    >>> from scoring.example import season
    >>> for line in explain(season("{over: game, sum: points, cap: '28'}"), "team", "A"):
    ...     print(line.path, line.points, line.lost_to_cap)
    x 28000000 2500000
    x/game:1 9180328 819672
    x/game:2 18819672 1680328
    """
    return Explainer(evaluation).explain(grain, key, measure)
