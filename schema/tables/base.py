"""What every stored row has in common: naming, knowledge time and the few column types.

A *record* (`records.Record`) is the lasting identity of a noun: an id and a business key. What is known about it
stands in the noun's own table, one row per version. A change never overwrites: the row in hand gets `superseded_at`, a
new row with the next `version` is added. Rows whose `superseded_at` is infinity are what is known now; a moment `k` of
the past is read by `recorded_at <= k < superseded_at`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Index,
    MetaData,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata

INSTANT: Any = DateTime(timezone=True)
OPEN_DAY = date.max
"""The open end of an interval of days; the driver stores it as `infinity`."""
KNOWN = text("superseded_at = 'infinity'")


class Known(SQLModel):
    """One version of what is known about a record; `version` counts from 1."""

    id: UUID = Field(primary_key=True, foreign_key="record.id", description="The record, the same in all its versions.")
    version: int = Field(primary_key=True, description="Grows by one with each change.")
    batch_id: UUID | None = Field(default=None, description="Import that wrote the row; null = another act.")
    recorded_at: datetime = Field(sa_type=INSTANT, description="Known from this instant on.")
    superseded_at: datetime = Field(
        sa_type=INSTANT,
        sa_column_kwargs={"server_default": text("'infinity'")},
        description="Until this instant, excluded; infinity = what is known now.",
    )
    superseded_by: UUID | None = Field(default=None, description="Import that replaced or closed the row.")


class OfDistrict(SQLModel):
    """A row of one district that is no version of a record."""

    district_id: UUID = Field(foreign_key="district.id", description="District the row belongs to.")


class InDistrict(SQLModel):
    """A version of a record of one district: a copy of the record's own reference, for row scope."""

    district_id: UUID = Field(description="District of the record.")


def words(*, null: bool = False) -> Any:
    """A text column.

    >>> words(null=True).nullable
    True
    """
    return Field(default=None, sa_type=Text, nullable=True) if null else Field(sa_type=Text)


def day(*, null: bool = False) -> Any:
    """A calendar day in Asia/Shanghai."""
    return Field(default=None, sa_type=Date, nullable=True) if null else Field(sa_type=Date)


def moment(*, null: bool = False) -> Any:
    """An instant."""
    return Field(default=None, sa_type=INSTANT, nullable=True) if null else Field(sa_type=INSTANT)


def decimal(precision: int, places: int, *, null: bool = False) -> Any:
    """An exact decimal of `precision` digits, `places` of them behind the point."""
    kind: Any = Numeric(precision, places)
    return Field(default=None, sa_type=kind, nullable=True) if null else Field(sa_type=kind)


def fen(*, null: bool = False) -> Any:
    """An amount of money in fen (1/100 yuan)."""
    if null:
        return Field(default=None, sa_type=BigInteger, nullable=True)
    return Field(sa_type=BigInteger)


def charged(*, index: bool = False) -> Any:
    """The company in charge on the day of a fact: derived from the engagements, so no reference of its own."""
    return Field(default=None, nullable=True, index=index)


def record(*, null: bool = False, index: bool = False) -> Any:
    """A reference to a record by its lasting id."""
    if null:
        return Field(default=None, foreign_key="record.id", nullable=True, index=index)
    return Field(foreign_key="record.id", index=index)


def codes(column: str, *allowed: str) -> CheckConstraint:
    """Text restricted to codes (a CHECK, not a database enum, so that a new code is one line of a migration)."""
    quoted = ", ".join(f"'{code}'" for code in allowed)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


def at_least(column: str, floor: int | Decimal) -> CheckConstraint:
    """A number not below `floor`."""
    return CheckConstraint(f"{column} >= {floor}", name=column)


def one_now(table: str, *extra: Any) -> tuple[Any, ...]:
    """Table arguments of a noun: exactly one row per record is known at a time, and knowledge time runs forward."""
    return (
        Index(f"uq_{table}_now", "id", unique=True, postgresql_where=KNOWN),
        CheckConstraint("recorded_at < superseded_at", name="knowledge"),
        *extra,
    )


def no_overlap(table: str, *keys: str, where: str = "superseded_at = 'infinity'") -> ExcludeConstraint:
    """No two rows of `table` known now hold for the same `keys` on the same day."""
    return ExcludeConstraint(
        *((key, "=") for key in keys),
        (text("daterange(valid_from, valid_to)"), "&&"),
        where=text(where),
        using="gist",
        name=f"ex_{table}_one_at_a_time",
    )


class Placed(SQLModel):
    """Where a fact lies: copies of its compound's street and community, for row scope; not references of their own."""

    street_id: UUID
    community_id: UUID


class Interval(SQLModel):
    """Days on which a fact holds: `[valid_from, valid_to)`, 00:00 in Asia/Shanghai."""

    valid_from: date = Field(sa_type=Date, description="First day.")
    valid_to: date = Field(
        sa_type=Date,
        sa_column_kwargs={"server_default": text("'infinity'")},
        description="First day no more; infinity = open.",
    )


MASKED_TWINS = frozenset({"name_masked", "phone_masked", "legal_representative_masked"})
"""Columns that the database makes from personal ones; nobody writes them."""


def masked_twin(noun: type[SQLModel], column: str, made_from: str) -> None:
    """Beside a personal column its masked twin, made by the database. It is no attribute of the noun."""
    name = f"{column}_masked"
    assert name in MASKED_TWINS, f"{name} is named among those that nobody writes"
    table: Any = noun.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    table.append_column(Column(name, Text, Computed(made_from, persisted=True)))


def first_letter(column: str) -> str:
    """A name as 张*.

    >>> print(first_letter("name"))
    "left"(name, 1) || '*'::text
    """
    return f"\"left\"({column}, 1) || '*'::text"
