"""The HTTP application: GraphQL, health, and in development GraphiQL from local files.

Until there are viewers, everybody who reaches the port sees everything; so it listens on the loopback interface only
and answers only to its own names, lest a page in a browser reach it through a name of its own.
"""

import asyncio
import errno
import ipaddress
import logging
import os
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy.exc
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.database import FAILED, Database, check_revision
from api.graphql import GENERIC, INTERNAL, Endpoint, Source, request_id
from api.refusals import Obstacle, Words

GRAPHIQL = Path(__file__).parent / "graphiql"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRET_BYTES = 32
READY_SECONDS = 2.5
"""How long readiness is looked for; whoever asks has the answer within 3 seconds."""

log = logging.getLogger("zhunze.http")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and whether it serves GraphiQL."""

    host: str = "127.0.0.1"
    port: int = 8000
    graphiql: bool = True


def application(source: Source, *, graphiql: bool = True, host: str = HOSTS[0]) -> Starlette:
    """The application over one district of one database; it also answers to the address on which it listens."""
    routes: list[Any] = [
        Route("/healthz", healthy),
        Route("/readyz", Ready(source.database)),
        Route("/graphql", Doors(Endpoint(source), graphiql=graphiql)),
    ]
    if graphiql:
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))
    names = [*HOSTS, written(host)]
    return Starlette(
        routes=routes, middleware=[Middleware(Named), Middleware(TrustedHostMiddleware, allowed_hosts=names)]
    )


async def serve(
    source: Source, listening: Listening = Listening(), announce: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until stopped; any address but the loopback interface is refused.

    `announce` is told where, once nobody else can have the port. Raises `Obstacle` where it cannot be had.
    """
    host = loopback(listening.host)
    config = uvicorn.Config(
        application(source, graphiql=listening.graphiql, host=host),
        log_level="warning",
        lifespan="off",
        server_header=False,
        ws="none",
    )
    with bound(host, listening.port) as door:
        announce(f"http://{written(host)}:{door.getsockname()[1]}")
        server = uvicorn.Server(config)
        try:
            await server.serve([door])
        finally:
            # A cancelled server would go on watching the number of a closed socket, which the next one gets.
            for each in getattr(server, "servers", ()):
                each.close()


def written(host: str) -> str:
    """An address as it stands in a URL.

    >>> written("::1"), written("127.0.0.1")
    ('[::1]', '127.0.0.1')
    """
    return f"[{host}]" if ":" in host else host


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; `Obstacle` PORT_TAKEN or CANNOT_LISTEN if that cannot be."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen()
    except OSError as error:
        door.close()
        raise _no_door(f"{written(host)}:{port}", error) from error
    return door


def _no_door(place: str, error: OSError) -> Obstacle:
    if error.errno == errno.EADDRINUSE:
        return Obstacle(
            "PORT_TAKEN",
            Words(f"{place} 已被其他程序占用。", f"Another program listens on {place} already."),
            Words("请停止该程序，或用 --port 换一个端口。", "Stop that program, or choose another port with --port."),
        )
    return Obstacle(
        "CANNOT_LISTEN",
        Words(f"不能监听 {place}（错误号 {error.errno}）。", f"Cannot listen on {place} (errno {error.errno})."),
        Words(
            "请用本机回环地址和 1024 以上的端口。", "Use an address of the loopback interface and a port above 1023."
        ),
    )


def loopback(host: str) -> str:
    """The address, if it is of the loopback interface; `Obstacle` LOOPBACK_ONLY otherwise.

    >>> loopback("localhost"), loopback("::1")
    ('127.0.0.1', '::1')
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise Obstacle(
        "LOOPBACK_ONLY",
        Words(
            f"不能监听 {host}：接口尚无身份验证，任何能连上的人都能看到全部数据。",
            f"Not listening on {host}: the API does not know its callers yet, whoever reaches it sees everything.",
        ),
        Words(
            "请用 127.0.0.1；其他机器请经 SSH 隧道访问。",
            "Use 127.0.0.1; from another machine go through an SSH tunnel.",
        ),
    )


def cursor_secret(state: Path) -> bytes:
    """The secret that seals cursors, made once in the state folder and readable by its owner only."""
    path = state / "cursor.key"
    with tempfile.NamedTemporaryFile(dir=state) as fresh, suppress(FileExistsError):
        fresh.write(os.urandom(SECRET_BYTES))
        fresh.flush()
        os.link(fresh.name, path)  # appears whole or not at all, whoever is first
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise Obstacle(
            "CURSOR_KEY_DAMAGED",
            Words(f"{path} 已损坏。", f"{path} is damaged."),
            Words("请删除该文件后重启；旧的翻页游标将失效。", "Delete it and start again; old cursors end with it."),
        )
    return secret


async def healthy(_request: Request) -> Response:
    """The process lives."""
    return JSONResponse({"alive": True})


@dataclass(frozen=True)
class Ready:
    """Whether requests can be answered: the database is there and its schema is the one we know."""

    database: Database
    _looks: set["asyncio.Task[str | None]"] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """200 if ready, else 503 with the reason, in time whatever the database does."""
        if scope["method"] not in {"GET", "HEAD"}:
            await Response(status_code=405, headers={"Allow": "GET, HEAD"})(scope, receive, send)
            return
        look = asyncio.create_task(self._reason())
        self._looks.add(look)
        look.add_done_callback(self._looks.discard)
        done, _ = await asyncio.wait({look}, timeout=READY_SECONDS)
        # Not awaited: giving up a connection to a server that stands still takes its time too.
        look.cancel()
        reason = look.result() if done else "DATABASE_UNREACHABLE"
        answer = JSONResponse({"ready": False, "reason": reason}, 503) if reason else JSONResponse({"ready": True})
        await answer(scope, receive, send)

    async def _reason(self) -> str | None:
        """Why not; None = ready."""
        try:
            async with self.database.reading() as connection:
                await check_revision(await self.database.driver(connection))
        except Obstacle as obstacle:
            return obstacle.code
        except sqlalchemy.exc.TimeoutError:
            return "DATABASE_BUSY"
        except (*FAILED, TimeoutError):
            return "DATABASE_UNREACHABLE"
        return None


@dataclass(frozen=True)
class Doors:
    """POST goes to GraphQL; a browser's GET gets GraphiQL in development; anything else is refused."""

    endpoint: ASGIApp
    graphiql: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose by method."""
        if scope["method"] == "POST":
            await self.endpoint(scope, receive, send)
        elif self.graphiql and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
            page = Response((GRAPHIQL / "index.html").read_bytes(), media_type="text/html")
            await page(scope, receive, send)
        else:
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)


@dataclass(frozen=True)
class Named:
    """Gives every request its id and every answer the headers that all have."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = request_id(Headers(scope=scope).get("x-request-id"))
        scope["request_id"] = name

        begun = False

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = name
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, named)
        except Exception as error:
            if begun:
                raise
            log.error("request %s failed: %s", name, type(error).__name__, exc_info=error)
            shown = {"message": GENERIC[INTERNAL], "extensions": {"code": INTERNAL, "requestId": name}}
            await JSONResponse({"errors": [shown]}, 500)(scope, receive, named)
