"""GraphQL over server-sent events, each operation on a connection of its own (graphql-sse, distinct connections)."""

from collections.abc import Awaitable, Callable
from typing import Final

import orjson
from starlette.types import Send

from api.front.execution import Outcome

HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
"""The last tells reverse proxies not to wait for more."""


async def stream(answer: Callable[[], Awaitable[Outcome]], send: Send) -> None:
    """Send the answer as soon as it is there, then say that it was the last."""
    await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
    # A comment at once, so that the client knows it is being served.
    await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
    outcome = await answer()
    await send({"type": "http.response.body", "body": event("next", orjson.dumps(outcome.body)), "more_body": True})
    await send({"type": "http.response.body", "body": event("complete", b""), "more_body": False})


def event(name: str, data: bytes) -> bytes:
    """One event as it is written.

    >>> event("next", b"{}")
    b'event: next\\ndata: {}\\n\\n'
    """
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
