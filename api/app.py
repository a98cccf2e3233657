"""The HTTP application: GraphQL, health, and in development GraphiQL from local files.

It answers only to its own names, lest a page in a browser reach it through a name of its own. Where callers are not
told apart it listens on the loopback interface only.
"""

import asyncio
import errno
import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

import sqlalchemy.exc
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api import logs
from api.auth.listening import is_loopback
from api.database import FAILED, Database, check_revision
from api.front import limits
from api.front.callers import Caller, Identify, everybody
from api.front.door import Endpoint
from api.front.execution import Engine, Outcome
from api.front.held import Held
from api.front.naming import PAGE, Named
from api.front.patience import PatientProtocol
from api.front.policy import Policy
from api.front.sockets import Sockets
from api.front.unmasking import unmasked
from api.graphql import Source
from api.metrics import Metrics
from api.refusals import Obstacle, Words

GRAPHIQL = Path(__file__).parent / "graphiql"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRET_BYTES = 32
READY_SECONDS = 2.5
"""How long readiness is looked for; whoever asks has the answer within 3 seconds."""
CONCURRENCY_MAX: Final = 1_000
"""Connections and requests at once; beyond that the answer is 503 without being looked at."""
CORS: Final[dict[str, Any]] = {
    "allow_methods": ("GET", "POST"),
    "allow_headers": ("Authorization", "Content-Type", "Purpose", "X-Request-Id"),
    "expose_headers": ("Retry-After", "X-Request-Id"),
    "allow_credentials": False,
}


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and whether it serves GraphiQL."""

    host: str = "127.0.0.1"
    port: int = 8000
    graphiql: bool = True


@dataclass(frozen=True, slots=True)
class Shell:
    """What an application is made with, apart from where it reads."""

    policy: Policy = field(default_factory=Policy)
    identify: Identify | None = None
    """Who asks; None = callers cannot be told apart, and all are PUBLIC."""
    routes: tuple[Route, ...] = ()
    """Further places: where to sign in."""
    log: TextIO | None = None
    """Where log lines go; None = standard error."""


def application(
    source: Source, *, graphiql: bool = True, host: str = HOSTS[0], shell: Shell | None = None
) -> Starlette:
    """The application over one district of one database; it also answers to the address on which it listens."""
    made = shell or Shell()
    policy, identify = made.policy, made.identify or everybody(source.district_id)
    engine, metrics = Engine(source, policy, partial(unmasked, source)), Metrics(source.database, policy)
    names = [*HOSTS, written(host), *policy.names]

    def record(outcome: Outcome, caller: Caller, wire: str) -> None:
        logs.note(outcome, caller, wire)
        metrics.note(outcome, wire)

    held = Held()
    sockets = Sockets(engine, identify, record, frozenset(each.strip("[]") for each in names), held)
    shown = graphiql and policy.developing
    routes: list[Any] = [
        Route("/healthz", healthy),
        Route("/readyz", Ready(source.database)),
        Route("/graphql", doors := Doors(Endpoint(engine, identify, record, held), sockets, graphiql=shown)),
        WebSocketRoute("/graphql", doors),
        *made.routes,
    ]
    if policy.metrics != "off":
        routes.append(Route("/metrics", metrics.page))
    if shown:
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))
    layers = [Middleware(Named), Middleware(TrustedHostMiddleware, allowed_hosts=names)]
    if policy.origins:
        layers.append(Middleware(CORSMiddleware, allow_origins=policy.origins, **CORS))
    return Starlette(routes=routes, middleware=layers)


async def serve(
    source: Source,
    listening: Listening = Listening(),
    announce: Callable[[str], None] = lambda _: None,
    shell: Shell | None = None,
) -> None:
    """Serve until stopped. Where callers are not told apart, any address but the loopback interface is refused.

    `announce` is told where, once nobody else can have the port. Raises `Obstacle` where it cannot be had.
    """
    made = shell or Shell()
    host = reachable(listening.host, made)
    config = uvicorn.Config(
        application(source, graphiql=listening.graphiql, host=host, shell=made),
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=limits.BODY_MAX,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        limit_concurrency=CONCURRENCY_MAX,
        proxy_headers=bool(made.policy.proxies),
        forwarded_allow_ips=list(made.policy.proxies),
        timeout_graceful_shutdown=limits.REQUEST_SECONDS,
    )
    with bound(host, listening.port) as door, logs.written(made.log):
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
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol must be named: the event loop sends answers without delay on sockets that say they are TCP only.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


def reachable(host: str, shell: Shell) -> str:
    """The address, if callers there are told apart and the installation is made for them; `Obstacle` otherwise."""
    if shell.identify is None or is_loopback(host):
        return loopback(host)
    if shell.policy.developing:
        raise Obstacle(
            "DEVELOPMENT_MODE",
            Words(f"开发模式下不能监听 {host}。", f"Not listening on {host} in development mode."),
            Words("请设置 ZHUNZE_MODE=production，或用 127.0.0.1。", "Set ZHUNZE_MODE=production, or use 127.0.0.1."),
        )
    return host


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
            f"不能监听 {host}：此处不验证身份，只供本机使用。",
            f"Not listening on {host}: callers are not told apart here, so it is for this machine alone.",
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
            async with self.database.reading_everything() as connection:
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
    """Everything for /graphql; in development a browser's GET gets GraphiQL."""

    endpoint: ASGIApp
    sockets: ASGIApp
    graphiql: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose by wire, then by what is liked as an answer."""
        if scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif self.graphiql and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
            headers = {"Content-Security-Policy": PAGE}
            page = Response((GRAPHIQL / "index.html").read_bytes(), headers=headers, media_type="text/html")
            await page(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)
