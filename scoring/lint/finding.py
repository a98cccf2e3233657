"""One finding of the linter: a diagnostic, whether it blocks adoption, and an example that shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scoring.diagnostics import Diagnostic, Place, nearest_first
from scoring.lint.words import LINT


@dataclass(frozen=True, slots=True)
class Example:
    """Concrete values that show a finding: what is given, and what comes of it."""

    given: tuple[tuple[str, str], ...]
    gives: str = ""

    def __str__(self) -> str:
        """Write it without words of any language.

        >>> str(Example((("score", "95"), ("vetoed", "true")), "A"))
        'score = 95, vetoed = true → A'
        """
        given = ", ".join(f"{name} = {value}" for name, value in self.given)
        return f"{given} → {self.gives}" if self.gives and given else given or self.gives


@dataclass(frozen=True, slots=True)
class Finding:
    """What the linter has to say about one place."""

    diagnostic: Diagnostic
    blocks: bool
    example: Example | None = None

    @property
    def code(self) -> str:
        """Return the diagnostic's code."""
        return self.diagnostic.code

    @property
    def place(self) -> Place:
        """Return the diagnostic's place."""
        return self.diagnostic.place


def finding(code: str, place: Place, example: Example | None = None, /, **words: Any) -> Finding:
    """Fill the sentences of a code; a word missing from the call is a bug.

    >>> found = finding("TAB", Place("a.yaml", 3, 1))
    >>> found.blocks, found.diagnostic.en
    (True, 'This line is indented with a tab.')
    """
    blocks, *texts = LINT[code]
    if isinstance(words.get("known"), str):
        words["known"] = ", ".join(nearest_first(str(words["name"]), words["known"].split(", ")))
    zh, en, remedy_zh, remedy_en = (text.format(**words) for text in texts)
    return Finding(Diagnostic(code, place, zh, en, remedy_zh, remedy_en), blocks, example)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by place, each once, those that block first at one place.

    >>> found = [finding("TAB", Place("a.yaml", line, 1), None) for line in (9, 2, 9)]
    >>> [one.place.line for one in in_order(found)]
    [2, 9]
    """
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.place, not one.blocks, one.code, one.diagnostic.en)))
