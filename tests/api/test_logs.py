"""What the log tells of a request, and what it never tells."""

import io
import json
import logging
from typing import Any
from uuid import UUID

import pytest

from api import logs
from api.front.callers import Caller
from api.front.execution import Outcome
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.conftest import caller, source  # noqa: F401 (fixtures)
from tests.api.front.strict import Strict

SECRET = "geheim-4711"


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture(scope="module")
async def staff(caller: Any) -> Strict:  # noqa: F811
    client: Strict = caller(Role.AUDITOR)
    return client


async def test_a_request_is_one_line_without_what_was_said(staff: Strict) -> None:
    stream = io.StringIO()
    query = f"query Named($a: String) {{ areas(first: 1, after: $a) {{ totalCount }} }} # {SECRET}"
    with logs.written(stream):
        body = json.dumps({"query": query, "variables": {"a": SECRET}})
        await staff.post(body, Authorization=f"Bearer {SECRET}", Purpose=SECRET, X_Request_Id="r-1")
    (line,) = lines(stream)
    assert SECRET not in stream.getvalue()
    assert {key: line[key] for key in ("event", "level", "request", "wire", "operation", "status", "codes")} == {
        "event": "graphql",
        "level": "info",
        "request": "r-1",
        "wire": "http",
        "operation": "Named",
        "status": 200,
        "codes": ["BAD_USER_INPUT"],
    }
    assert (line["document"][:7], len(line["document"]), len(line["caller"])) == ("sha256:", 71, 16)
    assert (line["requested"], line["actual"], line["milliseconds"] > 0) == (1, 0, True)


async def test_a_bug_is_told_with_its_place_and_without_values(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        local = SECRET
        raise RuntimeError("plain")
        print(local)  # noqa: T201

    monkeypatch.setattr("schema.loaders.Turn.fetch", broken)
    stream = io.StringIO()
    with logs.written(stream):
        await staff.post('{"query": "{ areas(first: 1) { totalCount } }"}', X_Request_Id="r-2")
    error, access = lines(stream)
    assert (error["level"], access["codes"]) == ("error", ["INTERNAL_SERVER_ERROR"])
    assert "r-2" in error["event"]
    assert error["exception"][0]["exc_type"] == "RuntimeError"
    assert SECRET not in stream.getvalue()


def test_a_caller_is_known_again_but_not_who_it_is() -> None:
    account = UUID(int=77)
    one = Caller(Viewer(UUID(int=1), account_id=account), "10.0.0.1", "r")
    assert logs.caller_digest(one) == logs.caller_digest(Caller(Viewer(UUID(int=2), account_id=account), "x", "s"))
    assert account.hex not in logs.caller_digest(one)
    assert logs.caller_digest(Caller(Viewer(UUID(int=1)), "10.0.0.1", "r")) == "public"


def test_afterwards_everything_is_as_before() -> None:
    root = logging.getLogger("zhunze")
    before = (root.level, root.propagate, list(root.handlers))
    with logs.written(io.StringIO()):
        assert not root.propagate
    assert (root.level, root.propagate, list(root.handlers)) == before


def test_a_line_says_which_codes_once() -> None:
    stream = io.StringIO()
    errors = [{"extensions": {"code": code}} for code in ("B", "A", "B")]
    with logs.written(stream):
        logs.note(Outcome({"errors": errors}), Caller(Viewer(UUID(int=1)), "x", "r"), "sse")
    assert (lines(stream)[0]["codes"], lines(stream)[0]["wire"]) == (["A", "B"], "sse")


async def test_a_long_name_of_an_operation_is_cut(staff: Strict) -> None:
    stream = io.StringIO()
    with logs.written(stream):
        await staff.post(json.dumps({"query": f"query {'A' * 90_000} {{ __typename }}"}))
    (line,) = lines(stream)
    assert (line["operation"], line["codes"]) == ("A" * 100, [])


def test_a_bug_is_logged_without_its_words() -> None:
    stream = io.StringIO()
    with logs.written(stream):
        try:
            try:
                int(SECRET)
            except ValueError as wrong:
                wrong.add_note(SECRET)
                raise KeyError(SECRET) from wrong
        except KeyError as error:
            logging.getLogger("zhunze.http").error("request failed: %s", type(error).__name__, exc_info=error)
    (line,) = lines(stream)
    assert [each["exc_type"] for each in line["exception"]] == ["KeyError", "ValueError"]
    assert all(each["frames"] for each in line["exception"])
    assert SECRET not in stream.getvalue()
