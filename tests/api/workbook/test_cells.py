"""Trimming, plain text, and how cells are shown."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.cells import (
    BLANKS,
    Cell,
    Fault,
    Formula,
    cell_name,
    decimal_of,
    plain,
    raw_text,
    squeeze,
    trim,
    visible,
)
from api.workbook.survey import position


@given(st.text())
def test_bringing_into_shape_twice_is_bringing_into_shape_once(text: str) -> None:
    for shape in (trim, plain, squeeze):
        assert shape(shape(text)) == shape(text)


@given(st.text(BLANKS), st.text("ab中", min_size=1), st.text(BLANKS))
def test_blanks_of_every_kind_go_at_both_ends(left: str, text: str, right: str) -> None:
    assert trim(left + text + right) == text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" 和平\u3000", " 和平\\u3000"),
        ("\xa0YT0204", "\\xa0YT0204"),
        ("总建筑\n面积", "总建筑\\n面积"),
        ("\u200b零宽", "\\u200b零宽"),
        (25.0, "25"),
        (-1.0, "-1"),
        (112.896324, "112.896324"),
        (1e16, "10000000000000000"),
        (float("inf"), "Infinity"),
        (True, "TRUE"),
        (dt.date(2026, 2, 1), "2026-02-01"),
        (dt.datetime(2026, 2, 1, 8, 30), "2026-02-01 08:30:00"),  # noqa: DTZ001
        (dt.time(8, 30), "08:30:00"),
        (Formula("D3*0.9"), "=D3*0.9"),
        (Fault("#N/A"), "#N/A"),
    ],
)
def test_a_cell_is_shown_as_the_file_holds_it(cell: Cell, expected: str) -> None:
    assert raw_text(cell) == expected


def test_a_serial_number_keeps_its_point() -> None:
    assert raw_text(45879.0, serial=True) == "45879.0"


@given(st.text())
def test_what_is_shown_is_printable(text: str) -> None:
    assert visible(text).isprintable()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0.1 + 0.2, "0.3"), (1015171.09, "1015171.09"), (1.005, "1.005"), (302600.0000000001, "302600"), (-0.5, "-0.5")],
)
def test_noise_behind_the_fifteenth_digit_is_no_number(number: float, expected: str) -> None:
    assert decimal_of(number) == Decimal(expected)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_decimal_survives_the_spreadsheet(number: Decimal) -> None:
    assert decimal_of(float(number)) == number


@given(st.integers(1, 2_000_000), st.integers(1, 20_000))
def test_names_of_cells_go_both_ways(row: int, column: int) -> None:
    assert position(cell_name(row, column)) == (row - 1, column - 1)


@pytest.mark.parametrize("reference", ["12", "A", "?1", "A1B"])
def test_no_other_text_is_a_place(reference: str) -> None:
    with pytest.raises(ValueError, match=r"no cell reference|invalid literal"):
        position(reference)
