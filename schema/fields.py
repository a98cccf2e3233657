"""Declaring functions: one line in a type says what a field is, what it means and what it reads.

    name: str = column(tables.Company.name, "Registered name.")
    standing: Standing = fact(tables.Standing.company_id, "Market standing; exactly one at any instant.")

The annotation says type and null-ness, the shape says where the value comes from. `schema/link.py` compares the two
before anything is served; `schema/answers.py` reads them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import strawberry
from strawberry.types.field import UNRESOLVED, StrawberryField

from schema.arguments import AFTER, AS_OF, FIRST, LANG, Argument
from schema.directives import PAGED, PERSONAL, bounded
from schema.kinds import Kind, Sql
from schema.scopes import MASKED
from schema.shapes import (
    After,
    AnyNode,
    Column,
    Condition,
    Figure,
    Inside,
    Keyed,
    Label,
    Many,
    One,
    Order,
    Own,
    Page,
    Personal,
    Reference,
    Scalar,
    Shape,
    SortFigure,
    Source,
    Term,
    Via,
    column_of,
    source_named,
    source_of,
)


class Row:
    """An instance of a stored type is the row it was read from."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row


def instance(type_: Any, row: Mapping[str, Any]) -> Any:
    """A row as an instance of its type."""
    return type_(row)


@dataclass(frozen=True, slots=True)
class Stored:
    """A type over stored rows: its class, its table, the tag of its ids, who may look a row up by id."""

    type: Any
    source: Source
    tag: str
    visible: tuple[Condition, ...]


TYPES: dict[str, Stored] = {}
"""Stored types by GraphQL name."""


Answer = Callable[[Any, Any, Mapping[str, Any]], Any]
"""The value for a source row, a reader and the arguments, or a future of it."""


class StoredField(StrawberryField):
    """A field that is answered from its shape by the reader in the context."""

    shape: Shape
    answer: Answer | None = None

    def __copy__(self) -> "StoredField":
        field = super().__copy__()
        field.shape, field.answer = self.shape, self.answer
        return field

    def resolve_type(self, *, type_definition: Any = None) -> Any:
        """The declared type; unknown until the field is linked, because it may stand in a module not yet read."""
        return UNRESOLVED if self.answer is None else super().resolve_type(type_definition=type_definition)

    @property
    def is_basic_field(self) -> bool:
        """Never: a basic field would get no context."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The value, or a future of it."""
        assert self.answer is not None, "a field is linked before it is served"
        return self.answer(source, info.context.reader, kwargs)


def stored_fields(owner: Any) -> Iterator[StoredField]:
    """The fields of a type that are answered from a shape."""
    for field in owner.__strawberry_definition__.fields:
        if isinstance(field, StoredField):
            yield field


@cache
def columns_of(stored: Stored) -> tuple[str, ...]:
    """The columns that the fields of a type read from its own row; no others are ever selected."""
    used = {name: None for field in stored_fields(stored.type) for name in _own_columns(field.shape)}
    return tuple(used)


def _own_columns(shape: Shape) -> Iterator[str]:
    match shape:
        case Scalar(column) | Label(column) | Reference(column):
            yield column.name
        case Personal(column):
            yield from (column.name, "id")
        case Inside(parts):
            yield from (column.name for _, column, _ in parts if column)
        case One(local=local) | Many(local=local) | Page(local=local) if local:
            yield local
        case Via(first):
            yield first.local
        case After(columns=columns) | Own(columns=columns):
            yield from (column.name for column in columns)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a field beside its shape: arguments, directives, a name that Python cannot use."""

    arguments: tuple[Argument, ...] = ()
    marks: tuple[object, ...] = ()
    name: str | None = None


NOTHING = Said()


def declare(shape: Shape, description: str, said: Said = NOTHING) -> Any:
    """A field of this shape."""
    field = StoredField(description=description, graphql_name=said.name, directives=said.marks)
    field.init = field.repr = field.compare = False
    field.arguments = [each.declared() for each in said.arguments]
    field.shape = shape
    return field


def stored(noun: Any, tag: str, description: str, *, marks: Sequence[object] = (), visible: Any = ()) -> Any:
    """Make a class the type of a table's rows; types without global id have an empty tag."""

    def wrap(cls: Any) -> Any:
        cls.__init__ = Row.__init__
        type_ = strawberry.type(cls, description=description, directives=marks)
        assert cls.__name__ not in TYPES, f"{cls.__name__} is declared once"
        assert not tag or all(tag != each.tag for each in TYPES.values()), f"the tag {tag} belongs to one type"
        TYPES[cls.__name__] = Stored(type_, source_of(noun), tag, tuple(visible))
        return type_

    return wrap


