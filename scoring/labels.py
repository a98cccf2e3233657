"""Labels: the Chinese and English words for measures, codes and reasons, and the check that each belongs to one."""

from collections.abc import Iterable

from scoring.conditions.tree import Expr
from scoring.diagnostics import Diagnostic, diagnostic
from scoring.formulas import gives
from scoring.rulebook import document as doc
from scoring.scope import Scope
from scoring.values import KINDS


def label_of(document: doc.Document, *names: str) -> tuple[str, str]:
    """Return the label of the first of these names that has one, the last name itself otherwise.

    Ask with the most particular name first: `label_of(document, "company.composite", "composite")`.

    >>> from scoring.example import league
    >>> document = league("{over: game, count: rows}").document
    >>> label_of(document, "team.x", "x"), label_of(document, "team.games", "games")
    (('得分', 'Score'), ('games', 'games'))
    """
    for name in names:
        if name in document.labels:
            return document.labels[name]
    return names[-1], names[-1]


def codes_of(scope: Scope, trees: Iterable[Expr] = ()) -> frozenset[str]:
    """Return every code and reason the rulebook can give; `trees` are its formulas.

    >>> from scoring.example import league
    >>> sorted(codes_of(league("{over: game, count: rows}").scope) & {"HOME", "AWAY", "RED"})
    ['AWAY', 'HOME']
    """
    found = {"ABSENT", "DROPPED", "NO_ROW", "OUTSIDE", "OUT_OF_DOMAIN", "NO_LIMITS", "NO_WEIGHT", *KINDS}
    found |= {word for tree in trees for gap in tree.absences() for word in str(gap.value).split()}
    found |= {code for setting in scope.document.settings.values() for code in setting.type.codes or ()}
    kinds = [*scope.types.values(), *(kind for space in scope.spaces.values() for kind in space.columns.values())]
    for kind in kinds:
        found |= set(kind.codes or ())
    for measures in scope.document.measures.values():
        for measure in measures.values():
            found |= {reason for reason, _ in measure.require.that} if measure.require else set()
            found |= {give.reason for give in gives(measure.operator) if give.reason}
    for outcome in scope.document.results.values():
        found |= {code for code, _ in outcome.actions}
    for constants in scope.document.tables.values():
        found |= {word for key, cells in constants.rows for word in (*key, *cells) if isinstance(word, str)}
    return frozenset(found)


def label_findings(scope: Scope, trees: Iterable[Expr] = ()) -> list[Diagnostic]:
    """Note labels of names that do not exist.

    >>> from scoring.example import league
    >>> label_findings(league("{over: game, count: rows}").scope)
    []
    """
    document = scope.document
    known = set(codes_of(scope, trees)) | set(scope.spaces) | set(document.settings)
    for space in scope.spaces.values():
        for name in (*space.columns, *space.measures, *space.keys):
            known |= {name, f"{space.name}.{name}"}
    return [
        diagnostic("LABEL_UNKNOWN", document.label_places[name], name=name)
        for name in document.labels
        if name not in known
    ]
