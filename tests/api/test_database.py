"""A server, role or schema that does not fit is refused, with SQL that really mends it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from api import database as database_module
from api.database import Database, check, migrate, newest_revision, opened, stored_revision
from api.postgres import Server, fitness
from api.postgres.roles import APP, OWNER, PLAIN, VIEWER_ROLES, VIEWERS, fence, viewer_roles
from api.refusals import Obstacle
from tests.cluster import Cluster, Place, run_sql


@pytest_asyncio.fixture
async def stranger(postgres: Cluster, fresh_place: Place) -> AsyncIterator[Place]:
    """The test's database as a new role that has the rights of the application role and no more."""
    name = f"{fresh_place.name}_stranger"
    made = f"CREATE ROLE {name} {PLAIN} PASSWORD 'x' IN ROLE {APP}; GRANT {name} TO CURRENT_USER"
    await run_sql(postgres.admin_url, made)
    url = make_url(fresh_place.app_url).set(username=name, password="x")
    yield Place(name, url.render_as_string(hide_password=False), fresh_place.owner_url, fresh_place.admin_url)
    here = make_url(postgres.admin_url).set(database=fresh_place.name).render_as_string(hide_password=False)
    await run_sql(here, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


async def refusal(url: str) -> Obstacle:
    database = Database(url)
    try:
        with pytest.raises(Obstacle) as refused:
            async with database.reading_everything() as connection:
                await check(connection)
    finally:
        await database.close()
    return refused.value


async def accepted(url: str) -> None:
    async with opened(Server(url, None)) as database, database.reading_everything() as connection:
        await check(connection)


async def superuser(admin_url: str) -> bool:
    connection = Database(admin_url)
    async with connection.engine.connect() as here:
        found = await here.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    await connection.close()
    return bool(found.scalar_one())


async def test_the_application_role_fits(fresh_place: Place, stranger: Place) -> None:
    await accepted(fresh_place.app_url)
    await accepted(stranger.app_url)


@pytest.mark.parametrize(
    ("change", "told", "sql"),
    [
        ("ALTER ROLE {me} BYPASSRLS", "bypasses row-level security", ["ALTER ROLE {me} NOBYPASSRLS;"]),
        ("ALTER ROLE {me} CREATEROLE", "can grant itself roles", ["ALTER ROLE {me} NOCREATEROLE;"]),
        ("ALTER ROLE {me} REPLICATION", "can copy the whole server", ["ALTER ROLE {me} NOREPLICATION;"]),
        (
            "ALTER ROLE {me} BYPASSRLS CREATEROLE",
            "bypasses row-level security; it can grant itself roles",
            ["ALTER ROLE {me} NOBYPASSRLS;", "ALTER ROLE {me} NOCREATEROLE;"],
        ),
        ("GRANT {owner} TO {me}", "can become {owner}", ["REVOKE {owner} FROM {me};"]),
        ("GRANT pg_write_all_data TO {me}", "can become pg_write_all_data", ["REVOKE pg_write_all_data FROM {me};"]),
        (
            "GRANT CONNECT ON DATABASE {place} TO {me}; REVOKE {app} FROM {me}",
            "is not {app} nor a member of it",
            ["GRANT {app} TO {me};"],
        ),
    ],
)
async def test_a_role_with_wrong_rights_is_refused_until_its_sql_is_run(
    postgres: Cluster, stranger: Place, change: str, told: str, sql: list[str]
) -> None:
    if not await superuser(postgres.admin_url):
        pytest.skip("only a superuser can make such roles")
    database = stranger.name.removesuffix("_stranger")
    names = {"me": stranger.name, "owner": postgres.owner, "app": APP, "place": database}
    await accepted(stranger.app_url)
    await run_sql(postgres.admin_url, change.format(**names))
    refused = await refusal(stranger.app_url)
    assert refused.code == "ROLE_UNFIT"
    assert told.format(**names) in refused.message.en
    assert list(refused.sql) == [line.format(**names) for line in sql]
    await run_sql(postgres.admin_url, *refused.sql)
    await accepted(stranger.app_url)


async def test_an_owner_of_tables_is_refused_until_its_sql_is_run(postgres: Cluster, stranger: Place) -> None:
    if not await superuser(postgres.admin_url):
        pytest.skip("only a superuser can make such roles")
    here = make_url(postgres.admin_url).set(database=stranger.name.removesuffix("_stranger"))
    admin_url = here.render_as_string(hide_password=False)
    await run_sql(admin_url, f"ALTER TABLE meeting OWNER TO {stranger.name}")
    refused = await refusal(stranger.app_url)
    assert refused.code == "ROLE_UNFIT"
    assert refused.sql == (f"REASSIGN OWNED BY {stranger.name} TO {OWNER};",)
    await run_sql(admin_url, refused.sql[0].replace(OWNER, postgres.owner))
    await accepted(stranger.app_url)


async def test_the_owner_itself_is_refused(fresh_place: Place) -> None:
    refused = await refusal(fresh_place.owner_url)
    assert refused.code == "ROLE_UNFIT"
    assert "owns the database" in refused.message.en


async def test_roles_of_viewers_that_the_program_may_not_become_are_told(
    fresh_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitness, "APP", "zhunze_public")  # a role that is there, and member of none of them
    refused = await refusal(fresh_place.app_url)
    assert refused.code == "ROLE_MISSING"
    assert set(refused.sql) == {f"GRANT {name} TO zhunze_public;" for name in VIEWERS if name != "zhunze_public"}


def test_only_the_missing_roles_of_viewers_are_made() -> None:
    there = [name for name in VIEWERS if name != "zhunze_training"]
    made = [line for line in viewer_roles(there) if line.startswith("CREATE")]
    assert made == [
        "CREATE ROLE zhunze_training NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;"
    ]
    assert viewer_roles(there)[-1] == f"GRANT {', '.join(VIEWERS)} TO zhunze_app;"
    assert viewer_roles([]) == VIEWER_ROLES


async def test_a_superuser_is_refused_and_told_of_another_role(postgres: Cluster, fresh_place: Place) -> None:
    if not await superuser(postgres.admin_url):
        pytest.skip("the administrator of this server is no superuser")
    url = make_url(postgres.admin_url).set(database=fresh_place.name).render_as_string(hide_password=False)
    refused = await refusal(url)
    assert refused.code == "ROLE_UNFIT"
    assert "is a superuser and so bypasses row-level security" in refused.message.en
    assert refused.sql == (f"CREATE ROLE {APP} {PLAIN} PASSWORD '…';",)


async def test_a_server_of_another_version_is_refused(fresh_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "MAJORS", range(90, 92))
    refused = await refusal(fresh_place.app_url)
    assert (refused.code, "90–91 is needed" in refused.message.en) == ("SERVER_VERSION", True)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("ENCODING 'UTF8' LOCALE 'C'", "NO_TRIGRAMS"), ("ENCODING 'SQL_ASCII' LOCALE 'C'", "SERVER_ENCODING")],
)
async def test_a_database_that_cannot_find_chinese_is_refused(postgres: Cluster, kind: str, code: str) -> None:
    name = f"{postgres.template}_{code.lower()}"
    await run_sql(
        postgres.admin_url, f"CREATE DATABASE {name} OWNER {postgres.owner} TEMPLATE template0 {kind}", fence(name)
    )
    place = postgres.place(name)
    try:
        with pytest.raises(Obstacle) as refused:
            async with opened(Server(place.app_url, place.owner_url)):
                pass
        assert refused.value.code == code
        assert refused.value.sql == (
            "CREATE DATABASE zhunze OWNER zhunze_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;",
        )
    finally:
        await postgres.drop(name)


