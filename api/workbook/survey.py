"""An exact look at the XML of one sheet: how far it reaches, which cells have no result, which hold an error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from api.workbook.cells import Fault, Formula


@dataclass(frozen=True, slots=True)
class Survey:
    """Rows and columns up to the last cell with content, and the cells whose value is not a plain result."""

    rows: int
    columns: int
    filled: int
    """Cells with content."""
    calculated: Mapping[tuple[int, int], Formula | Fault]
    """By (row, column), both from 0."""


@dataclass(slots=True)
class _Cell:
    """The cell being read."""

    row: int
    column: int
    type: str
    formula: list[str] | None = None
    shared: str = ""
    value: list[str] = field(default_factory=list)


class _Surveyor:
    """Follows the tags of a sheet; cells without reference stand right of the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.rows = self.columns = self.filled = 0
        self.cell: _Cell | None = None
        self.text: list[str] | None = None
        self.shared: dict[str, str] = {}
        self.calculated: dict[tuple[int, int], Formula | Fault] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif name == "c":
            self._start_cell(attributes)
        elif self.cell is None:
            return
        elif name == "f":
            self.cell.formula, self.cell.shared = [], attributes.get("si", "")
            self.text = self.cell.formula
        elif name in ("v", "t"):
            self.text = self.cell.value

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            self.row, self.column = position(reference)
        else:
            self.column += 1
        self.cell = _Cell(self.row, self.column, attributes.get("t", "n"))

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("f", "v", "t"):
            self.text = None
        elif name == "c" and self.cell is not None:
            self._close(self.cell)
            self.cell = None

    def _close(self, cell: _Cell) -> None:
        value = "".join(cell.value)
        if not value and cell.formula is None:
            return
        self.filled += 1
        self.rows, self.columns = max(self.rows, cell.row + 1), max(self.columns, cell.column + 1)
        if cell.formula is not None:
            text = "".join(cell.formula)
            if cell.shared and text:
                self.shared[cell.shared] = text
            if not value and cell.type != "str":
                self.calculated[cell.row, cell.column] = Formula(text or self.shared.get(cell.shared, ""))
        if cell.type == "e" and value:
            self.calculated[cell.row, cell.column] = Fault(value)


def position(reference: str) -> tuple[int, int]:
    """Row and column, both from 0, of a reference such as `C2055`; raises ValueError for anything else.

    >>> position("C2055"), position("aa1")
    ((2054, 2), (0, 26))
    """
    letters = reference.rstrip("0123456789")
    column = 0
    if not letters:
        raise ValueError(f"no cell reference: {reference!r}")
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"no cell reference: {reference!r}")
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


def survey(xml: bytes) -> Survey:
    """Go through the XML of a sheet; raises ValueError where it is not well formed.

    A formula whose stored result is an empty text (`t="str"`) has a result: nothing.
    """
    surveyor, parser = _Surveyor(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = surveyor.start
    parser.EndElementHandler = surveyor.end
    parser.CharacterDataHandler = surveyor.characters
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return Survey(surveyor.rows, surveyor.columns, surveyor.filled, surveyor.calculated)
