"""Time of reading, and of importing, a workbook as ratios to calamine alone reading the same bytes into lists.

All are measured in one process, in turn: `python benchmarks/import_ratio.py [FILE.xlsx] [--rounds N]`. Each import goes
into a database of its own on an embedded server started before the clock runs.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

from python_calamine import CalamineWorkbook

from api import sample
from api.actions.import_workbook import Order, import_workbook
from api.database import Database, opened
from api.desk import Actor
from api.postgres import running
from api.settings import load
from api.workbook import read_workbook

CLERK = Actor("console:benchmark", "benchmark", "BUREAU_ADMIN")


def values_alone(data: bytes) -> int:
    """Read every sheet into lists with calamine; the number of rows."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    return sum(len(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names)


def whole_reading(data: bytes) -> int:
    """Read and check the workbook; the number of rows accepted."""
    return sum(len(rows) for rows in read_workbook(data).rows.values())


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """Time of one run."""
    start = perf_counter()
    work(data)
    return perf_counter() - start


def import_seconds(data: bytes) -> float:
    """Time of one import into an empty database, everything committed."""
    with tempfile.TemporaryDirectory(prefix="zhunze-") as folder, running(load(Path(folder) / "state")) as server:

        async def once() -> float:
            async with opened(server) as database:
                return await timed(database)

        async def timed(database: Database) -> float:
            start = perf_counter()
            outcome = await import_workbook(database, CLERK, Order("benchmark.xlsx", data, sample.AS_OF))
            assert outcome.batch_id is not None, "the workbook goes in"
            return perf_counter() - start

        return asyncio.run(once())


def main() -> None:
    """Measure in turn and print medians and ranges of the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    order = parser.parse_args()
    data = order.file.read_bytes() if order.file else sample.data()
    rows = whole_reading(data)
    alone, reading, importing = [], [], []
    for _ in range(order.rounds):
        alone.append(seconds(values_alone, data))
        reading.append(seconds(whole_reading, data))
        importing.append(import_seconds(data))
    sys.stdout.write(f"{rows} rows, {order.rounds} rounds, calamine alone {median(alone):.3f} s\n")
    for name, times in (("reading with checks", reading), ("whole import", importing)):
        ratios = [time / base for time, base in zip(times, alone, strict=True)]
        sys.stdout.write(
            f"{name}: {median(times):.3f} s, ratio {median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]\n"
        )


if __name__ == "__main__":
    main()
