"""What stops an evaluation: a figure no rule can go on with, though every fact and setting fits its type.

Whoever computes raises `Incomputable`; whoever knows the measure and its place turns it into a finding.
"""

from typing import Any

from scoring.diagnostics import FactsRefused, Place, diagnostic


class Incomputable(ArithmeticError):  # noqa: N818  (a finding in the making, not a mistake of the engine)
    """A figure that does not exist: `code` names the sentence, `words` fill it, `at` is the row where it is known."""

    def __init__(self, code: str, /, at: int | None = None, **words: Any) -> None:
        """Keep the sentence and its words."""
        self.code, self.at, self.words = code, at, words
        super().__init__(code)

    def refusal(self, place: Place, where: str, row: str) -> FactsRefused:
        """Return the refusal of an evaluation that met this at a row.

        >>> met = Incomputable("DAY_OUTSIDE_CALENDAR", day="9999-12-31", count="1 day")
        >>> met.refusal(Place("a.yaml", 3, 5), "team.due", "A").diagnostics[0].code
        'DAY_OUTSIDE_CALENDAR'
        """
        return FactsRefused([diagnostic(self.code, place, where=where, row=row or "–", **self.words)])
