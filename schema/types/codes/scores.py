"""Codes of rulebooks, cycles, runs and results."""

from enum import Enum

from schema.codes import codes


@codes("State of a rulebook version; frozen from APPROVED on.")
class RulebookState(Enum):
    """States of a version."""

    DRAFT = "Editable."
    IN_REVIEW = "Lint has no error."
    CONSULTATION = "Open for comment (征求意见)."
    APPROVED = "Two persons, not the drafter."
    SHADOW = "Scores without effect (试行)."
    IN_FORCE = "Governs its interval."
    RETIRED = "No longer in force."
    REJECTED = "Refused."


@codes("Length of a cycle.")
class CycleKind(Enum):
    """Lengths."""

    QUARTER = "Quarter (季度考评); in the district the cycle with fieldwork."
    HALF_YEAR = "Half-year (半年); adds up two FINAL quarters."
    YEAR = "Year."


@codes("State of an assessment cycle.")
class CycleState(Enum):
    """States of a cycle."""

    PLANNED = "Dates set."
    FIELDWORK = "Inspections run."
    RECTIFICATION = "Findings being put right."
    SCORING = "Inputs locked."
    PROVISIONAL = "Results published as provisional (公示)."
    APPEALS = "All delivered, appeal windows run."
    FINAL = "Results final."
    ARCHIVED = "Closed."


@codes("Kind of score run.")
class RunKind(Enum):
    """Kinds of run."""

    OFFICIAL = "Pinned version, locked inputs."
    PREVIEW = "Draft or patched rules, one cycle."
    SHADOW = "Version in SHADOW state."
    BACKTEST = "One version over past cycles."
    REPLAY = "Repeats an official run; hashes must agree."


@codes(
    "Why a line has no value of its own; the only list. A grade for missing data, e.g. C_MISSING, is a band of"
    " the rulebook."
)
class NonValue(Enum):
    """Reasons without value."""

    NOT_APPLICABLE = "Leaves the denominator."
    MISSING_AS_ZERO = "Counted as zero."
    REWEIGHTED = "Left out, weights renormalised."
    CARRIED_OVER = "Value of an earlier period."
    PENDING = "Result not yet allowed."
    NOT_RATED = "No result, with reasons."
    RESULT_WITHOUT_INPUTS = "Result published without inputs."


@codes("Level of an explanation line.")
class LineKind(Enum):
    """Levels of a line."""

    TOTAL = "Composite result."
    PART = "Base, bonus, deduction or category."
    INDICATOR = "Indicator."
    ITEM = "Cited item."
    ADJUSTMENT = "Cap, limiter, veto or rounding."


@codes("Published lists.")
class ListColour(Enum):
    """Lists."""

    RED = "Honour list (红榜)."
    YELLOW = "Warning card (黄牌)."
    BLACK = "Black list (黑榜)."


@codes("State of a list entry.")
class ListingState(Enum):
    """States of an entry."""

    PROPOSED = "Rule fired."
    PUBLISHED = "Public."
    REMOVED = "Removed or expired."
