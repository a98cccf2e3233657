"""One piece of work is kept whole, with its entry in the log, or not at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import api.desk
from api import clock
from api.audit import Verdict, verify
from api.database import Database
from api.desk import SYSTEM, Actor, desk
from api.refusals import Code, Obstacle, Refused
from schema.tables import District
from schema.viewer import Viewer
from tests.cluster import Place, run_sql

CLERK = Actor("person:1", "李明", "BUREAU_ADMIN", "雨湖区房管局")


async def counts(database: Database) -> dict[str, int]:
    async with database.reading_everything() as connection:
        found = await connection.execute(
            text(
                "SELECT (SELECT count(*) FROM district) AS districts, (SELECT count(*) FROM audit_leaf) AS leaves,"
                " (SELECT count(*) FROM audit_payload) AS payloads, (SELECT count(*) FROM erasable_key) AS keys"
            )
        )
        return dict(found.mappings().one())


def district_row(code: str = "430302") -> dict[str, object]:
    return {"id": clock.new_id(), "code": code, "name": "雨湖区"}


INSERT = text("INSERT INTO district (id, code, name) VALUES (:id, :code, :name)")
NOTHING = {"districts": 0, "leaves": 0, "payloads": 0, "keys": 0}


async def test_rows_and_entry_are_kept_together(fresh_database: Database) -> None:
    async with desk(fresh_database, actor=CLERK) as d:
        await d.connection.execute(INSERT, district_row())
        seq = await d.record("district.added", subject="430302", payload={"area": Decimal("1.50")})
        moment = d.moment
    assert seq == 0
    assert await counts(fresh_database) == {"districts": 1, "leaves": 1, "payloads": 1, "keys": 1}
    async with fresh_database.reading_everything() as connection:
        leaf = (await connection.execute(text("SELECT * FROM audit_leaf"))).mappings().one()
        assert (leaf["action"], leaf["recorded_at"], leaf["occurred_at"]) == ("district.added", moment, moment)
        assert (await verify(connection)).whole


async def test_writes_without_an_entry_are_a_bug_and_not_kept(fresh_database: Database) -> None:
    with pytest.raises(AssertionError, match="wrote 1 rows and recorded nothing"):
        async with desk(fresh_database, actor=CLERK) as d:
            await d.connection.execute(INSERT, district_row())
    assert await counts(fresh_database) == NOTHING


async def test_copied_rows_without_an_entry_are_found_too(fresh_database: Database) -> None:
    rows = [tuple(district_row(f"4303{n:02}").values()) for n in range(7)]

    async def act() -> None:
        async with desk(fresh_database, actor=CLERK) as d:
            driver = await d.driver()
            await driver.copy_records_to_table("district", columns=["id", "code", "name"], records=rows)

    with pytest.raises(AssertionError, match="wrote 7 rows and recorded nothing"):
        await act()
    assert await counts(fresh_database) == NOTHING


async def test_an_act_that_finds_nothing_to_do_leaves_nothing(fresh_database: Database) -> None:
    async with desk(fresh_database, actor=CLERK) as d:
        locked = await d.connection.execute(text("SELECT id FROM district FOR UPDATE"))
        assert locked.all() == []
    assert await counts(fresh_database) == NOTHING


async def test_rows_of_the_act_before_are_not_taken_for_this_ones(fresh_place: Place) -> None:
    one = Database(fresh_place.app_url, pool_size=1)
    for number in range(3):
        async with desk(one, actor=CLERK) as d:
            await d.connection.execute(INSERT, district_row(f"43030{number}"))
            await d.record("district.added")
        async with desk(one, actor=CLERK) as d:
            pass
    assert await counts(one) == {"districts": 3, "leaves": 3, "payloads": 3, "keys": 3}
    await one.close()


async def test_an_exception_takes_everything_back(fresh_database: Database) -> None:
    async def act() -> None:
        async with desk(fresh_database, actor=CLERK) as d:
            await d.connection.execute(INSERT, district_row())
            await d.record("district.added", subject="430302")
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        await act()
    assert await counts(fresh_database) == NOTHING
    async with desk(fresh_database, actor=CLERK) as d:
        assert await d.record("act.done") == 0


async def test_the_session_may_not_commit(fresh_database: Database) -> None:
    async def act() -> None:
        async with desk(fresh_database, actor=CLERK) as d:
            await d.session.execute(INSERT, district_row())
            await d.record("district.added")
            await d.session.commit()

    with pytest.raises(AssertionError, match="never commits"):
        await act()
    assert await counts(fresh_database) == NOTHING


async def test_the_session_writes_in_the_same_transaction(fresh_database: Database) -> None:
    async with desk(fresh_database, actor=CLERK) as d:
        d.session.add(District(id=clock.new_id(), code="430302", name="雨湖区"))
        await d.record("district.added")
    assert (await counts(fresh_database))["districts"] == 1


async def test_the_viewer_is_set_for_the_act_alone(fresh_place: Place) -> None:
    one = Database(fresh_place.app_url, pool_size=1)
    viewer = text("SELECT current_setting('app.viewer', true)")
    async with desk(one, actor=CLERK) as d:
        assert (await d.connection.execute(viewer)).scalar_one() == "person:1"
    async with one.engine.connect() as connection:
        assert (await connection.execute(viewer)).scalar_one() in {None, ""}
    account = UUID(int=2)
    async with one.reading(Viewer(UUID(int=1), account_id=account)) as connection:
        assert (await connection.execute(viewer)).scalar_one() == str(account)
    await one.close()


async def test_moments_rise_though_the_clock_goes_back(fresh_database: Database) -> None:
    noon = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
    with clock.frozen(noon):
        async with desk(fresh_database, actor=CLERK) as d:
            assert d.moment == noon
            for _ in range(3):
                await d.record("act.done")
    with clock.frozen(noon - timedelta(days=1)):
        async with desk(fresh_database, actor=CLERK) as d:
            assert d.moment == noon + timedelta(microseconds=3)
            await d.record("act.done")
    async with fresh_database.reading_everything() as connection:
        assert await verify(connection) == verdict_of(4)


def verdict_of(size: int) -> Verdict:
    return Verdict(size=size, erased=0, problems=())


async def test_acts_run_one_after_the_other_without_gaps(fresh_database: Database) -> None:
    async def act(number: int) -> tuple[int, datetime]:
        async with desk(fresh_database, actor=CLERK) as d:
            if number % 4 == 0:
                await d.record("act.begun")
                raise_on_purpose(number)
            return await d.record("act.done", subject=str(number)), d.moment

    done = await asyncio.gather(*(act(number) for number in range(40)), return_exceptions=True)
    kept = sorted(each for each in done if isinstance(each, tuple))
    assert [seq for seq, _ in kept] == list(range(30))
    assert sorted(moment for _, moment in kept) == [moment for _, moment in kept]
    assert sum(isinstance(each, ZeroDivisionError) for each in done) == 10
    async with fresh_database.reading_everything() as connection:
        assert await verify(connection) == verdict_of(30)


def raise_on_purpose(number: int) -> None:
    raise ZeroDivisionError(number)


async def test_a_lock_not_had_in_time_is_busy(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.desk, "WAIT", "50ms")
    async with desk(fresh_database, actor=CLERK) as first:
        with pytest.raises(Refused) as refused:
            async with desk(fresh_database, actor=CLERK):
                pass
        await first.record("act.done")
    assert [(each.code, each.retryable) for each in refused.value.refusals] == [(Code.BUSY, True)]
    assert refused.value.exit_status == 75
    assert (await counts(fresh_database))["leaves"] == 1


async def test_a_broken_connection_is_told_as_such(fresh_database: Database, fresh_place: Place) -> None:
    async def act() -> None:
        async with desk(fresh_database, actor=CLERK) as d:
            pid = (await d.connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await run_sql(fresh_place.admin_url, f"SELECT pg_terminate_backend({pid})")
            await d.record("act.done")

    with pytest.raises(Obstacle) as lost:
        await act()
    assert lost.value.code == "DATABASE_LOST"
    assert await counts(fresh_database) == NOTHING


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET action = 'x'",
        "DELETE FROM audit_leaf",
        "TRUNCATE audit_leaf CASCADE",
        "UPDATE audit_payload SET sealed = ''",
        "DELETE FROM audit_payload",
        "TRUNCATE audit_payload",
        "UPDATE erasable_key SET secret = NULL, erased_at = now()",
        "DELETE FROM erasable_key",
        "ALTER TABLE audit_leaf DISABLE TRIGGER ALL",
    ],
)
async def test_the_application_role_cannot_change_the_log(fresh_database: Database, statement: str) -> None:
    async with desk(fresh_database, actor=SYSTEM) as d:
        await d.record("act.done")
    before = await counts(fresh_database)
    async with fresh_database.engine.connect() as connection:
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text(statement))
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"
    assert await counts(fresh_database) == before


@pytest.mark.parametrize(
    ("statement", "code", "constraint"),
    [
        ("INSERT INTO district (id, code, name) VALUES ('{other}', '430302', '某某')", "DUPLICATE", "uq_district_code"),
        (
            "INSERT INTO record (id, district_id, noun, key) VALUES ('{other}', '{other}', 'company', '某某')",
            "NOT_FOUND",
            "fk_record_district_id",
        ),
        (
            "INSERT INTO import_batch"
            " (id, district_id, file_name, file_sha256, as_of, state, recorded_at, counts, changes)"
            " SELECT '{other}', id, '某某', '', '2026-01-01', 'NO_STATE', now(), '{{}}', '{{}}' FROM district",
            "INVALID",
            "ck_import_batch_state",
        ),
    ],
)
async def test_a_row_that_the_tables_refuse_is_refused_without_its_content(
    fresh_database: Database, statement: str, code: str, constraint: str
) -> None:
    async with desk(fresh_database, actor=CLERK) as d:
        await d.connection.execute(INSERT, district_row())
        await d.record("district.added", subject="430302")
    before = await counts(fresh_database)
    with pytest.raises(Refused) as refused:
        async with desk(fresh_database, actor=CLERK) as d:
            await (await d.driver()).execute(statement.format(other=clock.new_id()))
    [refusal] = refused.value.refusals
    assert (refusal.code, constraint in refusal.message.zh) == (code, True)
    assert "某某" not in str(refused.value)
    assert await counts(fresh_database) == before


async def test_an_unknown_error_of_the_database_stays_what_it_is(fresh_database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with desk(fresh_database, actor=SYSTEM, district=UUID(int=1)) as d:
            await (await d.driver()).execute("SELECT 1 FROM nowhere")
