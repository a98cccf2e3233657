"""Many rows at once into a table guarded by row-level security, which COPY cannot write to."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

import asyncpg

ROWS_AT_ONCE: Final = 200
"""Rows of one message: enough for its cost not to count, few enough for the server to begin while more are written."""
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_TYPES: Final = """
    SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"""


async def add_rows(
    connection: asyncpg.Connection,
    table: str,
    *,
    columns: Sequence[str],
    records: Iterable[Sequence[Any]],
    same: Mapping[str, Any] = NOTHING,
) -> None:
    """Add the records, each with these columns, and in each the `same` values: all of them or none."""
    types = {row["attname"]: row["type"] for row in await connection.fetch(_TYPES, table)}
    names, tail = (*columns, *same), tuple(same.values())
    marks = [f"${place}::{types[name]}" for place, name in enumerate(names, 1)]
    given, fixed = marks[: len(columns)], marks[len(columns) :]
    into = f"INSERT INTO {table} ({', '.join(names)})"
    if any(types[name].endswith("[]") for name in columns):
        # A list of lists would be taken apart to its last element, so rows that hold lists go one by one.
        rows = ((*record, *tail) for record in records)
        await connection.executemany(f"{into} VALUES ({', '.join(marks)})", rows)
        return
    lists = ", ".join(f"{each}[]" for each in given)
    chosen = ", ".join(("row.*", *fixed))
    chunks = ((*zip(*chunk, strict=True), *tail) for chunk in _chunks(records))
    await connection.executemany(f"{into} SELECT {chosen} FROM unnest({lists}) AS row", chunks)


def _chunks(records: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    waiting = iter(records)
    while chunk := list(islice(waiting, ROWS_AT_ONCE)):
        yield chunk


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the search for circular garbage until afterwards: the rows of a workbook are many and form no circles.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
