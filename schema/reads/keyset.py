"""Keyset pages: rows after a position, how many there are, whether any precede.

All parents of one level are served by one statement, one lateral sub-select each. Page 10,000 costs what page 1 costs,
because a position is compared with the order, never counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.moments import Moment
from schema.reads.orders import figured
from schema.reads.statement import Query, Statement, conjunction
from schema.reads.where import Given, Where, columns, conditions, filters, known
from schema.shapes import Column, Order, Page, Term

COUNTED_MAX = 10_000
"""Where `totalCount` stops counting."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the list: at most `first` rows behind the position `after`, in `order`, under the filter."""

    first: int
    order: Order
    after: tuple[object, ...] | None = None
    given: tuple[Given, ...] = ()


def term_text(term: Term, place: Where) -> str:
    """A sort key of the row."""
    return f"{place.row}.{term.name}" if isinstance(term, Column) else figured(term, place)


def order_text(order: Order, place: Where) -> str:
    """The ORDER BY list."""
    way = " DESC" if order.descending else ""
    return ", ".join(f"{term_text(term, place)}{way}" for term in order.terms)


def page(shape: Page, window: Window, keys: Sequence[object], at: Moment) -> Query:
    """One page for each key, one row more than asked to tell whether more follow; `sort_0` … are the sort keys."""
    place = Where(Statement(), at)
    behind = [] if window.after is None else [_beyond(window, place, "<" if window.order.descending else ">")]
    sorts = [f"{term_text(term, place)} AS sort_{index}" for index, term in enumerate(window.order.terms)]
    rows = (
        f"SELECT {', '.join([columns(shape.source, shape.columns, place), *sorts])} FROM {shape.source.table} t"
        f" {conjunction([*_terms(shape, window, place), *behind])}"
        f" ORDER BY {order_text(window.order, place)} LIMIT {place.out.parameter(window.first + 1, 'bigint')}"
    )
    if not shape.local:
        return place.out.query(rows)
    way = " DESC" if window.order.descending else ""
    sorted_by = ", ".join(f"p.sort_{index}{way}" for index in range(len(sorts)))
    return place.out.query(
        f"SELECT k.key, p.* FROM {_keys(keys, place)} CROSS JOIN LATERAL ({rows}) p", f"ORDER BY k.key, {sorted_by}"
    )


def total(shape: Page, window: Window, keys: Sequence[object], at: Moment) -> Query:
    """How many rows each list has, counting no further than COUNTED_MAX."""
    place = Where(Statement(), at)
    rows = (
        f"SELECT 1 FROM {shape.source.table} t {conjunction(_terms(shape, window, place))}"
        f" LIMIT {place.out.parameter(COUNTED_MAX, 'bigint')}"
    )
    return _per_key(shape, keys, place, f"(SELECT count(*) FROM ({rows}) counted)")


def preceded(shape: Page, window: Window, keys: Sequence[object], at: Moment) -> Query:
    """Whether rows stand before the first row behind the position."""
    place = Where(Statement(), at)
    before = _beyond(window, place, ">=" if window.order.descending else "<=")
    terms = conjunction([*_terms(shape, window, place), before])
    return _per_key(shape, keys, place, f"EXISTS (SELECT 1 FROM {shape.source.table} t {terms})")


def _per_key(shape: Page, keys: Sequence[object], place: Where, figure: str) -> Query:
    if not shape.local:
        return place.out.query(f"SELECT {figure} AS figure")
    return place.out.query(f"SELECT k.key, {figure} AS figure FROM {_keys(keys, place)}")


def _terms(shape: Page, window: Window, place: Where) -> list[str]:
    return [
        *([f"t.{shape.key.name} = k.key"] if shape.key else []),
        *known(shape.source, place),
        *conditions(shape.conditions, place),
        *filters(window.given, place),
    ]


def _beyond(window: Window, place: Where, comparison: str) -> str:
    assert window.after is not None, "only a window behind a position is compared with it"
    left = ", ".join(term_text(term, place) for term in window.order.terms)
    pairs = zip(window.order.terms, window.after, strict=True)
    right = ", ".join(place.out.parameter(value, term.sql.value) for term, value in pairs)
    return f"({left}) {comparison} ({right})"


def _keys(keys: Sequence[object], place: Where) -> str:
    return f"unnest({place.out.parameter(list(keys), 'uuid[]')}) AS k(key)"
