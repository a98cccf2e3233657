"""What a formula can give, and what a condition that holds (or fails) says about the names in it.

A formula is worked out over ranges instead of values: exactly for each operation, without seeing that two names may
hang together. What it cannot tell it leaves open, so "always" and "never" are proofs while "may" is only a suspicion.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Protocol

from scoring.conditions.tree import Expr, Path
from scoring.decimals import ten
from scoring.lint import amounts
from scoring.lint.amounts import INT64_MOST, WIDEST, Amount, between
from scoring.lint.sizes import DAYS_MOST
from scoring.lint.spans import ABSENT, BOTH, NO, YES, Env, Span, both, of_type, truth
from scoring.rulebook import document as doc

_DAYS: Final = between(-3_652_058, 3_652_058)
_ORDERS: Final = ("lt", "le", "gt", "ge", "eq", "ne")
_TURNED: Final = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_FAILED: Final = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
DEPTH_MOST: Final = 6


class Ranges(Protocol):
    """What the names of a rulebook can be."""

    def name(self, space: str, path: Path) -> Span:
        """Return what a path can give at rows of a space."""

    def setting(self, name: str) -> Span:
        """Return what a setting can be."""

    def condition_behind(self, space: str, path: Path) -> Expr | None:
        """Return the formula of a condition at the same rows, when the path names one."""

    @property
    def document(self) -> doc.Document:
        """Return the rulebook."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Works out formulas at the rows of one space; `wide` is told of every integer wider than the machine's."""

    ranges: Ranges
    space: str
    wide: Callable[[int | None], None] = lambda _: None

    def span(self, tree: Expr, env: Env) -> Span:
        """Return what a formula can give."""
        if tree.op in _ORDERS:
            return self._compared(tree, env)
        special = _SPECIAL.get(tree.op)
        if special is not None:
            return special(self, tree, env)
        if tree.op in _ARITHMETIC:
            return self._number(tree, env)
        if tree.type.kind == "number":
            return Span(amount=_DAYS, present=BOTH if tree.type.absent else YES)
        return of_type(tree.type)

    def amount(self, tree: Expr, env: Env) -> Amount:
        """Return the range of a number."""
        return self.span(tree, env).amount or amounts.UNBOUNDED

    def checked(self, amount: Amount) -> Amount:
        """Return the amount; integers wider than the machine's are told, those wider than any allowed are lost."""
        largest = max(amount.n or 0, amount.w or 0)
        if largest > INT64_MOST:
            self.wide(largest)
        return amount if largest <= WIDEST else replace(amount, n=None, w=None, fixed=False)

    def _number(self, tree: Expr, env: Env) -> Span:
        inner = [self.span(arg, env) for arg in tree.args]
        if any(True not in one.present for one in inner):
            return ABSENT
        present = YES if all(one.present == YES for one in inner) else BOTH
        numbers = [one.amount or amounts.UNBOUNDED for one in inner]
        return Span(amount=self.checked(_ARITHMETIC[tree.op](numbers)), present=present)

    def _const(self, tree: Expr, env: Env) -> Span:
        if isinstance(tree.value, bool):
            return truth(tree.value)
        if isinstance(tree.value, int):
            value, places = tree.value, tree.type.places or 0
            end = Fraction(value, ten(places))
            return Span(amount=between(end, end, places))
        return Span(codes=frozenset({str(tree.value)}))

    def _read(self, tree: Expr, env: Env) -> Span:
        assert tree.path is not None, "a read has a path"
        known = env.get(tree.path)
        return self.ranges.name(self.space, tree.path) if known is None else known

    def _setting(self, tree: Expr, env: Env) -> Span:
        known = env.get(str(tree.value))
        return self.ranges.setting(str(tree.value)) if known is None else known

    def _attribute(self, tree: Expr, env: Env) -> Span:
        if tree.value != "days":
            return of_type(tree.type)
        unit = tree.args[0].type.period or self.ranges.document.period.unit
        least = 1 if unit == "day" else DAYS_MOST[unit] - 3
        return Span(amount=between(least, DAYS_MOST[unit]))

    def _choice(self, tree: Expr, env: Env) -> Span:
        """Return what either branch gives, each under what its condition says."""
        given = []
        for branch, holds in ((tree.args[1], True), (tree.args[2], False)):
            known = self.assume(tree.args[0], holds, env)
            if known is not None:
                given.append(self.span(branch, known))
        return both(given)

    def _default(self, tree: Expr, env: Env) -> Span:
        value, other = (self.span(arg, env) for arg in tree.args)
        if value.present == YES:
            return value
        kept = [replace(value, present=YES)] if True in value.present else []
        return both([*kept, other])

    def _logic(self, tree: Expr, env: Env) -> Span:
        """Return the truths of `and` and `or`; the second is asked only where the first leaves it open."""
        goes_on = tree.op == "and"
        first = self.span(tree.args[0], env).truths
        known = self.assume(tree.args[0], goes_on, env)
        second = frozenset[bool]() if known is None else self.span(tree.args[1], known).truths
        return Span(truths=(first - {goes_on}) | (second if goes_on in first else frozenset()))

    def _not(self, tree: Expr, env: Env) -> Span:
        return Span(truths=frozenset(not holds for holds in self.span(tree.args[0], env).truths))

    def _presence(self, tree: Expr, env: Env) -> Span:
        there = self.span(tree.args[0], env).present
        return Span(truths=there if tree.op == "present" else frozenset(not one for one in there))

    def _compared(self, tree: Expr, env: Env) -> Span:
        one, other = (self.span(arg, env) for arg in tree.args)
        if one.amount is not None and other.amount is not None:
            w, tens = amounts.common(one.amount, other.amount)
            self.wide(_largest(one.amount, other.amount, w, tens))
            return Span(truths=_ordered(tree.op, one.amount, other.amount))
        if tree.op in ("eq", "ne") and one.codes is not None and other.codes is not None:
            same = _same(one.codes, other.codes)
            return Span(truths=same if tree.op == "eq" else frozenset(not each for each in same))
        return Span()

    def assume(self, tree: Expr, holds: bool, env: Env, depth: int = 0) -> Env | None:
        """Return what is known once a condition holds (or fails); None when it cannot."""
        if holds not in self.span(tree, env).truths:
            return None
        if tree.op in ("and", "or"):
            return self._assume_both(tree, holds, env, depth)
        if tree.op == "not":
            return self.assume(tree.args[0], not holds, env, depth)
        if tree.op in ("present", "absent"):
            found = YES if (tree.op == "present") == holds else NO
            return self._narrow(tree.args[0], env, replace(self.span(tree.args[0], env), present=found))
        if tree.op == "read" and tree.path is not None:
            known = self._narrow(tree, env, replace(self.span(tree, env), truths=YES if holds else NO))
            behind = self.ranges.condition_behind(self.space, tree.path) if depth < DEPTH_MOST else None
            return known if known is None or behind is None else self.assume(behind, holds, known, depth + 1)
        if tree.op in _ORDERS:
            return self._assume_order(tree, holds, env)
        return env

    def _assume_both(self, tree: Expr, holds: bool, env: Env, depth: int) -> Env | None:
        left, right = tree.args
        if (tree.op == "and") == holds:
            known = self.assume(left, holds, env, depth)
            return None if known is None else self.assume(right, holds, known, depth)
        first = self.assume(left, holds, env, depth)
        passed = self.assume(left, not holds, env, depth)
        second = None if passed is None else self.assume(right, holds, passed, depth)
        if first is None or second is None:
            return second if first is None else first
        return {name: both([first[name], second[name]]) for name in first.keys() & second.keys()}

    def _assume_order(self, tree: Expr, holds: bool, env: Env) -> Env | None:
        """Narrow both sides of a comparison by each other."""
        op = tree.op if holds else _FAILED[tree.op]
        known: Env | None = env
        for side, other, way in ((tree.args[0], tree.args[1], op), (tree.args[1], tree.args[0], _TURNED[op])):
            if known is None or side.op not in ("read", "setting"):
                continue
            mine, rival = self.span(side, known), self.span(other, known)
            if mine.amount is not None and rival.amount is not None:
                narrowed = replace(mine, amount=_bounded(mine.amount, way, rival.amount), present=YES)
                known = self._narrow(side, known, narrowed)
            elif mine.codes is not None and rival.codes is not None and len(rival.codes) == 1:
                left = mine.codes & rival.codes if way == "eq" else mine.codes - rival.codes
                known = self._narrow(side, known, replace(mine, codes=left, present=YES))
        return known

    def _narrow(self, tree: Expr, env: Env, span: Span) -> Env | None:
        """Return what is known with one name narrowed; None when nothing is left of it."""
        key = tree.path if tree.op == "read" else str(tree.value)
        if span.impossible:
            return None
        return env if key is None else {**env, key: span}


