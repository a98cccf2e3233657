"""Hotline cases, their categories, and mediations."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from schema.tables.base import KNOWN, InDistrict, Known, Placed, charged, codes, day, fen, one_now, record, words

TEXTS: Any = ARRAY(Text)


class ComplaintCategory(Known, InDistrict, table=True):
    """Item of the hotline taxonomy (热线分类)."""

    __tablename__ = "complaint_category"
    code: str = words()
    label: str = words()
    aliases: list[str] = Field(sa_type=TEXTS)
    counts_for_score: bool
    __table_args__ = one_now("complaint_category")


class Complaint(Known, InDistrict, table=True):
    """Hotline case (12345 热线工单). `company_id` is derived: whoever was in charge on the day of receipt."""

    external_ref: str = words()
    channel: str = words()
    kind: str = words()
    received_on: date = day()
    compound_id: UUID | None = record(null=True)
    street_id: UUID | None = None
    community_id: UUID | None = None
    company_id: UUID | None = charged()
    category_code: str = words()
    category_id: UUID | None = record(null=True)
    received_category: str | None = words(null=True)
    item_code: str | None = words(null=True)
    item_name: str | None = words(null=True)
    closed_on: date | None = day(null=True)
    duplicate_of_id: UUID | None = record(null=True)
    callback: str = words()
    state: str = words()
    __table_args__ = one_now(
        "complaint",
        codes("channel", "HOTLINE_12345", "PETITION", "MEDIA", "COUNTER", "PATROL", "SERVICE_CENTRE"),
        codes("kind", "COMPLAINT", "REQUEST"),
        codes("callback", "SATISFIED", "DISSATISFIED", "NOT_CALLED"),
        codes(
            "state",
            *("RECEIVED", "DISPATCHED", "ACCEPTED", "IN_PROGRESS", "REPLIED", "CLOSED", "REOPENED"),
            *("DUPLICATE", "NOT_ATTRIBUTABLE"),
        ),
        Index("ix_complaint_company", "company_id", "received_on", "id", postgresql_where=KNOWN),
        Index("ix_complaint_compound", "compound_id", "received_on", "id", postgresql_where=KNOWN),
        Index("ix_complaint_street", "street_id", postgresql_where=KNOWN),
        Index("ix_complaint_community", "community_id", postgresql_where=KNOWN),
        Index("ix_complaint_received", "district_id", "received_on", "id", postgresql_where=KNOWN),
    )


class Mediation(Known, Placed, InDistrict, table=True):
    """Outcome of a mediation (调解). Money in fen."""

    number: str = words()
    kind: str = words()
    compound_id: UUID = record(index=True)
    company_id: UUID | None = record(null=True)
    received_on: date = day()
    closed_on: date | None = day(null=True)
    succeeded: bool | None = None
    amount_fen: int | None = fen(null=True)
    arrears_recovered_fen: int | None = fen(null=True)
    mediator: str | None = words(null=True)
    __table_args__ = one_now("mediation", codes("kind", "PRE_LITIGATION", "ORAL", "FORMAL"))
