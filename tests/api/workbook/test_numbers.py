"""Whole numbers and decimals: their limits, their places, and numbers typed as text."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.columns import Integer, Number
from api.workbook.diagnostics import Action
from api.workbook.flaws import Flaw
from api.workbook.numbers import number_converter

COUNT = number_converter(Integer(1))
YEAR = number_converter(Integer(1900, 2100))
MONEY = number_converter(Number(2, Decimal(0), Decimal(10**10), scale=2, whole=True))
FEE = number_converter(Number(6, Decimal(0), Decimal(1000), scale=2))
MARK = number_converter(Number(2, Decimal(0), Decimal(100), score=True))
DEGREES = number_converter(Number(6, Decimal(-180), Decimal(180), coarse=True))


@pytest.mark.parametrize(
    ("convert", "cell", "value"),
    [
        (COUNT, 309.0, 309),
        (COUNT, 1.0, 1),
        (MONEY, 1015171.09, 101517109),
        (MONEY, 0.1 + 0.2, 30),
        (MONEY, 0.0, 0),
        (FEE, 0.79, Decimal(79)),
        (FEE, 1.2345, Decimal("123.45")),
        (MARK, 100.0, Decimal(100)),
        (MARK, 88.25, Decimal("88.25")),
        (DEGREES, 27.7900551, Decimal("27.790055")),
    ],
)
def test_a_number_is_exact(convert: Any, cell: float, value: Any) -> None:
    assert convert(cell) == value
    assert type(convert(cell)) is type(value)


@pytest.mark.parametrize(
    ("convert", "cell", "kind", "value", "text"),
    [
        (COUNT, "３０９", "full_width_digits", 309, "309"),
        (COUNT, "309", "number_as_text", 309, "309"),
        (COUNT, " 309\xa0", "stray_spaces", 309, "309"),
        (MONEY, "19,825.25", "number_as_text_thousands", 1982525, "19825.25"),
        (MONEY, " 19,825.50", "number_as_text_thousands", 1982550, "19825.5"),
        (MONEY, "１９，８２５", "full_width_digits", 1982500, "19825"),
        (DEGREES, "−27.5", "number_as_text", Decimal("-27.5"), "-27.5"),
    ],
)
def test_a_number_typed_as_text_is_accepted(convert: Any, cell: str, kind: str, value: Any, text: str) -> None:
    assert convert(cell) == Flaw(kind, Action.ACCEPT, value, text)


@pytest.mark.parametrize(
    ("convert", "cell", "kind", "detail"),
    [
        (COUNT, "若干", "not_a_number", ""),
        (COUNT, "1,98", "not_a_number", ""),
        (COUNT, "1e3", "not_a_number", ""),
        (COUNT, "12户", "not_a_number", ""),
        (COUNT, "9" * 31, "not_a_number", ""),
        (COUNT, True, "not_a_number", ""),
        (COUNT, float("inf"), "not_a_number", ""),
        (COUNT, float("nan"), "not_a_number", ""),
        (COUNT, 2.5, "not_an_integer", ""),
        (COUNT, -1.0, "negative_count", "1"),
        (COUNT, 0.0, "negative_count", "1"),
        (COUNT, 100_000.0, "value_out_of_range", "1–99999"),
        (YEAR, 199.0, "value_out_of_range", "1900–2100"),
        (MONEY, -0.01, "negative_amount", "0"),
        (MONEY, 1e11, "value_out_of_range", "0–10000000000"),
        (MARK, 135.0, "score_out_of_range", "0–100"),
        (MARK, -1.0, "score_out_of_range", "0–100"),
        (MARK, "100.01", "score_out_of_range", "0–100"),
    ],
)
def test_what_is_no_number_of_the_column_is_refused(convert: Any, cell: Any, kind: str, detail: str) -> None:
    flaw = convert(cell)
    assert (flaw.kind, flaw.action, flaw.value, flaw.detail.zh) == (kind, Action.REJECT_ROW, None, detail)


def test_money_is_never_rounded_in_silence() -> None:
    flaw = MONEY(12.345)
    assert isinstance(flaw, Flaw)
    assert (flaw.kind, flaw.action, flaw.value, flaw.text) == ("rounded_value", Action.WARN, 1235, "12.35")
    assert flaw.detail.en == "2"


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_is_the_same_as_number_as_text_and_with_separators(yuan: Decimal) -> None:
    fen = int(yuan * 100)
    assert MONEY(float(yuan)) == fen
    for text in (f"{yuan:f}", f"{yuan:,f}"):
        flaw = MONEY(text)
        assert isinstance(flaw, Flaw)
        assert flaw.value == fen
