"""What an operator over columns is given, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from scoring.batch.columns import GAP, Column
from scoring.batch.formulas import Formulas, Rows
from scoring.batch.frames import Sheet, Sheets
from scoring.batch.pool import Pool
from scoring.conditions.lowering import merge
from scoring.conditions.tree import Expr
from scoring.inference import give_tree
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue


@dataclass(frozen=True, slots=True)
class Outcome:
    """The values of a measure at its live rows; `places` is None for quotients and for what is no number."""

    column: Column
    places: int | None = None


class Gives:
    """Values that may be given, all numbers at common places."""

    def __init__(self, gives: Sequence[doc.Give], work: "Work", beside: Type | None = None) -> None:
        """Find the common type of all, and of what may stand beside them."""
        self._gives, self._work, self._trees = gives, work, [_tree(give, work) for give in gives]
        kinds = [tree.type for tree in self._trees] + ([beside] if beside is not None else [])
        self.type = reduce(_both, kinds, Type("any"))

    def at(self, number: int, rows: Rows) -> Column:
        """Return what is given at some rows; a reason beside a value is noted there."""
        give, formulas = self._gives[number], self._work.formulas
        if give.reason and give.none is None:
            gap = self._work.pool.gap(NonValue("NOT_APPLICABLE", (give.reason,)))
            formulas.notes.append((rows.numbers(), np.full(rows.size, gap, dtype=GAP)))
        return formulas.number(self._trees[number], self.type.places, rows)


@dataclass(frozen=True)
class Work:
    """One measure to compute at its live rows: those that no requirement has stopped."""

    plan: Plan
    sheets: Sheets
    measure: doc.Measure
    live: Rows
    past: Mapping[Period, PastResult]

    @property
    def pool(self) -> Pool:
        """Return the numbers of words and absences."""
        return self.sheets.pool

    @property
    def sheet(self) -> Sheet:
        """Return the rows of the measure's grain."""
        return self.sheets.sheet(self.measure.grain)

    @cached_property
    def formulas(self) -> Formulas:
        """Return what asks formulas at the measure's own rows."""
        return Formulas(self.sheets, self.measure.grain)

    def tree(self, cel: doc.Cel) -> Expr:
        """Return the typed tree of a formula."""
        return self.plan.trees[cel.site]

    def here(self, cel: doc.Cel, rows: Rows | None = None) -> Column:
        """Ask a formula at the live rows, or at some of them."""
        return self.formulas.ask(self.tree(cel), self.live if rows is None else rows)

    def exactly(self, cel: doc.Cel, rows: Rows | None = None) -> Column:
        """Ask a number as a quotient."""
        return self.formulas.number(self.tree(cel), None, self.live if rows is None else rows)

    def keep_notes(self, formulas: Formulas) -> None:
        """Note at the rows of a formula's space, under this measure, where values stand in for gaps."""
        sheet = self.sheets.sheet(formulas.space)
        for rows, gaps in formulas.notes:
            sheet.note(self.measure.name, rows, gaps)
        formulas.notes.clear()


def _tree(give: doc.Give, work: Work) -> Expr:
    tree = give_tree(give, work.plan.trees)
    assert tree is not None, "a checked rulebook has a tree for every value given"
    return tree


def _both(one: Type, other: Type) -> Type:
    merged = merge(one, other)
    assert merged is not None, "a checked rulebook gives values of one type"
    return merged
