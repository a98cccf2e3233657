"""Workbooks for tests: the district's sample from ../shared, and small ones made row by row."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

YUETANG = Path(__file__).parent.parent.parent / "shared" / "yuetang"
USCC = "91430399MAYKB0JAX5"
"""A credit code with a right check character in an unassigned division."""

SMALL: Mapping[str, Sequence[Sequence[Any]]] = {
    "街道社区": [
        ["区划代码", "名称", "级别", "上级代码"],
        ["430399001", "书院路街道", "街道", "430399"],
        ["430399001001", "新塘社区", "社区", "430399001"],
    ],
    "小区台账": [
        [
            *("小区编码", "小区名称", "社区代码", "管理形式", "是否物业覆盖", "小区类别", "治理模式"),
            *("总户数", "总建筑面积", "是否成立业委会"),
        ],
        ["YT0001", "甲小区", "430399001001", "物业企业", "是", "商品房", "物业服务合同型", 100, 8000.5, "是"],
        ["YT0002", "乙小区", "430399001001", "社区代管", "否", "老旧小区", "政府托底居民自治型", 50, 3000, "否"],
    ],
    "物业企业": [
        ["统一社会信用代码", "企业名称", "法定代表人", "成立日期", "备案日期", "企业状态"],
        [USCC, "甲物业有限公司", "孙鹏佳", date(2002, 3, 27), date(2002, 8, 5), "在营"],
    ],
    "服务合同": [
        ["合同编号", "小区编码", "统一社会信用代码", "服务开始日期", "服务截止日期", "实际终止日期", "物业费单价"],
        ["HT1", "YT0001", USCC, date(2025, 1, 1), date(2026, 12, 31), "", 1.25],
    ],
    "检查标准": [
        ["标准编码", "类别", "类别分值", "检查内容", "每处扣分", "扣分上限", "严重程度"],
        ["JC0101", "综合管理", 15, "未公示收费标准", 2, 4, "较重"],
    ],
    "检查记录": [
        ["检查编号", "小区编码", "检查日期", "检查单位类型", "检查单位", "检查人", "状态"],
        ["XC1", "YT0001", date(2025, 8, 9), "街道", "书院路街道办事处", "秦涛", "已提交"],
        ["XC2", "YT0002", date(2025, 8, 9), "社区", "新塘社区", "邵泽志", "已提交"],
    ],
    "检查问题": [
        ["问题编号", "检查编号", "小区编码", "标准编码", "数量", "部位", "整改期限", "整改完成日期", "重复问题"],
        ["WT1", "XC1", "YT0001", "JC0101", 1, "公共部位", date(2025, 8, 16), date(2025, 8, 14), "否"],
    ],
}
"""A district of two compounds, one company, one contract, two inspections and one finding."""


def sample(name: str) -> bytes:
    """A workbook of ../shared/yuetang; the test is skipped where the folder is absent."""
    path = YUETANG / name
    if not path.is_file():
        pytest.skip(f"../shared/yuetang/{name} is absent")
    return path.read_bytes()


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """The bytes of a workbook with these sheets; days are written as date cells, empty strings as empty cells."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2026, 7, 10)})  # noqa: DTZ001 (the same rows give the same bytes)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(number, column, cell)
    book.close()
    return buffer.getvalue()


def altered(sheet: str, row: int, column: str, value: Any) -> dict[str, list[list[Any]]]:
    """The small district with one cell changed; rows count from 1 below the header."""
    sheets = {name: [list(each) for each in rows] for name, rows in SMALL.items()}
    sheets[sheet][row][sheets[sheet][0].index(column)] = value
    return sheets
