"""Errors as the caller sees them: a stable code, the request's id, one or two languages, nothing internal."""

import logging
from collections.abc import Iterator
from typing import Any, Final

import asyncpg
import sqlalchemy.exc
from graphql import GraphQLError, GraphQLSyntaxError

from api.database import GONE

log = logging.getLogger("zhunze.graphql")

INTERNAL: Final = "INTERNAL_SERVER_ERROR"
UNAVAILABLE: Final = "UNAVAILABLE"
DEADLINE: Final = "DEADLINE_EXCEEDED"
BETWEEN: Final = " / "
"""Stands between the Chinese and the English of a text."""
LOST: Final = (
    *(*GONE, sqlalchemy.exc.TimeoutError, sqlalchemy.exc.InterfaceError, asyncpg.InterfaceError),
    *(asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError),
    *(asyncpg.TooManyConnectionsError, asyncpg.DiskFullError),
)
"""The database is not there or has gone, all connections stayed in use, or it has no room to work in."""
DRIVER: Final = (sqlalchemy.exc.SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""Errors that quote what a statement was given."""
GENERIC: Final = {
    INTERNAL: "内部错误，请提供请求编号。 / Internal error; quote the request id.",
    UNAVAILABLE: "数据库暂不可用，请稍后重试。 / The database is not available; try again later.",
    DEADLINE: "查询超时，请缩小范围。 / The query took too long; ask for less.",
}
"""What is said of errors that are not the caller's."""


def public(error: GraphQLError, request: str, *, before: bool, language: str | None = None) -> dict[str, Any]:
    """An error as the caller sees it; what is internal is logged under the request's id and said to be internal."""
    code = code_of(error, before=before)
    shown: dict[str, Any] = dict(error.formatted)
    shown["message"] = worded(shown["message"], language)
    shown["extensions"] = {**(error.extensions or {}), "code": code, "requestId": request}
    if code in GENERIC:
        if not before:
            _note(error, code, request)
        shown["message"] = worded(GENERIC[code], language)
        shown["extensions"] = {"code": code, "requestId": request}
    return shown


def worded(message: str, language: str | None) -> str:
    """A text in one language; None = both, as it is written.

    >>> worded("忙 / busy", "en"), worded("忙 / busy", None), worded("busy", "zh")
    ('busy', '忙 / busy', 'busy')
    """
    chinese, found, english = message.partition(BETWEEN)
    if language is None or not found or chinese.isascii():
        return message
    return english if language == "en" else chinese


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
    return "GRAPHQL_VALIDATION_FAILED" if before else "BAD_USER_INPUT"


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


def _of_database(error: BaseException | None) -> str | None:
    """What an error of the database comes to for the caller, unless it is a mistake of ours."""
    causes = list(_behind(error))
    if any(isinstance(each, asyncpg.QueryCanceledError) for each in causes):
        return DEADLINE
    # The driver's word for an argument it cannot pass is an interface error too, but no sign of a lost connection.
    if any(isinstance(each, asyncpg.InterfaceError) and isinstance(each, ValueError) for each in causes):
        return None
    return UNAVAILABLE if any(isinstance(each, LOST) for each in causes) else None
