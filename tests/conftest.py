"""Databases for tests: every module, or every test, works on a fresh clone of one migrated template."""

import itertools
import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database import Database, engine_for
from tests import cluster
from tests.cluster import Cluster, Place
from tests.watching import watching

cluster.claim_environment()
_number = itertools.count(1)


@pytest.fixture(autouse=True)
def nothing_betrayed() -> Iterator[None]:
    """Whatever a test makes the program log holds no secret and no number of a person."""
    with watching("", "zhunze") as watcher:
        yield
    assert watcher.found == []


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[Cluster]:
    """The server of this test run, shared by its workers."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", secrets.token_hex(8))[:8]
    async with cluster.joined(run) as made:
        yield made


async def _place(postgres: Cluster) -> AsyncIterator[Place]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    name = f"{postgres.template.removesuffix('template')}{worker}_{next(_number)}"
    place = await postgres.clone(name)
    yield place
    await postgres.drop(name)


@pytest_asyncio.fixture(scope="module")
async def place(postgres: Cluster) -> AsyncIterator[Place]:
    """A migrated database for the tests of one module."""
    async for each in _place(postgres):
        yield each


@pytest_asyncio.fixture
async def fresh_place(postgres: Cluster) -> AsyncIterator[Place]:
    """A migrated, empty database for one test."""
    async for each in _place(postgres):
        yield each


@pytest_asyncio.fixture(scope="module")
async def database(place: Place) -> AsyncIterator[Database]:
    """The module's database, as the application role."""
    opened = Database(place.app_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def fresh_database(fresh_place: Place) -> AsyncIterator[Database]:
    """The test's own database, as the application role."""
    opened = Database(fresh_place.app_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def owner(fresh_place: Place) -> AsyncIterator[AsyncConnection]:
    """The test's own database, as the owner of its tables, who has said for whom it works and so sees all rows."""
    engine = engine_for(fresh_place.owner_url)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT set_config('app.viewer', 'owner', false)"))
        await connection.commit()
        yield connection
    await engine.dispose()
