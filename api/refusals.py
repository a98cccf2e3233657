"""What the business, or the machine's set-up, says no with.

`Refused` carries one or more `Refusal` values: the business says no, all reasons at once, with the codes of the GraphQL
contract (`ErrorCode`). It is rendered once at the edge: a `userErrors` entry, an exit status, a banner. An `Obstacle`
is no refusal of the business: something around the program is missing or wrong (no database, a role with too many
rights, data of another version); its remedy is for the person who runs the machine. Anything else raised is a bug.

    Exception
    ├── Refused     the business says no
    └── Obstacle    the set-up is in the way
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schema.words import Words

__all__ = ["Code", "Obstacle", "Refusal", "Refused", "Words"]


class Code(StrEnum):
    """Reason of a refusal, named as in the GraphQL contract."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    DUPLICATE = "DUPLICATE"
    OVERLAP = "OVERLAP"
    ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION"
    GUARD_FAILED = "GUARD_FAILED"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    TOO_EARLY = "TOO_EARLY"
    SELF_APPROVAL = "SELF_APPROVAL"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    CONTENT_CHANGED = "CONTENT_CHANGED"
    EVIDENCE_MISSING = "EVIDENCE_MISSING"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NO_SEATS = "NO_SEATS"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    TIME_CLASH = "TIME_CLASH"
    LINT_ERROR = "LINT_ERROR"
    DATA_QUALITY = "DATA_QUALITY"
    LOCKED = "LOCKED"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    BUSY = "BUSY"


_LATER: Final = frozenset({Code.BUSY, Code.TOO_EARLY, Code.LOCKED})
_NOT_YOU: Final = frozenset({Code.FORBIDDEN, Code.SELF_APPROVAL, Code.CONFLICT_OF_INTEREST})


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an act was refused: what is wrong, and what to do next."""

    code: Code
    message: Words
    remedy: Words | None = None
    field: tuple[str, ...] = ()
    """Path into the input; empty = the whole input."""
    current_version: int | None = None
    """The version now stored, on VERSION_CONFLICT."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later unchanged.

        >>> Refusal(Code.BUSY, Words("忙", "busy")).retryable
        True
        """
        return self.code in {Code.BUSY, Code.TOO_EARLY}


class Refused(Exception):  # noqa: N818 (no error: an answer)
    """The business refuses an act; nothing of it was written."""

    def __init__(self, *refusals: Refusal) -> None:
        assert refusals, "a refusal has a reason"
        super().__init__(*refusals)
        self.refusals = refusals

    def __str__(self) -> str:
        return "\n".join(f"{each.code}: {each.message.zh} / {each.message.en}" for each in self.refusals)

    @property
    def exit_status(self) -> int:
        """Status for the command line, as in sysexits.h: 75 try later, 77 not you, 65 for the rest.

        >>> Refused(Refusal(Code.DUPLICATE, Words("重复", "exists already"))).exit_status
        65
        """
        codes = {each.code for each in self.refusals}
        if codes <= _LATER:
            return os.EX_TEMPFAIL
        return os.EX_NOPERM if codes <= _NOT_YOU else os.EX_DATAERR


class Obstacle(Exception):  # noqa: N818 (no error of the program)
    """Something of the set-up is in the way: what, why, what to do, and the SQL to mend it if SQL does."""

    exit_status: Final = os.EX_UNAVAILABLE

    def __init__(self, code: str, message: Words, remedy: Words, sql: tuple[str, ...] = ()) -> None:
        super().__init__(code, message, remedy, sql)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.sql = sql

    def __str__(self) -> str:
        lines = [self.code, str(self.message), str(self.remedy), *(f"    {line}" for line in self.sql)]
        return "\n".join(lines)
