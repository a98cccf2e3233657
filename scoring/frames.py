"""The rows of every table and grain during one run: their keys, their columns, and the way from row to row.

A frame's rows are sorted by key, so nothing depends on the order of the evidence. A row whose key has no value belongs
to no row of a grain; such rows are remembered as left out, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from scoring.conditions.closures import bind
from scoring.conditions.tree import Expr, Hop, Path
from scoring.decimals import text_of
from scoring.diagnostics import FactsRefused, Place, diagnostic
from scoring.facts import TypedTable, converter, in_order, interval
from scoring.incomputable import Incomputable
from scoring.periods import UNITS, Period, add_days
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.scope import Space
from scoring.subjects import joined
from scoring.values import NonValue

DROPPED: Final = NonValue("NOT_APPLICABLE", ("DROPPED",))
NO_ROW: Final = NonValue("NOT_APPLICABLE", ("NO_ROW",))
ROWS_MOST: Final = 5_000_000


@dataclass
class Frame:
    """The rows of one space in one run.

    `measures` holds finished values, `raw` what an operator gave before floor, cap and round, `counted` the rows whose
    value stands in for a gap, `origin` where rows taken over from a part come from: (part, row there).
    """

    space: Space
    keys: list[tuple[Any, ...]]
    columns: dict[str, list[Any]]
    measures: dict[str, list[Any]] = field(default_factory=dict)
    raw: dict[str, list[Any]] = field(default_factory=dict)
    counted: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=dict)
    origin: list[tuple[int, int]] | None = None
    _hops: dict[Hop, list[Any]] = field(default_factory=dict)
    _vectors: dict[Path, list[Any]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many rows there are."""
        return len(self.keys)

    @cached_property
    def index(self) -> dict[tuple[Any, ...], int]:
        """Return the way from a key to its row."""
        return {key: row for row, key in enumerate(self.keys)}

    def own(self, kind: str, name: str) -> list[Any]:
        """Return the values of a name of this space."""
        if kind == "column":
            return self.columns[name]
        if kind == "measure":
            return self.measures[name]
        at = self.space.keys.index(name)
        return [key[at] for key in self.keys]

    def words(self, row: int) -> tuple[str, ...]:
        """Return the key of a row as text."""
        return tuple(map(key_text, self.keys[row], self.space.key_types))

    def row_id(self, row: int) -> str:
        """Return the words that name a row: its key, joined."""
        return joined(self.words(row))


def key_text(part: Any, kind: Type) -> str:
    """Write one part of a key as result files hold it: a number with its places, a truth as `true` or `false`.

    >>> key_text(Period.parse("2026-H1"), Type("period")), key_text(150, Type("number", places=2))
    ('2026H1', '1.50')
    """
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, int) and kind.kind == "number":
        return text_of(part, kind.places or 0)
    return part.label if isinstance(part, Period) else str(part)


def key_part(text: str, kind: Type) -> Any:
    """Read back what `key_text` wrote; WrongValue when it does not fit the type.

    >>> key_part("1.50", Type("number", places=2)), key_part("false", Type("bool"))
    (150, False)
    """
    if kind.kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind.fraction:
        return Fraction(text)
    return Period.parse(text) if kind.kind == "period" else converter(kind.present())(text)


def kept_rows(frames: "Frames", frame: "Frame", facts: doc.Facts, tree: Expr) -> list[int]:
    """Return the rows of facts their `keep` keeps, asked one by one.

    >>> from scoring.example import season
    >>> from scoring.rulebook.types import BOOL
    >>> frames = season("{over: game, count: rows}").frames
    >>> kept_rows(frames, frames.frame("game"), frames.plan.document.facts["game"], Expr("const", BOOL, value=True))
    [0, 1, 2]
    """
    keep = bind(tree, FrameRows(frames, facts.name))
    rows = []
    for row in range(frame.size):
        try:
            if keep(row):
                rows.append(row)
        except Incomputable as met:
            assert facts.keep is not None, "rows are asked by a condition"
            raise met.refusal(facts.keep.place, f"{facts.name}.keep", frame.row_id(row)) from None
    return rows


