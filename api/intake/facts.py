"""Hotline cases, mediations, fees, surveys, credit items, training sessions and meetings."""

import re

from api.intake.intake import Columns, Intake
from schema.tables import (
    ActionItem,
    Complaint,
    ComplaintCategory,
    CreditItem,
    FeePeriod,
    Mediation,
    Meeting,
    SurveyRound,
    TrainingSession,
)

SEPARATORS = re.compile(r"[、,，;；/\s]+")


async def categories(intake: Intake) -> None:
    """The hotline taxonomy; aliases are written one after another with any separator."""
    rows = intake.rows("complaint_category")
    codes = rows.column("code")
    ids = await intake.ids("complaint_category", codes)
    aliases = [[part for part in SEPARATORS.split(text or "") if part] for text in rows.column("aliases")]
    columns: Columns = {**intake.plain("complaint_category", "code", "label", "counts_for_score"), "aliases": aliases}
    await intake.put(ComplaintCategory, [ids[code] for code in codes], columns)


def _case_state(duplicate_of: object, closed_on: object) -> str:
    if duplicate_of:
        return "DUPLICATE"
    return "CLOSED" if closed_on else "RECEIVED"


async def complaints(intake: Intake) -> None:
    """Hotline cases; a code outside the list keeps its code and has no category."""
    rows = intake.rows("complaint")
    numbers, days, codes = rows.column("external_ref"), rows.column("received_on"), rows.column("category_code")
    listed = {
        each["code"]: each["id"]
        for each in await intake.knowledge.connection.fetch(
            "SELECT code, id FROM complaint_category WHERE district_id = $1 AND superseded_at = 'infinity'",
            intake.knowledge.district_id,
        )
    }
    ids = await intake.ids("complaint", numbers)
    placed = await intake.placed(rows.column("compound_code"))
    duplicates, closed = rows.column("duplicate_of"), rows.column("closed_on")
    fields = ("external_ref", "received_on", "category_code", "received_category", "item_code", "item_name", "kind")
    columns: Columns = {
        **intake.plain("complaint", *fields, "closed_on", "callback"),
        **placed,
        "channel": ["HOTLINE_12345"] * len(numbers),
        "category_id": [listed.get(code) for code in codes],
        "duplicate_of_id": await intake.references("complaint", duplicates),
        "company_id": await intake.charged(placed["compound_id"], days),
        "state": [_case_state(*each) for each in zip(duplicates, closed, strict=True)],
    }
    await intake.put(Complaint, [ids[number] for number in numbers], columns, derived={"company_id"})


async def mediations(intake: Intake) -> None:
    """Outcomes of mediations."""
    rows = intake.rows("mediation")
    numbers = rows.column("number")
    ids = await intake.ids("mediation", numbers)
    columns: Columns = {
        **intake.plain("mediation", "number", "kind", "received_on", "closed_on", "succeeded", "amount_fen"),
        **intake.plain("mediation", "arrears_recovered_fen", "mediator"),
        **await intake.placed(rows.column("compound_code")),
    }
    if "uscc" in rows.present:
        columns["company_id"] = await intake.references("company", rows.column("uscc"))
    await intake.put(Mediation, [ids[number] for number in numbers], columns)


async def fees(intake: Intake) -> None:
    """Fees per compound, company and half-year; the company is the one written in the row."""
    rows = intake.rows("fee_period")
    codes, usccs, periods = rows.column("compound_code"), rows.column("uscc"), rows.column("period")
    keys = ["/".join(parts) for parts in zip(codes, usccs, periods, strict=True)]
    ids = await intake.ids("fee_period", keys)
    columns: Columns = {
        **intake.plain("fee_period", "period", "receivable_fen", "collected_fen", "reported_on"),
        **await intake.placed(codes),
        "company_id": await intake.references("company", usccs),
    }
    await intake.put(FeePeriod, [ids[key] for key in keys], columns)


async def surveys(intake: Intake) -> None:
    """Satisfaction surveys, each charged to the company in charge that day."""
    rows = intake.rows("survey_round")
    numbers = rows.column("number")
    ids = await intake.ids("survey_round", numbers)
    placed = await intake.placed(rows.column("compound_code"))
    columns: Columns = {
        **intake.plain("survey_round", "number", "held_on", "agency", "sample", "responses", "score"),
        **placed,
        "company_id": await intake.charged(placed["compound_id"], rows.column("held_on")),
    }
    await intake.put(SurveyRound, [ids[number] for number in numbers], columns, derived={"company_id"})


async def credit(intake: Intake) -> None:
    """Good and bad credit information, and vetoes."""
    rows = intake.rows("credit_item")
    numbers = rows.column("number")
    ids = await intake.ids("credit_item", numbers)
    fields = ("number", "kind", "matter", "points", "determined_on", "valid_from", "valid_until", "fine_fen")
    columns: Columns = {
        **intake.plain("credit_item", *fields, "issuer", "document_no", "revoked_on"),
        "company_id": await intake.references("company", rows.column("uscc")),
    }
    await intake.put(CreditItem, [ids[number] for number in numbers], columns)


async def sessions(intake: Intake) -> None:
    """Training sessions."""
    numbers = intake.rows("training_session").column("number")
    ids = await intake.ids("training_session", numbers)
    fields = ("number", "title", "period", "starts_on", "ends_on", "seats", "hours", "venue")
    columns = intake.plain("training_session", *fields)
    await intake.put(TrainingSession, [ids[number] for number in numbers], columns)


async def meetings(intake: Intake) -> None:
    """Quarterly meetings."""
    numbers = intake.rows("meeting").column("number")
    ids = await intake.ids("meeting", numbers)
    fields = ("number", "quarter", "held_on", "chair", "participants", "present", "venue", "minutes")
    await intake.put(Meeting, [ids[number] for number in numbers], intake.plain("meeting", *fields))


async def action_items(intake: Intake) -> None:
    """What meetings asked somebody to do."""
    rows = intake.rows("action_item")
    numbers = rows.column("number")
    ids = await intake.ids("action_item", numbers)
    columns: Columns = {
        **intake.plain("action_item", "number", "text", "owner", "due_on", "state", "reported_state"),
        "meeting_id": await intake.references("meeting", rows.column("meeting_number")),
    }
    await intake.put(ActionItem, [ids[number] for number in numbers], columns)
