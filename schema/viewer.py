"""Who asks: the roles held and what the rows they see go by."""

from dataclasses import dataclass, field
from uuid import UUID

from schema.directives import Role


@dataclass(frozen=True, slots=True)
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
    purpose: str | None = None
    """Why clear personal data are asked for (`Purpose` header); null = masked."""

    @property
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
