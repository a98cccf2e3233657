"""Standings that no act of ours makes: the gate lets nobody in with them, whatever stands in the tables."""

from dataclasses import replace
from typing import Any

import pytest

from api import clock
from api.auth.standings import Standings
from api.auth.unidentified import UNAUTHENTICATED
from schema.directives import Role
from tests.api.auth.conftest import HOME, Town, admitted, roles_of
from tests.api.auth.test_gate import key_for


def changed(monkeypatch: pytest.MonkeyPatch, by: str, change: Any) -> None:
    """Have standings that are read `by` token or key come out changed."""
    read = getattr(Standings, by)

    async def otherwise(self: Standings, *given: Any) -> Any:
        return change(await read(self, *given))

    monkeypatch.setattr(Standings, by, otherwise)


@pytest.mark.parametrize(
    "roles",
    [
        (Role.SECURITY_ADMIN, Role.COMPANY),
        (Role.SECURITY_ADMIN, Role.BUREAU_ADMIN),
        (Role.AUDIT_ADMIN, Role.AUDITOR),
        (Role.AUDIT_ADMIN, Role.SECURITY_ADMIN),
        (Role.RULE_DRAFTER, Role.RULE_APPROVER),
    ],
)
async def test_roles_that_may_not_meet_open_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, roles: tuple[Role, ...]
) -> None:
    token, gate = await town.token(await town.account(Role.COMPANY)), town.gate()
    changed(monkeypatch, "of_account", lambda found: replace(found, roles=frozenset(roles)))
    for _ in range(6):
        assert await admitted(gate, token) == UNAUTHENTICATED
    assert gate.throttle.refused_for(HOME, clock.now()) is None


@pytest.mark.parametrize("roles", [(Role.COMPANY,), (Role.COMPANY, Role.AUDITOR)])
async def test_a_key_for_one_cycle_opens_no_other_view_than_an_auditors(
    town: Town, monkeypatch: pytest.MonkeyPatch, roles: tuple[Role, ...]
) -> None:
    _, text = await key_for(town, await town.account(Role.COMPANY, Role.AUDITOR), *roles)
    gate = town.gate()
    assert await roles_of(gate, text) == {"PUBLIC", *(role.name for role in roles)}
    narrowed = clock.new_id()
    changed(monkeypatch, "of_key", lambda found: replace(found, key=replace(found.key, cycle_id=narrowed)))
    assert await roles_of(town.gate(), text) == "UNAUTHENTICATED"
