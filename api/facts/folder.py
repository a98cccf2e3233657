"""A folder of facts: one file per fact table of the rulebook, typed by the rulebook's own `facts` section."""

from pathlib import Path
from typing import Final

from api.facts.csv_text import read_csv
from api.facts.json_text import read_json
from api.facts.sentences import wrong
from api.facts.sheet import Sheet, Source, source_of
from scoring.diagnostics import Diagnostic, FactsRefused, Place
from scoring.evaluate import Facts, load_facts
from scoring.plan import Plan
from scoring.rulebook import document as doc

SUFFIXES: Final = (".csv", ".json")
ROW_ID: Final = "id"


def read_folder(plan: Plan, folder: Path) -> Facts:
    """Read and type the facts of a folder; raises FactsRefused with everything wrong, by file, line and column.

    Each fact table stands in `<table>.csv` or `<table>.json`. A table without key column may leave out `id`: its rows
    are then named by their order in the file.
    """
    declared = plan.document.facts
    found = _stray_files(declared, folder)
    sheets: dict[str, Sheet] = {}
    for facts in declared.values():
        sheet = _read(facts, folder, found)
        if sheet is not None:
            sheets[facts.name] = sheet
    if found:
        raise FactsRefused(found)
    told = {name: _header_findings(declared[name], sheet) for name, sheet in sheets.items()}
    header = [each for many in told.values() for each in many]
    raw = {name: sheet.rows for name, sheet in sheets.items()}

    def locate(table: str, row: int | str, column: str | None) -> Place:
        return _located(declared[table], sheets[table], row, column)

    try:
        loaded = load_facts(plan, raw, locate)
    except FactsRefused as refused:
        files = {each.place.file for each in header}
        typed = [one for one in refused.diagnostics if one.code != "FACT_COLUMN_MISSING" or one.place.file not in files]
        raise FactsRefused([*header, *typed]) from None
    if header:
        raise FactsRefused(header)
    return loaded


def _stray_files(declared: dict[str, doc.Facts], folder: Path) -> list[Diagnostic]:
    """Return the files that belong to no fact table."""
    known = ", ".join(declared)
    return [
        wrong("FILE_UNKNOWN", Place(path.name, 1, 1), table=path.stem, known=known)
        for path in sorted(folder.iterdir())
        if path.suffix in SUFFIXES and path.stem not in declared
    ]


def _read(facts: doc.Facts, folder: Path, found: list[Diagnostic]) -> Sheet | None:
    """Read the one file of a fact table; what is wrong with the file is added to `found`."""
    files = [path for suffix in SUFFIXES if (path := folder / f"{facts.name}{suffix}").is_file()]
    if len(files) != 1:
        code = "FILE_TWICE" if files else "FILE_MISSING"
        found.append(wrong(code, Place(f"{facts.name}.csv", 1, 1), table=facts.name))
        return None
    source = _source(files[0], found)
    if source is None:
        return None
    if files[0].suffix == ".json":
        sheet = read_json(source)
    else:
        sheet = read_csv(source, frozenset(name for name, kind in facts.columns if kind.kind == "bool"))
    found.extend(sheet.found)
    if facts.key is None:
        _name_rows(sheet)
    return sheet


def _source(path: Path, found: list[Diagnostic]) -> Source | None:
    try:
        return source_of(path)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found.append(wrong("FILE_ENCODING", Place(path.name, line, 1)))
        return None


def _name_rows(sheet: Sheet) -> None:
    """Name rows by their order where the file names none, in words that sort like the numbers."""
    if any(ROW_ID in row for row in sheet.rows):
        return
    width = len(str(len(sheet.rows)))
    for number, row in enumerate(sheet.rows, 1):
        row[ROW_ID] = f"{number:0{width}d}"


def _header_findings(facts: doc.Facts, sheet: Sheet) -> list[Diagnostic]:
    """Return the columns the rulebook does not know, each once, and those a CSV header lacks."""
    names = [name for name, _ in facts.columns]
    allowed = {*names, *([] if facts.key else [ROW_ID])}
    words = {"table": facts.name, "known": ", ".join(names)}
    seen = dict(sheet.header)
    for offsets in sheet.offsets if not sheet.header else ():
        seen = {**offsets, **seen}
    found = [
        wrong("HEADER_UNKNOWN", sheet.source.place(offset), column=name, **words)
        for name, offset in seen.items()
        if name not in allowed
    ]
    if sheet.source.file.endswith(".csv"):
        missing = [name for name, kind in facts.columns if name not in sheet.header and not kind.absent]
        found += [wrong("HEADER_MISSING", sheet.source.place(0), column=name, known=words["known"]) for name in missing]
    return found


def _located(facts: doc.Facts, sheet: Sheet, row: int | str, column: str | None) -> Place:
    """Return the place of a cell of a row given by number from 1, or by id."""
    if isinstance(row, int):
        return sheet.place(row - 1, column)
    key = facts.key or ROW_ID
    number = next((at for at, cells in enumerate(sheet.rows) if cells.get(key) == row), 0)
    return sheet.place(number, column)
