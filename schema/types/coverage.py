"""How many compounds are covered by property management, by form, regime and area."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import strawberry

from schema import ids
from schema.arguments import given
from schema.codes import shown
from schema.directives import bounded
from schema.fields import instance
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.coverage import Tally, tallies
from schema.types.codes.places import GovernanceForm, GovernanceRegime
from schema.types.places import AdminArea

PLACES = Decimal("0.0001")


def rate(covered: int, total: int) -> Decimal:
    """covered/total, rounded once to 4 decimals; 0 of an empty area.

    >>> rate(457, 565), rate(0, 0)
    (Decimal('0.8088'), Decimal('0'))
    """
    return (Decimal(covered) / Decimal(total)).quantize(PLACES, ROUND_HALF_UP) if total else Decimal(0)


@strawberry.type(description="Count of one form.")
class FormCount:
    """Compounds under one form."""

    form: GovernanceForm | None = strawberry.field(description="Form; null = not recorded.")
    total: int = strawberry.field(description="Compounds.")
    covered: int = strawberry.field(description="Of these covered.")


@strawberry.type(description="Count of one regime.")
class RegimeCount:
    """Compounds under one regime."""

    regime: GovernanceRegime | None = strawberry.field(description="Regime; null = not recorded.")
    total: int = strawberry.field(description="Compounds.")
    covered: int = strawberry.field(description="Of these covered.")


@strawberry.type(description="Count of one area.")
class AreaCoverage:
    """Compounds of one street or community."""

    area: AdminArea = strawberry.field(description="Area.")
    total: int = strawberry.field(description="Compounds.")
    covered: int = strawberry.field(description="Of these covered.")

    @shown("covered/total, 4 decimals; '0' for an empty area.")
    def rate(self) -> Decimal:
        """Share covered."""
        return rate(self.covered, self.total)


@strawberry.type(description="Coverage count at a moment (物业覆盖).")
class Coverage:
    """Counts that sum to the same total, taken in one statement."""

    tally: strawberry.Private[Tally]
    valid_at: datetime = strawberry.field(description="Moment counted.")

    @shown("Active compounds.")
    def total(self) -> int:
        """All compounds known."""
        return self.tally.total

    @shown("Covered compounds.")
    def covered(self) -> int:
        """Those on record as covered."""
        return self.tally.covered

    @shown("covered/total, 4 decimals, rounded once.")
    def rate(self) -> Decimal:
        """Share covered."""
        return rate(self.tally.covered, self.tally.total)

    @shown("By governance form; sums to total.", bounded(6))
    def by_form(self) -> list[FormCount]:
        """Forms that occur, largest first."""
        return [
            FormCount(form=GovernanceForm(code) if code else None, total=total, covered=covered)
            for code, total, covered in self.tally.forms
        ]

    @shown("By regime; sums to total.", bounded(4))
    def by_regime(self) -> list[RegimeCount]:
        """Regimes that occur, largest first."""
        return [
            RegimeCount(regime=GovernanceRegime(code) if code else None, total=total, covered=covered)
            for code, total, covered in self.tally.regimes
        ]

    @shown("By street, or by community inside one street; sums to total.", bounded(30))
    def by_area(self) -> list[AreaCoverage]:
        """Areas by code, empty ones included."""
        return [
            AreaCoverage(area=instance(AdminArea, row), total=row["total"], covered=row["covered"])
            for row in self.tally.areas
        ]


def asked_area(_row: object, arguments: Any) -> tuple[UUID | None]:
    """The street asked about; none = the district."""
    area = arguments.get("area_id")
    return (ids.decode(area).uuid if given(area) else None,)


async def coverages(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The coverage of each area asked about."""
    found = {}
    for key in keys:
        tally = await tallies(turn, at, key[0])
        found[key] = Coverage(tally=tally, valid_at=at.valid_at)
    return found
