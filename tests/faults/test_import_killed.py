"""An import killed half-way leaves nothing behind, and the next one goes in whole."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.database import Database
from tests.api.actions.test_import_workbook import everything, known
from tests.cluster import Place
from tests.workbooks import sample

KILLS = int(os.environ.get("ZHUNZE_FAULT_CYCLES", "3"))
PROGRAM = [sys.executable, "-c", "from api.cli import main; main()"]


def start(place: Place, file: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*PROGRAM, "import", str(file), "--as-of", "2026-07-10"],
        env={**os.environ, **place.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def writing(database: Database) -> bool:
    """Whether another connection is adding findings right now."""
    from sqlalchemy import text

    async with database.reading_everything() as connection:
        found = await connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO finding%' AND state = 'active'")
        )
        return bool(found.scalar())


@pytest.mark.parametrize("cycle", range(KILLS))
async def test_killed_while_writing_findings(
    fresh_place: Place, fresh_database: Database, tmp_path: Path, cycle: int
) -> None:
    file = tmp_path / "district.xlsx"
    file.write_bytes(sample("yuetang_2026H1.xlsx"))
    before = await everything(fresh_database)
    process = start(fresh_place, file)
    for _ in range(3_000):
        if await writing(fresh_database):
            break
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        await asyncio.sleep(0.005)
    else:
        pytest.fail("the import never came to the findings")
    await asyncio.sleep(0.05 * cycle)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    for _ in range(200):
        if not await writing(fresh_database):
            break
        await asyncio.sleep(0.05)
    assert await everything(fresh_database) == before
    if cycle == 0:
        again = start(fresh_place, file)
        assert await asyncio.to_thread(again.wait) == 0
        assert (await known(fresh_database))["finding"] == 25_423
