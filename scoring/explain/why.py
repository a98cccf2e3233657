"""Why a decision came out as it did: every row of the table down to the one that held, with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scoring.conditions.tree import Expr, Path
from scoring.evaluation import Evaluation
from scoring.explain.choices import Choices
from scoring.explain.figures import Figures, readable
from scoring.inference import give_tree
from scoring.rulebook import document as doc
from scoring.values import NonValue, Value, shown


@dataclass(frozen=True, slots=True)
class Consideration:
    """One condition that was asked, or would have been.

    `role` is REQUIREMENT, ROW, STEP or ELSE. `holds` is None for a row that was not reached because one above held.
    `figures` is the condition with its figures, None where it was not asked. `gives` is what the row gives. `tree` is
    the formula asked, for those who follow its names.
    """

    role: str
    clause: str | None
    condition: str | None
    figures: str | None
    holds: bool | None
    gives: Value | None
    tree: Expr | None = field(default=None, compare=False, repr=False)


def why(evaluation: Evaluation, grain: str, key: Sequence[str] | str, measure: str) -> list[Consideration]:
    """Explain a choice (a table, steps or a lookup) of one subject, requirements and missing needs first.

    Where one of these stopped the measure, its rows were not asked and are not told. Other operators have no rows.

    `measure` names a measure of the grain that this run computed; KeyError otherwise.

    >>> from scoring.example import season
    >>> rule = "{table: [{when: 'games > 5', give: BUSY}, {else: CALM}]}"
    >>> [(one.figures, one.holds, one.gives) for one in why(season(rule), "team", "A", "x")]
    [('2 > 5', False, None), (None, True, 'CALM')]
    """
    declared = evaluation.plan.document.measures[grain][measure]
    row, figures = evaluation.row(grain, key), Figures(evaluation)
    out = [*_required(figures, declared, row), *_needed(figures, declared, row)]
    if any(each.holds is False for each in out):
        return out
    if isinstance(declared.operator, doc.Table):
        out += _table(figures, declared, declared.operator, row)
    if isinstance(declared.operator, doc.Steps):
        out += _steps(figures, declared, declared.operator, row)
    if isinstance(declared.operator, doc.Lookup):
        out += _lookup(figures, declared, declared.operator, row)
    return out


def _required(figures: Figures, measure: doc.Measure, row: int) -> list[Consideration]:
    """Return every requirement, held or not."""
    out = []
    for reason, condition in measure.require.that if measure.require is not None else ():
        assert measure.require is not None, "its conditions were read"
        tree = figures.evaluation.plan.trees[condition.site]
        holds = bool(figures.raw(tree, measure.grain, row))
        gives = None if holds else NonValue(measure.require.kind, (reason,))
        law, text = measure.require.law or measure.law, readable(condition.text)
        out.append(Consideration("REQUIREMENT", law, text, figures.text(tree, measure.grain, row), holds, gives, tree))
    return out


def _needed(figures: Figures, measure: doc.Measure, row: int) -> list[Consideration]:
    """Return what the measure needs and has not got."""
    out, evaluation = [], figures.evaluation
    for name in measure.needs:
        value = evaluation.value(measure.grain, row, name)
        if isinstance(value, NonValue):
            tree = Expr("read", evaluation.plan.type_of(measure.grain, name), path=Path((), "measure", name))
            out.append(Consideration("REQUIREMENT", measure.law, f"present({name})", shown(value), False, value, tree))
    return out


def _given(figures: Figures, give: doc.Give, grain: str, row: int) -> Value | None:
    """Return what a row gives, where that can be told without asking what was not reached."""
    tree = give_tree(give, figures.evaluation.plan.trees)
    if tree is None:
        return None
    value: Value = figures.value(tree, grain, row)
    return value


def _table(figures: Figures, measure: doc.Measure, table: doc.Table, row: int) -> list[Consideration]:
    """Return the rows of a decision table; those below the row that held were not asked."""
    out, hit = [], False
    for each in table.rows:
        law = each.law or measure.law
        if each.when is None:
            gives = None if hit else _given(figures, each.give, measure.grain, row)
            out.append(Consideration("ELSE", law, None, None, None if hit else True, gives))
            continue
        text = readable(each.when.text)
        if hit:
            out.append(Consideration("ROW", law, text, None, None, None))
            continue
        tree = figures.evaluation.plan.trees[each.when.site]
        hit = bool(figures.raw(tree, measure.grain, row))
        gives = _given(figures, each.give, measure.grain, row) if hit else None
        out.append(Consideration("ROW", law, text, figures.text(tree, measure.grain, row), hit, gives, tree))
    return out


def _lookup(figures: Figures, measure: doc.Measure, lookup: doc.Lookup, row: int) -> list[Consideration]:
    """Return the row that was looked up, and what is given where there is none."""
    trees, grain = figures.evaluation.plan.trees, measure.grain
    keys = [*lookup.key, *([] if lookup.day is None else [lookup.day])]
    asked, figured = (
        f"{lookup.source}[{', '.join(many)}].{lookup.give}"
        for many in (
            [readable(key.text) for key in keys],
            [shown(figures.value(trees[key.site], grain, row)) for key in keys],
        )
    )
    found, law = Choices(figures).found(measure, row), measure.law
    value = figures.evaluation.value(grain, row, measure.name)
    if found is not None:
        gives = None if isinstance(found, NonValue) else value
        return [Consideration("ROW", law, asked, figured, not isinstance(found, NonValue), gives)]
    return [
        Consideration("ROW", law, asked, figured, False, None),
        Consideration("ELSE", law, None, None, True, value),
    ]


_SIGNS = {"at_least": "≥", "above": ">", "below": "<", "at_most": "≤"}


def _steps(figures: Figures, measure: doc.Measure, steps: doc.Steps, row: int) -> list[Consideration]:
    """Return the steps of the row's class, down to the one that was met."""
    trees, grain = figures.evaluation.plan.trees, measure.grain
    tree: Expr = trees[steps.of.site]
    value = figures.number(tree, grain, row)
    if isinstance(value, NonValue):
        return []
    name = None if steps.by is None else figures.raw(trees[steps.by.site], grain, row)
    limits = dict(steps.limits).get(name, ())
    out, hit, sign = [], False, _SIGNS[steps.compare]
    for limit, give in limits:
        text = f"{readable(steps.of.text)} {sign} {limit}"
        if hit:
            out.append(Consideration("STEP", measure.law, text, None, None, None))
            continue
        hit = {"≥": value >= limit, ">": value > limit, "<": value < limit, "≤": value <= limit}[sign]
        figured = f"{figures.text(tree, grain, row)} {sign} {limit}"
        gives = _given(figures, give, grain, row) if hit else None
        out.append(Consideration("STEP", measure.law, text, figured, hit, gives, tree))
    gives = None if hit else _given(figures, steps.otherwise, grain, row)
    out.append(Consideration("ELSE", measure.law, None, None, None if hit else True, gives))
    return out
