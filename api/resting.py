"""What rests on a record: the question asked before something known is taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import Table

from schema.tables import METADATA


@dataclass(frozen=True, slots=True)
class Rest:
    """How many known rows of a table point at records in question, with one of them as an example."""

    table: str
    column: str
    rows: int
    example: str


def known_tables() -> list[Table]:
    """Tables whose rows are versions of records, referred-to ones last."""
    return [table for table in reversed(METADATA.sorted_tables) if "superseded_at" in table.c]


def references() -> Iterator[tuple[Table, str]]:
    """Every column of a known table that refers to a record, except the record's own id."""
    for table in known_tables():
        for column in table.c:
            if column.name != "id" and any(key.column.table.name == "record" for key in column.foreign_keys):
                yield table, column.name


async def resting_on(connection: asyncpg.Connection, record_ids: Sequence[UUID]) -> list[Rest]:
    """Known rows that refer to these records and are not themselves rows of these records."""
    found = []
    for table, column in references():
        row = await connection.fetchrow(
            f"SELECT count(*) AS rows, min(r.key) AS example FROM {table.name} t JOIN record r USING (id)"
            f" WHERE t.superseded_at = 'infinity' AND t.{column} = ANY($1) AND NOT t.id = ANY($1)",
            list(record_ids),
        )
        if row is not None and row["rows"]:
            found.append(Rest(table.name, column, row["rows"], row["example"]))
    return found
