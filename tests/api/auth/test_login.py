"""Local sign-in: one answer and one cost for everything wrong, lock-outs that end, codes that count once."""

import asyncio
import logging
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from api import clock
from api.auth import passwords, secret_files, totp
from api.auth.accounts import set_active
from api.auth.credentials import drop_factor, fresh_factor, set_factor, set_password
from api.auth.gate import Gate, secrets_of
from api.auth.issuer import LocalIssuer
from api.auth.login import Attempt, SignIn, Token
from api.auth.throttle import Throttle
from api.auth.unidentified import UNAUTHENTICATED, Unidentified
from api.refusals import Code, Refused
from schema.directives import Role
from tests.api.auth.conftest import HOME, KEEPER, Town, roles_of

PASSWORD = "correct horse battery"


def sealing(town: Town) -> bytes:
    return secret_files.kept(town.settings.state, secret_files.FACTORS)


def door(town: Town, gate: Gate | None = None) -> SignIn:
    keys = (LocalIssuer.of(town.settings.state), sealing(town))
    return SignIn(town.database, town.district_id, keys, gate.throttle if gate else Throttle())


async def somebody(town: Town, *roles: Role, factor: bool = False) -> tuple[str, bytes]:
    """An account with the password, and the secret of its authenticator if it has one."""
    login, secret = await town.account(*roles), fresh_factor()
    await set_password(town.database, KEEPER, login, PASSWORD)
    if factor:
        code = totp.code_at(secret, totp.step_of(clock.now()))
        await set_factor(town.database, KEEPER, login, (secret, code), sealing(town))
    return login, secret


async def tried(there: SignIn, login: str, password: str = PASSWORD, code: str | None = None, at: str = HOME) -> str:
    """The code of the answer, or TOKEN."""
    found = await there.sign_in(Attempt(login, password, code), at)
    return found.code if isinstance(found, Unidentified) else "TOKEN"


async def test_a_password_gives_a_token_for_what_needs_no_second_factor(town: Town) -> None:
    login, _ = await somebody(town, Role.TRAINING_ADMIN, Role.BUREAU_ADMIN)
    found = await door(town).sign_in(Attempt(login.upper(), PASSWORD), HOME)
    assert isinstance(found, Token)
    assert timedelta(minutes=14, seconds=58) < found.expires_at - clock.now() <= timedelta(minutes=15)
    assert await roles_of(town.gate(), found.text) == {"PUBLIC", "TRAINING_ADMIN"}


async def test_a_code_beside_it_gives_all_roles(fresh_town: Town) -> None:
    town = fresh_town
    login, secret = await somebody(town, Role.BUREAU_ADMIN, factor=True)
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        code = totp.code_at(secret, totp.step_of(clock.now()))
        found = await door(town).sign_in(Attempt(login, PASSWORD, f" {code} "), HOME)
        assert isinstance(found, Token)
        assert await roles_of(town.gate(), found.text) == {"PUBLIC", "BUREAU_ADMIN"}


async def test_where_a_code_is_bound_none_gets_in_without(fresh_town: Town) -> None:
    town = fresh_town
    login, secret = await somebody(town, Role.TRAINING_ADMIN, factor=True)
    now = clock.now() + timedelta(minutes=5)
    with clock.frozen(now):
        there = door(town)
        code = totp.code_at(secret, totp.step_of(now))
        wrong = [None, "", "000000" if code != "000000" else "111111", totp.code_at(secret, totp.step_of(now) - 5)]
        assert [await tried(there, login, code=each) for each in wrong] == ["UNAUTHENTICATED"] * 4
        assert await tried(door(town), login, code=code) == "TOKEN"
        assert await tried(door(town), login, code=code) == "UNAUTHENTICATED"
    with clock.frozen(now + timedelta(seconds=30)):
        assert await tried(door(town), login, code=totp.code_at(secret, totp.step_of(now) + 1)) == "TOKEN"


async def test_one_code_used_twice_at_once_opens_once(fresh_town: Town) -> None:
    town = fresh_town
    login, secret = await somebody(town, Role.TRAINING_ADMIN, factor=True)
    now = clock.now() + timedelta(minutes=5)
    with clock.frozen(now):
        code = totp.code_at(secret, totp.step_of(now))
        both = await asyncio.gather(*(tried(door(town), login, code=code) for _ in range(4)))
    assert sorted(both) == ["TOKEN", *["UNAUTHENTICATED"] * 3]


