"""Quarterly meetings and what was agreed there."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from schema.tables.base import KNOWN, InDistrict, Known, codes, day, one_now, record, words


class Meeting(Known, InDistrict, table=True):
    """Quarterly property meeting (物业管理专题会议)."""

    number: str = words()
    quarter: str = Field(description="Quarter, 2026-Q2.")
    held_on: date = day()
    chair: str = words()
    participants: str | None = words(null=True)
    present: int | None = None
    venue: str | None = words(null=True)
    minutes: str | None = words(null=True)
    __table_args__ = one_now(
        "meeting", Index("ix_meeting_held", "district_id", "held_on", "id", postgresql_where=KNOWN)
    )


class ActionItem(Known, InDistrict, table=True):
    """What a meeting asked somebody to do (议定事项).

    Overdue is derived from `due_on`; `reported_state` is what the sheet said.
    """

    __tablename__ = "action_item"
    number: str = words()
    meeting_id: UUID = record(index=True)
    text: str = words()
    owner: str = words()
    due_on: date = day()
    state: str = words()
    reported_state: str = words()
    __table_args__ = one_now("action_item", codes("state", "OPEN", "DONE", "DROPPED"))
