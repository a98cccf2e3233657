"""Kinds of scalar: how a stored value is written in an answer, and how the text is read back.

The pair (SQL type, type in the GraphQL declaration) names the kind, so a field that declares one thing over a column
that holds another has no kind and is refused at start-up. Days are days in Asia/Shanghai; the open end of an interval
is the database's infinity and is written as null.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Without summer time since 1991; days of 1986 to 1991 are not instants here."""

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PERIOD = re.compile(r"(19|20|21)[0-9]{2}(-H[12]|-Q[1-4])?")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class Sql(Enum):
    """Column types, with the name a parameter is cast to."""

    UUID = "uuid"
    TEXT = "text"
    INTEGER = "bigint"
    BOOLEAN = "boolean"
    NUMERIC = "numeric"
    DATE = "date"
    INSTANT = "timestamptz"
    JSON = "jsonb"
    BYTES = "bytea"


class Kind(Enum):
    """What a scalar field is made of and how it is written."""

    ID = "id"
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    CODE = "code"
    DECIMAL = "decimal"
    MONEY = "money"
    RATE = "rate"
    COORDINATE = "coordinate"
    DATE = "date"
    DAY_START = "day start"
    DAY_AFTER = "day after"
    INSTANT = "instant"


def decimal_text(value: Decimal) -> str:
    """Plain notation without exponent and trailing zeros.

    >>> [decimal_text(Decimal(each)) for each in ("12.500", "100", "1E+2", "0.00", "-0.0")]
    ['12.5', '100', '100', '0', '0']
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def money_text(fen: int) -> str:
    """Yuan with two decimals from fen.

    >>> [money_text(each) for each in (3927100, 5, -120)]
    ['39271.00', '0.05', '-1.20']
    """
    return format(Decimal(fen).scaleb(-2), ".2f")


def rate_text(fen: Decimal) -> str:
    """Yuan from a rate in fen, all its places kept.

    >>> rate_text(Decimal("185.5000"))
    '1.855'
    """
    return decimal_text(fen.scaleb(-2))


def date_text(value: date) -> str | None:
    """YYYY-MM-DD; null for the open end.

    >>> date_text(date(2026, 1, 1)), date_text(date.max)
    ('2026-01-01', None)
    """
    return None if value == date.max else value.isoformat()


def instant_text(value: datetime) -> str | None:
    """RFC 3339 in UTC with milliseconds, cut not rounded; null for the open end.

    >>> instant_text(datetime(2026, 1, 1, 8, 0, 0, 1999, tzinfo=SHANGHAI))
    '2026-01-01T00:00:00.001Z'
    """
    if value.year == date.max.year:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def day_start(value: date) -> datetime:
    """The instant at which a day begins in Asia/Shanghai; the open end stays one.

    >>> day_start(date(2026, 1, 1)).astimezone(UTC).isoformat()
    '2025-12-31T16:00:00+00:00'
    """
    if value == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI)


def day_of(instant: datetime) -> date:
    """The day in Asia/Shanghai on which an instant falls.

    >>> day_of(datetime(2026, 1, 1, 17, 0, tzinfo=UTC))
    datetime.date(2026, 1, 2)
    """
    return instant.astimezone(SHANGHAI).date()


def _day_after(value: date) -> str | None:
    return instant_text(day_start(value + timedelta(days=1)))


WRITERS: dict[Kind, Callable[[Any], object]] = {
    Kind.INT: int,
    Kind.BOOL: bool,
    Kind.TEXT: str,
    Kind.CODE: str,
    Kind.DECIMAL: decimal_text,
    Kind.MONEY: money_text,
    Kind.RATE: rate_text,
    Kind.COORDINATE: float,
    Kind.DATE: date_text,
    Kind.DAY_START: lambda value: instant_text(day_start(value)),
    Kind.DAY_AFTER: _day_after,
    Kind.INSTANT: instant_text,
}
"""Every kind but ID, which also needs the type's tag."""


