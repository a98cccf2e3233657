"""The rows of tables and grains as columns; Python lists, for explanations and rare operators, are made when asked for.

`Sheet` and `Sheets` stand in for `frames.Frame` and `frames.Frames` wherever those are read.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from scoring.batch.columns import GAP, Column, from_values, pick, positions, through, to_values
from scoring.batch.facts import Columns
from scoring.batch.formulas import Formulas, Rows
from scoring.batch.groups import NOWHERE, KeyIndex, Members, gathered, joined, ordered_codes
from scoring.batch.integers import Array
from scoring.batch.lazily import Lazily
from scoring.batch.pool import PRESENT, Pool
from scoring.conditions.tree import Hop, Path
from scoring.facts import in_order
from scoring.frames import DROPPED, NO_ROW, Frame, Frames, kept_rows
from scoring.incomputable import Incomputable
from scoring.periods import UNITS, Period
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.scope import Space
from scoring.values import ABSENT, NonValue


class Sheet(Frame):
    """The rows of one space as columns."""

    def __init__(self, space: Space, key_columns: Sequence[Column], size: int, pool: Pool) -> None:
        """Start with keys only."""
        self._size, self._pool = size, pool
        self._keys: list[tuple[Any, ...]] | None = None
        self._counted: dict[str, dict[int, tuple[str, ...]]] = {}
        super().__init__(space, [], Lazily[str, list[Any]](), Lazily[str, list[Any]](), Lazily[str, list[Any]]())
        self._keys = None
        self.key_columns = list(key_columns)
        self.held: dict[tuple[str, str], Column] = {}
        self._notes: list[tuple[str, Array, Array]] = []
        self.ways: dict[Hop, tuple[Array, Array | None]] = {}
        self.paths: dict[Path, Column] = {}

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return self._size

    @property
    def keys(self) -> list[tuple[Any, ...]]:
        """Return the keys as Python values."""
        if self._keys is None:
            parts = [to_values(column, self._pool) for column in self.key_columns]
            self._keys = list(zip(*parts, strict=True)) if parts else [()] * self._size
        return self._keys

    @keys.setter
    def keys(self, keys: list[tuple[Any, ...]]) -> None:
        self._keys = keys

    @property
    def counted(self) -> dict[str, dict[int, tuple[str, ...]]]:
        """Return, by measure and row, the reasons of gaps a value was put in for."""
        notes, self._notes = getattr(self, "_notes", []), []
        for name, rows, gaps in notes:
            kept = self._counted.setdefault(name, {})
            for row, gap in zip(rows.tolist(), gaps.tolist(), strict=True):
                kept[row] = tuple(sorted({*kept.get(row, ()), *self._pool.absence(gap).reasons}))
        return self._counted

    @counted.setter
    def counted(self, counted: dict[str, dict[int, tuple[str, ...]]]) -> None:
        self._counted = counted

    def note(self, name: str, rows: Array, gaps: Array) -> None:
        """Note the rows whose value of a measure stands in for gaps."""
        if len(rows):
            self._notes.append((name, rows, gaps))

    def put(self, kind: str, name: str, column: Column) -> None:
        """Add a column, measure or raw measure."""
        self.held[kind, name] = column
        kept = {"column": self.columns, "measure": self.measures, "raw": self.raw}[kind]
        assert isinstance(kept, Lazily), "a sheet's lists are made when asked for"
        kept.pop(name, None)
        kept.later(name, lambda: to_values(column, self._pool))

    def column(self, kind: str, name: str) -> Column:
        """Return a column, measure or key."""
        if kind == "key":
            return self.key_columns[self.space.keys.index(name)]
        return self.held[kind, name]

    @cached_property
    def finder(self) -> KeyIndex:
        """Return the way from keys to rows."""
        return KeyIndex(self.key_columns, self._size, self._pool)


class Sheets(Frames):
    """All sheets of one run, made when first asked for."""

    def __init__(self, plan: Plan, facts: Columns, period: Period, as_of: date) -> None:
        """Start with no sheet; `settings` and sheets taken over from parts are filled by the evaluator."""
        super().__init__(plan, facts.tables, period, as_of)
        self.facts, self.pool = facts, facts.pool
        self.left_out = Lazily[tuple[str, str], list[tuple[int, NonValue]]]()
        self._members: dict[tuple[str, str], Members] = {}
        self._leads: dict[tuple[str, str], Array] = {}

    def sheet(self, space: str) -> Sheet:
        """Return the rows of a space."""
        found = self.frame(space)
        assert isinstance(found, Sheet), "every frame of a columnar run is a sheet"
        return found

    def put(self, frame: Frame) -> None:
        """Add rows made elsewhere; lists become columns."""
        if isinstance(frame, Sheet):
            super().put(frame)
            return
        space = frame.space
        parts = [
            from_values([key[at] for key in frame.keys], kind.present(), self.pool)
            for at, kind in enumerate(space.key_types)
        ]
        sheet = Sheet(space, parts, frame.size, self.pool)
        for name, values in frame.measures.items():
            sheet.put("measure", name, from_values(values, self.plan.type_of(space.name, name), self.pool))
        sheet.origin = frame.origin
        super().put(sheet)

    def _make(self, space: str) -> Sheet:
        declared, document = self.plan.scope.spaces[space], self.plan.document
        if space in document.facts:
            return self._kept_rows(declared, document.facts[space])
        if space in document.tables:
            return self._constants(declared)
        grain = document.grains[space]
        if grain.over is not None:
            return self._units_of(declared, grain)
        keys, size = self._distinct_keys(declared, grain)
        at = self.part_key(declared)
        if at is not None:
            day = keys[at].kind == "date"
            own = self.period.first.toordinal() if day else self.pool.number(self.period)
            mine = np.flatnonzero(keys[at].data == own)
            keys, size = [pick(key, mine) for key in keys], len(mine)
        return Sheet(declared, keys, size, self.pool)

    def _constants(self, space: Space) -> Sheet:
        table = self.tables[space.name]
        keys = sorted((key for key, _ in self.plan.document.tables[space.name].rows), key=in_order)
        parts = [
            from_values([key[at] for key in keys], kind.present(), self.pool) for at, kind in enumerate(space.key_types)
        ]
        sheet = Sheet(space, parts, len(keys), self.pool)
        for name in table.columns:
            sheet.put("column", name, self.facts.column(space.name, name))
        return sheet

    def _rows_of(self, space: Space, rows: Array) -> Sheet:
        """Return some rows of a table of facts."""
        whole = len(rows) == len(self.tables[space.name].ids)
        ids = self.facts.ids(space.name)
        sheet = Sheet(space, [ids if whole else pick(ids, rows)], len(rows), self.pool)
        for name in space.columns:
            column = self.facts.column(space.name, name)
            sheet.put("column", name, column if whole else pick(column, rows))
        return sheet

    def _kept_rows(self, space: Space, facts: doc.Facts) -> Sheet:
        """Return the rows of facts that are kept and refer to kept rows."""
        size = len(self.tables[space.name].ids)
        good = np.ones(size, dtype=bool)
        for name, kind in facts.columns:
            if kind.table is not None and kind.table != space.name:
                column = self.facts.column(space.name, name)
                good &= column.absent | (self.sheet(kind.table).finder.find([column], size) != NOWHERE)
        rows = np.flatnonzero(good)
        sheet = self._rows_of(space, rows)
        tree = self.plan.trees.get(facts.keep.site) if facts.keep is not None else None
        if tree is None:
            return sheet
        self._frames[space.name] = sheet
        try:
            keep = Formulas(self, space.name).holds(tree, Rows.all(sheet.size))
        except Incomputable:
            kept_rows(self, sheet, facts, tree)
            raise
        del self._frames[space.name]
        return sheet if keep.all() else self._rows_of(space, rows[keep])

    def _units_of(self, space: Space, grain: doc.Grain) -> Sheet:
        """Return one row per unit of each interval inside the period."""
        assert grain.over is not None, "an expanded grain has a table"
        assert grain.each is not None, "and a unit"
        over = self.sheet(grain.over)
        start, until = self.intervals(grain.over)
        start, until = np.maximum(start, self.period.first.toordinal()), np.minimum(until, self.period.last.toordinal())
        some = start <= until
        first, last = _unit_number(start, grain.each), _unit_number(until, grain.each)
        counts = np.where(some, last - first + 1, 0)
        self._bounded(space.name, int(counts.sum()))
        parents = np.repeat(np.arange(over.size), counts)
        steps = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
        sheet = Sheet(
            space,
            [pick(over.key_columns[0], parents), self._unit_column(first[parents] + steps, grain.each)],
            len(parents),
            self.pool,
        )
        sheet.ways[Hop("key", grain.over, grain.over)] = (parents, None)
        return sheet

    def _unit_column(self, units: Array, unit: str) -> Column:
        """Return the days or periods with some numbers."""
        if unit == "day":
            return Column("date", units)
        known, at = positions(units)
        words = self.pool.numbers([_period_of(int(one), unit) for one in known])
        return Column("word", np.array(words, dtype=np.int64)[at])

    def intervals(self, table: str) -> tuple[Array, Array]:
        """Return the first and last day each kept row of a table holds, as day numbers."""
        facts, sheet = self.plan.document.facts[table], self.sheet(table)
        open_ends = date.min.toordinal(), date.max.toordinal()
        if facts.during is None:
            return tuple(np.full(sheet.size, end, dtype=np.int64) for end in open_ends)  # type: ignore[return-value]  # two
        absent = self.pool.gap(ABSENT)
        ends = []
        for name, end in zip(facts.during, open_ends, strict=True):
            column = sheet.column("column", name)
            days = column.data.astype(np.int64) if column.kind == "date" else np.zeros(sheet.size, dtype=np.int64)
            ends.append(days if column.gaps is None else np.where(column.gaps == absent, end, days))
        return ends[0], ends[1]

    def _distinct_keys(self, space: Space, grain: doc.Grain) -> tuple[list[Column], int]:
        """Return the keys of a grain: every combination, or those that occur."""
        if grain.rows == "all":
            many = [from_values(self._every(key), kind.present(), self.pool) for key, kind in _pairs(space)]
            size = 1
            for column in many:
                size *= len(column)
                self._bounded(space.name, size)
            at = np.unravel_index(np.arange(size), tuple(len(column) for column in many)) if many and size else ()
            empty = np.zeros(0, dtype=np.int64)
            return [pick(column, at[number] if at else empty) for number, column in enumerate(many)], size
        assert grain.rows is not None, "a grain of keys has rows"
        columns = [self.column(grain.rows, path) for path in self.plan.scope.mapping(grain.rows, space.name)]
        if not columns:
            return [], 1
        whole = np.flatnonzero(~np.logical_or.reduce([column.absent for column in columns]))
        columns = [pick(column, whole) for column in columns]
        codes = joined([ordered_codes(column, self.pool) for column in columns]).data
        _, first = np.unique(codes, return_index=True)
        return [pick(column, first) for column in columns], len(first)

    def _every(self, key: str) -> list[Any]:
        if key not in self.plan.scope.spaces and key in UNITS:
            return super()._every(key)
        sheet = self.sheet(key)
        return to_values(sheet.key_columns[0], self.pool)

    def way(self, space: str, hop: Hop) -> tuple[Array, Array | None]:
        """Return, for every row of a space, the row a hop leads to, and the absence where it leads to none."""
        sheet = self.sheet(space)
        if hop not in sheet.ways:
            sheet.ways[hop] = self._way(sheet, hop)
        return sheet.ways[hop]

    def _way(self, sheet: Sheet, hop: Hop) -> tuple[Array, Array | None]:
        if hop.kind == "grain":
            rows, gaps = self.leads(sheet.space.name, hop.target), None
            lost, why = rows == NOWHERE, NO_ROW
        else:
            column = sheet.column(hop.kind, hop.name)
            rows, gaps = self.sheet(hop.target).finder.find([column], sheet.size), column.gaps
            lost, why = (rows == NOWHERE) & ~column.absent, DROPPED
        if lost.any():
            gaps = np.where(lost, self.pool.gap(why), PRESENT if gaps is None else gaps).astype(GAP)
        return rows, gaps

    def column(self, space: str, path: Path) -> Column:
        """Return the values of a path, one per row of the space."""
        sheet = self.sheet(space)
        if not path.hops:
            return sheet.column(path.kind, path.name)
        if path not in sheet.paths:
            first, rest = path.hops[0], Path(path.hops[1:], path.kind, path.name)
            there = self.column(first.target, rest)
            rows, gaps = self.way(space, first)
            sheet.paths[path] = through(there, rows, gaps)
        return sheet.paths[path]

    def leads(self, source: str, target: str) -> Array:
        """Return, for every row of the source, its row in the target or NOWHERE; those without are left out."""
        if (source, target) not in self._leads:
            size = self.sheet(source).size
            columns = [self.column(source, path) for path in self.plan.scope.mapping(source, target)]
            found = self.sheet(target).finder.find(columns, size)
            self._leads[source, target] = found
            left = self.left_out
            assert isinstance(left, Lazily), "what is left out is listed when asked for"
            left.later((source, target), lambda: self._lost(columns, found))
        return self._leads[source, target]

    def _lost(self, columns: Sequence[Column], found: Array) -> list[tuple[int, NonValue]]:
        """Return the rows without group, each with the first absence in its key."""
        out = []
        for row in np.flatnonzero(found == NOWHERE).tolist():
            gaps = [int(column.gaps[row]) for column in columns if column.gaps is not None and column.gaps[row]]
            out.append((row, self.pool.absence(gaps[0]) if gaps else NO_ROW))
        return out

    def members(self, source: str, target: str) -> Members:
        """Return the rows of the source gathered by their row in the target."""
        if (source, target) not in self._members:
            self._members[source, target] = gathered(self.leads(source, target), self.sheet(target).size)
        return self._members[source, target]

    def hop(self, space: str, hop: Hop) -> list[Any]:
        """Return a hop as the reference evaluator holds it."""
        frame = self.frame(space)
        if hop not in frame._hops:
            rows, gaps = self.way(space, hop)
            out: list[Any] = rows.tolist()
            for row in np.flatnonzero(gaps).tolist() if gaps is not None else ():
                assert gaps is not None, "only rows with an absence are listed"
                out[row] = self.pool.absence(int(gaps[row]))
            frame._hops[hop] = out
        return frame._hops[hop]

    def vector(self, space: str, path: Path) -> list[Any]:
        """Return a path's values as the reference evaluator holds them."""
        frame = self.frame(space)
        if not path.hops:
            return frame.own(path.kind, path.name)
        if path not in frame._vectors:
            frame._vectors[path] = to_values(self.column(space, path), self.pool)
        return frame._vectors[path]

    def groups(self, source: str, target: str) -> list[int | None]:
        """Return the rows led to as the reference evaluator holds them."""
        if (source, target) not in self._groups:
            rows = self.leads(source, target).tolist()
            self._groups[source, target] = [None if row == NOWHERE else row for row in rows]
        return self._groups[source, target]


def _pairs(space: Space) -> list[tuple[str, Any]]:
    return list(zip(space.keys, space.key_types, strict=True))


def _unit_number(days: Array, unit: str) -> Array:
    """Return the running number of the unit each day lies in."""
    if unit == "day":
        return days
    known, at = positions(days)
    numbers = []
    for day in known.tolist():
        period = Period.of(date.fromordinal(min(max(day, 1), date.max.toordinal())), unit)
        numbers.append(period.year * _IN_A_YEAR[unit] + period.index - 1)
    return np.array(numbers, dtype=np.int64)[at]


def _period_of(number: int, unit: str) -> Period:
    year, index = divmod(number, _IN_A_YEAR[unit])
    return Period(year, unit, index + 1)


_IN_A_YEAR: Mapping[str, int] = {"month": 12, "quarter": 4, "half": 2, "year": 1}
