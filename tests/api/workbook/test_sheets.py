"""The declaration of the sheets against the description that the district gives of them."""

import re

import pytest

from api.workbook.cells import squeeze
from api.workbook.columns import Choice, Day, Integer, Need, Number, Period, Sheet, Text
from api.workbook.convert import converter
from api.workbook.flaws import Flaw
from api.workbook.notes import example_of, kind_of, note_of
from api.workbook.sheets import BY_NOUN, SHEETS
from tests.api.workbook.books import shared

WORDS = {"text": (Text, Period), "integer": (Integer,), "decimal": (Number,), "date": (Day,), "enum": (Choice,)}
HEADING = re.compile(r"### (\S+) – .*")
ROW = re.compile(r"\| (\S+) \| ([^|]+) \| (text|integer|decimal|date|enum)(!?)(\*?)(?:: )?([^|]*) \|")


def described() -> dict[str, list[tuple[str, str, bool, bool, list[str]]]]:
    """Sheet → (heading, type, required, key, allowed words), as the description has them."""
    found: dict[str, list[tuple[str, str, bool, bool, list[str]]]] = {}
    for line in shared("README.md").read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            found[heading[1]] = []
        elif row := ROW.match(line):
            allowed = [word.strip() for word in row[6].split("/")] if row[6] else []
            found[list(found)[-1]].append((row[1], row[3], bool(row[4]), bool(row[5]), allowed))
    return found


def test_the_declaration_is_the_description() -> None:
    description = described()
    assert [sheet.name for sheet in SHEETS] == list(description)
    for sheet in SHEETS:
        columns = description[sheet.name]
        assert [column.header for column in sheet.shown] == [header for header, *_ in columns]
        for column, (header, kind, required, key, allowed) in zip(sheet.shown, columns, strict=True):
            where = f"{sheet.name} {header}"
            assert isinstance(column.type, WORDS[kind]), where
            assert (column.need is Need.REQUIRED) == required, where
            assert (column.field in sheet.key) == key, where
            if isinstance(column.type, Choice):
                assert list(column.type.labels) == allowed, where


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.noun)
def test_a_sheet_refers_only_to_itself_and_to_sheets_above(sheet: Sheet) -> None:
    above = {each.noun for each in SHEETS[: SHEETS.index(sheet) + 1]}
    assert {column.refers for column in sheet.columns if column.refers} <= above
    assert set(sheet.key) <= set(sheet.fields)
    assert {name for span in sheet.spans for name in span} <= set(sheet.fields)
    assert len(set(sheet.fields)) == len(sheet.fields)


def test_what_is_referred_to_has_one_key_column() -> None:
    assert {len(BY_NOUN[column.refers].key) for sheet in SHEETS for column in sheet.columns if column.refers} == {1}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.noun)
def test_headings_are_written_as_they_are_compared_and_every_example_is_a_value(sheet: Sheet) -> None:
    for column in sheet.shown:
        assert squeeze(column.header) == column.header
        example = example_of(column)
        outcome = converter(column)(float(example) if isinstance(column.type, Integer | Number) else example)
        if isinstance(column.type, Day):
            assert isinstance(outcome, Flaw)
            assert outcome.kind == "date_as_text"
        else:
            assert not isinstance(outcome, Flaw), (column, outcome)
        assert kind_of(column) in note_of(column)
        assert f"例:{example}" in note_of(column)
