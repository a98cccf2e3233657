"""What a district has stored already, for the references of a file that holds only some sheets."""

from uuid import UUID

import asyncpg

from api.workbook import Charge, KnownKeys

KEYS = {
    "area": "SELECT code AS key FROM area WHERE level <> 'DISTRICT' AND",
    "company": "SELECT r.key FROM filing f JOIN record r ON r.id = f.company_id WHERE",
    "compound": "SELECT code AS key FROM compound WHERE",
    "appointment": "SELECT DISTINCT manager_no AS key FROM employment WHERE manager_no IS NOT NULL AND",
    "engagement": "SELECT contract_no AS key FROM engagement WHERE",
    "checklist_item": "SELECT code AS key FROM checklist_item WHERE",
    "inspection": "SELECT number AS key FROM inspection WHERE",
    "finding": "SELECT number AS key FROM finding WHERE",
    "complaint_category": "SELECT code AS key FROM complaint_category WHERE",
    "complaint": "SELECT external_ref AS key FROM complaint WHERE",
    "training_session": "SELECT number AS key FROM training_session WHERE",
    "meeting": "SELECT number AS key FROM meeting WHERE",
}


async def known_keys(connection: asyncpg.Connection, district_id: UUID) -> KnownKeys:
    """Business keys and what the checks need beside them, as known now."""

    async def ask(text: str) -> list[asyncpg.Record]:
        prefix = "f." if " f " in text else ""
        return list(
            await connection.fetch(
                f"{text} {prefix}district_id = $1 AND {prefix}superseded_at = 'infinity'", district_id
            )
        )

    charges: dict[str, list[Charge]] = {}
    for each in await connection.fetch(
        "SELECT c.code, e.contract_no, e.valid_from, e.ended_on FROM engagement e"
        " JOIN compound c ON c.id = e.compound_id AND c.superseded_at = 'infinity'"
        " WHERE e.district_id = $1 AND e.superseded_at = 'infinity'",
        district_id,
    ):
        charges.setdefault(each["code"], []).append(Charge(each["contract_no"], each["valid_from"], each["ended_on"]))
    caps = await ask("SELECT code, points_max FROM checklist_item WHERE")
    visits = await connection.fetch(
        "SELECT i.number, c.code FROM inspection i JOIN compound c ON c.id = i.compound_id"
        " AND c.superseded_at = 'infinity' WHERE i.district_id = $1 AND i.superseded_at = 'infinity'",
        district_id,
    )
    return KnownKeys(
        keys={noun: {each["key"] for each in await ask(text)} for noun, text in KEYS.items()},
        item_caps={each["code"]: each["points_max"] for each in caps},
        inspection_compounds={each["number"]: each["code"] for each in visits},
        charges=charges,
    )
