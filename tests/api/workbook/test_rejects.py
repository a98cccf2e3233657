"""The workbook of rejected rows: as they stood, with reasons, nothing computed; corrected it is imported."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from api.workbook import KnownKeys, Reading, read_workbook
from api.workbook.rejects import FILE_REFUSED, NONE_REJECTED, rejects
from api.workbook.sheets import BY_NOUN
from tests.api.workbook.books import Book, book, day, edited, put, read, shared, written


def sheets(data: bytes) -> Book:
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def spoilt() -> Book:
    content = put(book(), "检查问题", "数量", "若干")
    put(content, "检查问题", "问题描述", "=1+1")
    put(content, "满意度测评", "平均得分", 135.0)
    return put(content, "信用信息", "有效期起", "2026/2/30")


def test_rejected_rows_stand_as_they_stood_with_their_reasons() -> None:
    reading = read(spoilt())
    found = sheets(rejects(reading))
    assert list(found) == ["说明", "检查问题", "满意度测评", "信用信息"]
    headings, row = found["检查问题"]
    assert headings == [*book()["检查问题"][0], "问题", "原行号"]
    assert row[:9] == ["WT1", "XC1", "YT0001", "JC0703", "若干", "公共部位", "=1+1", "1.jpg", 1.0]
    assert row[9:12] == [day("2025-08-16"), day("2025-08-14"), "否"]
    assert row[12].startswith("表「检查问题」E2「数量」列“若干”不是数字,本行未导入。")
    assert row[13] == 2.0


def test_nothing_in_it_is_a_formula() -> None:
    content = book()
    model = content["检查问题"][1]
    content["检查问题"][1:] = [
        [f"W{number}", *model[1:4], "若干", model[5], text, *model[7:]]
        for number, text in enumerate(("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://x"))
    ]
    data = rejects(read(content))
    with ZipFile(BytesIO(data)) as archive:
        pages = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert len(pages) >= 2
    assert not any(b"<f>" in page or b"<f " in page or b"hyperlink" in page for page in pages)
    assert [row[6] for row in sheets(data)["检查问题"][1:]] == [
        *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://x")
    ]


def test_a_formula_without_result_comes_back_as_its_text() -> None:
    data = written(book())
    place = f"sheet{list(book()).index('物业费收缴') + 1}.xml"

    def edit(name: str, content: bytes) -> bytes:
        cell = b'<c r="E2"><v>83454.77</v></c>'
        return content.replace(cell, b'<c r="E2"><f>D2*0.9</f></c>') if name.endswith(place) else content

    found = sheets(rejects(read_workbook(edited(data, edit))))
    assert found["物业费收缴"][1][4] == "=D2*0.9"


def known(reading: Reading) -> KnownKeys:
    """What the district has stored once a reading is written."""
    rows = reading.rows
    single = {noun: key[0] for noun, key in ((noun, BY_NOUN[noun].key) for noun in rows) if len(key) == 1}
    return KnownKeys(keys={noun: {str(value) for value in rows[noun].column(name)} for noun, name in single.items()})


def corrected(found: Book, **right: Any) -> bytes:
    """The rejects with the cells under some headings set right in every row that stands there."""
    for rows in found.values():
        for header, value in right.items():
            if header in rows[0]:
                for row in rows[1:]:
                    row[rows[0].index(header)] = value
    return written(
        {name: [[cell if cell != "" else None for cell in row] for row in rows] for name, rows in found.items()}
    )


def test_corrected_it_is_imported_as_it_is() -> None:
    first = read(spoilt())
    assert sum(counts.rejected for counts in first.counts.values()) == 3
    data = corrected(sheets(rejects(first)), 数量=2.0, 平均得分=96.9, 有效期起=day("2025-07-16"))
    second = read_workbook(data, known=known(first))
    assert [(each.kind, each.sheet) for each in second.diagnostics] == [("leading_equals", "检查问题")]
    assert {noun: len(rows) for noun, rows in second.rows.items()} == {
        "finding": 1,
        "survey_round": 1,
        "credit_item": 1,
    }
    whole = read(put(book(), "检查问题", "数量", 2.0)).rows
    assert second.rows["credit_item"].values == whole["credit_item"].values
    assert second.rows["survey_round"].values == whole["survey_round"].values


def test_rejected_once_more_it_has_its_own_columns_once() -> None:
    first = read(spoilt())
    second = read_workbook(rejects(first), known=known(first))
    assert sum(counts.rejected for counts in second.counts.values()) == 3
    again = sheets(rejects(second))
    assert again["满意度测评"][0] == sheets(rejects(first))["满意度测评"][0]
    assert again["满意度测评"][1][:-2] == sheets(rejects(first))["满意度测评"][1][:-2]


def test_imported_as_it_is_the_row_that_held_still_holds() -> None:
    content = book()
    other = [*content["满意度测评"][1]]
    content["满意度测评"].append(other)
    put(content, "满意度测评", "平均得分", 11.0, row=len(content["满意度测评"]) - 1)
    first = read(content)
    assert [each.kind for each in first.diagnostics] == ["duplicate_key_conflict"]
    found = sheets(rejects(first))["满意度测评"]
    assert [row[-2][:5] for row in found[1:]] == ["本行已导入", "表「满意度"]
    second = read_workbook(rejects(first), known=known(first))
    assert [each.kind for each in second.diagnostics] == ["duplicate_key_conflict"]
    assert second.rows["survey_round"].values == first.rows["survey_round"].values[:1]


def test_a_sheet_left_out_comes_back_whole() -> None:
    content = book()
    content["会议议定事项"] = [row[:1] + row[2:] for row in content["会议议定事项"]]
    found = sheets(rejects(read(content)))
    assert len(found["会议议定事项"]) == 3
    assert "缺少必填列「会议编号」" in found["会议议定事项"][1][-2]


def test_nothing_rejected_and_a_file_refused_are_told() -> None:
    assert sheets(rejects(read(book()))) == {"说明": [[NONE_REJECTED]]}
    content = book()
    content["小区台账"] = [row[1:] for row in content["小区台账"]]
    found = sheets(rejects(read(content)))
    assert list(found) == ["说明"]
    assert found["说明"][0] == [FILE_REFUSED]
    assert "小区编码" in found["说明"][1][0]


def test_the_same_bytes_each_time() -> None:
    assert rejects(read(spoilt())) == rejects(read(spoilt()))


def test_the_dirty_district_corrected_is_the_clean_one() -> None:
    """Rejected rows that were altered get back their clean cells; the import of that file completes the district."""
    clean = read_workbook(shared("yuetang_2026H1.xlsx").read_bytes())
    dirty = read_workbook(shared("yuetang_dirty.xlsx").read_bytes())
    originals = sheets(shared("yuetang_2026H1.xlsx").read_bytes())
    fixed: Book = {}
    for name in ("检查问题", "热线工单", "物业费收缴", "满意度测评", "信用信息"):
        headings, *rows = sheets(rejects(dirty))[name]
        source = originals[name]
        by_key = {row[0]: row for row in source[1:]}
        if name == "物业费收缴":
            by_key = {row[0]: row for row in source[1:] if row[2] == "2026H1"}
        fixed[name] = [headings]
        for row in rows:
            right = dict(zip(source[0], by_key[row[headings.index(source[0][0])]], strict=True))
            fixed[name].append([right.get(heading, cell) or None for heading, cell in zip(headings, row, strict=True)])
    second = read_workbook(written(fixed), known=known(dirty))
    assert [(each.kind, each.sheet) for each in second.diagnostics] == [
        ("columns_reordered", "满意度测评"),
        ("duplicate_row", "满意度测评"),
    ]
    for noun in second.rows:
        keys = BY_NOUN[noun].key
        done = {tuple(row[name] for name in keys) for rows in (dirty, second) for row in rows.rows[noun].dicts()}
        assert done == {tuple(row[name] for name in keys) for row in clean.rows[noun].dicts()}
