"""Formulas with their figures put in, in symbols that need no language."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from scoring.conditions.closures import bind
from scoring.conditions.tree import Expr
from scoring.evaluation import Evaluation
from scoring.frames import FrameRows
from scoring.rulebook.types import Type
from scoring.typed import public
from scoring.values import NonValue, shown

_INFIX: Final = {"add": "+", "sub": "−", "mul": "×", "eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
_LOGIC: Final = {"and": " ∧ ", "or": " ∨ "}
_LOOSE: Final = frozenset({"add", "sub"})


class Figures:
    """Values and words of formulas at the rows of one run."""

    def __init__(self, evaluation: Evaluation) -> None:
        """Start with nothing bound."""
        self.evaluation = evaluation
        self._bound: dict[tuple[str, int], Callable[[int], Any]] = {}

    def raw(self, tree: Expr, space: str, row: int) -> Any:
        """Return the value of a formula at a row, as the engine holds it."""
        if (space, id(tree)) not in self._bound:
            self._bound[space, id(tree)] = bind(tree, FrameRows(self.evaluation.frames, space))
        return self._bound[space, id(tree)](row)

    def value(self, tree: Expr, space: str, row: int) -> Any:
        """Return the value of a formula at a row, as a caller sees it."""
        return public(self.raw(tree, space, row), tree.type)

    def number(self, tree: Expr, space: str, row: int) -> Fraction | NonValue:
        """Return a number exactly."""
        value = self.value(tree, space, row)
        return value if isinstance(value, NonValue) else Fraction(value)

    def text(self, tree: Expr, space: str, row: int) -> str:
        """Write a formula with its figures; of a choice only the branch that was taken."""
        if tree.op == "if":
            return self.text(tree.args[1 if self.raw(tree.args[0], space, row) else 2], space, row)
        if tree.op in _INFIX:
            sides = [self.text(arg, space, row) for arg in tree.args]
            if tree.op == "mul":
                sides = [f"({side})" if _sum(arg) else side for side, arg in zip(sides, tree.args, strict=True)]
            elif tree.op == "sub" and _sum(tree.args[1]):
                sides[1] = f"({sides[1]})"
            return f" {_INFIX[tree.op]} ".join(sides)
        if tree.op in _LOGIC:
            sides = [f"({self.text(arg, space, row)})" for arg in tree.args]
            return _LOGIC[tree.op].join(sides)
        if tree.op in ("min", "max"):
            return f"{tree.op}({', '.join(self.text(arg, space, row) for arg in tree.args)})"
        if tree.op == "not":
            return f"¬({self.text(tree.args[0], space, row)})"
        if tree.op == "neg":
            return f"−({self.text(tree.args[0], space, row)})"
        return shown(self.value(tree, space, row))


def _sum(tree: Expr) -> bool:
    return tree.op in _LOOSE


def exact(value: Any, kind: Type) -> Fraction | NonValue:
    """Return a number of the engine exactly.

    >>> exact(9550, Type("number", places=2))
    Fraction(191, 2)
    """
    seen = public(value, kind)
    if isinstance(seen, NonValue):
        return seen
    assert not isinstance(seen, str | bool | tuple), "only numbers are shared out"
    return Fraction(seen)  # type: ignore[arg-type]  # a number, as said above


def readable(text: str) -> str:
    """Write the author's formula with the signs a reader knows.

    >>> readable("item.each * count - 1")
    'item.each × count − 1'
    """
    return text.replace(" * ", " × ").replace(" - ", " − ")