@pytest_asyncio.fixture
async def bare(postgres: Cluster) -> AsyncIterator[Place]:
    """A database without tables."""
    name = f"{postgres.template}_bare"
    await run_sql(
        postgres.admin_url,
        f"CREATE DATABASE {name} OWNER {postgres.owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'",
        fence(name),
    )
    yield postgres.place(name)
    await postgres.drop(name)


async def test_without_the_owner_a_bare_database_is_refused_with_what_to_do(bare: Place) -> None:
    refused = await refusal(bare.app_url)
    assert refused.code == "SCHEMA_MISSING"
    assert "DATABASE_OWNER_URL" in refused.remedy.zh
    assert "DATABASE_OWNER_URL" in refused.remedy.en
    assert [line.split()[:2] for line in refused.sql] == [
        ["CREATE", "ROLE"],
        ["CREATE", "ROLE"],
        ["CREATE", "DATABASE"],
        ["REVOKE", "ALL"],
        ["GRANT", "CONNECT,"],
        *[["CREATE", "ROLE"]] * 12,
        ["GRANT", "zhunze_public"],
        ["GRANT", "zhunze_company,"],
        ["ALTER", "ROLE"],
        ["GRANT", "zhunze_public,"],
    ]


async def test_several_who_migrate_at_once_do_it_once(bare: Place) -> None:
    await asyncio.gather(*(migrate(bare.owner_url) for _ in range(4)))
    await accepted(bare.app_url)


