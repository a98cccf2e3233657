"""The page on collected facts says what the bridge offers, under the headers that the workbook has."""

import re

import pytest

from api.workbook.columns import Integer, Number
from api.workbook.sheets import SHEETS
from schema.evidence import SOURCES
from scoring.rulebooks import open_rulebook
from tests.docs.test_documents import ROOT

TEXT = (ROOT / "docs" / "rulebooks" / "facts.md").read_text("utf-8")
TABLES = dict(re.findall(r"^\| `(\w+)` \| (\S+) \| `\w+` \|", TEXT, re.MULTILINE))
COLUMNS = re.findall(r"^\| `(\w+)\.(\w+)` \| (\S+) \|", TEXT, re.MULTILINE)
SHEET = {sheet.name: sheet for sheet in SHEETS}

RANGES = [
    ("compound", "households", "总户数"),
    ("compound", "area", "总建筑面积"),
    ("item", "each", "每处扣分"),
    ("item", "cap", "扣分上限"),
    ("finding", "count", "数量"),
    ("survey", "sent", "发放份数"),
    ("survey", "valid", "有效份数"),
    ("survey", "score", "平均得分"),
    ("fee", "due", "应收(元)"),
    ("fee", "paid", "实收(元)"),
    ("enrolment", "minutes", "签到分钟数"),
    ("enrolment", "exam", "考试成绩"),
    ("enrolment", "resit", "补考成绩"),
    ("credit", "points", "分值"),
]
"""Every number that the district's rulebook reads, by the header it comes from."""


def test_every_collected_table_and_column_is_told() -> None:
    assert sorted(TABLES) == sorted(SOURCES)
    assert sorted((table, column) for table, column, _ in COLUMNS) == sorted(
        (table, column) for table, source in SOURCES.items() for column in source.columns
    )


@pytest.mark.parametrize(("table", "column", "header"), COLUMNS)
def test_headers_are_those_of_the_sheet(table: str, column: str, header: str) -> None:
    sheet = SHEET["街道社区" if (table, column) == ("compound", "street") else TABLES[table]]
    assert header in [each.header for each in sheet.columns]


def test_every_number_of_the_district_is_in_the_table_of_ranges() -> None:
    document = open_rulebook("yuetang-2025-1").document
    numbers = {
        (table, name)
        for table, facts in document.facts.items()
        for name, type_ in facts.columns
        if type_.kind == "number"
    }
    assert numbers == {(table, name) for table, name, _ in RANGES}


@pytest.mark.parametrize(("table", "name", "header"), RANGES)
def test_no_value_that_can_be_imported_is_outside_the_rulebook(table: str, name: str, header: str) -> None:
    document = open_rulebook("yuetang-2025-1").document
    type_ = dict(document.facts[table].columns)[name]
    column = next(each for each in SHEET[TABLES[table]].columns if each.header == header)
    assert isinstance(column.type, Integer | Number)
    assert type_.lo is not None
    assert type_.hi is not None
    assert type_.lo <= column.type.low
    assert column.type.high <= type_.hi
