"""Where findings are gathered while the rulebook is worked through."""

from typing import Any

from scoring.conditions.tree import Expr
from scoring.diagnostics import Place
from scoring.lint.finding import Example, Finding, finding
from scoring.lint.spans import Env


class Notes:
    """A list of findings; a silent one forgets them (for trial calculations)."""

    def __init__(self, silent: bool = False) -> None:
        """Start empty."""
        self.silent = silent
        self.found: list[Finding] = []

    def add(self, code: str, place: Place, example: Example | None = None, /, **words: Any) -> None:
        """Add a finding.

        >>> notes = Notes()
        >>> notes.add("TAB", Place("a.yaml", 1, 1))
        >>> [one.code for one in notes.found]
        ['TAB']
        """
        if not self.silent:
            self.found.append(finding(code, place, example, **words))


def names_of(tree: Expr) -> list[Expr]:
    """Return the names a formula reads, settings included, each once.

    >>> from scoring.example import league
    >>> made = league("{value: '2 * points + points * 3'}", "game")
    >>> tree = made.trees[made.document.measures["game"]["x"].operator.cel.site]
    >>> [name_text(name) for name in names_of(tree)]
    ['points']
    """
    found: dict[str, Expr] = {}
    todo = [tree]
    while todo:
        node = todo.pop(0)
        if node.op in ("read", "setting"):
            found.setdefault(name_text(node), node)
        todo = [*node.args, *todo]
    return list(found.values())


def name_text(node: Expr) -> str:
    """Return how a formula writes a name.

    >>> from scoring.rulebook.types import Type
    >>> name_text(Expr("setting", Type("number"), value="limit"))
    'limit'
    """
    return str(node.path) if node.path is not None else str(node.value)


def key_of(node: Expr) -> Any:
    """Return the key of a name in what is known.

    >>> from scoring.rulebook.types import Type
    >>> key_of(Expr("setting", Type("number"), value="limit"))
    'limit'
    """
    return node.path if node.op == "read" else str(node.value)


def narrowed(env: Env, names: list[Expr]) -> tuple[tuple[str, str], ...]:
    """Write one value of every narrowed name.

    >>> from scoring.lint.amounts import between
    >>> from scoring.lint.spans import Span
    >>> from scoring.rulebook.types import Type
    >>> limit = Expr("setting", Type("number"), value="limit")
    >>> narrowed({"limit": Span(amount=between(3, 9))}, [limit])
    (('limit', '3'),)
    """
    return tuple((name_text(node), env[key_of(node)].sample(node.type.kind)) for node in names if key_of(node) in env)
