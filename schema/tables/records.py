"""Districts, the identities of records, and the imports that wrote them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from schema.tables.base import OfDistrict, codes, day, moment, words


class District(SQLModel, table=True):
    """A district (区): the walls between tenants."""

    id: UUID = Field(primary_key=True)
    code: str = words()
    name: str = words()
    __table_args__ = (UniqueConstraint("code"),)


class Record(SQLModel, table=True):
    """The lasting identity of a noun: an id, and a business key unique in its district (companies: everywhere).

    Keys made of personal data are stored as a digest.
    """

    id: UUID = Field(primary_key=True)
    district_id: UUID | None = Field(
        default=None, foreign_key="district.id", description="Null = a company, known everywhere."
    )
    noun: str = words()
    key: str = words()
    __table_args__ = (UniqueConstraint("district_id", "noun", "key", postgresql_nulls_not_distinct=True),)


class ImportBatch(OfDistrict, table=True):
    """One workbook taken in by one act; it can be undone as a whole until something rests on it."""

    __tablename__ = "import_batch"
    id: UUID = Field(primary_key=True)
    file_name: str = words()
    file_sha256: str = words()
    as_of: date = day()
    state: str = words()
    recorded_at: datetime = moment()
    undone_at: datetime | None = moment(null=True)
    counts: dict[str, Any] = Field(sa_type=JSONB, description="Per sheet: found, rejected, skipped, imported.")
    changes: dict[str, Any] = Field(sa_type=JSONB, description="Per noun: added, changed, unchanged, closed.")
    __table_args__ = (codes("state", "APPLIED", "UNDONE"), Index("ix_import_batch_file", "district_id", "file_sha256"))
