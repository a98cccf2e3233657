"""What can be wrong with files of facts or earlier results: what in Chinese and English, remedy in both."""

from typing import Any, Final

from scoring.diagnostics import Diagnostic, Place

SENTENCES: Final[dict[str, tuple[str, str, str, str]]] = {
    "FILE_MISSING": (
        "没有事实表「{table}」的文件。",
        "There is no file for the fact table `{table}`.",
        "请提供 {table}.csv 或 {table}.json;没有行时只写表头。",
        "Supply {table}.csv or {table}.json; where there are no rows, the header alone.",
    ),
    "FILE_TWICE": (
        "事实表「{table}」有两个文件。",
        "The fact table `{table}` has two files.",
        "请删去 {table}.csv 或 {table}.json 中的一个。",
        "Remove one of {table}.csv and {table}.json.",
    ),
    "FILE_UNKNOWN": (
        "规则没有事实表「{table}」。",
        "The rulebook has no fact table `{table}`.",
        "请更正文件名或移走该文件;规则的表:{known}。",
        "Correct the file name or move the file away; the rulebook's tables: {known}.",
    ),
    "FILE_FORMAT": (
        "{suffix} 文件不能读取。",
        "A {suffix} file cannot be read.",
        "请另存为「CSV UTF-8」,或移走该文件;规则的表:{known}。",
        "Save it as CSV UTF-8 or move it away; the rulebook's tables: {known}.",
    ),
    "FILE_EMPTY": (
        "文件是空的。",
        "The file is empty.",
        "没有行时也要写表头:{known}。",
        "Even without rows the header is needed: {known}.",
    ),
    "FILE_IS_JSON": (
        "文件名是 .csv,内容却是 JSON。",
        "The name ends in .csv, the content is JSON.",
        "请改名为 {table}.json,或另存为 CSV。",
        "Rename it to {table}.json, or save it as CSV.",
    ),
    "FILE_ENCODING": (
        "文件不是 UTF-8 编码{seems_zh}。",
        "The file is not UTF-8{seems_en}.",
        "请另存为「CSV UTF-8」。",
        "Save it as CSV UTF-8.",
    ),
    "FILE_SYNTAX": (
        "此处无法读取:{why_zh}。",
        "This cannot be read: {why_en}.",
        "请更正此处。",
        "Correct it here.",
    ),
    "HEADER_MISSING": (
        "表头缺少列「{column}」。",
        "The header lacks the column `{column}`.",
        "请补上该列;规则要求:{known}。",
        "Add it; the rulebook asks for: {known}.",
    ),
    "HEADER_UNKNOWN": (
        "规则的表「{table}」没有列「{column}」。",
        "The rulebook's table `{table}` has no column `{column}`.",
        "请更正列名或删去该列;规则的列:{known}。",
        "Correct the name or remove the column; the rulebook's columns: {known}.",
    ),
    "HEADER_TWICE": (
        "列「{column}」出现两次。",
        "The column `{column}` stands twice.",
        "请删去或改名其中一列。",
        "Remove or rename one of them.",
    ),
    "ROW_WIDTH": (
        "该行有 {have} 格,表头有 {want} 列。",
        "The row has {have} cells, the header {want} columns.",
        "含逗号的内容要加双引号;请补足或删去多余的格。",
        "Put cells with a comma in double quotes; add or remove cells.",
    ),
    "HISTORY_COLUMN": (
        "往期结果缺少列「{column}」。",
        "The earlier results lack the column `{column}`.",
        "请使用往期运行写出的结果文件,或补上该列。",
        "Use the file an earlier run wrote, or add the column.",
    ),
    "HISTORY_VALUE": (
        "列「{column}」的值「{value}」不符合类型「{want}」。",
        "`{column}` holds `{value}`, which is no `{want}`.",
        "请更正;没有结果时写 KIND(REASON),例如 NO_RESULT(NOT_INSPECTED)。",
        "Correct it; for no result write KIND(REASON), such as NO_RESULT(NOT_INSPECTED).",
    ),
    "HISTORY_SUBJECT": (
        "「{grain}」没有「{value}」这样的对象:应有 {want}。",
        "`{value}` is no subject of `{grain}`, which has the keys {want}.",
        "请把各键用 | 连接,例如 K1|2025Q1。",
        "Join the keys with |, such as K1|2025Q1.",
    ),
    "HISTORY_PERIOD": (
        "「{subject}」的「{key}」与所在行的期间「{period}」不符,这一行不会被读到。",
        "`{key}` of the subject `{subject}` is not the period of its row, {period}, so nothing would read it.",
        "请更正 subject 或 period。",
        "Correct the subject or the period.",
    ),
    "HISTORY_GRAIN": (
        "规则没有结果粒度「{grain}」。",
        "The rulebook has no results of `{grain}`.",
        "请更正 grain 列或删去该行;规则的结果:{known}。",
        "Correct the column `grain` or remove the row; the rulebook's results: {known}.",
    ),
    "HISTORY_TWICE": (
        "「{grain}」的「{subject}」在「{period}」的往期结果出现两次。",
        "`{subject}` of `{grain}` has two earlier results of {period}.",
        "请删去其中一行;同一期间只给一个结果文件。",
        "Remove one of the rows; give one result file per period.",
    ),
    "OUT_WITHOUT_FOLDER": (
        "没有文件夹「{folder}」,结果无处可写。",
        "There is no folder `{folder}` to write the results into.",
        "请先建立该文件夹,或更正 --out。",
        "Make the folder first, or correct --out.",
    ),
    "OUT_IS_INPUT": (
        "「{file}」是本次的输入,不能用结果覆盖。",
        "`{file}` is read by this evaluation and would be overwritten by its results.",
        "请把 --out 写到另一个文件。",
        "Write --out to another file.",
    ),
    "SET_WRONG": (
        "「{text}」不是 NAME=VALUE。",
        "`{text}` is not NAME=VALUE.",
        "例如 --set few_days=60。",
        "Write for example --set few_days=60.",
    ),
    "PERIOD_NEEDED": (
        "没有写明期间。",
        "No period is given.",
        "请给出 --period(例如 2026H1)或 --as-of。",
        "Give --period (such as 2026H1) or --as-of.",
    ),
    "SUBJECT_UNKNOWN": (
        "结果中没有「{subject}」。",
        "`{subject}` is no subject of the results.",
        "可选的有:{known}。",
        "Subjects are for example: {known}.",
    ),
}


def wrong(code: str, place: Place, /, **words: Any) -> Diagnostic:
    """Fill the sentences of a finding; a word missing from the call is a bug.

    >>> print(wrong("FILE_TWICE", Place("facts", 1, 1), table="finding").remedy_en)
    Remove one of finding.csv and finding.json.
    """
    zh, en, remedy_zh, remedy_en = (text.format(**words) for text in SENTENCES[code])
    return Diagnostic(code, place, zh, en, remedy_zh, remedy_en)
