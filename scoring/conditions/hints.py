"""What to do about a slip whose cause can be guessed: words that stand in place of a message's general remedy."""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from scoring.rulebook.types import CODE, Type

Hint: TypeAlias = tuple[str, str] | None
_SUMMARIES: Final = ("sum", "mean", "count", "least", "greatest", "stdev", "distinct", "quantile", "any", "every")
_ROUNDS: Final = ("round", "ceil", "ceiling", "trunc")
_WORDS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(
        _SUMMARIES,
        (
            "汇总多行要另写一个指标,例如 {over: 表, sum: 列}(也可用 mean、count: rows 等),再读取它。",
            "Rows are summed up by a measure of their own, such as {over: table, sum: column}.",
        ),
    ),
    **dict.fromkeys(
        _ROUNDS,
        (
            "舍入写在指标的键 round 中,例如 round: 2 half_up。",
            "Rounding is a key of the measure, such as `round: 2 half_up`.",
        ),
    ),
    "floor": (
        "下限写在指标的键 floor 中;取整写 round: 0 floor。",
        "A lower limit is the key `floor` of the measure; whole numbers are made by `round: 0 floor`.",
    ),
    "null": ("是否有值用 absent(名称) 或 present(名称) 询问。", "Ask with absent(name) or present(name)."),
    "has": ("是否有值用 present(名称) 询问。", "Ask with present(name)."),
    "if": ("选择写成「条件 ? 甲 : 乙」,或用 table。", "A choice is written `condition ? a : b`, or as a table."),
    "in": ("请写成 x == 'A' || x == 'B'。", "Write x == 'A' || x == 'B'."),
    "%": ("百分数写成小数:70% 写 0.70。", "Write a percentage as a decimal: 0.70 for 70%."),
    "/": ("除法请用 ratio、mean 或 blend。", "Divide with ratio, mean or blend."),
}
_DATE: Final = (
    "公式里不能直接写日期;请在 settings 中写一个类型为 date 的参数,再与它比较。",
    "A date cannot stand in a formula: declare a setting of type date and compare with that.",
)
_QUOTED: Final = ("代码写在单引号里:'{name}'。", "A code stands in single quotes: '{name}'.")
_FINER: Final = (
    "「{here}」的一行对应「{table}」的多行;请先写 {{over: {table}, sum: {column}}} 之类的指标。",
    "One row of `{here}` has many of `{table}`: read a measure such as {{over: {table}, sum: {column}}}.",
)
_CODE_TO_NUMBER: Final = (
    "代码没有大小;请先用 table 或 lookup 把它变成数字。",
    "Codes have no order; turn them into numbers first, with a table or a lookup.",
)
_COMPARED: Final = ("请写成比较,例如 {text} > 0。", "Write a comparison, such as {text} > 0.")


def unknown_name(name: str, here: str, tables: Iterable[str]) -> Hint:
    """Return what to do about a name that is none: a bare code, or a column of rows that are many.

    >>> unknown_name("RED", "company", [])[1]
    "A code stands in single quotes: 'RED'."
    >>> unknown_name("visit.points", "company", ["visit"])[1]
    'One row of `company` has many of `visit`: read a measure such as {over: visit, sum: points}.'
    """
    if CODE.fullmatch(name):
        return _QUOTED[0].format(name=name), _QUOTED[1].format(name=name)
    table, _, column = name.partition(".")
    if column and table in tables:
        words = {"here": here, "table": table, "column": column}
        return _FINER[0].format(**words), _FINER[1].format(**words)
    return None


def refused(what: str) -> Hint:
    """Return what to do about something the language leaves out.

    >>> refused("round")[1]
    'Rounding is a key of the measure, such as `round: 2 half_up`.'
    >>> refused("null")[1]
    'Ask with absent(name) or present(name).'
    """
    return _WORDS.get(what.strip(".()"))


def compared(kinds: Iterable[str]) -> Hint:
    """Return what to do about two kinds that cannot be compared.

    >>> compared(["date", "number"])[1]
    'A date cannot stand in a formula: declare a setting of type date and compare with that.'
    """
    return _DATE if set(kinds) in ({"date", "number"}, {"date", "text"}) else None


def written(text: str) -> Hint:
    """Return what to do about a formula that cannot be read.

    >>> written("score * 70%")[1], written("score *")
    ('Write a percentage as a decimal: 0.70 for 70%.', None)
    """
    return _WORDS["%"] if re.search(r"\d\s*[%％]", text) else None


def wanted(wants: Iterable[str], kind: Type, text: str) -> Hint:
    """Return what to do about a formula that gives the wrong kind.

    >>> wanted(["number"], Type("code", codes=("A",)), "level")[1]
    'Codes have no order; turn them into numbers first, with a table or a lookup.'
    >>> wanted(["bool"], Type("number"), "faults")[1]
    'Write a comparison, such as faults > 0.'
    """
    wants = list(wants)
    if kind.kind in ("code", "codes", "text", "ref") and "number" in wants and "code" not in wants:
        return _CODE_TO_NUMBER
    if wants == ["bool"] and kind.kind == "number":
        return _COMPARED[0].format(text=text), _COMPARED[1].format(text=text)
    return None
