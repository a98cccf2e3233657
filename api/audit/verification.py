"""Recompute everything of the log that can be recomputed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.audit.leaf import ALGORITHM, Leaf, salted, unseal

_ALL: Final = text("""
    SELECT l.*, p.sealed, k.secret, k.erased_at
    FROM audit_leaf l LEFT JOIN audit_payload p USING (seq) LEFT JOIN erasable_key k ON k.id = p.key_id
    ORDER BY l.seq
""")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: leaves, how many of their payloads were erased, and everything that is not as it was written."""

    size: int
    erased: int
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is missing or changed."""
        return not self.problems


async def verify(connection: AsyncConnection) -> Verdict:
    """Walk the whole log: numbers without gap, time running forward, every hash, every payload that was not erased."""
    size, erased = 0, 0
    last: datetime | None = None
    problems: list[str] = []
    async with connection.stream(_ALL) as rows:
        async for row in rows.mappings():
            if row["seq"] != size:
                problems.append(f"{row['seq']}: follows {size - 1}, there is a gap")
            if last is not None and row["recorded_at"] <= last:
                problems.append(f"{row['seq']}: recorded at {row['recorded_at']}, not after {last}")
            problems.extend(f"{row['seq']}: {each}" for each in _wrong_with(row))
            erased += row["erased_at"] is not None
            size, last = row["seq"] + 1, row["recorded_at"]
    return Verdict(size, erased, tuple(problems))


def _wrong_with(row: Any) -> Iterator[str]:
    names = ("seq", "recorded_at", "occurred_at", "action", "actor_hash", "subject_hash", "payload_hash")
    leaf = Leaf(*(row[name] for name in names))
    if row["algorithm"] != ALGORITHM:
        yield f"hashed by {row['algorithm']}, which is not known"
    if row["data"] != leaf.data:
        yield "its columns do not say what its data say"
    if row["leaf_hash"] != hashlib.sha256(b"\x00" + row["data"]).digest():
        yield "its hash is not that of its data"
    if row["sealed"] is None:
        yield "its payload is missing"
    elif row["secret"] is not None:
        yield from _wrong_inside(row)
    elif row["erased_at"] is None:
        yield "its key is missing"


def _wrong_inside(row: Any) -> Iterator[str]:
    try:
        salt, payload = unseal(row["secret"], row["seq"], row["sealed"])
    except InvalidTag:
        yield "its payload was changed"
        return
    said = json.loads(payload)
    if hashlib.sha256(salt + payload).digest() != row["payload_hash"]:
        yield "its payload is not the one that was hashed"
    if salted(salt, "actor", said["actor"]["ref"]) != row["actor_hash"]:
        yield "its actor is not the one that was hashed"
    if salted(salt, "subject", said["subject"] or "") != row["subject_hash"]:
        yield "its subject is not the one that was hashed"
    if said["district"] != (str(row["district_id"]) if row["district_id"] else None):
        yield "its district is not the one that was sealed"
