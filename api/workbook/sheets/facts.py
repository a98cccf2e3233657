"""Evidence from elsewhere: hotline cases, mediations, fees, surveys and credit information."""

from api.workbook.columns import Sheet
from api.workbook.sheets.labels import CALLBACKS, CREDITS, MEDIATIONS, OUTCOMES, TICKETS, YES_NO
from api.workbook.sheets.makers import (
    COMPOUND,
    EXPECTED,
    OPTIONAL,
    REQUIRED,
    choice,
    code,
    count,
    day,
    money,
    period,
    person,
    points,
    score,
    uscc,
    words,
)

CATEGORIES = Sheet(
    "热线分类",
    "complaint_category",
    "hotline categories",
    ("code",),
    (
        code("类别代码", "code", "category code"),
        words("类别名称", "label", "category", REQUIRED),
        choice("是否计分", "counts_for_score", "counts for score", YES_NO),
        words("别名", "aliases", "alias", OPTIONAL),
    ),
)

COMPLAINTS = Sheet(
    "热线工单",
    "complaint",
    "hotline cases",
    ("external_ref",),
    (
        code("工单编号", "external_ref", "case id"),
        day("受理日期", "received_on", "received on"),
        code("小区编码", "compound_code", "compound code", OPTIONAL, refers="compound"),
        code("类别代码", "category_code", "category code", refers="complaint_category"),
        words("类别名称", "received_category", "category"),
        code("事项代码", "item_code", "item code", EXPECTED),
        words("事项名称", "item_name", "item"),
        choice("工单类型", "kind", "case kind", TICKETS),
        day("办结日期", "closed_on", "closed on", OPTIONAL),
        code("重复工单号", "duplicate_of", "duplicate of", OPTIONAL, refers="complaint"),
        choice("回访结果", "callback", "call-back", CALLBACKS),
    ),
    spans=(("received_on", "closed_on"),),
)

MEDIATION = Sheet(
    "调解台账",
    "mediation",
    "mediations",
    ("number",),
    (
        code("调解编号", "number", "mediation id"),
        choice("调解类型", "kind", "kind", MEDIATIONS),
        COMPOUND,
        uscc(OPTIONAL),
        day("受理日期", "received_on", "received on"),
        day("办结日期", "closed_on", "closed on", OPTIONAL),
        choice("结果", "succeeded", "result", OUTCOMES),
        money("调处金额(元)", "amount_fen", "amount mediated, yuan", OPTIONAL),
        money("收回欠缴物业费(元)", "arrears_recovered_fen", "arrears recovered, yuan", OPTIONAL),
        person("调解人", "mediator", "mediator"),
    ),
    spans=(("received_on", "closed_on"),),
)

FEES = Sheet(
    "物业费收缴",
    "fee_period",
    "fee periods",
    ("compound_code", "uscc", "period"),
    (
        COMPOUND,
        uscc(),
        period("收费期间", "half-year", "period", "H"),
        money("应收(元)", "receivable_fen", "receivable, yuan", REQUIRED),
        money("实收(元)", "collected_fen", "received, yuan", REQUIRED),
        day("上报日期", "reported_on", "reported on", EXPECTED),
    ),
)

SURVEYS = Sheet(
    "满意度测评",
    "survey_round",
    "survey rounds",
    ("number",),
    (
        code("测评编号", "number", "survey id"),
        COMPOUND,
        day("测评日期", "held_on", "date"),
        words("测评机构", "agency", "agency"),
        count("发放份数", "sample", "sample", 1),
        count("有效份数", "responses", "valid responses", 0),
        score("平均得分", "score", "mean score", REQUIRED),
    ),
)

CREDIT_ITEMS = Sheet(
    "信用信息",
    "credit_item",
    "credit items and vetoes",
    ("number",),
    (
        code("信息编号", "number", "credit item id"),
        uscc(),
        choice("信息类别", "kind", "kind", CREDITS),
        words("事项", "matter", "matter", REQUIRED, 500),
        points("分值", "points", "points, a positive number"),
        day("认定日期", "determined_on", "determined on"),
        day("有效期起", "valid_from", "valid from"),
        day("有效期止", "valid_until", "valid to", OPTIONAL),
        money("处罚金额(元)", "fine_fen", "fine, yuan", OPTIONAL),
        words("认定单位", "issuer", "authority"),
        words("文书号", "document_no", "document"),
        day("撤销日期", "revoked_on", "revoked on", OPTIONAL),
    ),
    spans=(("valid_from", "valid_until"), ("determined_on", "revoked_on")),
)
