"""Remarks on a sheet, its headings, or the whole file."""

from collections.abc import Mapping

from api.workbook.catalogue.entry import Entry, entry

LAYOUT: Mapping[str, Entry] = {
    "unknown_sheet": entry(
        "表「{raw}」不是模板中的表,其内容未导入。",
        "Sheet {raw} is none of the template's; what it holds was not imported.",
        "如是台账,请改用模板中的表名;否则无需处理。",
        "If it is a register, name it as in the template; otherwise nothing to do.",
    ),
    "misspelt_sheet": entry(
        "表「{raw}」不是模板中的表,其内容未导入;文件中缺少名称相近的表「{detail}」。",
        "Sheet {raw} is none of the template's and was not imported; a sheet {detail}, named alike, is missing.",
        "如是「{detail}」,请改正表名后重新导入;否则无需处理。",
        "If {detail} is meant, correct the name and import again; otherwise nothing to do.",
    ),
    "merged_title_rows": entry(
        "表「{detail}」的表头上方有标题行,已找到表头。",
        "Sheet {detail} has title rows above its headings; the headings were found.",
        "无需处理。",
        "Nothing to do.",
    ),
    "columns_reordered": entry(
        "表「{detail}」的列顺序与模板不同,已按表头名称对应。",
        "The columns of sheet {detail} stand in another order than in the template; they were matched by name.",
        "无需处理。",
        "Nothing to do.",
    ),
    "blank_trailing_rows": entry(
        "{where}起有 {detail} 行只有空格或格式,已忽略。",
        "{where}: {detail} rows from here on hold only blanks or formats; they were ignored.",
        "无需处理。",
        "Nothing to do.",
    ),
    "blank_rows": entry(
        "{where}起有 {detail} 个空行,已忽略。",
        "{where}: {detail} empty rows among the data were ignored.",
        "无需处理。",
        "Nothing to do.",
    ),
    "header_line_break": entry(
        "{where}的表头“{raw}”中有换行,已按“{column}”对应。",
        "{where}: the heading “{raw}” has a line break; it was read as “{column}”.",
        "无需处理。",
        "Nothing to do.",
    ),
    "header_normalised": entry(
        "{where}的表头“{raw}”含空格或全角字符,已按“{column}”对应。",
        "{where}: the heading “{raw}” has blanks or full-width characters; it was read as “{column}”.",
        "无需处理。",
        "Nothing to do.",
    ),
    "unknown_column": entry(
        "{where}:「{raw}」不是本表的列,该列内容未导入。",
        "{where}: “{raw}” is not a column of this sheet; what it holds was not imported.",
        "如是列名写错,请改成模板中的列名;否则无需处理。",
        "If the heading is misspelt, write it as in the template; otherwise nothing to do.",
    ),
    "duplicate_column": entry(
        "{where}:「{column}」列出现两次且内容相同,只读了第一列。",
        "{where}: column {column} stands twice with the same content; the first one was read.",
        "请删去重复的列。",
        "Delete the second column.",
    ),
    "conflicting_columns": entry(
        "{where}:「{column}」列出现两次且内容不同,无法判断以哪一列为准,本表未导入。",
        "{where}: column {column} stands twice with different content; the sheet was left out.",
        "请只保留正确的一列。",
        "Keep only the column that is right.",
    ),
    "missing_column:WARN": entry(
        "{where}缺少选填列「{column}」,其余各列已导入;该列已存的内容不变。",
        "{where} lacks the optional column {column}; the others were imported, and what is stored of it stays.",
        "如需更新该列,请补上列名和内容后重新导入。",
        "To change it, add the column with its heading and import again.",
    ),
    "missing_column:REJECT_SHEET": entry(
        "{where}缺少必填列「{column}」,本表未导入,其他表已导入。",
        "{where} lacks the required column {column}; the sheet was left out, the others were imported.",
        "请补上列名为「{column}」的列及其内容后重新导入。",
        "Add a column with the heading {column} and its values, and import again.",
    ),
    "missing_column:REJECT_FILE": entry(
        "{where}缺少必填列「{column}」,其他表要引用本表,因此整个文件未导入。",
        "{where} lacks the required column {column}; other sheets rest on this one, so nothing was imported.",
        "请补上列名为「{column}」的列及其内容后重新导入。",
        "Add a column with the heading {column} and its values, and import again.",
    ),
    "missing_header": entry(
        "{where}有内容,但前 {detail} 行中找不到表头,本表未导入。",
        "{where} has content but no row of headings among its first {detail} rows; it was left out.",
        "请用模板中的列名作为表头。",
        "Use the headings of the template.",
    ),
    "duplicate_sheet": entry(
        "文件里有两张「{detail}」表,无法判断以哪一张为准,两张都未导入。",
        "The file has two sheets {detail}; neither was imported.",
        "请合并或删除其中一张。",
        "Merge them, or delete one.",
    ),
    "too_many_rows": entry(
        "{where}超过 {detail} 行,未导入。",
        "{where} has more than {detail} rows; it was not read.",
        "请拆分为几个文件分别导入。",
        "Split it into several files.",
        "TOO_MANY_ROWS",
    ),
    "too_many_cells": entry(
        "{where}从 A1 到最后一个有内容的单元格共 {detail} 格,范围过大,未导入。",
        "{where} spans {detail} cells from A1 to the last one with content; it was not read.",
        "请删除远离表格的内容后重新导入。",
        "Delete what stands far away from the table, and import again.",
    ),
}

