"""What the YAML reader says about a document, said in Chinese as well, with what to do; its English stays as it is."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple


class Said(NamedTuple):
    """Why a document cannot be read and what to do, in both languages."""

    why_zh: str
    why: str
    do_zh: str
    do: str


_SHOWN: Final = {
    "<stream end>": "文件结尾",
    "<block mapping start>": "另一层缩进",
    "<block sequence start>": "另一层列表",
    "<scalar>": "一个词",
    "<block end>": "本层结束",
    "?": "另一个键",
    "-": "列表项「-」",
}
_RULES: Final[tuple[tuple[re.Pattern[str], str, str, str], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), why, do_zh, do)
    for pattern, why, do_zh, do in (
        (
            r"found character '\\t' that cannot start any token",
            "此行缩进用了制表符(Tab)",
            "请把制表符换成空格,与上下行对齐。",
            "Replace the tab by spaces, in line with the lines around it.",
        ),
        (
            r"found character '(.)' that cannot start any token",
            "值不能以「{0}」开头",
            "请给整个值加双引号。",
            "Put the whole value in double quotes.",
        ),
        (
            r"mapping values are not allowed here",
            "此处不能再有冒号:同一行有两个「: 」,或本行缩进比上一行深",
            "请让同级的键左边对齐;含冒号的文字请加双引号。",
            "Let keys of one level begin in one column; put text that holds a colon in double quotes.",
        ),
        (
            r"expected <block end>, but found '(.+)'",
            "缩进不对齐,或上一行多了内容:此处遇到{met}",
            "请让同级的各行左边对齐(每级两个空格);引号之后不要再写内容。",
            "Let lines of one level begin in one column (two spaces per level); write nothing behind a closing quote.",
        ),
        (
            r"could not find expected ':'",
            "上一行的键后面没有冒号",
            "请写成「键: 值」,半角冒号后留一个空格。",
            "Write `key: value`, with a half-width colon and a space.",
        ),
        (
            r"expected ',' or '([\]}])', but got '(.+)'",
            "括号里缺少逗号或「{0}」:此处遇到{met}",
            "请在各项之间写半角逗号,并补上「{0}」。",
            "Separate the items by commas and close with `{0}`.",
        ),
        (
            r"found unexpected end of stream",
            "引号没有成对,一直开到文件结尾",
            "请在该值的末尾补上引号。",
            "Add the missing quote at the end of the value.",
        ),
        (
            r"found unknown escape character '(.)'",
            "双引号里的「\\{0}」没有意义",
            "请删去反斜杠。",
            "Remove the backslash.",
        ),
        (
            r"expected the node content, but found '(.+)'",
            "此处应有一个值,却是{met}",
            "请补上值,或删去多余的符号。",
            "Add the value, or remove the sign.",
        ),
        (
            r"unacceptable character.*",
            "文件中有不可见的控制字符",
            "请另存为 UTF-8 文本,并删去看不见的字符。",
            "Save it as UTF-8 text without control characters.",
        ),
    )
)


def said(problem: str) -> Said:
    """Return a message of the YAML reader in both languages.

    >>> said("found unexpected end of stream").why_zh
    '引号没有成对,一直开到文件结尾'
    >>> said("expected <block end>, but found '-'").why_zh
    '缩进不对齐,或上一行多了内容:此处遇到列表项「-」'
    """
    for pattern, why, do_zh, do in _RULES:
        if found := pattern.fullmatch(problem.rstrip()):
            words = found.groups()
            met = words[-1] if words else ""
            here = why.format(*words, met=_SHOWN.get(met, f"「{met}」"))
            return Said(here, problem, do_zh.format(*words), do.format(*words))
    return Said(
        "看不懂此处的写法", problem, "请检查缩进、冒号、引号和括号。", "Check indentation, colons, quotes and brackets."
    )


def said_of_colon(problem: str) -> Said:
    """Return the words about a full-width colon behind a key, which YAML takes for a part of the key.

    >>> said_of_colon("could not find expected ':'").why
    "the colon behind the key is full-width (could not find expected ':')"
    """
    why = f"the colon behind the key is full-width ({problem})"
    do = "Write a half-width colon and a space."
    return Said("键后面的冒号是全角「：」", why, "请改为半角冒号加一个空格「: 」。", do)


_AS_SHOWN: Final = ("请按语言说明改写。", "Write it as the language reference shows.")
_LOOKALIKE: Final = re.compile(r"[-+]?(?=[\dOolI.]*\d)[\dOolI.]*[OolI][\dOolI.]*")
_PERCENT: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*[%％]")
_DIGITS: Final = str.maketrans("OolI", "0011")


def meant(text: str) -> str | None:
    """Return the text that was meant where letters stand for digits, or full-width characters for half-width ones.

    >>> meant("1OO"), meant("９０"), meant("abc")
    ('100', '90', None)
    """
    half = unicodedata.normalize("NFKC", text).replace("。", ".")
    half = half.translate(_DIGITS) if _LOOKALIKE.fullmatch(half) else half
    return half if half != text and half.isascii() else None


def remedy(text: str, other: tuple[str, str] = _AS_SHOWN) -> tuple[str, str]:
    """Return what to do about a word of the wrong shape; `other` where no likely slip is seen.

    >>> remedy("1OO")[1]
    'Is 100 meant? Write digits and signs in half width, 0 and 1 instead of O and l.'
    """
    if share := _PERCENT.fullmatch(text):
        decimal = f"{Decimal(share[1]) / 100:f}"
        return f"百分数写成小数:{decimal}。", f"Write a percentage as a decimal: {decimal}"
    likely = meant(text)
    if likely is None:
        return other
    return (
        f"应为 {likely} 吗?数字和符号用半角,数字 0、1 不要写成字母 O、l。",
        f"Is {likely} meant? Write digits and signs in half width, 0 and 1 instead of O and l.",
    )


def choice_hint(got: str, known: Iterable[str]) -> tuple[str, str] | None:
    """Return what to do about a condition where rows are counted: it belongs to `where`.

    >>> choice_hint("points > 3", ["rows"])[1]
    'Write `count: rows`, and which rows count in `where`: where: "points > 3".'
    """
    if [*known] != ["rows"] or got == "…":
        return None
    if re.search(r"[<>=&|!(]", got):
        return (
            f'请写 count: rows,条件写在 where 中:where: "{got}"。',
            f'Write `count: rows`, and which rows count in `where`: where: "{got}".',
        )
    return (
        "请写 count: rows;要数某列有几种值,用 distinct。",
        "Write `count: rows`; how many different values a column has is told by `distinct`.",
    )


def key_remedy(key: str) -> tuple[str, str]:
    """Return what to do about a key that is not known.

    >>> key_remedy("most：100")[1], key_remedy("b)")[1]
    ('Write a half-width colon and a space behind the key.', 'A condition with a comma must stand in double quotes.')
    """
    if "：" in key:
        return "键后面请用半角冒号加一个空格「: 」。", "Write a half-width colon and a space behind the key."
    return "条件中含逗号时必须加双引号。", "A condition with a comma must stand in double quotes."
