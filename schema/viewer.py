"""Who asks: the roles held and what the rows they see go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final
from uuid import UUID

from schema.directives import Role


class ViewerKind(Enum):
    """Kinds of viewer that see different rows; for each there is a database role `zhunze_<value>`.

    INSPECTOR inspects for a street or community, AGENCY for another body: a department or a third party. A
    CYCLE_AUDITOR has a key for one cycle.
    """

    PUBLIC = "public"
    COMPANY = "company"
    INSPECTOR = "inspector"
    AGENCY = "agency"
    TRAINING = "training"
    RULES = "rules"
    AUDITOR = "auditor"
    CYCLE_AUDITOR = "cycle_auditor"
    BUREAU = "bureau"
    SECURITY = "security"
    AUDIT = "audit"


ADDED: Final[Mapping[Role, ViewerKind]] = {
    Role.COMPANY: ViewerKind.COMPANY,
    Role.INSPECTOR: ViewerKind.INSPECTOR,
    Role.TRAINING_ADMIN: ViewerKind.TRAINING,
    Role.RULE_DRAFTER: ViewerKind.RULES,
    Role.RULE_APPROVER: ViewerKind.RULES,
    Role.SECURITY_ADMIN: ViewerKind.SECURITY,
    Role.AUDIT_ADMIN: ViewerKind.AUDIT,
}
"""What a role adds to what everybody sees; the roles that see the whole district are not among them."""
MIXABLE: Final = (
    ViewerKind.COMPANY,
    ViewerKind.INSPECTOR,
    ViewerKind.AGENCY,
    ViewerKind.TRAINING,
    ViewerKind.RULES,
)
"""Kinds that one person may be several of; the database role of such a person is `zhunze_mixed`."""


@dataclass(frozen=True)
class Viewer:
    """A caller as the reads see one; it comes from our own tables, never from what a token claims.

    `roles` always contains PUBLIC: whoever asks may see at least what everybody sees.
    """

    district_id: UUID
    roles: frozenset[Role] = frozenset({Role.PUBLIC})
    account_id: UUID | None = None
    """Null: nobody has signed in."""
    person_id: UUID | None = None
    """The person behind the account, where the district knows one."""
    company_id: UUID | None = None
    """Own company, for COMPANY."""
    area_ids: frozenset[UUID] = field(default_factory=frozenset)
    """Streets and communities of an INSPECTOR of a street or community."""
    organisation: str | None = None
    """Body acted for: a department's name, a third party's name."""
    cycle_id: UUID | None = None
    """The only cycle an auditor's key may see; null = all."""
    name: str = ""
    """Display name of who acts, as our own tables have it; empty = nobody has signed in."""
    purpose: str | None = None
    """Why clear personal data are asked for (`Purpose` header); null = masked."""

    def __post_init__(self) -> None:
        """Nobody is two of security, audit and business at once: there is no row scope for such a caller."""
        held = self.roles - {Role.PUBLIC}
        if len(held) > 1 and held & {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}:
            raise ValueError("SECURITY_ADMIN and AUDIT_ADMIN go with no other role")

    @cached_property
    def scope(self) -> str:
        """Names the rows this viewer may see, the same text for the same rows: part of what a cursor is bound to."""
        parts = (
            str(self.district_id),
            ",".join(sorted(role.name for role in self.roles)),
            *(str(each or "") for each in (self.person_id, self.company_id, self.organisation, self.cycle_id)),
            ",".join(sorted(map(str, self.area_ids))),
        )
        return "|".join(parts)

    def holds(self, *roles: Role) -> bool:
        """Whether one of these roles is held."""
        return not self.roles.isdisjoint(roles)

    @cached_property
    def kinds(self) -> tuple[ViewerKind, ...]:
        """The kinds whose rows are seen together. Who sees the whole district sees it once, by the widest role."""
        if self.holds(Role.BUREAU_ADMIN, Role.DECISION_OFFICER):
            return (ViewerKind.BUREAU,)
        if self.holds(Role.AUDITOR):
            return (ViewerKind.CYCLE_AUDITOR if self.cycle_id else ViewerKind.AUDITOR,)
        added = dict.fromkeys(kind for role, kind in ADDED.items() if role in self.roles)
        if ViewerKind.INSPECTOR in added and self.organisation and not self.area_ids:
            del added[ViewerKind.INSPECTOR]
            added[ViewerKind.AGENCY] = None
        return (ViewerKind.PUBLIC, *added)

    @cached_property
    def database_role(self) -> str:
        """The database role that reads for this viewer."""
        kinds = self.kinds[1:] or self.kinds
        if len(kinds) == 1:
            return f"zhunze_{kinds[0].value}"
        assert set(kinds) <= set(MIXABLE), "kinds that do not mix stand alone"
        return "zhunze_mixed"

    @cached_property
    def bounds(self) -> Mapping[str, object]:
        """What the rows seen are bounded by, by the name of the setting; absent = null."""
        return {
            "district": self.district_id,
            "person": self.person_id,
            "company": self.company_id if self.holds(Role.COMPANY) else None,
            "areas": sorted(self.area_ids) if self.area_ids and ViewerKind.INSPECTOR in self.kinds else None,
            "agency": self.organisation if ViewerKind.AGENCY in self.kinds else None,
            "cycle": self.cycle_id if ViewerKind.CYCLE_AUDITOR in self.kinds else None,
        }

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """The settings `app.…` that row policies go by, for one transaction; empty = null."""
        bounds = {name: "" if value is None else str(value) for name, value in self.bounds.items()}
        areas = self.bounds["areas"]
        return {
            **bounds,
            "areas": f"{{{','.join(map(str, areas))}}}" if isinstance(areas, list) else "",
            "viewer": str(self.account_id or "public"),
            "kinds": ",".join(kind.value for kind in self.kinds),
        }
