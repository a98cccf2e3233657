"""Days in every form in which they are written, and those that are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.cells import plain
from api.workbook.columns import FIRST_DAY, LAST_DAY
from api.workbook.dates import EPOCH_1900, EPOCH_1904, day_of_serial, day_of_text

days = st.dates(FIRST_DAY, LAST_DAY)
FORMS = (
    "{y:04}-{m:02}-{d:02}",
    "{y}-{m}-{d}",
    "{y}/{m}/{d}",
    "{y}.{m:02}.{d:02}",
    "{y}年{m}月{d}日",
    "{y} 年 {m} 月 {d} 日",
    "{y}年{m:02}月{d:02}号",
    "{y:04}{m:02}{d:02}",
    "{y}-{m}-{d} 00:00:00",
    "{y}-{m:02}-{d:02}T08:30:00.000",
    "{y}年{m}月{d}日9:05",
    "{y}－{m}－{d}",
    "{y}／{m:02}／{d:02}",
    "{y}–{m}–{d}",
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(days, st.sampled_from(FORMS), st.booleans())
def test_every_written_form_is_read(day: date, form: str, wide: bool) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day)
    assert day_of_text(plain(text.translate(FULL_WIDTH) if wide else text)) == day


@given(days)
def test_chinese_figures_are_read(day: date) -> None:
    def figures(number: int) -> str:
        tens, ones = divmod(number, 10)
        digit = "〇一二三四五六七八九"
        return ("" if tens == 0 else "十" if tens == 1 else f"{digit[tens]}十") + (digit[ones] if ones else "")

    year = "".join("〇一二三四五六七八九"[int(each)] for each in str(day.year))
    assert day_of_text(f"{year}年{figures(day.month)}月{figures(day.day)}日") == day


@given(days, st.floats(0, 0.999))
def test_serial_numbers_of_both_systems_are_read(day: date, time: float) -> None:
    for epoch in (EPOCH_1900, EPOCH_1904):
        assert day_of_serial((day - epoch).days + time, epoch) == day


def test_the_serial_number_may_stand_as_text_and_the_date_as_number() -> None:
    assert day_of_text("45879") == date(2025, 8, 10)
    assert day_of_text("45879.0") == date(2025, 8, 10)
    assert day_of_serial(20251117.0) == date(2025, 11, 17)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("2026-06-31", "impossible_date"),
        ("2026/2/30", "impossible_date"),
        ("2025-02-29", "impossible_date"),
        ("2026年13月1日", "impossible_date"),
        ("20260231", "impossible_date"),
        ("二〇二六年二月三十日", "impossible_date"),
        ("3/4/2026", "not_a_date"),
        ("26-3-4", "not_a_date"),
        ("2026年3月", "not_a_date"),
        ("2026-3-112:30", "not_a_date"),
        ("2026-03-25T00:00:00Z", "not_a_date"),
        ("2026-03-25 24:00", "not_a_date"),
        ("待定", "not_a_date"),
        ("-", "not_a_date"),
        ("12", "not_a_date"),
        ("1926-03-25", "date_out_of_range"),
        ("2226-03-25", "date_out_of_range"),
    ],
)
def test_what_has_no_reading_is_refused(text: str, trouble: str) -> None:
    assert day_of_text(text) == trouble


@pytest.mark.parametrize(
    "number", [0.0, 2026.0, -5.0, 1e9, float("inf"), float("nan"), float((LAST_DAY - EPOCH_1900).days + 1)]
)
def test_numbers_that_are_no_day_are_refused(number: float) -> None:
    assert day_of_serial(number) == "not_a_date"


def test_the_span_includes_both_ends() -> None:
    assert day_of_text(FIRST_DAY.isoformat()) == FIRST_DAY
    assert day_of_text(LAST_DAY.isoformat()) == LAST_DAY
    assert day_of_text((FIRST_DAY - timedelta(days=1)).isoformat()) == "date_out_of_range"
