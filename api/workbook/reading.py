"""What the reading of a workbook gives back: accepted rows by noun, counts by sheet, remarks, and the rows left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import compress
from typing import Any

from api.workbook.cells import Cell
from api.workbook.columns import Value
from api.workbook.diagnostics import Action, Diagnostic
from api.workbook.draft import Draft

IN_FORCE = "本行已导入;第 {} 行与本行编码相同而内容不同,已退回。如应以退回的行为准,请删去本行;否则请删去退回的行。"
"""Said of the row that holds where others contest it: without it beside them, the file imported as it is would put one
of them in its place."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Accepted rows of one noun, in the order of the file."""

    noun: str
    sheet: str
    fields: tuple[str, ...]
    """All fields of the noun."""
    present: frozenset[str]
    """Fields whose column stood in the file; the others are None in every row and say nothing about what is stored."""
    values: list[tuple[Value, ...]]
    """One tuple per row, parallel to `fields`."""
    lines: list[int]
    """Row of the file, from 1, for each row."""

    def __len__(self) -> int:
        return len(self.values)

    def column(self, name: str) -> list[Any]:
        """All values of one field, each of the type its column declares, or None."""
        place = self.fields.index(name)
        return [row[place] for row in self.values]

    def dicts(self) -> Iterator[dict[str, Value]]:
        """Rows as mappings from field to value."""
        return (dict(zip(self.fields, row, strict=True)) for row in self.values)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a sheet that hold something, and what became of them: found = rejected + skipped + imported."""

    found: int
    rejected: int
    skipped: int
    imported: int


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows of a sheet to be corrected: as they stood in the file, each with its row and the reasons in Chinese.

    A row that was imported stands among them where a rejected one contests its key.
    """

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file says."""

    refused: bool
    """The file as a whole was refused: there are no rows."""
    rows: Mapping[str, Rows]
    """By noun, in the order of references; sheets that were not there or were left out are missing."""
    counts: Mapping[str, Counts]
    """By sheet."""
    diagnostics: tuple[Diagnostic, ...]
    """In the order of the file."""
    rejected: Mapping[str, RejectedRows] = field(default_factory=dict)
    """By sheet; empty if the file was refused, for then the file itself is what must be corrected."""

    def report(self) -> dict[str, Any]:
        """The report: counts by sheet, and every remark with message and remedy in both languages."""
        return {
            "counts": {sheet: asdict(counts) for sheet, counts in self.counts.items()},
            "diagnostics": [remark.as_dict() for remark in self.diagnostics],
        }


def reading_of(drafts: Iterable[Draft], remarks: Iterable[Diagnostic], order: Mapping[str, int]) -> Reading:
    """Put together what became of the sheets; `order` is the place of each sheet in the file."""
    drafts = list(drafts)
    diagnostics = [*remarks, *(remark for draft in drafts for remark in draft.diagnostics())]
    diagnostics.sort(key=lambda remark: (order.get(remark.sheet, -1), remark.row or 0, len(remark.cell), remark.cell))
    refused = any(remark.action is Action.REJECT_FILE for remark in diagnostics)
    return Reading(
        refused,
        {} if refused else {draft.sheet.noun: _rows(draft) for draft in drafts if not draft.refusals},
        {draft.sheet.name: _counts(draft, refused) for draft in drafts},
        tuple(diagnostics),
        {} if refused else _rejected(drafts, diagnostics),
    )


def _rows(draft: Draft) -> Rows:
    fields = draft.sheet.fields
    values: Iterable[tuple[Value, ...]] = zip(*(draft.values[name] for name in fields), strict=True)
    lines: Iterable[int] = draft.grid.lines
    if gone := draft.left_out():
        kept = [row not in gone for row in range(len(draft))]
        values, lines = compress(values, kept), compress(lines, kept)
    present = frozenset(name for name in fields if draft.has(name))
    return Rows(draft.sheet.noun, draft.sheet.name, fields, present, list(values), list(lines))


def _counts(draft: Draft, refused: bool) -> Counts:
    found, skipped = len(draft), len(draft.skipped)
    rejected = found - skipped if refused or draft.refusals else len(draft.rejected)
    return Counts(found, rejected, skipped, found - skipped - rejected)


def _rejected(drafts: list[Draft], diagnostics: list[Diagnostic]) -> dict[str, RejectedRows]:
    reasons: dict[tuple[str, int | None], list[str]] = {}
    for remark in diagnostics:
        if remark.action is Action.REJECT_ROW:
            reasons.setdefault((remark.sheet, remark.row), []).append(f"{remark.message.zh}{remark.remedy.zh}")
    found = {}
    for draft in drafts:
        whole = "".join(f"{remark.message.zh}{remark.remedy.zh}" for remark in draft.refusals)
        chosen = sorted(set(range(len(draft))) - draft.skipped if whole else draft.rejected | set(draft.contested))
        if chosen:
            found[draft.sheet.name] = _rejected_rows(draft, chosen, reasons, whole)
    return found


def _rejected_rows(
    draft: Draft, chosen: list[int], reasons: Mapping[tuple[str, int | None], list[str]], whole: str
) -> RejectedRows:
    sheet, lines = draft.sheet.name, draft.grid.lines
    rows = []
    for row in chosen:
        said = reasons.get((sheet, lines[row]), [])
        if row in draft.contested and not whole and row not in draft.rejected:
            said = [IN_FORCE.format("、".join(str(lines[other]) for other in draft.contested[row]))]
        rows.append((lines[row], tuple(draft.grid.rows[row]), whole + "\n".join(said)))
    return RejectedRows(sheet, draft.grid.headings, tuple(rows))
