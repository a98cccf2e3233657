"""Personal values do not leave in remarks, neither as values nor in sentences."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.masking import PERSONAL, mask_name, mask_phone, masked, masked_report
from tests.api.workbook.books import book, put, read


@pytest.mark.parametrize(
    ("text", "shown"),
    [("张三", "张*"), ("欧阳修", "欧*"), (" 张三\\u3000", "张*"), ("=陈琳雪", "陈*"), ("", ""), ("\\n", "n*")],
)
def test_names(text: str, shown: str) -> None:
    assert mask_name(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0731-55505719", "073*-****5719"),
        ("199000", "******"),
        ("张三 13800001234", "***138****1234"),
        ("", ""),
    ],
)
def test_telephone_numbers(text: str, shown: str) -> None:
    assert mask_phone(text) == shown


@given(st.text())
def test_at_most_seven_digits_of_a_number_stay(text: str) -> None:
    assert sum(each.isdigit() for each in mask_phone(text)) <= 7


def test_the_report_is_masked_where_a_column_is_personal_and_only_there() -> None:
    content = put(book(), "小区台账", "联系人", "=陈琳雪")
    put(content, "小区台账", "联系电话", "199000")
    put(content, "街道社区", "负责人", "赵钱孙\u3000")
    put(content, "小区台账", "楼栋数", "若干")
    reading = read(content)
    open_text = json.dumps(reading.report(), ensure_ascii=False)
    hidden_text = json.dumps(masked_report(reading), ensure_ascii=False)
    for secret in ("陈琳雪", "199000", "赵钱孙"):
        assert secret in open_text
        assert secret not in hidden_text
    assert hidden_text.count("陈*") == 4
    assert "若干" in hidden_text
    assert [each["kind"] for each in masked_report(reading)["diagnostics"]] == [
        each.kind for each in reading.diagnostics
    ]


def test_a_heading_is_not_personal() -> None:
    content = book("街道社区")
    content["街道社区"][0][4] = "负责\n人"
    (remark,) = read(content).diagnostics
    assert masked(remark) == remark


def test_the_personal_columns_are_those_with_names_and_numbers_of_people() -> None:
    assert len(PERSONAL) == 11
    assert {header for _, header in PERSONAL} == {
        *("负责人", "联系电话", "联系人", "法定代表人", "姓名", "检查人", "调解人")
    }
    assert all(re.fullmatch("name|phone", kind) for kind in PERSONAL.values())
