"""Companies, their filing and standing in the district, and the compounds they are in charge of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import asyncpg
from pypinyin import Style, lazy_pinyin

from api.intake.intake import Columns, Intake
from api.intake.people import manager_key
from schema.tables import OPEN_DAY, Bundle, Company, Engagement, Filing, Standing
from schema.tables.companies import IN_CHARGE

CHARGED = {"inspection": "inspected_on", "finding": "found_on", "complaint": "received_on", "survey_round": "held_on"}
"""Facts charged to whoever was in charge, and the day that counts."""


def pinyin(name: str) -> str:
    """The sort key of a Chinese name: its syllables with tone numbers.

    >>> pinyin("湘潭")
    'xiang1 tan2'
    """
    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)).lower()


async def companies(intake: Intake) -> None:
    """Companies, and their filing with this district."""
    rows = intake.rows("company")
    usccs = rows.column("uscc")
    ids = await intake.ids("company", usccs)
    company_ids = [ids[uscc] for uscc in usccs]
    plain = intake.plain("company", "uscc", "name", "legal_representative", "registered_on", "capital_fen", "phone")
    sort = {"name_pinyin": [pinyin(name) for name in rows.column("name")]}
    await intake.put(Company, company_ids, {**plain, **sort})
    filings = await intake.ids("filing", usccs)
    columns: Columns = {
        "company_id": company_ids,
        "reported_state": rows.column("state"),
        **intake.plain("company", "filed_on"),
    }
    await intake.put(Filing, [filings[uscc] for uscc in usccs], columns)


async def engagements(intake: Intake) -> None:
    """Contracts: the charge runs from the first day to the actual end, whatever the contractual end says."""
    rows = intake.rows("engagement")
    numbers, codes = rows.column("contract_no"), rows.column("compound_code")
    ids = await intake.ids("engagement", numbers)
    ends, bundles, managers = rows.column("ended_on"), rows.column("bundle_code"), rows.column("manager_no")
    await _bundles(intake, [code for code in dict.fromkeys(bundles) if code])
    fields = ("contract_no", "contract_ends_on", "ended_on", "fee_fen_per_square_metre", "note")
    columns: Columns = {
        **intake.plain("engagement", *fields),
        **await intake.placed(codes),
        "company_id": await intake.references("company", rows.column("uscc")),
        "valid_from": rows.column("starts_on"),
        "valid_to": [end + timedelta(days=1) if end else OPEN_DAY for end in ends],
        "kind": ["TRUSTEESHIP" if bundle else "OWNERS_CONTRACT" for bundle in bundles],
        "state": [state_on(intake.as_of, end) for end in ends],
        "ground": ["IMPORTED"] * len(numbers),
        "bundle_id": await intake.references("bundle", bundles),
        "manager_id": await intake.references("person", [manager and manager_key(manager) for manager in managers]),
    }
    await intake.put(Engagement, [ids[number] for number in numbers], columns)
    places = await intake.places()
    intake.recharged.update(places[code].compound_id for code in codes)


def state_on(as_of: date, ended_on: date | None) -> str:
    """The state of an imported engagement on the day of the file.

    >>> state_on(date(2026, 7, 10), date(2026, 7, 9)), state_on(date(2026, 7, 10), date(2026, 7, 10))
    ('ENDED', 'ENDING')
    """
    if ended_on is None:
        return "ACTIVE"
    return "ENDED" if ended_on < as_of else "ENDING"


async def _bundles(intake: Intake, codes: Sequence[str]) -> None:
    """Bundles are known by their code alone; the workbook names them no further."""
    if codes:
        ids = await intake.ids("bundle", codes)
        await intake.put(Bundle, [ids[code] for code in codes], {"code": codes, "name": codes})


async def reattribute(intake: Intake) -> None:
    """Charge the facts at compounds whose engagements the file stated to whoever is now known in charge."""
    moved = await intake.knowledge.connection.fetch(
        "SELECT DISTINCT compound_id FROM engagement WHERE superseded_by = $1", intake.knowledge.batch_id
    )
    await recharge(intake.knowledge.connection, [*intake.recharged, *(each["compound_id"] for each in moved)])


async def recharge(connection: asyncpg.Connection, compound_ids: Sequence[UUID]) -> None:
    """Charge the known facts at these compounds to the company in charge on their day, or to nobody."""
    for table, day in CHARGED.items():
        await connection.execute(
            f"""UPDATE {table} fact SET company_id = charged.company_id
            FROM (
                SELECT f.id, f.version, e.company_id FROM {table} f
                LEFT JOIN engagement e ON e.compound_id = f.compound_id AND e.superseded_at = 'infinity'
                    AND e.{IN_CHARGE} AND e.valid_from <= f.{day} AND f.{day} < e.valid_to
                WHERE f.compound_id = ANY($1) AND f.superseded_at = 'infinity'
            ) charged
            WHERE fact.id = charged.id AND fact.version = charged.version
                AND fact.company_id IS DISTINCT FROM charged.company_id""",
            compound_ids,
        )


async def recharge_district(connection: asyncpg.Connection, district_id: UUID) -> None:
    """Charge every known fact of a district anew."""
    found = await connection.fetch("SELECT DISTINCT compound_id FROM engagement WHERE district_id = $1", district_id)
    await recharge(connection, [each["compound_id"] for each in found])


@dataclass(frozen=True, slots=True)
class History:
    """What an imported company's standing is opened from."""

    registered_on: date | None
    filed_on: date | None
    first_contract: date | None
    last_end: date | None
    exited: bool


