"""How each shape is answered: from the row in hand, or by a batched read.

`schema/link.py` gives every field the function made here for its completed shape. A function takes the source (a row,
or nothing at the root), the reader of the operation and the arguments.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from schema import ids, scopes
from schema.arguments import Lang, conditions, digest, given, moment, page_size
from schema.connections import Slice
from schema.cursors import list_key, open_, seal
from schema.fields import TYPES, Answer, Stored, columns_of
from schema.kinds import Kind, Sql, json_value, key_text, key_value, write
from schema.loaders import Found, Keys, Reader, Turn
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads import keyset, rows
from schema.reads.keyset import Window
from schema.shapes import (
    After,
    Column,
    Inside,
    Keyed,
    Label,
    Many,
    One,
    Order,
    Own,
    Page,
    Personal,
    Scalar,
    key_of,
    source_named,
)

SERIAL_MAX = 2**63 - 1
"""The largest number that a row can have for a key."""

Arguments = Mapping[str, Any]
Make = Callable[[Any], Any]


def scalar(shape: Scalar, tag: str) -> Answer:
    """The text of a column of the row."""
    name, kind = shape.column.name, shape.kind
    assert kind is not None, "a linked scalar has a kind"
    if kind is Kind.ID:
        return lambda source, _reader, _arguments: ids.encode(tag, source.row[name])
    return lambda source, _reader, _arguments: write(kind, source.row[name])


def personal(shape: Personal) -> Answer:
    """A personal text; what is clear for a stated purpose alone is noted."""
    name = shape.column.name

    def answer(source: Any, reader: Reader, _arguments: Arguments) -> Any:
        value = source.row[name]
        if value is not None and scopes.unmasked_by_purpose(reader.viewer):
            reader.unmasked.add(source.row["id"])
        return value

    return answer


def said_in(texts: Any, lang: Lang | None) -> str:
    """The text in a language; a missing one falls back to ZH_CN.

    >>> said_in({"ZH_CN": "考评办法", "EN": "Assessment rules"}, Lang.ZH_TW)
    '考评办法'
    """
    spoken: Mapping[str, str] = json_value(texts)
    return spoken.get((lang or Lang.ZH_CN).value) or spoken["ZH_CN"]


def label(shape: Label) -> Answer:
    """A text in the language asked for."""
    name = shape.column.name
    return lambda source, _reader, arguments: said_in(source.row[name], arguments.get("lang"))


def inside(shape: Inside, object_type: Any) -> Answer:
    """An object of columns of the row."""

    def answer(source: Any, _reader: Reader, _arguments: Arguments) -> Any:
        row = source.row
        if any(row[name] is None for name in shape.needed):
            return None
        return object_type(
            **{name: write(kind, row[column.name]) if column and kind else None for name, column, kind in shape.parts}
        )

    return answer


def after(shape: After) -> Answer:
    """A Python function of columns of the row."""
    names = tuple(column.name for column in shape.columns)
    return lambda source, reader, _arguments: shape.function(*(source.row[name] for name in names), reader.at.today)


def one(shape: One, make: Make, *, required: bool = False) -> Answer:
    """A row found by key; `required`: an answer to `asOf` that has none is the caller's mistake, not a null."""
    sought = replace(shape, local="")

    def answer(source: Any, reader: Reader, arguments: Arguments) -> Any:
        key = source.row[shape.local]
        as_of = arguments.get("as_of")
        at = moment(reader.at, as_of)
        if key is None:
            return None
        if required and given(as_of):
            return reader.load((sought, make, at, "required"), partial(_read_required, sought, make, at), key)
        return load_one(reader, sought, make, key, at)

    return answer


def load_one(reader: Reader, shape: One, make: Make, key: object, at: Moment) -> Any:
    """A future of the row with this key; equal look-ups of one operation are read once."""
    return reader.load((shape, make, at), partial(_read_one, shape, make, at), key)


async def _read_one(shape: One, make: Make, at: Moment, turn: Turn, keys: Keys) -> Found:
    return {row["key"]: make(row) for row in await turn.fetch(rows.one(shape, keys, at))}


async def _read_required(shape: One, make: Make, at: Moment, turn: Turn, keys: Keys) -> Found:
    found = await _read_one(shape, make, at, turn, keys)
    return {key: found.get(key) or _nothing_then() for key in keys}


def _nothing_then() -> BadInput:
    return BadInput(
        "asOf 所问的时刻没有记录，请换一个时刻。", "Nothing is recorded for the moment in asOf; ask for another."
    )


def many(shape: Many, make: Make) -> Answer:
    """All rows of a key."""

    async def read(at: Moment, turn: Turn, keys: Keys) -> Found:
        found: dict[Any, list[Any]] = {key: [] for key in keys}
        for row in await turn.fetch(rows.many(shape, keys, at)):
            found[row["key"]].append(make(row))
        return found

    return lambda source, reader, _arguments: reader.load(
        (shape, make), partial(read, reader.at), source.row[shape.local]
    )


def via(first: One, column: Column, then: tuple[One, Make] | Kind) -> Answer:
    """A column of the row that `first` leads to, or the record it names."""

    async def read(at: Moment, turn: Turn, keys: Keys) -> Found:
        steps = {row["key"]: row[column.name] for row in await turn.fetch(rows.one(first, keys, at))}
        if isinstance(then, Kind):
            return {key: write(then, value) for key, value in steps.items()}
        wanted = list({value for value in steps.values() if value is not None})
        found = await _read_one(*then, at, turn, wanted) if wanted else {}
        return {key: found.get(value) for key, value in steps.items()}

    def answer(source: Any, reader: Reader, arguments: Arguments) -> Any:
        at = moment(reader.at, arguments.get("as_of"))
        return reader.load((first, column, at), partial(read, at), source.row[first.local])

    return answer


