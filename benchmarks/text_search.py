"""What it costs to search names of a hundred districts' size: `python benchmarks/text_search.py [--rounds N]`.

The first page and the count of companies and compounds whose name holds a word, as each viewer's database role and
under its row policies, in turn with the same search by an index of trigrams as an administrator whom no policy binds.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import make_url

from api.database import Database, opened
from api.postgres import Server, running
from api.settings import load
from schema.directives import Role
from schema.viewer import Viewer

COMPANIES, COMPOUNDS = 4_800, 22_400
DISTRICT = UUID("018f0000-0000-7000-8000-000000000001")
SYLLABLES = "湘潭岳塘雨湖华银润达康宁盛世嘉园锦绣新城翠竹恒信万和"
FILLED = f"""
    INSERT INTO district VALUES ('{DISTRICT}', '430399', 'benchmark');
    CREATE TEMP TABLE made AS
        SELECT n, md5(n::text)::uuid AS id, (SELECT string_agg(substr('{SYLLABLES}', 1 + (n * i * 7 + i) %
            {len(SYLLABLES)}, 1), '') FROM generate_series(1, 4) i) || (n % 997) AS name
        FROM generate_series(1, {2 * COMPANIES + COMPOUNDS}) n;
    INSERT INTO record SELECT id, CASE WHEN n > {COMPANIES} THEN '{DISTRICT}'::uuid END, 'Probe', n::text FROM made;
    INSERT INTO company (id, version, recorded_at, uscc, name, name_pinyin)
        SELECT id, 1, now(), n::text, name || '物业', n::text FROM made WHERE n <= {COMPANIES};
    INSERT INTO filing (id, district_id, version, recorded_at, company_id, reported_state)
        SELECT f.id, '{DISTRICT}', 1, now(), c.id, 'OPERATING'
        FROM made c JOIN made f ON f.n = c.n + {COMPANIES} WHERE c.n <= {COMPANIES};
    INSERT INTO compound (id, district_id, version, recorded_at, code, name, street_id, community_id)
        SELECT id, '{DISTRICT}', 1, now(), n::text, name || '小区', (SELECT min(id::text)::uuid FROM made),
            (SELECT min(id::text)::uuid FROM made) FROM made WHERE n > {2 * COMPANIES};
    CREATE INDEX ON company USING gin (name gin_trgm_ops);
    CREATE INDEX ON compound USING gin (name gin_trgm_ops);
    ANALYZE
"""
SEARCH = (
    "SELECT id, count(*) OVER () FROM {table} WHERE superseded_at = 'infinity' AND name ILIKE $1 ORDER BY id LIMIT 50"
)
WORDS = {"two characters": "%华银%", "four characters": "%湖华银润%"}


def viewers() -> Mapping[str, Viewer]:
    """Those who search."""

    def of(role: Role) -> Viewer:
        return Viewer(DISTRICT, frozenset({Role.PUBLIC, role}))

    return {"bureau": of(Role.BUREAU_ADMIN), "auditor": of(Role.AUDITOR), "public": Viewer(DISTRICT)}


async def milliseconds(connection: asyncpg.Connection, table: str, word: str) -> float:
    """Time of one search."""
    begun = perf_counter()
    await connection.fetch(SEARCH.format(table=table), word)
    return (perf_counter() - begun) * 1000


async def filled(server: Server) -> asyncpg.Connection:
    """The district, and an administrator."""
    name = make_url(server.app_url).database
    address = make_url(server.admin_url).set(database=name).render_as_string(hide_password=False)
    admin = await asyncpg.connect(address)
    for statement in FILLED.split(";"):
        await admin.execute(statement)
    return admin


async def compared(server: Server, database: Database, rounds: int) -> None:
    """Print each search of each viewer beside the administrator's."""
    admin = await filled(server)
    for name in ("company", "compound"):
        for kind, viewer in viewers().items():
            for length, word in WORDS.items():
                async with database.reading(viewer) as reading:
                    raw: Any = await Database.driver(reading)
                    pairs = [
                        (await milliseconds(raw, name, word), await milliseconds(admin, name, word))
                        for _ in range(rounds)
                    ]
                scoped, indexed = (median(each) for each in zip(*pairs, strict=True))
                sys.stdout.write(f"{name:8} {kind:8} {length:15} {scoped:6.2f} ms, by index {indexed:6.2f} ms\n")
    await admin.close()


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds

    async def measured() -> None:
        async with opened(server) as database:
            await compared(server, database, rounds)

    with tempfile.TemporaryDirectory(prefix="zhunze-") as folder, running(load(Path(folder) / "state")) as server:
        asyncio.run(measured())


if __name__ == "__main__":
    main()
