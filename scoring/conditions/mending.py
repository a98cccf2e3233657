"""The text that would pass where a condition reads what may have no value: no proposal is made untried."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

Attempt: TypeAlias = Callable[[str], str | None]
"""What a text would meet: None if nothing, the name it still reads unguarded, or nothing but "" for anything else."""
_GUARDS_MOST: Final = 6


def mended(text: str, name: str, attempt: Attempt) -> str:
    """Return the formula with guards put in front of what it reads; the guard alone where no place for it is found.

    >>> mended("a > 3", "a", lambda text: None)
    'present(a) && (a > 3)'
    >>> mended("a > 3 ? 1 : 0", "a", lambda text: None if "3) ?" in text else "")
    'present(a) && (a > 3) ? 1 : 0'
    """
    for shape in (_whole, _test, _either):
        guards = [name]
        while len(guards) <= _GUARDS_MOST:
            candidate = shape(" && ".join(f"present({each})" for each in guards), text)
            met = "" if candidate is None else attempt(candidate)
            if met is None and candidate is not None:
                return candidate
            if not met or met in guards:
                break
            guards.append(met)
    return f"present({name}) && …"


def _whole(guards: str, text: str) -> str | None:
    """Guard a condition."""
    return f"{guards} && ({text})"


def _test(guards: str, text: str) -> str | None:
    """Guard the condition of a choice."""
    at = next((at for at, sign in _outside(text) if sign == "?"), None)
    return None if at is None else f"{guards} && ({text[:at].strip()}) {text[at:]}"


def _either(guards: str, text: str) -> str | None:
    """Give an absence where the value cannot be known."""
    return f"{guards} ? ({text}) : none('NOT_APPLICABLE', 'NOT_KNOWN')"


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
