"""Put declarations together before anything is served: what the annotation says and what the column is must agree.

A contradiction (a nullable column under a non-null field, an instant over a text column, a relation to another table)
stops the process with the name of the field.
"""

import dataclasses
import sys
import types
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin

import strawberry
from strawberry.annotation import StrawberryAnnotation

from schema import answers
from schema.connections import Connection, connection_of
from schema.fields import TYPES, Answer, Stored, StoredField, columns_of, stored_fields
from schema.kinds import Kind, Sql
from schema.scalars import PeriodLabel, Sha256
from schema.shapes import (
    After,
    AnyNode,
    Column,
    Inside,
    Keyed,
    Label,
    Many,
    One,
    Own,
    Page,
    Personal,
    Reference,
    Scalar,
    Shape,
    Via,
    key_of,
    source_named,
)

KINDS: dict[tuple[Sql, Any], Kind] = {
    (Sql.UUID, strawberry.ID): Kind.ID,
    (Sql.INTEGER, int): Kind.INT,
    (Sql.BOOLEAN, bool): Kind.BOOL,
    (Sql.TEXT, str): Kind.TEXT,
    (Sql.TEXT, PeriodLabel): Kind.TEXT,
    (Sql.TEXT, Sha256): Kind.TEXT,
    (Sql.TEXT, Enum): Kind.CODE,
    (Sql.NUMERIC, Decimal): Kind.DECIMAL,
    (Sql.INTEGER, Decimal): Kind.MONEY,
    (Sql.NUMERIC, float): Kind.COORDINATE,
    (Sql.DATE, date): Kind.DATE,
    (Sql.DATE, datetime): Kind.DAY_START,
    (Sql.INSTANT, datetime): Kind.INSTANT,
}
"""The kind of a scalar: column type and declared type. Integers behind a Decimal are fen."""


class Contradiction(TypeError):  # noqa: N818 - a name for what is wrong
    """A declaration and the table it names do not agree; the text names the field."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What an annotation says: the type, whether null is allowed, and how many."""

    type: Any
    nullable: bool
    many: bool
    paged: bool


def link(roots: Any) -> None:
    """Complete every stored field of the stored types and of the root type, once."""
    owners = [*((stored.type, stored) for stored in TYPES.values()), (roots, None)]
    for owner, stored in owners:
        for field in stored_fields(owner):
            if field.answer is None:
                Linker(owner, stored, field).link()


