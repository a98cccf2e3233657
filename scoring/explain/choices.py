"""Which row of a table held and which row a lookup found: the same answers as in the run, asked again for one row."""

from collections.abc import Callable

from scoring.conditions.tree import Expr
from scoring.explain.figures import Figures
from scoring.inference import give_tree
from scoring.operators.job import Job
from scoring.operators.rowwise import finder
from scoring.rulebook import document as doc
from scoring.values import NonValue

Find = Callable[[int], int | NonValue | None]


class Choices:
    """Asks tables and lookups of one run again."""

    def __init__(self, figures: Figures) -> None:
        """Bind to the figures of a run."""
        self.figures = figures
        self._finders: dict[tuple[str, str], Find] = {}

    def held(self, measure: doc.Measure, row: int) -> tuple[int, doc.TableRow]:
        """Return the row of a table that held, and its number from 1."""
        assert isinstance(measure.operator, doc.Table), "asked for a table"
        trees = self.figures.evaluation.plan.trees
        for number, each in enumerate(measure.operator.rows, start=1):
            if each.when is None or self.figures.raw(trees[each.when.site], measure.grain, row):
                return number, each
        raise AssertionError("a table ends with else")

    def found(self, measure: doc.Measure, row: int) -> int | NonValue | None:
        """Return the row a lookup found: an absence where a key has none, None where there is no such row."""
        assert isinstance(measure.operator, doc.Lookup), "asked for a lookup"
        node = (measure.grain, measure.name)
        if node not in self._finders:
            run = self.figures.evaluation
            self._finders[node] = finder(Job(run.plan, run.frames, measure, (), run.past), measure.operator)
        return self._finders[node](row)

    def given(self, measure: doc.Measure, row: int) -> Expr | None:
        """Return the formula a table or lookup gave for a row; None for a lookup that found its row."""
        trees = self.figures.evaluation.plan.trees
        if isinstance(measure.operator, doc.Table):
            return give_tree(self.held(measure, row)[1].give, trees)
        assert isinstance(measure.operator, doc.Lookup), "only these two choose"
        return give_tree(measure.operator.otherwise, trees) if self.found(measure, row) is None else None

    def failed(self, measure: doc.Measure, row: int) -> list[doc.Cel]:
        """Return the conditions of `require` that did not hold."""
        trees = self.figures.evaluation.plan.trees
        asked = measure.require.that if measure.require is not None else ()
        return [cel for _, cel in asked if not self.figures.raw(trees[cel.site], measure.grain, row)]

    def missing(self, measure: doc.Measure, row: int) -> list[str]:
        """Return the measures that are needed and have no value."""
        value = self.figures.evaluation.value
        return [name for name in measure.needs if isinstance(value(measure.grain, row, name), NonValue)]
