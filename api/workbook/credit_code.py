"""The unified social credit code of GB 32100-2015: 18 characters, the last one a check character.

The alphabet has 31 characters: digits and capitals without I, O, S, V and Z. Character `i` (from 0) counts
`3 ** i mod 31` times; with the check character the sum is a multiple of 31.
"""

from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def check_character(body: str) -> str:
    """Return the check character of the first 17 characters of a code.

    >>> check_character("91430399MABDY26T5")
    'K'
    """
    assert len(body) == LENGTH - 1, "a body has 17 characters"
    total = sum(VALUES[character] * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def fault(code: str) -> Literal["malformed_code", "bad_check_digit"] | None:
    """Say what is wrong with a code in capitals; None if it is well formed and its check character is right.

    >>> fault("91430399MABDY26T5K"), fault("91430399MADY87F85J"), fault("91430399")
    (None, 'bad_check_digit', 'malformed_code')
    """
    if len(code) != LENGTH or not VALUES.keys() >= set(code):
        return "malformed_code"
    return None if check_character(code[:-1]) == code[-1] else "bad_check_digit"
