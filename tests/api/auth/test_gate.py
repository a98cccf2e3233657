"""Who is let in as what: tokens, keys, second factor, narrowing, and one answer for everything that is wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from starlette.datastructures import Headers

from api import clock
from api.auth.accounts import NewAccount, Span, add_account, grant, revoke, set_active
from api.auth.api_keys import Hashing, NewKey, add_key, revoke_key
from api.auth.gate import Admission, Caller, Gate, secrets_of
from api.auth.unidentified import UNAUTHENTICATED, Unidentified
from api.settings import Settings
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.auth.conftest import HOME, KEEPER, NOON, Town, admitted, roles_of
from tests.api.auth.provider import AUDIENCE, ISSUER, Provider
from tests.api.auth.test_tokens import WRONG_CLAIMS, WRONG_HEADERS

PROVIDER = Provider.made()
PEPPER = b"p" * 32


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The provider's keys, in a file."""
    file = tmp_path_factory.mktemp("provider") / "keys.json"
    file.write_bytes(PROVIDER.key_set())
    return file


@pytest_asyncio.fixture(scope="module")
async def provided(town: Town, key_file: Path) -> AsyncIterator[Settings]:
    """Settings with an identity provider whose keys are in a file, and its one account."""
    made = NewAccount("李明", issuer=ISSUER, subject="li.ming")
    await add_account(town.database, KEEPER, made)
    for role in (Role.TRAINING_ADMIN, Role.BUREAU_ADMIN):
        await grant(town.database, KEEPER, "li.ming", role)
    yield town.settings.model_copy(
        update={
            "oidc_issuer": ISSUER,
            "oidc_audience": AUDIENCE,
            "oidc_jwks": str(key_file),
            "oidc_second_factor": ("mfa",),
        }
    )


def viewer_of(found: Admission | Unidentified) -> Viewer:
    assert isinstance(found, Admission), found
    return found.viewer


async def key_for(town: Town, login: str, *roles: Role, **terms: Any) -> tuple[UUID, str]:
    """A key of an account."""
    hashing = Hashing(secrets_of(town.settings, local=True).pepper, "dev")
    return await add_key(town.database, KEEPER, NewKey(login, "test", roles, **terms), hashing)


async def test_nobody_is_public(town: Town) -> None:
    found = await admitted(town.gate(), None)
    assert found == Admission(Viewer(town.district_id), Caller.ANONYMOUS)
    assert viewer_of(found).roles == {Role.PUBLIC}


async def test_identify_gives_the_viewer_alone(town: Town) -> None:
    gate = town.gate()
    assert await gate.identify(Headers({}), HOME) == Viewer(town.district_id)
    assert await gate.identify(Headers({"authorization": "Bearer x"}), HOME) == UNAUTHENTICATED


async def test_a_token_gives_what_our_tables_say(town: Town) -> None:
    login = await town.account(Role.COMPANY, Role.INSPECTOR, organisation="城管局")
    found = await admitted(town.gate(), await town.token(login))
    assert viewer_of(found) == Viewer(
        district_id=town.district_id,
        roles=frozenset({Role.PUBLIC, Role.COMPANY, Role.INSPECTOR}),
        account_id=await town.id_of(login),
        company_id=town.company_id,
        area_ids=frozenset({town.street_id}),
        organisation="城管局",
        name=login,
    )
    assert isinstance(found, Admission)
    assert found.caller is Caller.PERSON


async def test_a_provider_gives_the_subject_and_the_second_factor_only(town: Town, provided: Settings) -> None:
    gate = town.gate(secrets_of(provided, local=False))
    claims = {"roles": ["SECURITY_ADMIN"], "district": "other"}
    with clock.frozen(clock.now()):
        now = int(clock.now().timestamp())
        times = {"iat": now, "nbf": now, "exp": now + 900}
        assert await roles_of(gate, PROVIDER.token({**claims, **times})) == {"PUBLIC", "TRAINING_ADMIN"}
        strong = PROVIDER.token({**claims, **times, "acr": "mfa"})
        assert await roles_of(gate, strong) == {"PUBLIC", "TRAINING_ADMIN", "BUREAU_ADMIN"}
        assert await roles_of(gate, PROVIDER.token({**times, "sub": "nobody"})) == "UNAUTHENTICATED"
        assert await roles_of(gate, await town.token(await town.account(Role.AUDITOR))) == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", ["BUREAU_ADMIN", "DECISION_OFFICER", "RULE_APPROVER", "SECURITY_ADMIN", "AUDIT_ADMIN"])
