"""Local sign-in over HTTP: POST /login for a token, POST /first for the first administrator.

JSON only, so that no form of a foreign page can send it; small and soon, or not at all. Answers are never stored.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api import clock
from api.auth.first import First, redeem
from api.auth.login import Attempt, SignIn
from api.auth.throttle import Throttle
from api.auth.unidentified import Unidentified, too_many
from api.database import Database
from api.refusals import Code, Refused, Words
from api.texts import unfit

BODY_MAX: Final = 4096
BODY_SECONDS: Final = 10
TEXT_MAX: Final = 200

NOT_JSON: Final = Unidentified(
    "UNSUPPORTED_MEDIA_TYPE", 415, Words("请用 application/json。", "Send application/json.")
)
BAD: Final = Unidentified(
    "BAD_REQUEST",
    400,
    Words(
        "请求体应为 JSON 对象，含 login、password，以及绑定动态口令时的 totp。",
        "The body is a JSON object with login, password, and totp where an authenticator is bound.",
    ),
)
BAD_FIRST: Final = Unidentified(
    "BAD_REQUEST",
    400,
    Words(
        "请求体应为 JSON 对象，含 code、login、password、name。",
        "The body is a JSON object with code, login, password and name.",
    ),
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where local users sign in over HTTP."""

    sign_in: SignIn
    database: Database
    state: Path
    throttle: Throttle
    district: str

    def routes(self) -> list[Route]:
        """The two routes; mounted only while local sign-in is open."""
        return [
            Route("/login", self.login, methods=["POST"]),
            Route("/first", self.first, methods=["POST"]),
        ]

    async def login(self, request: Request) -> Response:
        """A token for login, password and, where bound, one-time code."""
        given = await _texts(request, ("login", "password"), ("totp",), BAD)
        if isinstance(given, Unidentified):
            return refusal(given)
        found = await self.sign_in.sign_in(
            Attempt(given["login"], given["password"], given.get("totp")), address_of(request)
        )
        if isinstance(found, Unidentified):
            return refusal(found)
        return JSONResponse({"token": found.text, "expiresAt": found.expires_at.isoformat()})

    async def first(self, request: Request) -> Response:
        """The first administrator, for the code printed at the first start."""
        given = await _texts(request, ("code", "login", "password", "name"), (), BAD_FIRST)
        if isinstance(given, Unidentified):
            return refusal(given)
        now, address = clock.now(), address_of(request)
        seconds = self.throttle.refused_for(address, now)
        if seconds is not None:
            return refusal(too_many(seconds))
        try:
            account_id = await redeem(self.database, self.state, First(**given), self.district)
        except Refused as refused:
            if refused.refusals[0].code is Code.FORBIDDEN:
                self.throttle.wrong(address, now)
            shown = [
                {"message": str(each.message), "extensions": {"code": each.code.value}} for each in refused.refusals
            ]
            return JSONResponse({"errors": shown}, 403 if refused.refusals[0].code is Code.FORBIDDEN else 400)
        return JSONResponse({"account": str(account_id)}, 201)


def refusal(said: Unidentified) -> Response:
    """The answer to a caller who is not let in."""
    headers = {}
    if said.challenge:
        headers["WWW-Authenticate"] = said.challenge
    if said.retry_after is not None:
        headers["Retry-After"] = str(said.retry_after)
    shown = {"message": str(said.message), "extensions": {"code": said.code}}
    return JSONResponse({"errors": [shown]}, said.status, headers)


def address_of(request: Request) -> str:
    """The address of the other end, as the server sees it."""
    return request.client.host if request.client else ""


async def _texts(
    request: Request, needed: tuple[str, ...], allowed: tuple[str, ...], bad: Unidentified
) -> dict[str, str] | Unidentified:
    """The members of the body, all text and none unknown; or what is wrong with it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return NOT_JSON
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(request)
        said: Any = orjson.loads(body)
    except (TimeoutError, ClientDisconnect, ValueError):
        return bad
    return dict(said) if isinstance(said, Mapping) and _fits(said, needed, allowed) else bad


def _fits(said: Mapping[str, Any], needed: tuple[str, ...], allowed: tuple[str, ...]) -> bool:
    names = said.keys()
    texts = all(isinstance(each, str) and 0 < len(each) <= TEXT_MAX for each in said.values())
    if not texts or not set(needed) <= names <= {*needed, *allowed}:
        return False
    # A password is only ever hashed; the others reach the database, which holds no character 0.
    return not any(unfit(each) for name, each in said.items() if name != "password")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX:
            raise ValueError("too long")
    return body
