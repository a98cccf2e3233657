"""The database as the program sees it: engines, migrations, and the checks before anything is trusted to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

import migrations
from api.postgres import Server, fitness
from api.postgres.roles import APP, recipe
from api.refusals import Obstacle, Words
from schema.viewer import Viewer

MIGRATION_LOCK: Final = 7_305_001
"""Advisory lock: one process migrates at a time."""
POOL_SIZE: Final = 10
POOL_WAIT_SECONDS: Final = 2
CONNECT_SECONDS: Final = 10
READ_TIMEOUT: Final = "5s"
GONE: Final = (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError)
"""How a server shows that it is not there (yet)."""
FAILED: Final = (*GONE, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError)
"""How connecting, or asking the first questions, fails."""

_SETTINGS: Final = ("viewer", "kinds", "district", "company", "areas", "agency", "person", "cycle")
"""What row policies go by: `app.…`, in force for one transaction."""
_SET = ", ".join(f"set_config('app.{name}', :{name}, true)" for name in _SETTINGS)
_READ = text(f"SELECT {_SET}, set_config('statement_timeout', :limit, true), set_config('role', :role, true)")
_READ_EVERYTHING = text(
    "SELECT set_config('app.viewer', 'program', true), set_config('statement_timeout', :limit, true)"
)


def engine_for(url: str, *, heal: Callable[[], None] | None = None, **options: Any) -> AsyncEngine:
    """An engine on one database address.

    `heal` is called, in a thread, when the server is not there; then connecting is tried once more.
    """
    settings = {"application_name": "zhunze", "timezone": "UTC"}

    async def connect() -> asyncpg.Connection:
        try:
            return await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=settings)
        except GONE:
            if heal is None:
                raise
            await asyncio.to_thread(heal)
            return await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=settings)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, **options)


class Database:
    """The database of the running program, as the application role."""

    def __init__(self, url: str, *, heal: Callable[[], None] | None = None, pool_size: int = POOL_SIZE) -> None:
        self.engine = engine_for(
            url, heal=heal, pool_size=pool_size, max_overflow=0, pool_timeout=POOL_WAIT_SECONDS, pool_pre_ping=True
        )

    def reading(self, viewer: Viewer) -> AbstractAsyncContextManager[AsyncConnection]:
        """A read-only transaction on one snapshot, in which the database shows the rows of one viewer only.

        It works as the viewer's database role; role and settings end with the transaction, however it ends.
        """
        return self._begun(_READ, {**viewer.settings, "role": viewer.database_role})

    def reading_everything(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """The same as the program itself, all rows: for commands of whoever runs the program, never for a request."""
        return self._begun(_READ_EVERYTHING, {})

    @asynccontextmanager
    async def _begun(self, first: TextClause, settings: Mapping[str, str]) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            await connection.execute(first, {**settings, "limit": READ_TIMEOUT})
            yield connection

    @staticmethod
    async def driver(connection: AsyncConnection) -> asyncpg.Connection:
        """The driver's connection below `connection`, in the same transaction: for COPY."""
        raw = (await connection.get_raw_connection()).driver_connection
        assert isinstance(raw, asyncpg.Connection), "the engine's driver is asyncpg"
        return raw

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Database]:
    """The server's database, migrated and checked.

    Raises `Obstacle` where the database cannot be reached, is not up to date and may not be migrated, or does not fit.
    """
    if server.owner_url:
        await migrate(server.owner_url)
    database = Database(server.app_url, heal=server.heal if server.embedded else None)
    try:
        try:
            async with database.reading_everything() as connection:
                await check(connection)
        except FAILED as error:
            raise unreachable(error) from error
        yield database
    finally:
        await database.close()


async def check(connection: AsyncConnection) -> None:
    """Refuse a server, role or schema that the program may not or cannot work with.

    Raises `Obstacle` SERVER_VERSION, SERVER_ENCODING, ROLE_UNFIT, SCHEMA_MISSING, SCHEMA_OUTDATED, SCHEMA_NEWER or
    NO_TRIGRAMS.
    """
    raw = await Database.driver(connection)
    await fitness.check_server(raw)
    await fitness.check_role(raw)
    await check_revision(raw)
    await fitness.check_trigrams(raw)


async def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to a revision, as the owner; of several processes at once one does it and the others wait.

    Raises `Obstacle` where the server does not fit or the application role is missing.
    """
    engine = engine_for(owner_url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            raw = await Database.driver(connection)
            if revision == "head" and await stored_revision(raw) == newest_revision():
                return
            await fitness.check_server(raw)
            await fitness.check_app_role(raw)
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            await connection.commit()
            await connection.run_sync(_upgrade, revision)
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
            await connection.commit()
    except FAILED as error:
        raise unreachable(error) from error
    finally:
        await engine.dispose()


def newest_revision() -> str:
    """The revision this program is written for: revisions are named by rising numbers."""
    versions = Path(migrations.__file__).parent / "versions"
    return max(each.name.partition("_")[0] for each in versions.glob("[0-9]*_*.py"))


async def stored_revision(connection: asyncpg.Connection) -> str | None:
    """The revision of the schema; None = there is none."""
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    return revision


def unreachable(error: BaseException) -> Obstacle:
    """The obstacle that a failed connection is."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return Obstacle(
        "DATABASE_UNREACHABLE",
        Words(f"连不上数据库:{said}", f"The database cannot be reached: {said}"),
        Words(
            "请检查 DATABASE_URL(应用角色)和 DATABASE_OWNER_URL(所有者)。角色和数据库可由管理员这样建立:",
            "Check DATABASE_URL (application role) and DATABASE_OWNER_URL (owner). An administrator makes them so:",
        ),
        recipe(),
    )


def _upgrade(connection: Any, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def check_revision(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` SCHEMA_MISSING, SCHEMA_OUTDATED or SCHEMA_NEWER unless the schema is the one we know."""
    stored, wanted = await stored_revision(connection), newest_revision()
    if stored == wanted:
        return
    if stored is None:
        raise Obstacle(
            "SCHEMA_MISSING",
            Words("数据库中还没有本程序的表。", "The database does not hold this program's tables yet."),
            Words(
                f"请设置 DATABASE_OWNER_URL(数据库所有者,不是 {APP})后重试,程序会自行建表。角色和数据库可这样建立:",
                f"Set DATABASE_OWNER_URL (the owner of the database, not {APP}) and try again; the tables are then"
                " made. Roles and database are made so:",
            ),
            recipe(),
        )
    newer = stored > wanted
    raise Obstacle(
        "SCHEMA_NEWER" if newer else "SCHEMA_OUTDATED",
        Words(
            f"数据库的版本是 {stored},本程序需要 {wanted}。", f"The schema is at {stored}; this program needs {wanted}."
        ),
        Words("请安装新版本的程序。", "Install the newer program.")
        if newer
        else Words(
            "请设置 DATABASE_OWNER_URL 后重试,程序会自行升级。", "Set DATABASE_OWNER_URL and try again to migrate."
        ),
    )