async def test_five_failures_lock_for_ten_minutes_and_a_right_one_forgets_them(fresh_town: Town) -> None:
    town = fresh_town
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    begun = clock.now() + timedelta(seconds=5)

    async def at(seconds: int, password: str, times: int = 1) -> list[str]:
        with clock.frozen(begun + timedelta(seconds=seconds)):
            return [await tried(door(town), login, password) for _ in range(times)]

    out, opened = "UNAUTHENTICATED", "TOKEN"
    assert await at(0, "wrong", 4) == [out] * 4
    assert await at(1, PASSWORD) == [opened]
    assert await at(2, "wrong", 4) == [out] * 4
    assert await at(3, "wrong") == [out]
    assert await at(4, PASSWORD) == [out]
    assert await at(602, PASSWORD) == [out]
    assert await at(603, PASSWORD) == [opened]
    assert (await town.actions()).count("session.locked_out") == 1
    assert (await town.actions()).count("session.opened") == 2


async def test_unlocking_lifts_a_lock_out(fresh_town: Town) -> None:
    town = fresh_town
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    assert [await tried(door(town), login, "wrong") for _ in range(5)] == ["UNAUTHENTICATED"] * 5
    assert await tried(door(town), login) == "UNAUTHENTICATED"
    await set_active(town.database, KEEPER, login, active=True)
    assert await tried(door(town), login) == "TOKEN"
    assert (await town.actions())[-3:] == ["session.locked_out", "session.lockout_lifted", "session.opened"]


async def test_guesses_at_once_do_not_slip_past_the_lock(fresh_town: Town) -> None:
    town = fresh_town
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    there = door(town)
    guesses = [tried(there, login, f"wrong{n}", at=f"192.0.2.{n}") for n in range(12)]
    assert set(await asyncio.gather(*guesses)) == {"UNAUTHENTICATED"}
    assert await tried(there, login, at="192.0.2.99") == "UNAUTHENTICATED"


async def test_wrong_attempts_count_against_the_address_with_wrong_tokens(town: Town) -> None:
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    gate = town.gate()
    there = door(town, gate)
    assert [await tried(there, "nobody", at="192.0.2.50") for _ in range(3)] == ["UNAUTHENTICATED"] * 3
    assert [await roles_of(gate, "wrong", "192.0.2.50") for _ in range(2)] == ["UNAUTHENTICATED"] * 2
    found = await there.sign_in(Attempt(login, PASSWORD), "192.0.2.50")
    assert isinstance(found, Unidentified)
    assert (found.code, found.status) == ("RATE_LIMITED", 429)
    assert await tried(there, login, at="192.0.2.51") == "TOKEN"


async def test_whatever_is_wrong_costs_and_says_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    locked, _ = await somebody(town, Role.TRAINING_ADMIN)
    await set_active(town.database, KEEPER, locked, active=False)
    without = await town.account(Role.TRAINING_ADMIN)
    checked: list[str] = []
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    for each in (login, locked):
        await set_password(town.database, KEEPER, each, PASSWORD)
    real = passwords._verified

    def counting(stored: str, password: str) -> bool:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return real(stored, password)

    monkeypatch.setattr(passwords, "_verified", counting)
    for who, password in ((login, "wrong"), ("nobody", PASSWORD), (locked, PASSWORD), (without, PASSWORD)):
        assert await door(town).sign_in(Attempt(who, password), HOME) == UNAUTHENTICATED
    assert checked == ["$argon2id$v=19$m=65536,t=3,p=4"] * 4


async def test_an_account_of_a_provider_has_no_password_here(town: Town) -> None:
    from api.auth.accounts import NewAccount, add_account

    await add_account(town.database, KEEPER, NewAccount("王", issuer="https://id.example", subject="wang"))
    for act in (
        set_password(town.database, KEEPER, "wang", PASSWORD),
        set_factor(town.database, KEEPER, "wang", (b"x" * 20, "000000"), sealing(town)),
    ):
        with pytest.raises(Refused) as said:
            await act
        assert [each.code for each in said.value.refusals] == [Code.GUARD_FAILED]


@pytest.mark.parametrize("password", ["", "short", "a" * 11, "a" * 40, "abcd" * 10, "x" * 129])
async def test_weak_passwords_are_refused_and_the_old_one_stays(town: Town, password: str) -> None:
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    with pytest.raises(Refused) as said:
        await set_password(town.database, KEEPER, login, password)
    assert [(each.code, each.field) for each in said.value.refusals] == [(Code.INVALID, ("password",))]
    assert await tried(door(town), login) == "TOKEN"


