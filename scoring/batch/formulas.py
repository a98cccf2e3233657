"""Formulas over columns: every node of a typed tree becomes a few steps over whole arrays.

What the reference evaluator would not ask at a row (behind `&&`, `?:` or a table row above that held) is not asked here
either: the rows still in question are picked first. So the same rows meet the same steps, and the same gaps are noted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.batch.arithmetic import ONE, ONE_QUOTIENT, TWO, TWO_QUOTIENTS, compare, moved
from scoring.batch.columns import (
    GAP,
    Column,
    assemble,
    numbers,
    objects,
    pick,
    positions,
    quotients,
    to_values,
)
from scoring.batch.integers import Array, Ints, alike
from scoring.batch.pool import PRESENT
from scoring.batch.quotients import Quotients
from scoring.conditions.tree import Expr
from scoring.periods import Period, add_days, add_months, add_workdays, full_years
from scoring.values import NonValue

if TYPE_CHECKING:
    from scoring.batch.frames import Sheets


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a space, in order; `at` None means all of them."""

    at: Array | None
    size: int

    @classmethod
    def all(cls, size: int) -> "Rows":
        """Return all rows."""
        return cls(None, size)

    @classmethod
    def some(cls, at: Array) -> "Rows":
        """Return the rows with these numbers."""
        return cls(at, len(at))

    def numbers(self) -> Array:
        """Return the numbers of the rows."""
        return np.arange(self.size) if self.at is None else self.at

    def only(self, mask: Array) -> "Rows":
        """Return those for which a mask holds."""
        if mask.all():
            return self
        return Rows.some(np.flatnonzero(mask) if self.at is None else self.at[mask])

    def of(self, column: Column) -> Column:
        """Return a column at these rows."""
        return column if self.at is None else pick(column, self.at)


