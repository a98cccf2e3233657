"""The finer rows behind a summary: those that decided it, those that only counted, those that were left out."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from scoring.conditions.tree import Expr
from scoring.explain.attribution import Attribution
from scoring.explain.wording import Text, both_before
from scoring.frames import key_text
from scoring.rulebook import document as doc
from scoring.values import NonValue

DROPPED_MOST: Final = 12
"""Rows not kept that are named."""


class Summed(NamedTuple):
    """Rows of `over`: `shown` decided the summary, `counted` took part as well, `left` belong to it and did not count.

    `trees` are the formulas asked at every row; `known` the key parts the reader knows already; `dropped`
    names the rows that `keep` of the facts left out before; `of` is the formula summarised.
    """

    over: str
    shown: Sequence[int]
    counted: Sequence[int]
    left: Sequence[int]
    trees: Sequence[Expr]
    known: Sequence[str]
    dropped: Text | None
    of: Expr | None


def summed(side: Attribution, measure: doc.Measure, row: int) -> Summed:
    """Return the rows behind a summary of a row.

    The least, the greatest and a quantile are decided by the rows that have that very value; "any" by the rows that
    hold, "every" by those that fail; all others by every row that counted.

    >>> from scoring.example import season
    >>> run = season("{over: game, where: 'points > 15', count: rows}")
    >>> found = summed(Attribution(run), run.plan.document.measures["team"]["x"], 0)
    >>> list(found.shown), list(found.left)
    ([1], [0])
    """
    operator = measure.operator
    assert isinstance(operator, doc.Aggregate), "asked for a summary"
    trees, over, many = side.plan.trees, operator.over, side.members(measure, row)
    left: list[int] = []
    if operator.where is not None or operator.once is not None or operator.last is not None:
        groups, kept = side.evaluation.frames.groups(over, measure.grain), set(many)
        left = [one for one, group in enumerate(groups) if group == row and one not in kept]
    cels = (operator.operand, operator.weight, operator.where, *_choosing(operator))
    asked = [trees[cel.site] for cel in cels if cel is not None]
    shown = _deciding(side, measure, operator, row, many)
    deciding = set(shown)
    counted = [one for one in many if one not in deciding]
    known = (measure.grain, *side.plan.scope.spaces[measure.grain].keys)
    if operator.how == "quantile" and operator.operand is not None:
        counted = _sorted(side, trees[operator.operand.site], over, counted)
    of = None if operator.operand is None else trees[operator.operand.site]
    return Summed(over, shown, counted, left, asked, known, _dropped(side, over, measure.grain, row), of)


def _sorted(side: Attribution, tree: Expr, over: str, many: Sequence[int]) -> list[int]:
    """Return rows by their value, those without one last."""
    values = {one: side.figures.value(tree, over, one) for one in many}
    there = [one for one in many if not isinstance(values[one], NonValue)]
    return [*sorted(there, key=lambda one: (values[one], one)), *(one for one in many if one not in set(there))]


def _dropped(side: Attribution, over: str, grain: str, row: int) -> Text | None:
    """Name the rows of facts that would belong to a row and are not kept, where their columns hold its key."""
    facts, frames = side.plan.document.facts.get(over), side.evaluation.frames
    if facts is None or facts.keep is None:
        return None
    table, key = frames.tables[over], frames.frame(grain).keys[row]
    kinds = dict(facts.columns)
    holding = [
        [name for name, kind in facts.columns if part in (name, kind.table)] for part in frames.frame(grain).space.keys
    ]
    if not all(len(names) == 1 for names in holding):
        return None
    kept = {each[0] for each in frames.frame(over).keys}
    columns = [table.columns[names[0]] for names in holding]
    gone = [
        at
        for at, row_id in enumerate(table.ids)
        if row_id not in kept and all(column[at] == part for column, part in zip(columns, key, strict=True))
    ]
    if not gone:
        return None
    dates = [name for name, kind in facts.columns if kind.kind in ("date", "period")]
    named = []
    for at in gone[:DROPPED_MOST]:
        told = [key_text(table.columns[name][at], kinds[name]) for name in dates]
        named.append(f"{table.ids[at]} ({', '.join(told)})" if told else table.ids[at])
    rest = f" … +{len(gone) - DROPPED_MOST}" if len(gone) > DROPPED_MOST else ""
    asked = side.wording.named(facts.keep.text, over)
    heads = [f"{label} {', '.join(named)}{rest} – " for label in side.wording.table_label(over)]
    return both_before((heads[1], heads[0], heads[1]), asked)


def _choosing(operator: doc.Aggregate) -> list[doc.Cel]:
    """Return the formulas that chose among rows: what `once` compares and `last` sorts by."""
    once = [] if operator.once is None else [*operator.once.per, operator.once.of]
    return once if operator.last is None else [*once, operator.last.by]


def _deciding(
    side: Attribution, measure: doc.Measure, operator: doc.Aggregate, row: int, many: Sequence[int]
) -> list[int]:
    """Return the rows that made a summary what it is."""
    if operator.operand is None:
        return list(many)
    tree, over = side.plan.trees[operator.operand.site], operator.over
    values = {one: side.figures.value(tree, over, one) for one in many}
    if operator.how in ("any", "every"):
        return [one for one in many if bool(values[one]) == (operator.how == "any")]
    if operator.how in ("least", "greatest", "earliest", "latest", "quantile"):
        result = side.evaluation.value(measure.grain, row, measure.name)
        best = [one for one in many if values[one] == result]
        return best or [one for one in many if isinstance(values[one], NonValue)]
    return list(many)