def _largest(one: Amount, other: Amount, w: int | None, tens: int) -> int | None:
    """Return the largest integer a comparison at a common divisor meets."""
    if w is None or one.n is None or other.n is None or one.w is None or other.w is None:
        return None
    sides = ((one, other), (other, one))
    return max((mine.n or 0) * (rival.w or 1) * ten(tens - mine.tens) for mine, rival in sides)


def _ordered(op: str, one: Amount, other: Amount) -> frozenset[bool]:
    """Return whether a comparison can hold, can fail, or both."""
    found = set()
    for holds, way in ((True, op), (False, _FAILED[op])):
        if way == "ne":
            point = one.low is not None and one.low == one.high == other.low == other.high
            found |= set() if point else {holds}
        elif not (_bounded(one, way, other).empty or _bounded(other, _TURNED[way], one).empty):
            found.add(holds)
    return frozenset(found) or BOTH


def _bounded(one: Amount, way: str, other: Amount) -> Amount:
    """Return the values of one amount that stand in an order to some value of the other."""
    if way in ("lt", "le", "eq"):
        one = amounts.at_most(one, other.high, strict=way == "lt" or other.high_open)
    if way in ("gt", "ge", "eq"):
        one = amounts.at_least(one, other.low, strict=way == "gt" or other.low_open)
    if way == "ne" and other.low is not None and other.low == other.high:
        if one.low == other.low:
            one = amounts.at_least(one, other.low, strict=True)
        if one.high == other.low:
            one = amounts.at_most(one, other.low, strict=True)
    return one


