"""Quotients whose two sides hang together: what some rows add up to, over the number of these rows or of more."""

from fractions import Fraction

from scoring.conditions.tree import Expr
from scoring.lint import amounts
from scoring.lint.amounts import Amount, between
from scoring.lint.spans import YES, Env
from scoring.lint.work import Work
from scoring.rulebook import document as doc


def ends(work: Work, of: Expr, by: Expr) -> Amount | None:
    """Return the range of a quotient of a sum (or count) and a count over the same rows; None for any other.

    >>> from scoring.example import league
    >>> from scoring.lint.notes import Notes
    >>> from scoring.lint.ranges import ranges_of
    >>> made = league("{ratio: {of: games, by: games, zero: 0}}")
    >>> str(ranges_of(made, Notes()).spans["team", "x"].amount)
    '0 .. 1'
    """
    (above, upper), (below, lower) = _factored(work, of), _factored(work, by)
    if upper is None or lower is None or lower.how != "count" or not below or not _within(work, upper, lower):
        return None
    one, every_row = between(1, 1), _texts(upper) == _texts(lower)
    if upper.operand is not None:
        span = work.at(upper.over).judge.span(work.tree(upper.operand), _where(work, upper))
        one, every_row = span.amount or amounts.UNBOUNDED, every_row and span.present == YES
    each = one if every_row else amounts.union([one, between(0, 0)])
    scale = Fraction(above) / Fraction(below)
    return None if each is None else amounts.multiply(each, Amount(scale, scale, None, None))


def _texts(operator: doc.Aggregate) -> str | None:
    return None if operator.where is None else operator.where.text


def _factored(work: Work, tree: Expr) -> tuple[Fraction, doc.Aggregate | None]:
    """Return a name with the number it is multiplied by, as the aggregate it stands for."""
    if tree.op == "mul" and tree.args[0].op == "const":
        factor, inner = _factored(work, tree.args[1])
        return (work.judge.amount(tree.args[0], {}).low or Fraction(0)) * factor, inner
    return Fraction(1), _added_up(work, tree)


def _added_up(work: Work, tree: Expr) -> doc.Aggregate | None:
    """Return the plain count or sum of rows a name of the same rows stands for."""
    if tree.op != "read" or tree.path is None or tree.path.hops or tree.path.kind != "measure":
        return None
    operator = work.ranges.document.measures[work.measure.grain][tree.path.name].operator
    if not isinstance(operator, doc.Aggregate) or operator.how not in ("count", "sum"):
        return None
    plain = operator.once is None and operator.last is None and operator.weight is None
    return operator if plain else None


def _where(work: Work, operator: doc.Aggregate) -> Env:
    """Return what is known of the rows an aggregate counts."""
    if operator.where is None:
        return {}
    return work.at(operator.over).judge.assume(work.tree(operator.where), True, {}) or {}


def _within(work: Work, upper: doc.Aggregate, lower: doc.Aggregate) -> bool:
    """Tell whether every row of the one is a row of the other."""
    if upper.over != lower.over:
        return False
    if lower.where is None or _texts(upper) == _texts(lower):
        return True
    there = work.at(upper.over).judge
    return upper.where is not None and there.span(work.tree(lower.where), _where(work, upper)).truths == YES
