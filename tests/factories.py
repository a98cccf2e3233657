"""Real rows for tests: a district in which each noun has sensible defaults and only what matters is written out."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from api import clock
from api.database import Database
from schema import tables
from schema.tables.base import OPEN_DAY, Known

MOMENT = datetime(2026, 7, 11, 1, 2, 3, 456000, tzinfo=UTC)
"""When everything is recorded unless a test says otherwise."""
HASH = "sha256:" + "0" * 64
FIRST_DAY = date(2025, 1, 1)

RULES: Mapping[str, Any] = {
    "rulebook": "probe",
    "source": "考评办法",
    "measures": {
        "company": {
            "composite": {
                "law": "5.4",
                "require": {"law": "6.2", "that": {"FEW_DAYS": "days >= 60"}, "else": "NO_RESULT"},
                "value": "base",
            },
            "points_grade": {
                "law": "6.3",
                "steps": {"of": "composite", "at_least": {"90": "A", "80": "B"}, "else": "D"},
            },
            "grade": {
                "law": "6.3",
                "table": [
                    {"law": "6.1", "when": "vetoed", "give": "D"},
                    {"law": "6.3", "else": {"value": "points_grade"}},
                ],
            },
            "recommendation": {
                "table": [
                    {"law": "8.1", "when": "vetoed", "give": "PROPOSE_EXIT"},
                    {"law": "8.6", "else": "NONE"},
                ]
            },
        }
    },
    "results": {
        "company": {"score": "composite", "grade": "grade", "recommendation": "recommendation"},
        "compound_quarter": {"score": "score"},
    },
    "labels": {
        "company": ["企业", "Company"],
        "A": ["优秀", "Excellent"],
        "B": ["良好", "Good"],
        "D": ["不合格", "Fail"],
        "FEW_DAYS": ["在管天数不足", "Too few days in charge"],
        "PROPOSE_EXIT": ["建议退出", "Propose exit"],
    },
}
"""A small rulebook as its canonical text says it."""

Defaults = Callable[[int], Mapping[str, Any]]


DEFAULTS: Mapping[type[SQLModel], Defaults] = {
    tables.Area: lambda n: {"code": f"430399{n:03}", "name": f"街道{n}", "level": "STREET"},
    tables.Compound: lambda n: {"code": f"YT{n:04}", "name": f"小区{n}"},
    tables.GovernanceSpell: lambda n: {
        "form": "PROPERTY_COMPANY",
        "covered": True,
        "kind": "COMMODITY",
        "source": "小区台账",
        "valid_from": FIRST_DAY,
    },
    tables.Bundle: lambda n: {"code": f"LP{n:02}", "name": f"连片{n}"},
    tables.Company: lambda n: {"uscc": f"91430399MA{n:08}", "name": f"物业{n}", "name_pinyin": f"wu4 ye4 {n:04}"},
    tables.Filing: lambda n: {"reported_state": "OPERATING"},
    tables.Standing: lambda n: {"kind": "ADMITTED", "ground": "IMPORTED", "valid_from": FIRST_DAY},
    tables.Engagement: lambda n: {
        "contract_no": f"HT{n}",
        "kind": "OWNERS_CONTRACT",
        "state": "ACTIVE",
        "ground": "IMPORTED",
        "valid_from": FIRST_DAY,
    },
    tables.ChecklistItem: lambda n: {
        "code": f"JC{n:04}",
        "section": "综合管理",
        "section_points": Decimal(15),
        "text": "未公示",
        "points_each": Decimal(2),
        "points_max": Decimal(4),
        "severity": "MODERATE",
    },
    tables.Inspection: lambda n: {
        "number": f"XC{n:06}",
        "inspected_on": date(2026, 2, 1),
        "body_kind": "BUREAU",
        "state": "LOCKED",
    },
    tables.Finding: lambda n: {
        "number": f"WT{n:06}",
        "item_code": "JC0001",
        "severity": "MODERATE",
        "occurrences": 1,
        "place": "COMMON",
        "found_on": date(2026, 2, 1),
        "rectify_by": date(2026, 2, 15),
        "repeat": False,
        "state": "OPEN",
    },
    tables.Complaint: lambda n: {
        "external_ref": f"GD{n:06}",
        "channel": "HOTLINE_12345",
        "kind": "COMPLAINT",
        "received_on": date(2026, 3, 1),
        "category_code": "01",
        "callback": "NOT_CALLED",
        "state": "CLOSED",
    },
    tables.Mediation: lambda n: {"number": f"TJ{n}", "kind": "ORAL", "received_on": date(2026, 3, 1)},
    tables.FeePeriod: lambda n: {"period": "2026-H1", "receivable_fen": 10_000, "collected_fen": 9_999},
    tables.SurveyRound: lambda n: {
        "number": f"CP{n}",
        "held_on": date(2026, 5, 1),
        "sample": 100,
        "responses": 40,
        "score": Decimal("81.50"),
    },
    tables.CreditItem: lambda n: {
        "number": f"XY{n}",
        "kind": "BAD",
        "matter": "通报批评",
        "determined_on": date(2026, 4, 1),
        "valid_from": date(2026, 4, 1),
    },
    tables.Person: lambda n: {"name": f"人{n}"},
    tables.Employment: lambda n: {"role": "PROJECT_MANAGER", "valid_from": FIRST_DAY},
    tables.Meeting: lambda n: {
        "number": f"HY{n}",
        "quarter": "2026-Q2",
        "held_on": date(2026, 6, 29),
        "chair": "区住建局",
    },
    tables.ActionItem: lambda n: {
        "number": f"SX{n}",
        "text": f"事项{n}",
        "owner": "街道",
        "due_on": date(2026, 9, 30),
        "state": "OPEN",
        "reported_state": "进行中",
    },
    tables.ComplaintCategory: lambda n: {
        "code": f"{n:02}",
        "label": f"类别{n}",
        "aliases": [],
        "counts_for_score": True,
    },
    tables.TrainingSession: lambda n: {
        "number": f"PX{n}",
        "title": "培训",
        "period": "2026-H1",
        "starts_on": date(2026, 4, 1),
        "ends_on": date(2026, 4, 2),
        "seats": 100,
        "hours": Decimal(12),
    },
    tables.Enrollment: lambda n: {"number": f"BM{n}", "enrolled_on": date(2026, 3, 1), "state": "CONFIRMED"},
    tables.Rulebook: lambda n: {"code": f"rules-{n}", "name": {"ZH_CN": "考评办法", "EN": "Assessment rules"}},
    tables.RulebookVersion: lambda n: {
        "version": 1,
        "number": n,
        "label": f"2025-{n}",
        "state": "IN_FORCE",
        "ground": "IMPORTED",
        "content_hash": "sha256:" + f"{n:064x}",
        "text": "{}",
        "plan": "{}",
        "source": "",
        "in_force_from": FIRST_DAY,
        "recorded_at": MOMENT,
    },
    tables.Cycle: lambda n: {
        "version": 1,
        "label": "2026-H1",
        "kind": "HALF_YEAR",
        "ground": "IMPORTED",
        "state": "SCORING",
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 6, 30),
        "evaluated_on": date(2026, 7, 10),
    },
    tables.ScoreRun: lambda n: {
        "kind": "OFFICIAL",
        "state": "SUCCEEDED",
        "valid_at": MOMENT,
        "known_at": MOMENT,
        "engine_version": "1",
        "rulebook_hash": HASH,
        "evidence_hash": HASH,
        "input_hash": "sha256:" + f"{n:064x}",
        "result_hash": HASH,
        "part_ids": [],
        "history_ids": [],
        "settings": {},
        "remembered": {},
        "evidence_rows": 0,
        "recorded_at": MOMENT,
        "given_at": MOMENT,
    },
    tables.Listing: lambda n: {"colour": "RED", "state": "PROPOSED"},
    tables.ScoreResult: lambda n: {
        "grain": "company",
        "subject": f"subject-{n}",
        "reasons": [],
        "measures": {},
        "period_from": date(2026, 4, 1),
        "sort_rank": n,
    },
}


@dataclass
class World:
    """A district being filled; rows wait until `save`."""

    database: Database
    district_id: UUID
    numbers: dict[type[SQLModel], int] = field(default_factory=dict)
    waiting: list[SQLModel] = field(default_factory=list)

    def add(self, noun: type[SQLModel], **columns: Any) -> UUID:
        """A row of a noun, and the record it is a version of."""
        number = self.numbers[noun] = self.numbers.get(noun, 0) + 1
        row: dict[str, Any] = {"id": clock.new_id(), **DEFAULTS[noun](number)}
        if issubclass(noun, Known):
            row |= {"version": 1, "recorded_at": MOMENT, "superseded_at": datetime.max.replace(tzinfo=UTC)}
        if "district_id" in noun.model_fields:
            row["district_id"] = self.district_id
        if "valid_to" in noun.model_fields:
            row["valid_to"] = OPEN_DAY
        row |= columns
        if issubclass(noun, Known) and row["version"] == 1:
            district = row.get("district_id")
            record = {"id": row["id"], "district_id": district, "noun": noun.__name__, "key": str(row["id"])}
            self.waiting.append(tables.Record.model_validate(record))
        self.waiting.append(noun.model_validate(row))
        return UUID(str(row["id"]))

    async def save(self) -> None:
        """Write what waits, in the order it was added."""
        waiting, self.waiting = self.waiting, []
        async with writing(self.database) as connection:
            for each in waiting:
                table = type(each).__table__  # type: ignore[attr-defined]
                await connection.execute(insert(table), each.model_dump(exclude={"superseded_at"}))

    async def supersede(self, noun: type[SQLModel], record: UUID, moment: datetime, **changes: Any) -> None:
        """What was known of a record is known differently from a moment on."""
        table = noun.__table__.name  # type: ignore[attr-defined]
        async with writing(self.database) as connection:
            found = await connection.execute(
                text(f"SELECT * FROM {table} WHERE id = :id AND superseded_at = 'infinity'"), {"id": record}
            )
            known = dict(found.mappings().one())
            await connection.execute(
                text(f"UPDATE {table} SET superseded_at = :at WHERE id = :id AND superseded_at = 'infinity'"),
                {"at": moment, "id": record},
            )
        for name in ("recorded_at", "superseded_at", "superseded_by", "id"):
            known.pop(name)
        self.add(noun, **{**known, "id": record, "version": known["version"] + 1, "recorded_at": moment, **changes})
        await self.save()

    def street(self, **columns: Any) -> UUID:
        """A street."""
        return self.add(tables.Area, **columns)

    def community(self, street_id: UUID, **columns: Any) -> UUID:
        """A community of a street."""
        return self.add(tables.Area, level="COMMUNITY", parent_id=street_id, **columns)

    def compound(self, community: tuple[UUID, UUID], spell: Mapping[str, Any] | None = None, **columns: Any) -> UUID:
        """A compound in (street, community), governed since the first day."""
        street_id, community_id = community
        place = {"street_id": street_id, "community_id": community_id}
        compound_id = self.add(tables.Compound, **place, **columns)
        self.add(tables.GovernanceSpell, compound_id=compound_id, **place, **(spell or {}))
        return compound_id

    def company(
        self, standing: Mapping[str, Any] | None = None, filing: Mapping[str, Any] | None = None, **columns: Any
    ) -> UUID:
        """A company that has filed and stands in the market."""
        company_id = self.add(tables.Company, **columns)
        self.add(tables.Filing, company_id=company_id, **(filing or {}))
        self.add(tables.Standing, company_id=company_id, **(standing or {}))
        return company_id


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction of the program, without a desk: rows are written for nobody in particular."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT set_config('app.viewer', 'test', true)"))
        yield connection


async def founded(database: Database, code: str = "430399") -> World:
    """An empty district."""
    district_id = clock.new_id()
    async with database.engine.begin() as connection:
        await connection.execute(insert(tables.District.__table__), {"id": district_id, "code": code, "name": "岳塘区"})  # type: ignore[attr-defined]
    return World(database, district_id)
