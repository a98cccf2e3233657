"""Quarterly meetings and what was agreed there."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from schema import tables
from schema.directives import OFFICE
from schema.fields import after, ascending, column, identity, many, own, own_id, stored, version
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.meetings import with_open_items
from schema.scalars import PeriodLabel
from schema.shapes import Figure
from schema.types.codes.meetings import ActionItemState, MeetingState
from schema.types.node import Node, Record


def written(text: str | None, _today: date) -> str:
    """A text; where the source gives none, an empty one.

    >>> written(None, date.min), written("三楼会议室", date.min)
    ('', '三楼会议室')
    """
    return text or ""


async def states(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The state of each meeting that was held: closed when none of its items is open."""
    still_open = await with_open_items(at, turn, keys)
    return {key: MeetingState("HELD" if key in still_open else "CLOSED") for key in keys}


@stored(tables.ActionItem, "Ai", "Action item of a meeting (交办事项).", marks=[OFFICE])
class ActionItem(Node):
    """What a meeting asked somebody to do."""

    id: strawberry.ID = identity(tables.ActionItem)
    text: str = column(tables.ActionItem.text, "What.")
    due_on: date = column(tables.ActionItem.due_on, "By when.")
    state: ActionItemState = column(tables.ActionItem.state, "State.")


@stored(tables.Meeting, "Mt", "Quarterly property meeting (物业管理专题会议).", marks=[OFFICE])
class Meeting(Record):
    """A meeting that was held; `heldAt` is the beginning of its day."""

    id: strawberry.ID = identity(tables.Meeting)
    version: int = version(tables.Meeting)
    quarter: PeriodLabel = column(tables.Meeting.quarter, "Quarter, 2026-Q4.")
    state: MeetingState = own(Figure(states, own_id), "State.", tables.Meeting.id)
    held_at: datetime = column(tables.Meeting.held_on, "Planned or actual time.")
    place: str = after(written, "Place.", tables.Meeting.venue)
    minutes: str | None = column(tables.Meeting.minutes, "Minutes.")
    items: list[ActionItem] = many(
        tables.ActionItem.meeting_id,
        "Action items.",
        20,
        ascending(tables.ActionItem.number, tables.ActionItem.id),
    )
