"""Where the table of a sheet is: titles above it, headings out of shape, columns in any order, blank rows."""

import pytest

from api.workbook import KnownKeys
from tests.api.workbook.books import Book, book, brief, only, put, read


def areas(content: Book) -> Book:
    return {"街道社区": content["街道社区"]}


def test_titles_above_the_headings_are_passed_over() -> None:
    content = areas(book())
    content["街道社区"][:0] = [["岳塘区街道社区台账"], [], ["填报单位:区住建局"]]
    reading = read(content)
    assert brief(reading) == [("merged_title_rows", "ACCEPT", "街道社区!A1", "")]
    assert reading.rows["area"].lines == [5, 6]
    assert reading.rows["area"].column("code") == ["430399001", "430399001001"]


def test_blank_rows_above_are_no_title() -> None:
    content = areas(book())
    content["街道社区"][:0] = [[], []]
    assert read(content).diagnostics == ()


def test_columns_are_matched_by_name_in_any_order() -> None:
    content = areas(book())
    content["街道社区"] = [row[::-1] for row in content["街道社区"]]
    reading = read(content)
    assert brief(reading) == [("columns_reordered", "ACCEPT", "街道社区!A1", "")]
    assert reading.rows["area"].values == read(areas(book())).rows["area"].values


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("区划\n代码", "header_line_break"),
        (" 区划 代码", "header_normalised"),
        ("区划代码\u3000", "header_normalised"),
    ],
)
def test_headings_out_of_shape_are_matched(heading: str, kind: str) -> None:
    content = areas(book())
    content["街道社区"][0][0] = heading
    remark = only(read(content))
    assert (remark.kind, remark.action, remark.cell, remark.column) == (kind, "ACCEPT", "A1", "区划代码")
    assert remark.row_key == remark.normalised_value == ""


def test_full_width_brackets_in_headings_are_the_same() -> None:
    content = {"物业企业": book()["物业企业"]}
    content["物业企业"][0][4] = "注册资本（万元）"
    reading = read(content)
    assert [each.kind for each in reading.diagnostics] == ["header_normalised"]
    assert reading.rows["company"].column("capital_fen") == [500_000_000, 50_500_000]


def test_names_of_sheets_are_matched_without_white_space() -> None:
    content = book("街道社区")
    reading = read({"说明": [["随便"]], " 街道　社区": content["街道社区"]})
    assert list(reading.rows) == ["area"]
    assert reading.diagnostics == ()


def test_two_sheets_of_one_name_are_not_chosen_between() -> None:
    content = book("街道社区")
    reading = read({"街道社区": content["街道社区"], "街道 社区": content["街道社区"]})
    remark = only(reading)
    assert (remark.kind, remark.action) == ("duplicate_sheet", "REJECT_SHEET")
    assert reading.rows == {}


def test_blank_rows_behind_and_between_are_ignored_and_reported() -> None:
    content = areas(book())
    rows = content["街道社区"]
    rows[2:2] = [["", " "], [None, "\u3000"]]
    rows += [[None, " "], [" "], ["\xa0"]]
    reading = read(content)
    assert brief(reading) == [
        ("blank_rows", "ACCEPT", "街道社区!A3", ""),
        ("blank_trailing_rows", "ACCEPT", "街道社区!A6", ""),
    ]
    assert "3 行" in reading.diagnostics[1].message.zh
    assert reading.counts["街道社区"].found == 2
    assert reading.rows["area"].lines == [2, 5]


def test_content_beside_the_table_makes_no_row() -> None:
    content = areas(book())
    content["街道社区"] += [[None] * 8 + ["制表人"]]
    reading = read(content)
    assert [each.kind for each in reading.diagnostics] == ["blank_trailing_rows"]
    assert reading.counts["街道社区"].found == 2


def test_an_empty_sheet_says_nothing() -> None:
    reading = read({**areas(book()), "小区台账": []})
    assert reading.diagnostics == ()
    assert list(reading.counts) == ["街道社区"]


def test_a_sheet_without_headings_is_left_out() -> None:
    reading = read({**areas(book()), "季度会议": [["会议编号"], ["HY1"]]})
    remark = only(reading)
    assert (remark.kind, remark.action, remark.sheet) == ("missing_header", "REJECT_SHEET", "季度会议")
    assert list(reading.rows) == ["area"]


def test_columns_that_are_not_ours_are_reported_but_for_running_numbers() -> None:
    content = areas(book())
    content["街道社区"][0] += ["序号", "问题", "原行号", "备 注"]
    content["街道社区"][1] += [1, "x", 2, "y"]
    remark = only(read(content))
    assert (remark.kind, remark.action, remark.cell, remark.raw_value) == ("unknown_column", "WARN", "J1", "备 注")