def opening(history: History, as_of: date) -> list[tuple[str, date, date]]:
    """The standing of a company new to the district as (kind, first day, first day no more), without gap or overlap.

    ADMITTED from the day it was filed (not known: its first contract, else the day of the file), APPLICANT before,
    EXITED from the day after its last actual end (not known: the day of the file).
    """
    admitted = history.filed_on or history.first_contract or as_of
    spells: list[tuple[str, date, date]] = []
    if history.registered_on is not None and history.registered_on < admitted:
        spells.append(("APPLICANT", history.registered_on, admitted))
    if not history.exited:
        return [*spells, ("ADMITTED", admitted, OPEN_DAY)]
    left = history.last_end + timedelta(days=1) if history.last_end is not None else as_of
    if left > admitted:
        return [*spells, ("ADMITTED", admitted, left), ("EXITED", left, OPEN_DAY)]
    return [*spells, ("EXITED", admitted, OPEN_DAY)]


async def standings(intake: Intake) -> None:
    """Open the standing of companies that have none in the district; from then on only decisions move it."""
    rows = intake.rows("company")
    ids = await intake.ids("company", rows.column("uscc"))
    histories = await _histories(intake)
    spells = [
        (f"{uscc}/{first}", ids[uscc], kind, first, end)
        for uscc in rows.column("uscc")
        if ids[uscc] in histories
        for kind, first, end in opening(histories[ids[uscc]], intake.as_of)
    ]
    if spells:
        records = await intake.ids("standing", [spell[0] for spell in spells])
        columns: Columns = {
            "company_id": [spell[1] for spell in spells],
            "kind": [spell[2] for spell in spells],
            "ground": ["IMPORTED"] * len(spells),
            "valid_from": [spell[3] for spell in spells],
            "valid_to": [spell[4] for spell in spells],
        }
        await intake.put(Standing, [records[spell[0]] for spell in spells], columns)


async def _histories(intake: Intake) -> Mapping[UUID, History]:
    """Companies filed here whose standing was never opened."""
    found = await intake.knowledge.connection.fetch(
        """SELECT f.company_id, c.registered_on, f.filed_on, f.reported_state,
            min(e.valid_from) AS first_contract, nullif(max(e.valid_to), 'infinity') AS first_day_no_more
        FROM filing f
        JOIN company c ON c.id = f.company_id AND c.superseded_at = 'infinity'
        LEFT JOIN engagement e ON e.company_id = f.company_id AND e.district_id = f.district_id
            AND e.superseded_at = 'infinity'
        WHERE f.district_id = $1 AND f.superseded_at = 'infinity' AND NOT EXISTS (
            SELECT 1 FROM standing s WHERE s.district_id = f.district_id AND s.company_id = f.company_id
                AND s.superseded_at = 'infinity')
        GROUP BY 1, 2, 3, 4""",
        intake.knowledge.district_id,
    )
    return {
        each["company_id"]: History(
            registered_on=each["registered_on"],
            filed_on=each["filed_on"],
            first_contract=each["first_contract"],
            last_end=each["first_day_no_more"] and each["first_day_no_more"] - timedelta(days=1),
            exited=each["reported_state"] == "EXITED",
        )
        for each in found
    }
