"""Keys that can be erased: after that nobody reads what they encrypted, and the log's proofs still hold."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from api import clock
from api.audit.leaf import KEY_BYTES

_SAY_FOR_WHOM = (
    "SELECT set_config('app.viewer', coalesce(nullif(current_setting('app.viewer', true), ''), 'owner'), true)"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the log."""

    id: UUID
    secret: bytes


async def key_for(connection: asyncpg.Connection, holder: str | None, moment: datetime) -> Key:
    """The living key of a holder (`person:<id>`), made if there is none; without a holder, a key for one entry alone.

    The log's lock must be held.
    """
    if holder is not None:
        found = await connection.fetchrow(
            "SELECT id, secret FROM erasable_key WHERE holder = $1 AND secret IS NOT NULL", holder
        )
        if found:
            return Key(found["id"], found["secret"])
    made = Key(clock.new_id(), secrets.token_bytes(KEY_BYTES))
    await connection.execute(
        "INSERT INTO erasable_key (id, holder, secret, created_at) VALUES ($1, $2, $3, $4)",
        *(made.id, holder, made.secret, moment),
    )
    return made


async def erase(connection: asyncpg.Connection, holder: str, moment: datetime) -> int:
    """Erase a holder's key for ever; returns how many keys went (0 or 1). The application role may not."""
    async with connection.transaction():
        # Its policy shows the owner no row either until it is said for whom the work is done: nothing would be erased.
        await connection.execute(_SAY_FOR_WHOM)
        done: str = await connection.execute(
            "UPDATE erasable_key SET secret = NULL, erased_at = $2 WHERE holder = $1 AND secret IS NOT NULL",
            *(holder, moment),
        )
    return int(done.removeprefix("UPDATE "))
