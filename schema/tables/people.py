"""Persons of the district, one table for all, and whom they worked for when."""

from datetime import date
from uuid import UUID

from schema.tables.base import (
    InDistrict,
    Interval,
    Known,
    codes,
    day,
    first_letter,
    masked_twin,
    no_overlap,
    one_now,
    record,
    words,
)


class Person(Known, InDistrict, table=True):
    """A person known to the district: manager, staff member or inspector."""

    name: str = words()
    phone: str | None = words(null=True)
    organisation: str | None = words(null=True)
    __table_args__ = one_now("person")


masked_twin(Person, "name", first_letter("name"))
masked_twin(
    Person,
    "phone",
    "CASE WHEN length(phone) > 7"
    ' THEN ("left"(phone, 3) || repeat(\'*\'::text, length(phone) - 7)) || "right"(phone, 4)'
    " ELSE repeat('*'::text, length(phone)) END",
)


class Employment(Known, Interval, InDistrict, table=True):
    """A person in a company's service (任职); `valid_to` is the first day no longer on duty."""

    person_id: UUID = record(index=True)
    company_id: UUID = record(index=True)
    role: str = words()
    manager_no: str | None = words(null=True)
    certificate_no: str | None = words(null=True)
    certificate_until: date | None = day(null=True)
    filed_on: date | None = day(null=True)
    training_hours_total: int | None = None
    __table_args__ = one_now(
        "employment",
        codes("role", "LEGAL_REPRESENTATIVE", "PROJECT_MANAGER", "STAFF", "INSPECTOR", "OFFICIAL", "RESIDENT"),
        no_overlap("employment", "person_id", "role"),
    )