async def test_without_a_second_factor_these_roles_are_left_out(town: Town, role: str) -> None:
    login, gate = await town.account(Role[role]), town.gate()
    assert await roles_of(gate, await town.token(login, "pwd")) == "UNAUTHENTICATED"
    assert await roles_of(gate, await town.token(login, "pwd", "otp")) == {"PUBLIC", role}
    if role in {"BUREAU_ADMIN", "DECISION_OFFICER", "RULE_APPROVER"}:
        await grant(town.database, KEEPER, login, Role.TRAINING_ADMIN)
        assert await roles_of(gate, await town.token(login, "pwd")) == {"PUBLIC", "TRAINING_ADMIN"}


async def test_an_account_without_a_role_is_public_and_known(town: Town) -> None:
    login = await town.account()
    viewer = viewer_of(await admitted(town.gate(), await town.token(login, "pwd")))
    assert viewer.roles == {Role.PUBLIC}
    assert viewer.account_id == await town.id_of(login)


WRONG: list[tuple[dict[str, Any], dict[str, Any]]] = [
    *((claims, {}) for claims, _ in WRONG_CLAIMS),
    *(({}, header) for header, _ in WRONG_HEADERS),
]


async def test_every_wrong_proof_gets_the_same_answer(town: Town, provided: Settings) -> None:
    proofs = secrets_of(provided, local=True)
    texts = ["", "x", "a.b.c", "zhunze_dev_1_2_3", "zhunze_" + "0" * 90, "x" * 10_000]
    texts += [(await town.token(await town.account(Role.AUDITOR)))[:-3]]
    # Some are wrong by a second: the time that they are read at is the time they were written for.
    with clock.frozen(max(NOON, clock.now())):
        shift = int((clock.now() - NOON).total_seconds())
        moved = [({**claims, **_moved(claims, shift)}, header) for claims, header in WRONG]
        texts += [PROVIDER.token(claims, header) for claims, header in moved]
        answers = [await admitted(town.gate(proofs), text) for text in texts]
    assert answers == [UNAUTHENTICATED] * len(texts)
    assert len(texts) == 47


def _moved(claims: dict[str, Any], shift: int) -> dict[str, Any]:
    """The times of a token that was written for noon, for the present; wrong ones stay wrong."""
    right = {"iat": int(NOON.timestamp()), "nbf": int(NOON.timestamp()), "exp": int(NOON.timestamp()) + 900}
    given = {name: claims.get(name, right[name]) for name in right}
    return {name: value + shift if type(value) is int and value < 10**12 else value for name, value in given.items()}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic bGk6bGk="},
        {"Authorization": "Bearer"},
        {"Authorization": ""},
        {"Authorization": "zhunze"},
    ],
)
async def test_another_scheme_is_refused_alike(town: Town, headers: dict[str, str]) -> None:
    assert await town.gate().admit(Headers(headers), HOME) == UNAUTHENTICATED


async def test_a_plain_mapping_will_do(town: Town) -> None:
    token = await town.token(await town.account(Role.AUDITOR))
    viewer = viewer_of(await town.gate().admit({"authorization": f"bearer {token}"}, HOME))
    assert viewer.roles == {Role.PUBLIC, Role.AUDITOR}


async def test_two_proofs_at_once_are_none(town: Town) -> None:
    token = (await town.token(await town.account(Role.AUDITOR))).encode()
    twice = Headers(raw=[(b"authorization", b"Bearer " + token)] * 2)
    assert await town.gate().admit(twice, HOME) == UNAUTHENTICATED


async def test_the_answer_is_401_with_a_challenge_in_two_languages() -> None:
    assert (UNAUTHENTICATED.status, UNAUTHENTICATED.challenge) == (401, 'Bearer realm="zhunze"')
    assert "凭证" in UNAUTHENTICATED.message.zh
    assert "proof of identity" in UNAUTHENTICATED.message.en


async def test_five_wrong_tokens_close_the_door_to_right_ones_too(town: Town) -> None:
    gate = town.gate()
    token = await town.token(await town.account(Role.AUDITOR))
    begun = clock.now()
    with clock.frozen(begun):
        assert [await roles_of(gate, "wrong") for _ in range(5)] == ["UNAUTHENTICATED"] * 5
        found = await admitted(gate, token)
        assert isinstance(found, Unidentified)
        assert (found.code, found.status, found.retry_after) == ("RATE_LIMITED", 429, 600)
        assert await roles_of(gate, token, "192.0.2.8") == {"PUBLIC", "AUDITOR"}
        assert viewer_of(await admitted(gate, None)).roles == {Role.PUBLIC}
    with clock.frozen(begun + timedelta(minutes=10)):
        assert await roles_of(gate, token) == {"PUBLIC", "AUDITOR"}


