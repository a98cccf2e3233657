"""A finished run: what was asked, every row and measure, and the hashes that name evidence and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from scoring.facts import TypedTable, plain_value
from scoring.frames import Frames
from scoring.hashing import digest
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import ENGINE, Plan
from scoring.typed import public
from scoring.values import NonValue, Value, encode


@dataclass(frozen=True)
class Facts:
    """Facts typed for one rulebook, to be used in several runs; `load_facts` makes them."""

    rulebook_hash: str
    tables: Mapping[str, TypedTable]


@dataclass(frozen=True)
class Run:
    """What one run is asked for.

    `period` is a Period or its label. `parts` None lets the run compute its parts itself from the same facts; a
    sequence (an empty one as well) means exactly these. `as_of` replaces the last day plus `evaluate_after`.
    """

    period: Period | str
    parts: "Sequence[Evaluation | PastResult] | None" = None
    history: Sequence[PastResult] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None


class Evaluation:
    """A finished run. Ask for rows, measures and results; `explain` and `why` read the frames inside."""

    def __init__(self, plan: Plan, run: Run, frames: Frames, past: Mapping[Period, PastResult]) -> None:
        """Keep what the run was made of."""
        self.plan, self.run, self.frames, self.past = plan, run, frames, past
        self.period = frames.period
        self.parts: tuple[Evaluation | PastResult, ...] = ()

    @property
    def is_part(self) -> bool:
        """Tell whether this is the run of a part, such as a quarter of a half-year."""
        return self.period.unit != self.plan.document.period.unit

    @property
    def as_of(self) -> date:
        """Return the day the run is evaluated."""
        return self.frames.as_of

    @property
    def measures(self) -> frozenset[tuple[str, str]]:
        """Return the (grain, measure) pairs this run computed."""
        return self.plan.part_measures if self.is_part else self.plan.whole_measures

    def grains(self) -> tuple[str, ...]:
        """Return the grains whose results this run gives, in the order of the rulebook."""
        mine = [grain for grain in self.plan.document.results if (grain in self.plan.part_results) == self.is_part]
        return tuple(mine)

    def rows(self, grain: str) -> list[tuple[str, ...]]:
        """Return the keys of a grain's rows, in order, as text."""
        frame = self.frames.frame(grain)
        return [frame.words(row) for row in range(frame.size)]

    @cached_property
    def _rows(self) -> dict[str, dict[tuple[str, ...], int]]:
        return {}

    def row(self, grain: str, key: Sequence[str] | str) -> int:
        """Return the number of a row; KeyError when there is none with that key."""
        if grain not in self._rows:
            self._rows[grain] = {each: at for at, each in enumerate(self.rows(grain))}
        return self._rows[grain][(key,) if isinstance(key, str) else tuple(key)]

    def measure(self, grain: str, key: Sequence[str] | str, name: str) -> Value:
        """Return a measure or column of one row; KeyError for a row or name that does not exist."""
        return self.value(grain, self.row(grain, key), name)

    def value(self, grain: str, row: int, name: str) -> Value:
        """Return a measure or column of a row by its number."""
        frame = self.frames.frame(grain)
        if name in frame.measures:
            return public(frame.measures[name][row], self.plan.type_of(grain, name))
        return public(frame.columns[name][row], frame.space.columns[name])

    def counted(self, grain: str, row: int, name: str) -> tuple[str, ...]:
        """Return the reasons of gaps for which a value was put in, such as NO_MANAGER counted as 0."""
        return self.frames.frame(grain).counted.get(name, {}).get(row, ())

    def left_out(self, source: str, target: str) -> list[tuple[str, NonValue]]:
        """Return the rows of a table that belong to no row of a grain, with the reason."""
        frame = self.frames.frame(source)
        return [(frame.row_id(row), gap) for row, gap in self.frames.left_out.get((source, target), [])]

    def part(self) -> PastResult:
        """Return what a whole run takes over from this part: every measure at grains keyed by it."""
        names = {grain: list(self.plan.document.measures.get(grain, ())) for grain in self.plan.part_grains}
        return self._past(names)

    def remembered(self) -> PastResult:
        """Return what later periods may read: the measures named in `remember`."""
        outcomes = self.plan.document.results
        return self._past({grain: list(outcomes[grain].remember) for grain in self.grains()})

    def _past(self, names: Mapping[str, Sequence[str]]) -> PastResult:
        rows = {
            grain: {
                key: {name: self.value(grain, at, name) for name in many} for at, key in enumerate(self.rows(grain))
            }
            for grain, many in names.items()
        }
        document, hashed = self.plan.document, self.plan.rulebook.hash
        return PastResult(self.period, document.name, hashed, self.result_hash, rows)

    @cached_property
    def evidence_hash(self) -> str:
        """Return the name of everything the run was given: facts, settings, earlier results, parts, dates."""
        tables = self.frames.tables
        facts = {}
        for declared in self.plan.document.facts.values():
            table = tables[declared.name]
            columns = [[plain_value(value, kind) for value in table.columns[name]] for name, kind in declared.columns]
            facts[declared.name] = [table.ids, *columns]
        settings = {name: str(value) for name, value in sorted(self.frames.settings.items())}
        past = [self.past[period].to_json() for period in sorted(self.past)]
        parts = [[part.period.label, part.result_hash] for part in self.parts]
        dates = [self.period.label, self.as_of.isoformat()]
        return digest({"facts": facts, "settings": settings, "past": past, "parts": parts, "dates": dates})

    @cached_property
    def canonical(self) -> dict[str, Any]:
        """Return every measure at the grains of the results as plain JSON."""
        out = {}
        for grain in self.grains():
            names = [name for name in self.plan.document.measures.get(grain, ()) if (grain, name) in self.measures]
            rows = self.rows(grain)
            values = [[encode(self.value(grain, at, name)) for name in names] for at in range(len(rows))]
            out[grain] = {"measures": names, "keys": [list(key) for key in rows], "rows": values}
        return {"engine": ENGINE, "period": self.period.label, "results": out}

    @cached_property
    def result_hash(self) -> str:
        """Return the name of the results: the same rulebook, evidence and engine give the same one."""
        return digest(self.canonical)
