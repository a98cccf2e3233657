"""The application around GraphQL: health, GraphiQL from local files, and who may reach it."""

import asyncio
import re
import socket
import stat
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from api import graphiql
from api.app import Listening, application, bound, cursor_secret, loopback, serve
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


async def test_not_ready_while_all_connections_are_in_use(place: Place) -> None:
    small = Database(place.app_url, pool_size=1)
    async with client_of(Source(small, UUID(int=0), b"s" * 32)) as client, small.reading_everything():
        before = time.monotonic()
        ready = await client.get("/readyz")
        taken = time.monotonic() - before
    await small.close()
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "reason": "DATABASE_BUSY"})
    assert taken < 3


async def test_not_ready_while_the_database_stands_still() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        still = Database(f"postgresql://zhunze_app@127.0.0.1:{silent.getsockname()[1]}/none")
        async with client_of(Source(still, UUID(int=0), b"s" * 32)) as client:
            before = time.monotonic()
            ready = await client.get("/readyz")
            taken = time.monotonic() - before
        await still.close()
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "reason": "DATABASE_UNREACHABLE"})
    assert taken < 3


async def test_readiness_is_only_looked_at(client: httpx.AsyncClient) -> None:
    assert (await client.head("/readyz")).status_code == 200
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await client.request(method, "/readyz")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_what_nobody_expected_has_an_id_too(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("api.front.door.body_of", broken)
    async with client_of(source) as client:
        answer = await client.post("/graphql", json={"query": "{ a }"}, headers={"X-Request-Id": "probe-2"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, "probe-2")
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": "probe-2"}
    assert "secret" not in answer.text


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
    assert (page.status_code, page.headers["Content-Type"], script.status_code) == (
        *(406, "application/json; charset=utf-8"),
        404,
    )


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


@pytest.mark.parametrize(
    ("host", "written"), [("127.0.0.2", "127.0.0.2"), ("::1", "[::1]"), ("localhost", "127.0.0.1")]
)
async def test_it_says_where_it_listens_and_answers_there(source: Source, host: str, written: str) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    serving = asyncio.create_task(serve(source, Listening(host, 0), said.put_nowait))
    url = await said.get()
    async with httpx.AsyncClient(trust_env=False) as client:
        alive = await client.get(f"{url}/healthz")
    serving.cancel()
    await asyncio.wait({serving})
    assert re.fullmatch(rf"http://{re.escape(written)}:[1-9][0-9]*", url)
    assert (alive.status_code, said.empty()) == (200, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_port_in_use_is_an_obstacle_and_nothing_is_announced(source: Source, host: str) -> None:
    said: list[str] = []
    with bound(host, 0) as door, pytest.raises(Obstacle) as refused:
        await serve(source, Listening(host, door.getsockname()[1]), said.append)
    assert (refused.value.code, said) == ("PORT_TAKEN", [])


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


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_answers_leave_without_delay(host: str) -> None:
    """Held back until the other side confirms, head and body of an answer would be 40 milliseconds apart."""
    said: asyncio.Queue[int] = asyncio.Queue()

    class Door(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            talk = transport.get_extra_info("socket")
            said.put_nowait(talk.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with bound(host, 0) as door:
        server = await asyncio.get_running_loop().create_server(Door, sock=door)
        _, writer = await asyncio.open_connection(host, door.getsockname()[1])
        assert await said.get() == 1
        writer.close()
        server.close()
