"""GraphQL over WebSocket (graphql-transport-ws): operations checked as over HTTP, each mistake with its close code."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.front import limits, refusals
from api.front.callers import Caller, Identify, address_of, viewer_of
from api.front.door import Recorder
from api.front.errors import log, public
from api.front.execution import Engine
from api.front.held import Held, TooManyHeld
from api.front.media import language, request_id
from api.front.refusals import Inadmissible
from api.front.requests import json_of, of_value
from schema.viewer import Viewer

PROTOCOL: Final = "graphql-transport-ws"
WATCH_SECONDS: Final = 5
"""How often an open connection is asked whether its credentials still hold."""
ID_MAX: Final = 128
CREDENTIALS: Final = frozenset({"authorization", "purpose"})


class Close(Exception):  # noqa: N818 (the end of a conversation)
    """The connection ends, with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Gone(Exception):  # noqa: N818 (nobody is left to be told)
    """The caller has hung up."""


@dataclass(frozen=True)
class Sockets:
    """Every WebSocket to /graphql."""

    engine: Engine
    identify: Identify
    record: Recorder
    names: frozenset[str]
    """Hosts whose pages may connect."""
    held: Held = field(default_factory=Held)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until either side ends it."""
        assert (await receive())["type"] == "websocket.connect", "a connection begins with its request"
        if not self._welcome(Headers(scope=scope).get("origin")):
            await send({"type": "websocket.close", "code": 4403})  # before it is accepted: HTTP 403
            return
        spoken = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if spoken else None})
        try:
            if not spoken:
                raise Close(4406, "Subprotocol not acceptable")
            with self.held.at(address_of(scope)):
                await Conversation(self, scope, receive, send).hold()
        except Close as end:
            with suppress(Exception):
                await send({"type": "websocket.close", "code": end.code, "reason": end.reason})
        except TooManyHeld:
            with suppress(Exception):
                await send({"type": "websocket.close", "code": 4429, "reason": "Too many connections"})
        except Gone:
            return
        except Exception as error:
            log.error("a connection failed: %s", type(error).__name__, exc_info=error)
            with suppress(Exception):
                await send({"type": "websocket.close", "code": 4500, "reason": "Internal error"})

    def _welcome(self, origin: str | None) -> bool:
        """Whether a page from there may connect; programs that are no browsers name no origin."""
        if origin is None:
            return True
        try:
            return origin in self.engine.policy.origins or urlsplit(origin).hostname in self.names
        except ValueError:
            return False


class Conversation:
    """One connection."""

    def __init__(self, sockets: Sockets, scope: Scope, receive: Receive, send: Send) -> None:
        self._sockets = sockets
        self._receive = receive
        self._send = send
        self._address = address_of(scope)
        self._language = language(Headers(scope=scope).get("accept-language"))
        self._credentials = Headers()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        """Take messages until the end; what still runs then is given up."""
        try:
            async with asyncio.timeout(limits.INIT_SECONDS):
                viewer = await self._opened()
        except TimeoutError:
            raise Close(4408, "Connection initialisation timeout") from None
        try:
            with self._sockets.held.of(viewer, self._address):
                await self._say({"type": "connection_ack"})
                await self._converse()
        finally:
            await self._give_up()

    async def _opened(self) -> Viewer:
        """The first message that counts: who is there."""
        while True:
            message = await self._message()
            if message["type"] == "connection_init":
                payload = message.get("payload") or {}
                if not isinstance(payload, dict):
                    raise Close(4400, "Invalid connection init payload")
                self._credentials = _headers_of(payload)
                return await self._viewer()
            if message["type"] == "subscribe":
                raise Close(4401, "Unauthorized")
            await self._aside(message)

    async def _converse(self) -> None:
        watch = asyncio.create_task(self._watch())
        try:
            while True:
                reading = asyncio.ensure_future(self._message())
                await asyncio.wait({reading, watch}, return_when=asyncio.FIRST_COMPLETED)
                if watch.done():
                    reading.cancel()
                    watch.result()
                await self._act(await reading)
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        """Ends with `Close` when the credentials no longer hold; while nobody can tell, they do."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await viewer_of(self._sockets.identify, self._credentials, self._address)
            except Inadmissible as wrong:
                if wrong.refusal.status != 503:
                    raise Close(4403, "Forbidden") from None

    async def _act(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                raise Close(4429, "Too many initialisation requests")
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                task = self._running.pop(_id_of(message), None)
                if task is not None:
                    task.cancel()
            case _:
                await self._aside(message)

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        name = _id_of(message)
        if name in self._running:
            raise Close(4409, f"Subscriber for {name} already exists")
        try:
            asked = of_value(message.get("payload"))
        except Inadmissible:
            raise Close(4400, "Invalid subscribe payload") from None
        if len(self._running) >= limits.STREAMS_MAX:
            error = refusals.TOO_MANY_STREAMS.error()
            told = public(error, request_id(None), before=True, language=self._language)
            await self._say({"id": name, "type": "error", "payload": [told]})
            return
        viewer = await self._viewer()
        caller = Caller(viewer, self._address, request_id(None), self._language)
        task = asyncio.create_task(self._run(name, asked, caller))
        self._running[name] = task

    async def _run(self, name: str, asked: Any, caller: Caller) -> None:
        outcome = await self._sockets.engine.answer(asked, caller)
        self._sockets.record(outcome, caller, "websocket")
        # Counted as running until it is on the wire: whoever does not read gets no more answers worked out.
        with suppress(Exception):  # the caller may have gone meanwhile
            if outcome.executed:
                await self._say({"id": name, "type": "next", "payload": outcome.body})
            last = {"type": "complete"} if outcome.executed else {"type": "error", "payload": outcome.body["errors"]}
            await self._last(name, last)

    async def _last(self, name: str, message: Mapping[str, Any]) -> None:
        """The end of an operation; once it is said its id may be used again."""
        del self._running[name]
        await self._say({"id": name, **message})

    async def _aside(self, message: Mapping[str, Any]) -> None:
        """Messages that may come at any time."""
        if message["type"] == "ping":
            await self._say({"type": "pong"})
        elif message["type"] != "pong":
            raise Close(4400, "Unknown message type")

    async def _viewer(self) -> Viewer:
        try:
            return await viewer_of(self._sockets.identify, self._credentials, self._address)
        except Inadmissible as wrong:
            if wrong.refusal.status == 503:
                raise Close(4500, "Not available") from None
            raise Close(4403, "Forbidden") from None

    async def _message(self) -> Mapping[str, Any]:
        """The next message; `Close` if it is none."""
        came = await self._receive()
        if came["type"] == "websocket.disconnect":
            raise Gone
        text = came.get("text")
        if text is None:
            raise Close(4400, "Messages are texts")
        try:
            message = json_of(text.encode())
        except (Inadmissible, UnicodeEncodeError):
            raise Close(4400, "Messages are JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Close(4400, "Messages are objects with a type")
        return message

    async def _say(self, message: Mapping[str, Any]) -> None:
        await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _give_up(self) -> None:
        tasks = list(self._running.values())
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _id_of(message: Mapping[str, Any]) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= ID_MAX:
        raise Close(4400, "An id is a text of 1 to 128 characters")
    return name


def _headers_of(payload: Mapping[str, Any]) -> Headers:
    """What a first message says of its sender, as the headers of a request would say it."""
    said = {name: value for name, value in payload.items() if name.lower() in CREDENTIALS and isinstance(value, str)}
    try:
        return Headers(said)
    except UnicodeEncodeError:
        raise Close(4403, "Forbidden") from None
