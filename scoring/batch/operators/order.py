"""Places in an order, and totals that run along one, over columns."""

import numpy as np

from scoring.batch.columns import Column, assemble, nothing, numbers, pick
from scoring.batch.formulas import Rows
from scoring.batch.groups import Codes, equal_codes, joined, ordered_codes
from scoring.batch.integers import Array, Ints, alike, ints, sub, take
from scoring.batch.integers import running as running_totals
from scoring.batch.operators.rare import by_row
from scoring.batch.pool import PRESENT
from scoring.batch.work import Outcome, Work
from scoring.conditions.tree import Expr
from scoring.decimals import ten
from scoring.operators.order import OUTSIDE
from scoring.rulebook import document as doc


def rank(work: Work, operator: doc.Rank) -> Outcome:
    """The place of each row among the rows of its group; rows without keys get that absence instead of a place.

    >>> from scoring.batch.example import column
    >>> column("{rank: {by: [{key: games, first: high}], from: best, ties: competition}}")
    ['1', '2']
    """
    inside = _inside(work, operator.where)
    rows = _some(work, inside)
    within = [work.here(cel, rows) for cel in operator.within]
    keys = [work.here(cel, rows) for cel, _ in operator.by]
    gaps = None
    for part in (*within, *keys):
        gaps = work.pool.merged(gaps, part.gaps)
    sound = np.arange(len(inside)) if gaps is None else np.flatnonzero(gaps == PRESENT)
    group = joined([Codes(np.zeros(len(sound), dtype=np.int64), 1), *_codes(work, within, sound)])
    ahead = []
    for key, (_, first) in zip(keys, operator.by, strict=True):
        codes = ordered_codes(pick(key, sound), work.pool)
        turned = (first == "high") == (operator.start == "best")
        ahead.append(Codes(codes.count - 1 - codes.data, codes.count) if turned else codes)
    places = _places(group.data, joined([group, *ahead]).data, operator.ties)
    pieces = [(inside[sound], numbers(ints(places)))]
    return Outcome(_with_outside(work, pieces, inside, gaps), 1 if operator.ties == "mid" else 0)


def _codes(work: Work, columns: list[Column], rows: Array) -> list[Codes]:
    return [equal_codes(pick(column, rows), work.pool) for column in columns]


def _inside(work: Work, where: doc.Cel | None) -> Array:
    """Return the live rows for which `where` holds, by their places among the live rows."""
    if where is None:
        return np.arange(work.live.size)
    return np.flatnonzero(work.formulas.holds(work.tree(where), work.live))


def _some(work: Work, inside: Array) -> Rows:
    return work.live if len(inside) == work.live.size else Rows.some(work.live.numbers()[inside])


def _with_outside(work: Work, pieces: list[tuple[Array, Column]], inside: Array, gaps: Array | None) -> Column:
    """Return the column with OUTSIDE at rows outside `where`, and the absence of its keys at rows without any."""
    why = np.full(work.live.size, work.pool.gap(OUTSIDE), dtype=np.int32)
    why[inside] = PRESENT if gaps is None else gaps
    return assemble(work.live.size, pieces, nothing(why))


def _places(group: Array, code: Array, ties: str) -> Array:
    """Return every row's place; `code` orders rows by group, then by key, and `mid` counts in tenths."""
    out = np.zeros(len(code), dtype=np.int64)
    if not len(code):
        return out
    order = np.argsort(code, kind="stable")
    new_key = np.r_[True, code[order][1:] != code[order][:-1]]
    new_group = np.r_[True, group[order][1:] != group[order][:-1]]
    start = np.maximum.accumulate(np.where(new_group, np.arange(len(code)), 0))
    key_starts = np.flatnonzero(new_key)
    run = np.cumsum(new_key) - 1
    first = key_starts[run] - start
    end = np.append(key_starts, len(code))[run + 1] - start
    dense = run - run[start] + 1
    out[order] = {"competition": first + 1, "dense": dense, "last": end, "mid": 5 * (first + 1 + end)}[ties]
    return out


def running(work: Work, operator: doc.Running) -> Outcome:
    """The total over rows of the same keys, up to and including this row; `within` looks back so many days at most.

    >>> from scoring.batch.example import column
    >>> column("{running: {sum: points, per: [team], by: date}}", "game")
    ['10', '30.5', '7']
    """
    operand = None if operator.operand is None else work.tree(operator.operand)
    back = _days_back(work, operator)
    odd = back is None or work.tree(operator.by).type.fraction or (operand is not None and operand.type.fraction)
    if odd:
        return by_row(work, operator)
    inside = _inside(work, operator.where)
    rows = _some(work, inside)
    per = [work.here(cel, rows) for cel in operator.per]
    by = work.here(operator.by, rows)
    x = numbers(alike(1, rows.size)) if operator.operand is None else work.here(operator.operand, rows)
    if x.gaps is not None and work.pool.serious(x.gaps).any():
        return by_row(work, operator)
    gaps = None
    for part in (*per, by, x):
        gaps = work.pool.merged(gaps, part.gaps)
    sound = np.arange(len(inside)) if gaps is None else np.flatnonzero(gaps == PRESENT)
    group = joined([Codes(np.zeros(len(sound), dtype=np.int64), 1), *_codes(work, per, sound)])
    at = by.data[sound]
    order = np.lexsort((np.arange(len(sound)), at, group.data))
    totals = _totals(group.data[order], at[order], take(pick(x, sound).ints, order), back)
    out = np.zeros(len(sound), dtype=totals.data.dtype)
    out[order] = totals.data
    pieces = [(inside[sound], numbers(Ints(out, totals.most)))]
    return Outcome(_with_outside(work, pieces, inside, gaps), 0 if operand is None else operand.type.places)


def _days_back(work: Work, operator: doc.Running) -> int | None:
    """Return how far to look back in the last place of `by`, -1 for all the way, None where it differs by row."""
    if operator.within is None:
        return -1
    tree: Expr = work.tree(operator.within)
    if tree.op != "const" or not isinstance(tree.value, int) or tree.value < 0:
        return None
    return tree.value * ten(work.tree(operator.by).type.places or 0) // ten(tree.type.places or 0)


def _totals(group: Array, at: Array, x: Ints, back: int | None) -> Ints:
    """Return the total of each row's window; rows come sorted by group, then by position."""
    if not len(group):
        return x
    total = running_totals(x)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(group))))
    oldest = starts[number]
    if back is not None and back >= 0:
        low = int(at.min())
        span = int(at.max()) - low + 1 + back + 1
        line = number * span + (at - low)
        oldest = np.searchsorted(line, np.maximum(line - back, number * span), side="left")
    before = np.where(oldest > 0, oldest - 1, 0)
    taken = take(total, before)
    return sub(total, Ints(np.where(oldest > 0, taken.data, 0), taken.most))
