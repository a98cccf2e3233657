"""Which roles may not meet in one person, which need a second factor, which a key may carry."""

from collections.abc import Iterable
from typing import Final

from schema.directives import Role
from schema.tables.accounts import KEY_ROLES as KEY_ROLE_CODES

SECOND_FACTOR: Final = frozenset(
    {Role.BUREAU_ADMIN, Role.DECISION_OFFICER, Role.RULE_APPROVER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
)
"""Roles that count only when a second factor was shown."""
KEY_ROLES: Final = frozenset(Role[code] for code in KEY_ROLE_CODES)
"""Roles a key may carry; a key shows no second factor."""
FOUR_EYES: Final = frozenset({Role.RULE_DRAFTER, Role.RULE_APPROVER})


def estate(role: Role) -> str:
    """The part of the house a role belongs to; a person stays in one.

    >>> estate(Role.SECURITY_ADMIN), estate(Role.COMPANY)
    ('SECURITY_ADMIN', 'BUSINESS')
    """
    return role.name if role in {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN} else "BUSINESS"


def conflicts(held: Iterable[Role], wanted: Role) -> list[Role]:
    """Held roles that may not stand beside the wanted one, by code; PUBLIC stands beside all.

    >>> [role.name for role in conflicts({Role.PUBLIC, Role.RULE_DRAFTER, Role.INSPECTOR}, Role.RULE_APPROVER)]
    ['RULE_DRAFTER']
    """
    found = {role for role in held if Role.PUBLIC not in {role, wanted} and _apart(role, wanted)}
    return sorted(found, key=lambda role: role.name)


def _apart(one: Role, other: Role) -> bool:
    return estate(one) != estate(other) or {one, other} == FOUR_EYES


def counted(roles: Iterable[Role], *, second_factor: bool) -> frozenset[Role]:
    """The roles that count for a request, PUBLIC with them.

    >>> sorted(role.name for role in counted({Role.INSPECTOR, Role.BUREAU_ADMIN}, second_factor=False))
    ['INSPECTOR', 'PUBLIC']
    """
    return frozenset({Role.PUBLIC} | {role for role in roles if second_factor or role not in SECOND_FACTOR})
