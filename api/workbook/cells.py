"""Raw cells as the file holds them: what may stand in one, how blanks are trimmed, how it is shown in a report."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from unicodedata import normalize

BLANKS = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200E)))
    + "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""White space of every kind and characters without width: invisible at the ends of a cell."""

DIGITS_MAX = 15
"""A spreadsheet keeps 15 significant digits of a number; what comes after them is noise or lost."""


SHOWN_MAX = 300
"""Characters of a cell that a report shows."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula whose result the file does not hold."""

    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """An error value such as `#N/A`."""

    text: str


Cell = str | float | int | bool | date | datetime | time | timedelta | Formula | Fault
"""Cell of a sheet; the empty cell is the empty string."""


def trim(text: str) -> str:
    """Take away what cannot be seen at both ends.

    >>> trim(" JC0102 \\u3000\\xa0")
    'JC0102'
    """
    return text.strip(BLANKS)


def plain(text: str) -> str:
    """Trim, and turn full-width and other compatibility characters into plain ones (NFKC).

    >>> plain("ＹＴ０２９９ ")
    'YT0299'
    """
    return normalize("NFKC", text).strip(BLANKS)


def squeeze(text: str) -> str:
    """Plain text without any white space inside, as headings, sheet names and choices are compared.

    >>> squeeze("总建筑\\n面积（ 平方米 ）")
    '总建筑面积(平方米)'
    """
    return normalize("NFKC", re.sub(f"[{BLANKS}]+", "", normalize("NFKC", text)))


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell shows nothing."""
    return isinstance(cell, str) and not trim(cell)


def visible(text: str) -> str:
    """Write invisible characters as escapes; an ordinary space stays.

    >>> visible("\\xa0YT0204\\n")
    '\\\\xa0YT0204\\\\n'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def shortened(text: str) -> str:
    """Cut what a report shows of a very long cell.

    >>> len(shortened("字" * 32_767))
    301
    """
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


def number_text(number: Decimal) -> str:
    """Write a number without exponent and without zeros at the end.

    >>> number_text(Decimal("1E+2")), number_text(Decimal("19825.250"))
    ('100', '19825.25')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_of(number: float) -> Decimal:
    """The decimal that a spreadsheet shows for a number it keeps in binary: at most 15 significant digits.

    >>> decimal_of(0.1 + 0.2), decimal_of(1015171.09)
    (Decimal('0.3'), Decimal('1015171.09'))
    """
    exact = Decimal(repr(number))
    return exact if len(exact.as_tuple().digits) <= DIGITS_MAX else Decimal(f"{number:.{DIGITS_MAX}g}")


def raw_text(cell: Cell, *, serial: bool = False) -> str:
    """Show a cell as the file holds it; `serial`: a number in a column of days keeps its decimal point.

    >>> raw_text(25.0), raw_text(45879.0, serial=True), raw_text(Formula("D3*0.9")), raw_text("a\\u3000")
    ('25', '45879.0', '=D3*0.9', 'a\\\\u3000')
    """
    match cell:
        case str():
            return visible(cell)
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() | int():
            return repr(cell) if serial else number_text(decimal_of(cell))
        case Formula():
            return visible(f"={cell.text}")
        case Fault():
            return cell.text
        case _:
            return str(cell)


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does; both numbers count from 1.

    >>> cell_name(2055, 3), cell_name(1, 27)
    ('C2055', 'AA1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
