"""The checklist, inspections and findings."""

from api.intake.intake import Columns, Intake
from api.intake.people import inspectors
from schema.tables import ChecklistItem, Finding, Inspection

STATES = {"SUBMITTED": "LOCKED", "ACCEPTED": "ACCEPTED", "VOIDED": "VOIDED"}
"""An imported visit is history: what was sent in is final."""


async def checklist(intake: Intake) -> None:
    """Items of the scoring standard."""
    codes = intake.rows("checklist_item").column("code")
    ids = await intake.ids("checklist_item", codes)
    fields = ("code", "section", "section_points", "text", "points_each", "points_max", "severity")
    await intake.put(ChecklistItem, [ids[code] for code in codes], intake.plain("checklist_item", *fields))


async def inspections(intake: Intake) -> None:
    """Visits, each charged to the company in charge that day."""
    rows = intake.rows("inspection")
    numbers, days = rows.column("number"), rows.column("inspected_on")
    ids = await intake.ids("inspection", numbers)
    placed = await intake.placed(rows.column("compound_code"))
    columns: Columns = {
        **intake.plain("inspection", "number", "inspected_on", "body_kind", "body_name"),
        **placed,
        "state": [STATES[state] for state in rows.column("state")],
        "company_id": await intake.charged(placed["compound_id"], days),
    }
    if "inspector" in rows.present:
        columns["inspector_id"] = await inspectors(intake)
    await intake.put(Inspection, [ids[number] for number in numbers], columns, derived={"company_id"})


async def findings(intake: Intake) -> None:
    """Defects, each charged to whoever was in charge on the day of the visit."""
    rows = intake.rows("finding")
    numbers, items, visits = rows.column("number"), rows.column("item_code"), rows.column("inspection_number")
    ids = await intake.ids("finding", numbers)
    day_of = {
        each["number"]: each["inspected_on"]
        for each in await intake.knowledge.connection.fetch(
            "SELECT number, inspected_on FROM inspection"
            " WHERE district_id = $1 AND superseded_at = 'infinity' AND number = ANY($2)",
            *(intake.knowledge.district_id, list(dict.fromkeys(visits))),
        )
    }
    severity_of = {
        each["code"]: each["severity"]
        for each in await intake.knowledge.connection.fetch(
            "SELECT code, severity FROM checklist_item WHERE district_id = $1 AND superseded_at = 'infinity'",
            intake.knowledge.district_id,
        )
    }
    days = [day_of[visit] for visit in visits]
    placed = await intake.placed(rows.column("compound_code"))
    fields = ("number", "item_code", "occurrences", "place", "description", "photo", "recorded_points", "rectify_by")
    columns: Columns = {
        **intake.plain("finding", *fields, "rectified_on", "repeat"),
        **placed,
        "inspection_id": await intake.references("inspection", visits),
        "item_id": await intake.references("checklist_item", items),
        "severity": [severity_of[item] for item in items],
        "found_on": days,
        "company_id": await intake.charged(placed["compound_id"], days),
        "state": ["VERIFIED" if done else "OPEN" for done in rows.column("rectified_on")],
    }
    await intake.put(Finding, [ids[number] for number in numbers], columns, derived={"company_id"})
