"""Rows that stand twice, sum lines and repeated headings."""

import pytest

from tests.api.workbook.books import A, B, book, brief, only, put, read


def test_a_row_that_says_the_same_again_is_skipped() -> None:
    content = book()
    content["检查问题"].append(list(content["检查问题"][1]))
    put(content, "检查问题", "整改期限", "2025年8月16日", row=3)
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell, remark.row_key) == ("duplicate_row", "WARN", "A4", "WT1")
    assert (remark.raw_value, remark.normalised_value, remark.detail.zh) == ("WT1", "", "2")
    counts = reading.counts["检查问题"]
    assert (counts.found, counts.rejected, counts.skipped, counts.imported) == (3, 0, 1, 2)


def test_a_row_with_the_key_of_an_earlier_one_and_other_values_is_left_out() -> None:
    content = book()
    content["满意度测评"].append(list(content["满意度测评"][1]))
    put(content, "满意度测评", "平均得分", 12.0, row=2)
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell) == ("duplicate_key_conflict", "REJECT_ROW", "A3")
    assert remark.code == "DUPLICATE"
    assert [str(score) for score in reading.rows["survey_round"].column("score")] == ["96.90"]


def test_keys_are_compared_after_they_were_brought_into_shape() -> None:
    content = book()
    content["物业费收缴"].append(["YT0001 ", A.lower(), "2025-H2", 1.0, 1.0, content["物业费收缴"][1][5]])
    reading = read(content)
    assert brief(reading) == [
        ("duplicate_key_conflict", "REJECT_ROW", "物业费收缴!A3", ""),
        ("lower_case_code", "ACCEPT", "物业费收缴!B3", A),
    ]
    assert {each.row_key for each in reading.diagnostics} == {f"YT0001/{A}/2025H2"}


def test_the_first_row_holds_even_if_it_is_left_out_itself() -> None:
    content = put(book(), "满意度测评", "平均得分", 135.0)
    content["满意度测评"].append([*content["满意度测评"][1][:-1], 96.9])
    reading = read(content)
    assert [each.kind for each in reading.diagnostics] == ["score_out_of_range", "duplicate_key_conflict"]
    assert len(reading.rows["survey_round"]) == 0


@pytest.mark.parametrize("word", ["合计", "小计", "总 计", "合计:", "本页小计", "共计"])
def test_sum_lines_are_skipped(word: str) -> None:
    content = book()
    content["物业费收缴"].append([word, None, None, 341294495.98, None, None])
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell, remark.column) == ("total_row", "WARN", "A3", "小区编码")
    assert (remark.row_key, remark.raw_value) == (f"{word}/None/None", word)
    assert reading.counts["物业费收缴"].skipped == 1
    assert len(reading.rows["fee_period"]) == 1


def test_the_word_may_stand_in_another_cell_of_a_row_without_key() -> None:
    content = book("街道社区")
    content["街道社区"].append([None, "合计", None, None, None, None])
    remark = only(read(content))
    assert (remark.kind, remark.cell, remark.column, remark.row_key) == ("total_row", "B4", "名称", "None")


def test_a_name_that_holds_the_word_is_no_sum_line() -> None:
    content = put(book(), "街道社区", "名称", "合计社区", row=2)
    assert read(content).diagnostics == ()


def test_headings_in_the_middle_of_the_data_are_skipped() -> None:
    content = book()
    content["物业企业"].insert(2, list(content["物业企业"][0]))
    reading = read(content)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell) == ("repeated_heading", "WARN", "A3")
    assert reading.rows["company"].column("uscc") == [A, B]
    assert reading.rows["company"].lines == [2, 4]
