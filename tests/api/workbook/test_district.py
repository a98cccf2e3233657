"""The district's own workbooks: clean, dirty and refused, cell by cell."""

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.workbook import KnownKeys, Reading, read_workbook
from api.workbook.columns import Choice, Column, Number, Period
from api.workbook.sheets import BY_NOUN, SHEETS
from tests.api.workbook.books import shared

FIELDS = ("sheet", "cell", "row_key", "column", "kind", "raw_value", "action", "normalised_value")
SILENT = {"hidden_column", "formula_with_cached_value"}
"""Remarks that may be left away; what stands in the cells must be read."""


@cache
def reading(name: str) -> Reading:
    return read_workbook(shared(name).read_bytes())


def table(name: str) -> list[dict[str, str]]:
    with shared(name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def meant(column: Column, cell: Any) -> Any:
    """What a clean cell means, worked out without the reader."""
    if cell == "":
        return None
    match column.type:
        case Choice(labels):
            return labels[cell]
        case Period():
            return f"{cell[:4]}-{cell[4:]}"
        case Number(scale=scale, whole=whole):
            scaled = Decimal(str(cell)) * 10**scale
            return int(scaled) if whole else scaled
        case _:
            return int(cell) if isinstance(cell, float) else cell


def test_every_cell_of_the_clean_workbook_is_read_as_it_stands() -> None:
    workbook = CalamineWorkbook.from_path(shared("yuetang_2026H1.xlsx"))
    rows = reading("yuetang_2026H1.xlsx").rows
    assert list(rows) == [sheet.noun for sheet in SHEETS]
    cells = 0
    for sheet in SHEETS:
        headings, *lines = workbook.get_sheet_by_name(sheet.name).to_python()
        for column in sheet.columns:
            place = headings.index(column.header)
            expected = [meant(column, line[place]) for line in lines]
            assert rows[sheet.noun].column(column.field) == expected, (sheet.name, column.header)
            cells += len(expected)
        assert rows[sheet.noun].lines == list(range(2, len(lines) + 2))
        assert rows[sheet.noun].present == set(sheet.fields)
    assert cells == 390_725


def test_the_clean_workbook_has_nothing_but_cases_outside_the_list() -> None:
    clean = reading("yuetang_2026H1.xlsx")
    assert Counter((each.kind, each.action) for each in clean.diagnostics) == {("unknown_category", "WARN"): 74}
    assert {each.raw_value for each in clean.diagnostics} == {"15", "17", "98", "99"}
    assert all(counts.imported == counts.found for counts in clean.counts.values())
    assert sum(counts.found for counts in clean.counts.values()) == 34_595


def test_every_defect_of_the_dirty_workbook_is_answered_and_no_other() -> None:
    answered = Counter(
        tuple(str(remark.as_dict()[field]) for field in FIELDS) for remark in reading("yuetang_dirty.xlsx").diagnostics
    )
    expected = Counter(
        tuple(row[field] for field in FIELDS) for row in table("dirty_defects.csv") if row["kind"] not in SILENT
    )
    assert len(expected) == 56
    assert expected - answered == Counter()
    others = answered - expected
    assert {kind for _, _, _, _, kind, *_ in others} == {"unknown_category"}
    assert others.total() == 74


def test_the_rows_of_the_dirty_workbook_are_counted_as_expected() -> None:
    counts = reading("yuetang_dirty.xlsx").counts
    expected = {
        row["sheet"]: tuple(int(row[name]) for name in ("found", "rejected", "skipped", "imported"))
        for row in table("dirty_defects_rows.csv")
    }
    assert {
        sheet: (each.found, each.rejected, each.skipped, each.imported) for sheet, each in counts.items()
    } == expected


def test_the_dirty_workbook_says_what_the_clean_one_says_but_for_its_defects() -> None:
    """Rows are compared by key: rejected ones are gone, a few cells differ, everything else is equal."""
    clean, dirty = reading("yuetang_2026H1.xlsx").rows, reading("yuetang_dirty.xlsx").rows
    gone: Counter[str] = Counter()
    changed: dict[tuple[Any, str], Any] = {}
    for noun, rows in clean.items():
        key = BY_NOUN[noun].key
        found = {tuple(row[name] for name in key): row for row in dirty[noun].dicts()} if noun in dirty else {}
        for row in rows.dicts():
            other = found.pop(tuple(row[name] for name in key), None)
            if other is None:
                gone[noun] += 1
                continue
            changed |= {
                (row[key[0]], name): other[name] for name in row if row[name] != other[name] and noun != "meeting"
            }
        assert found == {}, "the dirty workbook adds no row that is accepted"
    assert gone == {
        "finding": 9,
        "complaint": 2,
        "fee_period": 1,
        "survey_round": 1,
        "credit_item": 1,
        "action_item": 30,
    }
    assert changed == {
        ("YT0002", "phone"): "199000",
        ("YT0014", "contact"): "=陈琳雪",
        ("YT0484", "latitude"): None,
        ("YT0484", "longitude"): None,
        ("YT0522", "buildings"): None,
        ("WT013067", "recorded_points"): Decimal(25),
        ("12345260402319", "category_code"): "77",
    }


def test_hidden_columns_and_stored_results_are_read() -> None:
    rows = reading("yuetang_dirty.xlsx").rows
    assert sum(day is not None for day in rows["engagement"].column("ended_on")) == 16
    fee = next(row for row in rows["fee_period"].dicts() if row["collected_fen"] == 101517109)
    assert (fee["compound_code"], fee["period"]) == ("YT0208", "2026-H1")


@pytest.mark.parametrize("name", ["yuetang_2026H1.xlsx", "yuetang_dirty.xlsx"])
def test_values_are_plain(name: str) -> None:
    """No binary number, no time of day, no blank text reaches the database."""
    kinds = {type(value) for rows in reading(name).rows.values() for row in rows.values for value in row}
    assert kinds == {str, int, Decimal, date, bool, type(None)}
    assert datetime not in kinds
    texts = [
        value for rows in reading(name).rows.values() for row in rows.values for value in row if isinstance(value, str)
    ]
    assert all(text and text == text.strip() for text in texts)


def test_the_file_without_its_key_column_is_refused() -> None:
    refused = reading("yuetang_reject_file.xlsx")
    (row,) = table("reject_file_defects.csv")
    reasons = [each.as_dict() for each in refused.diagnostics if each.action == "REJECT_FILE"]
    assert [{field: reason[field] for field in FIELDS} for reason in reasons] == [
        {field: row[field] for field in FIELDS}
    ]
    assert Counter(each.kind for each in refused.diagnostics) == {"missing_column": 1, "unknown_category": 74}
    assert (refused.refused, refused.rows, refused.rejected) == (True, {}, {})
    assert {counts.imported for counts in refused.counts.values()} == {0}


def test_the_district_as_stored_lets_a_later_file_of_cases_refer_to_it() -> None:
    clean = reading("yuetang_2026H1.xlsx").rows
    keys = {noun: {str(value) for value in rows.column(BY_NOUN[noun].key[0])} for noun, rows in clean.items()}
    assert len(keys["compound"]) == 565
    again = read_workbook(shared("yuetang_2026H1.xlsx").read_bytes(), known=KnownKeys(keys=keys))
    assert again.rows == clean
