"""Which lines of an explanation a result shows: what is explained nowhere else, single facts left to pages.

The lines of a company end at the results of its compounds, which have lines of their own, and everywhere at the line
above single facts, which lists them. What is shown below a line still adds up to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from schema.explanations import Explained
from scoring.explain import PLACES, Line

SUMMED_UP = 2
"""Levels of lines that the summary puts into sentences: the total, its parts, their components."""

STEP = Decimal(1).scaleb(-PLACES)

Fact = tuple[str, str]
"""A fact table of the rulebook and the key of a row."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that is shown, with all facts behind it, those of lines left out included."""

    line: Line
    facts: tuple[Fact, ...]


def shown(explained: Explained, facts_shown: Collection[str]) -> tuple[Shown, ...]:
    """The lines of a result in preorder; `facts_shown` are the fact tables whose rows can be listed."""
    lines = explained.lines
    above = {line.path: line.parent for line in lines}
    ends = _ends(lines, _compound_results(explained), facts_shown)
    behind: dict[str, dict[Fact, None]] = {line.path: {} for line in lines}
    kept = []
    below: set[str] = set()
    for line in lines:
        if line.parent in ends or line.parent in below:
            below.add(line.path)
        else:
            kept.append(line)
        path: str | None = line.path
        while path is not None:
            behind[path].update((fact, None) for fact in line.facts if fact[0] in facts_shown)
            path = above[path]
    return tuple(Shown(line, tuple(behind[line.path])) for line in kept)


def _ends(lines: Sequence[Line], results: Collection[str], facts_shown: Collection[str]) -> set[str]:
    """Lines that are shown without anything below: results of compounds, and lines made of single facts.

    All that stands beside a single fact goes with it, so that what is shown below a line adds up to it.
    """
    parents = {line.parent for line in lines}
    ends = set()
    for line in lines:
        name, colon, _ = line.path.rsplit("/", 1)[-1].partition(":")
        if colon and name in results:
            ends.add(line.path)
        elif colon and name in facts_shown and line.path not in parents and line.parent is not None:
            ends.add(line.parent)
    return ends


def _compound_results(explained: Explained) -> frozenset[str]:
    """Grains whose rows are results of a compound, if this result is one of a whole."""
    document = explained.evaluation.plan.document
    grains = {name for name in document.results if name in document.grains}
    of_compounds = {name for name in grains if "compound" in document.grains[name].keys}
    return frozenset() if explained.grain in of_compounds else frozenset(of_compounds)


def points(millionths: int) -> Decimal:
    """Points from whole millionths.

    >>> points(-105950)
    Decimal('-0.105950')
    """
    return Decimal(millionths).scaleb(-PLACES)


def number(value: object) -> Decimal | None:
    """A value as a decimal of at most 6 places; null for what is no number.

    >>> number(Fraction(45723, 500)), number(True), number("A")
    (Decimal('91.446000'), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return None
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(STEP, ROUND_HALF_EVEN)


def summary(lines: Sequence[Shown]) -> tuple[str, str]:
    """The upper lines as sentences, in Chinese and English."""
    told = [each.line.sentence for each in lines if each.line.path.count("/") <= SUMMED_UP]
    return "".join(zh for zh, _ in told), " ".join(en for _, en in told)