FILES: Mapping[str, Entry] = {
    "unreadable_file": entry(
        "文件不是可读取的 xlsx 工作簿({detail}),未导入任何内容。",
        "The file is not a readable xlsx workbook ({detail}); nothing was imported.",
        "请在表格软件中打开并另存为“Excel 工作簿(*.xlsx)”后重新导入。",
        "Open it in a spreadsheet program, save it as an Excel workbook (*.xlsx), and import again.",
    ),
    "encrypted_file": entry(
        "文件有打开密码或是旧版 xls 格式,未导入任何内容。",
        "The file has a password or is in the old xls format; nothing was imported.",
        "请去掉密码并另存为“Excel 工作簿(*.xlsx)”后重新导入。",
        "Take the password off, save it as an Excel workbook (*.xlsx), and import again.",
    ),
    "file_with_macros": entry(
        "文件带有宏({detail}),出于安全考虑未导入任何内容。",
        "The file holds macros ({detail}); for safety nothing was imported.",
        "请另存为不含宏的 *.xlsx 后重新导入。",
        "Save it as *.xlsx without macros, and import again.",
    ),
    "external_links": entry(
        "文件引用了其他工作簿或外部数据({detail}),未导入任何内容。",
        "The file links to other workbooks or outside data ({detail}); nothing was imported.",
        "请断开外部链接(改为数值)后重新导入。",
        "Break the links (keep the values), and import again.",
    ),
    "zip_bomb": entry(
        "文件解压后过大({detail}),未导入任何内容。",
        "The file unpacks to far more than a workbook can need ({detail}); nothing was imported.",
        "请删除多余的表、图片和格式,或拆分文件后重新导入。",
        "Delete needless sheets, pictures and formats, or split the file, and import again.",
    ),
    "entity_expansion": entry(
        "文件内部含有实体或文档类型声明({detail}),出于安全考虑未导入任何内容。",
        "The file declares entities or a document type inside ({detail}); for safety nothing was imported.",
        "请在表格软件中打开并另存为 *.xlsx 后重新导入。",
        "Open it in a spreadsheet program, save it as *.xlsx, and import again.",
    ),
    "wrong_encoding": entry(
        "文件内部的编码不是 UTF-8({detail}),未导入任何内容。",
        "The file is not written in UTF-8 inside ({detail}); nothing was imported.",
        "请在表格软件中打开并另存为 *.xlsx 后重新导入。",
        "Open it in a spreadsheet program, save it as *.xlsx, and import again.",
    ),
    "no_known_sheet": entry(
        "文件里没有一张可识别的表(现有:{detail}),未导入任何内容。",
        "The file has none of the sheets known (it has: {detail}); nothing was imported.",
        "请按模板命名各表,例如「小区台账」。",
        "Name the sheets as in the template, e.g. 小区台账.",
    ),
}