def write(kind: Kind, value: Any) -> object:
    """A stored value as it stands in an answer; null stays null.

    >>> write(Kind.DAY_AFTER, date(2026, 6, 30)), write(Kind.DATE, None)
    ('2026-06-30T16:00:00.000Z', None)
    """
    return None if value is None else WRITERS[kind](value)


KEY_READERS: dict[Sql, Callable[[str], object]] = {
    Sql.UUID: UUID,
    Sql.TEXT: str,
    Sql.INTEGER: int,
    Sql.DATE: date.fromisoformat,
    Sql.INSTANT: datetime.fromisoformat,
}


def json_value(stored: Any) -> Any:
    """A stored JSON value; drivers hand it out as text or as the value itself.

    >>> json_value('["FEW_DAYS"]') == json_value(["FEW_DAYS"])
    True
    """
    return orjson.loads(stored) if isinstance(stored, str) else stored


def key_text(value: Any) -> str:
    """A sort key as text that `key_value` reads back; a null key cannot order anything.

    >>> key_text(date(2026, 3, 31)), key_text(7)
    ('2026-03-31', '7')
    """
    assert value is not None, "sort keys are not null"
    return value.isoformat() if isinstance(value, date) else str(value)


def key_value(sql: Sql, text: str) -> object:
    """The sort key that `key_text` wrote.

    >>> key_value(Sql.DATE, "2026-03-31"), key_value(Sql.INTEGER, "7")
    (datetime.date(2026, 3, 31), 7)
    """
    return KEY_READERS[sql](text)


def parse_date(text: str) -> date:
    """A day from YYYY-MM-DD, 1900 to 2199; ValueError otherwise.

    >>> parse_date("2026-02-28")
    datetime.date(2026, 2, 28)
    """
    if DAY.fullmatch(text) is None or not FIRST_DAY <= (value := date.fromisoformat(text)) <= LAST_DAY:
        raise ValueError("not YYYY-MM-DD in 1900 to 2199")
    return value


def parse_instant(text: str) -> datetime:
    """An instant from RFC 3339 with an offset, 1900 to 2199; ValueError otherwise.

    >>> parse_instant("2026-01-01T00:00:00+08:00").isoformat()
    '2026-01-01T00:00:00+08:00'
    """
    if INSTANT.fullmatch(text) is None:
        raise ValueError("not RFC 3339 with an offset")
    value = datetime.fromisoformat(text.upper())
    # The years beside the allowed ones are let through to the second look, so that no sum leaves Python's calendar.
    if not FIRST_DAY.year - 1 <= value.year <= LAST_DAY.year + 1 or not FIRST_DAY <= day_of(value) <= LAST_DAY:
        raise ValueError("not in 1900 to 2199")
    return value


def parse_decimal(text: str) -> Decimal:
    """An exact decimal in plain notation, at most 18 digits and 6 decimals; ValueError otherwise.

    >>> parse_decimal("69.50")
    Decimal('69.50')
    """
    if PLAIN_DECIMAL.fullmatch(text) is None or sum(each.isdigit() for each in text) > 18:
        raise ValueError("not plain notation with at most 18 digits and 6 decimals")
    return Decimal(text)


def parse_period(text: str) -> str:
    """A period label, 2026, 2026-H1 or 2026-Q4, also written without the dash; ValueError otherwise.

    >>> parse_period("2026H1"), parse_period("2026-Q4"), parse_period("2026")
    ('2026-H1', '2026-Q4', '2026')
    """
    label = text if "-" in text or len(text) == 4 else f"{text[:4]}-{text[4:]}"
    if PERIOD.fullmatch(label) is None:
        raise ValueError("not a year, half-year or quarter")
    return label


def parse_digest(text: str) -> str:
    """A digest, `sha256:` and 64 lower-case hex digits; ValueError otherwise.

    >>> parse_digest("sha256:" + "0" * 64)[:10]
    'sha256:000'
    """
    if DIGEST.fullmatch(text) is None:
        raise ValueError("not sha256: and 64 lower-case hex digits")
    return text
