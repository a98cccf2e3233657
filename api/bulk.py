"""Many rows at once into a table guarded by row-level security, which COPY cannot write to."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg


async def add_rows(
    connection: asyncpg.Connection, table: str, *, columns: Sequence[str], records: Iterable[Sequence[Any]]
) -> None:
    """Add the records, each with these columns: copied beside the table first, then inserted under its policies."""
    names = ", ".join(columns)
    await connection.execute(f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
    await connection.copy_records_to_table("incoming", columns=list(columns), records=records)
    await connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
    await connection.execute("DROP TABLE incoming")
