"""A folder of facts: one file per fact table of the rulebook, typed by the rulebook's own `facts` section."""

from functools import cached_property
from pathlib import Path
from typing import Final

from api.facts.csv_text import read_csv
from api.facts.json_text import read_json
from api.facts.sentences import wrong
from api.facts.sheet import Cell, Sheet, source_of
from scoring.diagnostics import Diagnostic, FactsRefused, Place
from scoring.evaluate import Facts, load_facts
from scoring.plan import Plan
from scoring.rulebook import document as doc

SUFFIXES: Final = (".csv", ".json")
SHEETS: Final = (".xlsx", ".xls", ".ods", ".et", ".tsv", ".txt")
"""Files a clerk may take for facts; none of them is read."""
ROW_ID: Final = "id"


def read_folder(plan: Plan, folder: Path) -> Facts:
    """Read and type the facts of a folder; raises FactsRefused with everything wrong, by file, line and column.

    Each fact table stands in `<table>.csv` or `<table>.json`. A table without key column may leave out `id`: its rows
    are then named by their order in the file. What is wrong with one file does not keep the others from being checked.
    """
    declared = plan.document.facts
    found = _stray_files(declared, folder)
    tables: dict[str, _Table] = {}
    for facts in declared.values():
        sheet = _read(facts, folder, found)
        if sheet is not None:
            tables[facts.name] = _Table(facts, sheet)
    found += [each for table in tables.values() for each in table.header_findings()]
    reading = _Reading(tables)
    try:
        loaded = load_facts(plan, {name: table.sheet.rows for name, table in tables.items()}, reading.locate)
    except FactsRefused as refused:
        told = {each.place.file for each in found if each.code == "HEADER_MISSING"}
        raise FactsRefused([*found, *(one for one in refused.diagnostics if reading.is_news(one, told))]) from None
    if found:
        raise FactsRefused(found)
    return loaded


def _stray_files(declared: dict[str, doc.Facts], folder: Path) -> list[Diagnostic]:
    """Return the files that belong to no fact table."""
    known, found = ", ".join(declared), []
    for path in sorted(folder.iterdir()):
        place, suffix = Place(path.name, 1, 1), path.suffix.lower()
        if suffix in SHEETS:
            found.append(wrong("FILE_FORMAT", place, suffix=suffix, known=known))
        elif suffix in SUFFIXES and not (path.stem in declared and path.suffix in SUFFIXES):
            table = path.name if path.stem in declared else path.stem
            found.append(wrong("FILE_UNKNOWN", place, table=table, known=known))
    return found


def _read(facts: doc.Facts, folder: Path, found: list[Diagnostic]) -> Sheet | None:
    """Read the one file of a fact table; what is wrong with the file is added to `found`."""
    files = [path for suffix in SUFFIXES if (path := folder / f"{facts.name}{suffix}").is_file()]
    if len(files) != 1:
        code = "FILE_TWICE" if files else "FILE_MISSING"
        found.append(wrong(code, Place(f"{facts.name}.csv", 1, 1), table=facts.name))
        return None
    source = source_of(files[0], found)
    if source is None:
        return None
    begins = source.text.lstrip()[:1]
    if not begins:
        known = ", ".join(name for name, _ in facts.columns)
        found.append(wrong("FILE_EMPTY", source.place(0), known=known))
        return None
    if files[0].suffix == ".json":
        sheet = read_json(source)
    elif begins in "[{":
        found.append(wrong("FILE_IS_JSON", source.place(source.text.index(begins)), table=facts.name))
        return None
    else:
        sheet = read_csv(source, frozenset(name for name, kind in facts.columns if kind.kind == "bool"))
    found.extend(sheet.found)
    if facts.key is None:
        _name_rows(sheet)
    return sheet


def _name_rows(sheet: Sheet) -> None:
    """Name rows by their order where the file names none, in words that sort like the numbers."""
    if any(ROW_ID in row for row in sheet.rows):
        return
    width = len(str(len(sheet.rows)))
    for number, row in enumerate(sheet.rows, 1):
        row[ROW_ID] = f"{number:0{width}d}"


class _Table:
    """A fact table of the rulebook and the file that holds it."""

    def __init__(self, facts: doc.Facts, sheet: Sheet) -> None:
        self.facts, self.sheet = facts, sheet
        self.types = dict(facts.columns)

    @cached_property
    def rows(self) -> dict[Cell, int]:
        """Return where each row id first stands."""
        key, rows = self.facts.key or ROW_ID, dict[Cell, int]()
        for number, cells in enumerate(self.sheet.rows):
            rows.setdefault(cells.get(key), number)
        return rows

    def header_findings(self) -> list[Diagnostic]:
        """Return the columns the rulebook does not know, each once, and those a CSV header lacks."""
        sheet, facts = self.sheet, self.facts
        allowed = {*self.types, *([] if facts.key else [ROW_ID])}
        words = {"table": facts.name, "known": ", ".join([*([] if facts.key else [ROW_ID]), *self.types])}
        seen = dict(sheet.header)
        for offsets in sheet.offsets if not sheet.header else ():
            seen = {**offsets, **seen}
        found = [
            wrong("HEADER_UNKNOWN", sheet.source.place(offset), column=name, **words)
            for name, offset in seen.items()
            if name not in allowed
        ]
        if sheet.source.file.endswith(".csv"):
            missing = [name for name, kind in self.types.items() if name not in sheet.header and not kind.absent]
            place = sheet.source.place(0)
            found += [wrong("HEADER_MISSING", place, column=name, known=words["known"]) for name in missing]
        return found


class _Reading:
    """Tells where values stand, and which findings about values say something new."""

    def __init__(self, tables: dict[str, _Table]) -> None:
        self.tables = tables
        self._asked: dict[Place, tuple[str, int, str]] = {}

    def locate(self, table: str, row: int | str, column: str | None) -> Place:
        """Return the place of a cell of a row given by number from 1, or by id."""
        if table not in self.tables:
            return Place(f"{table}.csv", 1, 1)
        held = self.tables[table]
        number = row - 1 if isinstance(row, int) else held.rows.get(row, 0)
        place = held.sheet.place(number, column)
        if column is not None and column in held.types and held.types[column].table is not None:
            self._asked[place] = (table, number, column)
        return place

    def is_news(self, one: Diagnostic, headers: set[str]) -> bool:
        """Tell whether a finding follows from no other: a file not read, a column not there, a row that is wrong."""
        if one.code == "FACT_TABLE_MISSING":
            return False
        if one.code == "FACT_COLUMN_MISSING":
            return one.place.file not in headers
        return one.code != "FACT_REFERENCE_UNKNOWN" or not self._may_be_known(one.place)

    def _may_be_known(self, place: Place) -> bool:
        """Tell whether the row referred to is in its file, however wrong, or that file could not be read to its end."""
        table, number, column = self._asked[place]
        target = self.tables[table].types[column].table
        if target not in self.tables:
            return True
        held = self.tables[target]
        return bool(held.sheet.found) or self.tables[table].sheet.rows[number].get(column) in held.rows
