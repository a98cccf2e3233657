"""The least and greatest a measure can be, as far as its formula alone tells: what "points at most" is read from.

A bound is None where the rules set none. Rounding cannot pass a bound that has no more places than it keeps.
"""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from scoring.conditions.tree import Expr
from scoring.decimals import ten
from scoring.inference import give_tree
from scoring.plan import Plan
from scoring.rulebook import document as doc

Bounds: TypeAlias = tuple[Fraction | None, Fraction | None]
_FREE: Bounds = (None, None)


class BoundsOf:
    """Bounds of the measures of one plan, each worked out once."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing known."""
        self.plan = plan
        self._known: dict[tuple[str, str], Bounds] = {}

    def measure(self, grain: str, name: str) -> Bounds:
        """Return the bounds of a measure."""
        node = (grain, name)
        if node not in self._known:
            self._known[node] = _FREE
            declared = self.plan.document.measures[grain][name]
            low, high = self._operator(declared)
            if declared.cap is not None:
                high = _least(high, self.tree(grain, self.plan.trees[declared.cap.site])[1])
            if declared.floor is not None:
                low = _greatest(low, self.tree(grain, self.plan.trees[declared.floor.site])[0])
            self._known[node] = (low, high)
        return self._known[node]

    def tree(self, space: str, tree: Expr) -> Bounds:
        """Return the bounds of a formula."""
        if tree.type.kind != "number":
            return _FREE
        if tree.op == "const" and isinstance(tree.value, int):
            value = Fraction(tree.value, ten(tree.type.places or 0))
            return value, value
        if tree.op == "read":
            return self._read(space, tree)
        inner = [self.tree(space, arg) for arg in tree.args]
        if tree.op == "add":
            return _sum(inner[0][0], inner[1][0]), _sum(inner[0][1], inner[1][1])
        if tree.op == "sub":
            return _sum(inner[0][0], _minus(inner[1][1])), _sum(inner[0][1], _minus(inner[1][0]))
        if tree.op == "mul":
            return _product(inner[0], inner[1])
        if tree.op in ("if", "default", "min", "max"):
            numbers = inner[1:] if tree.op == "if" else inner
            return _union(numbers)
        return _FREE

    def _read(self, space: str, tree: Expr) -> Bounds:
        assert tree.path is not None, "a read has a path"
        end = self.plan.scope.end(space, tree.path)
        if tree.path.kind == "measure":
            return self.measure(end, tree.path.name)
        if end in self.plan.document.tables:
            return self._constants(self.plan.document.tables[end], tree.path.name)
        kind = tree.type
        return (None if kind.lo is None else Fraction(kind.lo)), (None if kind.hi is None else Fraction(kind.hi))

    def _constants(self, constants: doc.Constants, name: str) -> Bounds:
        at = [column for column, _ in constants.columns].index(name)
        cells = [cells[at] for _, cells in constants.rows]
        numbers = [Fraction(cell) for cell in cells if isinstance(cell, Decimal)]
        return (min(numbers), max(numbers)) if numbers else _FREE

    def _operator(self, measure: doc.Measure) -> Bounds:
        """Return the bounds of what the operator gives."""
        grain, trees, operator = measure.grain, self.plan.trees, measure.operator
        if isinstance(operator, doc.ValueOf):
            return self.tree(grain, trees[operator.cel.site])
        if isinstance(operator, doc.Aggregate):
            return self._aggregate(operator)
        if isinstance(operator, doc.Blend):
            return _union([self.tree(grain, trees[part.site]) for part, _ in operator.parts])
        if isinstance(operator, doc.Steps):
            gives = [give for _, limits in operator.limits for _, give in limits]
            return self._gives(grain, [*gives, operator.otherwise])
        if isinstance(operator, doc.Table):
            return self._gives(grain, [row.give for row in operator.rows])
        if isinstance(operator, doc.Ratio):
            of, by = (self.tree(grain, trees[each.site]) for each in (operator.of, operator.by))
            return (Fraction(0) if _not_negative(of) and _not_negative(by) else None), None
        return _FREE

    def _gives(self, grain: str, gives: list[doc.Give]) -> Bounds:
        trees = [give_tree(give, self.plan.trees) for give in gives]
        return _union([self.tree(grain, tree) for tree in trees if tree is not None and tree.op != "none"])

    def _aggregate(self, operator: doc.Aggregate) -> Bounds:
        if operator.operand is None:
            return Fraction(0), None
        inner = self.tree(operator.over, self.plan.trees[operator.operand.site])
        if operator.how in ("mean", "least", "greatest", "quantile"):
            return inner
        return (Fraction(0) if _not_negative(inner) else None), None


def _not_negative(bounds: Bounds) -> bool:
    return bounds[0] is not None and bounds[0] >= 0


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _minus(one: Fraction | None) -> Fraction | None:
    return None if one is None else -one


def _product(one: Bounds, other: Bounds) -> Bounds:
    ends = [None if a is None or b is None else a * b for a in one for b in other]
    known = [end for end in ends if end is not None]
    if len(known) == len(ends):
        return min(known), max(known)
    return (Fraction(0) if _not_negative(one) and _not_negative(other) else None), None


def _union(many: list[Bounds]) -> Bounds:
    lows, highs = [low for low, _ in many], [high for _, high in many]
    low = None if not lows or None in lows else min(one for one in lows if one is not None)
    high = None if not highs or None in highs else max(one for one in highs if one is not None)
    return low, high


def _least(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return other if one is None else one if other is None else min(one, other)


def _greatest(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return other if one is None else one if other is None else max(one, other)