def column(
    stored_in: Any,
    description: str,
    *,
    marks: tuple[object, ...] = (),
    kind: Kind | None = None,
    name: str | None = None,
) -> Any:
    """A column of the row; `kind` only where the types do not tell it (rates in fen)."""
    return declare(Scalar(column_of(stored_in), kind), description, Said(marks=marks, name=name))


def personal(stored_in: Any, description: str) -> Any:
    """A personal column, masked unless the viewer may read it of this row; `schema/scopes.py` says who may."""
    found = column_of(stored_in)
    assert found.name in MASKED.get(found.table, {}), f"{found.table}.{found.name} has no masked twin"
    return declare(Personal(found), description, Said(marks=(PERSONAL,)))


def identity(noun: Any) -> Any:
    """The global id."""
    return declare(Scalar(column_of(noun.id)), "Global id.")


def version(noun: Any) -> Any:
    """The version of a record changed under optimistic locking."""
    return declare(Scalar(column_of(noun.version)), "Version for `expectedVersion`; grows by one with each change.")


def label(stored_in: Any, description: str) -> Any:
    """Texts by language."""
    return declare(Label(column_of(stored_in)), description, Said((LANG,)))


@dataclass(frozen=True, slots=True)
class LastDay:
    """A column with the last day included, where an object wants the end that is excluded."""

    stored_in: Any


def inside(description: str, **parts: Any) -> Any:
    """An object made of columns of the same row; a part without column is null. Null if a needed part is."""
    return declare(Inside(tuple((name, *_part(each)) for name, each in parts.items())), description)


def _part(stored_in: Any) -> tuple[Column | None, Kind | None]:
    if isinstance(stored_in, LastDay):
        return column_of(stored_in.stored_in), Kind.DAY_AFTER
    return (None if stored_in is None else column_of(stored_in)), None


def interval(noun: Any, description: str = "When.") -> Any:
    """The interval of a dated, versioned row."""
    return inside(
        description,
        from_=noun.valid_from,
        to=noun.valid_to,
        recorded_at=noun.recorded_at,
        superseded_at=noun.superseded_at,
    )


def one(local: Any, description: str) -> Any:
    """The record that a column names; the annotation says of which type."""
    return declare(Reference(column_of(local)), description)


def held(key: Any, *conditions: Condition) -> One:
    """The row that points here by `key` and holds at the moment, the latest if there are several."""
    found = column_of(key)
    source = source_named(found.table)
    terms = [Column(found.table, "id", Sql.UUID, nullable=False)]
    if source.dated:
        terms.insert(0, Column(found.table, "valid_from", Sql.DATE, nullable=False))
    return One(source, found, "id", conditions, Order(tuple(terms), descending=True), dated=source.dated)


def fact(key: Any, description: str, *conditions: Condition) -> Any:
    """The row that points here by `key` and holds at `asOf`."""
    return declare(held(key, *conditions), description, Said((AS_OF,)))


def newest(key: Any, *terms: Any) -> One:
    """The last row in this order that points here by `key`, the first step of `via`."""
    found = column_of(key)
    return One(source_named(found.table), found, "id", order=descending(*terms))


