"""Property-service companies, their standing in a district and the compounds they hold."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index

from schema.tables.base import (
    InDistrict,
    Interval,
    Known,
    Placed,
    codes,
    day,
    decimal,
    fen,
    first_letter,
    masked_twin,
    no_overlap,
    one_now,
    record,
    words,
)

GROUNDS = ("REGISTERED", "ACT", "CLOCK", "IMPORTED")
ON_PAPER = ("DRAFT", "FILED")
"""States of a contract whose company is not in charge yet."""
IN_CHARGE = f"state NOT IN {ON_PAPER}"
"""SQL: the contract has any other state."""


class Company(Known, table=True):
    """Property-service company (物业服务企业); its identity is the same in every district."""

    uscc: str = words()
    name: str = words()
    name_pinyin: str = words()
    legal_representative: str | None = words(null=True)
    registered_on: date | None = day(null=True)
    capital_fen: int | None = fen(null=True)
    phone: str | None = words(null=True)
    __table_args__ = one_now("company", Index("ix_company_name", "name_pinyin", "id"))


masked_twin(Company, "legal_representative", first_letter("legal_representative"))


class Filing(Known, InDistrict, table=True):
    """A company's filing with one district's bureau (备案)."""

    company_id: UUID = record(index=True)
    filed_on: date | None = day(null=True)
    reported_state: str = words()
    __table_args__ = one_now("filing", codes("reported_state", "OPERATING", "EXITED"))


class Standing(Known, Interval, InDistrict, table=True):
    """Market standing of a company in a district on some days; exactly one a day since the company was founded."""

    company_id: UUID = record(index=True)
    kind: str = words()
    ground: str = words()
    __table_args__ = one_now(
        "standing",
        codes("kind", "APPLICANT", "ADMITTED", "WATCH", "RESTRICTED", "EXITING", "EXITED", "READMISSION_REVIEW"),
        codes("ground", *GROUNDS),
        no_overlap("standing", "district_id", "company_id"),
    )


class Engagement(Known, Interval, Placed, InDistrict, table=True):
    """A company in charge of a compound (物业服务合同, 托管); only the actual end ends the charge."""

    contract_no: str = words()
    compound_id: UUID = record(index=True)
    company_id: UUID = record(index=True)
    kind: str = words()
    state: str = words()
    ground: str = words()
    contract_ends_on: date | None = day(null=True)
    ended_on: date | None = day(null=True)
    fee_fen_per_square_metre: Decimal | None = decimal(10, 4, null=True)
    bundle_id: UUID | None = record(null=True)
    manager_id: UUID | None = record(null=True)
    note: str | None = words(null=True)
    __table_args__ = one_now(
        "engagement",
        codes("kind", "DEVELOPER_STAGE", "OWNERS_CONTRACT", "TRUSTEESHIP", "EMERGENCY"),
        codes("state", *ON_PAPER, "ACTIVE", "ENDING", "HANDOVER", "ENDED", "DISPUTED"),
        codes("ground", *GROUNDS),
        no_overlap(
            "engagement",
            "compound_id",
            where="superseded_at = 'infinity' AND kind <> 'EMERGENCY' AND " + IN_CHARGE,
        ),
        Index("ix_engagement_contract", "district_id", "contract_no"),
    )
