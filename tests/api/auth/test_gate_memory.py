"""What the gate keeps of a caller, and what never outlives its cause: grants, keys of providers, terms of a key."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from starlette.datastructures import Headers

from api import clock
from api.auth.accounts import NewAccount, Span, add_account, grant, revoke
from api.auth.api_keys import Hashing, NewKey, add_key
from api.auth.gate import KEPT, Gate, Secrets, secrets_of
from api.auth.jwks import keys_in
from api.auth.standings import Standings
from api.auth.tokens import Trust, VerifyingKey
from schema import tables
from schema.directives import Role
from tests.api.auth.conftest import HOME, KEEPER, Town, admitted, roles_of
from tests.api.auth.provider import AUDIENCE, ISSUER, Provider
from tests.api.auth.test_gate import key_for, viewer_of
from tests.factories import World


class TakenBack:
    """A provider's keys until it takes them back."""

    def __init__(self, keys: dict[str, VerifyingKey]) -> None:
        self.keys = keys

    async def key(self, kid: str) -> VerifyingKey | None:
        return self.keys.get(kid)


def lasting(town: Town, proofs: Secrets | None = None) -> Gate:
    """A gate that looks for changes once: what it forgets after that, it forgets by itself."""
    found = proofs or secrets_of(town.settings, local=True)
    return Gate(town.database, town.district_id, found, look_seconds=3600)


async def test_a_key_for_one_cycle_sees_that_cycle_alone(town: Town) -> None:
    world = World(town.database, town.district_id)
    rulebook = world.add(tables.Rulebook)
    cycle = world.add(tables.Cycle, rulebook_id=rulebook, label="2026-H1")
    await world.save()
    login = await town.account(Role.AUDITOR)
    _, narrowed = await key_for(town, login, Role.AUDITOR, cycle="2026-H1")
    _, whole = await key_for(town, login, Role.AUDITOR)
    gate = town.gate()
    kinds = {
        name: (viewer.cycle_id, [kind.value for kind in viewer.kinds])
        for name, text in (("narrowed", narrowed), ("whole", whole))
        for viewer in [viewer_of(await admitted(gate, text))]
    }
    assert kinds == {"narrowed": (cycle, ["cycle_auditor"]), "whole": (None, ["auditor"])}


@pytest.mark.parametrize("by", ["token", "key"])
async def test_a_grant_that_ends_within_the_minute_ends_then(town: Town, by: str) -> None:
    login, begun = await town.account(Role.TRAINING_ADMIN), clock.now()
    await grant(town.database, KEEPER, login, Role.AUDITOR, Span(begun, begun + timedelta(seconds=20)))
    proof = await town.token(login)
    if by == "key":
        hashing = Hashing(secrets_of(town.settings, local=True).pepper, "dev")
        terms = NewKey(login, "test", (Role.AUDITOR, Role.TRAINING_ADMIN))
        _, proof = await add_key(town.database, KEEPER, terms, hashing)
    gate, held = lasting(town), []
    assert timedelta(seconds=20) < KEPT
    for seconds in (10, 19, 21):
        with clock.frozen(begun + timedelta(seconds=seconds)):
            held.append("AUDITOR" in await roles_of(gate, proof))
    assert held == [True, True, False]


async def test_a_provider_s_key_that_is_taken_back_opens_nothing_after_a_minute(town: Town) -> None:
    provider, subject = Provider.made(), "wang.fang"
    await add_account(town.database, KEEPER, NewAccount("王芳", issuer=ISSUER, subject=subject))
    await grant(town.database, KEEPER, subject, Role.TRAINING_ADMIN)
    published = TakenBack(dict(keys_in(provider.key_set())))
    begun = clock.now()
    now = int(begun.timestamp())
    token = provider.token({"sub": subject, "iat": now, "nbf": now, "exp": now + 900})
    gate = lasting(town, Secrets({ISSUER: Trust(ISSUER, AUDIENCE, published)}, b"p" * 32, "dev"))
    answers: list[Any] = []
    for seconds in (0, 59, 61):
        with clock.frozen(begun + timedelta(seconds=seconds)):
            answers.append(await roles_of(gate, token))
        published.keys = {}
    assert answers == [{"PUBLIC", "TRAINING_ADMIN"}, {"PUBLIC", "TRAINING_ADMIN"}, "UNAUTHENTICATED"]


async def test_a_use_that_cannot_be_noted_keeps_nobody_out(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, text = await key_for(town, await town.account(Role.AUDITOR), Role.AUDITOR)

    async def full(*_: object) -> None:
        raise asyncpg.DiskFullError("no space left")

    monkeypatch.setattr(Standings, "used", full)
    assert await roles_of(town.gate(), text) == {"PUBLIC", "AUDITOR"}
    assert "the use of a key could not be noted: DiskFullError" in caplog.text


async def test_who_lost_the_role_acts_for_no_company_and_no_area(town: Town) -> None:
    login, gate = await town.account(Role.COMPANY, Role.INSPECTOR, Role.AUDITOR), town.gate()
    token = await town.token(login)
    for role in (Role.COMPANY, Role.INSPECTOR):
        await revoke(town.database, KEEPER, login, role)
    viewer = viewer_of(await admitted(gate, token))
    assert (viewer.roles, viewer.company_id, viewer.area_ids) == (
        frozenset({Role.PUBLIC, Role.AUDITOR}),
        None,
        frozenset(),
    )


async def test_a_purpose_in_two_headers_is_one_text(town: Town) -> None:
    token = await town.token(await town.account(Role.BUREAU_ADMIN))
    sent = [(b"authorization", f"Bearer {token}".encode()), (b"purpose", b"check of a"), (b"purpose", b"complaint")]
    assert viewer_of(await town.gate().admit(Headers(raw=sent), HOME)).purpose == "check of a, complaint"


async def test_people_whom_the_district_does_not_know_are_not_held_against_their_office(town: Town) -> None:
    provider, begun = Provider.made(), clock.now()
    trust = Trust(ISSUER, AUDIENCE, TakenBack(dict(keys_in(provider.key_set()))))
    gate, now = lasting(town, Secrets({ISSUER: trust}, b"p" * 32, "dev")), int(begun.timestamp())
    times = {"iat": now, "nbf": now, "exp": now + 900}
    with clock.frozen(begun):
        answers = [await roles_of(gate, provider.token({"sub": f"guest{each}", **times})) for each in range(6)]
        assert answers == ["UNAUTHENTICATED"] * 6
        assert gate.throttle.refused_for(HOME, begun) is None
