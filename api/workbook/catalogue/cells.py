"""Remarks on a cell that was read after all."""

from collections.abc import Mapping

from api.workbook.catalogue.entry import Entry, entry

READ: Mapping[str, Entry] = {
    "date_as_text": entry(
        "{where}的日期是文字“{raw}”,已按 {value} 读入。",
        "{where}: the day is typed as text “{raw}”; it was read as {value}.",
        "请核对;以后请按日期格式填写,例如 2026-03-25。",
        "Check it; next time type a date, e.g. 2026-03-25.",
    ),
    "date_as_serial": entry(
        "{where}的日期显示为数字 {raw},按日期序号换算为 {value}。",
        "{where}: the day stands as the number {raw}, the serial number of {value}.",
        "请核对;以后请把该列设为日期格式。",
        "Check it; next time give the column a date format.",
    ),
    "full_width_digits": entry(
        "{where}“{raw}”含全角字符,已按“{value}”读入。",
        "{where}: “{raw}” has full-width characters; it was read as “{value}”.",
        "以后请用半角字符填写。",
        "Type plain characters next time.",
    ),
    "stray_spaces": entry(
        "{where}“{raw}”多了空格或换行,已按“{value}”读入。",
        "{where}: “{raw}” has stray blanks or line breaks; it was read as “{value}”.",
        "以后请去掉多余的空格和换行。",
        "Leave out blanks and line breaks next time.",
    ),
    "number_as_text_thousands": entry(
        "{where}的数字是带千位分隔符的文字“{raw}”,已按 {value} 读入。",
        "{where}: the number is text with thousands separators “{raw}”; it was read as {value}.",
        "以后请直接填数字,不加分隔符。",
        "Type the bare number next time.",
    ),
    "number_as_text": entry(
        "{where}的数字是文字“{raw}”,已按 {value} 读入。",
        "{where}: the number is typed as text “{raw}”; it was read as {value}.",
        "以后请把该列设为数值格式。",
        "Give the column a number format next time.",
    ),
    "lower_case_code": entry(
        "{where}的代码“{raw}”用了小写字母,已按“{value}”读入。",
        "{where}: the code “{raw}” has small letters; it was read as “{value}”.",
        "代码请用大写字母。",
        "Write codes in capitals.",
    ),
    "leading_equals": entry(
        "{where}“{raw}”以等号开头但不是公式,已作为文字保存。",
        "{where}: “{raw}” begins with an equals sign and is not a formula; it was stored as text.",
        "如等号是误输入,请删去后重新导入。",
        "If the sign was a slip, delete it and import again.",
    ),
    "bad_phone": entry(
        "{where}“{raw}”不像电话号码(位数不对),已原样保存。",
        "{where}: “{raw}” does not look like a telephone number; it was stored as it is.",
        "请填 11 位手机号,或带区号的固定电话,例如 0731-55501234。",
        "Write a mobile number of 11 digits or a landline with area code, e.g. 0731-55501234.",
    ),
    "rounded_value": entry(
        "{where}的数值 {raw} 小数位数过多,按 {detail}位小数保存为 {value}。",
        "{where}: {raw} has more decimal places than are kept ({detail}); it was stored as {value}.",
        "请核对;如不同意,请填不超过该位数的数值后重新导入。",
        "Check it; if it is not right, write a number with no more places and import again.",
    ),
    "missing_optional": entry(
        "{where}为空,已按“未知”导入。",
        "{where} is empty; it was imported as not known.",
        "如已掌握,请补填后重新导入。",
        "Fill it in when it is known, and import again.",
    ),
}