async def test_genuine_proofs_of_no_use_are_not_held_against_an_office(town: Town) -> None:
    gate, login, weak = town.gate(), await town.account(Role.AUDITOR), await town.account(Role.BUREAU_ADMIN)
    old, half = await town.token(login), await town.token(weak, "pwd")
    _, far = await key_for(town, login, Role.AUDITOR, addresses=("10.1.0.0/16",))
    assert [await roles_of(gate, each) for each in [half, far] * 5] == ["UNAUTHENTICATED"] * 10
    with clock.frozen(clock.now() + timedelta(minutes=17)):
        assert [await roles_of(gate, old) for _ in range(10)] == ["UNAUTHENTICATED"] * 10
        assert await roles_of(gate, await town.token(login)) == {"PUBLIC", "AUDITOR"}


async def test_grants_and_revocations_count_at_the_next_request(town: Town) -> None:
    login, gate = await town.account(Role.INSPECTOR), town.gate()
    token = await town.token(login)
    assert await roles_of(gate, token) == {"PUBLIC", "INSPECTOR"}
    await grant(town.database, KEEPER, login, Role.TRAINING_ADMIN)
    assert await roles_of(gate, token) == {"PUBLIC", "INSPECTOR", "TRAINING_ADMIN"}
    await revoke(town.database, KEEPER, login, Role.INSPECTOR)
    viewer = viewer_of(await admitted(gate, token))
    assert viewer.roles == {Role.PUBLIC, Role.TRAINING_ADMIN}
    assert viewer.area_ids == frozenset()


