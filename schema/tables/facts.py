"""Fee periods, satisfaction surveys and credit items."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field

from schema.tables.base import (
    InDistrict,
    Known,
    Placed,
    at_least,
    charged,
    codes,
    day,
    decimal,
    fen,
    one_now,
    record,
    words,
)


class FeePeriod(Known, Placed, InDistrict, table=True):
    """Fees of one compound and company in one half-year (物业费收缴), fen."""

    __tablename__ = "fee_period"
    compound_id: UUID = record(index=True)
    company_id: UUID = record(index=True)
    period: str = Field(description="Half-year, 2026-H1.")
    receivable_fen: int = fen()
    collected_fen: int = fen()
    reported_on: date | None = day(null=True)
    __table_args__ = one_now("fee_period", at_least("receivable_fen", 0), at_least("collected_fen", 0))


class SurveyRound(Known, Placed, InDistrict, table=True):
    """Satisfaction survey of one compound (满意度测评). `company_id` is derived: whoever was in charge that day."""

    __tablename__ = "survey_round"
    number: str = words()
    compound_id: UUID = record(index=True)
    company_id: UUID | None = charged(index=True)
    held_on: date = day()
    agency: str | None = words(null=True)
    sample: int
    responses: int
    score: Decimal = decimal(6, 2)
    __table_args__ = one_now("survey_round", at_least("sample", 1), at_least("responses", 0), at_least("score", 0))


class CreditItem(Known, InDistrict, table=True):
    """Good or bad credit information, or a veto (信用信息).

    `valid_until` null: the rulebook says how long the item counts.
    """

    __tablename__ = "credit_item"
    number: str = words()
    company_id: UUID = record(index=True)
    kind: str = words()
    matter: str = words()
    points: Decimal | None = decimal(8, 2, null=True)
    determined_on: date = day()
    valid_from: date = day()
    valid_until: date | None = day(null=True)
    fine_fen: int | None = fen(null=True)
    issuer: str | None = words(null=True)
    document_no: str | None = words(null=True)
    revoked_on: date | None = day(null=True)
    __table_args__ = one_now("credit_item", codes("kind", "GOOD", "BAD", "VETO"))
