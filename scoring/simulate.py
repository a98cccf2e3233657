"""What a draft would have changed: outcomes of the rules in force beside those of the draft, subject by subject."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run said of one subject: total (points, None = not rated), grade, recommendation and its clause."""

    total: Decimal | None
    grade: str | None
    recommendation: str | None
    clause: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A subject whose grade or recommendation the draft changes."""

    subject: str
    before: Outcome
    after: Outcome

    @property
    def decision(self) -> bool:
        """Whether the recommendation differs, which is what decisions rest on."""
        return self.before.recommendation != self.after.recommendation


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft beside the rules in force in one period.

    `transitions` counts subjects by (grade before, grade after), None = no grade; `changes` come in order of subject.
    """

    transitions: Mapping[tuple[str | None, str | None], int]
    changes: tuple[Change, ...]
    totals_moved: int

    @property
    def decisions_changed(self) -> int:
        """How many recommendations differ."""
        return sum(change.decision for change in self.changes)


NOBODY = Outcome(None, None, None, None)


def compare(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> Comparison:
    """Set the outcomes of two runs side by side; a subject only one of them knows counts as without an outcome.

    >>> old = {"A": Outcome(Decimal("74"), "C", "INTERVIEW", "8.4"), "B": Outcome(Decimal("91"), "A", "NONE", "8.6")}
    >>> new = {"A": Outcome(Decimal("69"), "D", "WATCH", "8.2"), "B": Outcome(Decimal("91"), "A", "NONE", "8.6")}
    >>> found = compare(old, new)
    >>> found.transitions == {("C", "D"): 1, ("A", "A"): 1}, found.decisions_changed, found.totals_moved
    (True, 1, 1)
    """
    subjects = sorted(before.keys() | after.keys())
    pairs = {subject: (before.get(subject, NOBODY), after.get(subject, NOBODY)) for subject in subjects}
    changes = [
        Change(subject, old, new)
        for subject, (old, new) in pairs.items()
        if (old.grade, old.recommendation) != (new.grade, new.recommendation)
    ]
    return Comparison(
        transitions=dict(Counter((old.grade, new.grade) for old, new in pairs.values())),
        changes=tuple(changes),
        totals_moved=sum(old.total != new.total for old, new in pairs.values()),
    )
