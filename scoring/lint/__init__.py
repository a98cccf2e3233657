"""The linter: every reason a rulebook may not be adopted, and everything worth a second look, with examples.

`lint` proves things about a checked plan, `examine` takes a rulebook's text all the way. Proofs work on ranges: what
they say always or never happens does so; what they cannot exclude is not reported.
"""

from collections.abc import Sequence
from typing import Final

from scoring.diagnostics import Diagnostic, RulebookRefused
from scoring.lint.doubts import tell_doubts
from scoring.lint.finding import Example, Finding, in_order
from scoring.lint.law import tell_law
from scoring.lint.monotony import tell_monotony
from scoring.lint.notes import Notes
from scoring.lint.ranges import published, ranges_of
from scoring.lint.slips import slips
from scoring.lint.units import Units
from scoring.lint.upkeep import Collected, tell_collected, tell_stored, tell_text, tell_unused
from scoring.plan import Plan, plan
from scoring.rulebook import read

__all__ = ["Example", "Finding", "examine", "lint", "published", "ranges_of"]
_SHAPES: Final = frozenset({"YAML_SYNTAX", "SHAPE_WRONG", "CODE_WRONG", "NAME_WRONG", "TYPE_WRONG", "CHOICE_WRONG"})
_BEHIND_A_SLIP: Final = _SHAPES | {"CEL_SYNTAX", "CEL_REFUSED", "TEXT_UNQUOTED"}


def lint(checked: Plan, collected: Collected | None = None) -> tuple[Finding, ...]:
    """Return everything found about a plan, by place; `collected` names the fact tables a district has, where
    the rulebook is to be used on its records.

    >>> from scoring.example import league
    >>> [found.code for found in lint(league("{over: game, sum: points, cap: '20000'}")) if "CAP" in found.code]
    ['CAP_NEVER_BINDS']
    """
    notes = Notes()
    ranges = ranges_of(checked, notes)
    Units(checked, notes)
    tell_law(ranges, notes)
    tell_monotony(ranges, notes)
    tell_doubts(ranges, notes)
    tell_unused(checked, notes)
    tell_text(checked, notes)
    if collected is not None:
        tell_collected(checked, notes, collected)
        tell_stored(ranges, notes)
    return in_order(notes.found)


def examine(text: str, file: str, collected: Collected | None = None) -> tuple[Finding, ...]:
    """Return everything found about a rulebook's text, by place; what cannot be read or checked blocks.

    >>> [str(found.place) for found in examine("rulebook: [", "x.yaml")]
    ['x.yaml:1:12']
    """
    slipped = slips(text, file)
    try:
        checked = plan(read(text, file))
    except RulebookRefused as refused:
        lines = text.splitlines()
        told = [Finding(one, True, _line(lines, one)) for one in _beside(refused.diagnostics, slipped)]
        return in_order([*slipped, *told])
    return in_order([*slipped, *lint(checked, collected)])


def _beside(diagnostics: Sequence[Diagnostic], slipped: list[Finding]) -> list[Diagnostic]:
    """Return the diagnostics that do not merely follow from a slip in the same line."""
    lines = {one.place.line for one in slipped}
    broken = any(one.code == "TAB" or "：" in one.diagnostic.zh for one in slipped)
    return [
        one
        for one in diagnostics
        if not (one.code in _BEHIND_A_SLIP and one.place.line in lines) and not (one.code == "YAML_SYNTAX" and broken)
    ]


def _line(lines: list[str], one: Diagnostic) -> Example | None:
    """Return the line a diagnostic speaks of."""
    at = one.place.line - 1
    return Example((), lines[at].strip()) if at < len(lines) and lines[at].strip() else None
