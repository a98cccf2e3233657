"""Slips of the keyboard: letters that look like digits, full-width characters, tabs.

The reader would refuse most of them with a word about what it expected; here the slip itself is named, with the text
that was meant. Free text (names, labels, sources, clauses, comments) may hold anything.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from scoring.diagnostics import Place
from scoring.lint.finding import Example, Finding, finding
from scoring.rulebook.source import Mapping, Node, Scalar, Sequence, parse

_FREE: Final = frozenset({"labels", "name", "source", "law", "version"})
_LOOKALIKE: Final = re.compile(r"(?<![\w.'])(?:\d[\dOolI.]*[OolI][\dOolI.]*|[OolI]+\.[\dOolI]+)(?![\w'])")
_DIGITS: Final = str.maketrans("OolI", "0011")
_WIDE: Final = re.compile(r"[\uff01-\uff5e\u3000\u2018\u2019\u201c\u201d]+")
_CURLY: Final = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_CODE: Final = re.compile(r"'[^']*'")
_TAB: Final = re.compile(r" *\t")
_WIDE_COLON: Final = re.compile(r"\s*(?:- )?(?P<key>[\w.]+)(?P<colon>：)")


def slips(text: str, file: str) -> list[Finding]:
    """Return every slip of a rulebook's text.

    >>> [found.diagnostic.remedy_en for found in slips("facts: {team: {most: 1OO}}", "a.yaml")]
    ['Is 100 meant? Replace the letter by the digit.']
    """
    found = list(_line_slips(text, file))
    root, _ = parse(text, file)
    return found + [each for scalar in _scalars(root) for each in _scalar_slips(scalar)]


def _line_slips(text: str, file: str) -> Iterator[Finding]:
    """Yield what is wrong with indentation and colons, which the YAML reader cannot get past."""
    for number, line in enumerate(text.splitlines(), 1):
        if tab := _TAB.match(line):
            yield finding("TAB", Place(file, number, tab.end()), Example((), line.strip()))
        if colon := _WIDE_COLON.match(line):
            words = {"text": f"{colon['key']}：", "mended": f"{colon['key']}: "}
            place = Place(file, number, colon.start("colon") + 1)
            yield finding("FULL_WIDTH", place, Example((), line.strip()), **words)


def _scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every scalar that is no free text."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            if key.text not in _FREE:
                yield from _scalars(value)


def _scalar_slips(scalar: Scalar) -> Iterator[Finding]:
    """Yield the slips of one scalar, each at its own column."""
    first = scalar.place.column + (1 if scalar.quoted else 0)
    example = Example((), scalar.text)
    for number in _LOOKALIKE.finditer(scalar.text):
        words = {"text": number[0], "mended": number[0].translate(_DIGITS)}
        words["letters"] = ", ".join(sorted(set(re.findall("[OolI]", number[0]))))
        place = Place(scalar.place.file, scalar.place.line, first + number.start())
        yield finding("LOOKS_LIKE_A_NUMBER", place, example, **words)
    wide = _WIDE.search(scalar.text)
    if wide and not _CHINESE.search(_CODE.sub("", scalar.text)):
        mended = unicodedata.normalize("NFKC", scalar.text).translate(_CURLY)
        place = Place(scalar.place.file, scalar.place.line, first + wide.start())
        yield finding("FULL_WIDTH", place, example, text=scalar.text, mended=mended)
