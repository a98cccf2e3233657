"""Areas, compounds, how they are governed, bundles."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema import tables
from schema.arguments import AS_OF, Argument, filtered
from schema.connections import Connection
from schema.directives import PUBLIC, STAFF
from schema.fields import (
    Said,
    ascending,
    column,
    descending,
    fact,
    held,
    identity,
    inside,
    interval,
    newest,
    one,
    own,
    own_id,
    page,
    stored,
    version,
    via,
)
from schema.reads.bundles import households
from schema.reads.report import Subject
from schema.shapes import Absent, Figure, OfficialRun, column_of
from schema.types.codes.places import AreaLevel, CompoundKind, GovernanceForm, GovernanceRegime
from schema.types.filters import IN_CHARGE, OF_SUBJECT, ComplaintFilter, InspectionFilter
from schema.types.map import OperationsSheet, sheets
from schema.types.node import Node, Record
from schema.types.reports import PeriodReport, report
from schema.types.values import GeoPoint, Interval

if TYPE_CHECKING:
    from schema.types.companies import Company, Engagement
    from schema.types.facts import Complaint
    from schema.types.inspections import Inspection
    from schema.types.scores import ScoreResult


@stored(tables.Area, "Aa", "Administrative area (行政区划).", marks=[PUBLIC])
class AdminArea(Node):
    """District, street or community."""

    id: strawberry.ID = identity(tables.Area)
    code: str = column(tables.Area.code, "Division code, 6, 9 or 12 digits.")
    name: str = column(tables.Area.name, "Name.")
    level: AreaLevel = column(tables.Area.level, "Level.")
    parent: AdminArea | None = one(tables.Area.parent_id, "Area above.")


@stored(tables.GovernanceSpell, "", "How a compound was governed in an interval; intervals never overlap.")
class GovernanceSpell:
    """Form, regime and coverage on some days."""

    form: GovernanceForm = column(tables.GovernanceSpell.form, "Who runs it.")
    regime: GovernanceRegime | None = column(tables.GovernanceSpell.regime, "Governance model.")
    covered: bool = column(
        tables.GovernanceSpell.covered,
        "Counted as covered by property management (物业覆盖); a recorded fact, never derived from `form`.",
    )
    validity: Interval = interval(tables.GovernanceSpell)
    source: str = column(tables.GovernanceSpell.source, "Document or count behind it.")


@stored(tables.Compound, "Cp", "Residential compound (住宅小区).", marks=[PUBLIC])
class Compound(Record):
    """A compound and what is known about it."""

    id: strawberry.ID = identity(tables.Compound)
    version: int = version(tables.Compound)
    code: str = column(tables.Compound.code, "District code.")
    name: str = column(tables.Compound.name, "Name.")
    address: str | None = column(tables.Compound.address, "Address.")
    street: AdminArea = one(tables.Compound.street_id, "Street (街道).")
    community: AdminArea = one(tables.Compound.community_id, "Community (社区).")
    kind: CompoundKind = via(
        newest(tables.GovernanceSpell.compound_id, tables.GovernanceSpell.valid_from, tables.GovernanceSpell.id),
        tables.GovernanceSpell.kind,
        "Kind.",
    )
    built_year: int | None = column(tables.Compound.built_year, "Year of completion.")
    households: int | None = column(tables.Compound.households, "Households (户数).")
    gross_floor_area: Decimal | None = column(tables.Compound.gross_floor_area, "Gross floor area, m².")
    owners_committee: bool | None = column(
        tables.Compound.owners_committee, "Owners' committee set up (是否成立业委会); null = not recorded."
    )
    location: GeoPoint | None = inside("Position.", lat=tables.Compound.latitude, lng=tables.Compound.longitude)
    governance: GovernanceSpell | None = fact(
        tables.GovernanceSpell.compound_id, "Form, regime and coverage; null = not recorded."
    )
    engagement: Engagement | None = fact(tables.Engagement.compound_id, "Company in charge; null = none.", IN_CHARGE)
    engagements: Connection[Engagement] = page(
        tables.Engagement.compound_id,
        "Companies over time.",
        descending(tables.Engagement.valid_from, tables.Engagement.id),
    )
    sheet: OperationsSheet = own(
        Figure(sheets, own_id),
        "Operations sheet (一小区一作战图).",
        tables.Compound.id,
        said=Said((AS_OF,), (STAFF,)),
    )
    inspections: Connection[Inspection] = page(
        tables.Inspection.compound_id,
        "Inspections.",
        ascending(tables.Inspection.inspected_on, tables.Inspection.id),
        said=Said((filtered(InspectionFilter),)),
    )
    complaints: Connection[Complaint] = page(
        tables.Complaint.compound_id,
        "Hotline cases.",
        descending(tables.Complaint.received_on, tables.Complaint.id),
        said=Said((filtered(ComplaintFilter),)),
    )
    report: PeriodReport = report(Subject.COMPOUND, "Figures of a period.", STAFF)
    scores: Connection[ScoreResult] = page(
        tables.ScoreResult.compound_id,
        "Scores of published cycles, newest first; also where no company is in charge.",
        descending(tables.ScoreResult.period_from, tables.ScoreResult.id),
        where=(
            OF_SUBJECT,
            Absent(column_of(tables.ScoreResult.company_id)),
            OfficialRun(column_of(tables.ScoreResult.run_id)),
        ),
        said=Said(
            (
                Argument(
                    "cycle_id",
                    strawberry.ID | None,
                    "Only this cycle.",
                    condition=OfficialRun(column_of(tables.ScoreResult.run_id), of_given_cycle=True),
                ),
            )
        ),
    )


@stored(
    tables.Bundle,
    "Bu",
    "Adjoining compounds under one company (连片托管): same community, or a written reason.",
    marks=[PUBLIC],
)
class Bundle(Record):
    """Compounds that one company serves together."""

    id: strawberry.ID = identity(tables.Bundle)
    version: int = version(tables.Bundle)
    code: str = column(tables.Bundle.code, "Code.")
    name: str = column(tables.Bundle.name, "Name.")
    company: Company | None = via(
        held(tables.Engagement.bundle_id, IN_CHARGE), tables.Engagement.company_id, "Company now in charge."
    )
    households: int = own(Figure(households, own_id), "Households, sum.", tables.Bundle.id)
    engagements: Connection[Engagement] = page(
        tables.Engagement.bundle_id,
        "One engagement per compound.",
        descending(tables.Engagement.valid_from, tables.Engagement.id),
    )
