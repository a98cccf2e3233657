"""Take in a workbook: everything acceptable in it becomes known, in one transaction, or nothing does.

The same file again is the same batch and changes nothing. A later file updates by key; rows it does not name stay,
unless their sheet is to be replaced. A row is compared with what is known, so only differences become versions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from api import clock
from api.bulk import uncollected
from api.database import Database
from api.desk import Actor, Desk, desk
from api.districts import founded, stored_districts, the_district
from api.intake import Intake, take_in
from api.intake.stored import known_keys
from api.knowledge import Changes, Knowledge, as_counts
from api.refusals import Code, Refusal, Refused, Words
from api.resting import resting_on
from api.workbook import KnownKeys, Reading, read_workbook
from api.workbook.sheets import SHEETS
from schema.tables import District

Told = Callable[[str], None]
REPLACED = {"appointment": ("employment",), "compound": ("governance_spell", "compound"), "company": ("filing",)}
"""Tables closed for a noun of the workbook where they are not the noun's own."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported, and how."""

    name: str
    data: bytes
    as_of: date
    dry_run: bool = False
    replace: frozenset[str] = frozenset()
    district: str | None = None
    district_name: str | None = None

    @property
    def sha256(self) -> str:
        """Digest of the file: with the day, the identity of a batch."""
        return f"sha256:{sha256(self.data).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would have done."""

    reading: Reading
    batch_id: UUID | None = None
    repeated: bool = False
    changes: Mapping[str, Changes] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """The JSON report: counts and diagnostics of the file, and what became of them."""
        return {
            **self.reading.report(),
            "batch": str(self.batch_id) if self.batch_id else None,
            "repeated": self.repeated,
            "changes": as_counts(self.changes),
        }


class _RolledBackError(Exception):
    """Ends a dry run inside the transaction, carrying what it would have done."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


async def import_workbook(database: Database, actor: Actor, order: Order, told: Told = lambda step: None) -> Outcome:
    """Import one workbook; a dry run goes all the way and takes it back.

    Raises Refused if the file cannot be taken in although its rows can: it would close what others rest on, or its
    district is not clear.
    """
    _check_replaced(order.replace)
    try:
        async with desk(database, actor=actor) as act:
            with uncollected():
                outcome = await _import(act, order, told)
            if order.dry_run:
                raise _RolledBackError(outcome)
            return outcome
    except _RolledBackError as undone:
        return undone.outcome


def _check_replaced(names: frozenset[str]) -> None:
    unknown = sorted(names - {sheet.name for sheet in SHEETS})
    if unknown:
        allowed = "、".join(sheet.name for sheet in SHEETS)
        raise Refused(
            *(
                Refusal(
                    Code.INVALID,
                    Words(f"没有工作表「{name}」。", f"There is no sheet {name}."),
                    Words(f"可替换的工作表:{allowed}。", f"Sheets that can be replaced: {allowed}."),
                    ("replace",),
                )
                for name in unknown
            )
        )


async def _import(act: Desk, order: Order, told: Told) -> Outcome:
    connection = await act.driver()
    told("reading")
    reading, district = await _read(connection, order, told)
    if reading.refused or district is None:
        return Outcome(reading)
    again = await connection.fetchrow(
        "SELECT id FROM import_batch WHERE district_id = $1 AND file_sha256 = $2 AND as_of = $3 AND state = 'APPLIED'",
        *(district.id, order.sha256, order.as_of),
    )
    if again is not None and not order.replace:
        return Outcome(reading, again["id"], repeated=True)
    district = await founded(connection, district.code, order.district_name)
    act.district = district.id
    knowledge = Knowledge(connection, act.moment, district.id, batch_id=clock.new_id())
    await _open_batch(knowledge, order, reading)
    intake = Intake(reading, knowledge, district, order.as_of)
    await take_in(intake, told)
    for sheet in SHEETS:
        if sheet.name in order.replace and sheet.noun in reading.rows:
            await _close_absent(intake, sheet.noun)
    told("recording")
    await _seal(act, knowledge, order, reading)
    return Outcome(reading, knowledge.batch_id, changes=knowledge.changes)


async def _read(connection: asyncpg.Connection, order: Order, told: Told) -> tuple[Reading, District | None]:
    """Read the file against what its district knows; which district it is may stand in the file itself.

    The district is None only where nothing can be written.
    """
    districts = await stored_districts(connection)
    guess = next((each for each in districts if each.code == order.district), None) or (
        districts[0] if len(districts) == 1 else None
    )
    known = await known_keys(connection, guess.id) if guess else KnownKeys()
    reading = read_workbook(order.data, known=known, on_sheet=told)
    if reading.refused:
        return reading, None
    said = _district_in(reading)
    if order.district and said and said != order.district:
        raise Refused(
            Refusal(
                Code.INVALID,
                Words(
                    f"工作簿属于 {said},不是 {order.district}。", f"The workbook is of {said}, not of {order.district}."
                ),
                Words("去掉 --district,或换一个工作簿。", "Leave out --district, or take another workbook."),
                ("district",),
            )
        )
    code = order.district or said
    if code is None:
        return reading, await the_district(connection, None)
    if guess is not None and guess.code == code:
        return reading, guess
    stored = next((each for each in districts if each.code == code), None)
    if guess is not None or stored is not None:
        known = await known_keys(connection, stored.id) if stored else KnownKeys()
        reading = read_workbook(order.data, known=known, on_sheet=told)
    return reading, stored or District(id=clock.new_id(), code=code, name=code)


def _district_in(reading: Reading) -> str | None:
    """The district the file's streets belong to; refused if they belong to several."""
    rows = reading.rows.get("area")
    if rows is None or not len(rows):
        return None
    streets = zip(rows.column("level"), rows.column("parent_code"), rows.column("code"), strict=True)
    codes = sorted({str(parent or str(code)[:6]) for level, parent, code in streets if level == "STREET"})
    if len(codes) > 1:
        named = "、".join(codes)
        raise Refused(
            Refusal(
                Code.INVALID,
                Words(f"街道的上级代码属于多个区:{named}。", f"The streets belong to several districts: {named}."),
                Words("一个工作簿只能属于一个区。", "A workbook belongs to one district."),
                ("街道社区", "上级代码"),
            )
        )
    return codes[0] if codes else None


