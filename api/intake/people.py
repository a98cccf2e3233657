"""Project managers and their terms, staff who enrol, inspectors: all persons of one table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from api.intake.intake import Columns, Intake, private_key
from schema.tables import OPEN_DAY, Employment, Enrollment, Person


def manager_key(manager_no: str) -> str:
    """The business key of a person with a manager number."""
    return f"manager/{manager_no}"


async def appointments(intake: Intake) -> None:
    """Managers as persons, and their terms of employment.

    A row is the present statement about a manager: another company from a later day is a new term and ends the one
    before; anything else corrects the last term known.
    """
    rows = intake.rows("appointment")
    numbers, firsts = rows.column("manager_no"), rows.column("appointed_on")
    persons = await intake.ids("person", [manager_key(number) for number in numbers])
    person_ids = [persons[manager_key(number)] for number in numbers]
    await intake.put(Person, person_ids, intake.plain("appointment", "name", "phone"))
    company_ids = await intake.references("company", rows.column("uscc"))
    last = await _last_terms(intake, person_ids)
    moved = [
        _moves(last.get(person), first, company)
        for person, first, company in zip(person_ids, firsts, company_ids, strict=True)
    ]
    await _end_terms(intake, {p: f for p, f, new in zip(person_ids, firsts, moved, strict=True) if new}, last)
    keys = [f"{number}/{first}" for number, first in zip(numbers, firsts, strict=True)]
    fresh = await intake.ids(
        "employment",
        [key for key, person, new in zip(keys, person_ids, moved, strict=True) if new or person not in last],
    )
    ids = [
        fresh[key] if new or person not in last else last[person]["id"]
        for key, person, new in zip(keys, person_ids, moved, strict=True)
    ]
    columns: Columns = {
        **intake.plain("appointment", "manager_no", "certificate_no", "certificate_until", "filed_on"),
        **intake.plain("appointment", "training_hours_total"),
        "person_id": person_ids,
        "company_id": company_ids,
        "role": ["PROJECT_MANAGER"] * len(numbers),
        "valid_from": firsts,
        "valid_to": [left or OPEN_DAY for left in rows.column("left_on")],
    }
    await intake.put(Employment, ids, columns)


def _moves(last: Mapping[str, Any] | None, first: date, company_id: UUID | None) -> bool:
    """Whether a row tells of a new term: another company, from a later day than the term known last."""
    return last is not None and last["company_id"] != company_id and last["valid_from"] < first


async def _last_terms(intake: Intake, person_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The term of each manager that began last, as known now."""
    found = await intake.knowledge.connection.fetch(
        "SELECT * FROM employment WHERE person_id = ANY($1) AND role = 'PROJECT_MANAGER'"
        " AND superseded_at = 'infinity' ORDER BY valid_from",
        person_ids,
    )
    return {each["person_id"]: each for each in found}


async def _end_terms(intake: Intake, moved: Mapping[UUID, date], last: Mapping[UUID, Mapping[str, Any]]) -> None:
    """A manager appointed elsewhere has left the post held before, at the latest on that day."""
    former = [last[person] for person, first in moved.items() if last[person]["valid_to"] > first]
    if former:
        kept = ("person_id", "company_id", "role", "manager_no", "valid_from")
        columns: dict[str, list[Any]] = {name: [each[name] for each in former] for name in kept}
        columns["valid_to"] = [moved[each["person_id"]] for each in former]
        await intake.put(Employment, [each["id"] for each in former], columns)


async def inspectors(intake: Intake) -> list[UUID | None]:
    """The inspector of each inspection of the file as a person of the inspecting body."""
    rows = intake.rows("inspection")
    bodies, names = rows.column("body_name"), rows.column("inspector")
    keys = [private_key("inspector", body, name) if name else None for body, name in zip(bodies, names, strict=True)]
    people = {key: (name, body) for key, name, body in zip(keys, names, bodies, strict=True) if key is not None}
    ids = await intake.ids("person", people)
    if people:
        columns: Columns = {
            "name": [name for name, _ in people.values()],
            "organisation": [body for _, body in people.values()],
        }
        await intake.put(Person, [ids[key] for key in people], columns)
    return [None if key is None else ids[key] for key in keys]


async def enrollments(intake: Intake) -> None:
    """Enrolments; a person without a manager number is known by company and name."""
    rows = intake.rows("enrollment")
    numbers = rows.column("number")
    managers, usccs, names = rows.column("manager_no"), rows.column("uscc"), rows.column("name")
    keys = [
        manager_key(manager) if manager else private_key("staff", uscc, name)
        for manager, uscc, name in zip(managers, usccs, names, strict=True)
    ]
    staff = {key: name for key, name, manager in zip(keys, names, managers, strict=True) if not manager}
    persons = await intake.ids("person", keys)
    if staff:
        await intake.put(Person, [persons[key] for key in staff], {"name": list(staff.values())})
    ids = await intake.ids("enrollment", numbers)
    columns: Columns = {
        **intake.plain("enrollment", "number", "manager_no", "enrolled_on", "state", "minutes_present"),
        **intake.plain("enrollment", "exam_score", "resit_score", "certificate_no"),
        "session_id": await intake.references("training_session", rows.column("session_number")),
        "company_id": await intake.references("company", usccs),
        "person_id": [persons[key] for key in keys],
    }
    await intake.put(Enrollment, [ids[number] for number in numbers], columns)