def test_a_column_twice_is_harmless_only_with_the_same_content() -> None:
    content = areas(book())
    for row in content["街道社区"]:
        row.append(row[1])
    remark = only(read(content))
    assert (remark.kind, remark.action, remark.cell, remark.column) == ("duplicate_column", "WARN", "G1", "名称")
    content["街道社区"][2][6] = "别名社区"
    reading = read(content)
    assert [(each.kind, each.action) for each in reading.diagnostics] == [("conflicting_columns", "REJECT_SHEET")]
    assert reading.rows == {}
    assert reading.counts["街道社区"].rejected == 2


def test_a_missing_optional_column_leaves_what_is_stored_alone() -> None:
    content = areas(book())
    content["街道社区"] = [row[:5] for row in content["街道社区"]]
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell) == ("missing_column", "WARN", "")
    assert remark.normalised_value == remark.column == "联系电话"
    rows = reading.rows["area"]
    assert rows.present == {"code", "name", "level", "parent_code", "head"}
    assert rows.column("phone") == [None, None]


def test_a_missing_required_column_leaves_the_sheet_out_if_nothing_rests_on_it() -> None:
    content = book()
    content["会议议定事项"] = [row[:1] + row[2:] for row in content["会议议定事项"]]
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.normalised_value) == ("missing_column", "REJECT_SHEET", "会议编号")
    assert not reading.refused
    assert "action_item" not in reading.rows
    assert "meeting" in reading.rows
    counts = reading.counts["会议议定事项"]
    assert (counts.found, counts.rejected, counts.skipped, counts.imported) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("sheet", "place"),
    [("小区台账", 0), ("物业企业", 0), ("街道社区", 2), ("检查记录", 2), ("检查标准", 4), ("季度会议", 1)],
)
def test_a_missing_required_column_refuses_the_file_if_other_sheets_rest_on_it(sheet: str, place: int) -> None:
    content = book()
    header = content[sheet][0][place]
    content[sheet] = [row[:place] + row[place + 1 :] for row in content[sheet]]
    reading = read(content)
    refusals = [each for each in reading.diagnostics if each.action == "REJECT_FILE"]
    assert [(each.kind, each.sheet, each.column) for each in refusals] == [("missing_column", sheet, header)]
    assert reading.diagnostics == tuple(refusals)
    assert reading.refused
    assert reading.rows == {}
    assert reading.rejected == {}
    assert {counts.imported for counts in reading.counts.values()} == {0}
    assert all(counts.rejected == counts.found for counts in reading.counts.values())


def test_alone_in_its_file_such_a_sheet_refuses_only_itself() -> None:
    content = {"季度会议": [row[:1] + row[2:] for row in book()["季度会议"]]}
    reading = read(content)
    assert [(each.kind, each.action) for each in reading.diagnostics] == [("missing_column", "REJECT_SHEET")]
    assert not reading.refused


def test_an_expected_column_that_nobody_filled_in_is_reported_once() -> None:
    content = put(put(areas(book()), "街道社区", "负责人", None, 1), "街道社区", "负责人", " ", 2)
    remark = only(read(content))
    assert (remark.kind, remark.action, remark.cell, remark.row_key) == ("missing_optional", "WARN", "E1", "")


def test_every_problem_of_the_file_is_told_at_once() -> None:
    content = put(book(), "检查问题", "数量", -1.0)
    content["会议议定事项"] = [row[:1] + row[2:] for row in content["会议议定事项"]]
    put(content, "会议议定事项", "完成期限", "待定")
    reading = read(content, KnownKeys())
    assert brief(reading) == [
        ("negative_count", "REJECT_ROW", "检查问题!E2", ""),
        ("missing_column", "REJECT_SHEET", "会议议定事项!", "会议编号"),
        ("not_a_date", "REJECT_ROW", "会议议定事项!D2", ""),
    ]


def test_a_sheet_of_another_name_is_told_and_the_others_are_read() -> None:
    content = book("街道社区")
    content["小区台帐"] = book("小区台账")["小区台账"]
    content["照片清单"] = [["文件", "说明"]]
    content["说明"] = [["请勿改动表名"]]
    reading = read(content)
    assert brief(reading) == [
        ("misspelt_sheet", "WARN", "小区台帐!", ""),
        ("unknown_sheet", "WARN", "照片清单!", ""),
    ]
    assert list(reading.rows) == ["area"]
    assert "「小区台账」" in reading.diagnostics[0].message.zh


def test_a_sheet_is_like_none_that_the_file_has() -> None:
    content = book("街道社区", "小区台账") | {"小区台账2": [["小区编码"]]}
    assert brief(read(content)) == [("unknown_sheet", "WARN", "小区台账2!", "")]
