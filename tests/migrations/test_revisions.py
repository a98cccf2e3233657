"""Revisions go up, down and up again, and say the same as the tables in the code."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

import migrations
from api.database import engine_for, migrate, newest_revision
from api.postgres import binaries
from api.postgres.roles import fence
from schema.tables import METADATA
from tests.cluster import Cluster, Place, run_sql

FOLDER = Path(migrations.__file__).parent


def config_for(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def dump(url: str) -> str:
    """The whole schema as text, without what changes from run to run."""
    programs = [each.folder for each in binaries.found() if (each.folder / "pg_dump").exists()]
    program = programs[0] / "pg_dump" if programs else shutil.which("pg_dump")
    if program is None:
        pytest.skip("there is no pg_dump")
    said = subprocess.run([program, "--schema-only", url], capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in said.splitlines() if not line.startswith(("\\restrict", "\\unrestrict", "--")))


@pytest_asyncio.fixture
async def bare(postgres: Cluster) -> AsyncIterator[Place]:
    name = f"{postgres.template}_updown"
    await run_sql(
        postgres.admin_url,
        f"CREATE DATABASE {name} OWNER {postgres.owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'",
        fence(name),
    )
    yield postgres.place(name)
    await postgres.drop(name)


async def on(url: str, work: Any, *given: Any) -> Any:
    engine = engine_for(url, poolclass=NullPool)
    async with engine.connect() as connection:
        done = await connection.run_sync(work, *given)
    await engine.dispose()
    return done


def down(connection: Connection, revision: str) -> None:
    command.downgrade(config_for(connection), revision)


def test_the_numbering_is_alembics_own_order() -> None:
    script = ScriptDirectory.from_config(config_for())
    assert script.get_heads() == [newest_revision()]
    assert [each.revision for each in script.walk_revisions()] == [
        f"{number:04}" for number in range(int(newest_revision()), 0, -1)
    ]


async def test_up_down_and_up_again_leaves_the_same_schema(bare: Place) -> None:
    await migrate(bare.owner_url)
    first = dump(bare.owner_url)
    for revision in ("-1", "base"):
        await on(bare.owner_url, down, revision)
        await migrate(bare.owner_url)
        assert dump(bare.owner_url) == first


async def test_down_to_nothing_leaves_nothing(bare: Place) -> None:
    empty = dump(bare.owner_url)
    await migrate(bare.owner_url)
    await on(bare.owner_url, down, "base")
    left = [line for line in dump(bare.owner_url).splitlines() if line.startswith("CREATE")]
    extensions = [line for line in left if line.startswith("CREATE EXTENSION")]
    assert [line for line in left if line not in extensions] == ["CREATE TABLE public.alembic_version ("]
    assert "CREATE" not in empty


async def test_the_tables_in_the_code_are_those_of_the_revisions(fresh_place: Place) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))

    assert await on(fresh_place.owner_url, differences) == []


async def test_revisions_import_nothing_of_ours() -> None:
    texts = {each.name: each.read_text(encoding="utf-8") for each in (FOLDER / "versions").glob("*.py")}
    ours = (
        "import api",
        "from api",
        "import schema",
        "from schema",
        "import scoring",
        "from scoring",
        "import migrations",
    )
    assert [(name, word) for name, text in texts.items() for word in ours if word in text] == []
