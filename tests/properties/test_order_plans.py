"""Lists of meetings, sessions and enrolments come in the order of an index: nothing is read whole, nothing sorted."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from api.database import Database
from schema import tables
from schema.directives import Role
from schema.fields import ascending, descending
from schema.moments import Moment
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.shapes import Page, column_of, source_of
from schema.viewer import Viewer
from tests.asking import NOW
from tests.factories import founded, writing

MANY = 3000
FILLED = f"""
    CREATE TEMP TABLE made AS SELECT n, md5('order' || n)::uuid AS id, '2020-01-01'::date + n % 2000 AS day
        FROM generate_series(1, {3 * MANY}) n;
    INSERT INTO record SELECT id, :district, 'Probe', n::text FROM made;
    INSERT INTO meeting (id, district_id, version, recorded_at, number, quarter, held_on, chair)
        SELECT id, :district, 1, '2026-07-01', n, '2026-Q2', day, '住建局' FROM made WHERE n <= {MANY};
    INSERT INTO training_session (id, district_id, version, recorded_at, number, title, period, starts_on, ends_on,
            seats, hours)
        SELECT id, :district, 1, '2026-07-01', n, '培训', '2026-H1', day, day, 100, 12
        FROM made WHERE n > {MANY} AND n <= {2 * MANY};
    INSERT INTO enrollment (id, district_id, version, recorded_at, number, session_id, company_id, person_id,
            enrolled_on, state)
        SELECT e.id, :district, 1, '2026-07-01', e.n, s.id, s.id, e.id, e.day, 'CONFIRMED'
        FROM made e JOIN made s ON s.n = {MANY} + 1 + e.n % 3 WHERE e.n > {2 * MANY}
"""
ENROLLMENT = tables.Enrollment
MEETINGS = Page(
    source_of(tables.Meeting), descending(tables.Meeting.held_on, tables.Meeting.id), columns=("id", "number")
)
SESSIONS = Page(
    source_of(tables.TrainingSession),
    ascending(tables.TrainingSession.starts_on, tables.TrainingSession.id),
    columns=("id", "number"),
)
QUEUE = Page(
    source_of(ENROLLMENT),
    ascending(ENROLLMENT.enrolled_on, ENROLLMENT.number, ENROLLMENT.id),
    column_of(ENROLLMENT.session_id),
    "id",
    columns=("id", "number"),
)


@pytest_asyncio.fixture(scope="module")
async def viewer(database: Database) -> AsyncIterator[Viewer]:
    world = await founded(database)
    async with writing(database) as connection:
        for statement in FILLED.split(";"):
            given = {"district": world.district_id} if ":district" in statement else {}
            await connection.execute(text(statement), given)
    yield Viewer(world.district_id, frozenset({Role.PUBLIC, Role.BUREAU_ADMIN}))


def steps(plan: Mapping[str, Any]) -> set[tuple[str, str | None]]:
    """What a plan does, and with which index."""
    here = (plan["Node Type"], plan.get("Index Name"))
    return {here}.union(*(steps(each) for each in plan.get("Plans", ())))


@pytest.mark.parametrize(
    ("shape", "index"),
    [(MEETINGS, "ix_meeting_held"), (SESSIONS, "ix_training_session_start"), (QUEUE, "ix_enrollment_queue")],
)
async def test_a_page_comes_in_the_order_of_its_index(
    database: Database, viewer: Viewer, shape: Page, index: str
) -> None:
    async with database.reading(viewer) as reading:
        raw = await Database.driver(reading)
        key = None if shape is not QUEUE else await raw.fetchval("SELECT session_id FROM enrollment LIMIT 1")
        query = keyset.page(shape, Window(50, shape.order), [key], Moment(viewer, NOW, NOW))
        rows = await raw.fetch(query.text, *query.values)
        plan = (await raw.fetchval(f"EXPLAIN (FORMAT JSON) {query.text}", *query.values))[0]["Plan"]
    assert len(rows) == 51, "a page, and one more that says that there is more"
    found = steps(plan)
    assert index in {name for _, name in found}
    assert {kind for kind, _ in found} & {"Seq Scan", "Bitmap Heap Scan"} == set()
