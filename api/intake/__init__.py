"""Turn the accepted rows of a workbook into what a district knows, noun by noun, in the order of references."""

from collections.abc import Awaitable, Callable

from api.intake import companies, facts, inspections, people, places
from api.intake.intake import Intake

STEPS: tuple[tuple[str, Callable[[Intake], Awaitable[None]]], ...] = (
    ("area", places.areas),
    ("compound", places.compounds),
    ("company", companies.companies),
    ("appointment", people.appointments),
    ("engagement", companies.engagements),
    ("company", companies.standings),
    ("checklist_item", inspections.checklist),
    ("inspection", inspections.inspections),
    ("finding", inspections.findings),
    ("complaint_category", facts.categories),
    ("complaint", facts.complaints),
    ("mediation", facts.mediations),
    ("fee_period", facts.fees),
    ("survey_round", facts.surveys),
    ("credit_item", facts.credit),
    ("training_session", facts.sessions),
    ("enrollment", people.enrollments),
    ("meeting", facts.meetings),
    ("action_item", facts.action_items),
)


async def take_in(intake: Intake, told: Callable[[str], None] = lambda noun: None) -> None:
    """Write every sheet that stood in the file; `told` hears each noun as its turn comes."""
    for noun, step in STEPS:
        if noun in intake.reading.rows:
            told(noun)
            await step(intake)
    await companies.reattribute(intake)


__all__ = ["Intake", "take_in"]
