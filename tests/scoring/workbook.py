"""The district's sample workbook as facts of its rulebook, read directly, for tests of the engine alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "yuetang"

SEVERITY = {"一般": "LOW", "较重": "MODERATE", "严重": "SEVERE", "生命安全": "LIFE_SAFETY"}
INSPECTOR = {"住建局": "BUREAU", "第三方": "THIRD_PARTY", "街道": "STREET", "社区": "COMMUNITY"}
INSPECTION = {"已提交": "SUBMITTED", "草稿": "ACCEPTED", "作废": "VOIDED"}
PLACE = {"户内": "INDOOR", "公共部位": "COMMON", "室外": "OUTDOOR"}
CALLBACK = {"满意": "SATISFIED", "不满意": "DISSATISFIED", "未回访": "NOT_CALLED"}
ENROLMENT = {"已录取": "CONFIRMED", "候补": "WAITLISTED", "取消": "CANCELLED"}
CREDIT = {"良好": "GOOD", "不良": "BAD", "一票否决": "VETO"}


def require_shared() -> Path:
    """Return the folder of the sample, or skip the test."""
    if not SHARED.is_dir():
        pytest.skip(f"the sample workbook is not at {SHARED}")
    return SHARED


def number(value: Any) -> Decimal | None:
    return None if value == "" else Decimal(str(value))


def text(value: Any) -> str | None:
    return None if value == "" else str(value)


def day(value: Any) -> date | None:
    return None if value == "" else value


def yes(value: Any) -> bool:
    return {"是": True, "否": False}[value]


def code(codes: dict[str, str]) -> Callable[[Any], str]:
    return lambda value: codes[value]


Columns = dict[str, tuple[str, Callable[[Any], Any]]]

SHEETS: dict[str, tuple[str, Columns]] = {
    "company": ("物业企业", {"code": ("统一社会信用代码", text)}),
    "compound": (
        "小区台账",
        {"code": ("小区编码", text), "households": ("总户数", number), "area": ("总建筑面积", number)},
    ),
    "tenure": (
        "服务合同",
        {
            "id": ("合同编号", text),
            "compound": ("小区编码", text),
            "company": ("统一社会信用代码", text),
            "from": ("服务开始日期", day),
            "ended": ("实际终止日期", day),
        },
    ),
    "item": (
        "检查标准",
        {
            "code": ("标准编码", text),
            "category": ("类别", text),
            "each": ("每处扣分", number),
            "cap": ("扣分上限", number),
            "severity": ("严重程度", code(SEVERITY)),
        },
    ),
    "inspection": (
        "检查记录",
        {
            "id": ("检查编号", text),
            "compound": ("小区编码", text),
            "date": ("检查日期", day),
            "inspector": ("检查单位类型", code(INSPECTOR)),
            "state": ("状态", code(INSPECTION)),
        },
    ),
    "finding": (
        "检查问题",
        {
            "id": ("问题编号", text),
            "inspection": ("检查编号", text),
            "item": ("标准编码", text),
            "count": ("数量", number),
            "place": ("部位", code(PLACE)),
            "due": ("整改期限", day),
            "done": ("整改完成日期", day),
            "repeat": ("重复问题", yes),
        },
    ),
    "hotline_category": ("热线分类", {"code": ("类别代码", text), "counts": ("是否计分", yes)}),
    "case": (
        "热线工单",
        {
            "id": ("工单编号", text),
            "received": ("受理日期", day),
            "compound": ("小区编码", text),
            "category": ("类别代码", text),
            "closed": ("办结日期", day),
            "duplicate_of": ("重复工单号", text),
            "callback": ("回访结果", code(CALLBACK)),
        },
    ),
    "survey": (
        "满意度测评",
        {
            "id": ("测评编号", text),
            "compound": ("小区编码", text),
            "date": ("测评日期", day),
            "sent": ("发放份数", number),
            "valid": ("有效份数", number),
            "score": ("平均得分", number),
        },
    ),
    "fee": (
        "物业费收缴",
        {
            "company": ("统一社会信用代码", text),
            "compound": ("小区编码", text),
            "half": ("收费期间", text),
            "due": ("应收(元)", number),
            "paid": ("实收(元)", number),
        },
    ),
    "manager": (
        "项目经理",
        {
            "id": ("项目经理编号", text),
            "company": ("统一社会信用代码", text),
            "appointed": ("任职日期", day),
            "left": ("离职日期", day),
        },
    ),
    "session": ("培训班次", {"id": ("班次编号", text), "half": ("期间", text)}),
    "enrolment": (
        "培训报名",
        {
            "id": ("报名编号", text),
            "session": ("班次编号", text),
            "manager": ("项目经理编号", text),
            "state": ("报名状态", code(ENROLMENT)),
            "minutes": ("签到分钟数", number),
            "exam": ("考试成绩", number),
            "resit": ("补考成绩", number),
        },
    ),
    "credit": (
        "信用信息",
        {
            "id": ("信息编号", text),
            "company": ("统一社会信用代码", text),
            "kind": ("信息类别", code(CREDIT)),
            "points": ("分值", number),
            "determined": ("认定日期", day),
            "valid_from": ("有效期起", day),
            "valid_until": ("有效期止", day),
            "revoked": ("撤销日期", day),
        },
    ),
}


@lru_cache(maxsize=1)
def district_facts() -> dict[str, list[dict[str, Any]]]:
    """Return the facts of the clean workbook."""
    book = CalamineWorkbook.from_path(str(require_shared() / "yuetang_2026H1.xlsx"))
    facts = {}
    for table, (sheet, columns) in SHEETS.items():
        header, *body = book.get_sheet_by_name(sheet).to_python()
        at = {name: (header.index(title), convert) for name, (title, convert) in columns.items()}
        rows = [{name: convert(row[place]) for name, (place, convert) in at.items()} for row in body]
        facts[table] = rows
    for row in facts["fee"]:
        row["id"] = "/".join([row["compound"], row["company"], row["half"]])
    return facts
