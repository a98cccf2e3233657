"""Persons and their appointments as project managers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import strawberry

from schema import tables
from schema.arguments import AS_OF
from schema.directives import OFFICE
from schema.fields import Said, after, column, descending, held, identity, many, one, own, own_id, personal, stored, via
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.people import roles
from schema.shapes import Absent, Equal, Figure, Not, column_of
from schema.types.codes.people import PersonRole
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.companies import Company

EMPLOYMENT = tables.Employment


def last_day_seen(end: date, _today: date) -> date | None:
    """The end of a term; null for an open one.

    >>> last_day_seen(date.max, date(2026, 7, 20)) is None
    True
    """
    return None if end == date.max else end


async def person_roles(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The work role of each person."""
    return {key: PersonRole(code) for key, code in (await roles(at, turn, keys)).items()}


@stored(EMPLOYMENT, "", "Appointment of a project manager (任职).")
class Appointment:
    """A term of a project manager with a company."""

    manager_no: str = after(lambda number, _today: number, "Manager number (项目经理编号).", EMPLOYMENT.manager_no)
    company: Company = one(EMPLOYMENT.company_id, "Company.")
    certificate_no: str | None = column(EMPLOYMENT.certificate_no, "Manager certificate (证书编号).")
    certificate_until: date | None = column(EMPLOYMENT.certificate_until, "Last day of that certificate.")
    appointed_on: date = column(EMPLOYMENT.valid_from, "First day (任职日期).")
    filed_on: date | None = column(EMPLOYMENT.filed_on, "Filed (备案日期); null = not filed.")
    left_on: date | None = after(
        last_day_seen, "Left (离职日期); no longer on duty on that day; null = on duty.", EMPLOYMENT.valid_to
    )


@stored(
    tables.Person,
    "Pe",
    "Person known to the district; no resident identity number is ever exposed.",
    marks=[OFFICE],
)
class Person(Node):
    """A manager, a member of staff or an inspector."""

    id: strawberry.ID = identity(tables.Person)
    name: str = personal(tables.Person.name, "Name; masked as 张*.")
    phone: str | None = personal(tables.Person.phone, "Mobile; masked as 138****1234.")
    appointments: list[Appointment] = many(
        EMPLOYMENT.person_id,
        "Appointments as project manager, newest first; empty = none, or the person has no manager number.",
        3,
        descending(EMPLOYMENT.valid_from, EMPLOYMENT.id),
        (Equal(column_of(EMPLOYMENT.role), "PROJECT_MANAGER"), Not(Absent(column_of(EMPLOYMENT.manager_no)))),
    )
    role: PersonRole = own(Figure(person_roles, own_id), "Work role.", tables.Person.id)
    company: Company | None = via(held(EMPLOYMENT.person_id), EMPLOYMENT.company_id, "Employer.", Said((AS_OF,)))
