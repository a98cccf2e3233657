"""Makes a typed tree run: every node becomes a function from a row number to a value.

Numbers travel as integers at the places of their type, or as `Fraction` where the type has none; operands are brought
to common places once, when the tree is bound, not once per row. Nothing here evaluates text.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, Protocol, TypeAlias

from scoring.conditions.tree import Expr, Path
from scoring.decimals import ten
from scoring.periods import Period, add_days, add_months, add_workdays, full_years
from scoring.values import NonValue, strongest

Closure: TypeAlias = Callable[[int], Any]


class Rows(Protocol):
    """What a tree reads: values along the rows of one space, and what is the same for all of them."""

    @property
    def period(self) -> Period:
        """Return the period of the run."""

    @property
    def as_of(self) -> date:
        """Return the day the run is evaluated."""

    @property
    def workday_exceptions(self) -> Mapping[date, bool]:
        """Return the days that differ from the week: working days and free days."""

    def vector(self, path: Path) -> Sequence[Any]:
        """Return the values of a path, one per row."""

    def setting(self, name: str) -> Any:
        """Return the typed value of a setting."""

    def as_of_of(self, period: Period) -> date:
        """Return the day a period is evaluated."""

    def counted_for(self, row: int, gap: NonValue) -> None:
        """Note that a value was put in place of an absence."""


def bind(tree: Expr, rows: Rows) -> Closure:
    """Return the function of a tree over some rows.

    >>> from scoring.evaluate import evaluate, Run
    >>> from scoring.example import FACTS, league
    >>> from scoring.frames import FrameRows
    >>> made = league('{value: "2 * points"}', "game")
    >>> rows = FrameRows(evaluate(made, FACTS, Run("2026")).frames, "game")
    >>> double = bind(made.trees["measures.game.x.value"], rows)
    >>> [double(row) for row in range(3)]
    [200, 410, 140]
    """
    if tree.op in _LEAVES:
        return _LEAVES[tree.op](tree, rows)
    if tree.op in _NUMERIC:
        return _numeric(tree, rows)
    if tree.op in _COMPARE:
        return _comparison(tree, rows)
    return _OTHERS[tree.op](tree, rows)


def at_places(tree: Expr, places: int | None, rows: Rows) -> Closure:
    """Return the function of a number brought to `places` (None: as a Fraction).

    >>> from scoring.evaluate import evaluate, Run
    >>> from scoring.example import FACTS, league
    >>> from scoring.frames import FrameRows
    >>> made = league('{value: "2 * points"}', "game")
    >>> rows = FrameRows(evaluate(made, FACTS, Run("2026")).frames, "game")
    >>> at_places(made.trees["measures.game.x.value"], 3, rows)(0)
    20000
    """
    have = tree.type.places
    if tree.op == "const" and tree.type.kind == "number" and have is not None and isinstance(tree.value, int):
        fixed = Fraction(tree.value, ten(have)) if places is None else tree.value * ten(places - have)
        return lambda _: fixed
    inner = bind(tree, rows)
    if tree.type.kind != "number" or have == places or have is None:
        return inner
    return moved(inner, have, places)


def moved(inner: Closure, have: int, places: int | None) -> Closure:
    """Return a function of scaled integers brought from `have` places to more, or to Fractions.

    >>> moved(lambda row: 15, 1, 3)(0), moved(lambda row: 15, 1, None)(0)
    (1500, Fraction(3, 2))
    """
    if places is None:
        unit = ten(have)
        return lambda row: value if isinstance(value := inner(row), NonValue) else Fraction(value, unit)
    factor = ten(places - have)
    return lambda row: value if isinstance(value := inner(row), NonValue) else value * factor


def _const(tree: Expr, _: Rows) -> Closure:
    value = tree.value
    return lambda _row: value


def _none(tree: Expr, _: Rows) -> Closure:
    kind, *reasons = str(tree.value).split()
    gap = NonValue(kind, tuple(reasons))
    return lambda _row: gap


def _read(tree: Expr, rows: Rows) -> Closure:
    assert tree.path is not None, "a read has a path"
    return rows.vector(tree.path).__getitem__


def _setting(tree: Expr, rows: Rows) -> Closure:
    value = rows.setting(str(tree.value))
    return lambda _row: value


def _period(_: Expr, rows: Rows) -> Closure:
    period = rows.period
    return lambda _row: period


def _as_of(_: Expr, rows: Rows) -> Closure:
    day = rows.as_of
    return lambda _row: day


def _numeric(tree: Expr, rows: Rows) -> Closure:
    """Bind + − × and the like; an absent operand passes through, the strongest of several."""
    places = tree.type.places
    if tree.op == "mul":
        parts = [at_places(arg, None, rows) if places is None else bind(arg, rows) for arg in tree.args]
    else:
        parts = [at_places(arg, places, rows) for arg in tree.args]
    function = _NUMERIC[tree.op]
    if any(arg.type.absent for arg in tree.args):
        return _passing(function, parts)
    if len(parts) == 2 and tree.op in _PAIRS:
        left, right = parts
        return _PAIRS[tree.op](left, right)
    return lambda row: function(*(part(row) for part in parts))


def _passing(function: Callable[..., Any], parts: list[Closure]) -> Closure:
    def call(row: int) -> Any:
        values = [part(row) for part in parts]
        gaps = [value for value in values if isinstance(value, NonValue)]
        return strongest(gaps) if gaps else function(*values)

    return call


def _comparison(tree: Expr, rows: Rows) -> Closure:
    """Bind a comparison; the guard check has made sure both sides are present."""
    compare = _COMPARE[tree.op]
    left, right = tree.args
    if left.type.kind == "number" and right.type.kind == "number":
        known = [arg.type.places for arg in tree.args]
        places = None if None in known else max(count for count in known if count is not None)
        one, two = (at_places(arg, places, rows) for arg in tree.args)
    else:
        one, two = bind(left, rows), bind(right, rows)
    if right.op == "const":
        fixed = two(0)
        return lambda row: compare(one(row), fixed)
    return lambda row: compare(one(row), two(row))


def _and(tree: Expr, rows: Rows) -> Closure:
    one, two = (bind(arg, rows) for arg in tree.args)
    return lambda row: one(row) and two(row)


def _or(tree: Expr, rows: Rows) -> Closure:
    one, two = (bind(arg, rows) for arg in tree.args)
    return lambda row: one(row) or two(row)


def _not(tree: Expr, rows: Rows) -> Closure:
    one = bind(tree.args[0], rows)
    return lambda row: not one(row)


def _if(tree: Expr, rows: Rows) -> Closure:
    test = bind(tree.args[0], rows)
    yes, no = (at_places(arg, tree.type.places, rows) for arg in tree.args[1:])
    return lambda row: yes(row) if test(row) else no(row)


def _present(tree: Expr, rows: Rows) -> Closure:
    one = bind(tree.args[0], rows)
    return lambda row: not isinstance(one(row), NonValue)


def _absent(tree: Expr, rows: Rows) -> Closure:
    one = bind(tree.args[0], rows)
    return lambda row: isinstance(one(row), NonValue)


def _default(tree: Expr, rows: Rows) -> Closure:
    one, two = (at_places(arg, tree.type.places, rows) for arg in tree.args)

    def call(row: int) -> Any:
        value = one(row)
        if isinstance(value, NonValue) and value.kind != "ERROR":
            rows.counted_for(row, value)
            return two(row)
        return value

    return call


def _attribute(tree: Expr, rows: Rows) -> Closure:
    one, name = bind(tree.args[0], rows), str(tree.value)
    if name == "as_of":
        as_of = rows.as_of_of
        return lambda row: value if isinstance(value := one(row), NonValue) else as_of(value)
    return lambda row: value if isinstance(value := one(row), NonValue) else getattr(value, name)


def _in_period(tree: Expr, rows: Rows) -> Closure:
    one = bind(tree.args[0], rows)
    first, last = rows.period.first, rows.period.last
    return lambda row: first <= one(row) <= last


def _dates(tree: Expr, rows: Rows) -> Closure:
    """Bind a function of dates and whole numbers of days, months or years."""
    function: Callable[..., Any] = _DATE_FUNCTIONS[tree.op]
    if tree.op == "add_workdays":
        exceptions = rows.workday_exceptions
        return _passing(lambda day, count: add_workdays(day, count, exceptions), [bind(arg, rows) for arg in tree.args])
    parts = [bind(arg, rows) for arg in tree.args]
    if any(arg.type.absent for arg in tree.args):
        return _passing(function, parts)
    return lambda row: function(*(part(row) for part in parts))


def _unit(tree: Expr, rows: Rows) -> Closure:
    one, unit = bind(tree.args[0], rows), tree.op
    return lambda row: value if isinstance(value := one(row), NonValue) else Period.of(value, unit)


def _any_code(tree: Expr, rows: Rows) -> Closure:
    one = bind(tree.args[0], rows)
    return lambda row: bool(one(row))


def _has_code(tree: Expr, rows: Rows) -> Closure:
    one, two = (bind(arg, rows) for arg in tree.args)
    return lambda row: two(row) in one(row)


_LEAVES: Final[dict[str, Callable[[Expr, Rows], Closure]]] = {
    "const": _const,
    "none": _none,
    "read": _read,
    "setting": _setting,
    "period": _period,
    "as_of": _as_of,
}
_NUMERIC: Final[dict[str, Callable[..., Any]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "min": min,
    "max": max,
    "abs": abs,
}
_PAIRS: Final[dict[str, Callable[[Closure, Closure], Closure]]] = {
    "add": lambda a, b: lambda row: a(row) + b(row),
    "sub": lambda a, b: lambda row: a(row) - b(row),
    "mul": lambda a, b: lambda row: a(row) * b(row),
}
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}
_DATE_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "add_days": add_days,
    "add_months": add_months,
    "add_years": lambda day, count: add_months(day, 12 * count),
    "add_workdays": add_workdays,
    "days_between": lambda start, end: (end - start).days,
    "full_years": full_years,
}
_OTHERS: Final[dict[str, Callable[[Expr, Rows], Closure]]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "if": _if,
    "present": _present,
    "absent": _absent,
    "default": _default,
    "attribute": _attribute,
    "in_period": _in_period,
    "any_code": _any_code,
    "has_code": _has_code,
    **{name: _dates for name in _DATE_FUNCTIONS},
    **{unit: _unit for unit in ("day", "month", "quarter", "half", "year")},
}
