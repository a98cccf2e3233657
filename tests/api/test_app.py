"""The application around GraphQL: health, GraphiQL from local files, and who may reach it."""

import re
import stat
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from api import graphiql
from api.app import Listening, application, cursor_secret, loopback, serve
from api.database import Database
from api.graphql import Source
from api.refusals import Obstacle
from tests.cluster import Place, run_sql
from tests.factories import founded

FOLDER = Path(graphiql.__file__).parent


def client_of(source: Source, *, graphiql: bool = True, base_url: str = "http://127.0.0.1:8000") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(application(source, graphiql=graphiql)), base_url=base_url)


@pytest_asyncio.fixture(scope="module")
async def source(database: Database) -> Source:
    return Source(database, (await founded(database)).district_id, b"s" * 32)


@pytest_asyncio.fixture(scope="module")
async def client(source: Source) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(source) as each:
        yield each


async def test_alive_and_ready(client: httpx.AsyncClient) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"alive": True})
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


async def test_not_ready_with_another_schema(fresh_place: Place, fresh_database: Database) -> None:
    world = await founded(fresh_database)
    await run_sql(fresh_place.owner_url, "UPDATE alembic_version SET version_num = '0000'")
    async with client_of(Source(fresh_database, world.district_id, b"s" * 32)) as client:
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "reason": "SCHEMA_OUTDATED"})
    assert alive.status_code == 200


async def test_not_ready_without_a_database() -> None:
    nowhere = Database("postgresql://zhunze_app@127.0.0.1:1/none")
    async with client_of(Source(nowhere, UUID(int=0), b"s" * 32)) as client:
        ready = await client.get("/readyz")
    await nowhere.close()
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "reason": "DATABASE_UNREACHABLE"})


async def test_a_browser_gets_graphiql_and_all_of_it_from_here(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert loaded == [
        "data:,",
        "/graphiql/graphiql.css",
        "/graphiql/page.css",
        "/graphiql/react.js",
        "/graphiql/react-dom.js",
        "/graphiql/graphiql.js",
        "/graphiql/page.js",
    ]
    for path in loaded[1:]:
        answer = await client.get(path)
        assert (answer.status_code, answer.content) == (200, (FOLDER / Path(path).name).read_bytes())


def test_other_peoples_files_are_as_noted_and_small() -> None:
    noted = dict(re.findall(r"^  ([0-9a-f]{64})  (\S+)$", (FOLDER / "LICENSES.txt").read_text("utf-8"), re.MULTILINE))
    found = {sha256((FOLDER / name).read_bytes()).hexdigest(): name for name in noted.values()}
    assert found == noted
    assert sorted(noted.values()) == ["graphiql.css", "graphiql.js", "react-dom.js", "react.js"]
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_500_000


@pytest.mark.parametrize("name", ["graphiql.css", "index.html", "page.css", "page.js"])
def test_no_page_loads_anything_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    assert re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]+|@import|url\((?!data:)[^)]*\)""", text) == []


async def test_without_graphiql_a_browser_gets_nothing(source: Source) -> None:
    async with client_of(source, graphiql=False) as client:
        page = await client.get("/graphql", headers={"Accept": "text/html"})
        script = await client.get("/graphiql/page.js")
    assert (page.status_code, page.headers["Allow"], script.status_code) == (405, "POST", 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_only_post_reaches_graphql(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/graphql", params={"query": "{ __typename }"})
    assert (answer.status_code, answer.headers["Allow"], answer.content) == (405, "POST", b"")


async def test_every_answer_has_an_id_and_is_not_stored(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/readyz", "/graphql", "/nowhere"):
        headers = (await client.get(path, headers={"X-Request-Id": "probe-1"})).headers
        assert headers["X-Request-Id"] == "probe-1"
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


async def test_another_name_for_this_machine_is_refused(source: Source) -> None:
    async with client_of(source, base_url="http://rebound.example:8000") as client:
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
    assert answer.status_code == 400
    for name in ("http://localhost:8000", "http://[::1]:8000"):
        async with client_of(source, base_url=name) as client:
            assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.evil", "127.1"])
async def test_it_listens_on_the_loopback_interface_only(source: Source, host: str) -> None:
    with pytest.raises(Obstacle) as refused:
        await serve(source, Listening(host=host))
    assert refused.value.code == "LOOPBACK_ONLY"
    assert host in str(refused.value.message)


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("127.8.9.1", "127.8.9.1"), ("::1", "::1")])
def test_loopback_addresses_are_taken(host: str, address: str) -> None:
    assert loopback(host) == address


def test_the_cursor_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        secrets = set(many.map(lambda _: cursor_secret(tmp_path), range(32)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32
    assert stat.S_IMODE((tmp_path / "cursor.key").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["cursor.key"]


def test_a_damaged_cursor_secret_is_not_replaced_silently(tmp_path: Path) -> None:
    (tmp_path / "cursor.key").write_bytes(b"short")
    with pytest.raises(Obstacle) as refused:
        cursor_secret(tmp_path)
    assert refused.value.code == "CURSOR_KEY_DAMAGED"
    assert (tmp_path / "cursor.key").read_bytes() == b"short"
