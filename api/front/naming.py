"""Gives every request its id and every answer the headers that all have."""

import logging
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.front.errors import GENERIC, INTERNAL, worded
from api.front.media import language, request_id

log = logging.getLogger("zhunze.http")

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OTHERWISE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of answers that say nothing else."""
PAGE: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self';"
    " img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page of ours may load: only what lies beside it; the editor writes styles into its own elements."""


@dataclass(frozen=True)
class Named:
    """The outermost layer: what fails inside fails with an id."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = request_id(headers.get("x-request-id"))
        scope["request_id"] = name
        begun = False

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                answered = MutableHeaders(scope=message)
                answered["X-Request-Id"] = name
                answered.update(ALWAYS)
                for key, value in OTHERWISE.items():
                    answered.setdefault(key, value)
            await send(message)

        try:
            await self.app(scope, receive, named)
        except Exception as error:
            if begun:
                raise
            log.error("request %s failed: %s", name, type(error).__name__, exc_info=error)
            message = worded(GENERIC[INTERNAL], language(headers.get("accept-language")))
            shown = {"message": message, "extensions": {"code": INTERNAL, "requestId": name}}
            await JSONResponse({"errors": [shown]}, 500)(scope, receive, named)
