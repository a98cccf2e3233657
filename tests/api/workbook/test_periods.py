"""Labels of half-years and quarters."""

from typing import Literal

import pytest

from api.workbook.columns import Column, Period
from api.workbook.convert import converter, shown
from api.workbook.diagnostics import Action
from api.workbook.flaws import Flaw
from api.workbook.periods import label_of


@pytest.mark.parametrize(
    ("text", "unit", "label"),
    [
        ("2026H1", "H", "2026-H1"),
        ("2026-H2", "H", "2026-H2"),
        ("2026h1", "H", "2026-H1"),
        ("2025Q4", "Q", "2025-Q4"),
        ("2026H3", "H", None),
        ("2026Q5", "Q", None),
        ("2026Q1", "H", None),
        ("0026H1", "H", None),
        ("2026", "H", None),
        ("26H1", "H", None),
    ],
)
def test_labels(text: str, unit: Literal["H", "Q"], label: str | None) -> None:
    assert label_of(text, unit) == label


def test_both_spellings_are_stored_alike_and_shown_as_in_workbooks() -> None:
    column = Column("收费期间", "period", "half-year", Period("H"))
    convert = converter(column)
    assert convert("2026H1") == convert("2026-H1") == "2026-H1"
    assert shown(column, "2026-H1") == "2026H1"
    assert convert(" 2026H1") == Flaw("stray_spaces", Action.ACCEPT, "2026-H1", "2026H1")
    assert convert("２０２６H1") == Flaw("full_width_digits", Action.ACCEPT, "2026-H1", "2026H1")


@pytest.mark.parametrize("cell", ["2026年", "2026Q1", 2026.0])
def test_anything_else_is_refused(cell: str | float) -> None:
    flaw = converter(Column("收费期间", "period", "half-year", Period("H")))(cell)
    assert isinstance(flaw, Flaw)
    assert (flaw.kind, flaw.action, flaw.detail.zh) == ("invalid_period", Action.REJECT_ROW, "半年(例如 2026H1)")
