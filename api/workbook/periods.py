"""Labels of half-years and quarters: `2026H1` in workbooks, `2026-H1` in the interface; both are read everywhere."""

import re
from typing import Literal

from api.workbook.columns import FIRST_DAY, LAST_DAY

LABEL = re.compile(r"(\d{4})\s*-?\s*([HQ])\s*([1-4])", re.IGNORECASE)
PARTS = {"H": 2, "Q": 4}


def label_of(text: str, unit: Literal["H", "Q"]) -> str | None:
    """Return the label in the form of the interface; None if the text is no half-year (`H`) or quarter (`Q`).

    >>> label_of("2026H1", "H"), label_of("2025-q4", "Q"), label_of("2026H3", "H"), label_of("2026Q1", "H")
    ('2026-H1', '2025-Q4', None, None)
    """
    match = LABEL.fullmatch(text)
    if match is None or match[2].upper() != unit or int(match[3]) > PARTS[unit]:
        return None
    if not FIRST_DAY.year <= int(match[1]) <= LAST_DAY.year:
        return None
    return f"{match[1]}-{unit}{match[3]}"


def in_workbook(label: str) -> str:
    """Write a label of the interface as workbooks do.

    >>> in_workbook("2026-H1")
    '2026H1'
    """
    return label.replace("-", "")
