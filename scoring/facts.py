"""Facts: plain rows in, typed tables out, every wrong value reported at once.

A number becomes an integer at its column's places, a reference the key it names, a missing optional value the absence
`ABSENT`. Rows are kept sorted by their id, so the order in which facts arrive can change nothing. Rows that `keep`
drops, and rows that refer to a dropped row, are set aside before anything is computed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeAlias

from scoring.decimals import exact, ten, text_of
from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import ABSENT

RawFacts: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
Locate: TypeAlias = Callable[[str, int | str, str | None], Place]
"""Where a value stands: its table, its row (number from 1, or id), its column (None: the row as a whole)."""
DIGITS_MOST: Final = 30
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_PLAIN_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class WrongValue(Exception):  # noqa: N818  (turned into a finding by whoever knows row and column)
    """A value that does not fit its type, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the two sentences."""
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(slots=True)
class TypedTable:
    """One table of facts: row ids in order, and every column as a list along them."""

    name: str
    ids: list[str]
    columns: dict[str, list[Any]]
    index: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Build the way from id to row."""
        self.index = {row: at for at, row in enumerate(self.ids)}


def converter(kind: Type) -> Callable[[Any], Any]:
    """Return the function that turns a plain value into a typed one; it raises WrongValue.

    >>> converter(Type("number", places=2))("1.5"), converter(Type("period", period="half"))("2026-H1").label
    (150, '2026H1')
    """
    makers: dict[str, Callable[[Type], Callable[[Any], Any]]] = {"number": _number, "code": _code, "period": _period}
    fixed: dict[str, Callable[[Any], Any]] = {"date": _day, "bool": _truth}
    inner = makers[kind.kind](kind) if kind.kind in makers else fixed.get(kind.kind, _word)
    if not kind.absent:
        return inner
    return lambda value: ABSENT if value is None or value == "" else inner(value)


def _number(kind: Type) -> Callable[[Any], int]:
    places, scale = kind.places or 0, ten(kind.places or 0)
    lo = None if kind.lo is None else exact(kind.lo.quantize(Decimal(1).scaleb(-places), "ROUND_FLOOR"), places)
    hi = None if kind.hi is None else exact(kind.hi.quantize(Decimal(1).scaleb(-places), "ROUND_CEILING"), places)

    def convert(value: Any) -> int:
        scaled: int = value * scale if type(value) is int else _scaled(value, places)
        if lo is not None and hi is not None and not lo <= scaled <= hi:
            raise WrongValue(f"超出 {kind.lo} 至 {kind.hi}", f"it is outside {kind.lo} to {kind.hi}")
        return scaled

    return convert


def _scaled(value: Any, places: int) -> int:
    """Return a decimal (or its text) as a scaled integer."""
    if isinstance(value, str):
        if not _PLAIN_NUMBER.fullmatch(value):
            if not value.isascii() or value != value.strip():
                raise WrongValue("含全角字符或空格", "it holds full-width characters or spaces")
            raise WrongValue("不是数字", "it is no number")
        value = Decimal(value)
    if isinstance(value, Decimal) and not value.is_finite():
        raise WrongValue("不是数字", "it is no number")
    if isinstance(value, Decimal) and value.adjusted() > DIGITS_MOST:
        raise WrongValue("数字过大", "it is too large")
    if not isinstance(value, Decimal):
        raise WrongValue("数字须为整数、Decimal 或文字", "a number comes as an integer, a Decimal or text")
    try:
        return exact(value, places)
    except ValueError:
        raise WrongValue(f"小数位超过 {places}", f"it has more than {places} decimal places") from None


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and _PLAIN_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise WrongValue("不是日期", "it is no date")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongValue("不是 true 或 false", "it is neither true nor false")


