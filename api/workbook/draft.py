"""A sheet on its way to become rows: its values by field and what was found wrong, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from api.workbook.cells import Cell, cell_name, is_blank, raw_text, shortened, visible
from api.workbook.columns import Column, Day, Need, Sheet, Value
from api.workbook.convert import convert_column, shown
from api.workbook.diagnostics import Action, Diagnostic
from api.workbook.flaws import Flaw
from api.workbook.grid import Grid


@dataclass(slots=True)
class Draft:
    """Values and flaws of one sheet; rows are numbered from 0 as in the grid."""

    grid: Grid
    values: dict[str, list[Value]] = field(default_factory=dict)
    flaws: dict[int, dict[str, Flaw]] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    skipped: set[int] = field(default_factory=set)
    contested: dict[int, list[int]] = field(default_factory=dict)
    """Rows whose key other rows have too, saying something else; those others."""
    refusals: list[Diagnostic] = field(default_factory=list)
    """Why the whole sheet is left out; empty if it is not."""

    @property
    def sheet(self) -> Sheet:
        """Declaration of the sheet."""
        return self.grid.sheet

    def __len__(self) -> int:
        return len(self.grid.rows)

    def has(self, field_name: str) -> bool:
        """Whether the file has the column of a field."""
        return self.sheet.by_field[field_name].header in self.grid.places

    def flag(self, row: int, field_name: str, flaw: Flaw) -> None:
        """Remark on a cell. One remark per cell: the first, unless a later one takes the row out."""
        if row in self.skipped:
            return
        of_row = self.flaws.setdefault(row, {})
        if field_name not in of_row or (flaw.rejects and not of_row[field_name].rejects):
            of_row[field_name] = flaw
        if flaw.rejects:
            self.rejected.add(row)

    def skip(self, row: int, field_name: str, flaw: Flaw) -> None:
        """Leave a row out that is no data of its own; whatever else was said of it is void."""
        self.flaws[row] = {field_name: flaw}
        self.skipped.add(row)
        self.rejected.discard(row)

    def left_out(self) -> set[int]:
        """Rows that are not imported."""
        return self.rejected | self.skipped

    def accepted(self, field_name: str) -> list[Value]:
        """Values of a field in the rows that are imported."""
        gone = self.left_out()
        values = self.values[field_name]
        return [value for row, value in enumerate(values) if row not in gone] if gone else values

    def raw(self, row: int, column: Column) -> Cell:
        """The cell as the file holds it."""
        return self.grid.rows[row][self.grid.places[column.header]]

    def row_key(self, row: int) -> str:
        """Key cells of a row joined by `/`, brought into shape where they could be read."""
        return "/".join(self._key_part(row, self.sheet.by_field[name]) for name in self.sheet.key)

    def _key_part(self, row: int, column: Column) -> str:
        value = self.values[column.field][row]
        if value is not None:
            return shortened(shown(column, value))
        if column.header not in self.grid.places or is_blank(self.raw(row, column)):
            return "None"
        return shortened(raw_text(self.raw(row, column)))

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Everything there is to say, in no order."""
        yield from self.grid.remarks
        yield from self.refusals
        for row, of_row in self.flaws.items():
            for field_name, flaw in of_row.items():
                yield self._diagnostic(row, self.sheet.by_field[field_name], flaw)

    def _diagnostic(self, row: int, column: Column, flaw: Flaw) -> Diagnostic:
        line = self.grid.lines[row]
        raw = raw_text(self.raw(row, column), serial=isinstance(column.type, Day)) if flaw.raw is None else flaw.raw
        return Diagnostic(
            flaw.kind,
            flaw.action,
            self.sheet.name,
            row=line,
            cell=cell_name(line, self.grid.places[column.header] + 1),
            row_key=self.row_key(row),
            column=column.header,
            column_en=column.english,
            raw_value=shortened(raw),
            normalised_value=shortened(visible(flaw.text)),
            detail=flaw.detail,
        )


def draft_of(grid: Grid, epoch: date) -> Draft:
    """Convert every column of a table."""
    draft = Draft(grid)
    columns: list[tuple[Cell, ...]] = list(zip(*grid.rows, strict=True)) or [()] * len(grid.headings)
    for column in grid.sheet.columns:
        if column.header not in grid.places:
            draft.values[column.field] = [None] * len(draft)
            continue
        cells = columns[grid.places[column.header]]
        if column.need is Need.EXPECTED and not column.shadow and len(cells) > 1 and all(map(is_blank, cells)):
            draft.values[column.field] = [None] * len(draft)
            grid.remarks.append(_empty_column(grid, column))
            continue
        draft.values[column.field], flaws = convert_column(column, cells, epoch)
        if not column.shadow:
            _flag_all(draft, column.field, flaws)
    return draft


def _flag_all(draft: Draft, field_name: str, flaws: Iterable[tuple[int, Flaw]]) -> None:
    for row, flaw in flaws:
        draft.flag(row, field_name, flaw)


def _empty_column(grid: Grid, column: Column) -> Diagnostic:
    """One remark for a column nobody filled in, instead of one per row."""
    place = grid.places[column.header]
    remark = grid.remark("missing_optional", Action.WARN, grid.header_row, place)
    return replace(remark, column=column.header, column_en=column.english)
