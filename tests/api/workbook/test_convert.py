"""Cells of every kind of column: what is read, what is empty, what is refused, and what that does to the row."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.cells import Fault, Formula
from api.workbook.columns import Choice, Column, Day, Integer, Need
from api.workbook.convert import converter
from api.workbook.dates import EPOCH_1904
from api.workbook.diagnostics import Action
from api.workbook.flaws import Flaw
from api.workbook.sheets import SHEETS

DAY = converter(Column("日期", "day", "day", Day()))
CHOICE = converter(Column("状态", "state", "state", Choice({"已提交": "SUBMITTED", "作废": "VOIDED"})))


@pytest.mark.parametrize("cell", [dt.date(2026, 3, 25), dt.datetime(2026, 3, 25, 23, 59)])  # noqa: DTZ001
def test_a_date_cell_is_its_day(cell: dt.date) -> None:
    value = DAY(cell)
    assert value == dt.date(2026, 3, 25)
    assert type(value) is dt.date


@pytest.mark.parametrize(
    ("cell", "kind"), [("2026年3月25日", "date_as_text"), (46106.0, "date_as_serial"), (20260325.0, "date_as_serial")]
)
def test_a_day_out_of_shape_is_accepted(cell: Any, kind: str) -> None:
    assert DAY(cell) == Flaw(kind, Action.ACCEPT, dt.date(2026, 3, 25), "2026-03-25")


def test_serial_numbers_follow_the_date_system_of_the_file() -> None:
    flaw = converter(Column("日期", "day", "day", Day()), EPOCH_1904)(44644.0)
    assert isinstance(flaw, Flaw)
    assert flaw.value == dt.date(2026, 3, 25)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2026-02-30", "impossible_date"),
        ("待定", "not_a_date"),
        (True, "not_a_date"),
        (dt.time(8, 0), "not_a_date"),
        (dt.timedelta(hours=30), "not_a_date"),
        (dt.date(1900, 1, 1), "date_out_of_range"),
        (Formula("TODAY()"), "formula_no_cached_value"),
        (Fault("#N/A"), "error_value"),
    ],
)
def test_no_day_is_guessed(cell: Any, kind: str) -> None:
    flaw = DAY(cell)
    assert isinstance(flaw, Flaw)
    assert (flaw.kind, flaw.action, flaw.value) == (kind, Action.REJECT_ROW, None)


def test_a_choice_is_stored_by_its_code_and_shown_by_its_word() -> None:
    assert CHOICE("已提交") == "SUBMITTED"
    assert CHOICE(" 已提交") == Flaw("stray_spaces", Action.ACCEPT, "SUBMITTED", "已提交")
    assert CHOICE("已 提交") == Flaw("stray_spaces", Action.ACCEPT, "SUBMITTED", "已提交")


@pytest.mark.parametrize("cell", ["一般", "SUBMITTED", "已提交。", 1.0, True])
def test_no_other_word_is_taken(cell: Any) -> None:
    flaw = CHOICE(cell)
    assert isinstance(flaw, Flaw)
    assert (flaw.kind, flaw.action, flaw.detail.zh, flaw.detail.en) == (
        *("unknown_enum", Action.REJECT_ROW),
        *("已提交、作废", "已提交, 作废"),
    )


@pytest.mark.parametrize("cell", ["", " ", "\u3000\n", "\u200b"])
@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Need.REQUIRED, ("missing_required", Action.REJECT_ROW)),
        (Need.EXPECTED, ("missing_optional", Action.WARN)),
        (Need.OPTIONAL, None),
    ],
)
def test_what_empty_means_depends_on_the_column(cell: str, need: Need, expected: tuple[str, Action] | None) -> None:
    outcome = converter(Column("列", "field", "column", Integer(0), need))(cell)
    assert (isinstance(outcome, Flaw) and (outcome.kind, outcome.action)) == (expected or False)
    assert outcome is None or isinstance(outcome, Flaw)


@pytest.mark.parametrize(
    ("need", "action"),
    [(Need.REQUIRED, Action.REJECT_ROW), (Need.OPTIONAL, Action.REJECT_ROW), (Need.EXPECTED, Action.WARN)],
)
@pytest.mark.parametrize("cell", ["若干", -1.0, 2.5, Formula("A1"), Fault("#REF!")])
def test_an_unreadable_cell_is_not_known_only_where_empty_means_that(need: Need, action: Action, cell: Any) -> None:
    flaw = converter(Column("列", "field", "column", Integer(0), need))(cell)
    assert isinstance(flaw, Flaw)
    assert (flaw.action, flaw.value, flaw.text) == (action, None, "")


cells = st.one_of(
    *(st.text(max_size=20), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()),
    *(st.builds(Formula, st.text(max_size=5)), st.just(Fault("#N/A"))),
)


@given(cells, st.sampled_from([column for sheet in SHEETS for column in sheet.columns]))
def test_no_cell_breaks_a_column(cell: Any, column: Column) -> None:
    outcome = converter(column)(cell)
    if isinstance(outcome, Flaw) and outcome.rejects:
        assert outcome.value is None
    if outcome is None:
        assert column.need is Need.OPTIONAL
