"""The rows around a place in an order, and the rows a running total has gathered so far."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from scoring.conditions.tree import Expr
from scoring.explain.attribution import Attribution
from scoring.rulebook import document as doc
from scoring.values import NonValue, shown

NEIGHBOURS: Final = 3
"""Rows shown before and behind a place."""


class Placed(NamedTuple):
    """Rows of `over` in their order, each with what it was placed by; `trees` are asked at the row itself."""

    over: str
    row: int
    shown: Sequence[int]
    texts: Mapping[int, str]
    trees: Sequence[Expr]


def placed(side: Attribution, measure: doc.Measure, row: int) -> Placed:
    """Return the rows a rank or a running total of a row is read from.

    >>> from scoring.example import season
    >>> run = season("{rank: {by: [{key: games, first: high}], from: best, ties: competition}}")
    >>> placed(Attribution(run), run.plan.document.measures["team"]["x"], 1).texts
    {0: '#1 2', 1: '#2 1'}
    """
    if isinstance(measure.operator, doc.Rank):
        return _ranked(side, measure, measure.operator, row)
    assert isinstance(measure.operator, doc.Running), "only these two follow an order"
    return _gathered(side, measure, measure.operator, row)


def _ranked(side: Attribution, measure: doc.Measure, rank: doc.Rank, row: int) -> Placed:
    """Return the neighbours in a rank: those of the same group with places around this one."""
    trees, grain = side.plan.trees, measure.grain
    within = [trees[cel.site] for cel in rank.within]
    keys = [trees[cel.site] for cel, _ in rank.by]
    mine = _values(side, within, grain, row)
    values = [
        side.evaluation.value(grain, one, measure.name) for one in range(side.evaluation.frames.frame(grain).size)
    ]
    places: dict[int, Any] = {
        one: place
        for one, place in enumerate(values)
        if not isinstance(place, NonValue) and _values(side, within, grain, one) == mine
    }
    order = sorted(places, key=lambda one: (places[one], one))
    asked = [*within, *keys, *([] if rank.where is None else [trees[rank.where.site]])]
    if row not in places:
        return Placed(grain, row, [], {}, asked)
    at = order.index(row)
    near = order[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
    texts = {one: f"#{shown(places[one])} {_told(side, keys, grain, one)}" for one in near}
    return Placed(grain, row, near, texts, asked)


def _gathered(side: Attribution, measure: doc.Measure, running: doc.Running, row: int) -> Placed:
    """Return the rows of the same keys up to this one, as far back as the total reaches."""
    trees, grain = side.plan.trees, measure.grain
    by = trees[running.by.site]
    per = [trees[cel.site] for cel in running.per]
    where = None if running.where is None else trees[running.where.site]
    operand = None if running.operand is None else trees[running.operand.site]
    asked = [tree for tree in (operand, by, where) if tree is not None]
    here, mine = side.figures.value(by, grain, row), _values(side, per, grain, row)
    if isinstance(here, NonValue) or (where is not None and not side.figures.raw(where, grain, row)):
        return Placed(grain, row, [], {}, asked)
    back = None if running.within is None else side.figures.number(trees[running.within.site], grain, row)
    found = []
    for one in range(side.evaluation.frames.frame(grain).size):
        then = side.figures.value(by, grain, one)
        outside = where is not None and not side.figures.raw(where, grain, one)
        if isinstance(then, NonValue) or outside or _values(side, per, grain, one) != mine:
            continue
        near = not isinstance(back, Fraction) or _apart(then, here) <= back
        if (then, one) <= (here, row) and near:
            found.append((then, one))
    parts = [by] if operand is None else [by, operand]
    texts = {one: _told(side, parts, grain, one) for _, one in found}
    return Placed(grain, row, [one for _, one in sorted(found)], texts, asked)


def _values(side: Attribution, trees: Sequence[Expr], grain: str, row: int) -> list[Any]:
    return [side.figures.value(tree, grain, row) for tree in trees]


def _told(side: Attribution, trees: Sequence[Expr], grain: str, row: int) -> str:
    return ", ".join(shown(value) for value in _values(side, trees, grain, row))


def _apart(then: Any, here: Any) -> Fraction:
    """Return how far two positions lie apart, in days or units."""
    return Fraction((here - then).days) if isinstance(here, date) else Fraction(here) - Fraction(then)
