"""What the CEL package says about a formula, said in Chinese as well, with what to do; its English stays as it is."""

import re
import unicodedata
from typing import Final, NamedTuple

_CURLY: Final = str.maketrans("‘’“”≤≥≠。、【】", "''\"\"<>!.,[]")
_OPERATORS: Final = {"≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "ratio"}
_MEANT: Final = {"and": "&&", "or": "||", "not": "!", "=": "==", "&": "&&", "|": "||", "<>": "!="}
_KINDS: Final = {
    "number": "数字",
    "text": "文字",
    "date": "日期",
    "google.protobuf.Timestamp": "日期",
    "bool": "真假",
    "codes": "代码集",
    "period": "期间",
    "dyn": "任意",
}
_SIGNS: Final = {
    **{f"_{sign}_": sign for sign in ("+", "-", "*", "<", "<=", ">", ">=", "==", "!=", "&&", "||")},
    "!_": "!",
    "-_": "-",
    "_?_:_": "? :",
}
_GOT: Final = re.compile(r"(?:mismatched|extraneous) input '(?P<got>.*?)' expecting (?P<want>.+)", re.DOTALL)
_MISSING: Final = re.compile(r"missing '(?P<want>.)' at '(?P<got>.*)'")
_TOKEN: Final = re.compile(r"token recognition error at: '(?P<got>.*)'", re.DOTALL)
_OVERLOAD: Final = re.compile(r"found no matching overload for '(?P<call>.+)' applied to '\((?P<args>.*)\)'")
_UNDECLARED: Final = re.compile(r"undeclared reference to '(?P<name>[^']+)'")
_RESERVED: Final = re.compile(r"reserved identifier: (?P<name>\w+)")


class Said(NamedTuple):
    """Why a formula is refused and what to do, in both languages."""

    why_zh: str
    why: str
    do_zh: str
    do: str


_CHECK: Final = ("请检查括号、引号和运算符。", "Check brackets, quotes and operators.")
_SIDES: Final = ("请检查比较和运算两边的类型。", "Check the types on both sides.")


def said(message: str) -> Said:
    """Return a message of the CEL package in both languages.

    >>> said("Syntax error: token recognition error at: '９'").do_zh
    '请改用半角字符:9。'
    >>> said("found no matching overload for '_+_' applied to '(number, text)'").why_zh
    '「+」不能用于(数字, 文字)'
    """
    message = message.removeprefix("Syntax error: ").replace("google.protobuf.Timestamp", "date")
    message = message.removesuffix(" [INVALID_ARGUMENT]")
    for pattern, tell in ((_TOKEN, _token), (_MISSING, _missing), (_GOT, _got), (_OVERLOAD, _overload)):
        if found := pattern.fullmatch(message):
            return tell(found, message)
    if found := _UNDECLARED.fullmatch(message):
        name = found["name"]
        do = (
            f"请检查「{name}」的拼写、参数个数和类型;可用的函数见语言说明第 9 节。",
            f"Check spelling, number and types of the arguments of `{name}`; section 9 of the reference lists all.",
        )
        return Said(f"没有这样用的函数「{name}」", f"there is no function `{name}` used like this", *do)
    if found := _RESERVED.fullmatch(message):
        name = found["name"]
        return Said(f"「{name}」是条件语言的保留字", message, "请换一个名称。", "Choose another name.")
    return Said("算式不完整或有多余的部分", _brief(message), *_CHECK)


def _brief(message: str) -> str:
    """Cut the package's list of everything it would have taken."""
    return re.sub(r" expecting \{.*\}", "", message, flags=re.DOTALL).replace("'<EOF>'", "the end")


def _token(found: re.Match[str], message: str) -> Said:
    """Say which character cannot stand in a formula."""
    got = found["got"].strip() or found["got"]
    first = got[:1]
    half = _OPERATORS.get(first) or unicodedata.normalize("NFKC", got).translate(_CURLY)
    if not first.isascii() and half.isascii():
        do = (f"请改用半角字符:{half}。", f"Write it with half-width characters: {half}")
        return Said(f"「{got}」是全角字符或特殊符号,算式中不能用", message, *do)
    if first in ("'", '"'):
        do = ("请补上缺少的单引号。", "Add the missing quote.")
        return Said(f"{got} 处的引号没有成对", message, *do)
    if first in _MEANT:
        do = (f"应为「{_MEANT[first]}」吗?", f"Is `{_MEANT[first]}` meant?")
        return Said(f"不认识运算符「{first}」", message, *do)
    return Said(f"算式中不能出现「{got}」", message, "请删去或改写。", "Remove or rewrite it.")


def _missing(found: re.Match[str], message: str) -> Said:
    """Say which bracket is missing."""
    where = "结尾" if found["got"] == "<EOF>" else f"「{found['got']}」之前"
    do = (f"请在{where}补上「{found['want']}」。", f"Add `{found['want']}` there.")
    return Said(f"{where}缺少「{found['want']}」", _brief(message), *do)


def _got(found: re.Match[str], message: str) -> Said:
    """Say what stands where something else was expected."""
    got = found["got"].removesuffix(".0")
    if got == "<EOF>":
        do = ("请把算式写完;多余的运算符请删去。", "Finish the formula, or remove the operator at its end.")
        if found["want"] == "':'":
            do = ("写成「条件 ? 甲 : 乙」。", "Write `condition ? a : b`.")
        return Said("算式没有写完", _brief(message), *do)
    if got in _MEANT:
        do = (f"应为「{_MEANT[got]}」吗?", f"Is `{_MEANT[got]}` meant?")
        return Said(f"不认识「{got}」", _brief(message), *do)
    do = (
        "请检查它前面是否少了运算符、逗号或括号。",
        "Check whether an operator, comma or bracket is missing before it.",
    )
    return Said(f"此处不该出现「{got}」", _brief(message), *do)


def _overload(found: re.Match[str], message: str) -> Said:
    """Say which kinds do not go together."""
    call = _SIGNS.get(found["call"], found["call"])
    args = ", ".join(_KINDS.get(each.strip(), each.strip()) for each in found["args"].split(","))
    return Said(f"「{call}」不能用于({args})", f"`{call}` does not take ({found['args']})", *_SIDES)


def types_differ(why_zh: str, why: str) -> Said:
    """Return what our own check of types says.

    >>> types_differ("default() 要两个参数", "default() takes two arguments").do
    'Check the types on both sides.'
    """
    return Said(why_zh, why, *_SIDES)
