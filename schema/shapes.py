"""What a field is over stored data, as frozen values that know neither GraphQL nor SQL text.

A type in `schema/types` declares each field with one of these; `schema/reads` renders them to SQL for every executor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, LargeBinary, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString

from schema.kinds import Kind, Sql
from schema.tables import METADATA

SQL_TYPES: tuple[tuple[type[TypeEngine[Any]], Sql], ...] = (
    (Uuid, Sql.UUID),
    (Boolean, Sql.BOOLEAN),
    (Integer, Sql.INTEGER),
    (Numeric, Sql.NUMERIC),
    (DateTime, Sql.INSTANT),
    (Date, Sql.DATE),
    (JSONB, Sql.JSON),
    (ARRAY, Sql.JSON),
    (LargeBinary, Sql.BYTES),
    (Text, Sql.TEXT),
    (AutoString, Sql.TEXT),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as reads need it."""

    table: str
    name: str
    sql: Sql
    nullable: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A table: is each row a version of a record, does it hold for days, does it belong to a district?"""

    table: str
    versioned: bool
    dated: bool
    scoped: bool


@cache
def column_of(attribute: Any) -> Column:
    """The column behind an attribute of a table class."""
    stored = attribute.property.columns[0]
    sql = next(sql for type_, sql in SQL_TYPES if isinstance(stored.type, type_))
    return Column(stored.table.name, stored.name, sql, bool(stored.nullable))


@cache
def key_of(table: str) -> Column:
    """The column by which a row is looked up: its id, or the number that is its primary key."""
    columns = METADATA.tables[table].columns
    if "id" in columns:
        return Column(table, "id", Sql.UUID, nullable=False)
    (number,) = (each for each in columns if each.primary_key)
    return Column(table, number.name, Sql.INTEGER, nullable=False)


@cache
def source_named(table: str) -> Source:
    """The table of this name."""
    columns = METADATA.tables[table].columns
    return Source(
        table,
        versioned="superseded_at" in columns,
        dated="valid_to" in columns,
        scoped="district_id" in columns,
    )


def source_of(noun: Any) -> Source:
    """The table of a noun."""
    return source_named(noun.__table__.name)


class Value(Enum):
    """A value known only when the field is read."""

    GIVEN = "what the caller gave"
    TODAY = "the day of the operation in Asia/Shanghai"


class Condition:
    """What must be true of a row; the small vocabulary that both executors render with the same function."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Equal(Condition):
    """The column has the value."""

    column: Column
    value: object = Value.GIVEN


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """One of the columns has one of the values; an empty list matches nothing."""

    columns: tuple[Column, ...]
    values: object = Value.GIVEN


@dataclass(frozen=True, slots=True)
class Before(Condition):
    """The day in the column is before the value."""

    column: Column
    value: object = Value.GIVEN


@dataclass(frozen=True, slots=True)
class Absent(Condition):
    """The column is null."""

    column: Column


@dataclass(frozen=True, slots=True)
class Within(Condition):
    """The day in the column is one of the days given, first and last included."""

    column: Column


@dataclass(frozen=True, slots=True)
class AtLeast(Condition):
    """The number in the column is not below the value."""

    column: Column


@dataclass(frozen=True, slots=True)
class Beginning(Condition):
    """The text in the column is one of the values, or begins with one that ends in a full stop."""

    column: Column


@dataclass(frozen=True, slots=True)
class OfCaller(Condition):
    """The column names the person who asks."""

    column: Column


@dataclass(frozen=True, slots=True)
class OfParent(Condition):
    """The column names the record whose list this is."""

    column: Column


@dataclass(frozen=True, slots=True)
class Containing(Condition):
    """One of the texts contains the value, case ignored."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class All(Condition):
    """All of these."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """Not this."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """This if the caller gave true, else the opposite."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Running(Condition):
    """The row holds at the moment, if the caller gave true."""

    source: Source


@dataclass(frozen=True, slots=True)
class InForce(Condition):
    """The row is in force on the day asked about, last day included, and was recorded by then."""

    first: Column
    last: Column
    recorded_at: Column


