"""Codes of quarterly meetings."""

from enum import Enum

from schema.codes import codes


@codes("State of a quarterly property meeting.")
class MeetingState(Enum):
    """States of a meeting."""

    PLANNED = "Invited."
    HELD = "Minutes recorded."
    CLOSED = "All action items done or dropped."
    CANCELLED = "Not held."


@codes("State of an action item (交办事项).")
class ActionItemState(Enum):
    """States of an action item."""

    OPEN = "Not done."
    DONE = "Done."
    DROPPED = "Dropped with a reason."
