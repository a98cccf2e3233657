"""Accounts and grants: what is refused leaves nothing, in Python and in the database again; every act is in the log."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import asyncpg
import pytest

from api import clock
from api.auth.accounts import NewAccount, Span, add_account, grant, revoke, set_active
from api.desk import desk
from api.refusals import Code, Refused
from schema import tables
from schema.directives import Role
from tests.api.auth.conftest import KEEPER, Town
from tests.api.auth.test_rules import PAIRS, ROLES
from tests.factories import World


async def state_of(town: Town) -> list[Any]:
    """How many accounts, grants and log entries there are."""
    counts = (
        "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM role_grant), (SELECT count(*) FROM audit_leaf)"
    )
    return list((await town.rows(counts))[0])


async def refused(town: Town, act: Any) -> list[tuple[Code, tuple[str, ...]]]:
    """Codes and fields an act is refused with; nothing is written."""
    before = await state_of(town)
    with pytest.raises(Refused) as said:
        await act
    assert await state_of(town) == before
    assert all(each.message.zh and each.message.en and each.remedy for each in said.value.refusals)
    return [(each.code, each.field) for each in said.value.refusals]


async def test_an_account_is_an_act(fresh_town: Town) -> None:
    town = fresh_town
    login = await town.account(Role.INSPECTOR)
    await set_active(town.database, KEEPER, login, active=False)
    await set_active(town.database, KEEPER, login, active=False)
    await set_active(town.database, KEEPER, login, active=True)
    await revoke(town.database, KEEPER, login, Role.INSPECTOR)
    assert await town.actions() == [
        "district.added",
        "person.account_added",
        "role.granted",
        "person.account_locked",
        "person.account_unlocked",
        "role.revoked",
    ]
    assert not [each for each in await town.payloads() if login in each]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "李\u202e明"}, ["name"]),
        ({"login": "李明"}, ["login"]),
        ({"login": "a"}, ["login"]),
        ({"login": "-a"}, ["login"]),
        ({"login": None}, ["login"]),
        ({"issuer": "https://id.example", "subject": "li"}, ["login"]),
        ({"login": None, "issuer": "https://id.example"}, ["login"]),
        ({"name": "", "login": "x y"}, ["name", "login"]),
    ],
)
async def test_what_cannot_be_an_account_is_refused(town: Town, given: dict[str, Any], wrong: list[str]) -> None:
    wanted = NewAccount(**{"name": "李明", "login": "li", **given})
    found = await refused(town, add_account(town.database, KEEPER, wanted))
    assert found == [(Code.INVALID, (field,)) for field in wrong]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"company": "91430304MA0000000X"}, "company"),
        ({"areas": ("430304001", "430304999")}, "area"),
        ({"person": "7"}, "person"),
        ({"person": "01980000-0000-7000-8000-000000000001"}, "person"),
    ],
)
async def test_what_is_not_there_cannot_be_linked(town: Town, given: dict[str, Any], field: str) -> None:
    wanted = NewAccount("李明", "linked", **given)
    assert await refused(town, add_account(town.database, KEEPER, wanted)) == [(Code.NOT_FOUND, (field,))]


async def test_a_login_or_subject_is_taken_once(town: Town) -> None:
    login = await town.account()
    again = add_account(town.database, KEEPER, NewAccount("other", login.upper()))
    assert await refused(town, again) == [(Code.DUPLICATE, ("login",))]
    subject = NewAccount("one", issuer="https://id.example", subject="one")
    await add_account(town.database, KEEPER, subject)
    assert await refused(town, add_account(town.database, KEEPER, subject)) == [(Code.DUPLICATE, ("login",))]
    await add_account(town.database, KEEPER, NewAccount("one", issuer="https://other.example", subject="one"))


async def test_roles_need_what_their_rows_go_by(town: Town) -> None:
    login = await town.account()
    for role in (Role.COMPANY, Role.INSPECTOR, Role.PUBLIC):
        assert await refused(town, grant(town.database, KEEPER, login, role)) == [(Code.INVALID, ("role",))]


@pytest.mark.parametrize("pair", sorted(map(sorted, PAIRS)), ids="-".join)
async def test_roles_that_may_not_meet_are_refused_both_ways(town: Town, pair: list[str]) -> None:
    for held, wanted in (pair, pair[::-1]):
        login = await town.account(organisation="城管局", company=town.uscc)
        await grant(town.database, KEEPER, login, Role[held])
        said = await refused(town, grant(town.database, KEEPER, login, Role[wanted]))
        assert said == [(Code.CONFLICT_OF_INTEREST, ("role",))]


async def test_all_business_roles_that_may_meet_do(town: Town) -> None:
    business = [role for role in Role if role.name in ROLES[:8] and role is not Role.RULE_APPROVER]
    login = await town.account(*business)
    rows = await town.rows("SELECT role FROM role_grant WHERE account_id = $1", await town.id_of(login))
    assert {row["role"] for row in rows} == {role.name for role in business}


async def test_two_accounts_of_one_person_are_one_person(town: Town) -> None:
    world = World(town.database, town.district_id)
    person = str(world.add(tables.Person, name="李明"))
    await world.save()
    drafter = await town.account(Role.RULE_DRAFTER, person=person)
    approver = await town.account(person=person)
    said = await refused(town, grant(town.database, KEEPER, approver, Role.RULE_APPROVER))
    assert said == [(Code.CONFLICT_OF_INTEREST, ("role",))]
    await revoke(town.database, KEEPER, drafter, Role.RULE_DRAFTER)
    await grant(town.database, KEEPER, approver, Role.RULE_APPROVER)


async def test_spans_that_do_not_touch_may_follow(town: Town) -> None:
    login, now = await town.account(), clock.now()
    noon, night = now + timedelta(days=1), now + timedelta(days=2)
    await grant(town.database, KEEPER, login, Role.RULE_DRAFTER, Span(None, noon))
    await grant(town.database, KEEPER, login, Role.RULE_APPROVER, Span(noon, night))
    early = grant(town.database, KEEPER, login, Role.RULE_APPROVER, Span(now + timedelta(hours=1), noon))
    assert await refused(town, early) == [(Code.CONFLICT_OF_INTEREST, ("role",))]
    twice = grant(town.database, KEEPER, login, Role.RULE_DRAFTER, Span(None, noon))
    assert await refused(town, twice) == [(Code.DUPLICATE, ("role",))]
    past = grant(town.database, KEEPER, login, Role.AUDITOR, Span(None, now - timedelta(days=1)))
    assert await refused(town, past) == [(Code.INVALID, ("to",))]


async def test_only_a_role_that_is_held_can_be_revoked(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    assert await revoke(town.database, KEEPER, login, Role.AUDITOR) == 1
    said = await refused(town, revoke(town.database, KEEPER, login, Role.AUDITOR))
    assert said == [(Code.NOT_FOUND, ("role",))]
    await grant(town.database, KEEPER, login, Role.AUDITOR)


async def test_an_unknown_account_is_not_found(town: Town) -> None:
    acts = [
        set_active(town.database, KEEPER, "nobody", active=False),
        grant(town.database, KEEPER, "nobody", Role.AUDITOR),
        revoke(town.database, KEEPER, str(clock.new_id()), Role.AUDITOR),
    ]
    assert [await refused(town, act) for act in acts] == [[(Code.NOT_FOUND, ("account",))]] * 3


GRANT = (
    "INSERT INTO role_grant (id, account_id, holder_id, role, valid_from, granted_by, granted_at)"
    " VALUES ($1, $2, $3, $4, now(), 'sql', now())"
)


async def sqlstate(town: Town, *statements: tuple[Any, ...]) -> str | None:
    """What the database says to statements of the application role; nothing is kept."""
    async with town.database.engine.connect() as connection:
        raw = await town.database.driver(connection)
        transaction = raw.transaction()
        await transaction.start()
        try:
            await raw.execute("SELECT set_config('app.viewer', 'sql', true)")
            for statement, *given in statements:
                await raw.execute(statement, *given)
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)
        finally:
            await transaction.rollback()
    return None


async def test_the_database_says_it_again_for_every_pair(town: Town) -> None:
    found = {}
    for one, other in combinations(ROLES, 2):
        account_id = await town.id_of(await town.account())
        first, second = ((GRANT, clock.new_id(), account_id, account_id, role) for role in (one, other))
        found[frozenset({one, other})] = await sqlstate(town, first, second)
    assert {pair for pair, said in found.items() if said == "23P01"} == PAIRS
    assert {said for pair, said in found.items() if pair not in PAIRS} == {None}
    assert len(found) == 45


async def test_the_database_refuses_what_no_act_does(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    me, other, key = await town.id_of(login), await town.id_of(await town.account()), clock.new_id()
    make_key = (
        "INSERT INTO api_key (id, account_id, digest, label, roles, created_at, expires_at)"
        " VALUES ($1, $2, $3, 'x', $4, now(), now() + $5::interval)"
    )
    days = timedelta(days=180)
    revoked = "UPDATE role_grant SET valid_to = now(), revoked_by = 'sql' WHERE account_id = $1"
    tries: dict[str, list[tuple[Any, ...]]] = {
        "another holder": [(GRANT, clock.new_id(), me, other, "INSPECTOR")],
        "an unknown role": [(GRANT, clock.new_id(), me, me, "PUBLIC")],
        "a role twice": [(GRANT, clock.new_id(), me, me, "AUDITOR")],
        "another role": [("UPDATE role_grant SET role = 'INSPECTOR' WHERE account_id = $1", me)],
        "a grant back": [(revoked, me), ("UPDATE role_grant SET revoked_by = NULL WHERE account_id = $1", me)],
        "no grant": [("DELETE FROM role_grant WHERE account_id = $1", me)],
        "another person": [("UPDATE account SET holder_id = $1 WHERE id = $2", other, me)],
        "another company": [("UPDATE account SET company_id = NULL WHERE id = $1", me)],
        "no account": [("DELETE FROM account WHERE id = $1", me)],
        "a strong key": [(make_key, key, me, b"x" * 32, ["BUREAU_ADMIN"], days)],
        "an empty key": [(make_key, key, me, b"x" * 32, [], days)],
        "a long key": [(make_key, key, me, b"x" * 32, ["AUDITOR"], days + timedelta(seconds=1))],
        "a short digest": [(make_key, key, me, b"x" * 31, ["AUDITOR"], days)],
        "a key that grows": [
            (make_key, key, me, b"x" * 32, ["AUDITOR"], days),
            ("UPDATE api_key SET roles = '{COMPANY}' WHERE id = $1", key),
        ],
        "a key back": [
            (make_key, key, me, b"x" * 32, ["AUDITOR"], days),
            ("UPDATE api_key SET revoked_at = now() WHERE id = $1", key),
            ("UPDATE api_key SET revoked_at = NULL WHERE id = $1", key),
        ],
        "a plain password": [("UPDATE credential SET password_hash = 'secret' WHERE account_id = $1", me)],
        "a key of 180 days": [(make_key, key, me, b"x" * 32, ["AUDITOR"], days)],
    }
    assert {name: await sqlstate(town, *statements) for name, statements in tries.items()} == {
        "another holder": "23503",
        "an unknown role": "23514",
        "a role twice": "23P01",
        "another role": "42501",
        "a grant back": "23001",
        "no grant": "42501",
        "another person": "42501",
        "another company": "42501",
        "no account": "42501",
        "a strong key": "23514",
        "an empty key": "23514",
        "a long key": "23514",
        "a short digest": "23514",
        "a key that grows": "42501",
        "a key back": "23001",
        "a plain password": "23514",
        "a key of 180 days": None,
    }


async def test_the_count_of_changes_moves_with_each_act_and_stays_at_what_is_none(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    number = "SELECT number FROM account_change"
    before = (await town.rows(number))[0]["number"]
    async with desk(town.database, actor=KEEPER) as d:
        await (await d.driver()).execute(
            "UPDATE credential SET failures = 1 WHERE account_id = $1", await town_id(d, login)
        )
        await d.record("session.tried")
    assert (await town.rows(number))[0]["number"] == before
    await revoke(town.database, KEEPER, login, Role.AUDITOR)
    assert (await town.rows(number))[0]["number"] == before + 1


async def town_id(d: Any, login: str) -> Any:
    """The id of an account, within an act under way."""
    return await (await d.driver()).fetchval("SELECT id FROM account WHERE login = $1", login)


@pytest.mark.parametrize("table", ["account", "role_grant", "api_key", "key_use", "credential"])
async def test_who_does_not_say_for_whom_sees_and_writes_nothing(town: Town, table: str) -> None:
    await town.account(Role.AUDITOR)
    async with town.database.engine.connect() as connection:
        raw = await town.database.driver(connection)
        assert await raw.fetchval(f"SELECT count(*) FROM {table}") == 0
        for role in ("zhunze_public", "zhunze_bureau", "zhunze_security"):
            async with raw.transaction():
                await raw.execute("SELECT set_config('app.viewer', 'x', true), set_config('role', $1, true)", role)
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with raw.transaction():
                        await raw.fetch(f"SELECT * FROM {table}")