@dataclass(frozen=True, slots=True)
class Through(Condition):
    """Another table has a row that points here (`key` = own `local`), is known and holds at the moment, and more."""

    source: Source
    key: Column
    local: str
    conditions: tuple[Condition, ...] = ()
    whenever: bool = False
    """Rows count that hold on any day."""


@dataclass(frozen=True, slots=True)
class DuringCycle(Condition):
    """The day in the column lies in the cycle with the given id."""

    column: Column


@dataclass(frozen=True, slots=True)
class OfficialRun(Condition):
    """The row's run is the newest official one of its cycle; with a value, of that cycle only."""

    run_id: Column
    of_given_cycle: bool = False


@dataclass(frozen=True, slots=True)
class PartOfResult(Condition):
    """The result is of one compound and was rolled up into the parent result, in its run or in a run it took over."""


@dataclass(frozen=True, slots=True)
class SortFigure:
    """Sort key that is worked out for each row: a name in `schema/reads/orders.py`; it has a value for every row."""

    name: str
    sql: Sql


Term = Column | SortFigure


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: all terms in one direction; the last one is unique."""

    terms: tuple[Term, ...]
    descending: bool = False


class Shape:
    """What a field reads."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """The text of a column of the row. `kind` follows from the declared type when the schema is put together."""

    column: Column
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Personal(Shape):
    """The text of a personal column: masked or clear, as the viewer may read it of this row."""

    column: Column


@dataclass(frozen=True, slots=True)
class Label(Shape):
    """A column with texts by language, read with `lang`; a missing one falls back to ZH_CN."""

    column: Column


@dataclass(frozen=True, slots=True)
class Inside(Shape):
    """An object made of columns of the same row; null if a part that cannot be null is. A part may have no column."""

    parts: tuple[tuple[str, Column | None, Kind | None], ...]
    needed: tuple[str, ...] = ()
    """Columns of the parts that cannot be null; known when the schema is put together."""


@dataclass(frozen=True, slots=True)
class One(Shape):
    """A row whose `key` equals the own `local`: by id, the only one that holds at `asOf`, or the first in an order."""

    source: Source
    key: Column
    local: str
    conditions: tuple[Condition, ...] = ()
    order: Order | None = None
    dated: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Many(Shape):
    """All rows whose `key` equals the own `local`; bounded by nature."""

    source: Source
    key: Column
    local: str
    order: Order
    conditions: tuple[Condition, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Shape):
    """A keyset page of the rows whose `key` equals the own `local`; without key, of all rows of the district."""

    source: Source
    order: Order
    key: Column | None = None
    local: str = ""
    conditions: tuple[Condition, ...] = ()
    given: Mapping[str, Condition] = field(default_factory=dict, hash=False)
    """Condition of each argument."""
    orders: Mapping[str, Order] = field(default_factory=dict, hash=False)
    """Order of each value of `sort`."""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference(Shape):
    """The record that a column of the row names, as it is known now."""

    column: Column


@dataclass(frozen=True, slots=True)
class Via(Shape):
    """A column of the row that `first` leads to, or the record which that column names."""

    first: One
    column: Column


@dataclass(frozen=True, slots=True)
class After(Shape):
    """Plain Python over columns of the row and the day of the operation."""

    function: Callable[..., object]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a field with a statement of its own reads.

    `key` makes the key from the row and the arguments, null = nothing to read; `read` gets the keys of all parents at
    once; `finish` makes the value from what was read and the arguments. Fields with the same `read` share what is read.
    """

    read: Callable[..., Any]
    key: Callable[[Any, Mapping[str, Any]], Any]
    finish: Callable[[Any, Mapping[str, Any]], Any] | None = None


@dataclass(frozen=True, slots=True)
class Own(Shape):
    """A figure over columns of the row, with a statement of its own."""

    figure: Figure
    columns: tuple[Column, ...] = ()
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Keyed(Shape):
    """A root look-up by one of several keys, given as the only member of `by`."""

    keys: tuple[tuple[str, Column], ...]


@dataclass(frozen=True, slots=True)
class AnyNode(Shape):
    """A root look-up by global id; the type follows from the id."""