def _word(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise WrongValue("不是文字", "it is no text")


def _code(kind: Type) -> Callable[[Any], str]:
    codes = {code: code for code in kind.codes or ()}

    def convert(value: Any) -> str:
        found = codes.get(value) if isinstance(value, str) else None
        if found is None:
            known = ", ".join(codes)
            raise WrongValue(f"可选:{known}", f"it is none of {known}")
        return found

    return convert


def _period(kind: Type) -> Callable[[Any], Period]:
    def convert(value: Any) -> Period:
        try:
            period = Period.parse(value)
        except (ValueError, TypeError):
            raise WrongValue("不是期间", "it is no period") from None
        if period.unit != kind.period:
            raise WrongValue(f"应为 {kind.period}", f"it is no {kind.period}")
        return period

    return convert


def by_table(table: str, row: int | str, _: str | None) -> Place:
    """Return a place that names the table and the row's number, for facts that come from no file.

    >>> str(by_table("game", 3, "points"))
    'game:3:1'
    """
    return Place(table, row if isinstance(row, int) else 1, 1)


def read_facts(
    document: doc.Document, raw: RawFacts, found: list[Diagnostic], locate: Locate = by_table
) -> dict[str, TypedTable]:
    """Type every table the rulebook declares; tables and columns it does not name are not looked at.

    >>> from scoring.example import FACTS, league
    >>> tables = read_facts(league("{over: game, count: rows}").document, FACTS, [])
    >>> {name: len(table.ids) for name, table in tables.items()}
    {'team': 2, 'game': 3, 'worth': 2}
    """
    tables: dict[str, TypedTable] = {}
    for facts in document.facts.values():
        if facts.name not in raw:
            found.append(diagnostic("FACT_TABLE_MISSING", locate(facts.name, 1, None), table=facts.name))
            tables[facts.name] = TypedTable(facts.name, [], {name: [] for name, _ in facts.columns})
        else:
            tables[facts.name] = read_table(facts, raw[facts.name], found, locate)
    for constants in document.tables.values():
        tables[constants.name] = constant_table(constants)
    for facts in document.facts.values():
        _check_references(facts, tables, found, locate)
        if facts.unique:
            _check_unique(facts, tables[facts.name], found, locate)
    return tables


def read_table(
    facts: doc.Facts, rows: Sequence[Mapping[str, Any]], found: list[Diagnostic], locate: Locate = by_table
) -> TypedTable:
    """Type one table; a row with a wrong value is reported and left out.

    >>> from scoring.example import FACTS, league
    >>> table = read_table(league("{over: game, count: rows}").document.facts["game"], FACTS["game"], [])
    >>> table.ids, table.columns["points"]
    (['1', '2', '3'], [100, 205, 70])
    """
    if len(rows) > facts.most:
        words = {"table": facts.name, "count": len(rows), "most": facts.most}
        found.append(diagnostic("FACT_TOO_MANY", locate(facts.name, 1, None), **words))
        return TypedTable(facts.name, [], {name: [] for name, _ in facts.columns})
    key = facts.key or "id"
    typed = [(name, converter(kind), bool(kind.absent)) for name, kind in facts.columns]
    good: list[tuple[str, list[Any]]] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        row_id = row.get(key)
        if not isinstance(row_id, str) or not row_id:
            words = {"table": facts.name, "row": number, "column": key}
            found.append(diagnostic("FACT_KEY_MISSING", locate(facts.name, number, key), **words))
        elif row_id in seen:
            place = locate(facts.name, number, key)
            found.append(diagnostic("FACT_KEY_TWICE", place, table=facts.name, row=row_id))
        else:
            seen.add(row_id)
            try:
                good.append((row_id, [convert(row[name]) for name, convert, _ in typed]))
            except (WrongValue, KeyError):
                cells = _slow_row(facts, row, found, partial(locate, facts.name, number))
                if cells is not None:
                    good.append((row_id, cells))
    good.sort(key=_first)
    cells_by_row = [cells for _, cells in good]
    columns = list(map(list, zip(*cells_by_row, strict=True))) if good else [[] for _ in typed]
    names = [name for name, _ in facts.columns]
    return TypedTable(facts.name, [row_id for row_id, _ in good], dict(zip(names, columns, strict=True)))


def _first(item: tuple[str, Any]) -> str:
    return item[0]


def _slow_row(
    facts: doc.Facts, row: Mapping[str, Any], found: list[Diagnostic], place: Callable[[str], Place]
) -> list[Any] | None:
    """Type one row cell by cell, reporting each that is wrong; an optional column may be left out."""
    cells, before = [], len(found)
    for name, kind in facts.columns:
        words = {"table": facts.name, "row": row[facts.key or "id"], "column": name}
        value = row.get(name)
        if name not in row and not kind.absent:
            found.append(diagnostic("FACT_COLUMN_MISSING", place(name), **words))
            continue
        try:
            cells.append(converter(kind)(value))
        except WrongValue as wrong:
            cell = f"{value:f}" if isinstance(value, Decimal) else repr(value)
            words |= {"value": cell, "want": str(kind), "why_zh": wrong.zh, "why_en": wrong.en}
            found.append(diagnostic("FACT_VALUE_WRONG", place(name), **words))
    return cells if len(found) == before else None


def in_order(key: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what the rows of a table of constants are sorted by.

    >>> sorted([("a", "b/c"), ("a/b", "c"), ("a", "b")], key=in_order)
    [('a', 'b'), ('a', 'b/c'), ('a/b', 'c')]
    """
    return "/".join(key), key


def constant_table(constants: doc.Constants) -> TypedTable:
    """Return a table of constants like any other; the id of a row with two keys joins them.

    >>> from scoring.example import league
    >>> table = constant_table(league("{over: game, count: rows}").document.tables["worth"])
    >>> table.ids, table.columns["factor"]
    (['AWAY', 'HOME'], [15, 10])
    """
    rows = [("/".join(key), cells) for key, cells in sorted(constants.rows, key=lambda row: in_order(row[0]))]
    columns: dict[str, list[Any]] = {}
    for at, (name, kind) in enumerate(constants.columns):
        convert = converter(kind)
        columns[name] = [convert(cells[at]) for _, cells in rows]
    return TypedTable(constants.name, [row for row, _ in rows], columns)


def _check_references(
    facts: doc.Facts, tables: Mapping[str, TypedTable], found: list[Diagnostic], locate: Locate
) -> None:
    """Report references to rows that do not exist."""
    table = tables[facts.name]
    for name, kind in facts.columns:
        if kind.table is None:
            continue
        known = tables[kind.table].index
        for row_id, value in zip(table.ids, table.columns[name], strict=True):
            if value is not ABSENT and value not in known:
                words = {"table": facts.name, "row": row_id, "column": name, "value": value}
                found.append(diagnostic("FACT_REFERENCE_UNKNOWN", locate(facts.name, row_id, name), **words))


def _check_unique(facts: doc.Facts, table: TypedTable, found: list[Diagnostic], locate: Locate) -> None:
    """Report rows with the same unique columns; with `during`, rows whose intervals share a day."""
    groups: dict[tuple[Any, ...], list[tuple[date, date, str]]] = {}
    columns = [table.columns[name] for name in facts.unique]
    for at, row_id in enumerate(table.ids):
        start, end = interval(facts, table, at)
        groups.setdefault(tuple(column[at] for column in columns), []).append((start, end, row_id))
    for group in groups.values():
        group.sort()
        end, holder = group[0][1], group[0][2]
        for start, until, row_id in group[1:]:
            if start <= end and start <= until:
                words = {"table": facts.name, "row": row_id, "other": holder, "columns": ", ".join(facts.unique)}
                found.append(diagnostic("FACT_NOT_UNIQUE", locate(facts.name, row_id, facts.unique[0]), **words))
            if until > end:
                end, holder = until, row_id


def interval(facts: doc.Facts, table: TypedTable, at: int) -> tuple[date, date]:
    """Return the first and last day a row holds; an absent end is open, a table without intervals always holds.

    >>> from scoring.example import FACTS, league
    >>> facts = league("{over: game, count: rows}").document.facts["game"]
    >>> interval(facts, read_table(facts, FACTS["game"], []), 0)
    (datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
    """
    if facts.during is None:
        return date.min, date.max
    start, until = (table.columns[name][at] for name in facts.during)
    return (date.min if start is ABSENT else start), (date.max if until is ABSENT else until)


def plain_value(value: Any, kind: Type) -> Any:
    """Return a typed value as JSON can hold it, for hashing.

    >>> plain_value(150, Type("number", places=2)), plain_value(ABSENT, Type("date"))
    ('1.50', None)
    """
    if value is ABSENT:
        return None
    if kind.kind == "number":
        return text_of(value, kind.places or 0)
    if isinstance(value, date):
        return value.isoformat()
    return value.label if isinstance(value, Period) else value
