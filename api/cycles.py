"""Assessment cycles: found by their label, opened over imported history when first scored."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from api import clock
from scoring.periods import Period
from scoring.rulebook.document import PeriodRule

KINDS = {"quarter": "QUARTER", "half": "HALF_YEAR", "year": "YEAR"}


def stored_label(period: Period) -> str:
    """The label of a period as the contract writes it.

    >>> stored_label(Period.parse("2026H1"))
    '2026-H1'
    """
    return period.label if "-" in period.label or period.unit == "year" else f"{period.label[:4]}-{period.label[4:]}"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One assessment cycle of a district."""

    id: UUID
    label: str
    kind: str
    first_day: date
    evaluated_on: date


async def the_cycle(
    connection: asyncpg.Connection,
    owner: tuple[UUID, UUID],
    rule: PeriodRule,
    period: Period,
    whole_id: UUID | None = None,
) -> Cycle:
    """The cycle of this period of a district's rulebook, `owner` = (district, rulebook), opened now if it is new.

    A cycle over imported facts goes to SCORING at once: its fieldwork lies behind it.
    """
    label, evaluated_on = stored_label(period), period.last + timedelta(days=rule.evaluate_after)
    found = await connection.fetchval("SELECT id FROM cycle WHERE rulebook_id = $1 AND label = $2", owner[1], label)
    cycle = Cycle(found or clock.new_id(), label, KINDS[period.unit], period.first, evaluated_on)
    if found is None:
        await connection.execute(
            """INSERT INTO cycle (id, version, district_id, rulebook_id, label, kind, ground, state, first_day,
                last_day, evaluated_on, whole_id)
            VALUES ($1, 1, $2, $3, $4, $5, 'IMPORTED', 'SCORING', $6, $7, $8, $9)""",
            *(cycle.id, *owner, label, cycle.kind, period.first, period.last, evaluated_on, whole_id),
        )
    elif whole_id is not None:
        await connection.execute(
            "UPDATE cycle SET whole_id = $2, version = version + 1 WHERE id = $1 AND whole_id IS NULL", found, whole_id
        )
    return cycle
