"""What an operator is given: the measure, the rows it must answer for, and everything that may be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from scoring.conditions.closures import Closure, at_places, bind
from scoring.conditions.lowering import merge
from scoring.conditions.tree import Expr
from scoring.frames import Frame, FrameRows, Frames
from scoring.inference import give_tree
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a measure as a function of the row; `places` is None for a quotient and for what is no number."""

    at: Closure
    places: int | None = None


@dataclass(frozen=True)
class Job:
    """One measure to compute at its `live` rows: those that no requirement has stopped."""

    plan: Plan
    frames: Frames
    measure: doc.Measure
    live: Sequence[int]
    past: Mapping[Period, PastResult]

    @cached_property
    def frame(self) -> Frame:
        """Return the rows of the measure's grain."""
        return self.frames.frame(self.measure.grain)

    @cached_property
    def rows(self) -> FrameRows:
        """Return what formulas read at the measure's own rows."""
        return FrameRows(self.frames, self.measure.grain, self.measure.name)

    def tree(self, cel: doc.Cel) -> Expr:
        """Return the typed tree of a formula."""
        return self.plan.trees[cel.site]

    def here(self, cel: doc.Cel) -> Closure:
        """Bind a formula to the measure's own rows."""
        return bind(self.tree(cel), self.rows)

    def exactly(self, cel: doc.Cel) -> Closure:
        """Bind a number to the measure's own rows as a Fraction."""
        return at_places(self.tree(cel), None, self.rows)

    def gives(self, gives: Sequence[doc.Give], beside: Type | None = None) -> tuple[list[Closure], Type]:
        """Bind what may be given, all numbers at common places, and return their common type."""
        trees = []
        for give in gives:
            tree = give_tree(give, self.plan.trees)
            assert tree is not None, "a checked rulebook has a tree for every value given"
            trees.append(tree)
        kinds = [tree.type for tree in trees] + ([beside] if beside is not None else [])
        total = reduce(_both, kinds, Type("any"))
        bound = [at_places(tree, total.places, self.rows) for tree in trees]
        pairs = zip(gives, bound, strict=True)
        return [
            self._marked(give, inner) if give.reason and give.none is None else inner for give, inner in pairs
        ], total

    def _marked(self, give: doc.Give, inner: Closure) -> Closure:
        """Note the reason beside a value each time it is given."""
        gap = NonValue("NOT_APPLICABLE", (give.reason or "",))

        def call(row: int) -> Any:
            self.rows.counted_for(row, gap)
            return inner(row)

        return call


def _both(one: Type, other: Type) -> Type:
    merged = merge(one, other)
    assert merged is not None, "a checked rulebook gives values of one type"
    return merged
