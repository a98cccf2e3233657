"""Codes of visits and what they found."""

from enum import Enum

from schema.codes import codes


@codes("State of an inspection.")
class InspectionState(Enum):
    """States of a visit."""

    ASSIGNED = "Given to inspectors."
    DECLINED = "Refused by the inspector."
    ACCEPTED = "Taken on; checklist frozen."
    SUBMITTED = "Sent in."
    RETURNED = "Sent back by review."
    LOCKED = "Reviewed and final."
    VOIDED = "Struck out with a reason."


@codes("Severity of a finding.")
class Severity(Enum):
    """Severities."""

    LOW = "一般."
    MODERATE = "较重."
    SEVERE = "严重."
    LIFE_SAFETY = "Danger to life (生命安全)."


@codes("State of a finding.")
class FindingState(Enum):
    """States of a finding."""

    OPEN = "Notice not yet taken up."
    RECTIFYING = "Plan accepted by the company."
    RECTIFIED = "Proof sent in."
    VERIFIED = "Checked and closed (销号)."
    DISPUTED = "Objection filed."
    WITHDRAWN = "Struck out."
    WAIVED = "Waived by a supervisor."
