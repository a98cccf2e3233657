"""The rows of every table and grain of one run as SQL tables, made when first asked for."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from scoring.evaluate import Evaluation
from scoring.periods import UNITS
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue
from tests.properties.third.cells import MACROS, all_present, cell, shape, sql_type
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas, first_of, units


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that knows exact quotients."""
    found = duckdb.connect(config={"threads": 1})
    for macro in MACROS:
        found.execute(f"CREATE MACRO {macro}")
    return found


class Spaces:
    """The tables of one run; a table has `_row` in order, `k_` keys, `c_` columns and `m_` measures as cells."""

    def __init__(self, evaluation: Evaluation, database: duckdb.DuckDBPyConnection) -> None:
        """Take plan, facts, settings and dates from a finished run; its results are not looked at."""
        self.plan, self.database = evaluation.plan, database
        self.period, self.as_of = evaluation.period, evaluation.as_of
        self.settings, self.facts = evaluation.frames.settings, evaluation.frames.tables
        self.past = evaluation.past
        self.formulas = Formulas(self)
        self._tables: dict[str, str] = {}

    def run(self, sql: str) -> None:
        """Run a statement."""
        self.database.execute(sql)

    def made(self) -> tuple[str, ...]:
        """Return the tables and grains made so far."""
        return tuple(self._tables)

    def kind(self, space: str, kind: str, name: str) -> str:
        """Return the kind of a name of a space."""
        declared = self.plan.scope.spaces[space]
        if kind == "column":
            return declared.columns[name].kind
        if kind == "key":
            return declared.key_types[declared.keys.index(name)].kind
        return self.plan.type_of(space, name).kind

    def calendar(self) -> tuple[str, str]:
        """Return the working days that are free, and the free days that are worked."""
        table = self.facts.get("calendar")
        marked: dict[bool, list[str]] = {True: [], False: []}
        if table is not None and {"date", "workday"} <= set(table.columns):
            for day, works in zip(table.columns["date"], table.columns["workday"], strict=True):
                marked[works].append(f"DATE '{day.isoformat()}'")
        free, extra = ("[" + ", ".join(marked[works]) + "]::DATE[]" for works in (False, True))
        return free, extra

    def table(self, space: str) -> str:
        """Return the name of the SQL table of a space."""
        if space not in self._tables:
            self._make(space)
        return self._tables[space]

    def put(self, space: str, select: str) -> None:
        """Make or replace the table of a space."""
        name = fresh(f"s_{space}")
        self.run(f"CREATE TABLE {name} AS {select}")
        old = self._tables.get(space)
        self._tables[space] = name
        if old is not None:
            self.run(f"DROP TABLE {old}")

    def write(self, shapes: Mapping[str, Any], rows: list[list[Any]]) -> str:
        """Write rows into a table whose columns have these shapes; return its name."""
        table = fresh("w")
        given = json.dumps([dict(zip(shapes, row, strict=True)) for row in rows], ensure_ascii=False)
        unpacked = "unnest(from_json_strict(?, ?), max_depth := 2)"
        self.database.execute(f"CREATE TABLE {table} AS SELECT {unpacked}", [given, json.dumps([shapes])])
        return table

    def _make(self, space: str) -> None:
        document = self.plan.document
        if space in document.facts:
            self._facts(document.facts[space])
        elif space in document.tables:
            self._constants(document.tables[space])
        elif document.grains[space].over is not None:
            self._expanded(document.grains[space])
        elif document.grains[space].rows == "all":
            self._every(document.grains[space])
        else:
            self._occurring(document.grains[space])

    def _facts(self, facts: doc.Facts) -> None:
        """Write facts and leave out what `keep` drops and what refers to a dropped row."""
        table, columns = self.facts[facts.name], list(facts.columns)
        shapes = {"_row": "INTEGER", f"k_{facts.name}": "VARCHAR"} | {
            f"c_{name}": _cell(kind.kind) for name, kind in columns
        }
        rows = [
            [at, row, *(_typed(table.columns[name][at], kind) for name, kind in columns)]
            for at, row in enumerate(table.ids)
        ]
        whole = self.write(shapes, rows)
        refers = [
            f"(c_{name}.k <> 0 OR c_{name}.v IN (SELECT k_{kind.table} FROM {self.table(kind.table)}))"
            for name, kind in columns
            if kind.table in self.plan.document.facts and kind.table != facts.name
        ]
        self.put(facts.name, f"SELECT * FROM {whole} WHERE {' AND '.join(['true', *refers])}")
        if facts.keep is not None:
            chain = Chain(facts.name, self._tables[facts.name])
            kept = self.formulas.condition(chain, facts.keep)
            listed = ", ".join(f"p.{name}" for name in shapes)
            self.put(facts.name, f"SELECT {listed} FROM ({chain.sql}) p WHERE {kept}")
        self._numbered(facts.name, [f"k_{facts.name}"])

    def _numbered(self, space: str, order: list[str]) -> None:
        """Number the rows of a space in the order of their keys."""
        by = f" OVER (ORDER BY {', '.join(order)})" if order else " OVER ()"
        self.put(space, f"SELECT * REPLACE ((row_number(){by} - 1)::INTEGER AS _row) FROM {self._tables[space]}")

    def _constants(self, constants: doc.Constants) -> None:
        keys = [f"k_{key}" for key in self.plan.scope.spaces[constants.name].keys]
        shapes = {"_row": "INTEGER"} | {key: "VARCHAR" for key in keys}
        shapes |= {f"c_{name}": _cell(kind.kind) for name, kind in constants.columns}
        rows = [
            [
                at,
                *key,
                *map(_constant, cells, [kind for _, kind in constants.columns]),
            ]
            for at, (key, cells) in enumerate(sorted(constants.rows, key=lambda row: "/".join(row[0])))
        ]  # fmt: skip
        self.put(constants.name, f"SELECT * FROM {self.write(shapes, rows)}")

    def _key_columns(self, space: str) -> list[tuple[str, str]]:
        declared = self.plan.scope.spaces[space]
        return [(f"k_{key}", sql_type(kind.kind)) for key, kind in zip(declared.keys, declared.key_types, strict=True)]

    def _dates(self, name: str, days: Iterable[date]) -> str:
        return self.write({name: "DATE"}, [[day.isoformat()] for day in days])

    def _expanded(self, grain: doc.Grain) -> None:
        """Write one row per unit of each interval inside the period."""
        assert grain.over is not None, "an expanded grain has a table"
        assert grain.each is not None, "and a unit"
        facts = self.plan.document.facts[grain.over]
        assert facts.during is not None, "whose rows hold for intervals"
        over, unit = self.table(grain.over), grain.keys[1]
        first, last = (f"DATE '{day.isoformat()}'" for day in (self.period.first, self.period.last))
        steps = self._dates("unit", units(self.period.first, self.period.last, grain.each))
        since, until = (f"o.c_{name}.v" for name in facts.during)
        begins = f"greatest(coalesce({since}, {first}), {first})"
        ends = f"least(coalesce({until}, {last}), {last})"
        held = f"{begins} <= {ends} AND u.unit BETWEEN {first_of(begins, grain.each)} AND {ends}"
        select = (
            f"SELECT 0::INTEGER AS _row, o.k_{grain.over}, u.unit AS k_{unit} FROM {over} o JOIN {steps} u ON {held}"
        )
        self.put(grain.name, select)
        self._numbered(grain.name, [f"k_{grain.over}", f"k_{unit}"])

    def _every(self, grain: doc.Grain) -> None:
        """Write every combination of keys."""
        tables, listed = [], ["0::INTEGER AS _row"]
        for at, key in enumerate(grain.keys):
            if key not in self.plan.scope.spaces and key in UNITS:
                tables.append(f"{self._dates('unit', units(self.period.first, self.period.last, key))} x{at}")
                listed.append(f"x{at}.unit AS k_{key}")
            else:
                tables.append(f"{self.table(key)} x{at}")
                listed.append(f"x{at}.k_{key} AS k_{key}")
        self.put(grain.name, f"SELECT {', '.join(listed)}" + (f" FROM {', '.join(tables)}" if tables else ""))
        self._numbered(grain.name, [name for name, _ in self._key_columns(grain.name)])

    def _occurring(self, grain: doc.Grain) -> None:
        """Write the combinations of keys that occur; without keys the one row there always is."""
        assert grain.rows is not None, "a grain of keys has rows"
        if not grain.keys:
            self.put(grain.name, "SELECT 0::INTEGER AS _row")
            return
        chain = Chain(grain.rows, self.table(grain.rows))
        cells = [chain.add(self.formulas.path(chain, path)) for path in self.plan.scope.mapping(grain.rows, grain.name)]
        names = [name for name, _ in self._key_columns(grain.name)]
        listed = ", ".join(f"{one}.v AS {name}" for one, name in zip(cells, names, strict=True))
        kept = [all_present(cells)]
        unit, kinds = self.plan.document.period.parts, self.plan.scope.spaces[grain.name].key_types
        if unit is not None and self.period.unit == unit:
            mine = [one for one, kind in zip(cells, kinds, strict=True) if kind.unit_of_time == unit]
            kept += [f"{one}.v = DATE '{self.period.first.isoformat()}'" for one in mine[:1]]
        where = " AND ".join(kept)
        self.put(grain.name, f"SELECT DISTINCT 0::INTEGER AS _row, {listed} FROM ({chain.sql}) p WHERE {where}")
        self._numbered(grain.name, names)

    def take(self, space: str, name: str, values: list[Any], kind: str) -> None:
        """Put in a measure that comes from elsewhere, its values in the order of the rows."""
        rows = [[at, cell(value, kind)] for at, value in enumerate(values)]
        given = self.write({"_row": "INTEGER", "v": _cell(kind)}, rows)
        self.put(space, f"SELECT s.*, g.v AS m_{name} FROM {self.table(space)} s LEFT JOIN {given} g USING (_row)")


def _cell(kind: str) -> Any:
    return {"k": "INTEGER", "r": ["VARCHAR"], "v": shape(kind)}


def _typed(value: Any, kind: Type) -> Any:
    """Return a value of a typed fact as a cell; a number comes as an integer at its places."""
    if kind.kind == "number" and not isinstance(value, NonValue):
        return cell(Fraction(value, 10 ** (kind.places or 0)), "number")
    return cell(value, kind.kind)


def _constant(value: Decimal | str | bool, kind: Type) -> Any:
    return cell(Decimal(str(value)) if kind.kind == "number" else value, kind.kind)
