"""Read a district's workbook: bytes in; rows by noun, counts and every remark on the file out. Touches no database.

Nothing is evaluated and nothing is guessed: a cell is read in the one way it can be meant, or its row is left out and
reported with what to do. A file that cannot be trusted is refused as a whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from api.workbook.catalogue import Words
from api.workbook.cells import Cell, squeeze
from api.workbook.checks import check_rows
from api.workbook.columns import Sheet
from api.workbook.diagnostics import Action, Diagnostic
from api.workbook.draft import Draft, draft_of
from api.workbook.grid import HEADER_WITHIN, lay_out, missing_column
from api.workbook.keys import mark_repeats, skip_repeated_headings, skip_totals
from api.workbook.package import Package, Problem, UnreadableError, open_package
from api.workbook.reading import Reading, reading_of
from api.workbook.registry import KnownKeys, Registry
from api.workbook.sheets import GUIDE, SHEETS

ROWS_MAX = 1_000_000
"""Rows of a sheet, titles and headings included."""

CELLS_MAX = 24 * ROWS_MAX
SPARSE_FROM, SPARSE_MAX = 1_000_000, 50
"""A sheet is laid out as one rectangle from A1 on, so a single stray cell can ask for more memory than there is: of a
large rectangle at least every fiftieth cell must hold something."""


def read_workbook(
    data: bytes, *, known: KnownKeys | None = None, on_sheet: Callable[[str], None] | None = None
) -> Reading:
    """Read the bytes of an xlsx file.

    `known` holds the keys stored in the district, which rows of the file may refer to; `on_sheet` is told the name of
    each sheet before it is read. Never raises for what stands in the file: a file that cannot be read at all is a
    `Reading` that is refused and says why.
    """
    try:
        package = open_package(data)
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        names = _names(workbook)
        if not names:
            raise UnreadableError(Problem("no_known_sheet", *["、".join(workbook.sheet_names[:20])] * 2))
        run = _Run(workbook, package, names)
        return run.read(known or KnownKeys(), on_sheet or (lambda name: None))
    except UnreadableError as error:
        return _refused(error.problems)
    except PasswordError:
        return _refused((Problem("encrypted_file"),))
    except CalamineError as error:
        return _refused((Problem("unreadable_file", "内容损坏", f"damaged content: {error}"),))


def _refused(problems: tuple[Problem, ...]) -> Reading:
    remarks = (Diagnostic(each.kind, Action.REJECT_FILE, detail=Words(each.zh, each.en)) for each in problems)
    return Reading(True, {}, {}, tuple(remarks))


def _names(workbook: CalamineWorkbook) -> dict[str, list[str]]:
    """Declared sheet name → names in the file that mean it."""
    declared = {sheet.name for sheet in SHEETS}
    names = defaultdict(list)
    for name in workbook.sheet_names:
        if squeeze(name) in declared:
            names[squeeze(name)].append(name)
    return names


def _strangers(workbook: CalamineWorkbook, names: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    """A remark on every sheet that none of ours is named like: left out in silence, its rows would seem imported."""
    absent = [sheet.name for sheet in SHEETS if sheet.name not in names]
    for name in workbook.sheet_names:
        if squeeze(name) in names or squeeze(name) == GUIDE:
            continue
        near = get_close_matches(squeeze(name), absent, 1)
        kind = "misspelt_sheet" if near else "unknown_sheet"
        yield Diagnostic(kind, Action.WARN, name, raw_value=name, detail=Words("".join(near), "".join(near)))


class _Run:
    """The reading of one file."""

    def __init__(self, workbook: CalamineWorkbook, package: Package, names: Mapping[str, list[str]]) -> None:
        self.workbook, self.package, self.names = workbook, package, names
        self.sheets = [sheet for sheet in SHEETS if sheet.name in names]
        self.remarks: list[Diagnostic] = [*_strangers(workbook, names)]
        """On sheets of which no table could be read."""

    def read(self, known: KnownKeys, on_sheet: Callable[[str], None]) -> Reading:
        """Read sheet by sheet in the order of references."""
        registry, drafts = Registry(known), []
        for sheet in self.sheets:
            on_sheet(sheet.name)
            draft = self._draft(sheet)
            if isinstance(draft, Diagnostic):
                self.remarks.append(draft)
                registry.refused.add(sheet.noun)
            elif draft is not None:
                drafts.append(draft)
                _check(draft, registry)
        order = {squeeze(name): place for place, name in enumerate(self.workbook.sheet_names)}
        return reading_of(drafts, self.remarks, order)

    def _draft(self, sheet: Sheet) -> Draft | Diagnostic | None:
        """Find and convert the table of a sheet; a remark why there is none, or nothing if the sheet is empty."""
        name, *others = self.names[sheet.name]
        if others:
            return self._refusal(sheet, "duplicate_sheet", sheet.name)
        survey = self.package.surveys.get(name)
        if survey and survey.rows > ROWS_MAX:
            return self._refusal(sheet, "too_many_rows", f"{ROWS_MAX:,}")
        if survey and _is_stray(area := survey.rows * survey.columns, survey.filled):
            return self._refusal(sheet, "too_many_cells", f"{area:,}")
        rows = self._cells(name)
        if not rows:
            return None
        grid = lay_out(sheet, rows)
        if grid is None:
            return self._refusal(sheet, "missing_header", str(HEADER_WITHIN))
        draft = draft_of(grid, self.package.epoch)
        action = self._leaving_out(sheet)
        draft.refusals += [missing_column(sheet, header, action) for header in grid.missing]
        draft.refusals += [
            Diagnostic("conflicting_columns", action, sheet.name, column=header) for header in grid.conflicting
        ]
        return draft

    def _cells(self, name: str) -> list[list[Cell]]:
        """All cells from A1 on; formulas without result and error values stand where the values alone show blanks."""
        sheet = self.workbook.get_sheet_by_name(name)
        rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]  # its values are cells too
        for (row, column), cell in self.package.calculated(name).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = cell
        return rows

    def _leaving_out(self, sheet: Sheet) -> Action:
        """A sheet that others in the file rest on takes the file down with it."""
        others = (column for other in self.sheets if other is not sheet for column in other.columns)
        return Action.REJECT_FILE if any(column.refers == sheet.noun for column in others) else Action.REJECT_SHEET

    def _refusal(self, sheet: Sheet, kind: str, detail: str) -> Diagnostic:
        return Diagnostic(kind, self._leaving_out(sheet), sheet.name, detail=Words(detail, detail))


def _is_stray(area: int, filled: int) -> bool:
    return area > CELLS_MAX or (area > SPARSE_FROM and area > SPARSE_MAX * filled)


def _check(draft: Draft, registry: Registry) -> None:
    skip_repeated_headings(draft)
    skip_totals(draft)
    mark_repeats(draft)
    check_rows(draft, registry)
    registry.add(draft)
