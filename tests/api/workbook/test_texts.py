"""Words, codes, telephone numbers and credit codes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.columns import Column, Need, Text
from api.workbook.convert import convert_column, converter
from api.workbook.diagnostics import Action
from api.workbook.flaws import Flaw
from api.workbook.texts import is_phone, is_tidy, text_converter

WORDS, CODE = text_converter(Text(20)), text_converter(Text(20, code=True))
COMPANY = text_converter(Text(64, code=True, upper=True, credit=True))
PHONE = text_converter(Text(50, code=True, phone=True))


@pytest.mark.parametrize(
    ("convert", "cell", "text"),
    [
        (WORDS, "甲（乙）公司", "甲（乙）公司"),
        (WORDS, "两行\n文字", "两行\n文字"),
        (CODE, 430399001.0, "430399001"),
        (CODE, 12.5, "12.5"),
        (CODE, True, "TRUE"),
        (WORDS, dt.date(2026, 3, 4), "2026-03-04"),
        (WORDS, dt.datetime(2026, 3, 4), "2026-03-04"),  # noqa: DTZ001
        (PHONE, 19900001650.0, "19900001650"),
    ],
)
def test_text_is_taken_as_it_is_meant(convert: Any, cell: Any, text: str) -> None:
    assert convert(cell) == text


@pytest.mark.parametrize(
    ("convert", "cell", "action", "kind", "text"),
    [
        (WORDS, " 和平小区\u3000", Action.ACCEPT, "stray_spaces", "和平小区"),
        (WORDS, "公司\n", Action.ACCEPT, "stray_spaces", "公司"),
        (CODE, "JC0102 ", Action.ACCEPT, "stray_spaces", "JC0102"),
        (CODE, "YT０２９９", Action.ACCEPT, "full_width_digits", "YT0299"),
        (CODE, "\u3000ＹＴ1", Action.ACCEPT, "full_width_digits", "YT1"),
        (COMPANY, "91430399mabdy26t5k", Action.ACCEPT, "lower_case_code", "91430399MABDY26T5K"),
        (WORDS, "=陈琳雪", Action.WARN, "leading_equals", "=陈琳雪"),
        (PHONE, "199000", Action.WARN, "bad_phone", "199000"),
    ],
)
def test_untidy_text_is_kept_and_reported(convert: Any, cell: str, action: Action, kind: str, text: str) -> None:
    assert convert(cell) == Flaw(kind, action, text, text)


@pytest.mark.parametrize(
    ("convert", "cell", "kind"),
    [
        (COMPANY, "91430399MADY87F85J", "bad_check_digit"),
        (COMPANY, "91430399", "malformed_code"),
        (WORDS, "字" * 21, "text_too_long"),
        (WORDS, "a\x00b", "control_character"),
        (WORDS, "a\x1bb", "control_character"),
        (CODE, 914303991234567890.0, "digits_lost"),
        (CODE, 1e15, "digits_lost"),
        (CODE, float("nan"), "digits_lost"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(convert: Any, cell: Any, kind: str) -> None:
    flaw = convert(cell)
    assert (flaw.kind, flaw.action, flaw.value) == (kind, Action.REJECT_ROW, None)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("13800001234", True),
        ("+86-13800001234", True),
        ("0731-55505719", True),
        ("073155505719", True),
        ("(010)55505719", True),
        ("0731-55505719-801", True),
        ("55505719", True),
        ("400-123-4567", True),
        ("13800001234/0731-55505719", True),
        ("199000", False),
        ("138000012345", False),
        ("23800001234", False),
        ("张三", False),
        ("", False),
    ],
)
def test_telephone_numbers(text: str, right: bool) -> None:
    assert is_phone(text) is right


texts = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["", " ", "YT0001", "=x", "ＹＴ", "a b", "x\u3000"])))


@given(texts, st.sampled_from([Text(20), Text(20, code=True)]), st.sampled_from(Need))
def test_looking_at_the_whole_column_gives_what_cell_by_cell_gives(
    cells: Sequence[str], kind: Text, need: Need
) -> None:
    column = Column("列", "field", "column", kind, need)
    values, flaws = convert_column(column, cells)
    outcomes = [converter(column)(cell) for cell in cells]
    assert values == [outcome.value if isinstance(outcome, Flaw) else outcome for outcome in outcomes]
    assert flaws == [(index, outcome) for index, outcome in enumerate(outcomes) if isinstance(outcome, Flaw)]


def test_a_tidy_column_is_seen_as_such() -> None:
    assert is_tidy(Text(code=True), ["YT0001", "", "YT0002"])
    assert not is_tidy(Text(code=True), ["YT0001", "YT０002"])
    assert not is_tidy(Text(), ["a", 1.0])


def test_true_and_one_are_two_contents() -> None:
    column = Column("列", "field", "column", Text(code=True))
    assert convert_column(column, [True, 1.0, False, 0.0, "x"])[0] == ["TRUE", "1", "FALSE", "0", "x"]
