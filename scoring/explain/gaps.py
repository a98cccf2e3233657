"""Where a measure without a value lost it: its parts as far as they can be computed, and the rows that have none."""

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.explain.draft import Draft, Share
from scoring.rulebook import document as doc
from scoring.values import NonValue

if TYPE_CHECKING:
    from scoring.explain.attribution import Attribution


def behind_gap(attribution: "Attribution", measure: doc.Measure, row: int, share: Share, gap: NonValue) -> list[Draft]:
    """Explain a measure without a value: its parts as far as they can be computed, and the rows without one.

    >>> from scoring.example import season
    >>> from scoring.explain import explain
    >>> rule = "{table: [{when: 'games > 1', give: {none: ERROR, reason: MANY}}, {else: 1}]}"
    >>> [(line.formula, line.none is None) for line in explain(season(rule), "team", "A")]
    [('#1 games > 1 (games = 2) → ERROR(MANY)', False)]
    """
    operator, trees = measure.operator, attribution.plan.trees
    missing = [
        attribution.measure(measure.grain, row, name, share)
        for name in attribution.wording.choices.missing(measure, row)
    ]
    match operator:
        case doc.ValueOf() | doc.Blend():
            return [*missing, *attribution.operator(measure, row, share)]
        case _ if missing or attribution.wording.choices.failed(measure, row):
            return missing
        case doc.Table() | doc.Lookup():
            return attribution.operator(measure, row, share)
        case doc.Aggregate() if operator.operand is not None:
            return _rows_without(attribution, operator, measure, row, gap)
        case doc.Ratio(of, by, _):
            sides = [trees[of.site], trees[by.site]]
        case doc.Steps() | doc.Curve():
            sides = [trees[operator.of.site]]
        case _:
            return []
    made = [line for tree in sides for line in attribution.expression(tree, measure.grain, row, share)]
    return [line for line in made if line.none is not None]


def _rows_without(
    attribution: "Attribution", operator: doc.Aggregate, measure: doc.Measure, row: int, gap: NonValue
) -> list[Draft]:
    """Return the rows whose absence became that of the summary."""
    assert operator.operand is not None, "rows counted are never absent"
    tree, nothing, lines = attribution.plan.trees[operator.operand.site], Share(Fraction(0), Fraction(0)), []
    for one in attribution.members(measure, row):
        value = attribution.figures.value(tree, operator.over, one)
        if isinstance(value, NonValue) and value.kind == gap.kind:
            made = attribution.expression(tree, operator.over, one, nothing) if tree.type.kind == "number" else []
            line = attribution.row_line(
                operator.over, one, measure.grain, [each for each in made if each.none is not None]
            )
            line.none, line.value, line.clause = value, None, line.clause or measure.law
            lines.append(line)
    return lines
