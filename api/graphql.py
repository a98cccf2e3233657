"""GraphQL over HTTP: one snapshot for a request, errors with a code and the request's id, nothing internal shown."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api import clock
from api.database import Database
from schema.context import Context
from schema.loaders import Reader, Snapshot
from schema.query import SCHEMA
from schema.shapes import Moment

log = logging.getLogger("zhunze.graphql")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ERRORS_MAX = 5
"""Validation errors reported at once."""
INTERNAL = "INTERNAL_SERVER_ERROR"
NO_OPERATION = ("Must provide operation name", "Unknown operation named", "Must provide an operation")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request reads: the database, the district that is shown, the secret that seals cursors."""

    database: Database
    district_id: UUID
    cursor_secret: bytes

    def reader(self) -> Reader:
        """A reader for one operation, at this instant."""
        now = clock.now()
        return Reader(Snapshot(self._reading), Moment(self.district_id, now, now), self.cursor_secret, self._scope())

    def _scope(self) -> str:
        return str(self.district_id)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Any]:
        async with self.database.reading() as connection:
            yield await self.database.driver(connection)


class Endpoint(GraphQL[Context, None]):
    """The schema behind POST /graphql."""

    def __init__(self, source: Source) -> None:
        super().__init__(SCHEMA, graphql_ide=None, allow_queries_via_get=False, subscription_protocols=())
        self.source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await Response(status_code=404)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def get_context(self, request: Request, response: Any) -> Context:  # type: ignore[override]
        """What the resolvers of this request find."""
        return Context(self.source.reader(), request.scope["request_id"])

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The response: data absent if the request itself is wrong, errors shown as far as the caller may see them."""
        shown: dict[str, Any] = {}
        before = isinstance(result, PreExecutionError)
        if not before:
            shown["data"] = result.data
        if result.errors:
            errors = result.errors[:ERRORS_MAX] if before else result.errors
            shown["errors"] = [public(each, request.scope["request_id"], before=before) for each in errors]
        return shown  # type: ignore[return-value]

    def encode_json(self, data: object) -> bytes:
        """As bytes, keys in the order of the document."""
        return orjson.dumps(data)


def request_id(offered: str | None) -> str:
    """The caller's request id if it is a usable one, else a new one."""
    return offered if offered and REQUEST_ID.fullmatch(offered) else clock.new_id().hex


def public(error: GraphQLError, request: str, *, before: bool) -> dict[str, Any]:
    """An error as the caller sees it; what is internal is logged under the request's id and said to be internal."""
    code = code_of(error, before=before)
    shown: dict[str, Any] = dict(error.formatted)
    shown["extensions"] = {**(error.extensions or {}), "code": code, "requestId": request}
    if code == INTERNAL:
        log.error("request %s failed at %s", request, error.path, exc_info=error.original_error or error)
        shown["message"] = "内部错误，请提供请求编号。 / Internal error; quote the request id."
        shown["extensions"] = {"code": code, "requestId": request}
    return shown


def code_of(error: GraphQLError, *, before: bool) -> str:
    """The stable code of a top-level error; `before`: found before execution began."""
    if code := (error.extensions or {}).get("code"):
        return str(code)
    if isinstance(error, GraphQLSyntaxError):
        return "TOKEN_LIMIT_EXCEEDED" if "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
    if error.path is not None or not isinstance(error.original_error, GraphQLError | None):
        return INTERNAL
    if error.message.startswith(NO_OPERATION):
        return "OPERATION_RESOLUTION_FAILURE"
    return "GRAPHQL_VALIDATION_FAILED" if before else "BAD_USER_INPUT"
