"""How a subject with several keys is named by one word, and read back: keys joined by bars, bars inside them marked."""

from collections.abc import Sequence
from typing import Final

BAR: Final = "|"
MARK: Final = "\\"


def joined(key: Sequence[str]) -> str:
    """Return the one word for a key; a bar or mark inside one of several parts gets a mark before it.

    >>> joined(["A", "B|C"]), joined(["A|B", "C"]), joined(["A|B"])
    ('A|B\\\\|C', 'A\\\\|B|C', 'A|B')
    """
    if len(key) == 1:
        return key[0]
    return BAR.join(part.replace(MARK, MARK + MARK).replace(BAR, MARK + BAR) for part in key)


def parted(word: str, count: int) -> tuple[str, ...] | None:
    """Return the key of so many parts that a word was made of, None where it was made of none such.

    >>> parted("A|B\\\\|C", 2), parted("A|B|C", 2), parted("A|B", 1)
    (('A', 'B|C'), None, ('A|B',))
    """
    if count == 1:
        return (word,)
    parts, marked = [""], False
    for letter in word:
        if marked or letter not in (BAR, MARK):
            parts[-1] += letter
            marked = False
        elif letter == MARK:
            marked = True
        else:
            parts.append("")
    found = tuple(parts) if count else ()
    return found if len(found) == count and joined(found) == word else None
