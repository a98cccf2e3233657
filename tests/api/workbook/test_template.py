"""The blank workbook: headings, notes, lists; read back it says nothing."""

from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from api.workbook import read_workbook
from api.workbook.columns import Choice
from api.workbook.sheets import GUIDE, SHEETS
from api.workbook.template import template
from tests.api.workbook.books import ROWS, written


def parts() -> dict[str, str]:
    with ZipFile(BytesIO(template())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_read_back_it_holds_no_rows_and_no_remarks() -> None:
    reading = read_workbook(template())
    assert not reading.refused
    assert reading.diagnostics == ()
    assert list(reading.rows) == [sheet.noun for sheet in SHEETS]
    assert {len(rows) for rows in reading.rows.values()} == {0}
    assert {counts.found for counts in reading.counts.values()} == {0}
    assert all(rows.present == set(rows.fields) for rows in reading.rows.values())


def test_the_same_bytes_each_time() -> None:
    assert template() == template()


def test_every_heading_has_its_note_and_every_choice_its_list() -> None:
    files = parts()
    for number, sheet in enumerate(SHEETS, 2):
        notes, page = files[f"xl/comments{number - 1}.xml"], files[f"xl/worksheets/sheet{number}.xml"]
        assert notes.count("<comment ") == len(sheet.shown)
        for column in sheet.shown:
            if isinstance(column.type, Choice):
                listed = ",".join(column.type.labels)
                assert f'<formula1>"{listed}"</formula1>' in page, column.header
        lists = sum(isinstance(column.type, Choice) for column in sheet.shown)
        assert page.count('type="list"') == lists
    assert "必填。编码(文本格式,不超过 64 个字符)。" in files["xl/comments2.xml"]
    assert "须是「街道社区」中已有的区划代码。" in files["xl/comments2.xml"]


def test_the_first_sheet_explains_every_column() -> None:
    workbook = CalamineWorkbook.from_filelike(BytesIO(template()))
    assert workbook.sheet_names == [GUIDE, *(sheet.name for sheet in SHEETS)]
    lines = workbook.get_sheet_by_name(GUIDE).to_python()
    explained = [(line[0], line[1]) for line in lines[lines.index(["表", "列", "要求", "填写内容", "例"]) + 1 :]]
    assert explained == [(sheet.name, column.header) for sheet in SHEETS for column in sheet.shown]


def test_filled_in_it_is_a_district() -> None:
    workbook = CalamineWorkbook.from_filelike(BytesIO(template()))
    filled = {sheet.name: [*workbook.get_sheet_by_name(sheet.name).to_python(), *ROWS[sheet.name]] for sheet in SHEETS}
    reading = read_workbook(written(filled))
    assert reading.diagnostics == ()
    assert {noun: len(rows) for noun, rows in reading.rows.items()} == {
        sheet.noun: len(ROWS[sheet.name]) for sheet in SHEETS
    }
