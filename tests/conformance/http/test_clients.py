"""Clients and audits written by others, run with Node against a real server."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.app import Shell
from api.database import Database
from api.graphql import Source
from tests.api.front.test_sockets import served
from tests.factories import founded

HERE = Path(__file__).parent
QUERY, WRONG = "{ areas(first: 1) { nodes { code } } }", "{ nothing }"
AUDITS = 61


@pytest.fixture(scope="module")
def modules() -> Path:
    """A folder with the packages, filled once for each list of them; it lies outside the project."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: audits and clients of others were not run")
    wanted = (HERE / "package.json").read_bytes() + (HERE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(tempfile.gettempdir()))
    folder = cache / f"zhunze-conformance-{sha256(wanted).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"npm could not fetch the packages: {done.stderr[-300:]}")
        (folder / "complete").touch()
    return folder


@pytest_asyncio.fixture(scope="module")
async def address(database: Database) -> AsyncIterator[str]:
    world = await founded(database)
    world.street(code="430399001")
    await world.save()
    async with served(Source(database, world.district_id, b"s" * 32), Shell()) as each:
        yield each


async def ran(script: str, modules: Path, *arguments: str) -> Any:
    """What a script prints."""
    done = await asyncio.create_subprocess_exec(
        *("node", str(HERE / script), str(modules), *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, said = await asyncio.wait_for(done.communicate(), 60)
    assert done.returncode == 0, said.decode()
    return json.loads(out)


async def test_all_audits_of_graphql_over_http(modules: Path, address: str) -> None:
    results = await ran("audits.mjs", modules, f"http://{address}/graphql")
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == AUDITS


async def test_the_client_for_websockets(modules: Path, address: str) -> None:
    right, wrong = await ran("sockets.mjs", modules, f"ws://{address}/graphql", QUERY, WRONG)
    assert (right["error"], right["complete"]) == (None, True)
    assert [each["data"] for each in right["next"]] == [{"areas": {"nodes": [{"code": "430399001"}]}}]
    assert (wrong["next"], wrong["complete"]) == ([], False)
    assert [each["extensions"]["code"] for each in wrong["error"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_the_client_for_events(modules: Path, address: str) -> None:
    right, wrong = await ran("events.mjs", modules, f"http://{address}/graphql", QUERY, WRONG)
    assert (right["error"], right["complete"]) == (None, True)
    assert [each["data"] for each in right["next"]] == [{"areas": {"nodes": [{"code": "430399001"}]}}]
    assert wrong["complete"]
    assert [each["errors"][0]["extensions"]["code"] for each in wrong["next"]] == ["GRAPHQL_VALIDATION_FAILED"]
