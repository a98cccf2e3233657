"""Weighted means of named parts: what they can give, and whether their weights are sound."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.lint import amounts
from scoring.lint.amounts import Amount, between
from scoring.lint.finding import Example
from scoring.lint.spans import YES, Span
from scoring.lint.work import Work
from scoring.rulebook import document as doc
from scoring.values import shown


def blend(work: Work, operator: doc.Blend) -> Span:
    """Return the weighted mean of the parts that apply.

    >>> from scoring.example import league
    >>> from scoring.lint.notes import Notes
    >>> from scoring.lint.ranges import ranges_of
    >>> str(ranges_of(league('{blend: {games: 1, "50": 1}}'), Notes()).spans["team", "x"].amount)
    '0 .. 100'
    """
    parts = [work.amount(part) for part, _ in operator.parts]
    weights = [work.amount(weight) for _, weight in operator.parts]
    _tell_weights(work, operator, weights)
    ends = amounts.union(parts) or amounts.UNBOUNDED
    total, divisor = between(0, 0), between(0, 0)
    for part, weight in zip(parts, weights, strict=True):
        total = work.judge.checked(amounts.add(total, amounts.multiply(part, weight)))
        divisor = work.judge.checked(amounts.add(divisor, weight))
    always = all(work.judge.span(work.tree(part), work.env).present == YES for part, _ in operator.parts)
    known = divisor if always else replace(divisor, low=Fraction(0))
    quotient = work.judge.checked(amounts.divide(total, known))
    quotient = replace(quotient, low=ends.low, high=ends.high)
    return Span(amount=replace(quotient, fixed=quotient.fixed and always))


def _tell_weights(work: Work, operator: doc.Blend, weights: list[Amount]) -> None:
    """Note weights that may be negative, and fixed ones that do not add up to 1 or 100."""
    for (_, cel), weight in zip(operator.parts, weights, strict=True):
        if weight.low is None or weight.low < 0:
            example = Example(((cel.text, str(weight)),))
            words = {"measure": work.name, "weight": cel.text}
            work.notes.add("WEIGHT_NOT_POSITIVE", cel.place, example, **words)
    fixed = [_fixed_weight(work, cel) for _, cel in operator.parts]
    known = [weight for weight in fixed if weight is not None]
    total = sum(known, Fraction(0))
    if len(known) == len(fixed) and total not in (1, 100):
        pairs = zip(operator.parts, known, strict=True)
        example = Example(tuple((part.text, shown(weight)) for (part, _), weight in pairs), shown(total))
        words = {"measure": work.name, "sum": shown(total)}
        work.notes.add("WEIGHTS_DO_NOT_SUM", operator.parts[0][1].place, example, **words)


def _fixed_weight(work: Work, cel: doc.Cel) -> Fraction | None:
    """Return a weight that is a number, or a setting with a value."""
    tree = work.tree(cel)
    if tree.op == "setting":
        value = work.ranges.document.settings[str(tree.value)].value
        return Fraction(value) if isinstance(value, Decimal) else None
    return work.judge.amount(tree, {}).low if tree.op == "const" else None
