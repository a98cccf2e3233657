"""Logs as lines of JSON: what was asked of the server and what it came to, never what was said in it.

A line of a GraphQL request holds its id, the operation's name, the document's digest, a digest of the caller, the cost,
the time taken and the codes of its errors; no variables, tokens or names.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final, TextIO

import structlog

from api import clock
from api.front.callers import Caller
from api.front.execution import Outcome

access: Final = logging.getLogger("zhunze.access")
OURS: Final = "zhunze"
NAME_MAX: Final = 100
"""Characters of an operation's name that are logged; the name is the caller's, the disk is ours."""
_frames: Final = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def _wordless(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """Where it failed, never with which values: the words of an exception may quote what the caller sent."""
    return [{**each, "exc_value": "", "exc_notes": [], "exceptions": []} for each in _frames(exc_info)]


_tracebacks: Final = structlog.processors.ExceptionRenderer(_wordless)


@contextmanager
def written(stream: TextIO | None = None) -> Iterator[None]:
    """While this lasts, the program's logs go to a stream (standard error), one line of JSON each."""
    handler = _handler(stream or sys.stderr)
    root = logging.getLogger(OURS)
    before = root.level, root.propagate
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        root.propagate = before[1]


def _handler(stream: TextIO) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _stamp, _extra],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tracebacks,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    return handler


def note(outcome: Outcome, caller: Caller, wire: str) -> None:
    """One line for one request."""
    access.info(
        "graphql",
        extra={
            "facts": {
                "request": caller.request_id,
                "wire": wire,
                "operation": outcome.operation and outcome.operation[:NAME_MAX],
                "document": outcome.document,
                "caller": caller_digest(caller),
                "status": outcome.status,
                "codes": sorted(set(outcome.codes)),
                "requested": outcome.requested,
                "actual": outcome.actual,
                "milliseconds": round(outcome.seconds * 1000, 1),
            }
        },
    )


def caller_digest(caller: Caller) -> str:
    """A name for a caller that says nothing about who it is, the same for the same account."""
    account = caller.viewer.account_id
    return "public" if account is None else sha256(account.bytes).hexdigest()[:16]


def _stamp(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    event["at"] = clock.now().isoformat(timespec="milliseconds")
    return event


def _extra(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    record = event.get("_record")
    event.update(getattr(record, "facts", {}))
    return event
