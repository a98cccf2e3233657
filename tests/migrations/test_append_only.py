"""What is known is never overwritten: the database itself refuses, table by table."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database import Database
from api.resting import known_tables
from tests.api.actions.test_import_workbook import everything, take
from tests.api.actions.test_score_period import district
from tests.workbooks import workbook

TABLES = [str(table.name) for table in known_tables()]


async def refused(connection: AsyncConnection, statement: str) -> bool:
    """Whether the database refuses a statement; nothing of it is kept either way."""
    savepoint = await connection.begin_nested()
    try:
        await connection.execute(text(statement))
    except DBAPIError:
        return True
    finally:
        await savepoint.rollback()
    return False


async def test_nobody_overwrites_deletes_or_truncates_not_even_the_owner(
    fresh_database: Database, owner: AsyncConnection
) -> None:
    await take(fresh_database, workbook(district()))
    before = await everything(fresh_database)
    filled = [name for name in TABLES if before[name]]
    assert len(filled) >= 15
    for name in filled:
        assert await refused(owner, f"UPDATE {name} SET version = version + 1"), name
        assert await refused(owner, f"UPDATE {name} SET recorded_at = recorded_at - interval '1 day'"), name
        assert await refused(owner, f"DELETE FROM {name}"), name
        assert await refused(owner, f"TRUNCATE {name} CASCADE"), name
    assert await everything(fresh_database) == before


async def test_every_known_table_has_its_guards(owner: AsyncConnection) -> None:
    found = await owner.execute(
        text(
            "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname LIKE 'keep_knowledge%' AND t.tgenabled = 'O' GROUP BY 1"
        )
    )
    assert {row[0]: row[1] for row in found} == dict.fromkeys(TABLES, 2)


@pytest.mark.parametrize("table", TABLES)
async def test_the_application_may_not_delete(fresh_database: Database, table: str) -> None:
    async with fresh_database.engine.connect() as connection:
        assert await refused(connection, f"DELETE FROM {table}")
