"""The checklist, the visits and what they found."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from schema.tables.base import (
    KNOWN,
    InDistrict,
    Known,
    Placed,
    at_least,
    charged,
    codes,
    day,
    decimal,
    one_now,
    record,
    words,
)

OF_AGENCIES = text("superseded_at = 'infinity' AND body_kind = 'THIRD_PARTY'")
SEVERITIES = ("LOW", "MODERATE", "SEVERE", "LIFE_SAFETY")
UNREPAIRED = ("OPEN", "RECTIFYING")
"""States in which a finding past its deadline is overdue."""


class ChecklistItem(Known, InDistrict, table=True):
    """Item of the scoring standard (评分标准)."""

    __tablename__ = "checklist_item"
    code: str = words()
    section: str = words()
    section_points: Decimal = decimal(6, 2)
    text: str = words()
    points_each: Decimal = decimal(6, 2)
    points_max: Decimal = decimal(6, 2)
    severity: str = words()
    __table_args__ = one_now("checklist_item", codes("severity", *SEVERITIES))


class Inspection(Known, Placed, InDistrict, table=True):
    """Visit of a compound (检查). `company_id` is derived: whoever was in charge that day."""

    number: str = words()
    compound_id: UUID = record()
    company_id: UUID | None = charged()
    inspected_on: date = day()
    body_kind: str = words()
    body_name: str | None = words(null=True)
    inspector_id: UUID | None = record(null=True)
    state: str = words()
    __table_args__ = one_now(
        "inspection",
        codes("body_kind", "BUREAU", "DEPARTMENT", "STREET", "COMMUNITY", "THIRD_PARTY"),
        codes("state", "ASSIGNED", "DECLINED", "ACCEPTED", "SUBMITTED", "RETURNED", "LOCKED", "VOIDED"),
        Index("ix_inspection_day", "district_id", "inspected_on", "id", postgresql_where=KNOWN),
        Index("ix_inspection_company", "company_id", "inspected_on", "id", postgresql_where=KNOWN),
        Index("ix_inspection_street", "street_id", postgresql_where=KNOWN),
        Index("ix_inspection_community", "community_id", postgresql_where=KNOWN),
        Index("ix_inspection_body", "district_id", "body_name", postgresql_where=OF_AGENCIES),
        Index("ix_inspection_compound", "compound_id", "inspected_on", "id", postgresql_where=KNOWN),
    )


class Finding(Known, Placed, InDistrict, table=True):
    """Defect found (问题). `company_id` is derived: whoever was in charge on the day it was found."""

    number: str = words()
    inspection_id: UUID = record()
    compound_id: UUID = Field(description="Compound of the inspection, copied for reading.")
    company_id: UUID | None = charged()
    item_id: UUID = record()
    item_code: str = words()
    severity: str = words()
    occurrences: int
    place: str = words()
    description: str | None = words(null=True)
    photo: str | None = words(null=True)
    recorded_points: Decimal | None = decimal(8, 2, null=True)
    found_on: date = day()
    rectify_by: date = day()
    rectified_on: date | None = day(null=True)
    repeat: bool
    state: str = words()
    __table_args__ = one_now(
        "finding",
        codes("severity", *SEVERITIES),
        codes("place", "INDOOR", "COMMON", "OUTDOOR"),
        codes("state", *UNREPAIRED, "RECTIFIED", "VERIFIED", "DISPUTED", "WITHDRAWN", "WAIVED"),
        at_least("occurrences", 1),
        Index("ix_finding_inspection", "inspection_id", "rectify_by", "id", postgresql_where=KNOWN),
        Index("ix_finding_company", "company_id", "rectify_by", "id", postgresql_where=KNOWN),
        Index("ix_finding_compound", "compound_id", "rectify_by", "id", postgresql_where=KNOWN),
        Index("ix_finding_street", "street_id", postgresql_where=KNOWN),
        Index("ix_finding_community", "community_id", postgresql_where=KNOWN),
        Index("ix_finding_deadline", "district_id", "rectify_by", "id", postgresql_where=KNOWN),
    )
