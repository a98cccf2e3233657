"""GraphQL over HTTP: one snapshot for a request, errors with a code and the request's id, nothing internal shown."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import sqlalchemy.exc
from cross_web import HTTPException
from graphql import GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api import clock
from api.database import GONE, Database
from schema.context import Context
from schema.loaders import Reader, Snapshot
from schema.query import SCHEMA, TOKENS_MAX
from schema.shapes import Moment

log = logging.getLogger("zhunze.graphql")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ERRORS_MAX = 5
"""Validation errors reported at once."""
INTERNAL = "INTERNAL_SERVER_ERROR"
UNAVAILABLE = (*GONE, sqlalchemy.exc.TimeoutError)
"""The database is not there, or all connections stayed in use."""
GENERIC = {
    INTERNAL: "内部错误，请提供请求编号。 / Internal error; quote the request id.",
    "UNAVAILABLE": "数据库暂不可用，请稍后重试。 / The database is not available; try again later.",
    "DEADLINE_EXCEEDED": "查询超时，请缩小范围。 / The query took too long; ask for less.",
}
"""What is said of errors that are not the caller's."""
NAME_NEEDED = "Must provide operation name if query contains multiple operations."
NO_OPERATION = (NAME_NEEDED, "Unknown operation named", "Can't get GraphQL operation type")


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

    async def execute_single(  # type: ignore[override]
        self, *_: Any, request_data: GraphQLRequestData, context: Context, **__: Any
    ) -> ExecutionResult:
        """Execute the one operation that is meant; which one must be clear before anything is done."""
        if request_data.operation_name is None and several_operations(request_data.query):
            return PreExecutionError(data=None, errors=[GraphQLError(NAME_NEEDED)])
        try:
            return await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
            )
        except CannotGetOperationTypeError as error:
            return PreExecutionError(data=None, errors=[GraphQLError(str(error.as_http_error_reason()))])
        except MissingQueryError as error:
            raise HTTPException(400, "No GraphQL query found in the request") from error

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


def several_operations(query: str | None) -> bool:
    """Whether a document holds more than one operation; a wrong document is reported by whoever executes it."""
    try:
        document = parse(query or "", no_location=True, max_tokens=TOKENS_MAX)
    except GraphQLSyntaxError:
        return False
    return sum(isinstance(each, OperationDefinitionNode) for each in document.definitions) > 1


def request_id(offered: str | None) -> str:
    """The caller's request id if it is a usable one, else a new one."""
    return offered if offered and REQUEST_ID.fullmatch(offered) else clock.new_id().hex


def public(error: GraphQLError, request: str, *, before: bool) -> dict[str, Any]:
    """An error as the caller sees it; what is internal is logged under the request's id and said to be internal."""
    code = code_of(error, before=before)
    shown: dict[str, Any] = dict(error.formatted)
    shown["extensions"] = {**(error.extensions or {}), "code": code, "requestId": request}
    if code in GENERIC:
        log.error("request %s failed at %s: %s", request, error.path, code, exc_info=error.original_error or error)
        shown["message"] = GENERIC[code]
        shown["extensions"] = {"code": code, "requestId": request}
    return shown


def code_of(error: GraphQLError, *, before: bool) -> str:
    """The stable code of a top-level error; `before`: found before execution began."""
    if code := (error.extensions or {}).get("code"):
        return str(code)
    if isinstance(error, GraphQLSyntaxError):
        return "TOKEN_LIMIT_EXCEEDED" if "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
    if isinstance(error.original_error, UNAVAILABLE):
        return "UNAVAILABLE"
    if isinstance(error.original_error, asyncpg.QueryCanceledError):
        return "DEADLINE_EXCEEDED"
    if error.path is not None or not isinstance(error.original_error, GraphQLError | None):
        return INTERNAL
    if error.message.startswith(NO_OPERATION):
        return "OPERATION_RESOLUTION_FAILURE"
    return "GRAPHQL_VALIDATION_FAILED" if before else "BAD_USER_INPUT"
