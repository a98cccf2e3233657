"""Training sessions and enrolments, quarterly meetings and what was agreed there."""

from api.workbook.columns import Choice, Column, Sheet
from api.workbook.sheets.labels import ACTIONS, ENROLLMENTS
from api.workbook.sheets.makers import (
    EXPECTED,
    MANAGER,
    OPTIONAL,
    REQUIRED,
    choice,
    code,
    count,
    day,
    period,
    person,
    score,
    uscc,
    words,
)

SESSIONS = Sheet(
    "培训班次",
    "training_session",
    "training sessions",
    ("number",),
    (
        code("班次编号", "number", "session id"),
        words("班次名称", "title", "name", REQUIRED),
        period("期间", "half-year", "period", "H"),
        day("开始日期", "starts_on", "from"),
        day("结束日期", "ends_on", "to"),
        count("容量", "seats", "capacity", 0),
        count("学时", "hours", "class hours", 0),
        words("地点", "venue", "venue"),
    ),
    spans=(("starts_on", "ends_on"),),
)

ENROLLED = Sheet(
    "培训报名",
    "enrollment",
    "training enrolments",
    ("number",),
    (
        code("报名编号", "number", "enrolment id"),
        code("班次编号", "session_number", "session id", refers="training_session"),
        uscc(),
        MANAGER,
        person("姓名", "name", "name", REQUIRED),
        day("报名日期", "enrolled_on", "enrolled on"),
        choice("报名状态", "state", "state", ENROLLMENTS),
        count("签到分钟数", "minutes_present", "attendance minutes", 0, OPTIONAL),
        score("考试成绩", "exam_score", "exam", OPTIONAL),
        score("补考成绩", "resit_score", "resit", OPTIONAL),
        code("结业证书编号", "certificate_no", "certificate", OPTIONAL),
    ),
)

MEETINGS = Sheet(
    "季度会议",
    "meeting",
    "quarterly meetings",
    ("number",),
    (
        code("会议编号", "number", "meeting id"),
        period("季度", "quarter", "quarter", "Q"),
        day("会议日期", "held_on", "date"),
        words("主持单位", "chair", "chair", REQUIRED),
        words("参会单位", "participants", "participants", EXPECTED, 2000),
        count("参会人数", "present", "attendance", 0, EXPECTED),
        words("地点", "venue", "venue"),
        words("纪要摘要", "minutes", "minutes", EXPECTED, 5000),
    ),
)

ACTION_ITEMS = Sheet(
    "会议议定事项",
    "action_item",
    "meeting actions",
    ("number",),
    (
        code("事项编号", "number", "action id"),
        code("会议编号", "meeting_number", "meeting id", refers="meeting"),
        words("议定事项", "text", "action", REQUIRED, 2000),
        words("责任单位", "owner", "owner", REQUIRED),
        day("完成期限", "due_on", "due"),
        choice("完成情况", "state", "state", ACTIONS),
        Column("完成情况", "reported_state", "state", Choice({label: label for label in ACTIONS}), shadow=True),
    ),
)