async def test_a_change_counts_within_a_second_though_callers_are_remembered(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    gate = Gate(town.database, town.district_id, secrets_of(town.settings, local=True))
    token, (key_id, text) = await town.token(login), await key_for(town, login, Role.AUDITOR)
    assert await roles_of(gate, token) == await roles_of(gate, text) == {"PUBLIC", "AUDITOR"}
    await revoke_key(town.database, KEEPER, key_id)
    await revoke(town.database, KEEPER, login, Role.AUDITOR)
    await asyncio.sleep(1)
    assert (await roles_of(gate, token), await roles_of(gate, text)) == ({"PUBLIC"}, "UNAUTHENTICATED")


async def test_remembered_callers_cost_no_statement(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await town.token(await town.account(Role.AUDITOR))
    gate = Gate(town.database, town.district_id, secrets_of(town.settings, local=True), look_seconds=3600)
    assert await roles_of(gate, token) == {"PUBLIC", "AUDITOR"}
    monkeypatch.setattr(type(gate._standings), "_row", None)
    assert await roles_of(gate, token) == {"PUBLIC", "AUDITOR"}


async def test_grants_begin_and_end_by_themselves(town: Town) -> None:
    login, begun = await town.account(Role.TRAINING_ADMIN), clock.now()
    span = Span(begun + timedelta(minutes=2), begun + timedelta(minutes=4))
    await grant(town.database, KEEPER, login, Role.AUDITOR, span)
    gate, token = town.gate(), await town.token(login)
    held = {}
    for minutes in (1, 2, 3, 4, 5):
        with clock.frozen(begun + timedelta(minutes=minutes, seconds=1)):
            held[minutes] = "AUDITOR" in await roles_of(gate, token)
    assert held == {1: False, 2: True, 3: True, 4: False, 5: False}


async def test_a_locked_account_is_out_and_its_old_tokens_stay_out(fresh_town: Town) -> None:
    town = fresh_town
    login, gate = await town.account(Role.AUDITOR), town.gate()
    token, (_, key) = await town.token(login), await key_for(town, login, Role.AUDITOR)
    await set_active(town.database, KEEPER, login, active=False)
    assert await roles_of(gate, token, "192.0.2.1") == await roles_of(gate, key, "192.0.2.1") == "UNAUTHENTICATED"
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        await set_active(town.database, KEEPER, login, active=True)
        assert await roles_of(gate, token) == "UNAUTHENTICATED"
        assert await roles_of(gate, key) == await roles_of(gate, await town.token(login)) == {"PUBLIC", "AUDITOR"}


async def test_an_account_of_another_district_is_not_let_in(town: Town) -> None:
    gate = Gate(town.database, clock.new_id(), secrets_of(town.settings, local=True), look_seconds=0)
    assert await roles_of(gate, await town.token(await town.account(Role.AUDITOR))) == "UNAUTHENTICATED"


async def test_a_token_ends_after_a_quarter_of_an_hour(town: Town) -> None:
    token, gate, begun = await town.token(await town.account(Role.AUDITOR)), town.gate(), clock.now()
    found = await admitted(gate, token)
    assert isinstance(found, Admission)
    assert found.expires_at is not None
    with clock.frozen(found.expires_at - timedelta(seconds=1)):
        assert await roles_of(gate, token) == {"PUBLIC", "AUDITOR"}
    with clock.frozen(found.expires_at):
        assert await roles_of(gate, token) == "UNAUTHENTICATED"
    assert found.expires_at - begun <= timedelta(minutes=16)


async def test_the_purpose_comes_with_the_viewer(town: Town) -> None:
    token, gate = await town.token(await town.account(Role.BUREAU_ADMIN)), town.gate()
    assert viewer_of(await admitted(gate, token, Purpose="check of a complaint")).purpose == "check of a complaint"
    found = await admitted(gate, token, Purpose="short")
    assert isinstance(found, Unidentified)
    assert (found.code, found.status) == ("BAD_REQUEST", 400)
    assert viewer_of(await admitted(gate, None, Purpose="check of a complaint")).purpose is None


async def test_a_key_gives_its_roles_as_long_as_the_account_holds_them(town: Town) -> None:
    login, gate = await town.account(Role.AUDITOR, Role.TRAINING_ADMIN, Role.BUREAU_ADMIN), town.gate()
    _, text = await key_for(town, login, Role.AUDITOR)
    found = await admitted(gate, text)
    assert isinstance(found, Admission)
    assert viewer_of(found).roles == {Role.PUBLIC, Role.AUDITOR}
    assert found.caller is Caller.PROGRAM
    await revoke(town.database, KEEPER, login, Role.AUDITOR)
    assert await roles_of(gate, text) == "UNAUTHENTICATED"


async def test_a_key_works_from_its_networks_only(town: Town) -> None:
    login, gate = await town.account(Role.AUDITOR), town.gate()
    _, text = await key_for(town, login, Role.AUDITOR, addresses=("10.1.0.0/16", "2001:db8::/32"))
    seen = {each: await roles_of(gate, text, each) for each in ("10.1.2.3", "2001:db8::1", "10.2.0.1", "", "::1")}
    auditor, out = {"PUBLIC", "AUDITOR"}, "UNAUTHENTICATED"
    assert seen == {"10.1.2.3": auditor, "2001:db8::1": auditor, "10.2.0.1": out, "": out, "::1": out}


async def test_a_key_expires(town: Town) -> None:
    login, gate = await town.account(Role.AUDITOR), town.gate()
    _, text = await key_for(town, login, Role.AUDITOR, days=30)
    now = clock.now()
    with clock.frozen(now + timedelta(days=30) - timedelta(minutes=1)):
        assert await roles_of(gate, text) == {"PUBLIC", "AUDITOR"}
    with clock.frozen(now + timedelta(days=30)):
        assert await roles_of(gate, text) == "UNAUTHENTICATED"


async def test_another_pepper_or_secret_makes_keys_worthless(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    key_id, text = await key_for(town, login, Role.AUDITOR)
    proofs = secrets_of(town.settings.model_copy(update={"key_pepper": None}), local=True)
    other = type(proofs)(proofs.trusted, b"q" * 32, proofs.environment)
    assert await roles_of(town.gate(other), text) == "UNAUTHENTICATED"
    from api.auth import keys

    assert await roles_of(town.gate(), keys.made(key_id).written("dev")) == "UNAUTHENTICATED"
    assert await roles_of(town.gate(), keys.made(clock.new_id()).written("dev")) == "UNAUTHENTICATED"


async def test_a_slip_in_a_key_is_seen_before_the_database_is_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, text = await key_for(town, await town.account(Role.AUDITOR), Role.AUDITOR)
    gate = Gate(town.database, town.district_id, secrets_of(town.settings, local=True), look_seconds=3600)
    assert await roles_of(gate, text) == {"PUBLIC", "AUDITOR"}
    monkeypatch.setattr(type(gate._standings), "_row", None)
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert await roles_of(gate, wrong) == "UNAUTHENTICATED"


async def test_the_last_use_is_noted_once_a_minute(town: Town) -> None:
    key_id, text = await key_for(town, await town.account(Role.AUDITOR), Role.AUDITOR)
    gate, begun, noted = town.gate(), clock.now(), []
    for seconds in (1, 30, 60, 62, 70):
        with clock.frozen(begun + timedelta(seconds=seconds)):
            assert await roles_of(gate, text) == {"PUBLIC", "AUDITOR"}
        (row,) = await town.rows("SELECT used_at FROM key_use WHERE key_id = $1", key_id)
        noted.append(round((row["used_at"] - begun).total_seconds()))
    assert noted == [1, 1, 1, 62, 62]


async def test_the_log_of_the_server_says_why_and_not_what(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    token = await town.token(await town.account(Role.AUDITOR))
    with caplog.at_level(logging.DEBUG):
        assert await roles_of(town.gate(), token[:-2]) == "UNAUTHENTICATED"
    assert [each.getMessage() for each in caplog.records if each.name == "zhunze.auth"] == [
        "a proof of identity was refused: signature"
    ]
