"""The checklist, the visits and what they found."""

from api.workbook.columns import Sheet
from api.workbook.sheets.labels import BODIES, INSPECTION_STATES, PLACES, SECTIONS, SEVERITIES, YES_NO
from api.workbook.sheets.makers import (
    COMPOUND,
    EXPECTED,
    OPTIONAL,
    REQUIRED,
    choice,
    code,
    count,
    day,
    person,
    points,
    words,
)

ITEMS = Sheet(
    "检查标准",
    "checklist_item",
    "checklist",
    ("code",),
    (
        code("标准编码", "code", "item code"),
        choice("类别", "section", "category", SECTIONS),
        points("类别分值", "section_points", "category points"),
        words("检查内容", "text", "item", REQUIRED, 500),
        points("每处扣分", "points_each", "points per occurrence"),
        points("扣分上限", "points_max", "item cap"),
        choice("严重程度", "severity", "severity", SEVERITIES),
    ),
)

INSPECTIONS = Sheet(
    "检查记录",
    "inspection",
    "inspections",
    ("number",),
    (
        code("检查编号", "number", "inspection id"),
        COMPOUND,
        day("检查日期", "inspected_on", "date"),
        choice("检查单位类型", "body_kind", "inspector type", BODIES),
        words("检查单位", "body_name", "inspector organisation"),
        person("检查人", "inspector", "inspector"),
        choice("状态", "state", "state", INSPECTION_STATES),
    ),
)

FINDINGS = Sheet(
    "检查问题",
    "finding",
    "findings",
    ("number",),
    (
        code("问题编号", "number", "finding id"),
        code("检查编号", "inspection_number", "inspection id", refers="inspection"),
        COMPOUND,
        code("标准编码", "item_code", "item code", refers="checklist_item"),
        count("数量", "occurrences", "count", 1),
        choice("部位", "place", "place", PLACES),
        words("问题描述", "description", "description", EXPECTED, 2000),
        words("照片文件", "photo", "photo file", EXPECTED),
        points("记录扣分", "recorded_points", "deduction noted on site", EXPECTED),
        day("整改期限", "rectify_by", "rectify by"),
        day("整改完成日期", "rectified_on", "rectified on", OPTIONAL),
        choice("重复问题", "repeat", "repeat", YES_NO),
    ),
)
