"""Days in the forms in which they are written: figures in any separator, Chinese figures, serial numbers.

Only forms with one reading are taken: the year comes first and has four digits. `3/4/2026` or `26-3-4` are refused.
"""

import re
from datetime import date, timedelta
from typing import Literal

from api.workbook.columns import FIRST_DAY, LAST_DAY

TIME = r"(?:(?:[T\s]+|(?<=[日号]))(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?"
SEPARATED = re.compile(rf"(\d{{4}})\s*[-/.年‐‑‒–—−]\s*(\d{{1,2}})\s*[-/.月‐‑‒–—−]\s*(\d{{1,2}})\s*[日号]?{TIME}")
COMPACT = re.compile(rf"(\d{{4}})(\d\d)(\d\d){TIME}")
CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
FIGURES = {figure: value for value, figure in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""Day 0 of the two date systems; the first is right from March 1900 on."""

Trouble = Literal["not_a_date", "impossible_date", "date_out_of_range"]


def _up_to_99(figures: str) -> int:
    """Read 三, 十二, 二十 or 三十一; 0 for anything else.

    >>> [_up_to_99(each) for each in ("三", "十二", "二十", "三十一", "三三")]
    [3, 12, 20, 31, 0]
    """
    tens, ten, ones = figures.rpartition("十")
    if not ten:
        return FIGURES[figures] if len(figures) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return 10 * (FIGURES[tens] if tens else 1) + (FIGURES[ones] if ones else 0)


def _parts(text: str) -> tuple[int, int, int] | None:
    if match := SEPARATED.fullmatch(text) or COMPACT.fullmatch(text):
        year, month, day = map(int, match.groups())
        return year, month, day
    if match := CHINESE.fullmatch(text):
        year = int("".join(str(FIGURES[figure]) for figure in match[1]))
        return year, _up_to_99(match[2]), _up_to_99(match[3])
    return None


def within_span(day: date) -> date | Trouble:
    """Return the day, or that no record of a district can be of that day."""
    return day if FIRST_DAY <= day <= LAST_DAY else "date_out_of_range"


def day_of_text(text: str, epoch: date = EPOCH_1900) -> date | Trouble:
    """Read a day written as text, already plain (NFKC) and trimmed; a time of day behind it is dropped.

    >>> [str(day_of_text(each)) for each in ("2026年3月25日", "2026-04-03 00:00:00", "2026.06.06", "20251117", "45879")]
    ['2026-03-25', '2026-04-03', '2026-06-06', '2025-11-17', '2025-08-10']
    >>> day_of_text("2026-06-31"), day_of_text("3/4/2026")
    ('impossible_date', 'not_a_date')
    """
    if SERIAL.fullmatch(text):
        return day_of_serial(float(text), epoch)
    parts = _parts(text)
    if parts is None:
        return "not_a_date"
    try:
        return within_span(date(*parts))
    except ValueError:
        return "impossible_date"


def day_of_serial(number: float, epoch: date = EPOCH_1900) -> date | Trouble:
    """Read a day that stands in its cell as a bare number: days since the epoch, or the eight digits of a date.

    >>> str(day_of_serial(45879.0)), str(day_of_serial(20260331.0)), day_of_serial(12.0)
    ('2025-08-10', '2026-03-31', 'not_a_date')
    """
    if 10_000_000 <= number < 100_000_000 and number == int(number):
        return day_of_text(str(int(number)))
    if not (FIRST_DAY - epoch).days <= number < (LAST_DAY - epoch).days + 1:
        return "not_a_date"
    return epoch + timedelta(days=int(number))
