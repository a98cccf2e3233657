"""Texts that are none, or hide something: they are refused; and one spelling for those that look alike."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import Node, StringValueNode

HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters but tab and line ends, zero-width and bidirectional ones, lone surrogates."""


def unfit(text: str) -> bool:
    """Whether a text holds what cannot be seen, or what no database can hold.

    >>> unfit("物业 1\\n"), unfit("a" + chr(0)), unfit("a" + chr(0x202E)), unfit(chr(0xD800))
    (False, True, True, True)
    """
    return HIDDEN.search(text) is not None


def normalised(value: Any) -> Any:
    """The same with every text in it in its one composed spelling (NFC); keys of objects stay.

    >>> normalised({"a": ["e" + chr(0x301), 1]})
    {'a': ['é', 1]}
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normalised(each) for each in value]
    if isinstance(value, dict):
        return {key: normalised(each) for key, each in value.items()}
    return value


def broken(text: str) -> bool:
    """Whether a text holds lone surrogates and so is none.

    >>> broken("物业"), broken(chr(0xD800))
    (False, True)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def unfit_anywhere(*found: object) -> bool:
    """Whether a text among these values, or in the literals of these nodes, cannot be held by the database."""
    return any(map(unfit, _texts(*found)))


def broken_anywhere(*found: object) -> bool:
    """Whether a text among these values holds a lone surrogate."""
    return any(map(broken, _texts(*found)))


def _texts(*found: object) -> Iterator[str]:
    left: list[object] = list(found)
    while left:
        value = left.pop()
        if isinstance(value, StringValueNode):
            value = value.value
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            left += value
        elif isinstance(value, Node):
            left += [getattr(value, key) for key in value.keys if key != "loc"]
