"""An application with little in it, asked as whoever is wanted."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest_asyncio

from api.app import Shell, application
from api.database import Database
from api.front.callers import everybody
from api.front.policy import Policy
from api.graphql import Source
from schema.directives import Role
from tests.api.front.strict import Strict
from tests.factories import founded

Callers = Callable[..., Strict]
"""A client for some roles under some policy."""


@pytest_asyncio.fixture(scope="module")
async def source(database: Database) -> Source:
    world = await founded(database)
    world.street(code="430399001")
    await world.save()
    return Source(database, world.district_id, b"s" * 32)


@pytest_asyncio.fixture(scope="module")
async def caller(source: Source) -> AsyncIterator[Callers]:
    async with AsyncExitStack() as stack:
        made: list[httpx.AsyncClient] = []

        def client(*roles: Role, **policy: Any) -> Strict:
            shell = Shell(Policy(**policy), everybody(source.district_id, *roles))
            transport = httpx.ASGITransport(application(source, shell=shell))
            made.append(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))
            stack.push_async_callback(made[-1].aclose)
            return Strict(made[-1])

        yield client


@pytest_asyncio.fixture(scope="module")
async def staff(caller: Callers) -> Strict:
    """The bureau's administrator, where everything is open."""
    return caller(Role.BUREAU_ADMIN)


@pytest_asyncio.fixture(scope="module")
async def anybody(caller: Callers) -> Strict:
    """Nobody in particular, where the schema is hidden and any document is taken."""
    return caller(introspection="closed")
