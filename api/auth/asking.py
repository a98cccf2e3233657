"""A short transaction of the program itself, for what has to be known or counted before there is a viewer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from api.database import Database

ASK_SECONDS: Final = 2
"""A statement about one caller takes a millisecond; beyond this the database is not there."""
_AS_PROGRAM: Final = (
    f"SELECT set_config('app.viewer', 'gate', true), set_config('statement_timeout', '{ASK_SECONDS}s', true)"
)


@asynccontextmanager
async def asking(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees accounts; counters it writes are kept at the end. Acts belong at a desk instead."""
    async with database.engine.connect() as connection:
        raw = await Database.driver(connection)
        async with raw.transaction():
            await raw.execute(_AS_PROGRAM, timeout=ASK_SECONDS)
            yield raw
