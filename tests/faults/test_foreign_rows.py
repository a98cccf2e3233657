"""The database by itself shows no foreign row, whatever happened on the connection before; our own filters are off."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from api.database import Database
from api.graphql import Source
from api.postgres.roles import VIEWERS
from schema import scopes
from schema.fields import TYPES, Stored, columns_of
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.shapes import Order, Page, key_of
from schema.viewer import Viewer
from tests.cluster import Place
from tests.factories import writing
from tests.scenes import Scene, staged, viewers
from tests.schema.test_scopes import BOTH, CYCLE, EXPECTED, NOUNS, WHOLE

REQUESTS = 1200
TYPES_EACH = 4


@dataclass
class Tally:
    """What came of the requests."""

    answered: int = 0
    cancelled: int = 0
    failed: int = 0
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


@pytest_asyncio.fixture
async def scene(fresh_database: Database) -> Scene:
    return await staged(fresh_database)


@pytest_asyncio.fixture
async def single(fresh_place: Place) -> AsyncIterator[Database]:
    """A pool of one connection."""
    one = Database(fresh_place.app_url, pool_size=1)
    yield one
    await one.close()


def allowed(scene: Scene, noun: str, name: str) -> set[str]:
    """What the viewer of this name may see, as written down by hand."""
    if name in WHOLE and noun != "AuditLeaf":
        return set(scene.ids[noun])
    return EXPECTED[noun].get(name, EXPECTED[noun]["everyone"])


async def read(source: Source, viewer: Viewer, some: list[Stored], *, fails: bool) -> dict[str, set[UUID]]:
    """Everything the database gives of these types, on one snapshot; with an error between them if it is to fail."""
    reader = source.reader(viewer)
    found = {}
    try:
        for number, stored in enumerate(some):
            order = Order((key_of(stored.source.table),))
            shape = Page(stored.source, order, columns=columns_of(stored))
            async with reader.snapshot.turn() as turn:
                if fails and number:
                    await turn.fetch("SELECT 1 / 0")
                rows = await turn.fetch(keyset.page(shape, Window(100, order), [None], reader.at))
                keys = [row["sort_0"] for row in rows]
                found[NOUNS[stored.source.table]] = {
                    each if isinstance(each, UUID) else UUID(int=each) for each in keys
                }
    finally:
        await reader.close()
    return found


async def test_without_our_filters_no_foreign_row_comes_through(
    scene: Scene, single: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "visible", lambda *_: [])
    chance = random.Random(20260720)
    source = Source(single, scene.world.district_id, b"s" * 32)
    types = [each for each in TYPES.values() if each.tag]
    everybody, tally = viewers(scene), Tally()
    names = list(everybody)
    for number in range(REQUESTS):
        name = names[number % len(names)]
        some = chance.sample(types, TYPES_EACH)
        fate = chance.random()
        asked = asyncio.ensure_future(read(source, everybody[name], some, fails=fate < 0.1))
        if fate > 0.8:
            await asyncio.sleep(chance.random() * 0.006)
            asked.cancel()
        await _count(tally, scene, name, asked)
    print(f"\n{REQUESTS} requests on one connection: {tally.answered} answered, {tally.cancelled} cancelled,"  # noqa: T201
          f" {tally.failed} failed; {sum(tally.rows.values())} rows, foreign {len(tally.foreign)}")  # fmt: skip
    assert tally.foreign == []
    assert tally.missing == []
    assert (tally.answered > 700, tally.cancelled > 50, tally.failed > 50) == (True, True, True)
    assert {name for name, count in tally.rows.items() if count} == set(names)


async def _count(tally: Tally, scene: Scene, name: str, asked: "asyncio.Future[dict[str, set[UUID]]]") -> None:
    try:
        found = await asked
    except asyncio.CancelledError:
        tally.cancelled += 1
        return
    except asyncpg.DivisionByZeroError:
        tally.failed += 1
        return
    tally.answered += 1
    for noun, rows in found.items():
        shown, may = scene.names(noun, rows), allowed(scene, noun, name)
        tally.foreign += [f"{name} sees {noun} {each}" for each in shown - may]
        tally.missing += [f"{name} misses {noun} {each}" for each in may - shown]
        tally.rows[name] = tally.rows.get(name, 0) + len(shown)


async def test_without_settings_there_are_no_rows(scene: Scene, single: Database) -> None:
    del scene
    fenced = text("SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname")
    async with writing(single) as connection:
        names = (await connection.execute(fenced)).scalars().all()
        filled = {name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in names}
    assert len([name for name, count in filled.items() if count]) > 25
    for role in (None, *VIEWERS):
        async with single.engine.begin() as connection:
            if role:
                await connection.execute(text(f"SET LOCAL ROLE {role}"))
            for name in names:
                readable = text("SELECT has_any_column_privilege(:table, 'SELECT')")
                if (await connection.execute(readable, {"table": name})).scalar_one():
                    count = (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()
                    assert (role, name, count) == (role, name, 0)


async def test_neither_role_nor_settings_outlive_their_transaction(scene: Scene, single: Database) -> None:
    state = text("SELECT current_user = session_user, coalesce(current_setting('app.district', true), '')")
    async with single.reading(viewers(scene)[BOTH]) as connection:
        assert (await connection.execute(text("SELECT current_user"))).scalar_one() == "zhunze_mixed"
    async with single.engine.connect() as connection:
        assert tuple((await connection.execute(state)).one()) == (True, "")


async def test_reading_as_the_program_ends_with_its_block(scene: Scene, single: Database) -> None:
    source = Source(single, scene.world.district_id, b"s" * 32)
    reader = source.reader(viewers(scene)[CYCLE])
    runs = "SELECT count(*) AS n FROM score_run"

    async def count() -> int:
        return int((await turn.fetch(runs))[0]["n"])

    async with reader.snapshot.turn() as turn:
        assert await count() == 1
        async with turn.as_program():
            assert await count() == 3
        assert await count() == 1
        with pytest.raises(ZeroDivisionError):
            async with turn.as_program():
                raise ZeroDivisionError
        assert await count() == 1
    await reader.close()


def test_the_viewers_of_the_scene_hold_each_role(scene: Scene) -> None:
    held: Mapping[str, Viewer] = viewers(scene)
    assert {role for viewer in held.values() for role in viewer.roles} == set(type(next(iter(held["PUBLIC"].roles))))
