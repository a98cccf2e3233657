"""Visits of compounds and what they found."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema import tables
from schema.connections import Connection
from schema.directives import STAFF, access, bounded
from schema.fields import Said, after, ascending, column, identity, named, one, page, stored, version
from schema.types.codes.inspections import FindingState, InspectionState, Severity
from schema.types.codes.places import OrganisationKind
from schema.types.node import Record

if TYPE_CHECKING:
    from schema.types.companies import Company
    from schema.types.people import Person
    from schema.types.places import Compound

INSIDE = access("INSPECTOR", "AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN")
"""Everybody who works on inspections, the companies inspected left out."""

STRUCK = frozenset({"WITHDRAWN", "WAIVED"})


def overdue_days(rectify_by: date, rectified_on: date | None, state: str, today: date) -> int:
    """Days from the deadline to the day it was put right, or to today; a finding struck out is never late.

    >>> overdue_days(date(2026, 3, 1), date(2026, 3, 4), "VERIFIED", date(2026, 6, 30))
    3
    >>> overdue_days(date(2026, 3, 1), None, "OPEN", date(2026, 3, 1))
    0
    """
    return 0 if state in STRUCK else max(0, ((rectified_on or today) - rectify_by).days)


@stored(tables.Inspection, "In", "Visit of a compound (检查).", marks=[STAFF])
class Inspection(Record):
    """A visit; `startedAt` of an imported visit is the beginning of its day."""

    id: strawberry.ID = identity(tables.Inspection)
    version: int = version(tables.Inspection)
    compound: Compound = one(tables.Inspection.compound_id, "Compound.")
    company: Company | None = one(tables.Inspection.company_id, "Company in charge on the day of the visit.")
    state: InspectionState = column(tables.Inspection.state, "State.")
    number: str | None = column(tables.Inspection.number, "Number in the source (检查编号); null = planned here.")
    body_kind: OrganisationKind = column(
        tables.Inspection.body_kind, "Kind of the inspecting body: STREET, COMMUNITY, BUREAU or THIRD_PARTY."
    )
    inspectors: list[Person] = named(
        tables.Inspection.inspector_id, tables.Person, "Inspectors.", Said(marks=(bounded(3), INSIDE))
    )
    started_at: datetime | None = column(tables.Inspection.inspected_on, "Start on site.")
    findings: Connection[Finding] = page(
        tables.Finding.inspection_id, "Findings.", ascending(tables.Finding.rectify_by, tables.Finding.id)
    )


@stored(tables.Finding, "Fi", "Defect found (问题); later repair never erases it.", marks=[STAFF])
class Finding(Record):
    """A defect."""

    id: strawberry.ID = identity(tables.Finding)
    version: int = version(tables.Finding)
    number: str = column(tables.Finding.number, "Number in the source (问题编号), unique per inspection or source.")
    inspection: Inspection | None = one(tables.Finding.inspection_id, "Visit it came from; null for patrols.")
    compound: Compound = one(tables.Finding.compound_id, "Compound.")
    company: Company | None = one(
        tables.Finding.company_id, "Charged company: whoever held the compound at `occurredAt`."
    )
    item_code: str = column(tables.Finding.item_code, "Rulebook or checklist item.")
    severity: Severity = column(tables.Finding.severity, "Severity.")
    place: str | None = column(tables.Finding.place, "Place.")
    occurrences: int = column(tables.Finding.occurrences, "Times seen; scored up to the item's cap.")
    recorded_points: Decimal | None = column(tables.Finding.recorded_points, "Points recorded (记录分).")
    state: FindingState = column(tables.Finding.state, "State.")
    occurred_at: datetime = column(tables.Finding.found_on, "Event time.")
    rectify_by: date | None = column(tables.Finding.rectify_by, "Deadline (整改期限).")
    rectified_on: date | None = column(tables.Finding.rectified_on, "Put right (整改完成日期); null = not yet.")
    overdue_days: int = after(
        overdue_days,
        "Days past the deadline; 0 = none.",
        tables.Finding.rectify_by,
        tables.Finding.rectified_on,
        tables.Finding.state,
    )
    repeat: bool = column(
        tables.Finding.repeat, "Marked as repeated (重复问题), also where the earlier finding is not known."
    )