async def test_a_password_is_the_same_however_it_was_typed(town: Town) -> None:
    login = await town.account(Role.TRAINING_ADMIN)
    await set_password(town.database, KEEPER, login, "Caf\u00e9 um die Ecke")
    assert await tried(door(town), login, "Cafe\u0301 um die Ecke") == "TOKEN"


async def test_a_new_password_ends_the_tokens_of_before(fresh_town: Town) -> None:
    town = fresh_town
    login, _ = await somebody(town, Role.TRAINING_ADMIN)
    found = await door(town).sign_in(Attempt(login, PASSWORD), HOME)
    assert isinstance(found, Token)
    assert await roles_of(town.gate(), found.text) == {"PUBLIC", "TRAINING_ADMIN"}
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        await set_password(town.database, KEEPER, login, "another horse battery")
        assert await roles_of(town.gate(), found.text) == "UNAUTHENTICATED"
        assert await tried(door(town), login, "another horse battery") == "TOKEN"


async def test_a_factor_is_bound_by_a_code_and_can_be_taken_off(fresh_town: Town) -> None:
    town = fresh_town
    login, secret = await somebody(town, Role.TRAINING_ADMIN)
    with pytest.raises(Refused) as said:
        await set_factor(town.database, KEEPER, login, (secret, "abc"), sealing(town))
    assert [(each.code, each.field) for each in said.value.refusals] == [(Code.INVALID, ("code",))]
    assert await tried(door(town), login) == "TOKEN"
    code = totp.code_at(secret, totp.step_of(clock.now()))
    await set_factor(town.database, KEEPER, login, (secret, code), sealing(town))
    assert await tried(door(town), login) == "UNAUTHENTICATED"
    assert await tried(door(town), login, code=code) == "UNAUTHENTICATED"
    await drop_factor(town.database, KEEPER, login)
    assert await tried(door(town), login) == "TOKEN"
    with pytest.raises(Refused):
        await drop_factor(town.database, KEEPER, login)


async def test_a_sealed_factor_belongs_to_its_account_and_key(town: Town) -> None:
    login, secret = await somebody(town, Role.TRAINING_ADMIN, factor=True)
    other = await town.id_of(await town.account())
    (row,) = await town.rows(
        "SELECT account_id, totp_sealed FROM credential WHERE account_id = $1", await town.id_of(login)
    )
    assert secret not in row["totp_sealed"]
    opened = {
        secret_files.unsealed(sealing(town), row["account_id"], row["totp_sealed"]),
        secret_files.unsealed(sealing(town), other, row["totp_sealed"]),
        secret_files.unsealed(b"x" * 32, row["account_id"], row["totp_sealed"]),
    }
    assert opened == {secret, None}


async def test_no_secret_is_in_any_log(fresh_town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A day of accounts: everything that proves who somebody is, and every name, stays out of logs and payloads."""
    from api.auth.api_keys import Hashing, NewKey, add_key, revoke_key
    from api.auth.first import First, announced, redeem

    town, secrets = fresh_town, ["correct horse", "wrong guess", "李明"]
    with caplog.at_level(logging.DEBUG):
        code = await announced(town.database, town.settings.state)
        assert code
        first = First(code, "first.admin", "李明", PASSWORD)
        await redeem(town.database, town.settings.state, first)
        login, secret = await somebody(town, Role.AUDITOR, factor=True)
        there, gate = door(town), town.gate()
        await tried(there, login, "wrong guess", at="192.0.2.1")
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            found = await there.sign_in(
                Attempt(login, PASSWORD, totp.code_at(secret, totp.step_of(clock.now()))), "192.0.2.2"
            )
            assert isinstance(found, Token)
            await roles_of(gate, found.text)
        hashing = Hashing(secrets_of(town.settings, local=True).pepper, "dev")
        key_id, text = await add_key(town.database, KEEPER, NewKey(login, "audit", (Role.AUDITOR,)), hashing)
        await roles_of(gate, text)
        await roles_of(gate, text[:-1] + "x")
        await revoke_key(town.database, KEEPER, key_id)
        secrets += [code, found.text, found.text.split(".")[2], text, text.split("_")[3], login, "first.admin"]
        secrets += [secret.hex(), totp.address_of(secret, "")[-40:], "argon2id"]
    said = [each.getMessage() for each in caplog.records] + await town.payloads()
    assert len(said) == 11
    assert [(secret, each) for secret in secrets for each in said if secret in each] == []
    shown = repr(found) + repr(first) + repr(Attempt(login, PASSWORD, "123456"))
    assert not [each for each in (PASSWORD, code, found.text, "123456") if each in shown]
