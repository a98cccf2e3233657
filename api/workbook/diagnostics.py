"""What the reading of a workbook has to say about a cell, a row, a sheet or the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.workbook.catalogue import CATALOGUE, Entry, Words

NO_DETAIL = Words("", "")
WHOLE_FILE = Words("其他表要引用本表,因此整个文件未导入。", " Other sheets rest on this one, so nothing was imported.")
"""Said once more where a sheet takes the file down with it and the kind has no sentence of its own for that."""


class Action(StrEnum):
    """What was done about it; the codes of the interface."""

    ACCEPT = "ACCEPT"
    WARN = "WARN"
    REJECT_ROW = "REJECT_ROW"
    REJECT_SHEET = "REJECT_SHEET"
    REJECT_FILE = "REJECT_FILE"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark. Empty text where a remark is about more than a cell; `row` counts from 1, None for a whole sheet."""

    kind: str
    action: Action
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    row_key: str = ""
    column: str = ""
    column_en: str = ""
    raw_value: str = ""
    normalised_value: str = ""
    detail: Words = NO_DETAIL

    @property
    def entry(self) -> Entry:
        """The sentences for this kind; some kinds speak differently where the row stays than where it goes."""
        return CATALOGUE.get(f"{self.kind}:{self.action}") or CATALOGUE[self.kind]

    @property
    def message(self) -> Words:
        """Where, what and why."""
        words = self._say(self.entry.message)
        if self.action is Action.REJECT_FILE and self.sheet and f"{self.kind}:{self.action}" not in CATALOGUE:
            return Words(words.zh + WHOLE_FILE.zh, words.en + WHOLE_FILE.en)
        return words

    @property
    def remedy(self) -> Words:
        """What to do."""
        return self._say(self.entry.remedy)

    @property
    def code(self) -> str | None:
        """Reason of a refusal as the interface names it; None for what was imported or skipped."""
        return None if self.action in (Action.ACCEPT, Action.WARN) else self.entry.code

    def _say(self, words: Words) -> Words:
        seen = {"raw": self.raw_value, "value": self.normalised_value, "key": self.row_key}
        return Words(
            words.zh.format(where=self._where_zh(), column=self.column, detail=self.detail.zh, **seen),
            words.en.format(where=self._where_en(), column=self.column, detail=self.detail.en, **seen),
        )

    def _where_zh(self) -> str:
        if not self.sheet:
            return "文件"
        column = f"「{self.column}」列" if self.column and self.cell else ""
        return f"表「{self.sheet}」{self.cell}{column}"

    def _where_en(self) -> str:
        if not self.sheet:
            return "The file"
        name = f"{self.column} ({self.column_en})" if self.column_en else self.column
        column = f", column {name}" if self.column and self.cell else ""
        return f"Sheet {self.sheet}{' ' if self.cell else ''}{self.cell}{column}"

    def as_dict(self) -> dict[str, str | Mapping[str, str]]:
        """The remark as the report writes it."""
        message, remedy = self.message, self.remedy
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "row_key": self.row_key,
            "column": self.column,
            "kind": self.kind,
            "raw_value": self.raw_value,
            "action": self.action.value,
            "normalised_value": self.normalised_value,
            "message": {"zh": message.zh, "en": message.en},
            "remedy": {"zh": remedy.zh, "en": remedy.en},
        }
