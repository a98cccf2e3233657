"""Codes of companies, their standing and their engagements."""

from enum import Enum

from schema.codes import codes


@codes("Order of companies; ties by id.")
class CompanySort(Enum):
    """Orders."""

    NAME = "Name, pinyin."
    RANK = "Rank in the current cycle, unrated last."
    COMPLAINTS_DESC = "Cases of the last 12 months."
    OVERDUE_DESC = "Overdue findings."
    STANDING_SINCE_DESC = "Latest change of standing."


@codes("Market standing of a company (准入状态).")
class StandingKind(Enum):
    """Standings."""

    APPLICANT = "Not yet admitted."
    ADMITTED = "Admitted (准入)."
    WATCH = "Under watch (重点监管)."
    RESTRICTED = "No new contracts (限制; 观察)."
    EXITING = "Leaving."
    EXITED = "Out of the market (退出)."
    READMISSION_REVIEW = "Asks to return."


@codes("What a row of history rests on.")
class Ground(Enum):
    """Grounds."""

    REGISTERED = "Registration in this system."
    ACT = "Act or decision in this system."
    CLOCK = "Deadline, end of an interval or of a decision."
    IMPORTED = "History before this system took over, as imported; guards did not apply."


@codes("Legal ground of a company's presence.")
class EngagementKind(Enum):
    """Grounds of presence."""

    DEVELOPER_STAGE = "Developer-stage contract (前期物业)."
    OWNERS_CONTRACT = "Contract with the owners (业主合同)."
    TRUSTEESHIP = "Trusteeship, often for a bundle (托管)."
    EMERGENCY = "Emergency service, at most 3 months by default (应急服务)."


@codes("State of an engagement.")
class EngagementState(Enum):
    """States."""

    DRAFT = "Being entered."
    FILED = "Filed with the bureau (备案)."
    ACTIVE = "Handed over and running."
    ENDING = "Notice served."
    HANDOVER = "Records, rooms and funds being handed over (交接)."
    ENDED = "Left."
    DISPUTED = "Leaving or handover disputed."
