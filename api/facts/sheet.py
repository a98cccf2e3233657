"""Rows read from one file, each cell with its place, and what was wrong with the file itself."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from api.facts.sentences import wrong
from scoring.diagnostics import Diagnostic, Place

Cell: TypeAlias = str | int | Decimal | bool | None


@dataclass
class Source:
    """The text of a file; `file` is its name as shown, `text` without a byte order mark."""

    file: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        """Return where each line starts."""
        starts, at = [0], 0
        for line in self.text.splitlines(keepends=True):
            at += len(line)
            starts.append(at)
        return starts

    def place(self, offset: int) -> Place:
        """Return line and column of a character, both counted from 1.

        >>> str(Source("a.csv", "id,points\\n1,x\\n").place(12))
        'a.csv:2:3'
        """
        line = bisect_right(self._starts, min(offset, len(self.text)))
        line = line if offset < len(self.text) or len(self._starts) == 1 else min(line, len(self._starts))
        return Place(self.file, line, offset - self._starts[line - 1] + 1)


@dataclass
class Sheet:
    """The rows of one file.

    `header` maps the columns every row has to where each is named (empty for JSON, whose rows name their own). `starts`
    holds where each row begins, `offsets` where each of its cells does.
    """

    source: Source
    header: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    offsets: list[Mapping[str, int]] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, start: int, cells: Mapping[str, tuple[Cell, int]]) -> None:
        """Add a row: its cells, each with its offset."""
        self.rows.append({name: value for name, (value, _) in cells.items()})
        self.starts.append(start)
        self.offsets.append({name: offset for name, (_, offset) in cells.items()})

    def place(self, row: int, column: str | None) -> Place:
        """Return where a cell stands: row by index from 0; the row's start where it has no such cell."""
        if row >= len(self.rows):
            return self.source.place(0)
        return self.source.place(self.offsets[row].get(column or "", self.starts[row]))


def source_of(path: Path, found: list[Diagnostic]) -> Source | None:
    """Read a file as UTF-8, with or without byte order mark; another encoding is added to `found` with its place."""
    content = path.read_bytes()
    try:
        return Source(path.name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = error.object[: error.start].rsplit(b"\n", 1)[-1]
        line = error.object[: error.start].count(b"\n") + 1
        place = Place(path.name, line, len(before.decode("utf-8")) + 1)
        zh, en = _seeming(content)
        found.append(wrong("FILE_ENCODING", place, seems_zh=zh, seems_en=en))
        return None


def _seeming(content: bytes) -> tuple[str, str]:
    """Return what the encoding may be, as an addition to a sentence."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "(似为 UTF-16)", "; it seems to be UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "", ""
    return "(似为 GB18030 或 GBK)", "; it seems to be GB18030 or GBK"
