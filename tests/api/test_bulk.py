"""Many rows at once: all or none, lists too, and only for whoever has said for whom the work is done."""

import gc
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from api import clock
from api.bulk import ROWS_AT_ONCE, add_rows, uncollected
from api.database import Database
from tests.factories import World, founded, writing


@pytest_asyncio.fixture
async def world(fresh_database: Database) -> AsyncIterator[World]:
    yield await founded(fresh_database)


async def add_keys(world: World, keys: list[Any], viewer: bool = True) -> None:
    """Records with these keys."""
    same = {"district_id": world.district_id, "noun": "Probe"}
    opened = writing(world.database) if viewer else world.database.engine.begin()
    async with opened as connection:
        raw = await Database.driver(connection)
        records = zip(clock.new_ids(len(keys)), keys, strict=True)
        await add_rows(raw, "record", columns=("id", "key"), records=records, same=same)


async def kept(world: World, table: str, column: str) -> list[Any]:
    async with writing(world.database) as connection:
        rows = await (await Database.driver(connection)).fetch(f"SELECT {column} FROM {table} ORDER BY id")
    return [row[column] for row in rows]


@pytest.mark.parametrize("count", [0, 1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE])
async def test_every_row_goes_in_once_in_its_order(world: World, count: int) -> None:
    keys = [f"键{number}" for number in range(count)]
    await add_keys(world, keys)
    assert await kept(world, "record", "key") == keys
    assert set(await kept(world, "record", "district_id")) <= {world.district_id}


@pytest.mark.parametrize(("wrong", "refused"), [("0", asyncpg.UniqueViolationError), (7, asyncpg.DataError)])
async def test_one_wrong_row_takes_all_back(world: World, wrong: Any, refused: type[Exception]) -> None:
    keys = [str(number) for number in range(2 * ROWS_AT_ONCE)]
    with pytest.raises(refused):
        await add_keys(world, [*keys, wrong])
    assert await kept(world, "record", "key") == []


async def test_nobody_in_particular_adds_nothing_where_policies_ask(world: World) -> None:
    category = ("id", "district_id", "code", "label", "aliases", "counts_for_score", "version", "recorded_at")
    await add_keys(world, ["a"])
    (identity,) = await kept(world, "record", "id")
    row: tuple[Any, ...] = (identity, world.district_id, "01", "供水", [], True, 1, clock.now())
    async with world.database.engine.connect() as connection:
        raw = await Database.driver(connection)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await add_rows(raw, "complaint_category", columns=category, records=[row])
    assert await kept(world, "complaint_category", "id") == []


@pytest.mark.parametrize("aliases", [[], ["停水"], ["停水", "水压,低", '"'], [None]])
async def test_lists_stay_lists(world: World, aliases: list[str | None]) -> None:
    await add_keys(world, ["a", "b"])
    ids: list[UUID] = await kept(world, "record", "id")
    same = {"district_id": world.district_id, "version": 1, "recorded_at": clock.now(), "counts_for_score": True}
    async with writing(world.database) as connection:
        raw = await Database.driver(connection)
        records = [(identity, str(number), "供水", aliases) for number, identity in enumerate(ids)]
        columns = ("id", "code", "label", "aliases")
        await add_rows(raw, "complaint_category", columns=columns, records=records, same=same)
    assert await kept(world, "complaint_category", "aliases") == [aliases, aliases]


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_is_looked_for_again_afterwards(fails: bool) -> None:
    assert gc.isenabled()
    with suppress(ZeroDivisionError), uncollected(), uncollected():
        assert not gc.isenabled()
        assert not fails or 1 // 0
    assert gc.isenabled()
