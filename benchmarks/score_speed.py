"""Evidence rows per second of scoring both half-years of the sample district, quarters included.

`python benchmarks/score_speed.py [--rounds N]`: reading the facts, evaluating and storing.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from api import sample
from api.actions.import_workbook import Order, import_workbook
from api.actions.score_period import Order as ScoreOrder
from api.actions.score_period import score_period
from api.database import Database, opened
from api.desk import Actor
from api.postgres import running
from api.settings import load

CLERK = Actor("console:benchmark", "benchmark", "BUREAU_ADMIN")


async def timed(database: Database) -> tuple[int, float]:
    """Evidence rows of the district, and the time of scoring both half-years."""
    await import_workbook(database, CLERK, Order(sample.NAME, sample.data(), sample.AS_OF))
    start, rows = perf_counter(), 0
    for period in sample.PERIODS:
        rows = (await score_period(database, CLERK, ScoreOrder(period)))[-1].evidence_rows
    return rows, perf_counter() - start


def once() -> tuple[int, float]:
    """One round on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="zhunze-") as folder, running(load(Path(folder) / "state")) as server:

        async def work() -> tuple[int, float]:
            async with opened(server) as database:
                return await timed(database)

        return asyncio.run(work())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = [once() for _ in range(parser.parse_args().rounds)]
    rows = rounds[0][0]
    speeds = [count / time for count, time in rounds]
    sys.stdout.write(
        f"{rows} evidence rows, 4 quarters and 2 half-years: {median(time for _, time in rounds):.2f} s,"
        f" {median(speeds):,.0f} evidence rows a second [{min(speeds):,.0f}-{max(speeds):,.0f}]\n"
    )


if __name__ == "__main__":
    main()
