"""Training sessions and enrolments."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from schema.tables.base import KNOWN, InDistrict, Known, at_least, codes, day, decimal, one_now, record, words


class TrainingSession(Known, InDistrict, table=True):
    """Session of the half-yearly training (培训班次)."""

    __tablename__ = "training_session"
    number: str = words()
    title: str = words()
    period: str = Field(description="Half-year, 2026-H1.")
    starts_on: date = day()
    ends_on: date = day()
    seats: int
    hours: Decimal = decimal(6, 1)
    venue: str | None = words(null=True)
    __table_args__ = one_now(
        "training_session",
        at_least("seats", 0),
        Index("ix_training_session_start", "district_id", "starts_on", "id", postgresql_where=KNOWN),
    )


class Enrollment(Known, InDistrict, table=True):
    """Enrolment of a person in a session (培训报名); `manager_no` null: enrolled without a manager number."""

    number: str = words()
    session_id: UUID = record(index=True)
    company_id: UUID = record(index=True)
    person_id: UUID = record(index=True)
    manager_no: str | None = words(null=True)
    enrolled_on: date = day()
    state: str = words()
    minutes_present: int | None = None
    exam_score: Decimal | None = decimal(5, 2, null=True)
    resit_score: Decimal | None = decimal(5, 2, null=True)
    certificate_no: str | None = words(null=True)
    __table_args__ = one_now(
        "enrollment",
        codes(
            "state",
            *("CONFIRMED", "WAITLISTED", "CANCELLED", "ATTENDED", "PARTIAL", "NO_SHOW", "RESIT", "PASSED", "FAILED"),
        ),
        Index("ix_enrollment_queue", "session_id", "enrolled_on", "number", "id", postgresql_where=KNOWN),
    )
