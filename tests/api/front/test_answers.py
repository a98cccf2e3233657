"""How answers are dressed: forms, languages, headers; and what they say when something inside fails."""

import asyncio
import json
import time
from typing import Any

import asyncpg
import pytest
from starlette.datastructures import Headers

from api.auth.unidentified import BAD_PURPOSE, UNAUTHENTICATED, too_many
from api.database import Database
from api.front.callers import everybody
from api.front.media import accepted, language
from api.graphql import Source
from schema.directives import Role
from tests.api.front.conftest import Callers
from tests.api.front.strict import FORM, Strict
from tests.api.front.test_sockets import Keeper, asked_as, asked_of
from tests.cluster import Place

JSON = "application/json"


@pytest.mark.parametrize(
    ("header", "form"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (FORM, FORM),
        (f"{JSON}, {FORM}", FORM),
        (f"{FORM}, {JSON};q=0.9", FORM),
        (f"{FORM};q=0.8, {JSON}", JSON),
        (f"{FORM};q=0, */*", JSON),
        ("text/event-stream", "text/event-stream"),
        ("text/html, */*;q=0.1", JSON),
        (f"{FORM.upper()}; charset=utf-8", FORM),
    ],
)
def test_the_form_that_is_liked_best(header: str | None, form: str) -> None:
    assert accepted(header) == form


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("en", "The query nests deeper than 10 selection sets."),
        ("en-US,zh;q=0.9", "The query nests deeper than 10 selection sets."),
        ("zh-CN,en;q=0.9", "查询嵌套超过 10 层。"),
        ("zh-TW", "查询嵌套超过 10 层。"),
        ("fr", "查询嵌套超过 10 层。 / The query nests deeper than 10 selection sets."),
        (None, "查询嵌套超过 10 层。 / The query nests deeper than 10 selection sets."),
        ("en;q=0, zh;q=0.1", "查询嵌套超过 10 层。"),
    ],
)
async def test_errors_are_told_in_the_language_asked_for(staff: Strict, header: str | None, told: str) -> None:
    headers = {} if header is None else {"Accept_Language": header}
    answer = await staff.post(json.dumps({"query": "{" + "a{" * 12 + "b" + "}" * 13}), **headers)
    assert answer.body["errors"][0]["message"] == told
    assert language(header) == (None if "/" in told else "en" if told.isascii() else "zh")


async def test_errors_of_resolvers_too(staff: Strict) -> None:
    answer = await staff.post('{"query": "{ node(id: \\"!\\") { id } }"}', Accept_Language="en")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.body["errors"][0]["message"].isascii()


async def test_every_answer_is_safe_to_show(staff: Strict) -> None:
    for answer in (await staff.ask("{ __typename }"), await staff.ask("{"), await staff.request("PUT")):
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "server" not in headers


async def test_the_page_loads_nothing_from_elsewhere(staff: Strict) -> None:
    page = await staff.request("GET", headers={"Accept": "text/html"})
    policy = page.headers["content-security-policy"]
    assert page.status == 200
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


async def test_pages_of_other_origins_may_call_only_if_listed(caller: Callers) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    closed = await caller().request("OPTIONS", headers=asked)
    assert (closed.status, "access-control-allow-origin" in closed.headers) == (405, False)
    open_ = caller(origins=("https://a.example",))
    assert (await open_.request("OPTIONS", headers=asked)).headers["access-control-allow-origin"] == "https://a.example"
    other = await open_.request("OPTIONS", headers={**asked, "Origin": "https://b.example"})
    assert "access-control-allow-origin" not in other.headers


