"""Project managers and their terms, staff who enrol, inspectors: all persons of one table."""

from datetime import date
from typing import Any
from uuid import UUID

from api.intake.intake import Columns, Intake, private_key
from schema.tables import OPEN_DAY, Employment, Enrollment, Person


def manager_key(manager_no: str) -> str:
    """The business key of a person with a manager number."""
    return f"manager/{manager_no}"


async def appointments(intake: Intake) -> None:
    """Managers as persons, and a term of employment per first day; a later first day ends the term before."""
    rows = intake.rows("appointment")
    numbers, firsts = rows.column("manager_no"), rows.column("appointed_on")
    persons = await intake.ids("person", [manager_key(number) for number in numbers])
    person_ids = [persons[manager_key(number)] for number in numbers]
    await intake.put(Person, person_ids, intake.plain("appointment", "name", "phone"))
    await _end_former_terms(intake, dict(zip(person_ids, firsts, strict=True)))
    keys = [f"{number}/{first}" for number, first in zip(numbers, firsts, strict=True)]
    terms = await intake.ids("employment", keys)
    columns: Columns = {
        **intake.plain("appointment", "manager_no", "certificate_no", "certificate_until", "filed_on"),
        **intake.plain("appointment", "training_hours_total"),
        "person_id": person_ids,
        "company_id": await intake.references("company", rows.column("uscc")),
        "role": ["PROJECT_MANAGER"] * len(numbers),
        "valid_from": firsts,
        "valid_to": [left or OPEN_DAY for left in rows.column("left_on")],
    }
    await intake.put(Employment, [terms[key] for key in keys], columns)


async def _end_former_terms(intake: Intake, appointed: dict[UUID, date]) -> None:
    """A manager appointed anew has left the post held before, at the latest on that day."""
    found = await intake.knowledge.connection.fetch(
        "SELECT * FROM employment WHERE person_id = ANY($1) AND role = 'PROJECT_MANAGER'"
        " AND superseded_at = 'infinity'",
        list(appointed),
    )
    former = [each for each in found if each["valid_from"] < appointed[each["person_id"]] < each["valid_to"]]
    if former:
        kept = ("person_id", "company_id", "role", "manager_no", "valid_from")
        columns: dict[str, list[Any]] = {name: [each[name] for each in former] for name in kept}
        columns["valid_to"] = [appointed[each["person_id"]] for each in former]
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
