"""Remarks on a row among other rows: keys, references, overlaps, days in the wrong order, lines that are no data."""

from collections.abc import Mapping

from api.workbook.catalogue.entry import Entry, entry

UNKNOWN: Mapping[str, tuple[str, str, str]] = {
    "area": ("unknown_area", "街道社区", "area"),
    "compound": ("unknown_compound", "小区台账", "compound"),
    "company": ("unknown_company", "物业企业", "company"),
    "appointment": ("unknown_manager", "项目经理", "manager"),
    "checklist_item": ("unknown_item", "检查标准", "checklist item"),
    "inspection": ("unknown_inspection", "检查记录", "inspection"),
    "training_session": ("unknown_session", "培训班次", "training session"),
    "meeting": ("unknown_meeting", "季度会议", "meeting"),
    "complaint_category": ("unknown_category", "热线分类", "category"),
    "complaint": ("unknown_case", "热线工单", "case"),
}
"""Noun referred to → kind of the remark, sheet that lists the noun, English word."""

KEPT = frozenset({"complaint_category", "complaint"})
"""A case of a category outside the list, or one that repeats a case not at hand, is a case all the same."""


def _unknown(sheet: str, english: str) -> Entry:
    return entry(
        f"{{where}}“{{raw}}”在「{sheet}」和已有数据中都没有{{detail}},本行未导入。",
        f"{{where}}: there is no {english} “{{raw}}” in sheet {sheet} or among the data stored{{detail}}; "
        "the row was left out.",
        f"请核对编码,或先在「{sheet}」中补登(更正)这一条。",
        f"Check the code, or first enter or mend it in sheet {sheet}.",
        "NOT_FOUND",
    )


ROWS: Mapping[str, Entry] = {
    **{kind: _unknown(sheet, english) for noun, (kind, sheet, english) in UNKNOWN.items() if noun not in KEPT},
    "unknown_category": entry(
        "{where}类别代码“{raw}”不在「热线分类」中,工单已导入但不计分。",
        "{where}: category “{raw}” is not in sheet 热线分类; the case was imported and does not count for the score.",
        "如该类别应当计分,请在「热线分类」中补登后重新导入。",
        "If cases of this category should count, add it to sheet 热线分类 and import again.",
    ),
    "unknown_case": entry(
        "{where}重复工单号“{raw}”在「热线工单」和已有数据中都没有,工单仍按重复工单导入。",
        "{where}: the repeated case “{raw}” is neither in sheet 热线工单 nor stored; "
        "the row was imported as a repeat all the same.",
        "请核对工单号;如不是重复工单,请清空该单元格。",
        "Check the number; clear the cell if the case repeats no other.",
    ),
    "duplicate_row": entry(
        "{where}“{raw}”与第 {detail} 行完全相同,只导入一次。",
        "{where}: “{raw}” repeats row {detail} word for word; it was imported once.",
        "可删除重复的行。",
        "Delete the repeated row.",
    ),
    "duplicate_key_conflict": entry(
        "{where}“{raw}”与第 {detail} 行编号相同而内容不同,以先出现的行为准,本行未导入。",
        "{where}: “{raw}” has the key of row {detail} but other values; the first one holds, this row was left out.",
        "请核对两行:编号有误的请改编号,内容有更正的请只保留正确的一行。",
        "Compare the two rows: correct the key, or keep only the row that is right.",
        "DUPLICATE",
    ),
    "total_row": entry(
        "{where}“{raw}”是汇总行,不是数据,已跳过。",
        "{where}: “{raw}” is a sum line and not data; it was skipped.",
        "无需处理;建议数据表中不放汇总行。",
        "Nothing to do; better keep sums out of the table.",
    ),
    "repeated_heading": entry(
        "{where}“{raw}”是重复的表头,不是数据,已跳过。",
        "{where}: “{raw}” repeats the headings and is not data; it was skipped.",
        "无需处理;建议数据表中只保留一行表头。",
        "Nothing to do; better keep one row of headings.",
    ),
    "overlapping_contract": entry(
        "{where}:合同 {key} 自 {raw} 起与合同 {detail} 的在管期间重叠(同一小区同一日只能有一家企业在管),本行未导入。",
        "{where}: contract {key} from {raw} overlaps contract {detail} of the same compound, "
        "where only one company can be in charge on a day; the row was left out.",
        "如前一合同已经终止,请填写其实际终止日期;否则请更正本合同的服务开始日期。",
        "If the other contract has ended, fill in its actual end; otherwise mend the first day of this one.",
        "OVERLAP",
    ),
    "end_before_start": entry(
        "{where}的 {raw} 早于{detail},本行未导入。",
        "{where}: {raw} is before {detail}; the row was left out.",
        "请核对这两个日期。",
        "Check the two days.",
    ),
    "valid_beyond_sample": entry(
        "{where}的有效份数 {raw} 多于发放份数 {detail},本行未导入。",
        "{where}: {raw} valid responses are more than the {detail} sent out; the row was left out.",
        "请核对发放份数和有效份数。",
        "Check both numbers.",
    ),
    "compound_mismatch": entry(
        "{where}“{raw}”与所属检查的小区 {detail} 不一致,本行未导入。",
        "{where}: “{raw}” is not the compound of the inspection, which is {detail}; the row was left out.",
        "请核对检查编号和小区编码。",
        "Check the inspection id and the compound code.",
    ),
    "score_beyond_cap": entry(
        "{where}的记录扣分 {raw} 超过该项扣分上限 {detail},已原样保存;计分时按办法重新计算。",
        "{where}: the deduction {raw} is above the cap {detail} of its item; it was stored as it is, "
        "and scores are computed from the rules.",
        "请核对记录扣分。",
        "Check the deduction noted.",
    ),
    "lat_lon_swapped": entry(
        "{where}的 {raw} 是经度的数值,纬度与经度填反了;其余各列已导入,坐标未保存。",
        "{where}: {raw} is a longitude, so latitude and longitude are exchanged; "
        "the row was imported without a position.",
        "请对调纬度和经度后重新导入。",
        "Exchange latitude and longitude and import again.",
    ),
    "coordinate_out_of_range": entry(
        "{where}的 {raw} 不在本区附近({detail});其余各列已导入,坐标未保存。",
        "{where}: {raw} does not lie near the district ({detail}); the row was imported without a position.",
        "请核对坐标(WGS 84,单位:度)。",
        "Check the position (WGS 84, degrees).",
    ),
}
