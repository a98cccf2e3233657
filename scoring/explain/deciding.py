"""Which names decided a formula at a row: the operands that made it true, false or the number it is."""

from collections.abc import Iterator, Sequence

from scoring.conditions.tree import Expr
from scoring.explain.figures import Figures
from scoring.values import NonValue


def deciding(figures: Figures, trees: Sequence[Expr], space: str, row: int) -> list[Expr]:
    """Return the names that decided formulas at a row, each once, in the order they are written.

    Of an "or" that holds it is the first operand that holds, of an "and" that fails the first that fails, of a choice
    the condition and the branch that was taken: what was not needed is not told, and was perhaps never there.

    >>> from scoring.example import season
    >>> run = season("{value: 'games > 1 || sum_of > 9 ? games : 0'}".replace("sum_of", "games"))
    >>> tree = run.plan.trees["measures.team.x.value"]
    >>> [str(read.path) for read in deciding(Figures(run), [tree], "team", 0)]
    ['games']
    """
    found = [read for tree in trees for read in _asked(figures, tree, space, row)]
    return list({read.path: read for read in found}.values())


def _asked(figures: Figures, tree: Expr, space: str, row: int) -> Iterator[Expr]:
    """Yield the names that decided one formula, with repetitions."""
    for arg in _operands(figures, tree, space, row):
        yield from _asked(figures, arg, space, row)
    if tree.op == "read":
        yield tree


def _operands(figures: Figures, tree: Expr, space: str, row: int) -> Sequence[Expr]:
    """Return the operands that decided one node."""
    first = tree.args[0] if tree.args else tree
    match tree.op:
        case "and" | "or":
            settled = bool(figures.raw(first, space, row)) == (tree.op == "or")
            if settled:
                return [first]
            return [tree.args[1]] if bool(figures.raw(tree.args[1], space, row)) == (tree.op == "or") else tree.args
        case "if":
            return [first, tree.args[1 if figures.raw(first, space, row) else 2]]
        case "default":
            return tree.args if isinstance(figures.raw(first, space, row), NonValue) else [first]
        case _:
            return tree.args
