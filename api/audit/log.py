"""The log's lock, its head, and appending to it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from api.audit.keys import key_for
from api.audit.leaf import ALGORITHM, NONCE_BYTES, SALT_BYTES, Act, leaf_of, seal

LOCK: Final = 7_305_002
"""Advisory lock of the log, to the end of the transaction; the database's own trigger takes the same."""
STEP: Final = timedelta(microseconds=1)
"""Instants of the log differ by at least this: it is the database's own resolution."""

_LEAF = """
    INSERT INTO audit_leaf (seq, district_id, recorded_at, occurred_at, action, actor_hash, subject_hash, payload_hash,
        data, leaf_hash, algorithm)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_PAYLOAD = "INSERT INTO audit_payload (seq, key_id, sealed) VALUES ($1, $2, $3)"


@dataclass(slots=True)
class Head:
    """The end of the log while its lock is held: the next number, and the first instant it may be recorded at."""

    seq: int
    not_before: datetime


async def take(connection: asyncpg.Connection, now: datetime) -> Head:
    """Wait for the log's lock, keep it to the end of the transaction, and return the head.

    `not_before` is `now`, or later where the log already holds a later instant (a clock set back).
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    last = await connection.fetchrow("SELECT seq, recorded_at FROM audit_leaf ORDER BY seq DESC LIMIT 1")
    return Head(last["seq"] + 1, max(now, last["recorded_at"] + STEP)) if last else Head(0, now)


async def append(connection: asyncpg.Connection, head: Head, act: Act, holder: str | None = None) -> int:
    """Write the act as the next leaf, move the head on, and return the leaf's number.

    `holder` names the person (`person:<id>`) whose data the payload holds: that person's key then encrypts it.
    """
    key = await key_for(connection, holder, head.not_before)
    salt = secrets.token_bytes(SALT_BYTES)
    leaf = leaf_of(act, head.seq, head.not_before, salt)
    await connection.execute(
        _LEAF,
        *(leaf.seq, act.district, leaf.recorded_at, leaf.occurred_at, leaf.action),
        *(leaf.actor_hash, leaf.subject_hash, leaf.payload_hash, leaf.data, leaf.leaf_hash, ALGORITHM),
    )
    sealed = seal(key.secret, leaf.seq, salt + act.payload(), secrets.token_bytes(NONCE_BYTES))
    await connection.execute(_PAYLOAD, leaf.seq, key.id, sealed)
    head.seq, head.not_before = leaf.seq + 1, leaf.recorded_at + STEP
    return leaf.seq
