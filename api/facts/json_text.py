"""JSON facts: a list of flat objects, numbers kept as they are written (never as binary fractions)."""

import json
import re
from decimal import Decimal
from typing import Final

from api.facts.sentences import wrong
from api.facts.sheet import Cell, Sheet, Source

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r'(?P<text>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>true|false|null)|(?P<mark>[\[\]{}:,])"
)
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
NUMBER_LENGTH_MAX: Final = 40


class _Unreadable(Exception):  # noqa: N818  (turned into a finding by the reader)
    """Not what JSON facts look like; `offset` tells where, the words say why."""

    def __init__(self, offset: int, zh: str, en: str) -> None:
        self.offset, self.zh, self.en = offset, zh, en
        super().__init__(en)


class _Reader:
    """Walks through the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._skip()

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, mark: str) -> bool:
        """Take a mark if it stands here."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        self._skip()
        return True

    def must(self, mark: str) -> None:
        """Take a mark that has to stand here."""
        if not self.take(mark):
            raise _Unreadable(self.at, f"此处应为「{mark}」", f"`{mark}` is expected here")

    def cell(self) -> Cell:
        """Take text, a number, true, false or null."""
        start, found = self.at, _TOKEN.match(self.text, self.at)
        if found is None or found.lastgroup == "mark":
            raise _Unreadable(
                start, "此处应为文字、数字、true、false 或 null", "text, number, true, false or null is expected"
            )
        self.at = found.end()
        self._skip()
        token = found[0]
        if found.lastgroup == "word":
            return _WORDS[token]
        if found.lastgroup == "text":
            return str(json.loads(token))
        if len(token) > NUMBER_LENGTH_MAX:
            raise _Unreadable(start, "数字过长", "the number is too long")
        return int(token) if token.lstrip("-").isdecimal() else Decimal(token)


def read_json(source: Source) -> Sheet:
    """Read a JSON file; what is wrong with it is in `found` of the sheet.

    >>> sheet = read_json(Source("a.json", '[{"id": "1", "points": 2.50}]'))
    >>> sheet.rows, str(sheet.place(0, "points"))
    ([{'id': '1', 'points': Decimal('2.50')}], 'a.json:1:24')
    """
    sheet, reader = Sheet(source), _Reader(source.text)
    try:
        reader.must("[")
        while not reader.take("]"):
            _row(sheet, reader)
            if not reader.take(","):
                reader.must("]")
                break
        if reader.at < len(source.text):
            raise _Unreadable(reader.at, "列表之后还有内容", "something follows the list")
    except _Unreadable as why:
        sheet.found.append(wrong("FILE_SYNTAX", source.place(why.offset), why_zh=why.zh, why_en=why.en))
    return sheet


def _row(sheet: Sheet, reader: _Reader) -> None:
    """Read one object."""
    start, cells = reader.at, dict[str, tuple[Cell, int]]()
    reader.must("{")
    while not reader.take("}"):
        at, name = reader.at, reader.cell()
        if not isinstance(name, str):
            raise _Unreadable(at, "列名应为文字", "a column's name is text")
        if name in cells:
            sheet.found.append(wrong("HEADER_TWICE", sheet.source.place(at), column=name))
        reader.must(":")
        at = reader.at
        cells[name] = (reader.cell(), at)
        if not reader.take(","):
            reader.must("}")
            break
    sheet.add(start, cells)
