"""One value, one byte string."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.audit.canonical import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(VALUES)
def test_what_was_written_reads_back(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=6))
def test_order_of_insertion_does_not_matter(members: dict[str, int]) -> None:
    assert canonical(dict(reversed(members.items()))) == canonical(members)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (
            {"\ufb33": 1, "\U0001f600": 2, "ö": 3, "1": 4, "\r": 5, "€": 6},
            '{"\\r":5,"1":4,"ö":3,"€":6,"\U0001f600":2,"\ufb33":1}',
        ),
        ('\x00\x1f"\\/\x7f\u2028\b\t\n\f\r', '"\\u0000\\u001f\\"\\\\/\x7f\u2028\\b\\t\\n\\f\\r"'),
        ([Decimal("0.10"), Decimal("1E+3"), Decimal("-0")], '["0.10","1000","-0"]'),
        (date(2026, 6, 30), '"2026-06-30"'),
        (datetime(2026, 7, 1, 0, 0, 0, 5, tzinfo=timezone(timedelta(hours=8))), '"2026-06-30T16:00:00.000005Z"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        ({}, "{}"),
        ((1, True, None), "[1,true,null]"),
    ],
)
def test_values(value: object, written: str) -> None:
    assert canonical(value) == written.encode()


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (0.5, TypeError),
        (float("nan"), TypeError),
        (Decimal("NaN"), TypeError),
        (2**53, ValueError),
        ({1: 2}, TypeError),
        (b"x", TypeError),
        ("\ud800", ValueError),
        (datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), AssertionError),
    ],
)
def test_values_without_an_exact_form_are_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical({"inside": [value]})
