"""GraphQL over server-sent events, each operation on a connection of its own (graphql-sse, distinct connections)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import orjson
from starlette.types import Receive, Send

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


async def until_gone(streaming: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Stream on until that is done or the caller hangs up: whoever is gone holds no connection and no work."""
    task = asyncio.ensure_future(streaming)
    gone = asyncio.ensure_future(_hung_up(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.wait({task, gone})


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(name: str, data: bytes) -> bytes:
    """One event as it is written.

    >>> event("next", b"{}")
    b'event: next\\ndata: {}\\n\\n'
    """
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
