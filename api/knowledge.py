"""Write what is known from one moment on: identities, first versions, next versions, closings.

One `Knowledge` serves one act. Rows of new records go in as they are; rows of records seen before are compared with
what is known and only differences become versions, so the same content twice changes nothing. Nothing is ever
overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table
from sqlmodel import SQLModel

from api import clock
from api.bulk import add_rows
from schema.tables.base import MASKED_TWINS, Known

BOOKKEEPING = frozenset(Known.model_fields) - {"id"} | MASKED_TWINS
"""Columns that say how a row is known, not what it says, and those the database makes itself."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class Changes:
    """How many records of one noun an act added, changed, left alone and closed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0

    def __iadd__(self, other: "Changes") -> "Changes":
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self

    def any(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed or self.closed)


def table_of(noun: type[SQLModel]) -> Table:
    """The table a noun is stored in."""
    table: Table = noun.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    return table


@dataclass(slots=True)
class Knowledge:
    """What one act adds to what a district knows, all of it at one moment."""

    connection: asyncpg.Connection
    moment: datetime
    district_id: UUID
    batch_id: UUID | None = None
    made: set[UUID] = field(default_factory=set)
    changes: dict[str, Changes] = field(default_factory=dict)

    async def identities(self, noun: str, keys: Iterable[str], *, everywhere: bool = False) -> dict[str, UUID]:
        """Ids of the records with these business keys; those not met before are created now.

        `everywhere`: the key is unique over all districts (companies).
        """
        wanted = list(dict.fromkeys(keys))
        district = None if everywhere else self.district_id
        found: dict[str, UUID] = {}
        if await self.connection.fetchval(
            "SELECT EXISTS (SELECT 1 FROM record WHERE district_id IS NOT DISTINCT FROM $1 AND noun = $2)",
            *(district, noun),
        ):
            rows = await self.connection.fetch(
                "SELECT key, id FROM record WHERE district_id IS NOT DISTINCT FROM $1 AND noun = $2 AND key = ANY($3)",
                *(district, noun, wanted),
            )
            found = {row["key"]: row["id"] for row in rows}
        missing = [key for key in wanted if key not in found]
        if missing:
            fresh = dict(zip(missing, clock.new_ids(len(missing)), strict=True))
            await add_rows(
                self.connection,
                "record",
                columns=("key", "id"),
                records=fresh.items(),
                same={"district_id": district, "noun": noun},
            )
            self.made.update(fresh.values())
            found |= fresh
        return found

    async def put(
        self,
        noun: type[Known],
        columns: Sequence[str],
        rows: Sequence[Row],
        *,
        derived: frozenset[str] = frozenset(),
    ) -> Changes:
        """State that these rows are what is known of their records.

        `rows` are (id, *columns). A column of the table that is not named keeps its stored value. `derived` columns are
        written but a difference in them alone is no change.
        """
        table = table_of(noun)
        fresh = [row for row in rows if row[0] in self.made]
        seen = [row for row in rows if row[0] not in self.made]
        changes = Changes(added=len(fresh))
        # What is closed or shortened makes room first: a successor's interval may begin where it now ends.
        if seen:
            changes += await self._revise(table, columns, seen, derived)
        if fresh:
            await self._add(table, columns, fresh)
        self.changes.setdefault(str(table.name), Changes()).__iadd__(changes)
        return changes

    async def close(self, table: str, ids: Sequence[UUID]) -> None:
        """State that nothing is known of these records any longer."""
        closed = await self.connection.fetchval(
            f"WITH gone AS (UPDATE {table} SET superseded_at = $2, superseded_by = $3"
            " WHERE id = ANY($1) AND superseded_at = 'infinity' RETURNING 1) SELECT count(*) FROM gone",
            *(list(ids), self.moment, self.batch_id),
        )
        self.changes.setdefault(table, Changes()).closed += closed

    async def _add(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
        same: dict[str, Any] = {"version": 1, "batch_id": self.batch_id, "recorded_at": self.moment}
        if "district_id" in table.c:
            same["district_id"] = self.district_id
        await add_rows(self.connection, table.name, columns=("id", *columns), records=rows, same=same)

    async def _revise(
        self, table: Table, columns: Sequence[str], rows: Sequence[Row], derived: frozenset[str]
    ) -> Changes:
        names = ("id", *columns)
        await self.connection.execute(f"CREATE TEMP TABLE stage ON COMMIT DROP AS TABLE {table.name} WITH NO DATA")
        await self.connection.copy_records_to_table("stage", columns=names, records=rows)
        compared = [name for name in columns if name not in derived]
        tally = await self.connection.fetchrow(_supersede(table.name, compared), self.moment, self.batch_id)
        await self.connection.execute(_next_versions(table, columns), self.moment, self.batch_id, self.district_id)
        await self.connection.execute("DROP TABLE stage")
        assert tally is not None, "a count always comes back"
        known, changed = tally["known"], tally["changed"]
        return Changes(added=len(rows) - known, changed=changed, unchanged=known - changed)


def _supersede(table: str, compared: Sequence[str]) -> str:
    """Close the known rows that the stage says otherwise."""
    now, then = (", ".join(f"{alias}.{name}" for name in compared) for alias in "ts")
    return f"""
        WITH known AS (
            SELECT t.id, ROW({now}) IS DISTINCT FROM ROW({then}) AS differs
            FROM {table} t JOIN stage s USING (id) WHERE t.superseded_at = 'infinity'
        ), closed AS (
            UPDATE {table} t SET superseded_at = $1, superseded_by = $2
            FROM known WHERE known.id = t.id AND known.differs AND t.superseded_at = 'infinity' RETURNING 1
        )
        SELECT (SELECT count(*) FROM known) AS known, (SELECT count(*) FROM closed) AS changed"""


def _next_versions(table: Table, columns: Sequence[str]) -> str:
    """Add a version for each staged record of which nothing is known now; columns not staged keep their last value."""
    given = set(columns)
    kept = [each.name for each in table.c if each.name not in BOOKKEEPING | given | {"id", "district_id"}]
    scoped = ["district_id"] if "district_id" in table.c else []
    names = ["id", *columns, *kept, *scoped, "version", "batch_id", "recorded_at"]
    values = [
        *(f"s.{name}" for name in ("id", *columns)),
        *(f"last.{name}" for name in kept),
        *("$3::uuid" for _ in scoped),
        "coalesce(last.version, 0) + 1",
        "$2::uuid",
        "$1::timestamptz",
    ]
    return f"""
        INSERT INTO {table.name} ({", ".join(names)})
        SELECT {", ".join(values)}
        FROM stage s
        LEFT JOIN LATERAL (SELECT * FROM {table.name} t WHERE t.id = s.id ORDER BY version DESC LIMIT 1) last ON true
        WHERE NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.id = s.id AND t.superseded_at = 'infinity')
          AND ($3::uuid IS NOT NULL)"""


def as_counts(changes: Mapping[str, Changes]) -> dict[str, dict[str, int]]:
    """The changes as plain numbers, for a report or a log entry.

    >>> as_counts({"area": Changes(added=2)})
    {'area': {'added': 2, 'changed': 0, 'unchanged': 0, 'closed': 0}}
    """
    return {noun: {each.name: getattr(count, each.name) for each in fields(count)} for noun, count in changes.items()}


async def undo(knowledge: Knowledge, table: Table, batch_id: UUID) -> Changes:
    """Close the rows an import added to a table, and add again, as new versions, those it had closed.

    What comes back belongs to the import that had stated it, so that import can be undone in its turn.
    """
    columns = [each.name for each in table.c if each.name not in BOOKKEEPING]
    closed = await knowledge.connection.fetchval(
        f"WITH gone AS (UPDATE {table.name} SET superseded_at = $1"
        " WHERE batch_id = $2 AND superseded_at = 'infinity' RETURNING 1) SELECT count(*) FROM gone",
        *(knowledge.moment, batch_id),
    )
    added = await knowledge.connection.fetchval(
        f"""
        WITH back AS (
            INSERT INTO {table.name} ({", ".join(columns)}, batch_id, version, recorded_at)
            SELECT {", ".join(f"former.{name}" for name in columns)}, former.batch_id,
                (SELECT max(version) + 1 FROM {table.name} each WHERE each.id = former.id), $1
            FROM {table.name} former WHERE former.superseded_by = $2 RETURNING 1
        ) SELECT count(*) FROM back""",
        *(knowledge.moment, batch_id),
    )
    return Changes(added=added, closed=closed)
