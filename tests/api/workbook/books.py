"""Small workbooks for tests: one district with one sound row or two per sheet, bent by each test as it needs."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from api.workbook import Diagnostic, KnownKeys, Reading, read_workbook
from api.workbook.sheets import SHEETS

YUETANG = Path(__file__).parents[4] / "shared" / "yuetang"
A, B = "91430399MABDY26T5K", "91430399MAQP79L2XF"

Book = dict[str, list[list[Any]]]
"""Sheet → rows, the headings first."""


def shared(name: str) -> Path:
    """A file of the district that the papers come with; the test is skipped where they are not at hand."""
    path = YUETANG / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


def day(text: str) -> date:
    return date.fromisoformat(text)


ROWS: Mapping[str, list[list[Any]]] = {
    "街道社区": [
        ["430399001", "书院路街道", "街道", "430399", "万晨", "19900000093"],
        ["430399001001", "新塘社区", "社区", "430399001", "余海", "0731-55501234"],
    ],
    "小区台账": [
        [
            *("YT0001", "东塘小区", "430399001001", "樟树路1号", "物业企业", "是", "老旧小区", "多方联动共治型"),
            *(337.0, 21899.16, 6.0, 1992.0, 27.790055, 112.906065, "否", "陆梅", "19900008925"),
        ],
        [
            *("YT0002", "北塘小区", "430399001001", "渡头路7号", "社区代管", "否", "商品房", "物业服务合同型"),
            *(129.0, 8020.09, 1.0, 1999.0, 27.881098, 113.005616, "是", "郝刚", "19900001650"),
        ],
    ],
    "物业企业": [
        [A, "甲物业有限公司", "孙鹏", day("2002-03-27"), 500.0, "0731-55505719", day("2002-08-05"), "在营"],
        [B, "乙物业有限公司", "侯敏", day("2019-06-17"), 50.5, "0731-55503258", day("2019-11-17"), "退出"],
    ],
    "项目经理": [
        ["JL0001", "曾雪", A, "PM1", day("2028-11-28"), day("2021-08-22"), None, day("2021-08-29"), 7.0, "19900008213"]
    ],
    "服务合同": [
        ["HT1", "YT0001", A, day("2025-07-10"), day("2027-07-09"), day("2025-12-31"), 0.79, "LP01", "JL0001", None],
        ["HT2", "YT0001", B, day("2026-01-01"), day("2028-12-31"), None, 1.005, None, None, "接管"],
    ],
    "检查标准": [
        ["JC0101", "综合管理", 15.0, "未公示收费标准", 2.0, 4.0, "较重"],
        ["JC0703", "消防安全", 15.0, "灭火器过期", 1.0, 3.0, "生命安全"],
    ],
    "检查记录": [["XC1", "YT0001", day("2025-08-09"), "街道", "书院路街道办事处", "秦涛", "已提交"]],
    "检查问题": [
        [
            *("WT1", "XC1", "YT0001", "JC0703", 1.0, "公共部位", "灭火器过期", "1.jpg", 1.0),
            *(day("2025-08-16"), day("2025-08-14"), "否"),
        ],
        ["WT2", "XC1", "YT0001", "JC0101", 2.0, "室外", "未公示", "2.jpg", 4.0, day("2025-08-16"), None, "是"],
    ],
    "热线分类": [["01", "停车管理", "是", None], ["13", "其他", "否", "别的"]],
    "热线工单": [
        [
            *("R1", day("2025-07-01"), "YT0001", "01", "停车管理", "0101", "占道", "投诉举报", day("2025-07-06")),
            *(None, "满意"),
        ],
        ["R2", day("2025-07-02"), None, "13", "其他", "1301", "其他", "求助", None, "R1", "未回访"],
    ],
    "调解台账": [["TJ1", "诉前调解", "YT0001", A, day("2025-08-08"), day("2025-08-19"), "成功", 12440.0, None, "秦静"]],
    "物业费收缴": [["YT0001", A, "2025H2", 90826.77, 83454.77, day("2026-01-04")]],
    "满意度测评": [["MY1", "YT0001", day("2025-10-17"), "民声调查所", 48.0, 26.0, 96.9]],
    "信用信息": [
        [
            *("XY1", A, "不良", "未按期整改", 1.0, day("2025-07-16"), day("2025-07-16"), day("2028-07-14"), 5000.0),
            *("区住建局", "岳信1号", None),
        ]
    ],
    "培训班次": [
        ["PX1", "下半年班", "2025H2", day("2025-11-13"), day("2025-11-14"), 220.0, 12.0, "党校"],
    ],
    "培训报名": [["BM1", "PX1", A, "JL0001", "曾雪", day("2025-10-28"), "已录取", 540.0, 86.0, None, "PX1-001"]],
    "季度会议": [["HY1", "2025Q3", day("2025-09-11"), "区住建局", "各街道", 222.0, "政务中心", "通报情况"]],
    "会议议定事项": [
        ["HY1-01", "HY1", "公共收益公示", "双桥街道", day("2025-10-10"), "已完成"],
        ["HY1-02", "HY1", "消防整治", "各企业", day("2025-10-10"), "逾期"],
    ],
}


def book(*names: str) -> Book:
    """The sound district, or only some of its sheets."""
    wanted = names or tuple(ROWS)
    headings = {sheet.name: [column.header for column in sheet.shown] for sheet in SHEETS}
    return {name: [headings[name], *deepcopy(ROWS[name])] for name in wanted}


def put(content: Book, sheet: str, header: str, value: Any, row: int = 1) -> Book:
    """Put a value into the cell under a heading; rows of data count from 1."""
    content[sheet][row][content[sheet][0].index(header)] = value
    return content


def written(content: Mapping[str, Iterable[Iterable[Any]]], *, date_1904: bool = False) -> bytes:
    """The bytes of a workbook; text is text whatever it begins with, days are date cells."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date_1904}) as workbook:
        shape = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in content.items():
            page = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write(page, (row, column), cell, shape)
    return buffer.getvalue()


def _write(page: Any, at: tuple[int, int], cell: Any, shape: Any) -> None:
    match cell:
        case None:
            return
        case str():
            page.write_string(*at, cell)
        case bool():
            page.write_boolean(*at, cell)
        case datetime() | date():
            page.write_datetime(*at, cell, shape)
        case (str() as formula, result):
            page.write_formula(*at, formula, None, result)
        case _:
            page.write_number(*at, cell)


def edited(data: bytes, edit: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """Rewrite the parts of a package; `added` are new parts, `__` in their names stands for `/`."""
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(member.filename, edit(member.filename, source.read(member)))
        for name, content in added.items():
            target.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def read(content: Book, known: KnownKeys | None = None) -> Reading:
    return read_workbook(written(content), known=known)


def brief(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Kind, action, place and value of every remark."""
    return [
        (each.kind, str(each.action), f"{each.sheet}!{each.cell}", each.normalised_value)
        for each in reading.diagnostics
    ]


def only(reading: Reading) -> Diagnostic:
    """The one remark of a reading."""
    assert len(reading.diagnostics) == 1, brief(reading)
    return reading.diagnostics[0]