async def test_a_bug_is_masked(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("schema.loaders.Turn.fetch", broken)
    partial = await staff.ask('{ company(by: { uscc: "91430300MA4L000001" }) { id } }')
    assert (partial.status, partial.codes, partial.body["data"]) == (200, ["INTERNAL_SERVER_ERROR"], {"company": None})
    whole = await staff.ask("{ areas(first: 1) { totalCount } }")
    assert (whole.status, whole.codes, whole.body["data"]) == (500, ["INTERNAL_SERVER_ERROR"], None)
    loose = await staff.post('{"query": "{ areas(first: 1) { totalCount } }"}', Accept=JSON)
    assert (loose.status, loose.codes) == (200, ["INTERNAL_SERVER_ERROR"])
    assert "secret" not in f"{partial.body}{whole.body}{loose.body}"


FIVE = "{ " + " ".join(f"a{n}: areas(first: {n}) {{ totalCount }}" for n in range(1, 6)) + " }"


async def unavailable(database: Database, form: str) -> tuple[Any, float]:
    before = time.monotonic()
    answer = await asked_of(database, FIVE, form)
    return answer, time.monotonic() - before


@pytest.mark.parametrize("form", [FORM, JSON])
async def test_without_a_database(form: str) -> None:
    nowhere = Database("postgresql://zhunze_app@127.0.0.1:1/none")
    answer, taken = await unavailable(nowhere, form)
    await nowhere.close()
    assert (answer.status, set(answer.codes), answer.headers["retry-after"]) == (503, {"UNAVAILABLE"}, "1")
    assert taken < 2


async def test_while_all_connections_are_in_use(place: Place) -> None:
    small = Database(place.app_url, pool_size=1)
    async with small.engine.connect():
        answer, taken = await unavailable(small, FORM)
    await small.close()
    assert (answer.status, set(answer.codes), answer.headers["retry-after"]) == (503, {"UNAVAILABLE"}, "1")
    assert taken < 2.5


async def test_a_full_disk(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise asyncpg.DiskFullError("no space left")

    monkeypatch.setattr("schema.loaders.Turn.fetch", full)
    answer = await staff.ask("{ areas(first: 1) { totalCount } }")
    assert (answer.status, answer.codes, answer.headers["retry-after"]) == (503, ["UNAVAILABLE"], "1")


async def test_an_operation_ends_at_its_deadline(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object) -> None:
        await asyncio.sleep(5)

    monkeypatch.setattr("schema.loaders.Turn.fetch", slow)
    monkeypatch.setattr("api.front.limits.REQUEST_SECONDS", 0.2)
    answer = await staff.ask("{ areas(first: 1) { totalCount } }")
    assert (answer.status, answer.codes, "data" in answer.body) == (503, ["DEADLINE_EXCEEDED"], False)


async def test_a_body_must_arrive_in_time(staff: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.front.bodies.BODY_SECONDS", 0.1)

    async def trickle() -> Any:
        for _ in range(50):
            yield b" "
            await asyncio.sleep(0.1)

    answer = await staff.request("POST", content=trickle(), headers={"Content-Type": JSON, "Accept": FORM})
    assert (answer.status, answer.codes) == (408, ["BAD_REQUEST"])


async def test_wrong_credentials(source: Source) -> None:
    for said, code, status in (
        (UNAUTHENTICATED, "UNAUTHENTICATED", 401),
        (too_many(600), "RATE_LIMITED", 429),
        (BAD_PURPOSE, "BAD_REQUEST", 400),
    ):
        answer = await asked_as(source, Keeper(said), "{ __typename }")
        assert (answer.status, answer.codes, "data" in answer.body) == (status, [code], False)
        told = (answer.headers.get("www-authenticate"), answer.headers.get("retry-after"))
        assert told == ('Bearer realm="zhunze"' if status == 401 else None, "600" if status == 429 else None)


async def test_callers_who_cannot_be_identified_now(source: Source) -> None:
    async def broken(_headers: Any, _address: str) -> Any:
        raise ConnectionRefusedError

    answer = await asked_as(source, broken, "{ __typename }")
    assert (answer.status, answer.codes, answer.headers["retry-after"]) == (503, ["UNAVAILABLE"], "1")


async def test_everybody_is_somebody(source: Source) -> None:
    viewer: Any = await everybody(source.district_id, Role.AUDITOR)(Headers(), "here")
    assert viewer.roles == {Role.PUBLIC, Role.AUDITOR}
