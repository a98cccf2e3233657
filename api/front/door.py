"""GraphQL over HTTP: POST with JSON, GET by document id, answers whole or as events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Final

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.front import events, refusals
from api.front.bodies import Gone, body_of
from api.front.callers import Caller, Identify, caller_of
from api.front.errors import public
from api.front.execution import Engine, Outcome
from api.front.held import Held, TooManyHeld
from api.front.limits import ADDRESS_MAX
from api.front.media import Media, accepted, language, require_json, within_bounds
from api.front.refusals import Inadmissible, Refusal
from api.front.requests import Asked, of_body, of_parameters

VARY: Final = "Accept, Accept-Language, Authorization"
KEPT: Final = "public, max-age=0, must-revalidate"
"""Others may keep a public answer, and ask each time whether it still holds."""

Recorder = Callable[[Outcome, Caller, str], None]
"""Told of each answer and the wire it went over."""


@dataclass(frozen=True)
class Endpoint:
    """The engine behind /graphql."""

    engine: Engine
    identify: Identify
    record: Recorder = lambda _outcome, _caller, _wire: None
    held: Held = field(default_factory=Held)
    """Connections held open; event streams count like sockets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no request is refused before anything reads it."""
        headers = Headers(scope=scope)
        try:
            form, asked = await self._asked(scope, receive, headers)
            caller = await caller_of(self.identify, scope)
        except Gone:
            return
        except Inadmissible as wrong:
            await refused(wrong.refusal, scope)(scope, receive, send)
            return
        if form is Media.EVENTS:
            await self._streamed(asked, caller, scope, receive, send)
            return
        outcome = await self.engine.answer(asked, caller, by_get=scope["method"] == "GET")
        self.record(outcome, caller, "http")
        await answer_of(outcome, form, headers, by_get=scope["method"] == "GET")(scope, receive, send)

    async def _streamed(self, asked: Asked, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by events, unless the caller holds as many connections as one may."""
        try:
            with self.held.at(caller.address), self.held.of(caller.viewer, caller.address):
                await events.until_gone(events.stream(partial(self._recorded, asked, caller), send), receive)
        except TooManyHeld:
            await refused(refusals.TOO_MANY_CONNECTIONS, scope)(scope, receive, send)

    async def _recorded(self, asked: Asked, caller: Caller) -> Outcome:
        outcome = await self.engine.answer(asked, caller)
        self.record(outcome, caller, "sse")
        return outcome

    async def _asked(self, scope: Scope, receive: Receive, headers: Headers) -> tuple[Media, Asked]:
        """What is asked, and the form of the answer; `Inadmissible` if the request is none."""
        if len(scope["path"]) + len(scope["query_string"]) > ADDRESS_MAX:
            raise Inadmissible(refusals.LONG_ADDRESS)
        if not within_bounds(headers):
            raise Inadmissible(refusals.LARGE_HEADERS)
        if scope["method"] not in {"GET", "POST"}:
            raise Inadmissible(refusals.NO_SUCH_METHOD)
        form = accepted(headers.get("accept"))
        if scope["method"] == "GET":
            if form is Media.EVENTS:
                raise Inadmissible(refusals.NOT_ACCEPTABLE)
            return form, self._of_address(scope["query_string"])
        require_json(headers)
        return form, of_body(await body_of(receive, headers))

    def _of_address(self, query_string: bytes) -> Asked:
        """What a URL asks: a listed document, or any text on a machine for development."""
        named = b"documentId=" in query_string or (self.engine.policy.developing and b"query=" in query_string)
        if not named:
            raise Inadmissible(refusals.NO_SUCH_METHOD)
        return of_parameters(query_string)


def answer_of(outcome: Outcome, form: Media, headers: Headers, *, by_get: bool) -> Response:
    """An answer as a response: plain JSON says 200 to a document that is wrong, the other form says so by status."""
    status = 200 if form is Media.JSON and outcome.status in {400, 500} else outcome.status
    more = {**dict(outcome.headers), "Vary": VARY}
    if by_get and outcome.public and "errors" not in outcome.body:
        tag = f'W/"{sha256(orjson.dumps(outcome.body["data"])).hexdigest()[:32]}"'
        more |= {"Cache-Control": KEPT, "ETag": tag}
        if tag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=more)
    return Response(orjson.dumps(outcome.body), status, more, f"{form}; charset=utf-8")


def refused(refusal: Refusal, scope: Scope) -> Response:
    """The answer to what is no request, or comes from nobody known."""
    headers = Headers(scope=scope)
    told = language(headers.get("accept-language"))
    body = {"errors": [public(refusal.error(), scope["request_id"], before=True, language=told)]}
    try:
        form = accepted(headers.get("accept"))
    except Inadmissible:
        form = Media.JSON
    form = Media.JSON if form is Media.EVENTS else form
    return Response(orjson.dumps(body), refusal.status, dict(refusal.headers), f"{form}; charset=utf-8")
