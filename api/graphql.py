"""GraphQL over HTTP: one snapshot for a request, errors with a code and the request's id, nothing internal shown."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import sqlalchemy.exc
from cross_web import HTTPException
from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api import clock, limits
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
DEADLINE_SECONDS = 10
"""How long a request may take, from its body to its answer."""
EXPLAINING_MAX = 3
"""Requests that explain results at once: each holds its connection for seconds, others need theirs for moments."""
UNAVAILABLE = (
    *(*GONE, sqlalchemy.exc.TimeoutError, sqlalchemy.exc.InterfaceError, asyncpg.InterfaceError),
    *(asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError),
    asyncpg.TooManyConnectionsError,
)
"""The database is not there or has gone, or all connections stayed in use."""
DRIVER = (sqlalchemy.exc.SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""Errors that quote what a statement was given."""
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
        """A transaction whose connection is given up at once where it cannot be ended in peace."""
        raw: Any = None
        try:
            async with self.database.reading() as connection:
                raw = await self.database.driver(connection)
                yield raw
        except BaseException:
            if raw is not None:
                raw.terminate()
            raise


class Endpoint(GraphQL[Context, None]):
    """The schema behind POST /graphql."""

    def __init__(self, source: Source) -> None:
        super().__init__(SCHEMA, graphql_ide=None, allow_queries_via_get=False, subscription_protocols=())
        self.source = source
        self.explaining = asyncio.Semaphore(EXPLAINING_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no request in JSON is refused before anything reads it."""
        if scope["type"] != "http":
            await Response(status_code=404)(scope, receive, send)
            return
        body = await body_of(receive)
        if body is None:
            await said(limits.TOO_LARGE, scope["request_id"], 413)(scope, receive, send)
            return
        if "application/json" in Headers(scope=scope).get("content-type", "").lower():
            flaw = limits.flaw_of_body(body)
            if flaw is not None:
                await said(flaw, scope["request_id"], 400)(scope, receive, send)
                return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await super().__call__(scope, again, send)

    async def get_context(self, request: Request, response: Any) -> Context:  # type: ignore[override]
        """What the resolvers of this request find."""
        return Context(self.source.reader(), request.scope["request_id"])

    async def execute_single(  # type: ignore[override]
        self, *_: Any, request_data: GraphQLRequestData, context: Context, sub_response: Response, **__: Any
    ) -> ExecutionResult:
        """Execute the one operation that is meant, if it stays within the limits, within the deadline."""
        try:
            explains = admitted(request_data)
        except Inadmissible as wrong:
            sub_response.status_code = 400 if wrong.refusal else 200
            return PreExecutionError(data=None, errors=[wrong.error()])
        try:
            async with asyncio.timeout(DEADLINE_SECONDS), AsyncExitStack() as held:
                if explains:
                    await held.enter_async_context(self.explaining)
                return await self._execute(request_data, context)
        except TimeoutError:
            sub_response.status_code = 503
            return PreExecutionError(data=None, errors=[limits.TOO_SLOW.error()])

    async def _execute(self, request_data: GraphQLRequestData, context: Context) -> ExecutionResult:
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


async def body_of(receive: Receive) -> bytes | None:
    """The body of a request, read in pieces; None as soon as it is too large."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limits.BODY_MAX:
            return None
    return bytes(body)


def said(refusal: limits.Refusal, request: str, status: int) -> Response:
    """The answer to what is no request."""
    errors = [public(refusal.error(), request, before=True)]
    return Response(orjson.dumps({"errors": errors}), status, media_type="application/json")


class Inadmissible(Exception):  # noqa: N818 (an answer)
    """A request that is not executed; without a refusal, because it does not say which operation is meant."""

    def __init__(self, refusal: limits.Refusal | None) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    def error(self) -> GraphQLError:
        """As the caller is told."""
        return self.refusal.error() if self.refusal else GraphQLError(NAME_NEEDED)


def admitted(asked: GraphQLRequestData) -> bool:
    """Whether the operation explains results; Inadmissible if it may not be executed, whatever the schema says.

    A document that cannot be parsed is reported by whoever executes it.
    """
    if limits.unfit_anywhere(asked.variables) or limits.broken(asked.query or ""):
        raise Inadmissible(limits.UNFIT_TEXT)
    try:
        document = parse(asked.query or "", no_location=True, max_tokens=TOKENS_MAX)
    except GraphQLSyntaxError as error:
        if "nested too deeply" in error.message:
            raise Inadmissible(limits.TOO_DEEP) from None
        return False
    except RecursionError:
        raise Inadmissible(limits.TOO_DEEP) from None
    if limits.unfit_anywhere(document):
        raise Inadmissible(limits.UNFIT_TEXT)
    operation = _meant(document, asked.operation_name)
    if operation is None:
        return False
    size = limits.size_of(document, operation, asked.variables)
    if (passed := limits.beyond(size)) is not None:
        raise Inadmissible(passed)
    return size is not None and size.explains


def _meant(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation with this name, or the only one; Inadmissible if it must be named."""
    every = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is None and len(every) > 1:
        raise Inadmissible(None)
    return next((each for each in every if name is None or (each.name and each.name.value == name)), None)


def request_id(offered: str | None) -> str:
    """The caller's request id if it is a usable one, else a new one."""
    return offered if offered and REQUEST_ID.fullmatch(offered) else clock.new_id().hex


def public(error: GraphQLError, request: str, *, before: bool) -> dict[str, Any]:
    """An error as the caller sees it; what is internal is logged under the request's id and said to be internal."""
    code = code_of(error, before=before)
    shown: dict[str, Any] = dict(error.formatted)
    shown["extensions"] = {**(error.extensions or {}), "code": code, "requestId": request}
    if code in GENERIC:
        _note(error, code, request)
        shown["message"] = GENERIC[code]
        shown["extensions"] = {"code": code, "requestId": request}
    return shown


def _note(error: GraphQLError, code: str, request: str) -> None:
    """Log what failed, without the caller's values: of the database's errors only what kind they are."""
    cause = error.original_error
    causes = list(_behind(cause, context=True))
    state = next((each.sqlstate for each in causes if getattr(each, "sqlstate", None)), None)
    quoting = cause is None or any(isinstance(each, DRIVER) for each in causes)
    log.error(
        *("request %s failed at %s: %s (%s, %s)", request, error.path, code, type(cause or error).__name__, state),
        exc_info=None if quoting else cause,
    )


def _behind(error: BaseException | None, *, context: bool = False) -> Iterator[Any]:
    """An error and those that caused it; with `context` also those it merely met."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = getattr(error, "orig", None) or error.__cause__ or (error.__context__ if context else None)


def code_of(error: GraphQLError, *, before: bool) -> str:
    """The stable code of a top-level error; `before`: found before execution began."""
    if code := (error.extensions or {}).get("code"):
        return str(code)
    if isinstance(error, GraphQLSyntaxError):
        return "TOKEN_LIMIT_EXCEEDED" if "tokens" in error.message else "GRAPHQL_PARSE_FAILED"
    if (code := _of_database(error.original_error)) is not None:
        return code
    if error.path is not None or not isinstance(error.original_error, GraphQLError | None):
        return INTERNAL
    if error.message.startswith(NO_OPERATION):
        return "OPERATION_RESOLUTION_FAILURE"
    return "GRAPHQL_VALIDATION_FAILED" if before else "BAD_USER_INPUT"


def _of_database(error: BaseException | None) -> str | None:
    """What an error of the database comes to for the caller, unless it is a mistake of ours."""
    causes = list(_behind(error))
    if any(isinstance(each, asyncpg.QueryCanceledError) for each in causes):
        return "DEADLINE_EXCEEDED"
    # The driver's word for an argument it cannot pass is an interface error too, but no sign of a lost connection.
    if any(isinstance(each, asyncpg.InterfaceError) and isinstance(each, ValueError) for each in causes):
        return None
    return "UNAVAILABLE" if any(isinstance(each, UNAVAILABLE) for each in causes) else None
