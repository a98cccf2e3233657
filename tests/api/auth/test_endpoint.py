"""Sign-in over HTTP, the first administrator, and where the server may listen."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from api import clock
from api.auth.credentials import set_password
from api.auth.first import FILE, announced
from api.auth.house import house_of
from api.auth.listening import local_sign_in
from api.refusals import Obstacle
from schema.directives import Role
from tests.api.auth.conftest import KEEPER, Town, roles_of
from tests.api.auth.test_gate import key_for
from tests.api.auth.test_login import PASSWORD


@pytest_asyncio.fixture
async def client(fresh_town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who signs in over HTTP."""
    town = fresh_town
    house = await house_of(town.database, town.settings, (town.district_id, "430304"), "127.0.0.1")
    transport = httpx.ASGITransport(Starlette(routes=house.routes), client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def codes(answer: httpx.Response) -> tuple[int, list[str]]:
    """Status, and the codes of the errors."""
    return answer.status_code, [each["extensions"]["code"] for each in answer.json().get("errors", [])]


async def test_login_gives_a_token_that_the_gate_takes(fresh_town: Town, client: httpx.AsyncClient) -> None:
    login = await fresh_town.account(Role.AUDITOR)
    await set_password(fresh_town.database, KEEPER, login, PASSWORD)
    answer = await client.post("/login", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiresAt"}
    assert await roles_of(fresh_town.gate(), answer.json()["token"]) == {"PUBLIC", "AUDITOR"}


async def test_wrong_logins_are_401_then_429(client: httpx.AsyncClient) -> None:
    wrong = {"login": "nobody", "password": "x"}
    answers = [await client.post("/login", json=wrong) for _ in range(6)]
    assert [codes(each) for each in answers] == [(401, ["UNAUTHENTICATED"])] * 5 + [(429, ["RATE_LIMITED"])]
    assert answers[0].headers["www-authenticate"] == 'Bearer realm="zhunze"'
    assert 590 <= int(answers[5].headers["retry-after"]) <= 600
    assert len({each.text for each in answers[:5]}) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"login": "a"}', "application/json", 400),
        (b'{"login": "a", "password": 7}', "application/json", 400),
        (b'{"login": "a", "password": ""}', "application/json", 400),
        (b'{"login": "a", "password": "b", "role": "BUREAU_ADMIN"}', "application/json", 400),
        (b'{"login": "a", "password": "' + b"x" * 4096 + b'"}', "application/json", 400),
        (b'{"login": "a\\u0000", "password": "b"}', "application/json", 400),
        (b'{"login": "a", "password": "b", "totp": "1\\u0000"}', "application/json", 400),
        (b'{"login": "a", "password": "b\\u0000"}', "application/json", 401),
        (b"login=a&password=b", "application/x-www-form-urlencoded", 415),
        (b'{"login": "a", "password": "b"}', "text/plain", 415),
    ],
)
async def test_what_is_no_login_is_refused(client: httpx.AsyncClient, body: bytes, kind: str, status: int) -> None:
    answer = await client.post("/login", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert (await client.get("/login")).status_code == 405


async def test_the_first_administrator_is_made_once(fresh_town: Town, client: httpx.AsyncClient) -> None:
    town = fresh_town
    code = await announced(town.database, town.settings.state)
    assert code is not None
    stored = town.settings.state / FILE
    assert (stored.stat().st_mode & 0o777, code in stored.read_text(encoding="ascii")) == (0o600, False)
    given = {"code": code, "login": "first", "password": PASSWORD, "name": "李明"}
    assert codes(await client.post("/first", json={**given, "code": "AAAAA-AAAAA"})) == (403, ["FORBIDDEN"])
    assert codes(await client.post("/first", json={**given, "password": "short"})) == (400, ["INVALID"])
    assert await town.rows("SELECT 1 FROM account") == []
    made = await client.post("/first", json={**given, "code": code.lower().replace("-", " ")})
    assert made.status_code == 201
    assert codes(await client.post("/first", json=given)) == (403, ["FORBIDDEN"])
    rows = await town.rows("SELECT a.login, g.role FROM account a JOIN role_grant g ON g.account_id = a.id")
    assert [tuple(row) for row in rows] == [("first", "SECURITY_ADMIN")]
    assert await announced(town.database, town.settings.state) is None
    assert await town.actions() == ["district.added", "person.account_added", "role.granted"]


async def test_a_new_start_makes_the_old_code_void(fresh_town: Town, client: httpx.AsyncClient) -> None:
    town = fresh_town
    old, new = [await announced(town.database, town.settings.state) for _ in range(2)]
    given = {"login": "first", "password": PASSWORD, "name": "李明"}
    assert codes(await client.post("/first", json={**given, "code": old})) == (403, ["FORBIDDEN"])
    assert (await client.post("/first", json={**given, "code": new})).status_code == 201


async def test_guessing_the_first_code_is_slowed_down(client: httpx.AsyncClient) -> None:
    given = {"login": "first", "password": PASSWORD, "name": "x", "code": "x"}
    answers = [codes(await client.post("/first", json=given)) for _ in range(6)]
    assert answers == [(403, ["FORBIDDEN"])] * 5 + [(429, ["RATE_LIMITED"])]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])
async def test_a_public_address_needs_a_provider_or_a_key(fresh_town: Town, host: str) -> None:
    town = fresh_town
    with pytest.raises(Obstacle) as said:
        await local_sign_in(town.database, town.settings, host)
    assert said.value.code == "LOOPBACK_ONLY"
    provided = town.settings.model_copy(update={"oidc_issuer": "https://id.example"})
    assert await local_sign_in(town.database, provided, host) is False
    await key_for(town, await town.account(Role.AUDITOR), Role.AUDITOR, days=30)
    assert await local_sign_in(town.database, town.settings, host) is False
    with clock.frozen(clock.now() + timedelta(days=31)), pytest.raises(Obstacle):
        await local_sign_in(town.database, town.settings, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
async def test_on_this_machine_local_sign_in_is_open(fresh_town: Town, host: str) -> None:
    assert await local_sign_in(fresh_town.database, fresh_town.settings, host) is True


async def test_on_a_public_address_there_are_no_passwords_and_no_local_tokens(fresh_town: Town) -> None:
    town = fresh_town
    login = await town.account(Role.AUDITOR)
    _, text = await key_for(town, login, Role.AUDITOR)
    house = await house_of(town.database, town.settings, (town.district_id, "430304"), "0.0.0.0")
    seen: list[Any] = [await roles_of(house.gate, text), await roles_of(house.gate, await town.token(login))]
    assert (house.routes, seen) == ((), [{"PUBLIC", "AUDITOR"}, "UNAUTHENTICATED"])
