"""What a deep page costs as a ratio to the first, measured in turn: `python benchmarks/page_depth.py [--rows N]`.

A district of its own gets that many hotline cases; pages of 100 are read as the bureau reads them, with its database
role and row policies. Page k is the page behind row 100 (k - 1) of the list.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import text

from api import clock
from api.database import Database, opened
from api.postgres import running
from api.settings import load
from schema import tables
from schema.directives import Role
from schema.fields import descending
from schema.moments import Moment
from schema.reads import keyset
from schema.reads.keyset import Window
from schema.shapes import Page, source_of
from schema.viewer import Viewer

PAGE = 100
ROWS = 1_000_100
ORDER = descending(tables.Complaint.received_on, tables.Complaint.id)
SHAPE = Page(source_of(tables.Complaint), ORDER, columns=("id", "external_ref", "state"))

DISTRICT = "INSERT INTO district (id, code, name) VALUES (:id, '430399', 'benchmark')"
RECORDS = """
    INSERT INTO record (id, district_id, noun, key)
    SELECT gen_random_uuid(), :district, 'complaint', n::text FROM generate_series(1, :rows) n
"""
CASES = """
    INSERT INTO complaint (id, version, recorded_at, district_id, external_ref, channel, kind, received_on,
        category_code, callback, state)
    SELECT id, 1, now(), district_id, key, 'HOTLINE_12345', 'COMPLAINT', DATE '2020-01-01' + (key::int % 2000),
        '01', 'NOT_CALLED', 'CLOSED'
    FROM record WHERE district_id = :district
"""
POSITION = """
    SELECT received_on, id FROM complaint WHERE district_id = $1 AND superseded_at = 'infinity'
    ORDER BY received_on DESC, id DESC OFFSET $2 LIMIT 1
"""


async def fill(database: Database, rows: int) -> UUID:
    """A district with that many cases."""
    district = clock.new_id()
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT set_config('app.viewer', 'benchmark', true)"))
        await connection.execute(text(DISTRICT), {"id": district})
        for statement in (RECORDS, CASES):
            given = {"district": district, "rows": rows} if ":rows" in statement else {"district": district}
            await connection.execute(text(statement), given)
    return district


async def measured(database: Database, rows: int, rounds: int) -> tuple[int, list[float], list[float]]:
    """The number of the deep page, and times of the first and of the deep page in turn."""
    district = await fill(database, rows)
    viewer = Viewer(district, frozenset({Role.PUBLIC, Role.BUREAU_ADMIN}))
    now = clock.now()
    at = Moment(viewer, now, now)
    deep = rows // PAGE
    async with database.reading_everything() as connection:
        await (await database.driver(connection)).execute("SET LOCAL statement_timeout = 0")
        found = await (await database.driver(connection)).fetchrow(POSITION, district, (deep - 1) * PAGE - 1)
    assert found is not None, "the page is there"
    first, last = Window(PAGE, ORDER), Window(PAGE, ORDER, tuple(found))
    times: dict[bool, list[float]] = {False: [], True: []}
    async with database.reading(viewer) as connection:
        raw: Any = await database.driver(connection)
        for turn in range(2 * rounds):
            query = keyset.page(SHAPE, last if turn % 2 else first, [None], at)
            start = perf_counter()
            page = await raw.fetch(query.text, *query.values)
            times[bool(turn % 2)].append(perf_counter() - start)
            assert len(page) >= PAGE, "a whole page"
    return deep, times[False], times[True]


def ratio(rows: int, rounds: int) -> tuple[int, float]:
    """The number of the deep page and what it costs, the first being 1."""
    with tempfile.TemporaryDirectory(prefix="zhunze-") as folder, running(load(Path(folder) / "state")) as server:

        async def work() -> tuple[int, list[float], list[float]]:
            async with opened(server) as database:
                return await measured(database, rows, rounds)

        deep, first, last = asyncio.run(work())
    return deep, median(last) / median(first)


def main() -> None:
    """Print the ratio; fail where the deep page costs more than allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--most", type=float, default=1.5)
    asked = parser.parse_args()
    deep, found = ratio(asked.rows, asked.rounds)
    sys.stdout.write(f"page {deep:,} of {PAGE} rows costs {found:.2f} of page 1\n")
    if found > asked.most:
        sys.exit(1)


if __name__ == "__main__":
    main()
