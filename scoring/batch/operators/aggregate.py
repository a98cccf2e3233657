"""Aggregates over columns: which finer rows count towards each row, and what becomes of their summary.

Order as in the reference evaluator: rows of the group, `where`, `once`, `last`, then the summary at the live rows. A
value that is NOT_APPLICABLE leaves numerator and denominator; any stronger absence becomes the result.
"""

from typing import Final

import numpy as np

from scoring.batch.arithmetic import moved
from scoring.batch.columns import Column, assemble, numbers, objects, pick, quotients
from scoring.batch.formulas import Formulas, Rows
from scoring.batch.groups import NOWHERE, Codes, Members, equal_codes, joined, ordered_codes
from scoring.batch.integers import Array, alike
from scoring.batch.operators.summary import Found, counted, plain, quantile, truths, weighted
from scoring.batch.quotients import Quotients
from scoring.batch.work import Gives, Outcome, Work
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type

_NEVER_EMPTY: Final = frozenset({"count", "any", "every"})


def aggregate(work: Work, operator: doc.Aggregate) -> Outcome:
    """Summarise the finer rows of each row.

    >>> from scoring.batch.example import column
    >>> column("{over: game, sum: points}"), column("{over: game, where: 'points > 15', count: rows}")
    (['30.5', '7'], ['1', '0'])
    """
    source = Formulas(work.sheets, operator.over)
    members = rows_counted(work, operator, source)
    if work.live.at is not None:
        live = np.zeros(members.size, dtype=bool)
        live[work.live.at] = True
        members = members.only(live[members.groups])
    found, kind = _summary(work, operator, source, members)
    _keep_notes(work, source)
    empty = operator.empty if operator.how not in _NEVER_EMPTY else None
    given = Gives([operator.empty] if operator.empty is not None else [], work, kind)
    places = given.type.places if kind.kind == "number" else None
    at = np.full(members.size, -1, dtype=np.int64)
    at[work.live.numbers()] = np.arange(work.live.size)
    pieces = []
    left = np.ones(work.live.size, dtype=bool)
    for groups, column in found:
        left[at[groups]] = False
        value = moved(column, kind.places, given.type.places) if kind.kind == "number" else column
        pieces.append((at[groups], value))
    if left.any() or not pieces:
        rows = np.flatnonzero(left)
        rest = Rows.some(work.live.numbers()[rows])
        pieces.append((rows, _of_none(operator.how, kind, rest) if empty is None else given.at(0, rest)))
    return Outcome(assemble(work.live.size, pieces), places)


def _keep_notes(work: Work, source: Formulas) -> None:
    """Note at the row of the summary, under this measure, where values of finer rows stand in for gaps."""
    leads = work.sheets.leads(source.space, work.measure.grain)
    live = np.zeros(work.sheet.size, dtype=bool)
    live[work.live.numbers()] = True
    for rows, gaps in source.notes:
        groups = leads[rows]
        here = np.flatnonzero((groups != NOWHERE) & live[groups]) if len(live) else rows[:0]
        work.sheet.note(work.measure.name, groups[here], gaps[here])
    source.notes.clear()


def _of_none(how: str, kind: Type, rows: Rows) -> Column:
    """Return the summary of no rows."""
    if how in ("any", "every"):
        return Column("bool", np.full(rows.size, how == "every"))
    if how == "list":
        return Column("object", objects([()] * rows.size))
    assert how in ("sum", "count", "distinct") or not rows.size, "the rulebook says what such a summary of nothing is"
    zero = alike(0, rows.size)
    return numbers(zero) if kind.places is not None else quotients(Quotients(zero, alike(1, rows.size)))


def rows_counted(work: Work, operator: doc.Aggregate, source: Formulas) -> Members:
    """Return, for each row of the grain, the finer rows that count towards it.

    >>> from scoring.batch.example import column
    >>> column("{over: game, last: {rows: 1, by: date}, list: game}")
    ['2', '3']
    """
    members = work.sheets.members(operator.over, work.measure.grain)
    if operator.where is not None:
        members = members.only(source.holds(work.tree(operator.where), _rows(members, work, operator)))
    if operator.once is not None:
        members = members.only(_once(work, operator.once, source, members))
    if operator.last is not None:
        members = members.only(_newest(work, operator.last, source, members))
    return members


