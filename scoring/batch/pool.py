"""Words and absences as small numbers: equal ones get equal numbers, so columns compare numbers instead of text.

A pool lives as long as the facts it was made for and only grows; runs over the same facts share it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from scoring.batch.integers import Array
from scoring.values import ABSENT, NonValue, strongest

PRESENT: Final = 0
"""The number that stands for no absence."""


class Pool:
    """Numbers for words (text, codes, references, periods) and for absences."""

    def __init__(self) -> None:
        """Start with nothing but the absence of an optional column."""
        self.words: list[Any] = []
        self._word_numbers: dict[Any, int] = {}
        self.gaps: list[NonValue | None] = [None]
        self._gap_numbers: dict[NonValue, int] = {}
        self._merged: dict[tuple[int, int], int] = {}
        self.gap(ABSENT)

    def numbers(self, words: Iterable[Any]) -> list[int]:
        """Return the numbers of words, new ones added.

        >>> Pool().numbers(["A", "B", "A"])
        [0, 1, 0]
        """
        known, kept, out = self._word_numbers, self.words, []
        for word in words:
            number = known.get(word)
            if number is None:
                number = known[word] = len(kept)
                kept.append(word)
            out.append(number)
        return out

    def number(self, word: Any) -> int:
        """Return the number of one word, added when new."""
        return self.numbers([word])[0]

    def gap(self, gap: NonValue) -> int:
        """Return the number of an absence, from 1, added when new."""
        if gap not in self._gap_numbers:
            self._gap_numbers[gap] = len(self.gaps)
            self.gaps.append(gap)
        return self._gap_numbers[gap]

    def absence(self, number: int) -> NonValue:
        """Return an absence by its number."""
        gap = self.gaps[number]
        assert gap is not None, "a number above zero is an absence"
        return gap

    def strongest(self, numbers: Sequence[int]) -> int:
        """Return the strongest of several absences with all its reasons, as `values.strongest` does."""
        return self.gap(strongest(self.absence(number) for number in numbers))

    def merged(self, one: Array | None, other: Array | None) -> Array | None:
        """Return the stronger absence row by row; None stands for a column without any."""
        if one is None or other is None:
            return other if one is None else one
        out = np.where(one == PRESENT, other, one)
        both = np.flatnonzero((one != PRESENT) & (other != PRESENT) & (one != other))
        if len(both):
            pairs, at = np.unique(one[both].astype(np.int64) << 32 | other[both], return_inverse=True)
            found = [self._pair(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs]
            out[both] = np.array(found, dtype=np.int32)[at]
        return out

    def _pair(self, one: int, other: int) -> int:
        if (one, other) not in self._merged:
            self._merged[one, other] = self.strongest([one, other])
        return self._merged[one, other]

    def of_kind(self, gaps: Array, *kinds: str) -> Array:
        """Tell for each row whether its absence is of one of some kinds."""
        table = np.array([gap is not None and gap.kind in kinds for gap in self.gaps])
        return np.asarray(table[gaps])

    def serious(self, gaps: Array) -> Array:
        """Tell for each row whether its absence takes the place of a whole sum (any but NOT_APPLICABLE)."""
        table = np.array([gap is not None and gap.kind != "NOT_APPLICABLE" for gap in self.gaps])
        return np.asarray(table[gaps])