@pytest.mark.parametrize(("stored", "code"), [("0001", "SCHEMA_OUTDATED"), ("9999", "SCHEMA_NEWER")])
async def test_a_schema_of_another_revision_is_refused(fresh_place: Place, stored: str, code: str) -> None:
    await run_sql(fresh_place.owner_url, f"UPDATE alembic_version SET version_num = '{stored}'")
    assert (await refusal(fresh_place.app_url)).code == code


async def test_the_application_role_cannot_touch_the_revision(fresh_database: Database) -> None:
    async with fresh_database.engine.connect() as connection:
        assert await stored_revision(await Database.driver(connection)) == newest_revision()
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text("UPDATE alembic_version SET version_num = '0'"))
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"


async def test_migrating_needs_the_application_role(bare: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "APP", "zhunze_nobody")
    with pytest.raises(Obstacle) as refused:
        await migrate(bare.owner_url)
    assert (refused.value.code, len(refused.value.sql)) == ("ROLE_MISSING", 2)
    assert (await refusal(bare.app_url)).code == "ROLE_UNFIT"


@pytest.mark.parametrize("port", [1, 54_999])
async def test_a_server_that_is_not_there_is_told(port: int) -> None:
    address = f"postgresql://zhunze_app@127.0.0.1:{port}/zhunze"
    for server in (Server(address, None), Server(address, address)):
        with pytest.raises(Obstacle) as refused:
            async with opened(server):
                pass
        assert refused.value.code == "DATABASE_UNREACHABLE"


async def test_a_database_that_is_not_there_is_told(fresh_place: Place) -> None:
    gone = make_url(fresh_place.app_url).set(database="zhunze_nowhere").render_as_string(hide_password=False)
    with pytest.raises(Obstacle) as refused:
        async with opened(Server(gone, None)):
            pass
    assert (refused.value.code, "zhunze_nowhere" in refused.value.message.en) == ("DATABASE_UNREACHABLE", True)


async def test_reading_writes_nothing_and_sees_one_snapshot(fresh_database: Database, fresh_place: Place) -> None:
    count = text("SELECT count(*) FROM district")
    async with fresh_database.reading_everything() as connection:
        assert (await connection.execute(count)).scalar_one() == 0
        row = "INSERT INTO district (id, code, name) VALUES (gen_random_uuid(), '430302', '雨湖区')"
        await run_sql(fresh_place.owner_url, row)
        assert (await connection.execute(count)).scalar_one() == 0
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text(row))
    assert getattr(refused.value.orig, "sqlstate", None) == "25006"
    async with fresh_database.reading_everything() as connection:
        assert (await connection.execute(count)).scalar_one() == 1


async def test_a_read_that_takes_too_long_is_cut(fresh_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "READ_TIMEOUT", "50ms")
    one = Database(fresh_place.app_url, pool_size=1)
    with pytest.raises(DBAPIError) as cut:
        async with one.reading_everything() as connection:
            await connection.execute(text("SELECT pg_sleep(5)"))
    assert getattr(cut.value.orig, "sqlstate", None) == "57014"
    async with one.engine.connect() as connection:  # neither the limit nor read-only is left on the connection
        assert (await connection.execute(text("SHOW statement_timeout"))).scalar_one() == "0"
        assert (await connection.execute(text("SHOW transaction_read_only"))).scalar_one() == "off"
        assert (await connection.execute(text("SHOW transaction_isolation"))).scalar_one() == "read committed"
    await one.close()