def _rows(members: Members, work: Work, operator: doc.Aggregate) -> Rows:
    """Return the finer rows to ask at; all of them, where each stands in its place."""
    size = work.sheets.sheet(operator.over).size
    if len(members.rows) == size and bool((members.rows == np.arange(size)).all()):
        return Rows.all(size)
    return Rows.some(members.rows)


def _once(work: Work, once: doc.Once, source: Formulas, members: Members) -> Array:
    """Tell which rows are kept: in every group, per key, the best by the value, the first row id among equals."""
    rows = Rows.some(members.rows)
    keys = [equal_codes(source.ask(work.tree(cel), rows), work.pool) for cel in once.per]
    of = source.ask(work.tree(once.of), rows)
    place = _ordered(of, work).data
    if once.first == "highest":
        place = -place
    group = Codes(members.groups, max(1, members.size))
    code = joined([group, *keys]).data
    order = np.lexsort((np.arange(len(code)), place, of.absent, code))
    kept = np.zeros(len(code), dtype=bool)
    if len(code):
        kept[order[np.r_[True, code[order][1:] != code[order][:-1]]]] = True
    return kept


def _ordered(column: Column, work: Work) -> Codes:
    """Return codes in the order of the values, 0 for rows without one."""
    if column.gaps is None:
        return ordered_codes(column, work.pool)
    there = np.flatnonzero(~column.absent)
    codes = ordered_codes(pick(column, there), work.pool)
    data = np.zeros(len(column), dtype=np.int64)
    data[there] = codes.data
    return Codes(data, codes.count)


def _newest(work: Work, last: doc.Last, source: Formulas, members: Members) -> Array:
    """Tell which rows are among the newest of their group; rows without a date are passed over."""
    by = source.ask(work.tree(last.by), Rows.some(members.rows))
    dated = np.flatnonzero(~by.absent)
    groups = members.groups[dated]
    order = np.lexsort((dated, by.data[dated], groups))
    mine = Members(dated[order], groups[order], members.size)
    ends = np.repeat(mine.starts + mine.counts, mine.counts)
    kept = np.zeros(len(members.rows), dtype=bool)
    kept[mine.rows[ends - np.arange(len(order)) <= last.rows]] = True
    return kept


def _summary(work: Work, operator: doc.Aggregate, source: Formulas, members: Members) -> tuple[Found, Type]:
    """Return the groups that have a summary, with it, and its type."""
    if operator.operand is None:
        return counted(members), Type("number", places=0)
    tree, rows = work.tree(operator.operand), _rows(members, work, operator)
    if operator.how in ("any", "every"):
        before = len(source.notes)
        holds = source.holds(tree, rows)
        found, asked = truths(members, holds, operator.how)
        source.notes[before:] = _asked(
            source.notes[before:], members.rows[asked], work.sheets.sheet(operator.over).size
        )
        return found, Type("bool")
    column = source.ask(tree, rows)
    if operator.weight is not None and operator.how in ("sum", "mean"):
        weight = work.tree(operator.weight)
        return weighted(work.pool, members, (column, tree.type), (source.ask(weight, rows), weight.type), operator.how)
    if operator.how == "quantile":
        assert operator.share is not None, "a quantile has a share"
        return quantile(work.pool, members, column, (work.exactly(operator.share), work.live.numbers())), tree.type
    return plain(work.pool, members, column, (operator, tree.type))


def _asked(notes: list[tuple[Array, Array]], rows: Array, size: int) -> list[tuple[Array, Array]]:
    """Return the notes of the rows that were asked before their group was decided."""
    if not notes:
        return notes
    asked = np.zeros(size, dtype=bool)
    asked[rows] = True
    return [(at[asked[at]], gaps[asked[at]]) for at, gaps in notes]
