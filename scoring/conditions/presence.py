"""What must be present: behind a condition that holds, and wherever a formula has a value."""

from dataclasses import dataclass
from typing import Final

from scoring.conditions.tree import Expr, Path
from scoring.scope import Scope

Present = frozenset[Path]
NOTHING: Final[Present] = frozenset()


class Implications:
    """What must be present where a measure is: without a score there is no rank, so a rank guards its score."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._known: dict[tuple[str, Path], Present] = {}

    def add(self, space: str, name: str, present: Present) -> None:
        """Keep what a measure could not exist without, seen from its own rows."""
        self._known[space, Path((), "measure", name)] = present

    def closure(self, space: str, path: Path) -> Present:
        """Return the path and everything without which it could not be present."""
        end = path.hops[-1].target if path.hops else space
        behind = self._known.get((end, Path((), path.kind, path.name)), NOTHING)
        return frozenset({path}) | {Path((*path.hops, *one.hops), one.kind, one.name) for one in behind}


@dataclass(frozen=True, slots=True)
class Site:
    """Where a formula stands: the space whose rows it is asked at, and what is known to be present there."""

    scope: Scope
    space: str
    implied: "Implications"


def learn(tree: Expr, holds: bool, site: Site) -> Present:
    """Return which paths must be present once the condition is known to hold (or known not to).

    >>> from scoring.conditions.tree import Path
    >>> from scoring.example import league
    >>> from scoring.rulebook.types import BOOL, Type
    >>> site = Site(league("{over: game, count: rows}").scope, "game", Implications())
    >>> asked = Expr("present", BOOL, (Expr("read", Type("date"), path=Path((), "column", "date")),))
    >>> [str(path) for path in learn(asked, True, site)], learn(asked, False, site)
    (['date'], frozenset())
    """
    if tree.op in ("present", "absent"):
        path = tree.args[0].path
        if path is None or (tree.op == "present") != holds:
            return NOTHING
        return site.implied.closure(site.space, path)
    if tree.op == "not":
        return learn(tree.args[0], not holds, site)
    if tree.op in ("and", "or"):
        sides = [learn(arg, holds, site) for arg in tree.args]
        return sides[0] | sides[1] if (tree.op == "and") == holds else sides[0] & sides[1]
    return NOTHING


def doubtful(tree: Expr) -> list[Expr]:
    """Return the values whose presence a condition asks and that may be an ERROR: a mistake is no mere absence.

    >>> from scoring.rulebook.types import BOOL, Type
    >>> late = Expr("read", Type("date", absent=frozenset({"ERROR"})), path=Path((), "column", "late"))
    >>> doubtful(Expr("not", BOOL, (Expr("absent", BOOL, (late,)),))) == [late]
    True
    """
    if tree.op in ("present", "absent"):
        return [read for read in tree.args[0].reads() if "ERROR" in read.type.absent]
    return [read for arg in tree.args for read in doubtful(arg)]


def strict(tree: Expr, site: Site) -> Present:
    """Return which paths must be present wherever this formula has a value.

    >>> from scoring.example import league
    >>> made = league('{value: "points + 1"}', "game")
    >>> site = Site(made.scope, "game", Implications())
    >>> [str(path) for path in strict(made.trees["measures.game.x.value"], site)]
    ['points']
    """
    if tree.op == "read" and tree.path is not None:
        return site.implied.closure(site.space, tree.path)
    if tree.op == "if":
        test, yes, no = tree.args
        if no.op == "none":
            return strict(test, site) | strict(yes, site) | learn(test, True, site)
        return strict(test, site) | (strict(yes, site) & strict(no, site))
    if tree.op in ("and", "or"):
        return strict(tree.args[0], site)
    if tree.op in ("present", "absent", "default"):
        return NOTHING
    return NOTHING.union(*(strict(arg, site) for arg in tree.args))
