"""The scalars of the API: exact texts in, exact texts out, never a JSON number for a decimal."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from schema import kinds
from schema.problems import BadInput

PeriodLabel = NewType("PeriodLabel", str)
Sha256 = NewType("Sha256", str)

RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339"


def strict(read: Callable[[str], Any], zh: str, en: str) -> Callable[[object], Any]:
    """A parser that takes texts only and says what a right text looks like."""

    def parse(value: object) -> Any:
        try:
            if isinstance(value, str):
                return read(value)
        except ValueError:
            pass
        raise BadInput(f"值无效：{zh}。", f"Not a valid value: {en}.")

    return parse


def written(text: Callable[[Any], object]) -> Callable[[Any], object]:
    """A writer that passes texts on, because stored fields are written when they are read."""
    return lambda value: value if isinstance(value, str) else text(value)


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="Calendar date, YYYY-MM-DD, in Asia/Shanghai; years 1900 to 2199.",
        specified_by_url=RFC_3339,
        serialize=written(kinds.date_text),
        parse_value=strict(kinds.parse_date, "日期写作 YYYY-MM-DD", "write a date as YYYY-MM-DD"),
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="Instant, RFC 3339 with an offset; output in UTC with milliseconds.",
        specified_by_url=RFC_3339,
        serialize=written(kinds.instant_text),
        parse_value=strict(
            kinds.parse_instant, "时刻须带时区，如 2026-01-01T08:00:00+08:00", "write 2026-01-01T08:00:00+08:00"
        ),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="Exact decimal as a string, plain notation without exponent, at most 18 digits and 6 decimals;"
        " never a JSON number.",
        serialize=written(kinds.decimal_text),
        parse_value=strict(kinds.parse_decimal, "小数写成字符串，如 69.5", 'write a decimal as a string, "69.5"'),
    ),
    PeriodLabel: strawberry.scalar(
        name="PeriodLabel",
        description="Year, half-year or quarter: 2026, 2026-H1, 2026-Q4.",
        serialize=str,
        parse_value=strict(kinds.parse_period, "期次写作 2026、2026-H1 或 2026-Q4", "write 2026, 2026-H1 or 2026-Q4"),
    ),
    Sha256: strawberry.scalar(
        name="Sha256",
        description="`sha256:` and 64 lower-case hex digits.",
        serialize=str,
        parse_value=strict(kinds.parse_digest, "摘要写作 sha256: 加 64 位十六进制", "write sha256: and 64 hex digits"),
    ),
}

NAMES: dict[object, str] = {python: definition.name for python, definition in SCALARS.items()}
