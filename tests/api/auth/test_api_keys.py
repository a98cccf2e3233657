"""API keys: made for roles the account holds, shown once, narrow, short-lived, ended once."""

from datetime import timedelta
from typing import Any

import pytest

from api import clock
from api.auth import keys
from api.auth.api_keys import Hashing, NewKey, add_key, revoke_key
from api.refusals import Code, Refused
from schema.directives import Role
from tests.api.auth.conftest import KEEPER, Town

HASHING = Hashing(b"p" * 32, "dev")


async def refused(town: Town, act: Any) -> list[tuple[Code, tuple[str, ...]]]:
    """Codes and fields an act is refused with; no key and no entry is written."""
    counts = "SELECT (SELECT count(*) FROM api_key), (SELECT count(*) FROM audit_leaf)"
    before = await town.rows(counts)
    with pytest.raises(Refused) as said:
        await act
    assert await town.rows(counts) == before
    return [(each.code, each.field) for each in said.value.refusals]


async def test_a_key_is_stored_as_a_keyed_hash_alone(fresh_town: Town) -> None:
    town = fresh_town
    login = await town.account(Role.AUDITOR)
    wanted = NewKey(login, " 审计系统 ", (Role.AUDITOR,), 30, addresses=("10.1.2.3/16",))
    key_id, text = await add_key(town.database, KEEPER, wanted, HASHING)
    key = keys.read(text, "dev")
    assert key is not None
    assert key.id == key_id
    (row,) = await town.rows("SELECT * FROM api_key")
    assert row["digest"] == key.digest(b"p" * 32)
    assert key.secret not in str(dict(row))
    assert (row["label"], row["roles"], row["addresses"]) == ("审计系统", ["AUDITOR"], ["10.1.0.0/16"])
    assert row["expires_at"] - row["created_at"] == timedelta(days=30)
    await revoke_key(town.database, KEEPER, key_id)
    assert (await town.actions())[-2:] == ["key.created", "key.revoked"]
    assert await refused(town, revoke_key(town.database, KEEPER, key_id)) == [(Code.ILLEGAL_TRANSITION, ("key",))]


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"label": " "}, ["label"]),
        ({"label": "x" * 61}, ["label"]),
        ({"days": 0}, ["days"]),
        ({"days": 181}, ["days"]),
        ({"roles": ()}, ["roles"]),
        ({"roles": (Role.BUREAU_ADMIN,)}, ["roles"]),
        ({"roles": (Role.AUDITOR, Role.PUBLIC)}, ["roles"]),
        ({"roles": (Role.COMPANY,), "cycle": "2026-H1"}, ["cycle"]),
        ({"roles": (Role.AUDITOR, Role.COMPANY), "cycle": "2026-H1"}, ["cycle"]),
        ({"addresses": ("10.1.0.0/33",)}, ["addresses"]),
        ({"addresses": ("10.0.0.1",) * 21}, ["addresses"]),
        ({"days": 999, "addresses": ("x",)}, ["days", "addresses"]),
    ],
)
async def test_what_cannot_be_a_key_is_refused(town: Town, terms: dict[str, Any], wrong: list[str]) -> None:
    wanted = NewKey(**{"who": "nobody", "label": "x", "roles": (Role.AUDITOR,), **terms})
    found = await refused(town, add_key(town.database, KEEPER, wanted, HASHING))
    assert found == [(Code.INVALID, (field,)) for field in wrong]


async def test_a_key_never_holds_more_than_its_account(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    wanted = NewKey(login, "x", (Role.AUDITOR, Role.COMPANY))
    assert await refused(town, add_key(town.database, KEEPER, wanted, HASHING)) == [(Code.GUARD_FAILED, ("roles",))]


async def test_unknown_accounts_cycles_and_keys_are_not_found(town: Town) -> None:
    login = await town.account(Role.AUDITOR)
    acts = [
        add_key(town.database, KEEPER, NewKey("nobody", "x", (Role.AUDITOR,)), HASHING),
        add_key(town.database, KEEPER, NewKey(login, "x", (Role.AUDITOR,), cycle="2026-H1"), HASHING),
        revoke_key(town.database, KEEPER, clock.new_id()),
    ]
    found = [await refused(town, act) for act in acts]
    assert found == [[(Code.NOT_FOUND, (field,))] for field in ("account", "cycle", "key")]
