"""The PostgreSQL of a test run: one server for all workers, one migrated template, clones of it.

By default an embedded server in a folder of its own, thrown away at the end. With `DATABASE_URL` an external one: the
role it names makes databases and roles (a superuser, or CREATEDB and CREATEROLE); everything made there has a name of
this run and is dropped at the end, and no other database is touched.
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import asyncpg
from sqlalchemy import make_url

from api.database import migrate
from api.postgres import running
from api.postgres.roles import APP, PLAIN, VIEWERS, fence, viewer_roles
from api.settings import Settings, plain_url

KEPT = "ZHUNZE_TESTS_DATABASE_URL"
"""Where `DATABASE_URL` goes, so that no code under test takes it for its own; workers inherit it."""
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Of no use to anybody who wants to keep data."""


def claim_environment() -> None:
    """Take the settings of the product out of the environment."""
    for name in ("DATABASE_OWNER_URL", *(f"ZHUNZE_{field.upper()}" for field in Settings.model_fields)):
        os.environ.pop(name, None)
    if url := os.environ.pop("DATABASE_URL", None):
        os.environ[KEPT] = plain_url(url)


@dataclass(frozen=True)
class Place:
    """A database of one test or module."""

    name: str
    app_url: str
    owner_url: str
    admin_url: str

    @property
    def settings(self) -> Settings:
        """Settings of a program that works on this database."""
        return Settings(database_url=self.app_url, database_owner_url=self.owner_url)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of such a program."""
        return os.environ | {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}


@dataclass(frozen=True)
class Cluster:
    """What the workers of a run share."""

    admin_url: str
    owner: str
    app: str
    password: str
    template: str
    made: tuple[str, ...]
    """Roles made for this run, dropped at its end."""

    def place(self, name: str) -> Place:
        def url(role: str) -> str:
            login = make_url(self.admin_url).set(username=role, password=self.password or None, database=name)
            return login.render_as_string(hide_password=False)

        return Place(name, url(self.app), url(self.owner), self.admin_url)

    async def clone(self, name: str) -> Place:
        """A fresh copy of the template."""
        await run_sql(
            self.admin_url,
            f'CREATE DATABASE "{name}" OWNER "{self.owner}" TEMPLATE "{self.template}" STRATEGY wal_log',
            fence(name),
        )
        return self.place(name)

    async def drop(self, name: str) -> None:
        await run_sql(self.admin_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def dissolve(self) -> None:
        """Take everything of this run out of the server."""
        await self.drop(self.template)
        for role in self.made:
            try:
                await run_sql(self.admin_url, f'DROP ROLE "{role}"')
            except asyncpg.DependentObjectsStillExistError:
                assert role in (APP, *VIEWERS), "only the roles of the grants may be in use elsewhere"


async def run_sql(url: str, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            for part in filter(None, statement.split(";")):
                await connection.execute(part)
    finally:
        await connection.close()


@asynccontextmanager
async def joined(run: str) -> AsyncIterator[Cluster]:
    """The run's cluster, in use by this worker; the last one out removes everything."""
    folder, workers = _entered(Path(tempfile.gettempdir()) / f"zhunze-tests-{run}")
    try:
        with server(folder) as admin_url:
            cluster = await cluster_of(folder, admin_url, run)
            yield cluster
            if cluster.made and last_out(workers.fileno()):
                await cluster.dissolve()
    finally:
        if last_out(workers.fileno()):
            shutil.rmtree(folder)
        workers.close()


def _entered(folder: Path) -> tuple[Path, TextIO]:
    """Make or enter the shared folder and hold its lock; a folder that is just being removed is made anew."""
    while True:
        folder.mkdir(mode=0o711, exist_ok=True)
        folder.chmod(0o711)
        workers = (folder / "workers").open("w")
        fcntl.flock(workers, fcntl.LOCK_SH)
        if os.fstat(workers.fileno()).st_nlink:
            return folder, workers
        workers.close()


def last_out(workers: int) -> bool:
    """Whether no other worker holds the lock any more; if so, none can come in until it is closed."""
    try:
        fcntl.flock(workers, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The administrator's address of the run's server."""
    if external := os.environ.get(KEPT):
        yield external
        return
    settings = Settings(state=folder / "state", server_options=FORGETFUL)
    with running(settings) as embedded:
        assert embedded.admin_url
        yield embedded.admin_url


async def cluster_of(folder: Path, admin_url: str, run: str) -> Cluster:
    """The run's cluster; the first worker makes it while the others wait."""
    note = folder / "cluster.json"
    with (folder / "template").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if note.exists():
            return Cluster(**json.loads(note.read_text(encoding="utf-8")))
        cluster = await (_external if os.environ.get(KEPT) else _embedded)(admin_url, run)
        await run_sql(
            admin_url,
            f'CREATE DATABASE "{cluster.template}" OWNER "{cluster.owner}" TEMPLATE template0 '
            "ENCODING 'UTF8' LOCALE 'C.UTF-8'",
        )
        await migrate(cluster.place(cluster.template).owner_url)
        note.write_text(json.dumps(asdict(cluster)), encoding="utf-8")
        return cluster


async def _embedded(admin_url: str, run: str) -> Cluster:
    return Cluster(admin_url, "zhunze_owner", APP, "", f"zt_{run}_template", ())


async def _external(admin_url: str, run: str) -> Cluster:
    """Login roles of this run; rights go to `zhunze_app`, which may be there already."""
    owner, app, password = f"zt_{run}_owner", f"zt_{run}_app", secrets.token_urlsafe(24)
    connection = await asyncpg.connect(admin_url)
    try:
        me = await connection.fetchval("SELECT quote_ident(current_user)")
        there = [row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")]
        made = (app, owner, *(name for name in (APP, *VIEWERS) if name not in there))
        if APP not in there:
            await connection.execute(f"CREATE ROLE {APP} {PLAIN.replace('LOGIN', 'NOLOGIN', 1)}")
        for statement in viewer_roles(there):
            await connection.execute(statement)
        await connection.execute(f"CREATE ROLE {owner} {PLAIN} PASSWORD '{password}'")
        await connection.execute(f"CREATE ROLE {app} {PLAIN} PASSWORD '{password}' IN ROLE {APP}")
        if not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await connection.execute(f"GRANT {owner}, {app} TO {me}")
    finally:
        await connection.close()
    return Cluster(admin_url, owner, app, password, f"zt_{run}_template", made)
