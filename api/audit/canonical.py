"""Values to the one byte string that is hashed: canonical JSON as in RFC 8785, with decimals as strings.

RFC 8785 writes numbers as a JavaScript engine would. No such number is needed here: integers within ±(2^53 − 1) are
written as they are, exact decimals, days and instants as strings, and a binary fraction is an error.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

INTEGER_MAX: Final = 2**53 - 1


def canonical(value: object) -> bytes:
    """The canonical JSON of a value, UTF-8.

    Raises `TypeError` for a value that has no exact form and `ValueError` for an integer that is too large or text that
    is no Unicode.

    >>> canonical({"b": [1, None, True], "a": Decimal("1.50"), "期": date(2026, 6, 30)}).decode()
    '{"a":"1.50","b":[1,null,true],"期":"2026-06-30"}'
    """
    text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")


def instant(moment: datetime) -> str:
    """An instant as the log writes it: UTC with six decimals.

    >>> instant(datetime(2026, 6, 30, 16, 0, tzinfo=UTC))
    '2026-06-30T16:00:00.000000Z'
    """
    assert moment.tzinfo is not None, "an instant needs an offset"
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: object) -> object:
    """The same value in JSON's types, members in the order of RFC 8785 (UTF-16 code units)."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise ValueError(f"{value} is beyond 2^53 − 1: write it as a string")
        return value
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        if not all(isinstance(name, str) for name in names):
            raise TypeError("members of an object have names that are text")
        return {name: _plain(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _written(value)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")