def said(annotation: Any) -> Said:
    """Take an annotation apart.

    >>> said(list[int] | None)
    Said(type=<class 'int'>, nullable=True, many=True, paged=False)
    """
    nullable = False
    if get_origin(annotation) in (Union, types.UnionType):
        members = [each for each in get_args(annotation) if each is not type(None)]
        nullable = len(members) < len(get_args(annotation))
        assert len(members) == 1, "only null stands beside a type"
        annotation = members[0]
    origin = get_origin(annotation)
    if origin in (list, Connection):
        return Said(get_args(annotation)[0], nullable, origin is list, origin is Connection)
    return Said(annotation, nullable, many=False, paged=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Linker:
    """One field being linked."""

    owner: Any
    stored: Stored | None
    field: StoredField

    def link(self) -> None:
        """Find the answer of the field; connections also get their served type."""
        found = said(self._annotation())
        if found.paged:
            self.field.type_annotation = StrawberryAnnotation(connection_of(found.type))
        self.field.answer = self._answer(self.field.shape, found)

    def _annotation(self) -> Any:
        assert self.field.type_annotation is not None, "every field is annotated"
        raw = self.field.type_annotation.raw_annotation
        if not isinstance(raw, str):
            return raw
        origin = self.field.origin
        module = sys.modules[origin.__module__] if isinstance(origin, type) else sys.modules[self.owner.__module__]
        names = {**vars(module), **{name: stored.type for name, stored in TYPES.items()}}
        self.field.type_annotation = StrawberryAnnotation(raw, namespace=names)
        return self.field.type_annotation.evaluate()

    def _answer(self, shape: Shape, found: Said) -> Answer:  # noqa: PLR0911 - one line for each shape
        match shape:
            case Scalar():
                return answers.scalar(self._scalar(shape, found), self.stored.tag if self.stored else "")
            case Personal(column):
                self._known_null(column, found)
                return answers.personal(shape)
            case Label():
                self._agree(shape.column.sql is Sql.JSON and found.type is str, "a label is JSON of languages")
                return answers.label(shape)
            case Inside():
                return answers.inside(self._inside(shape, found), found.type)
            case Reference(column):
                self._known_null(column, found)
                target = self._target(found)
                return answers.one(self._by_id(column, target), target.type)
            case One():
                target = self._target(found, shape.source.table)
                linked = dataclasses.replace(shape, columns=columns_of(target))
                return answers.one(linked, target.type, required=not found.nullable)
            case Many():
                target = self._target(found, shape.source.table)
                return answers.many(dataclasses.replace(shape, columns=columns_of(target)), target.type)
            case Page():
                return self._page(shape, found)
            case Via():
                return self._via(shape, found)
            case _:
                return self._root(shape, found)

    def _root(self, shape: Shape, found: Said) -> Answer:
        match shape:
            case After():
                return answers.after(shape)
            case Own():
                return answers.own(shape)
            case Keyed():
                target = self._target(found, shape.keys[0][1].table)
                return answers.keyed(shape, target)
            case AnyNode():
                return answers.any_node()
        raise self._contradiction("has a shape that nobody reads")

    def _scalar(self, shape: Scalar, found: Said) -> Scalar:
        self._known_null(shape.column, found)
        return dataclasses.replace(shape, kind=shape.kind or self._kind(shape.column, found.type))

    def _inside(self, shape: Inside, found: Said) -> Inside:
        parts = {field.python_name: said(field.type_annotation.evaluate()) for field in _fields(found.type)}
        linked: list[tuple[str, Column | None, Kind | None]] = []
        needed = []
        for name, column, kind in shape.parts:
            part = parts[name]
            if column is None:
                self._agree(part.nullable, f"{name} has no column and is not nullable")
                linked.append((name, None, None))
            else:
                self._agree(part.nullable or not column.nullable or found.nullable, f"{name} may be null")
                linked.append((name, column, kind or self._kind(column, part.type)))
                needed.extend([] if part.nullable else [column.name])
        self._agree(set(parts) == {name for name, _, _ in linked}, "does not give every part")
        return Inside(tuple(linked), tuple(needed))

    def _page(self, shape: Page, found: Said) -> Answer:
        self._agree(found.paged and not found.nullable, "a page is a non-null connection")
        target = self._target(found, shape.source.table)
        for order in shape.orders.values():
            terms = [term for term in order.terms if isinstance(term, Column)]
            self._agree(not any(term.nullable for term in terms), "orders by a column that may be null")
            self._agree(bool(terms) and _unique(terms[-1]), "does not order ties by a unique column")
        linked = dataclasses.replace(shape, columns=columns_of(target))
        place = f"{self.owner.__strawberry_definition__.name}.{self.field.python_name}"
        return answers.page(linked, target.type, connection_of(target.type), place)

    def _via(self, shape: Via, found: Said) -> Answer:
        first = dataclasses.replace(shape.first, columns=(shape.column.name,))
        if shape.column.sql is not Sql.UUID:
            return answers.via(first, shape.column, self._kind(shape.column, found.type))
        target = self._target(found)
        return answers.via(first, shape.column, (self._by_id(shape.column, target), target.type))

    def _by_id(self, column: Column, target: Stored) -> One:
        key = Column(target.source.table, "id", Sql.UUID, nullable=False)
        return One(source_named(target.source.table), key, column.name, columns=columns_of(target))

    def _target(self, found: Said, table: str | None = None) -> Stored:
        target = TYPES.get(getattr(found.type, "__name__", ""))
        if target is None:
            raise self._contradiction("leads to a type that is not stored")
        self._agree(table in (None, target.source.table), f"reads {table} as {target.source.table}")
        return target

    def _kind(self, column: Column, declared: Any) -> Kind:
        key = Enum if isinstance(declared, type) and issubclass(declared, Enum) else declared
        kind = KINDS.get((column.sql, key))
        if kind is None:
            raise self._contradiction(f"declares {declared} over {column.table}.{column.name}, which is {column.sql}")
        return kind

    def _known_null(self, column: Column, found: Said) -> None:
        self._agree(found.nullable or not column.nullable, f"{column.table}.{column.name} may be null")

    def _agree(self, agrees: bool, otherwise: str) -> None:
        if not agrees:
            raise self._contradiction(otherwise)

    def _contradiction(self, what: str) -> Contradiction:
        return Contradiction(f"{self.owner.__name__}.{self.field.python_name}: {what}")


def _unique(column: Column) -> bool:
    """Whether no two rows of a list have the same value."""
    return column.sql is Sql.UUID or column.name == key_of(column.table).name


def _fields(object_type: Any) -> Any:
    return object_type.__strawberry_definition__.fields
