"""Training sessions and enrolments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

from schema import tables
from schema.arguments import Argument
from schema.connections import Connection
from schema.directives import OFFICE, access
from schema.fields import Said, after, ascending, column, identity, one, own, own_id, page, stored, version
from schema.kinds import Kind
from schema.reads.sessions import Seats, queue, seats
from schema.scalars import PeriodLabel
from schema.shapes import AnyOf, Figure, column_of
from schema.types.codes.facts import EnrollmentState
from schema.types.meetings import written
from schema.types.node import Record
from schema.types.people import Person

if TYPE_CHECKING:
    from schema.types.companies import Company

SESSION, ENROLLMENT = tables.TrainingSession, tables.Enrollment


def of_seats(figure: Callable[[Seats], int]) -> Figure:
    """One of the figures of a session's seats; all of them are read at once."""

    def finish(found: Seats, _arguments: Mapping[str, Any]) -> int:
        return figure(found)

    return Figure(seats, own_id, finish)


@stored(SESSION, "Ts", "Session of a course in a half-year.", marks=[OFFICE])
class TrainingSession(Record):
    """A session; it runs from the beginning of its first day to the end of its last."""

    id: strawberry.ID = identity(SESSION)
    version: int = version(SESSION)
    period: PeriodLabel = column(SESSION.period, "Half-year.")
    starts_at: datetime = column(SESSION.starts_on, "Start.")
    ends_at: datetime = column(SESSION.ends_on, "End.", kind=Kind.DAY_AFTER)
    venue: str = after(written, "Place.", SESSION.venue)
    seats: int = column(SESSION.seats, "Seats.")
    seats_left: int = own(of_seats(lambda found: found.left), "Seats free.", SESSION.id)
    waitlisted: int = own(of_seats(lambda found: found.waiting), "Waiting.", SESSION.id)
    enrollments: Connection[Enrollment] = page(
        ENROLLMENT.session_id,
        "Enrolments in queue order.",
        ascending(ENROLLMENT.enrolled_on, ENROLLMENT.number, ENROLLMENT.id),
        said=Said(
            (
                Argument(
                    "states",
                    list[EnrollmentState] | None,
                    "Only these states.",
                    condition=AnyOf((column_of(ENROLLMENT.state),)),
                ),
            )
        ),
    )


@stored(
    ENROLLMENT,
    "Er",
    "Enrolment of a person; unique per person and session.",
    marks=[access("COMPANY", "AUDITOR", "TRAINING_ADMIN", "DECISION_OFFICER", "BUREAU_ADMIN")],
)
class Enrollment(Record):
    """A person's place in a training session."""

    id: strawberry.ID = identity(ENROLLMENT)
    version: int = version(ENROLLMENT)
    session: TrainingSession = one(ENROLLMENT.session_id, "Session.")
    person: Person = one(ENROLLMENT.person_id, "Person.")
    company: Company = one(ENROLLMENT.company_id, "Employer on the day of the session.")
    manager_no: str | None = column(
        ENROLLMENT.manager_no,
        "Manager number on that day (项目经理编号); null = none: the rulebook may credit nothing.",
    )
    state: EnrollmentState = column(ENROLLMENT.state, "State.")
    waitlist_position: int | None = own(Figure(queue, own_id), "Place in the queue, from 1.", ENROLLMENT.id)
    minutes_present: int | None = column(ENROLLMENT.minutes_present, "Minutes, sum of all days.")
    exam_score: Decimal | None = column(ENROLLMENT.exam_score, "Exam.")
    resit_score: Decimal | None = column(ENROLLMENT.resit_score, "Resit, one at most.")
