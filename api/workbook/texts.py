"""Text cells: words for people are trimmed, codes made plain as well, telephone numbers and credit codes examined."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from unicodedata import is_normalized

from api.workbook.cells import Cell, decimal_of, number_text, plain, trim
from api.workbook.columns import Text, Value
from api.workbook.credit_code import fault
from api.workbook.flaws import Flaw, accept, reject, warn

EXACT_BELOW = 10**15
"""From here on a spreadsheet no longer keeps every digit of a number."""

PHONE = re.compile(r"(?:\+?86-?)?1\d{10}|(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
PHONES_APART = re.compile(r"[、,;/\s]+")
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_phone(text: str) -> bool:
    """Tell whether text is one or more telephone numbers of the mainland.

    >>> [is_phone(each) for each in ("19900001650", "0731-55505719", "199000", "19900001650、55505719")]
    [True, True, False, True]
    """
    return all(PHONE.fullmatch(number) for number in PHONES_APART.split(text))


def shaping(cell: str, shown: str) -> str | None:
    """Name what had to be done to a cell before it read `shown`; None if nothing."""
    if cell == shown:
        return None
    return "stray_spaces" if is_normalized("NFKC", trim(cell)) else "full_width_digits"


def _written(cell: Cell, kind: Text) -> str | Flaw:
    """The text of a cell, whatever its type: a code typed as a number is the number without its decimal point."""
    match cell:
        case str():
            return plain(cell) if kind.code else trim(cell)
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() | int():
            return number_text(decimal_of(cell)) if abs(cell) < EXACT_BELOW else reject("digits_lost")
        case datetime() if (cell.hour, cell.minute, cell.second) == (0, 0, 0):
            return cell.date().isoformat()
        case _:
            return str(cell)


def _refusal(text: str, kind: Text) -> Flaw | None:
    if len(text) > kind.length_max:
        return reject("text_too_long", str(kind.length_max))
    if UNPRINTED.search(text):
        return reject("control_character")
    problem = fault(text) if kind.credit else None
    return reject(problem) if problem else None


def text_converter(kind: Text) -> Callable[[Cell], Value | Flaw]:
    """Make the converter of a text column."""

    def convert(cell: Cell) -> Value | Flaw:
        written = _written(cell, kind)
        if isinstance(written, Flaw):
            return written
        text = written.upper() if kind.upper else written
        if refusal := _refusal(text, kind):
            return refusal
        if text.startswith("="):
            return warn("leading_equals", text, text)
        if kind.phone and not is_phone(text):
            return warn("bad_phone", text, text)
        if text != written:
            return accept("lower_case_code", text, text)
        shaped = shaping(cell, text) if isinstance(cell, str) else None
        return accept(shaped, text, text) if shaped else text

    return convert


def is_tidy(kind: Text, cells: Sequence[Cell]) -> bool:
    """Tell whether every cell of a column is text that the converter would return unchanged, empty cells aside.

    Looks at the column as a whole, so that the usual column costs a few passes in C and no call per cell.
    """
    if kind.credit or kind.phone or kind.upper or set(map(type, cells)) != {str}:
        return False
    texts: Sequence[str] = cells  # type: ignore[assignment]  # just looked at
    joined = " ".join(texts)
    return (
        joined.isprintable()
        and " =" not in joined
        and not joined.startswith("=")
        and list(map(str.strip, texts)) == list(texts)
        and max(map(len, texts)) <= kind.length_max
        and (not kind.code or is_normalized("NFKC", joined))
    )
