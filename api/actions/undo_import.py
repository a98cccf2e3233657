"""Take back an import as a whole, as long as nothing else rests on it."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from api.database import Database
from api.desk import Actor, Desk, desk
from api.intake.companies import recharge_district
from api.knowledge import Changes, Knowledge, as_counts, undo
from api.refusals import Code, Refusal, Refused, Words
from api.resting import known_tables, resting_on


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking back did, by noun: `closed` rows it had written, `added` rows stated again."""

    batch_id: UUID
    changes: dict[str, Changes]


async def undo_import(database: Database, actor: Actor, batch_id: UUID) -> Undone:
    """Take back one import; the rows stay readable as what was known in between.

    Refused: unknown or undone already (NOT_FOUND, ILLEGAL_TRANSITION); a later import or act changed one of its rows, a
    later row refers to one of its records, or a score run has used it (GUARD_FAILED, all reasons at once).
    """
    async with desk(database, actor=actor) as act:
        connection = await act.driver()
        batch = await connection.fetchrow("SELECT * FROM import_batch WHERE id = $1 FOR UPDATE", batch_id)
        _check_state(batch, batch_id)
        assert batch is not None, "checked just now"
        act.district = batch["district_id"]
        reasons = await _reasons(connection, batch)
        if reasons:
            raise Refused(*reasons)
        knowledge = Knowledge(connection, act.moment, batch["district_id"], batch_id=None)
        for table in known_tables():
            changes = await undo(knowledge, table, batch_id)
            if changes.any():
                knowledge.changes[str(table.name)] = changes
        await recharge_district(connection, batch["district_id"])
        await _seal(act, connection, batch_id, knowledge)
        return Undone(batch_id, knowledge.changes)


def _check_state(batch: asyncpg.Record | None, batch_id: UUID) -> None:
    if batch is None:
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words(f"没有批次 {batch_id}。", f"There is no import {batch_id}."),
                Words("用 zhunze imports 查看全部批次。", "List all imports with zhunze imports."),
            )
        )
    if batch["state"] == "UNDONE":
        raise Refused(
            Refusal(
                Code.ILLEGAL_TRANSITION, Words(f"批次 {batch_id} 已撤销。", f"Import {batch_id} is undone already.")
            )
        )


async def _reasons(connection: asyncpg.Connection, batch: asyncpg.Record) -> list[Refusal]:
    reasons = []
    for table in known_tables():
        changed = await connection.fetchval(
            f"SELECT count(DISTINCT t.id) FROM {table.name} t WHERE t.batch_id = $1 AND NOT EXISTS ("
            f"SELECT 1 FROM {table.name} now WHERE now.id = t.id AND now.batch_id = $1"
            " AND now.superseded_at = 'infinity')",
            batch["id"],
        )
        if changed:
            reasons.append(
                _rests(f"{table.name} 有 {changed} 行后来被更改", f"{changed} rows of {table.name} were changed later")
            )
    rests = await resting_on(connection, await _brought(connection, batch["id"]))
    reasons += [
        _rests(
            f"{rest.table} 有 {rest.rows} 行引用它(如 {rest.example})",
            f"{rest.rows} rows of {rest.table} refer to it (e.g. {rest.example})",
        )
        for rest in rests
    ]
    runs = await connection.fetchval(
        "SELECT count(*) FROM score_run WHERE district_id = $1 AND known_at >= $2",
        batch["district_id"],
        batch["recorded_at"],
    )
    if runs:
        reasons.append(_rests(f"{runs} 次评分用过它", f"{runs} score runs used it"))
    return reasons


async def _brought(connection: asyncpg.Connection, batch_id: UUID) -> list[UUID]:
    """Records of which nothing was known before this import."""
    found: list[UUID] = []
    for table in known_tables():
        rows = await connection.fetch(
            f"SELECT id FROM {table.name} t WHERE batch_id = $1 AND NOT EXISTS (SELECT 1 FROM {table.name} former"
            " WHERE former.id = t.id AND former.superseded_by = $1)",
            batch_id,
        )
        found += [each["id"] for each in rows]
    return found


def _rests(zh: str, en: str) -> Refusal:
    return Refusal(
        Code.GUARD_FAILED,
        Words(f"不能撤销:{zh}。", f"It cannot be undone: {en}."),
        Words("导入一份更正后的工作簿。", "Import a corrected workbook instead."),
    )


async def _seal(act: Desk, connection: asyncpg.Connection, batch_id: UUID, knowledge: Knowledge) -> None:
    await connection.execute(
        "UPDATE import_batch SET state = 'UNDONE', undone_at = $2 WHERE id = $1", batch_id, act.moment
    )
    await act.record("import.undone", subject=str(batch_id), payload={"changes": as_counts(knowledge.changes)})
