"""Areas, compounds and how compounds are governed."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index

from schema.tables.base import InDistrict, Interval, Known, at_least, codes, decimal, no_overlap, one_now, record, words


class Area(Known, InDistrict, table=True):
    """Street office or community (街道, 社区)."""

    code: str = words()
    name: str = words()
    level: str = words()
    parent_id: UUID | None = record(null=True)
    head: str | None = words(null=True)
    phone: str | None = words(null=True)
    __table_args__ = one_now(
        "area", codes("level", "DISTRICT", "STREET", "COMMUNITY"), Index("ix_area_code", "district_id", "code")
    )


class Compound(Known, InDistrict, table=True):
    """Residential compound (住宅小区)."""

    code: str = words()
    name: str = words()
    address: str | None = words(null=True)
    street_id: UUID = record()
    community_id: UUID = record()
    households: int | None = None
    gross_floor_area: Decimal | None = decimal(12, 2, null=True)
    buildings: int | None = None
    built_year: int | None = None
    latitude: Decimal | None = decimal(9, 6, null=True)
    longitude: Decimal | None = decimal(9, 6, null=True)
    owners_committee: bool | None = None
    contact: str | None = words(null=True)
    phone: str | None = words(null=True)
    __table_args__ = one_now("compound", at_least("households", 0), Index("ix_compound_code", "district_id", "code"))


class GovernanceSpell(Known, Interval, InDistrict, table=True):
    """How a compound was governed on some days: form, regime, kind, and whether it counts as covered."""

    __tablename__ = "governance_spell"
    compound_id: UUID = record(index=True)
    street_id: UUID = record()
    community_id: UUID = record()
    form: str = words()
    regime: str | None = words(null=True)
    covered: bool
    kind: str = words()
    source: str = words()
    __table_args__ = one_now(
        "governance_spell",
        codes("form", "PROPERTY_COMPANY", "COMMUNITY_RUN", "OWNER_SELF_GOVERNED", "WORK_UNIT_RUN", "UNMANAGED"),
        codes("regime", "SERVICE_CONTRACT", "MULTI_PARTY_COGOVERNANCE", "GOVERNMENT_BACKSTOP"),
        codes("kind", "COMMODITY", "AFFORDABLE", "OLD_COMPOUND", "REFORMED_PUBLIC", "BUNGALOW", "UNMANAGED"),
        no_overlap("governance_spell", "compound_id"),
    )


class Bundle(Known, InDistrict, table=True):
    """Adjoining compounds under one company (连片托管)."""

    code: str = words()
    name: str = words()
    __table_args__ = one_now("bundle", Index("ix_bundle_code", "district_id", "code"))
