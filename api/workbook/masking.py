"""Personal values in remarks that leave the machine: names as 张*, numbers as 138****1234."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from api.workbook.catalogue import LAYOUT
from api.workbook.diagnostics import Diagnostic
from api.workbook.reading import Reading
from api.workbook.sheets import SHEETS

PERSONAL: Mapping[tuple[str, str], str] = {
    (sheet.name, column.header): column.personal for sheet in SHEETS for column in sheet.shown if column.personal
}
"""(Sheet, heading) → what kind of personal value stands there."""

HEAD, TAIL, WHOLE = 3, 4, 11
"""Digits that stay at both ends of a number, and how many it must have for that."""


def mask_name(text: str) -> str:
    """Keep the first letter of a name.

    >>> mask_name("张三丰"), mask_name("=陈琳雪"), mask_name("12")
    ('张*', '陈*', '*')
    """
    return f"{next((each for each in text if each.isalpha()), '')}*" if text else ""


def mask_phone(text: str) -> str:
    """Keep the first three and the last four digits of a whole number, nothing of anything else.

    >>> mask_phone("13800001234"), mask_phone("0731-55505719"), mask_phone("199000")
    ('138****1234', '073*-****5719', '******')
    """
    digits = sum(each.isdigit() for each in text)
    masked, seen = "", 0
    for each in text:
        seen += each.isdigit()
        shown = each == "-" or (each.isdigit() and digits >= WHOLE and (seen <= HEAD or seen > digits - TAIL))
        masked += each if shown else "*"
    return masked


def masked(remark: Diagnostic) -> Diagnostic:
    """The remark without personal values, in its sentences too; other remarks as they are."""
    kind = PERSONAL.get((remark.sheet, remark.column))
    if kind is None or remark.kind in LAYOUT:
        return remark
    mask = mask_name if kind == "name" else mask_phone
    return replace(remark, raw_value=mask(remark.raw_value), normalised_value=mask(remark.normalised_value))


def masked_report(reading: Reading) -> dict[str, Any]:
    """The report of a reading for readers who may not see personal values."""
    return {
        "counts": {sheet: asdict(counts) for sheet, counts in reading.counts.items()},
        "diagnostics": [masked(remark).as_dict() for remark in reading.diagnostics],
    }
