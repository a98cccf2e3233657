"""The HTTP application: GraphQL, health, and in development GraphiQL from local files.

Until there are viewers, everybody who reaches the port sees everything; so it listens on the loopback interface only
and answers only to its own names, lest a page in a browser reach it through a name of its own.
"""

import ipaddress
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from api.graphql import Endpoint, Source, request_id
from api.refusals import Obstacle, Words

GRAPHIQL = Path(__file__).parent / "graphiql"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRET_BYTES = 32
READY_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and whether it serves GraphiQL."""

    host: str = "127.0.0.1"
    port: int = 8000
    graphiql: bool = True


def application(source: Source, *, graphiql: bool = True) -> Starlette:
    """The application over one district of one database."""
    routes: list[Any] = [
        Route("/healthz", healthy),
        Route("/readyz", Ready(source.database)),
        Route("/graphql", Doors(Endpoint(source), graphiql=graphiql)),
    ]
    if graphiql:
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Named), Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))],
    )


async def serve(source: Source, listening: Listening = Listening()) -> None:
    """Serve until stopped; any address but the loopback interface is refused."""
    config = uvicorn.Config(
        application(source, graphiql=listening.graphiql),
        host=loopback(listening.host),
        port=listening.port,
        log_level="warning",
        lifespan="off",
        server_header=False,
        ws="none",
    )
    await uvicorn.Server(config).serve()


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """200 if ready, else 503 with the reason."""
        try:
            async with self.database.reading() as connection:
                await check_revision(await self.database.driver(connection))
        except Obstacle as obstacle:
            answer = JSONResponse({"ready": False, "reason": obstacle.code}, 503)
        except (*FAILED, TimeoutError):
            answer = JSONResponse({"ready": False, "reason": "DATABASE_UNREACHABLE"}, 503)
        else:
            answer = JSONResponse({"ready": True})
        await answer(scope, receive, send)


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

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = name
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, named)