class Frames:
    """All frames of one run, made when first asked for."""

    def __init__(self, plan: Plan, tables: Mapping[str, TypedTable], period: Period, as_of: date) -> None:
        """Start with no frame; `settings` and `taken` (grains taken over from parts) are filled by the evaluator."""
        self.plan, self.tables, self.period, self.as_of = plan, tables, period, as_of
        self.settings: dict[str, Any] = {}
        self.left_out: dict[tuple[str, str], list[tuple[int, NonValue]]] = {}
        self._frames: dict[str, Frame] = {}
        self._groups: dict[tuple[str, str], list[int | None]] = {}

    def put(self, frame: Frame) -> None:
        """Add a frame made elsewhere."""
        self._frames[frame.space.name] = frame

    def known(self) -> Mapping[str, Frame]:
        """Return the frames made so far."""
        return self._frames

    def frame(self, space: str) -> Frame:
        """Return the rows of a space."""
        if space not in self._frames:
            self._frames[space] = self._make(space)
        return self._frames[space]

    def _make(self, space: str) -> Frame:
        declared = self.plan.scope.spaces[space]
        grain = self.plan.document.grains.get(space)
        if space in self.plan.document.facts:
            return self._kept(declared, self.plan.document.facts[space])
        if grain is None:
            table = self.tables[space]
            known = sorted((key for key, _ in self.plan.document.tables[space].rows), key=in_order)
            return Frame(declared, list[tuple[Any, ...]](known), table.columns)
        if grain.over is not None:
            return self._expanded(declared, grain)
        at = self.part_key(declared)
        keys = self._distinct(declared, grain)
        mine = (self.period, self.period.first)
        return Frame(declared, keys if at is None else [key for key in keys if key[at] in mine], {})

    def part_key(self, space: Space) -> int | None:
        """Return the key that ties a grain's rows to the part this run is of: rows of other parts are theirs."""
        unit = self.plan.document.period.parts
        if self.period.unit != unit:
            return None
        return next((at for at, kind in enumerate(space.key_types) if kind.unit_of_time == unit), None)

    def _kept(self, space: Space, facts: doc.Facts) -> Frame:
        """Return the rows of facts that are kept and refer to kept rows."""
        table = self.tables[space.name]
        size = len(table.ids)
        good: Iterable[int] = range(size)
        for name, kind in facts.columns:
            if kind.table is not None and kind.table != space.name:
                known, column = self.frame(kind.table).index, table.columns[name]
                good = [row for row in good if isinstance(column[row], NonValue) or (column[row],) in known]
        frame = _compress(space, table, list(good))
        tree = self.plan.trees.get(facts.keep.site) if facts.keep is not None else None
        if tree is None:
            return frame
        self._frames[space.name] = frame
        rows = kept_rows(self, frame, facts, tree)
        del self._frames[space.name]
        if len(rows) == frame.size:
            return frame
        columns = {name: [column[row] for row in rows] for name, column in frame.columns.items()}
        return Frame(space, [frame.keys[row] for row in rows], columns)

    def _expanded(self, space: Space, grain: doc.Grain) -> Frame:
        """Return one row per unit of each interval inside the period."""
        assert grain.over is not None, "an expanded grain has a table"
        assert grain.each is not None, "and a unit"
        facts, over = self.plan.document.facts[grain.over], self.frame(grain.over)
        typed = TypedTable(grain.over, [key[0] for key in over.keys], over.columns)
        keys: list[tuple[Any, ...]] = []
        parents: list[Any] = []
        for row, row_id in enumerate(typed.ids):
            start, until = interval(facts, typed, row)
            start, until = max(start, self.period.first), min(until, self.period.last)
            units = _units(start, until, grain.each)
            keys += [(row_id, unit) for unit in units]
            parents += [row] * len(units)
        self._bounded(space.name, len(keys))
        frame = Frame(space, keys, {})
        frame._hops[Hop("key", grain.over, grain.over)] = parents
        return frame

    def _distinct(self, space: Space, grain: doc.Grain) -> list[tuple[Any, ...]]:
        """Return the keys of a grain: every combination, or those that occur."""
        if grain.rows == "all":
            keys: list[tuple[Any, ...]] = [()]
            for key in grain.keys:
                many = self._every(key)
                self._bounded(space.name, len(keys) * len(many))
                keys = [(*left, right) for left in keys for right in many]
            return keys
        assert grain.rows is not None, "a grain of keys has rows"
        vectors = [self.vector(grain.rows, path) for path in self.plan.scope.mapping(grain.rows, space.name)]
        if not vectors:
            return [()]
        found = {key for key in zip(*vectors, strict=True) if not any(isinstance(part, NonValue) for part in key)}
        return sorted(found)

    def _every(self, key: str) -> list[Any]:
        """Return every value a key can have: the rows of a table, or the units inside the period."""
        if key not in self.plan.scope.spaces and key in UNITS:
            return _units(self.period.first, self.period.last, key)
        return [row_key[0] for row_key in self.frame(key).keys]

    def _bounded(self, grain: str, count: int) -> None:
        """Refuse a grain wider than a machine should hold."""
        if count > ROWS_MOST:
            words = {"grain": grain, "count": count, "most": ROWS_MOST}
            raise FactsRefused([diagnostic("GRAIN_TOO_WIDE", Place(grain, 1, 1), **words)])

    def hop(self, space: str, hop: Hop) -> list[Any]:
        """Return, for every row of a space, the row a hop leads to, or the absence of one."""
        frame = self.frame(space)
        if hop not in frame._hops:
            if hop.kind == "grain":
                rows: list[Any] = [NO_ROW if row is None else row for row in self.groups(space, hop.target)]
            else:
                index = self.frame(hop.target).index
                rows = [
                    value if isinstance(value, NonValue) else index.get((value,), DROPPED)
                    for value in frame.own(hop.kind, hop.name)
                ]
            frame._hops[hop] = rows
        return frame._hops[hop]

    def vector(self, space: str, path: Path) -> list[Any]:
        """Return the values of a path, one per row of the space."""
        frame = self.frame(space)
        if not path.hops:
            return frame.own(path.kind, path.name)
        if path not in frame._vectors:
            first, rest = path.hops[0], Path(path.hops[1:], path.kind, path.name)
            there = self.vector(first.target, rest)
            rows = self.hop(space, first)
            frame._vectors[path] = [row if isinstance(row, NonValue) else there[row] for row in rows]
        return frame._vectors[path]

    def groups(self, source: str, target: str) -> list[int | None]:
        """Return, for every row of the source, its row in the target; rows without one are remembered as left out."""
        if (source, target) not in self._groups:
            index = self.frame(target).index
            size = self.frame(source).size
            vectors = [self.vector(source, path) for path in self.plan.scope.mapping(source, target)]
            keys: Sequence[tuple[Any, ...]] = list(zip(*vectors, strict=True)) if vectors else [()] * size
            found = [index.get(key) for key in keys]
            out = []
            for row, group in enumerate(found):
                if group is None:
                    gaps = [part for part in keys[row] if isinstance(part, NonValue)]
                    out.append((row, gaps[0] if gaps else NO_ROW))
            self.left_out[source, target] = out
            self._groups[source, target] = found
        return self._groups[source, target]

    def as_of_of(self, period: Period) -> date:
        """Return the day a period is evaluated: the run's own day for its own period, no later for its parts."""
        if period == self.period:
            return self.as_of
        day = add_days(period.last, self.plan.document.period.evaluate_after)
        own_part = period.unit == self.plan.document.period.parts and self.period.covers(period)
        return min(day, self.as_of) if own_part else day

    @cached_property
    def workday_exceptions(self) -> Mapping[date, bool]:
        """Return the days a table `calendar` with columns `date` and `workday` marks as working or free."""
        table = self.tables.get("calendar")
        if table is None or not {"date", "workday"} <= set(table.columns):
            return {}
        return dict(zip(table.columns["date"], table.columns["workday"], strict=True))


