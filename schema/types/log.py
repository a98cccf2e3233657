"""The audit log as it is read; who reads it is written into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import strawberry
from strawberry.types import Info

from schema import ids, tables
from schema.arguments import DateRange, where
from schema.codes import shown
from schema.context import Context, Opened
from schema.directives import Role, access
from schema.fields import TYPES, column, declare, stored
from schema.loaders import Found, Keys, Turn
from schema.scalars import Sha256
from schema.shapes import After, AtLeast, Beginning, Within, column_of
from schema.types.actors import Actor
from schema.types.callers import record
from schema.types.node import Node

LEAF = tables.AuditLeaf
TAG = "Au"
READERS = access("AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN")
SUBJECTS: Mapping[str, str] = {"cycle.scored": "ScoreRun"}
"""Types of the records that entries are about, by type of entry; others are about what no type shows."""
BUREAU = {"SYSTEM": "BUREAU_ADMIN"}
"""The program itself acts for the bureau."""


def log_id(seq: int, _today: date) -> str:
    """The global id of an entry.

    >>> ids.decode(log_id(7, date.min)).uuid.int
    7
    """
    return ids.encode(TAG, UUID(int=seq))


def digest(found: bytes, _today: date) -> str:
    """A hash as the API writes it.

    >>> digest(b"\\x00\\xff", date.min)
    'sha256:00ff'
    """
    return f"sha256:{found.hex()}"


@strawberry.input(description="Log entries wanted.")
class AuditFilter:
    """Conditions on entries of the log."""

    actions: list[str] | None = where(
        Beginning(column_of(LEAF.action)), "Types; a trailing dot takes the group, e.g. `decision.`."
    )
    recorded: DateRange | None = where(Within(column_of(LEAF.recorded_at)), "Recorded in.")
    from_seq: int | None = where(AtLeast(column_of(LEAF.seq)), "From this sequence on.")


@stored(LEAF, TAG, "Log entry; append only (审计日志).", marks=[READERS])
class AuditEntry(Node):
    """An entry; what it says beyond its hashes is opened for the caller, and that it was is written down."""

    id: strawberry.ID = declare(After(log_id, (column_of(LEAF.seq),)), "Global id.")
    seq: int = column(LEAF.seq, "Sequence from 0, no gap.")
    recorded_at: datetime = column(LEAF.recorded_at, "Recorded.")
    occurred_at: datetime = column(LEAF.occurred_at, "When the fact holds.")
    action: str = column(LEAF.action, "Type, e.g. decision.approved.")
    leaf_hash: Sha256 = declare(After(digest, (column_of(LEAF.leaf_hash),)), "RFC 6962 leaf hash.")

    @shown("Who.")
    async def actor(self, info: Info[Context, None]) -> Actor:
        """As of that moment."""
        said = await self._opened(info)
        return Actor(name=said.name, role=Role(BUREAU.get(said.role, said.role)), organisation=said.organisation)

    @shown("Record concerned.")
    async def subject_id(self, info: Info[Context, None]) -> strawberry.ID | None:
        """Null where no type shows it."""
        said = await self._opened(info)
        type_name = SUBJECTS.get(self.row["action"])  # type: ignore[attr-defined]  # a `Row`
        if said.subject is None or type_name is None:
            return None
        return strawberry.ID(ids.encode(TYPES[type_name].tag, UUID(said.subject)))

    @shown("Record, if visible.")
    async def subject(self, info: Info[Context, None]) -> Node | None:
        """Null where the caller does not see it."""
        said = await self._opened(info)
        type_name = SUBJECTS.get(self.row["action"])  # type: ignore[attr-defined]  # a `Row`
        if said.subject is None or type_name is None:
            return None
        found: Node | None = await record(info, type_name, UUID(said.subject))
        return found

    @shown("Reason.")
    async def reason(self, info: Info[Context, None]) -> str | None:
        """As it was given."""
        return (await self._opened(info)).reason

    async def _opened(self, info: Info[Context, None]) -> Opened:
        """What the entry says; all entries of an answer are opened at once."""
        journal = info.context.journal
        assert journal is not None, "who serves this can open the log"

        async def read(_turn: Turn, keys: Keys) -> Found:
            return await journal(keys)

        found: Opened = await info.context.reader.load("journal", read, self.row["seq"])  # type: ignore[attr-defined]  # a `Row`
        return found
