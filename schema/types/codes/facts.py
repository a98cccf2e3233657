"""Codes of the facts that move points."""

from enum import Enum

from schema.codes import codes


@codes("Where a case came from.")
class Channel(Enum):
    """Sources."""

    HOTLINE_12345 = "12345 hotline (市民热线)."
    PETITION = "Petition (信访)."
    MEDIA = "Media report (媒体曝光)."
    COUNTER = "Street or community counter (来访)."
    PATROL = "Street or bureau patrol (巡查)."
    SERVICE_CENTRE = "One-stop request at a property service centre (物业服务中心)."


@codes("Kind of a case (工单类型).")
class TicketKind(Enum):
    """Kinds of case."""

    COMPLAINT = "Complaint or report (投诉举报)."
    REQUEST = "Request for help (求助)."


@codes("State of a hotline case.")
class ComplaintState(Enum):
    """States of a case."""

    RECEIVED = "Taken in."
    DISPATCHED = "Sent to a handler."
    ACCEPTED = "Taken on."
    IN_PROGRESS = "Being worked on."
    REPLIED = "Resident answered."
    CLOSED = "Closed after contact with the resident (办结)."
    REOPENED = "Opened again."
    DUPLICATE = "Same matter as another case."
    NOT_ATTRIBUTABLE = "Excluded from scoring, two persons."


@codes("Kind of mediation.")
class MediationKind(Enum):
    """Kinds of mediation."""

    PRE_LITIGATION = "Before a lawsuit (诉前调解)."
    ORAL = "Oral, on the spot (口头调解)."
    FORMAL = "People's mediation with a written agreement (人民调解)."


@codes("Kind of a credit item.")
class CreditKind(Enum):
    """Kinds of credit item."""

    GOOD = "Good information (良好信息)."
    BAD = "Bad information (不良信息)."
    VETO = "One-vote veto (一票否决); carries no points."


@codes("State of an enrolment.")
class EnrollmentState(Enum):
    """States of an enrolment."""

    CONFIRMED = "Seat held."
    WAITLISTED = "In the queue."
    CANCELLED = "Given up."
    ATTENDED = "Enough minutes."
    PARTIAL = "Too few minutes, no exam."
    NO_SHOW = "Absent."
    RESIT = "Failed once, one resit open (补考)."
    PASSED = "Passed."
    FAILED = "Failed."