async def _open_batch(knowledge: Knowledge, order: Order, reading: Reading) -> None:
    await knowledge.connection.execute(
        "INSERT INTO import_batch (id, district_id, file_name, file_sha256, as_of, state, recorded_at, counts, changes)"
        " VALUES ($1, $2, $3, $4, $5, 'APPLIED', $6, $7, '{}')",
        *(knowledge.batch_id, knowledge.district_id, order.name, order.sha256, order.as_of, knowledge.moment),
        orjson.dumps(reading.report()["counts"]).decode(),
    )


async def _close_absent(intake: Intake, noun: str) -> None:
    """Close what a replaced sheet does not name; refused if something known rests on it."""
    connection, closing = intake.knowledge.connection, []
    for table in REPLACED.get(noun, (noun,)):
        stated = intake.stated.get(table, set())
        extra = " AND role = 'PROJECT_MANAGER'" if table == "employment" else ""
        named = intake.stated.get("compound", set()) if table == "governance_spell" else stated
        column = "compound_id" if table == "governance_spell" else "id"
        found = await connection.fetch(
            f"SELECT id FROM {table} WHERE district_id = $1 AND superseded_at = 'infinity'"
            f" AND NOT {column} = ANY($2){extra}",
            *(intake.knowledge.district_id, list(named)),
        )
        closing.append((table, [each["id"] for each in found]))
    for table, ids in closing:
        await intake.knowledge.close(table, ids)
    gone = [each for _, ids in closing for each in ids]
    if noun == "company":
        rows = await connection.fetch("SELECT DISTINCT company_id FROM filing WHERE id = ANY($1)", gone)
        gone = [each["company_id"] for each in rows]
    rests = await resting_on(connection, gone)
    _refuse_resting([rest for rest in rests if rest.table not in {"filing", "standing"}], noun)


def _refuse_resting(rests: Sequence[Any], noun: str) -> None:
    if rests:
        raise Refused(
            *(
                Refusal(
                    Code.GUARD_FAILED,
                    Words(
                        f"不能关闭「{noun}」中缺少的行:{rest.table} 有 {rest.rows} 行仍引用它们(如 {rest.example})。",
                        f"Rows of {noun} missing in the file cannot be closed: {rest.rows} rows of {rest.table} still"
                        f" refer to them (e.g. {rest.example}).",
                    ),
                    Words(
                        "先关闭或改正这些行,再替换该表。", "Close or correct those rows first, then replace the sheet."
                    ),
                    ("replace", noun),
                )
                for rest in rests
            )
        )


async def _seal(act: Desk, knowledge: Knowledge, order: Order, reading: Reading) -> None:
    changes = as_counts(knowledge.changes)
    await knowledge.connection.execute(
        "UPDATE import_batch SET changes = $2 WHERE id = $1", knowledge.batch_id, orjson.dumps(changes).decode()
    )
    await act.record(
        "import.applied",
        subject=str(knowledge.batch_id),
        payload={
            "file": order.sha256,
            "as_of": order.as_of,
            "replace": sorted(order.replace),
            "counts": reading.report()["counts"],
            "changes": changes,
        },
    )
