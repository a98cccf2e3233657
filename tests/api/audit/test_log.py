"""The log in the database: it only grows, keys can be erased, and every change made behind its back is found."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from api import clock
from api.audit import Verdict, verify
from api.audit.keys import erase
from api.database import Database
from api.desk import SYSTEM, Actor, desk
from tests.cluster import Place

CLERK = Actor("person:1", "李明", "BUREAU_ADMIN")


async def three_acts(database: Database, *holders: str | None) -> None:
    district = clock.new_id()
    async with desk(database, actor=SYSTEM) as d:
        insert = text("INSERT INTO district (id, code, name) VALUES (:id, '430302', '雨湖区')")
        await d.connection.execute(insert, {"id": district})
        await d.record("district.added", subject=str(district), payload={"code": "430302"})
    for number, holder in enumerate(holders or (None, None)):
        async with desk(database, actor=CLERK, district=district) as d:
            await d.record("person.changed", subject="person:9", payload={"number": number}, holder=holder)


async def verdict(database: Database) -> Verdict:
    async with database.reading_everything() as connection:
        return await verify(connection)


async def test_an_untouched_log_is_whole(fresh_database: Database) -> None:
    assert await verdict(fresh_database) == Verdict(0, 0, ())
    await three_acts(fresh_database)
    assert await verdict(fresh_database) == Verdict(3, 0, ())


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ("UPDATE audit_leaf SET action = 'x' WHERE seq = 1", ["1: its columns do not say what its data say"]),
        (
            "UPDATE audit_leaf SET data = data || ' '::bytea, leaf_hash = sha256('\\x00'::bytea || data || ' '::bytea)"
            " WHERE seq = 2",
            ["2: its columns do not say what its data say"],
        ),
        (
            "UPDATE audit_leaf SET recorded_at = recorded_at - interval '1 day' WHERE seq = 2",
            ["2: recorded at ", "2: its columns do not say what its data say"],
        ),
        (
            "UPDATE audit_leaf SET actor_hash = sha256('x') WHERE seq = 0",
            ["0: its columns do not say what its data say", "0: its actor is not the one that was hashed"],
        ),
        (
            "UPDATE audit_leaf SET subject_hash = sha256('x') WHERE seq = 0",
            ["0: its columns do not say what its data say", "0: its subject is not the one that was hashed"],
        ),
        (
            "UPDATE audit_leaf SET payload_hash = sha256('x') WHERE seq = 0",
            ["0: its columns do not say what its data say", "0: its payload is not the one that was hashed"],
        ),
        ("UPDATE audit_leaf SET district_id = NULL WHERE seq = 1", ["1: its district is not the one that was sealed"]),
        ("UPDATE audit_payload SET sealed = sealed || 'x'::bytea WHERE seq = 1", ["1: its payload was changed"]),
        (
            "UPDATE audit_payload p SET sealed = o.sealed, key_id = o.key_id FROM audit_payload o"
            " WHERE p.seq = 1 AND o.seq = 2",
            ["1: its payload was changed"],
        ),
        ("DELETE FROM audit_payload WHERE seq = 2", ["2: its payload is missing"]),
        (
            "DELETE FROM audit_payload WHERE seq = 1; DELETE FROM audit_leaf WHERE seq = 1",
            ["2: follows 0, there is a gap"],
        ),
        (
            "DELETE FROM audit_payload WHERE seq = 0; DELETE FROM audit_leaf WHERE seq = 0",
            ["1: follows -1, there is a gap"],
        ),
    ],
)
async def test_what_the_owner_changes_behind_its_back_is_found(
    fresh_database: Database, owner: AsyncConnection, statement: str, problems: list[str]
) -> None:
    await three_acts(fresh_database)
    for table in ("audit_leaf", "audit_payload"):
        await owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for part in statement.split("; "):
        await owner.execute(text(part))
    await owner.commit()
    found = (await verdict(fresh_database)).problems
    assert len(found) == len(problems)
    assert [each for each, start in zip(found, problems, strict=True) if not each.startswith(start)] == []


async def test_erasing_a_key_leaves_every_leaf_provable(fresh_database: Database, owner: AsyncConnection) -> None:
    await three_acts(fresh_database, "person:9", "person:9", None)
    raw = await Database.driver(owner)
    before = await raw.fetch("SELECT * FROM audit_leaf ORDER BY seq")
    assert await raw.fetchval("SELECT count(*) FROM erasable_key") == 3
    assert await erase(raw, "person:9", clock.now()) == 1
    assert await erase(raw, "person:9", clock.now()) == 0
    assert await erase(raw, "person:8", clock.now()) == 0
    assert await raw.fetch("SELECT * FROM audit_leaf ORDER BY seq") == before
    assert await verdict(fresh_database) == Verdict(4, 2, ())
    left = await raw.fetch("SELECT secret FROM erasable_key WHERE holder = 'person:9'")
    assert [row["secret"] for row in left] == [None]


@pytest.mark.parametrize("begun", [False, True])
async def test_an_owner_who_never_said_for_whom_erases_all_the_same(
    fresh_place: Place, fresh_database: Database, begun: bool
) -> None:
    await three_acts(fresh_database, "person:9")
    raw = await asyncpg.connect(fresh_place.owner_url)
    try:
        assert await raw.fetchval("SELECT count(*) FROM erasable_key") == 0, "its policies show it nothing"
        async with raw.transaction() if begun else nullcontext():
            assert await erase(raw, "person:9", clock.now()) == 1
        assert await raw.fetchval("SELECT count(*) FROM erasable_key") == 0, "and again nothing afterwards"
    finally:
        await raw.close()
    assert await verdict(fresh_database) == Verdict(2, 1, ())


async def test_the_application_role_erases_nothing(fresh_database: Database) -> None:
    await three_acts(fresh_database, "person:9")
    async with fresh_database.engine.connect() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await erase(await Database.driver(connection), "person:9", clock.now())
    assert await verdict(fresh_database) == Verdict(2, 0, ())


async def test_after_erasing_a_holder_gets_a_new_key(fresh_database: Database, owner: AsyncConnection) -> None:
    await three_acts(fresh_database, "person:9")
    raw = await Database.driver(owner)
    await erase(raw, "person:9", clock.now())
    async with desk(fresh_database, actor=CLERK) as d:
        await d.record("person.changed", holder="person:9")
    assert await raw.fetchval("SELECT count(*) FROM erasable_key WHERE holder = 'person:9'") == 2
    assert await verdict(fresh_database) == Verdict(3, 1, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET action = 'x'",
        "DELETE FROM audit_payload",
        "TRUNCATE audit_leaf, audit_payload",
        "DELETE FROM erasable_key",
        "TRUNCATE erasable_key CASCADE",
        "UPDATE erasable_key SET holder = 'x'",
        "UPDATE erasable_key SET secret = sha256('x')",
    ],
)
async def test_not_even_the_owner_changes_it_in_passing(
    fresh_database: Database, owner: AsyncConnection, statement: str
) -> None:
    await three_acts(fresh_database)
    with pytest.raises(DBAPIError) as refused:
        await owner.execute(text(statement))
    await owner.rollback()
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"
    assert await verdict(fresh_database) == Verdict(3, 0, ())


async def leaf_by_hand(raw: asyncpg.Connection, **changes: Any) -> None:
    last = dict(await raw.fetchrow("SELECT * FROM audit_leaf ORDER BY seq DESC LIMIT 1") or {})
    row = last | {"seq": last["seq"] + 1, "recorded_at": last["recorded_at"] + timedelta(seconds=1)} | changes
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await raw.execute(f"INSERT INTO audit_leaf ({', '.join(row)}) VALUES ({places})", *row.values())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seq": 4}, asyncpg.IntegrityConstraintViolationError),
        ({"seq": 2}, asyncpg.IntegrityConstraintViolationError),
        ({"leaf_hash": bytes(32)}, asyncpg.CheckViolationError),
        ({"actor_hash": b"short"}, asyncpg.CheckViolationError),
        ({"algorithm": "MD5"}, asyncpg.CheckViolationError),
    ],
)
async def test_the_database_itself_refuses_a_leaf_that_does_not_fit(
    fresh_database: Database, changes: dict[str, Any], error: type[Exception]
) -> None:
    await three_acts(fresh_database)
    async with fresh_database.engine.connect() as connection:
        raw = await Database.driver(connection)
        await raw.execute("SELECT set_config('app.viewer', 'person:1', false)")
        with pytest.raises(error):
            await leaf_by_hand(raw, **changes)
    assert await verdict(fresh_database) == Verdict(3, 0, ())


async def test_the_database_itself_refuses_a_leaf_of_the_past(fresh_database: Database) -> None:
    await three_acts(fresh_database)
    async with fresh_database.engine.connect() as connection:
        raw = await Database.driver(connection)
        await raw.execute("SELECT set_config('app.viewer', 'person:1', false)")
        last = await raw.fetchval("SELECT max(recorded_at) FROM audit_leaf")
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="not after"):
            await leaf_by_hand(raw, recorded_at=last)
    assert await verdict(fresh_database) == Verdict(3, 0, ())


async def test_a_float_in_a_payload_is_a_bug_and_nothing_is_written(fresh_database: Database) -> None:
    async def act() -> None:
        async with desk(fresh_database, actor=CLERK) as d:
            await d.record("act.done", payload={"share": 0.5})

    with pytest.raises(TypeError, match="float"):
        await act()
    assert await verdict(fresh_database) == Verdict(0, 0, ())
