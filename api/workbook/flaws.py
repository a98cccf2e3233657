"""A remark in the making: what a converter or a check found, before it is given its place in the file."""

from dataclasses import dataclass

from api.workbook.catalogue import Words
from api.workbook.columns import Value
from api.workbook.diagnostics import NO_DETAIL, Action


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong or unusual; `value` is stored all the same, `text` shows it in the report."""

    kind: str
    action: Action
    value: Value = None
    text: str = ""
    detail: Words = NO_DETAIL
    raw: str | None = None
    """Shown instead of the cell's own content."""

    @property
    def rejects(self) -> bool:
        """Whether the row is left out because of it."""
        return self.action is Action.REJECT_ROW


def reject(kind: str, zh: str = "", en: str | None = None) -> Flaw:
    """Leave the row out; `zh` and `en` fill the gap of the sentence (the same figure in both if `en` is not given)."""
    return Flaw(kind, Action.REJECT_ROW, detail=Words(zh, zh if en is None else en))


def warn(kind: str, value: Value, text: str, zh: str = "", en: str | None = None) -> Flaw:
    """Store the value, but report it."""
    return Flaw(kind, Action.WARN, value, text, Words(zh, zh if en is None else en))


def accept(kind: str, value: Value, text: str) -> Flaw:
    """Store the value after bringing it into shape."""
    return Flaw(kind, Action.ACCEPT, value, text)
