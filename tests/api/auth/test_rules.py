"""Which roles may not meet in one person: every pair, written down from the conventions."""

from itertools import combinations

import pytest

from api.auth.rules import KEY_ROLES, SECOND_FACTOR, conflicts, counted
from schema.directives import Role

FORBIDDEN = """
    RULE_DRAFTER RULE_APPROVER
    SECURITY_ADMIN AUDIT_ADMIN
    SECURITY_ADMIN COMPANY
    SECURITY_ADMIN INSPECTOR
    SECURITY_ADMIN AUDITOR
    SECURITY_ADMIN TRAINING_ADMIN
    SECURITY_ADMIN RULE_DRAFTER
    SECURITY_ADMIN RULE_APPROVER
    SECURITY_ADMIN DECISION_OFFICER
    SECURITY_ADMIN BUREAU_ADMIN
    AUDIT_ADMIN COMPANY
    AUDIT_ADMIN INSPECTOR
    AUDIT_ADMIN AUDITOR
    AUDIT_ADMIN TRAINING_ADMIN
    AUDIT_ADMIN RULE_DRAFTER
    AUDIT_ADMIN RULE_APPROVER
    AUDIT_ADMIN DECISION_OFFICER
    AUDIT_ADMIN BUREAU_ADMIN
"""
"""Conventions, section 15: RD with RA; SA, AA and any business role with each other."""
PAIRS = {frozenset(line.split()) for line in FORBIDDEN.strip().splitlines()}
ROLES = (
    *("COMPANY", "INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "RULE_DRAFTER", "RULE_APPROVER", "DECISION_OFFICER"),
    *("BUREAU_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"),
)


def test_the_table_has_eighteen_pairs_of_ten_roles() -> None:
    assert len(PAIRS) == 18
    assert {role.name for role in Role} == {"PUBLIC", *ROLES}


@pytest.mark.parametrize(("one", "other"), list(combinations(ROLES, 2)))
def test_each_pair_is_judged_as_written(one: str, other: str) -> None:
    apart = frozenset({one, other}) in PAIRS
    assert conflicts({Role[one]}, Role[other]) == ([Role[one]] if apart else [])
    assert conflicts({Role[other]}, Role[one]) == ([Role[other]] if apart else [])


def test_public_stands_beside_every_role() -> None:
    assert [conflicts({Role.PUBLIC}, role) for role in Role] == [[]] * 11


def test_every_conflict_is_named_at_once() -> None:
    held = {Role.RULE_DRAFTER, Role.INSPECTOR, Role.AUDIT_ADMIN}
    assert conflicts(held, Role.SECURITY_ADMIN) == [Role.AUDIT_ADMIN, Role.INSPECTOR, Role.RULE_DRAFTER]


def test_roles_with_a_second_factor_are_those_of_the_security_paper() -> None:
    named = {"BUREAU_ADMIN", "DECISION_OFFICER", "RULE_APPROVER", "SECURITY_ADMIN", "AUDIT_ADMIN"}
    assert {role.name for role in SECOND_FACTOR} == named
    assert set(Role) - SECOND_FACTOR - {Role.PUBLIC} == KEY_ROLES
    assert counted(set(Role), second_factor=True) == set(Role)
    assert counted(set(Role), second_factor=False) == KEY_ROLES | {Role.PUBLIC}