class FrameRows:
    """What formulas of one measure read at the rows of one space; implements `closures.Rows`."""

    def __init__(self, frames: Frames, space: str, measure: str | None = None) -> None:
        """Bind to a space; `measure` is where values that stand in for gaps are noted."""
        self.frames, self.space, self.measure = frames, space, measure
        self.as_of_of = frames.as_of_of

    @property
    def period(self) -> Period:
        """Return the period of the run."""
        return self.frames.period

    @property
    def as_of(self) -> date:
        """Return the day the run is evaluated."""
        return self.frames.as_of

    @property
    def workday_exceptions(self) -> Mapping[date, bool]:
        """Return the days that differ from the week."""
        return self.frames.workday_exceptions

    def vector(self, path: Path) -> list[Any]:
        """Return the values of a path."""
        return self.frames.vector(self.space, path)

    def setting(self, name: str) -> Any:
        """Return a setting."""
        return self.frames.settings[name]

    def counted_for(self, row: int, gap: NonValue) -> None:
        """Note that a value stands in for a gap."""
        if self.measure is not None:
            noted = self.frames.frame(self.space).counted.setdefault(self.measure, {})
            noted[row] = tuple(sorted({*noted.get(row, ()), *gap.reasons}))


def _compress(space: Space, table: TypedTable, rows: list[int]) -> Frame:
    """Return the frame of some rows of a table."""
    if len(rows) == len(table.ids):
        return Frame(space, [(row_id,) for row_id in table.ids], table.columns)
    columns = {name: [column[row] for row in rows] for name, column in table.columns.items()}
    return Frame(space, [(table.ids[row],) for row in rows], columns)


def _units(start: date, until: date, unit: str) -> list[Any]:
    """Return the days, or the periods of a unit, between two days."""
    if unit == "day":
        return [start + timedelta(days=step) for step in range((until - start).days + 1)]
    found = []
    period = Period.of(start, unit)
    while period.first <= until and start <= until:
        found.append(period)
        if period.last >= until:
            break
        period = period.shift(1)
    return found
