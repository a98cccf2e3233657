"""Units: what is added or compared has one unit, products multiply units, quotients divide them.

A literal, a count and a number declared without a unit are plain: they take the unit of the other side. `unit` on a
measure names the result where it does not follow (a quotient, steps, a lookup).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from scoring.conditions import cel
from scoring.conditions.cel import Parsed
from scoring.conditions.tree import Expr, Path
from scoring.diagnostics import Place
from scoring.formulas import gives
from scoring.lint.conditions import moved
from scoring.lint.finding import Example
from scoring.lint.notes import Notes
from scoring.plan import Plan
from scoring.rulebook import document as doc

Unit: TypeAlias = tuple[tuple[str, int], ...]
"""Names with their powers, in order; empty for a plain number."""
PLAIN: Final[Unit] = ()
_SAME: Final = frozenset({"add", "sub", "min", "max", "lt", "le", "gt", "ge", "eq", "ne", "default"})
_KEEPS: Final = frozenset({"sum", "mean", "least", "greatest", "stdev", "quantile"})


def written(unit: Unit) -> str:
    """Write a unit.

    >>> written((("household", -1), ("point", 1)))
    'point/household'
    """
    above = "·".join(f"{name}{'' if power == 1 else f'^{power}'}" for name, power in unit if power > 0)
    below = "·".join(f"{name}{'' if power == -1 else f'^{-power}'}" for name, power in unit if power < 0)
    return f"{above or '1'}/{below}" if below else above or "–"


def product(one: Unit, other: Unit, sign: int = 1) -> Unit:
    """Return the unit of a product, or of a quotient with sign −1.

    >>> product((("m2", 1),), (("m2", 1),), -1)
    ()
    """
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def named(text: str | None) -> Unit:
    """Return a unit as a rulebook names it.

    >>> named("point"), named(None)
    ((('point', 1),), ())
    """
    return ((text, 1),) if text else PLAIN


@dataclass
class Units:
    """Works out the unit of every measure in the order of the plan."""

    plan: Plan
    notes: Notes

    def __post_init__(self) -> None:
        """Go through the measures."""
        self.known: dict[tuple[str, str], Unit] = {}
        for grain, name in self.plan.order:
            self.known[grain, name] = self._measure(self.plan.document.measures[grain][name])

    def _measure(self, measure: doc.Measure) -> Unit:
        found = self._operator(measure)
        for bound in (measure.floor, measure.cap):
            if bound is not None:
                found = self._agree([found, self.formula(measure.grain, bound)], bound.place, measure)
        declared = named(measure.unit)
        if declared and found not in (PLAIN, declared) and isinstance(measure.operator, doc.ValueOf | doc.Aggregate):
            words = {"measure": f"{measure.grain}.{measure.name}"}
            words |= {"declared": written(declared), "found": written(found)}
            self.notes.add("UNIT_DECLARED_OTHERWISE", measure.place, Example((), written(found)), **words)
        return declared or found

    def _agree(self, units: Iterable[Unit], place: Place, measure: doc.Measure) -> Unit:
        """Return the one unit of several, noting two that differ."""
        total = PLAIN
        for unit in units:
            if total and unit and unit != total:
                where = f"{measure.grain}.{measure.name}"
                self._differ(place, where, total, unit)
                return PLAIN
            total = total or unit
        return total

    def _differ(self, place: Place, where: str, one: Unit, other: Unit) -> None:
        example = Example((), f"1 {written(one)} ? 1 {written(other)}")
        self.notes.add("UNITS_DIFFER", place, example, where=where, one=written(one), other=written(other))

    def _operator(self, measure: doc.Measure) -> Unit:
        operator, here = measure.operator, measure.grain
        own = [self.formula(here, formula) for formula in _conditions(measure)]
        assert all(unit == PLAIN for unit in own), "a condition has no unit"
        if isinstance(operator, doc.ValueOf):
            return self.formula(here, operator.cel)
        if isinstance(operator, doc.Ratio):
            return product(self.formula(here, operator.of), self.formula(here, operator.by), -1)
        if isinstance(operator, doc.Blend):
            for _, weight in operator.parts:
                self.formula(here, weight)
            parts = ((part, self.formula(here, part)) for part, _ in operator.parts)
            return self._parts(list(parts), measure)
        if isinstance(operator, doc.Aggregate):
            return self._aggregate(operator)
        if isinstance(operator, doc.Running) and operator.operand is not None:
            return self.formula(here, operator.operand)
        if isinstance(operator, doc.Lookup):
            return self._read(operator.source, self.plan.scope.path(operator.source, operator.give)[0])
        if isinstance(operator, doc.Previous | doc.Window):
            return self.known.get((here, operator.of), PLAIN) if operator_keeps(operator) else PLAIN
        formulas = [give.cel for give in gives(operator) if give.cel is not None]
        if isinstance(operator, doc.Steps):
            self.formula(here, operator.of)
        return self._agree([self.formula(here, formula) for formula in formulas], measure.place, measure)

    def _parts(self, parts: list[tuple[doc.Cel, Unit]], measure: doc.Measure) -> Unit:
        total = PLAIN
        for part, unit in parts:
            total = self._agree([total, unit], part.place, measure)
        return total

    def _aggregate(self, operator: doc.Aggregate) -> Unit:
        there = operator.over
        for formula in (operator.where, operator.once.of if operator.once else None):
            if formula is not None:
                self.formula(there, formula)
        if operator.operand is None:
            return PLAIN
        unit = self.formula(there, operator.operand)
        weight = PLAIN if operator.weight is None else self.formula(there, operator.weight)
        if operator.how == "sum":
            return product(unit, weight)
        return unit if operator.how in _KEEPS else PLAIN

    def formula(self, space: str, formula: doc.Cel) -> Unit:
        """Return the unit of a formula, noting every sum and comparison of two."""
        return self._tree(space, self.plan.trees[formula.site], cel.parse(formula.text), formula)

    def _tree(self, space: str, tree: Expr, parsed: Parsed, formula: doc.Cel) -> Unit:
        if tree.op == "read" and tree.path is not None:
            return self._read(space, tree.path)
        if tree.op == "setting":
            return named(tree.type.unit)
        pairs = zip(tree.args, parsed.args, strict=False)
        inner = [self._tree(space, arg, part, formula) for arg, part in pairs]
        if tree.op == "mul":
            return product(inner[0], inner[1])
        if tree.op in ("neg", "abs"):
            return inner[0]
        if tree.op not in _SAME and tree.op != "if":
            return PLAIN
        compared = inner[1:] if tree.op == "if" else inner
        units = [unit for unit in compared if unit]
        if any(unit != units[0] for unit in units):
            self._differ(moved(formula.place, formula.text, parsed.offset), formula.text, units[0], units[-1])
            return PLAIN
        return units[0] if units and tree.type.kind == "number" else PLAIN

    def _read(self, space: str, path: Path) -> Unit:
        end = self.plan.scope.end(space, path)
        if path.kind == "measure":
            return self.known.get((end, path.name), PLAIN)
        kind = self.plan.scope.type_of(space, path)
        return named(kind.unit) if kind.kind == "number" else PLAIN


def operator_keeps(operator: doc.Previous | doc.Window) -> bool:
    """Tell whether a value of earlier periods keeps its unit.

    >>> operator_keeps(doc.Window("x", 3, "count", None, None))
    False
    """
    return isinstance(operator, doc.Previous) or operator.take in _KEEPS


def _conditions(measure: doc.Measure) -> list[doc.Cel]:
    """Return the conditions of a measure that are asked at its own rows."""
    operator = measure.operator
    found = [condition for _, condition in measure.require.that] if measure.require else []
    if isinstance(operator, doc.Table):
        found += [row.when for row in operator.rows if row.when is not None]
    if isinstance(operator, doc.Flags):
        found += [condition for _, condition in operator.codes]
    return found
