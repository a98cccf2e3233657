"""Lines that are no rows, and rows that stand twice."""

import re
from collections.abc import Sequence

from api.workbook.cells import Cell, is_blank, squeeze, trim
from api.workbook.columns import Column, Text
from api.workbook.draft import Draft
from api.workbook.flaws import reject, warn

SUM = re.compile(r"(?:本页|本表|本区|全区|全部|各项)?(?:合计|小计|总计|共计)数?:?")
SUM_HINT = re.compile(r"[合小总共]\s*计")


def skip_repeated_headings(draft: Draft) -> None:
    """Skip rows that say the headings once more, as at the top of each printed page."""
    keys = [draft.sheet.by_field[name] for name in draft.sheet.key]
    if not all(draft.has(column.field) for column in keys):
        return
    first, *rest = keys
    for row, cell in enumerate(draft.grid.column(first.header)):
        if _is_heading(cell, first) and all(_is_heading(draft.raw(row, column), column) for column in rest):
            draft.skip(row, first.field, warn("repeated_heading", None, ""))


def _is_heading(cell: Cell, column: Column) -> bool:
    return isinstance(cell, str) and column.header[0] in cell and squeeze(cell) == column.header


def skip_totals(draft: Draft) -> None:
    """Skip sum lines: the word stands in a key cell, or in another text cell of a row without key."""
    texts = [column for column in draft.sheet.shown if isinstance(column.type, Text) and draft.has(column.field)]
    keys = [column for column in texts if column.field in draft.sheet.key]
    cells_of_keys = [draft.grid.column(column.header) for column in keys]
    if not any(map(_may_hold_sums, cells_of_keys)):
        return
    for row, cells in enumerate(zip(*cells_of_keys, strict=True)):
        found = next((column for column, cell in zip(keys, cells, strict=True) if _is_sum(cell)), None)
        if found is None and all(map(is_blank, cells)):
            found = next((column for column in texts if _is_sum(draft.raw(row, column))), None)
        if found is not None:
            draft.skip(row, found.field, warn("total_row", None, ""))


def _may_hold_sums(cells: Sequence[Cell]) -> bool:
    """A quick look at a whole key column: no cell is blank and the words do not occur."""
    texts = list(map(str, cells))
    return SUM_HINT.search(" ".join(texts)) is not None or not all(map(str.strip, texts))


def _is_sum(cell: Cell) -> bool:
    return isinstance(cell, str) and SUM_HINT.search(cell) is not None and SUM.fullmatch(squeeze(cell)) is not None


def mark_repeats(draft: Draft) -> None:
    """Of rows with one key the first holds: skip those that say the same, leave out those that do not."""
    if not all(draft.has(name) for name in draft.sheet.key):
        return
    keys = list(zip(*(draft.values[name] for name in draft.sheet.key), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[object, ...], int] = {}
    for row, key in enumerate(keys):
        if None in key or row in draft.skipped:
            continue
        earlier = first.setdefault(key, row)
        if earlier != row:
            _mark_repeat(draft, row, earlier)


def _mark_repeat(draft: Draft, row: int, earlier: int) -> None:
    line = str(draft.grid.lines[earlier])
    name = draft.sheet.key[0]
    if all(_content(draft, row, column) == _content(draft, earlier, column) for column in draft.sheet.shown):
        draft.skip(row, name, warn("duplicate_row", None, "", line))
    else:
        draft.flag(row, name, reject("duplicate_key_conflict", line))
        draft.contested.setdefault(earlier, []).append(row)


def _content(draft: Draft, row: int, column: Column) -> object:
    """What a cell says: its value, or its raw text where it could not be read."""
    value = draft.values[column.field][row]
    if value is not None or not draft.has(column.field):
        return value
    cell = draft.raw(row, column)
    return trim(cell) if isinstance(cell, str) else cell
