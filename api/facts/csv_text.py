"""CSV as spreadsheets write it: a header, then one row per line; cells may stand in double quotes, quotes doubled."""

import re
from collections.abc import Iterator
from typing import Final

from api.facts.sentences import wrong
from api.facts.sheet import Cell, Sheet, Source

_CELL: Final = re.compile(r'(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|\n|\r|\Z)')


class _Stray(Exception):  # noqa: N818  (turned into a finding by the reader)
    """A quote where none may stand; `offset` tells where."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(offset)


def _records(text: str) -> Iterator[list[tuple[str, int]]]:
    """Yield each record as cells with their offsets; lines without any character are passed over."""
    at, cells = 0, list[tuple[str, int]]()
    while at < len(text) or cells:
        found = _CELL.match(text, at)
        if found is None:
            raise _Stray(at)
        quoted, plain, end = found.groups()
        cells.append((plain if quoted is None else quoted.replace('""', '"'), at))
        at = found.end()
        if end == ",":
            continue
        if len(cells) > 1 or cells[0][0] or quoted is not None:
            yield cells
        cells = []


def read_csv(source: Source, truths: frozenset[str] = frozenset()) -> Sheet:
    """Read a CSV file; `truths` names the columns whose `true` and `false` are meant as such.

    Everything wrong with the file is in `found` of the sheet; rows of another width than the header are left out.

    >>> sheet = read_csv(Source("a.csv", "id,done\\n1,true\\n"), frozenset({"done"}))
    >>> sheet.rows, str(sheet.place(0, "done"))
    ([{'id': '1', 'done': True}], 'a.csv:2:3')
    """
    sheet = Sheet(source)
    records = _records(source.text)
    try:
        for name, offset in next(records, []):
            if name in sheet.header:
                sheet.found.append(wrong("HEADER_TWICE", source.place(offset), column=name))
            sheet.header[name] = offset
        names = list(sheet.header)
        for cells in records:
            start = cells[0][1]
            if len(cells) != len(names):
                sheet.found.append(wrong("ROW_WIDTH", source.place(start), have=len(cells), want=len(names)))
                continue
            pairs = zip(names, cells, strict=True)
            sheet.add(start, {name: (_cell(text, name in truths), at) for name, (text, at) in pairs})
    except _Stray as stray:
        words = {"why_zh": "引号不成对", "why_en": "a double quote stands alone"}
        sheet.found.append(wrong("FILE_SYNTAX", source.place(stray.offset), **words))
    return sheet


def _cell(text: str, truth: bool) -> Cell:
    """Return a cell; what is neither `true` nor `false` stays text, for the type check to tell."""
    return {"true": True, "false": False}.get(text, text) if truth else text
