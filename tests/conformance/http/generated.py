"""Thousands of generated requests against a real server: none may meet a bug.

    python -m tests.conformance.http.generated --cases 5000 --seed 1

Schemathesis writes operations and variables out of the served schema, right ones and wrong ones. The server answers
with a sample district behind it; a status of 500 or an answer that says INTERNAL_SERVER_ERROR fails the run. Without a
seed one is drawn and printed.
"""

import argparse
import asyncio
import io
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from api import sample
from api.actions.import_workbook import Order, import_workbook
from api.app import Listening, Shell, serve
from api.database import Database
from api.desk import SYSTEM
from api.districts import the_district
from api.front.callers import everybody
from api.front.policy import Policy
from api.graphql import Source
from schema.directives import Role
from schema.query import SCHEMA
from tests import cluster


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    cases: int
    bugs: tuple[str, ...]
    passed: bool
    report: str


async def run(source: Source, cases: int, seed: int) -> Run:
    """Ask at least so many generated requests."""
    lines = io.StringIO()
    shell = Shell(Policy(rate_factor=1000), everybody(source.district_id, Role.BUREAU_ADMIN), log=lines)
    said: asyncio.Queue[str] = asyncio.Queue()
    roots = SCHEMA.core.query_type
    assert roots is not None, "there is a query type"
    each = -(-cases * 5 // (4 * len(roots.fields)))  # what cannot be generated for one field is made up by the others
    serving = asyncio.create_task(serve(source, Listening("127.0.0.1", 0), said.put_nowait, shell))
    folder = tempfile.mkdtemp(prefix="zhunze-generated-")
    try:
        url = await said.get()
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/graphql", "--phases", "fuzzing"),
            *("--max-examples", str(each), "--seed", str(seed), "--checks", "not_a_server_error"),
            *("--suppress-health-check", "all", "--no-color"),
            cwd=folder,  # it keeps notes where it runs
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        out, _ = await done.communicate()
    finally:
        shutil.rmtree(folder)
        serving.cancel()
        await asyncio.wait({serving})
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    asked = [line for line in told if line["event"] == "graphql"]
    bugs = tuple(line["request"] for line in asked if "INTERNAL_SERVER_ERROR" in line["codes"])
    failed = "".join(f"{line['event']}\n{line.get('exception')}\n" for line in told if line["level"] == "error")
    return Run(len(asked), bugs, done.returncode == 0, out.decode() + failed)


async def _main(cases: int, seed: int) -> Run:
    async with cluster.joined(f"gen{secrets.token_hex(2)}") as made:
        name = made.template.removesuffix("template") + "generated"
        place = await made.clone(name)
        database = Database(place.app_url)
        order = Order(sample.NAME, sample.data(), sample.AS_OF, district_name=sample.DISTRICT_NAME)
        await import_workbook(database, SYSTEM, order)
        async with database.reading_everything() as reading:
            district = await the_district(await Database.driver(reading), None)
        try:
            return await run(Source(database, district.id, b"s" * 32), cases, seed)
        finally:
            await database.close()
            await made.drop(name)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Generated requests against a real server.")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else secrets.randbelow(10**9)
    found = asyncio.run(_main(given.cases, seed))
    sys.stdout.write(found.report)
    sys.stdout.write(f"seed {seed}: {found.cases} requests, {len(found.bugs)} bugs\n")
    sys.exit(0 if found.passed and not found.bugs and found.cases >= given.cases else 1)


if __name__ == "__main__":
    main()