def own(shape: Own) -> Answer:
    """A figure with its own statement."""
    figure = shape.figure

    def answer(source: Any, reader: Reader, arguments: Arguments) -> Any:
        key = figure.key(source.row if source else None, arguments)
        if key is None:
            return None
        at = moment(reader.at, arguments.get("as_of")) if shape.dated else reader.at
        found = reader.load((figure.read, at), partial(figure.read, at), key)
        return found if figure.finish is None else _finished(found, figure.finish, arguments)

    return answer


async def _finished(found: Awaitable[Any], finish: Callable[[Any, Arguments], Any], arguments: Arguments) -> Any:
    return finish(await found, arguments)


def keyed(shape: Keyed, stored: Stored) -> Answer:
    """A record by one of its keys; unknown, of another type and not visible are all null."""

    def answer(_source: Any, reader: Reader, arguments: Arguments) -> Any:
        by = arguments["by"]
        name, column = next((name, column) for name, column in shape.keys if given(getattr(by, name)))
        value: object = getattr(by, name)
        if column.sql is Sql.UUID:
            sought = ids.decode(str(value))
            if sought.tag != stored.tag:
                return None
            value = sought.uuid
        return look_up(reader, stored, column, value)

    return answer


def look_up(reader: Reader, stored: Stored, column: Column, value: object) -> Any:
    """A future of the visible record whose column has this value."""
    reader.asked.add(column.table)
    shape = One(source_named(column.table), column, "", stored.visible, columns=columns_of(stored))
    return load_one(reader, shape, stored.type, value, reader.at)


def any_node() -> Answer:
    """A record of any type by its global id."""
    by_tag = {stored.tag: stored for stored in TYPES.values() if stored.tag}

    def answer(_source: Any, reader: Reader, arguments: Arguments) -> Any:
        tag, uuid = ids.decode(arguments["id"])
        if tag not in by_tag:
            return None
        stored = by_tag[tag]
        key = key_of(stored.source.table)
        if key.sql is Sql.UUID:
            return look_up(reader, stored, key, uuid)
        return look_up(reader, stored, key, uuid.int) if uuid.int <= SERIAL_MAX else None

    return answer


def page(shape: Page, make: Make, connection: Any, place: str) -> Answer:
    """A connection; `place` is Type.field, to which its cursors are bound."""

    def answer(source: Any, reader: Reader, arguments: Arguments) -> Any:
        reader.asked.add(shape.source.table)
        asked = conditions(shape.given, arguments)
        as_of = arguments.get("as_of")
        sort = arguments["sort"].value if "sort" in arguments else ""
        order = shape.orders[sort]
        key = list_key(reader.cursor_secret, f"{place}|{sort}|{digest(arguments)}|{reader.scope}")
        first, cursor = page_size(arguments["first"]), arguments.get("after")
        window = Window(first, order, _position(order, key, cursor) if given(cursor) else None, asked)
        parent = source.row[shape.local] if shape.local else None
        return connection(StoredPages(reader, shape, make, window, moment(reader.at, as_of), key, parent))

    return answer


def _position(order: Order, key: bytes, cursor: Any) -> tuple[object, ...]:
    texts = open_(key, cursor, len(order.terms))
    return tuple(key_value(term.sql, text) for term, text in zip(order.terms, texts, strict=True))


@dataclass(frozen=True, slots=True)
class StoredPages:
    """One list of stored rows; lists of the same field and window share their statements."""

    reader: Reader
    shape: Page
    make: Make
    window: Window
    at: Moment
    key: bytes
    parent: object

    def slice(self) -> Any:
        """The rows asked for, as a future."""
        return self._load("slice", self._slices)

    def total(self) -> Any:
        """How many rows match, as a future."""
        return self._load("total", partial(self._figures, keyset.total))

    async def preceded(self) -> bool:
        """Whether rows stand before; nothing is read without a position."""
        if self.window.after is None:
            return False
        return bool(await self._load("preceded", partial(self._figures, keyset.preceded)))

    def _load(self, what: str, reading: Any) -> Any:
        return self.reader.load((what, self.shape, self.make, self.window, self.at), reading, self.parent)

    async def _figures(self, render: Any, turn: Turn, keys: Keys) -> Found:
        found = await turn.fetch(render(self.shape, self.window, keys, self.at))
        return {row.get("key"): row["figure"] for row in found}

    async def _slices(self, turn: Turn, keys: Keys) -> Found:
        lists: dict[Any, list[Any]] = {key: [] for key in keys}
        for row in await turn.fetch(keyset.page(self.shape, self.window, keys, self.at)):
            lists[row.get("key")].append(row)
        return {key: self._slice(found) for key, found in lists.items()}

    def _slice(self, found: list[Any]) -> Slice:
        shown, count = found[: self.window.first], len(self.window.order.terms)

        def cursor(index: int) -> str:
            return seal(self.key, [key_text(shown[index][f"sort_{term}"]) for term in range(count)])

        return Slice([self.make(row) for row in shown], cursor, len(found) > self.window.first)
