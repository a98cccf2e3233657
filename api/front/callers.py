"""Who asks, as the shell needs to know it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.types import Scope

from api.auth.unidentified import Unidentified
from api.front import refusals
from api.front.errors import LOST
from api.front.media import language
from api.front.refusals import Inadmissible, Refusal
from schema.directives import Role
from schema.viewer import Viewer

log = logging.getLogger("zhunze.http")

NOBODY: Final = "unknown"


Identify = Callable[[Headers, str], Awaitable[Viewer | Unidentified]]
"""The viewer whom some headers identify, asked from an address."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller during one request."""

    viewer: Viewer
    address: str
    request_id: str
    language: str | None = None


async def viewer_of(identify: Identify, headers: Headers, address: str) -> Viewer:
    """Who that is; `Inadmissible` if the credentials are not good, or nobody can tell at the moment."""
    try:
        found = await identify(headers, address)
    except (*LOST, DBAPIError) as error:
        log.warning("a caller could not be identified: %s", type(error).__name__)
        raise Inadmissible(refusals.UNAVAILABLE) from None
    if isinstance(found, Viewer):
        return found
    told = {"WWW-Authenticate": found.challenge, "Retry-After": found.retry_after}
    headers_said = tuple((name, str(value)) for name, value in told.items() if value is not None)
    raise Inadmissible(Refusal(found.code, found.message.zh, found.message.en, found.status, headers_said))


async def caller_of(identify: Identify, scope: Scope) -> Caller:
    """Who makes this request; `Inadmissible` if the credentials are not good."""
    headers, address = Headers(scope=scope), address_of(scope)
    viewer = await viewer_of(identify, headers, address)
    return Caller(viewer, address, scope["request_id"], language(headers.get("accept-language")))


def address_of(scope: Scope) -> str:
    """The address a request comes from."""
    client = scope.get("client")
    return client[0] if client else NOBODY


def everybody(district_id: UUID, *roles: Role) -> Identify:
    """Takes every caller for somebody with these roles, whatever the headers say: for a machine without accounts."""
    viewer = Viewer(district_id, frozenset({Role.PUBLIC, *roles}), account_id=UUID(int=0) if roles else None)

    async def identify(_headers: Headers, _address: str) -> Viewer:
        return viewer

    return identify
