"""Remarks on a cell that could not be read: its row was left out, or the cell imported as not known."""

from collections.abc import Mapping

from api.workbook.catalogue.entry import Entry, entry
from schema.words import Words

REFUSED: Mapping[str, Entry] = {
    "missing_required": entry(
        "{where}为空,该列必填,本行未导入。",
        "{where} is empty, but the column is required; the row was left out.",
        "请补填该单元格。",
        "Fill in the cell.",
    ),
    "not_a_number": entry(
        "{where}“{raw}”不是数字,本行未导入。",
        "{where}: “{raw}” is not a number; the row was left out.",
        "请填阿拉伯数字,不带单位和文字。",
        "Write figures without unit or words.",
    ),
    "not_an_integer": entry(
        "{where}“{raw}”不是整数,本行未导入。",
        "{where}: “{raw}” is not a whole number; the row was left out.",
        "请填整数。",
        "Write a whole number.",
    ),
    "negative_count": entry(
        "{where}的数量 {raw} 小于 {detail},本行未导入。",
        "{where}: the count {raw} is below {detail}; the row was left out.",
        "请填不小于 {detail} 的整数。",
        "Write a whole number of at least {detail}.",
    ),
    "negative_amount": entry(
        "{where}的数值 {raw} 小于 {detail},本行未导入。",
        "{where}: {raw} is below {detail}; the row was left out.",
        "请填不小于 {detail} 的数值。",
        "Write a number of at least {detail}.",
    ),
    "score_out_of_range": entry(
        "{where}的得分 {raw} 不在 {detail} 之间,本行未导入。",
        "{where}: the mark {raw} is not within {detail}; the row was left out.",
        "请按百分制填写({detail})。",
        "Write a mark within {detail}.",
    ),
    "value_out_of_range": entry(
        "{where}的数值 {raw} 超出允许范围({detail}),本行未导入。",
        "{where}: {raw} is outside the range allowed ({detail}); the row was left out.",
        "请填 {detail} 之间的数值。",
        "Write a number within {detail}.",
    ),
    "digits_lost": entry(
        "{where}的编码以数字保存为 {raw},15 位以后的数字已丢失,本行未导入。",
        "{where}: the code was kept as the number {raw}, so its digits after the 15th are lost; the row was left out.",
        "请先把单元格设为文本格式,再重新填写完整编码。",
        "Give the cell a text format, then type the whole code again.",
    ),
    "not_a_date": entry(
        "{where}“{raw}”不是可识别的日期,本行未导入。",
        "{where}: “{raw}” is not a date that has one reading; the row was left out.",
        "请按年月日填写,例如 2026-03-25;没有日期的选填项请留空。",
        "Write year, month and day, e.g. 2026-03-25; leave an optional cell empty if there is no day.",
    ),
    "impossible_date": entry(
        "{where}“{raw}”这一天不存在,本行未导入。",
        "{where}: there is no day “{raw}”; the row was left out.",
        "请核对月份和日期。",
        "Check month and day.",
    ),
    "date_out_of_range": entry(
        "{where}“{raw}”的年份不合理,本行未导入。",
        "{where}: the year of “{raw}” cannot be right; the row was left out.",
        "请核对年份(1949 年至 2100 年)。",
        "Check the year (1949 to 2100).",
    ),
    "unknown_enum": entry(
        "{where}“{raw}”不在可选值之内(可选:{detail}),本行未导入。",
        "{where}: “{raw}” is not one of the values allowed ({detail}); the row was left out.",
        "请从下列值中选择:{detail}。",
        "Choose one of: {detail}.",
    ),
    "invalid_period": entry(
        "{where}“{raw}”不是{detail},本行未导入。",
        "{where}: “{raw}” is not {detail}; the row was left out.",
        "请填{detail}。",
        "Write {detail}.",
    ),
    "text_too_long": entry(
        "{where}的文字超过 {detail} 个字,本行未导入。",
        "{where}: the text has more than {detail} characters; the row was left out.",
        "请缩短到 {detail} 个字以内。",
        "Shorten it to {detail} characters.",
    ),
    "control_character": entry(
        "{where}“{raw}”含有不可见的控制字符,本行未导入。",
        "{where}: “{raw}” holds control characters; the row was left out.",
        "请重新手工输入该单元格。",
        "Type the cell again by hand.",
    ),
    "bad_check_digit": entry(
        "{where}“{raw}”的校验码不对(GB 32100-2015),本行未导入。",
        "{where}: the check character of “{raw}” is wrong (GB 32100-2015); the row was left out.",
        "请对照营业执照逐位核对统一社会信用代码。",
        "Compare the code with the business licence, character by character.",
    ),
    "malformed_code": entry(
        "{where}“{raw}”不是 18 位统一社会信用代码(数字和大写字母,不含 I、O、S、V、Z),本行未导入。",
        "{where}: “{raw}” is not a unified social credit code (18 digits or capitals, without I, O, S, V, Z); "
        "the row was left out.",
        "请对照营业执照填写 18 位代码。",
        "Copy the 18 characters from the business licence.",
    ),
    "formula_no_cached_value": entry(
        "{where}是公式“{raw}”,文件里没有它的计算结果,程序不代为计算,本行未导入。",
        "{where} holds the formula “{raw}” but not its result, and formulas are never computed here; "
        "the row was left out.",
        "请在表格软件中打开并保存一次,或直接填数值。",
        "Open and save the file in a spreadsheet program, or write the value itself.",
    ),
    "error_value": entry(
        "{where}是错误值 {raw},本行未导入。",
        "{where} holds the error {raw}; the row was left out.",
        "请改正公式,或直接填写内容。",
        "Mend the formula, or write the value itself.",
    ),
}

LEFT_OUT, NOT_KNOWN = (
    Words("本行未导入", "the row was left out"),
    Words("该格按“未知”导入,本行其余各列照常导入", "it was imported as not known, the rest of the row as it stands"),
)


def _kept(refusal: Entry) -> Entry:
    """The same remark where the row stays."""
    said = refusal.message
    assert LEFT_OUT.zh in said.zh, said.zh
    assert LEFT_OUT.en in said.en, said.en
    message = Words(said.zh.replace(LEFT_OUT.zh, NOT_KNOWN.zh), said.en.replace(LEFT_OUT.en, NOT_KNOWN.en))
    return Entry(message, refusal.remedy, refusal.code)


UNREAD: Mapping[str, Entry] = {f"{kind}:WARN": _kept(refusal) for kind, refusal in REFUSED.items()}
"""For cells of columns in which empty means not known."""
