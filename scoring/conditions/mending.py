"""The text that would pass where a condition reads what may have no value: no proposal is made untried."""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

Attempt: TypeAlias = Callable[[str], str | None]
"""What a text would meet: None if nothing, the name it still reads unguarded, or nothing but "" for anything else."""
_GUARDS_MOST: Final = 6
_GROUP: Final = re.compile(r"(?<![\w!])\(([^()]*)\)")


def mended(text: str, name: str, attempt: Attempt) -> str:
    """Return the formula with guards put in front of what it reads; the guard alone where no place for it is found.

    >>> mended("a > 3", "a", lambda text: None)
    'present(a) && (a > 3)'
    >>> mended("a > 3 ? 1 : 0", "a", lambda text: None if "3) ?" in text else "")
    'present(a) && (a > 3) ? 1 : 0'
    >>> mended("a > 3 || b", "a", lambda text: None)
    'present(a) && a > 3 || b'
    """
    for shape in (_operand, _whole, _test, _either):
        guards = [name]
        while len(guards) <= _GUARDS_MOST:
            candidate = shape(guards, text)
            met = "" if candidate is None else attempt(candidate)
            if met is None and candidate is not None:
                return candidate
            if not met or met in guards:
                break
            guards.append(met)
    return f"present({name}) && …"


def _asked(guards: list[str]) -> str:
    """Ask whether all names have values."""
    return " && ".join(f"present({each})" for each in guards)


def _operand(guards: list[str], text: str) -> str | None:
    """Guard, among alternatives, only those that read a name, so that the others still count without it."""
    at = next((at for at, sign in _outside(text) if sign == "?"), len(text))
    head = text[:at]
    for name in guards:
        head = _guarded(head, name)
    return None if head == text[:at] or "||" not in head else head + text[at:]


def _guarded(text: str, name: str) -> str:
    """Put a guard in front of every alternative that reads a name, in the innermost brackets that hold it whole."""
    parts = _alternatives(text)
    if len(parts) > 1:
        return "||".join(_guarded(part, name) for part in parts)
    word = re.compile(rf"(?<![\w.']){re.escape(name)}(?![\w'(])")
    if not word.search(text):
        return text
    for group in _GROUP.finditer(text):
        before, inner, after = text[: group.start(1)], group[1], text[group.end(1) :]
        if "||" in inner and word.search(inner) and not word.search(before + after):
            return before + _guarded(inner, name) + after
    space = text[: len(text) - len(text.lstrip())]
    return f"{space}present({name}) && {text.lstrip()}"


def _alternatives(text: str) -> list[str]:
    """Split a formula at every `||` outside brackets and quotes."""
    bars = [at for at, sign in _outside(text) if sign == "|"][::2]
    ends = [0, *(at + 2 for at in bars)]
    return [text[start:end] for start, end in zip(ends, [*bars, len(text)], strict=True)]


def _whole(guards: list[str], text: str) -> str | None:
    """Guard a condition."""
    return f"{_asked(guards)} && ({text})"


def _test(guards: list[str], text: str) -> str | None:
    """Guard the condition of a choice."""
    at = next((at for at, sign in _outside(text) if sign == "?"), None)
    return None if at is None else f"{_asked(guards)} && ({text[:at].strip()}) {text[at:]}"


def _either(guards: list[str], text: str) -> str | None:
    """Give an absence where the value cannot be known."""
    return f"{_asked(guards)} ? ({text}) : none('NOT_APPLICABLE', 'NOT_KNOWN')"


def _outside(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters outside brackets and quotes, with their places."""
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            depth += (sign in "([") - (sign in ")]")
            if depth == 0:
                yield at, sign
