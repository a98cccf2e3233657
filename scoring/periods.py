"""Calendar periods (day, month, quarter, half-year, year) and the date arithmetic rules speak of."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Final

from scoring.incomputable import Incomputable

UNITS: Final = ("day", "month", "quarter", "half", "year")
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_WORKDAYS_MOST: Final = 3_652_059
"""The days of the calendar: more working days than these lead out of it."""
_MARKS: Final = {"M": "month", "Q": "quarter", "H": "half"}
_LABEL: Final = re.compile(r"(\d{4})(?:-?([MQH])(\d{1,2}))?")
_MONTH_LABEL: Final = re.compile(r"(\d{4})-(\d{2})")
_DAY_LABEL: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, order=True)
class Period:
    """One calendar period; `index` counts from 1 inside the year (for a day: the day of the year)."""

    year: int
    unit: str
    index: int = 1

    def __post_init__(self) -> None:
        """Refuse a period no calendar has."""
        most = (date(self.year, 12, 31) - date(self.year, 1, 1)).days + 1
        if self.unit != "day":
            most = 12 // _MONTHS[self.unit]
        if not 1 <= self.index <= most:
            raise ValueError(f"there is no {self.unit} number {self.index} in {self.year}")

    @classmethod
    def parse(cls, text: "str | Period") -> "Period":
        """Read a label: `2026H1`, `2026-H1`, `2025Q3`, `2025-Q3`, `2025-07`, `2025M07`, `2026`, `2026-07-10`.

        >>> Period.parse("2026H1") == Period.parse("2026-H1") == Period(2026, "half", 1)
        True
        >>> Period.parse("2025-Q3").last
        datetime.date(2025, 9, 30)
        """
        if isinstance(text, Period):
            return text
        if found := _DAY_LABEL.fullmatch(text):
            return cls.of(date(int(found[1]), int(found[2]), int(found[3])), "day")
        if found := _MONTH_LABEL.fullmatch(text):
            return cls(int(found[1]), "month", int(found[2]))
        if found := _LABEL.fullmatch(text):
            return cls(int(found[1]), _MARKS[found[2]], int(found[3])) if found[2] else cls(int(found[1]), "year")
        raise ValueError(f"{text!r} is no period; write for example 2026H1, 2025Q3, 2026-07 or 2026")

    @classmethod
    def of(cls, day: date, unit: str) -> "Period":
        """Return the period of `unit` that holds `day`.

        >>> Period.of(date(2026, 6, 30), "half").label
        '2026H1'
        """
        return _holding(day, unit)

    @property
    def label(self) -> str:
        """Return the short label, as workbooks and the command line write it.

        >>> Period(2025, "month", 7).label, Period(2026, "year").label
        ('2025-07', '2026')
        """
        if self.unit == "year":
            return f"{self.year:04d}"
        if self.unit == "day":
            return self.first.isoformat()
        if self.unit == "month":
            return f"{self.year:04d}-{self.index:02d}"
        return f"{self.year:04d}{'Q' if self.unit == 'quarter' else 'H'}{self.index}"

    @cached_property
    def first(self) -> date:
        """Return the first day."""
        if self.unit == "day":
            return date(self.year, 1, 1) + timedelta(days=self.index - 1)
        return date(self.year, (self.index - 1) * _MONTHS[self.unit] + 1, 1)

    @cached_property
    def last(self) -> date:
        """Return the last day, itself part of the period."""
        if self.unit == "day":
            return self.first
        month = self.index * _MONTHS[self.unit]
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def days(self) -> int:
        """Return how many days the period has.

        >>> Period.parse("2025H2").days, Period.parse("2026H1").days
        (184, 181)
        """
        return (self.last - self.first).days + 1

    def shift(self, count: int) -> "Period":
        """Return the period of the same unit `count` steps later (earlier when negative).

        >>> Period.parse("2026H1").shift(-1).label
        '2025H2'
        """
        if self.unit == "day":
            return Period.of(add_days(self.first, count), "day")
        return Period.of(add_months(self.first, count * _MONTHS[self.unit]), self.unit)

    def before(self, count: int = 1) -> "Period | None":
        """Return the period so many steps earlier, None where the calendar had not begun.

        >>> Period.parse("2026Q1").before().label, Period.parse("0001").before()
        ('2025Q4', None)
        """
        try:
            return self.shift(-count)
        except Incomputable:
            return None

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the period, both ends included."""
        return self.first <= day <= self.last

    def covers(self, other: "Period") -> bool:
        """Tell whether the other period lies wholly inside this one."""
        return self.first <= other.first and other.last <= self.last

    def split(self, unit: str) -> "tuple[Period, ...]":
        """Return the periods of a finer unit inside this one, in order.

        >>> [quarter.label for quarter in Period.parse("2026H1").split("quarter")]
        ['2026Q1', '2026Q2']
        """
        found: list[Period] = []
        part = Period.of(self.first, unit)
        while part.first <= self.last:
            found.append(part)
            if part.last >= self.last:
                break
            part = part.shift(1)
        return tuple(found)


@lru_cache(maxsize=8192)
def _holding(day: date, unit: str) -> Period:
    """Return the period of `unit` that holds `day`; the same object every time."""
    if unit == "day":
        return Period(day.year, "day", (day - date(day.year, 1, 1)).days + 1)
    return Period(day.year, unit, (day.month - 1) // _MONTHS[unit] + 1)


def add_days(day: date, count: int) -> date:
    """Move by days; raises Incomputable where the calendar ends.

    >>> add_days(date(2024, 2, 28), 2)
    datetime.date(2024, 3, 1)
    """
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise _outside(day, f"{count} days") from None


def _outside(day: date, count: str) -> Incomputable:
    return Incomputable("DAY_OUTSIDE_CALENDAR", day=day.isoformat(), count=count)


def add_months(day: date, count: int) -> date:
    """Move by months; a day the target month lacks becomes its last day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 3, 31), -1)
    (datetime.date(2024, 2, 29), datetime.date(2024, 2, 29))
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        raise _outside(day, f"{count} months")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_years(start: date, end: date) -> int:
    """Count the whole years from start to end (negative when end lies before start by whole years).

    >>> full_years(date(2020, 2, 29), date(2021, 2, 28)), full_years(date(2020, 3, 1), date(2021, 2, 28))
    (1, 0)
    """
    if end < start:
        return -full_years(end, start)
    years = end.year - start.year
    return years if add_months(start, 12 * years) <= end else years - 1


def add_workdays(day: date, count: int, exceptions: Mapping[date, bool]) -> date:
    """Move by working days: Monday to Friday, unless `exceptions` says otherwise for a day.

    >>> add_workdays(date(2026, 7, 10), 1, {date(2026, 7, 11): True}), add_workdays(date(2026, 7, 10), 1, {})
    (datetime.date(2026, 7, 11), datetime.date(2026, 7, 13))
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    if left > _WORKDAYS_MOST:
        raise _outside(day, f"{count} workdays")
    start = day
    while left:
        if day in (date.min, date.max):
            raise _outside(start, f"{count} workdays")
        day += step
        if exceptions.get(day, day.weekday() < 5):
            left -= 1
    return day
