"""Find the table in a sheet: its headings under any title, its columns in any order, its rows without blank ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.workbook.catalogue import Words
from api.workbook.cells import BLANKS, Cell, Formula, cell_name, is_blank, raw_text, shortened, squeeze
from api.workbook.columns import Need, Sheet
from api.workbook.diagnostics import Action, Diagnostic

HEADER_WITHIN = 30
"""Headings stand among so many first rows."""

NOT_DATA = frozenset({"问题", "原行号", "序号"})
"""Headings that may stand beside the table: those of a workbook of rejected rows, and the running number of a row."""


@dataclass(slots=True)
class Grid:
    """A table as found. Positions count from 0, rows of the file from 1."""

    sheet: Sheet
    headings: tuple[str, ...]
    header_row: int
    places: dict[str, int]
    """Heading as declared → position."""
    rows: list[list[Cell]]
    lines: list[int]
    """Row of the file for each of `rows`."""
    remarks: list[Diagnostic] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    """Required headings that are not there."""
    conflicting: tuple[str, ...] = ()
    """Headings that stand twice with different content."""

    def column(self, header: str) -> tuple[Cell, ...]:
        """All cells under a heading."""
        place = self.places[header]
        return tuple([row[place] for row in self.rows])

    def remark(self, kind: str, action: Action, row: int | None = None, place: int | None = None) -> Diagnostic:
        """Start a remark on the sheet or on one of its cells."""
        cell = "" if row is None or place is None else cell_name(row, place + 1)
        return Diagnostic(kind, action, self.sheet.name, row=row, cell=cell)


def _header_row(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> int | None:
    """Index of the row with the most headings of the sheet, at least two."""
    known = {column.header for column in sheet.columns}
    hits = [
        sum(squeeze(cell) in known for cell in row if isinstance(cell, str) and cell) for row in rows[:HEADER_WITHIN]
    ]
    best = max(hits, default=0)
    return hits.index(best) if best > 1 else None


def lay_out(sheet: Sheet, rows: list[list[Cell]]) -> Grid | None:
    """Find the table of `sheet` in all rows of a sheet from its first row on; None if there is none."""
    index = _header_row(sheet, rows)
    if index is None:
        return None
    headings = tuple(cell if isinstance(cell, str) else raw_text(cell) for cell in rows[index])
    lines = list(range(index + 2, len(rows) + 1))
    grid = Grid(sheet, headings, index + 1, {}, rows[index + 1 :], lines)
    _place(grid)
    if any(not is_blank(cell) for row in rows[:index] for cell in row):
        _note(grid, "merged_title_rows", row=1)
    _drop_blank_rows(grid)
    _compare_twins(grid)
    return grid


def _note(grid: Grid, kind: str, row: int, detail: str | None = None) -> None:
    detail = grid.sheet.name if detail is None else detail
    grid.remarks.append(
        Diagnostic(kind, Action.ACCEPT, grid.sheet.name, row=row, cell=cell_name(row, 1), detail=Words(detail, detail))
    )


def _place(grid: Grid) -> None:
    """Match headings with columns, and remark on those that are odd, missing or of no use."""
    known = {column.header: column for column in grid.sheet.shown}
    for place, heading in enumerate(grid.headings):
        name = squeeze(heading)
        if name not in known:
            if name and name not in NOT_DATA:
                _remark_heading(grid, place, "unknown_column", Action.WARN, visible_name=shortened(raw_text(heading)))
        elif name not in grid.places:
            grid.places[name] = place
            if heading != name:
                broken = "\n" in heading or "\r" in heading
                kind = "header_line_break" if broken else "header_normalised"
                _remark_heading(grid, place, kind, Action.ACCEPT, visible_name=name)
    if list(grid.places) != [header for header in known if header in grid.places]:
        _note(grid, "columns_reordered", row=grid.header_row)
    absent = [column for column in known.values() if column.header not in grid.places]
    grid.missing = tuple(column.header for column in absent if column.need is Need.REQUIRED)
    for column in absent:
        if column.need is not Need.REQUIRED:
            grid.remarks.append(missing_column(grid.sheet, column.header, Action.WARN))


def missing_column(sheet: Sheet, header: str, action: Action) -> Diagnostic:
    """Say that a column is not there."""
    return Diagnostic("missing_column", action, sheet.name, column=header, normalised_value=header)


def _remark_heading(grid: Grid, place: int, kind: str, action: Action, *, visible_name: str) -> None:
    raw = shortened(raw_text(grid.headings[place]))
    cell = cell_name(grid.header_row, place + 1)
    grid.remarks.append(
        Diagnostic(kind, action, grid.sheet.name, row=grid.header_row, cell=cell, column=visible_name, raw_value=raw)
    )


def _drop_blank_rows(grid: Grid) -> None:
    """Take out rows with nothing under the headings: those behind the last row of data, then those between."""
    places = list(grid.places.values())

    def holds_nothing(row: Sequence[Cell]) -> bool:
        return all(isinstance(cell := row[place], Formula) or is_blank(cell) for place in places)

    end = len(grid.rows)
    while end and holds_nothing(grid.rows[end - 1]):
        end -= 1
    if trailing := len(grid.rows) - end:
        _note(grid, "blank_trailing_rows", grid.lines[end], str(trailing))
        del grid.rows[end:], grid.lines[end:]
    first = grid.places.get(grid.sheet.shown[0].header, 0)
    blank = {
        index
        for index, row in enumerate(grid.rows)
        if (not isinstance(cell := row[first], str) or not cell.strip(BLANKS)) and holds_nothing(row)
    }
    for index in sorted(blank):
        if index - 1 not in blank:
            run = next(step for step in range(1, len(blank) + 1) if index + step not in blank)
            _note(grid, "blank_rows", grid.lines[index], str(run))
    if blank:
        grid.rows = [row for index, row in enumerate(grid.rows) if index not in blank]
        grid.lines = [line for index, line in enumerate(grid.lines) if index not in blank]


def _compare_twins(grid: Grid) -> None:
    """A heading that stands twice is harmless only if the second column says nothing else."""
    twice = {name for name, times in Counter(map(squeeze, grid.headings)).items() if times > 1 and name in grid.places}
    conflicting = []
    for place, heading in enumerate(grid.headings):
        name = squeeze(heading)
        if name not in twice or grid.places[name] == place:
            continue
        if all(row[place] == row[grid.places[name]] for row in grid.rows):
            _remark_heading(grid, place, "duplicate_column", Action.WARN, visible_name=name)
        else:
            conflicting.append(name)
    grid.conflicting = tuple(dict.fromkeys(conflicting))
