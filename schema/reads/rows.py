"""Rows of many parents in one statement: by key, first in an order, or all."""

from collections.abc import Sequence

from schema.moments import Moment
from schema.reads.keyset import order_text
from schema.reads.statement import Query, Statement, conjunction
from schema.reads.where import Where, columns, conditions, holds, known
from schema.shapes import Many, One


def one(shape: One, keys: Sequence[object], at: Moment) -> Query:
    """At most one row for each key, with the key itself as `key`."""
    place = Where(Statement(), at)
    key = f"t.{shape.key.name}"
    order = order_text(shape.order, place) if shape.order else ""
    return place.out.query(
        f"SELECT {f'DISTINCT ON ({key}) ' if order else ''}{key} AS key, {columns(shape.source, shape.columns, place)}",
        f"FROM {shape.source.table} t",
        conjunction(_terms(shape, keys, place)),
        f"ORDER BY {key}, {order}" if order else "",
    )


def many(shape: Many, keys: Sequence[object], at: Moment) -> Query:
    """All rows for each key, in order, with the key itself as `key`."""
    place = Where(Statement(), at)
    key = f"t.{shape.key.name}"
    return place.out.query(
        f"SELECT {key} AS key, {columns(shape.source, shape.columns, place)}",
        f"FROM {shape.source.table} t",
        conjunction(_terms(shape, keys, place)),
        f"ORDER BY {key}, {order_text(shape.order, place)}",
    )


def _terms(shape: One | Many, keys: Sequence[object], place: Where) -> list[str]:
    return [
        f"t.{shape.key.name} = ANY({place.out.parameter(list(keys), f'{shape.key.sql.value}[]')})",
        *known(shape.source, place),
        *(holds(shape.source, place) if isinstance(shape, One) and shape.dated else []),
        *conditions(shape.conditions, place),
    ]
