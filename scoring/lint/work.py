"""One measure being worked out by the linter: what its formulas see, what is known there, where findings go."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from scoring.conditions.tree import Expr
from scoring.decimals import plain
from scoring.diagnostics import Place
from scoring.lint import amounts
from scoring.lint.amounts import Amount
from scoring.lint.conditions import tell_dead
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.judging import Ranges as Names
from scoring.lint.notes import Notes
from scoring.lint.sizes import Sizes
from scoring.lint.spans import Env, Span
from scoring.plan import Plan
from scoring.rulebook import document as doc


class Ranges(Names, Protocol):
    """What an operator asks of the work as a whole."""

    plan: Plan
    sizes: Sizes

    @property
    def spans(self) -> Mapping[tuple[str, str], Span]:
        """Return what the measures worked out so far can be."""

    def past(self, grain: str, name: str, place: Place) -> Span:
        """Return what a remembered measure was in earlier periods."""

    def given(self, judge: Judge, give: doc.Give, env: Env) -> Span:
        """Return what is given."""

    def work_out(self, measure: doc.Measure, pins: Env, notes: Notes) -> Span:
        """Return what a measure can be, given what is pinned down at its rows."""


@dataclass(frozen=True)
class Work:
    """One measure being worked out: what its formulas see, what is known there, where findings go."""

    ranges: Ranges
    measure: doc.Measure
    judge: Judge
    env: Env
    notes: Notes

    @property
    def name(self) -> str:
        """Return the measure's full name."""
        return f"{self.measure.grain}.{self.measure.name}"

    def tree(self, cel: doc.Cel) -> Expr:
        """Return the tree of a formula."""
        return self.ranges.plan.trees[cel.site]

    def span(self, cel: doc.Cel, env: Env | None = None) -> Span:
        """Work out a formula at the measure's own rows, telling of conditions in it that cannot change."""
        known = self.env if env is None else env
        tell_dead(self.judge, self.notes, cel, self.tree(cel), known)
        return self.judge.span(self.tree(cel), known)

    def amount(self, cel: doc.Cel) -> Amount:
        """Work out a number."""
        return self.span(cel).amount or amounts.UNBOUNDED

    def give(self, give: doc.Give, env: Env | None = None) -> Span:
        """Work out what is given."""
        known = self.env if env is None else env
        if give.cel is not None and self.tree(give.cel).op != "const":
            return self.span(give.cel, known)
        return self.ranges.given(self.judge, give, known)

    def at(self, space: str, env: Env | None = None) -> "Work":
        """Return the same work at the rows of another space."""
        judge = Judge(self.ranges, space, self.judge.wide)
        return replace(self, judge=judge, env={} if env is None else env)

    def tell_bound(self, which: str, bound: doc.Cel, value: Amount, limit: Amount) -> None:
        """Note a floor or cap that never binds, or always."""
        if which == "floor":
            value, limit = amounts.negative(value), amounts.negative(limit)
        words = {"measure": self.name, "which": which, "bound": bound.text}
        ends = (value.low, value.high, limit.low, limit.high)
        if None in ends:
            never = value.high is not None and limit.low is not None and value.high <= limit.low
            always = value.low is not None and limit.high is not None and value.low >= limit.high
        else:
            never, always = bool(value.high <= limit.low), bool(value.low >= limit.high)  # type: ignore[operator]  # none is None
        if never == always or (never and self._held_by_itself()):
            return
        value, limit = (amounts.negative(one) for one in (value, limit)) if which == "floor" else (value, limit)
        example = Example(((self.measure.name, str(value)), (which, str(limit))))
        code = "CAP_NEVER_BINDS" if never else "CAP_ALWAYS_BINDS"
        self.notes.add(code, bound.place, example, **words, range=str(value))

    def _held_by_itself(self) -> bool:
        """Tell whether the measure is read as it was before: its bounds are what keeps it from growing without end."""
        beside = self.ranges.document.measures[self.measure.grain].values()
        return any(isinstance(one.operator, doc.Previous) and one.operator.of == self.measure.name for one in beside)


def give_text(give: doc.Give) -> str:
    """Write what is given.

    >>> give_text(doc.Give(literal="GOOD")), give_text(doc.Give(none="PENDING", reason="LATE"))
    ('GOOD', 'PENDING(LATE)')
    """
    if give.cel is not None:
        return give.cel.text
    if give.none is not None:
        return f"{give.none}({give.reason or ''})"
    return plain(give.literal) if isinstance(give.literal, Decimal) else str(give.literal)