class Formulas:
    """Asks formulas at rows of one space; `notes` gathers the gaps for which values were put in."""

    def __init__(self, sheets: "Sheets", space: str) -> None:
        """Bind to a space."""
        self.sheets, self.space, self.pool = sheets, space, sheets.pool
        self.notes: list[tuple[Array, Array]] = []

    def ask(self, tree: Expr, rows: Rows) -> Column:
        """Return the values of a formula at some rows, numbers at the places of its type."""
        if not rows.size and tree.op != "const":
            return _empty(tree)
        return _STEPS[tree.op](self, tree, rows)

    def number(self, tree: Expr, places: int | None, rows: Rows) -> Column:
        """Return a number brought to `places` (None: as a quotient); what is no number stays as it is."""
        return moved(self.ask(tree, rows), tree.type.places, places)

    def holds(self, tree: Expr, rows: Rows) -> Array:
        """Return whether a condition holds at each row; the guard check has made sure that it says so."""
        column = self.ask(tree, rows).bare()
        if column.gaps is not None:
            bool(self.pool.absence(int(column.gaps.max())))  # asking it is the engine's mistake, and says so
        return column.data.astype(bool, copy=False)

    def _const(self, tree: Expr, rows: Rows) -> Column:
        value, size = tree.value, rows.size
        if tree.type.kind == "number" and isinstance(value, int):
            return numbers(alike(value, size))
        if isinstance(value, bool):
            return Column("bool", np.broadcast_to(np.array(value), (size,)))
        return Column("word", np.broadcast_to(np.array(self.pool.number(value)), (size,)))

    def _none(self, tree: Expr, rows: Rows) -> Column:
        kind, *reasons = str(tree.value).split()
        return self.gap(NonValue(kind, tuple(reasons)), rows.size)

    def gap(self, gap: NonValue, size: int) -> Column:
        """Return a column of one absence."""
        return Column("none", np.zeros(size, dtype=bool), np.full(size, self.pool.gap(gap), dtype=GAP))

    def _read(self, tree: Expr, rows: Rows) -> Column:
        assert tree.path is not None, "a read has a path"
        return rows.of(self.sheets.column(self.space, tree.path))

    def _setting(self, tree: Expr, rows: Rows) -> Column:
        return self.constant(self.sheets.settings[str(tree.value)], rows.size)

    def constant(self, value: Any, size: int) -> Column:
        """Return a column of one value."""
        if isinstance(value, NonValue):
            return self.gap(value, size)
        if isinstance(value, bool):
            return Column("bool", np.full(size, value))
        if isinstance(value, int):
            return numbers(alike(value, size))
        if isinstance(value, date):
            return Column("date", np.full(size, value.toordinal(), dtype=np.int64))
        return Column("word", np.full(size, self.pool.number(value), dtype=np.int64))

    def _period(self, _: Expr, rows: Rows) -> Column:
        return self.constant(self.sheets.period, rows.size)

    def _as_of(self, _: Expr, rows: Rows) -> Column:
        return self.constant(self.sheets.as_of, rows.size)

    def _numeric(self, tree: Expr, rows: Rows) -> Column:
        """Return + − × and the like; an absent operand passes through, the strongest of several."""
        places = tree.type.places
        raw = tree.op == "mul" and places is not None
        parts = [self.ask(arg, rows) if raw else self.number(arg, places, rows) for arg in tree.args]
        gaps = None
        for part in parts:
            gaps = self.pool.merged(gaps, part.gaps)
        if any(part.kind == "none" for part in parts):
            assert gaps is not None, "a column of absences has them"
            return self._beside_absence(parts, gaps)
        kind = parts[0].kind
        if kind == "date":
            return Column(
                "date", (np.minimum if tree.op == "min" else np.maximum).reduce([p.data for p in parts]), gaps
            )
        if kind == "number":
            upper = parts[0].ints if len(parts) > 1 else ONE[tree.op](parts[0].ints)
            for part in parts[1:]:
                upper = TWO[tree.op](upper, part.ints)
            return numbers(upper, gaps)
        total = parts[0].quotients if len(parts) > 1 else ONE_QUOTIENT[tree.op](parts[0].quotients)
        for part in parts[1:]:
            total = TWO_QUOTIENTS[tree.op](total, part.quotients)
        return quotients(total, gaps)

    def _beside_absence(self, parts: list[Column], gaps: Array) -> Column:
        """Return the absences where one operand never has a value."""
        return Column("none", np.zeros(len(parts[0]), dtype=bool), gaps)

    def _comparison(self, tree: Expr, rows: Rows) -> Column:
        left, right = tree.args
        places = _common([arg.type.places for arg in tree.args])
        if left.type.kind == "number" and right.type.kind == "number":
            one, two = self.number(left, places, rows), self.number(right, places, rows)
        else:
            one, two = self.ask(left, rows), self.ask(right, rows)
        return Column("bool", compare(_COMPARE[tree.op], one, two))

    def _and(self, tree: Expr, rows: Rows) -> Column:
        return self._short(tree, rows, True)

    def _or(self, tree: Expr, rows: Rows) -> Column:
        return self._short(tree, rows, False)

    def _short(self, tree: Expr, rows: Rows, go_on: bool) -> Column:
        """Ask the second condition only where the first leaves the matter open."""
        first = self.holds(tree.args[0], rows)
        still = first if go_on else ~first
        if not still.any():
            return Column("bool", first)
        second = self.holds(tree.args[1], rows.only(still))
        if len(second) == len(first):
            return Column("bool", second)
        out = first.copy()
        out[still] = second
        return Column("bool", out)

    def _not(self, tree: Expr, rows: Rows) -> Column:
        return Column("bool", ~self.holds(tree.args[0], rows))

    def _if(self, tree: Expr, rows: Rows) -> Column:
        test = self.holds(tree.args[0], rows)
        pieces = []
        for mask, arg in ((test, tree.args[1]), (~test, tree.args[2])):
            if mask.any():
                pieces.append((np.flatnonzero(mask), self.number(arg, tree.type.places, rows.only(mask))))
        return assemble(rows.size, pieces)

    def _present(self, tree: Expr, rows: Rows) -> Column:
        return Column("bool", ~self.ask(tree.args[0], rows).absent)

    def _absent(self, tree: Expr, rows: Rows) -> Column:
        return Column("bool", self.ask(tree.args[0], rows).absent)

    def _default(self, tree: Expr, rows: Rows) -> Column:
        places = tree.type.places
        value = self.number(tree.args[0], places, rows)
        if value.gaps is None:
            return value
        mask = value.absent & ~self.pool.of_kind(value.gaps, "ERROR")
        if not mask.any():
            return value
        missing, kept = np.flatnonzero(mask), np.flatnonzero(~mask)
        self.notes.append((rows.only(mask).numbers(), value.gaps[missing]))
        return assemble(
            rows.size, [(kept, pick(value, kept)), (missing, self.number(tree.args[1], places, rows.only(mask)))]
        )

    def _attribute(self, tree: Expr, rows: Rows) -> Column:
        inner, name = self.ask(tree.args[0], rows), str(tree.value)
        if inner.kind == "none":
            return inner
        words, at = positions(inner.data)
        periods = [self.pool.words[number] for number in words.tolist()]
        found: list[int] = []
        for period in periods:
            value: Any = 0
            if isinstance(period, Period):
                value = self.sheets.as_of_of(period) if name == "as_of" else getattr(period, name)
            found.append(value.toordinal() if isinstance(value, date) else value)
        data = np.array(found, dtype=np.int64)[at]
        kind = "number" if name == "days" else "date"
        return Column(kind, data, inner.gaps, max(found, default=0))

    def _in_period(self, tree: Expr, rows: Rows) -> Column:
        days = self.ask(tree.args[0], rows).data
        period = self.sheets.period
        return Column("bool", (days >= period.first.toordinal()) & (days <= period.last.toordinal()))

    def _days_between(self, tree: Expr, rows: Rows) -> Column:
        start, end = (self.ask(arg, rows) for arg in tree.args)
        gaps = self.pool.merged(start.gaps, end.gaps)
        if "none" in (start.kind, end.kind):
            assert gaps is not None, "a column of absences has them"
            return self._beside_absence([start], gaps)
        return numbers(Ints(end.data - start.data, 10**7), gaps)

    def _dates(self, tree: Expr, rows: Rows) -> Column:
        """Ask the calendar once for every different pair of arguments."""
        parts = [self.ask(arg, rows) for arg in tree.args]
        gaps = self.pool.merged(parts[0].gaps, parts[1].gaps)
        if any(part.kind == "none" for part in parts):
            assert gaps is not None, "a column of absences has them"
            return self._beside_absence(parts, gaps)
        sound = np.arange(rows.size) if gaps is None else np.flatnonzero(gaps == PRESENT)
        one, two = (positions(part.data[sound]) for part in parts)
        pairs, at = positions(one[1].astype(np.int64) * max(1, len(two[0])) + two[1])
        found = [
            self._date(tree.op, int(one[0][pair // len(two[0])]), int(two[0][pair % len(two[0])]))
            for pair in pairs.tolist()
        ]
        out = np.array(found, dtype=np.int64)[at] if found else np.zeros(0, dtype=np.int64)
        most = max(map(abs, found), default=0)
        column = Column("number" if tree.op == "full_years" else "date", out, None, most)
        if gaps is None:
            return column
        return assemble(rows.size, [(sound, column)], Column("none", np.zeros(rows.size, dtype=bool), gaps))

    def _date(self, op: str, start: int, other: int) -> int:
        """Return one date, as a day number, or a number of whole years."""
        day = date.fromordinal(start)
        if op == "full_years":
            return full_years(day, date.fromordinal(other))
        if op == "add_days":
            return add_days(day, other).toordinal()
        if op == "add_workdays":
            return add_workdays(day, other, self.sheets.workday_exceptions).toordinal()
        return add_months(day, other if op == "add_months" else 12 * other).toordinal()

    def _unit(self, tree: Expr, rows: Rows) -> Column:
        inner = self.ask(tree.args[0], rows)
        if inner.kind == "none":
            return inner
        days, at = positions(inner.data)
        words = self.pool.numbers([Period.of(date.fromordinal(max(1, day)), tree.op) for day in days.tolist()])
        return Column("word", np.array(words, dtype=np.int64)[at], inner.gaps)

    def _any_code(self, tree: Expr, rows: Rows) -> Column:
        values = to_values(self.ask(tree.args[0], rows), self.pool)
        return Column("bool", np.array([bool(value) for value in values], dtype=bool))

    def _has_code(self, tree: Expr, rows: Rows) -> Column:
        one, two = (to_values(self.ask(arg, rows), self.pool) for arg in tree.args)
        return Column("bool", np.array([code in codes for codes, code in zip(one, two, strict=True)], dtype=bool))


def _common(places: list[int | None]) -> int | None:
    """Return the places two numbers are compared at: None when one is a quotient."""
    known = [count for count in places if count is not None]
    return max(known) if len(known) == len(places) else None


def _empty(tree: Expr) -> Column:
    """Return a formula asked at no row."""
    kinds = {"date": "date", "bool": "bool", "any": "none", "codes": "object", "values": "object"}
    if tree.type.kind == "number":
        nothing = alike(1, 0)
        return numbers(nothing) if tree.type.places is not None else quotients(Quotients(nothing, nothing))
    kind = kinds.get(tree.type.kind, "word")
    data = objects([]) if kind == "object" else np.zeros(0, dtype=bool if kind in ("bool", "none") else np.int64)
    return Column(kind, data, np.zeros(0, dtype=GAP) if kind == "none" else None)


_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}
_STEPS: Final[dict[str, Callable[[Formulas, Expr, Rows], Column]]] = {
    "const": Formulas._const,
    "none": Formulas._none,
    "read": Formulas._read,
    "setting": Formulas._setting,
    "period": Formulas._period,
    "as_of": Formulas._as_of,
    "and": Formulas._and,
    "or": Formulas._or,
    "not": Formulas._not,
    "if": Formulas._if,
    "present": Formulas._present,
    "absent": Formulas._absent,
    "default": Formulas._default,
    "attribute": Formulas._attribute,
    "in_period": Formulas._in_period,
    "days_between": Formulas._days_between,
    "any_code": Formulas._any_code,
    "has_code": Formulas._has_code,
    **dict.fromkeys(TWO, Formulas._numeric),
    **dict.fromkeys(ONE, Formulas._numeric),
    **dict.fromkeys(_COMPARE, Formulas._comparison),
    **dict.fromkeys(("add_days", "add_months", "add_years", "add_workdays", "full_years"), Formulas._dates),
    **dict.fromkeys(("day", "month", "quarter", "half", "year"), Formulas._unit),
}