def _same(one: frozenset[str], other: frozenset[str]) -> frozenset[bool]:
    if not one & other:
        return NO
    return YES if len(one) == 1 and one == other else BOTH


def _least(many: list[Amount]) -> Amount:
    """Return the smallest of several."""
    total = amounts.union(many) or amounts.UNBOUNDED
    return amounts.at_most(total, min((one.high for one in many if one.high is not None), default=None))


def _greatest(many: list[Amount]) -> Amount:
    """Return the greatest of several."""
    return amounts.negative(_least([amounts.negative(one) for one in many]))


def _absolute(many: list[Amount]) -> Amount:
    one = many[0]
    return amounts.at_least(_greatest([one, amounts.negative(one)]), Fraction(0))


_ARITHMETIC: Final[dict[str, Callable[[list[Amount]], Amount]]] = {
    "add": lambda many: amounts.add(many[0], many[1]),
    "sub": lambda many: amounts.add(many[0], amounts.negative(many[1])),
    "mul": lambda many: amounts.multiply(many[0], many[1]),
    "neg": lambda many: amounts.negative(many[0]),
    "abs": _absolute,
    "min": _least,
    "max": _greatest,
}
_SPECIAL: Final[dict[str, Callable[[Judge, Expr, Env], Span]]] = {
    "const": Judge._const,
    "none": lambda _judge, _tree, _env: ABSENT,
    "read": Judge._read,
    "setting": Judge._setting,
    "attribute": Judge._attribute,
    "if": Judge._choice,
    "default": Judge._default,
    "and": Judge._logic,
    "or": Judge._logic,
    "not": Judge._not,
    "present": Judge._presence,
    "absent": Judge._presence,
}