def via(first: One, then: Any, description: str, said: Said = NOTHING) -> Any:
    """A column of the row that `first` leads to, or the record which that column names."""
    return declare(Via(first, column_of(then)), description, said)


def many(key: Any, description: str, assumed: int, order: Order, where: Sequence[Condition] = ()) -> Any:
    """All rows that point here by `key`, in order; few by nature."""
    found = column_of(key)
    shape = Many(source_named(found.table), found, "id", order, tuple(where))
    return declare(shape, description, Said(marks=(bounded(assumed),)))


def named(local: Any, noun: Any, description: str, said: Said = NOTHING) -> Any:
    """The record of `noun` that a column names as a list, empty where it names none."""
    key = column_of(noun.id)
    return declare(Many(source_of(noun), key, column_of(local).name, ascending(noun.id)), description, said)


def ascending(*terms: Any) -> Order:
    """An order by these columns, ties by the last, which is unique."""
    return Order(tuple(map(_term, terms)))


def _term(stored_in: Any) -> Term:
    return stored_in if isinstance(stored_in, SortFigure) else column_of(stored_in)


def descending(*terms: Any) -> Order:
    """The same from the other end."""
    return Order(tuple(map(_term, terms)), descending=True)


def page(
    key: Any,
    description: str,
    order: Order | Mapping[str, Order],
    *,
    where: Sequence[Condition] = (),
    said: Said = NOTHING,
) -> Any:
    """A keyset page of the rows that point here by `key`.

    `key` may be the class of a table: then all rows of the district. Several orders are chosen from by `sort`.
    """
    orders = order if isinstance(order, Mapping) else {"": order}
    rooted = isinstance(key, type)
    found = None if rooted else column_of(key)
    shape = Page(
        source_of(key) if found is None else source_named(found.table),
        next(iter(orders.values())),
        found,
        "id" if found else "",
        tuple(where),
        {each.name: each.condition for each in said.arguments if each.condition},
        orders,
    )
    return declare(shape, description, Said((FIRST, AFTER, *said.arguments), (PAGED, *said.marks)))


def tied(noun: Any, description: str, order: Order, condition: Condition, said: Said = NOTHING) -> Any:
    """A keyset page of the rows of `noun` that a condition ties to this row."""
    given = {each.name: each.condition for each in said.arguments if each.condition}
    shape = Page(source_of(noun), order, None, "id", (condition,), given, {"": order})
    return declare(shape, description, Said((FIRST, AFTER, *said.arguments), (PAGED, *said.marks)))


def after(
    function: Callable[..., object],
    description: str,
    *columns: Any,
    marks: tuple[object, ...] = (),
    said: Said = NOTHING,
) -> Any:
    """Plain Python over columns of the row; the day of the operation comes last."""
    told = Said(said.arguments, (*said.marks, *marks), said.name)
    return declare(After(function, tuple(map(column_of, columns))), description, told)


def only_text(stored_in: Any, description: str) -> Any:
    """A text known in one language only: the same whatever `lang` asks for."""
    return after(lambda text, _today: text, description, stored_in, said=Said((LANG,)))


def own_id(row: Mapping[str, Any], _arguments: object) -> object:
    """The key of a figure of a record."""
    return row["id"]


def own(figure: Figure, description: str, *columns: Any, said: Said = NOTHING) -> Any:
    """A figure with a statement of its own, over columns of the row."""
    shape = Own(figure, tuple(map(column_of, columns)), dated=AS_OF in said.arguments)
    return declare(shape, description, said)


def keyed(description: str, by: object, marks: tuple[object, ...], **keys: Any) -> Any:
    """A root look-up: the record whose key is the one member given in `by`."""
    shape = Keyed(tuple((name, column_of(each)) for name, each in keys.items()))
    return declare(shape, description, Said((Argument("by", by, "Key."),), marks))


def node(description: str, marks: tuple[object, ...]) -> Any:
    """A root look-up by global id."""
    return declare(AnyNode(), description, Said((Argument("id", strawberry.ID, "Global id."),), marks))
