"""Aggregates over ranges: what the rows of a group can add up to, how many there can be, and when that is exact."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from scoring.conditions.tree import Hop, Path
from scoring.decimals import plain
from scoring.lint import amounts
from scoring.lint.amounts import Amount, between, exactly
from scoring.lint.finding import Example
from scoring.lint.notes import Notes
from scoring.lint.spans import Env, Span, both
from scoring.lint.work import Work
from scoring.rulebook import document as doc


def constants(table: doc.Constants, name: str, row: int | None = None) -> Span:
    """Return what a column of a table of constants can be, in all rows or in one.

    >>> from scoring.example import league
    >>> table = league("{over: game, count: rows}").document.tables["worth"]
    >>> str(constants(table, "factor").amount), str(constants(table, "factor", 0).amount)
    ('1 .. 1.5', '1 .. 1')
    """
    at, kind = next((at, kind) for at, (column, kind) in enumerate(table.columns) if column == name)
    rows = table.rows if row is None else table.rows[row : row + 1]
    cells = [cells[at] for _, cells in rows]
    if kind.kind == "number":
        return both(Span(amount=exactly(cell)) for cell in cells if isinstance(cell, Decimal))
    if kind.kind == "bool":
        return Span(truths=frozenset(bool(cell) for cell in cells))
    return Span(codes=frozenset(cell if isinstance(cell, str) else plain(Decimal(cell)) for cell in cells))


def aggregate(work: Work, operator: doc.Aggregate) -> Span:
    """Summarise the finer rows of one row.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> str(ranges_of(league("{over: game, sum: points, where: 'points < 5'}"), Notes()).spans["team", "x"].amount)
    '0 .. 490'
    """
    there = work.at(operator.over)
    if operator.where is not None:
        there.span(operator.where)
        there = replace(there, env=there.judge.assume(work.tree(operator.where), True, {}) or {})
    for more in (operator.once.of if operator.once else None, operator.last.by if operator.last else None):
        if more is not None:
            there.span(more)
    rows = work.ranges.sizes.members(operator.over, work.measure.grain)
    rows = rows if operator.last is None else min(rows, operator.last.rows)
    given = [] if operator.empty is None else [work.give(operator.empty)]
    return both([_summary(work, there, operator, rows), *given])


def _summary(work: Work, there: Work, operator: doc.Aggregate, rows: int) -> Span:
    """Return the summary of up to so many rows."""
    if operator.operand is None:
        return Span(amount=between(0, rows))
    inner = there.span(operator.operand)
    if operator.how in ("any", "every"):
        return Span(truths=inner.truths | {operator.how == "every"})
    if operator.how == "distinct":
        kind = work.tree(operator.operand).type
        domain = work.ranges.sizes.domain(kind)
        days = work.ranges.sizes.units("day") if kind.kind == "date" and _expanded(work, operator) else None
        return Span(amount=between(0, min(each for each in (rows, domain, days) if each is not None)))
    if inner.amount is None:
        return Span(codes=None if operator.how == "list" else inner.codes)
    weight = None if operator.weight is None else there.amount(operator.weight)
    amount = _added(work, there, operator, rows) if operator.how == "sum" and weight is None else inner.amount
    return Span(amount=_SUMMARIES[operator.how](work, amount, weight, rows))


def _expanded(work: Work, operator: doc.Aggregate) -> bool:
    grain = work.ranges.document.grains.get(operator.over)
    return grain is not None and grain.over is not None


def _added(work: Work, there: Work, operator: doc.Aggregate, rows: int) -> Amount:
    """Return a plain sum; over the rows of one table of constants every row is worked out by itself."""
    assert operator.operand is not None, "something is added up"
    tree, ranges = work.tree(operator.operand), work.ranges
    inner = there.judge.amount(tree, there.env)
    free = ranges.sizes.free_keys(operator.over, work.measure.grain)
    table = _constant_key(work, operator.over, free[0]) if len(free) == 1 else None
    if not inner.fixed and rows > 1 and inner.w is not None and amounts.repeated(inner, rows).w is None:
        example = Example(((operator.operand.text, f"1/{inner.w}"),), f"1/{inner.w}^{rows}")
        work.notes.add("QUOTIENTS_ADDED", operator.operand.place, example, where=work.name, rows=rows)
    if tree.op != "read" or tree.path is None or tree.path.hops or tree.path.kind != "measure":
        return work.judge.checked(amounts.repeated(inner, rows))
    measure = ranges.document.measures[operator.over][tree.path.name]
    if table is None:
        return work.judge.checked(_at_once(work, measure, amounts.repeated(inner, rows)))
    total = between(0, 0)
    for row in range(len(table[1].rows)):
        one = ranges.work_out(measure, _pinned(table, row), Notes(silent=True)).amount or amounts.UNBOUNDED
        total = amounts.add(total, amounts.union([one, between(0, 0)]) or one)
    return work.judge.checked(total)


def _at_once(work: Work, measure: doc.Measure, total: Amount) -> Amount:
    """Return the sum of sums: no more than all the rows behind them, each of which belongs to one."""
    operator = measure.operator
    plain_sum = isinstance(operator, doc.Aggregate) and operator.how in ("sum", "count") and operator.weight is None
    if not isinstance(operator, doc.Aggregate) or not plain_sum or measure.floor is not None:
        return total
    each = between(1, 1)
    if operator.operand is not None:
        there = work.at(operator.over)
        each = there.judge.amount(work.tree(operator.operand), {})
    behind = amounts.repeated(each, work.ranges.sizes.rows(operator.over))
    if each.low is None or each.low < 0 or behind.high is None:
        return total
    return amounts.at_most(total, behind.high)


def _constant_key(work: Work, space: str, key: str) -> tuple[str, doc.Constants] | None:
    """Return the table of constants a key refers to."""
    here = work.ranges.plan.scope.spaces[space]
    kind = here.key_types[here.keys.index(key)]
    table = work.ranges.document.tables.get(kind.table or "")
    return None if table is None else (key, table)


def _pinned(table: tuple[str, doc.Constants], row: int) -> Env:
    """Return what is known at rows with one key of a table of constants."""
    key, declared = table
    hop = Hop("key", key, declared.name)
    return {Path((hop,), "column", name): constants(declared, name, row) for name, _ in declared.columns}


def _sum(work: Work, inner: Amount, weight: Amount | None, rows: int) -> Amount:
    if weight is None:
        return inner
    return work.judge.checked(amounts.repeated(amounts.multiply(inner, weight), rows))


def mean(work: Work, inner: Amount, weight: Amount | None, rows: int) -> Amount:
    """Return the mean: as far apart as the values, over the number or weight of the rows.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> str(ranges_of(league("{over: game, mean: points, empty: 50}"), Notes()).spans["team", "x"].amount)
    '0 .. 100'
    """
    by = between(1, 1) if weight is None else weight
    total = _sum(work, inner, by, rows)
    divisor = work.judge.checked(amounts.repeated(by, rows))
    w = None if divisor.n is None or inner.w is None else inner.w * max(divisor.n, 1)
    return work.judge.checked(Amount(inner.low, inner.high, total.n, w, inner.tens, False))


def _stdev(work: Work, inner: Amount, _: Amount | None, rows: int) -> Amount:
    """Return the deviation, never more than the distance of the ends; its sum of squares is watched."""
    work.judge.checked(amounts.repeated(amounts.multiply(inner, inner), rows))
    if inner.low is None or inner.high is None:
        return amounts.UNBOUNDED
    operator = work.measure.operator
    places = operator.places if isinstance(operator, doc.Aggregate) and operator.places else 0
    return between(0, inner.high - inner.low, places)


_SUMMARIES: Final[dict[str, Callable[[Work, Amount, Amount | None, int], Amount]]] = {
    "sum": _sum,
    "mean": mean,
    "stdev": _stdev,
    **{how: lambda _work, inner, _weight, _rows: inner for how in ("least", "greatest", "quantile", "list")},
}
