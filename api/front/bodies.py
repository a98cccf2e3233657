"""The body of a request, read in pieces and no further than it may be long."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive

from api.front import refusals
from api.front.limits import BODY_MAX, BODY_SECONDS
from api.front.refusals import Inadmissible


class Gone(Exception):  # noqa: N818 (nobody is left to be told)
    """The caller has hung up."""


async def body_of(receive: Receive, headers: Headers) -> bytes:
    """The whole body; `Inadmissible` as soon as it is too large or too slow, `Gone` if the caller hangs up."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:10]) > BODY_MAX:
        raise Inadmissible(refusals.TOO_LARGE)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(receive)
    except TimeoutError:
        raise Inadmissible(refusals.TOO_SLOW_TO_COME) from None


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_MAX:
            raise Inadmissible(refusals.TOO_LARGE)
    return bytes(body)
