"""What `results` names: grains that exist, measures of the right kind."""

from collections.abc import Iterator
from typing import Final

from scoring.diagnostics import Diagnostic, diagnostic
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.scope import Scope

_WORDS: Final = ("code", "text")
_KINDS: Final = {
    "score": ("number",),
    "grade": _WORDS,
    "rank": ("number",),
    "recommendation": _WORDS,
    "lists": ("code", "codes", "text", "values"),
    "actions": ("date",),
}


def grain_findings(scope: Scope) -> Iterator[Diagnostic]:
    """Yield results of tables and grains that do not exist.

    >>> from scoring.example import league
    >>> list(grain_findings(league("{over: game, count: rows}").scope))
    []
    """
    for outcome in scope.document.results.values():
        if outcome.grain not in scope.spaces:
            yield diagnostic("TABLE_UNKNOWN", outcome.place, name=outcome.grain, known=", ".join(scope.spaces))


def outcome_findings(scope: Scope) -> Iterator[Diagnostic]:
    """Yield results that name no measure, or one of the wrong kind.

    >>> from scoring.example import league
    >>> list(outcome_findings(league("{over: game, count: rows}").scope))
    []
    """
    for outcome in scope.document.results.values():
        space = scope.spaces[outcome.grain]
        known = scope.document.measures.get(outcome.grain, {})
        for role, name in _named(outcome):
            kind = scope.types.get((outcome.grain, name)) or space.columns.get(name)
            if name not in known and name not in space.columns:
                words = {"grain": outcome.grain, "name": name, "known": ", ".join(known)}
                yield diagnostic("MEASURE_UNKNOWN", outcome.place, **words)
            elif kind is not None and not _fits(role, kind):
                want = " | ".join(_KINDS[role])
                yield diagnostic("OUTCOME_KIND", outcome.place, role=role, name=name, want=want, got=str(kind))


def _named(outcome: doc.Outcome) -> Iterator[tuple[str, str]]:
    """Yield every name of a result with what it is named as."""
    singles = {"score": outcome.score, "grade": outcome.grade, "rank": outcome.rank}
    for role, name in (singles | {"recommendation": outcome.recommendation}).items():
        if name:
            yield role, name
    yield from (("lists", name) for name in outcome.lists)
    yield from (("actions", name) for _, name in outcome.actions)
    yield from (("remember", name) for name in outcome.remember)


def _fits(role: str, kind: Type) -> bool:
    return role not in _KINDS or kind.kind in (*_KINDS[role], "any")
