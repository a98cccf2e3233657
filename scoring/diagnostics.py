"""What is wrong with a rulebook or with facts: where, what, why, and what to do, in Chinese and English.

Every finding is a `Diagnostic` with a code of the `CATALOGUE`. Findings are collected, never thrown one by one; the two
refusals at the end of this module carry all of them at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from scoring.catalogue import CATALOGUE


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a document: file name, line and column, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Write it as editors do."""
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE: Final = Place("", 1, 1)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: its code, its place, and message and remedy in both languages."""

    code: str
    place: Place
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    def __str__(self) -> str:
        """Write it for a terminal, English first because codes are English."""
        return f"{self.code}  {self.place}\n  {self.en}\n  {self.remedy_en}\n  {self.zh}{self.remedy_zh}"


def diagnostic(code: str, place: Place, /, **words: Any) -> Diagnostic:
    """Fill the catalogue's sentences for `code`; a word missing from the call is a bug.

    `hint`, where one is given and not None, stands in place of the remedy, in both languages.

    >>> print(diagnostic("KEY_MISSING", Place("a.yaml", 3, 5), key="law", where="measure"))
    KEY_MISSING  a.yaml:3:5
      `measure` lacks the key `law`.
      Add `law`; nothing is assumed where the rulebook is silent.
      「measure」缺少键「law」。请补上「law」;规则未写之处不作任何默认。
    """
    wrong = next((str(words[key]) for key in ("name", "key", "code", "got") if key in words), "")
    if isinstance(words.get("known"), str):
        words["known"] = ", ".join(nearest_first(wrong, words["known"].split(", ")))
    hint = words.pop("hint", None)
    zh, en, remedy_zh, remedy_en = (text.format(**words) for text in CATALOGUE[code])
    remedy_zh, remedy_en = hint or (remedy_zh, remedy_en)
    return Diagnostic(code, place, zh, en, remedy_zh, remedy_en)


def nearest_first(word: str, known: Sequence[str]) -> list[str]:
    """Return names in their order, those a slip of the pen away from `word` before all others.

    >>> nearest_first("game.pionts", ["date", "points", "team"])
    ['points', 'date', 'team']
    """
    close = dict.fromkeys(
        found for part in (word.rpartition(".")[2], word) for found in get_close_matches(part, known, 2)
    )
    return [*close, *(name for name in known if name not in close)]


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """Content that cannot be used; `diagnostics` holds every reason, in document order."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings sorted by place and the first ones in the message."""
        self.diagnostics = tuple(sorted(diagnostics, key=lambda one: (one.place, one.code)))
        super().__init__("\n".join(str(one) for one in self.diagnostics[:20]))


class RulebookRefused(Refused):
    """The document is no rulebook that could be run."""


class FactsRefused(Refused):
    """The facts, settings or earlier results do not fit the rulebook."""
