"""Scalars are exact texts both ways."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import kinds
from schema.kinds import Kind, Sql, key_text, key_value, write

DECIMALS = st.decimals(-(10**11), 10**11, places=6)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=365 * 200)).map(
    lambda age: datetime(1992, 1, 1, tzinfo=UTC) + age
)
OPEN = datetime.max.replace(tzinfo=UTC)


@given(DECIMALS)
def test_a_decimal_reads_back_and_ends_without_zeros(value: Decimal) -> None:
    text = kinds.decimal_text(value)
    assert kinds.parse_decimal(text) == value
    assert "e" not in text.lower()
    assert "." not in text or not text.endswith("0")


@given(st.integers(-(10**15), 10**15))
def test_money_has_two_decimals(fen: int) -> None:
    text = kinds.money_text(fen)
    assert Decimal(text) * 100 == fen
    assert text[-3] == "."


@given(DAYS)
def test_a_day_reads_back(value: date) -> None:
    assert kinds.parse_date(str(write(Kind.DATE, value))) == value


@given(INSTANTS)
def test_an_instant_reads_back_to_the_millisecond(value: datetime) -> None:
    read = kinds.parse_instant(str(write(Kind.INSTANT, value)))
    assert timedelta(0) <= value - read < timedelta(milliseconds=1)


@given(INSTANTS)
def test_the_day_of_an_instant_begins_before_it(value: datetime) -> None:
    start = kinds.day_start(kinds.day_of(value))
    assert start <= value < start + timedelta(days=1)


@given(st.one_of(DAYS, st.integers(), INSTANTS, st.uuids(), st.text()))
def test_a_sort_key_reads_back(value: object) -> None:
    sql = {
        date: Sql.DATE,
        int: Sql.INTEGER,
        datetime: Sql.INSTANT,
        UUID: Sql.UUID,
        str: Sql.TEXT,
    }[type(value)]
    assert key_value(sql, key_text(value)) == value


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.DECIMAL, Decimal("69.500"), "69.5"),
        (Kind.DECIMAL, Decimal("100.00"), "100"),
        (Kind.MONEY, 3927100, "39271.00"),
        (Kind.RATE, Decimal("125.0000"), "1.25"),
        (Kind.DATE, date(2026, 6, 30), "2026-06-30"),
        (Kind.DATE, date.max, None),
        (Kind.DAY_START, date(2026, 1, 1), "2025-12-31T16:00:00.000Z"),
        (Kind.DAY_START, date.max, None),
        (Kind.DAY_AFTER, date(2026, 6, 30), "2026-06-30T16:00:00.000Z"),
        (Kind.INSTANT, datetime(2026, 7, 11, 1, 2, 3, 456789, tzinfo=UTC), "2026-07-11T01:02:03.456Z"),
        (Kind.INSTANT, OPEN, None),
        (Kind.INSTANT, OPEN.replace(tzinfo=None), None),
        (Kind.COORDINATE, Decimal("27.8"), 27.8),
        (Kind.BOOL, False, False),
        (Kind.INT, 0, 0),
        (Kind.TEXT, None, None),
    ],
)
def test_a_value_is_written_one_way(kind: Kind, value: object, text: object) -> None:
    assert write(kind, value) == text


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (kinds.parse_date, "2026-2-1"),
        (kinds.parse_date, "20260201"),
        (kinds.parse_date, "2026-W05-1"),
        (kinds.parse_date, "2026-02-29"),
        (kinds.parse_date, "1899-12-31"),
        (kinds.parse_date, "2200-01-01"),
        (kinds.parse_instant, "2026-01-01T00:00:00"),
        (kinds.parse_instant, "2026-01-01"),
        (kinds.parse_instant, "2026-01-01 00:00:00Z"),
        (kinds.parse_instant, "2026-01-01T00:00:00+0800"),
        (kinds.parse_instant, "2026-01-01T24:00:00Z"),
        (kinds.parse_instant, "9999-01-01T00:00:00Z"),
        (kinds.parse_decimal, "1e3"),
        (kinds.parse_decimal, "01"),
        (kinds.parse_decimal, ".5"),
        (kinds.parse_decimal, "1."),
        (kinds.parse_decimal, "+1"),
        (kinds.parse_decimal, "NaN"),
        (kinds.parse_decimal, "1.0000001"),
        (kinds.parse_decimal, "1234567890123456789"),
        (kinds.parse_decimal, "1２"),
        (kinds.parse_period, "2026-H3"),
        (kinds.parse_period, "2026-Q0"),
        (kinds.parse_period, "26-H1"),
        (kinds.parse_period, ""),
        (kinds.parse_digest, "sha256:" + "A" * 64),
        (kinds.parse_digest, "0" * 64),
    ],
)
def test_another_notation_is_refused(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"\S"):
        read(text)
