"""Summaries of gathered rows: one result per group that has one; groups without are left to whoever asked."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np

from scoring.batch.columns import GAP as GAP_TYPE
from scoring.batch.columns import Column, as_quotient, nothing, numbers, objects, pick, positions, quotients, to_values
from scoring.batch.groups import Codes, Members, equal_codes, joined, ordered_codes
from scoring.batch.integers import Array, alike, ints, mul, sub, times, totals
from scoring.batch.pool import Pool
from scoring.batch.quotients import Quotients, one_below, over, product, whole
from scoring.decimals import as_decimal, root, ten
from scoring.incomputable import Incomputable
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type

Found: TypeAlias = list[tuple[Array, Column]]
"""Groups and their results, in pieces."""


def counted(members: Members) -> Found:
    """Return how many rows each group has.

    >>> from scoring.batch.groups import gathered
    >>> [(groups.tolist(), column.data.tolist()) for groups, column in counted(gathered(np.array([1, 0, 1]), 2))]
    [([0, 1], [1, 2])]
    """
    return [(members.there, numbers(ints(members.counts)))]


def truths(members: Members, holds: Array, how: str) -> tuple[Found, Array]:
    """Return whether any (every) row of each group holds, and which rows had to be asked to know.

    >>> from scoring.batch.groups import gathered
    >>> found, asked = truths(gathered(np.array([0, 0, 1]), 2), np.array([True, False, False]), "any")
    >>> found[0][1].data.tolist(), asked.tolist()
    ([True, False], [True, False, True])
    """
    decides = holds if how == "any" else ~holds
    if not len(members.starts):
        return [], np.zeros(0, dtype=bool)
    found = np.logical_or.reduceat(decides, members.starts)
    before = np.cumsum(decides) - decides
    asked = before == np.repeat(before[members.starts], members.counts)
    return [(members.there, Column("bool", found if how == "any" else ~found))], asked


def _valued(pool: Pool, members: Members, column: Column) -> tuple[Members, Column, Found]:
    """Return the rows with values in groups without serious absence, and the serious absence of the other groups."""
    if column.gaps is None:
        return members, column, []
    serious = pool.serious(column.gaps)
    lost: dict[int, list[int]] = {}
    for row in np.flatnonzero(serious).tolist():
        lost.setdefault(int(members.groups[row]), []).append(int(column.gaps[row]))
    kept = ~column.absent
    pieces: Found = []
    if lost:
        groups = np.array(list(lost), dtype=np.int64)
        taken = np.zeros(members.size, dtype=bool)
        taken[groups] = True
        kept &= ~taken[members.groups]
        gaps = np.array([pool.strongest(many) for many in lost.values()], dtype=GAP_TYPE)
        pieces.append((groups, nothing(gaps)))
    rows = np.flatnonzero(kept)
    return Members(members.rows[rows], members.groups[rows], members.size), pick(column, rows), pieces


def plain(pool: Pool, members: Members, column: Column, what: tuple[doc.Aggregate, Type]) -> tuple[Found, Type]:
    """Return a summary of one value per row, and its type.

    >>> from scoring.batch.evaluate import evaluate
    >>> from scoring.evaluate import Run
    >>> from scoring.example import FACTS, league
    >>> run = evaluate(league("{over: game, greatest: points, empty: 0}"), FACTS, Run("2026"))
    >>> [str(run.value("team", row, "x")) for row in range(2)]
    ['20.5', '7.0']
    """
    operator, kind = what
    members, column, found = _valued(pool, members, column)
    types = {"mean": Type("number"), "distinct": Type("number", places=0), "list": Type("values")}
    if operator.how == "stdev":
        types["stdev"] = Type("number", places=operator.places or 0)
    total = types.get(operator.how, kind if operator.how != "sum" else Type("number", places=kind.places))
    if len(members.rows):
        found.append(_PLAIN[operator.how](pool, members, column, what))
    return found, total


_What: TypeAlias = tuple[doc.Aggregate, Type]


def _sum(_: Pool, members: Members, column: Column, __: _What) -> tuple[Array, Column]:
    if column.kind == "number":
        return members.there, numbers(totals(column.ints, members.starts))
    return members.there, quotients(sum_of(column.quotients, members))


def sum_of(x: Quotients, members: Members) -> Quotients:
    """Return the sum of quotients in each group; those without a small common denominator one by one.

    >>> from scoring.batch.groups import gathered
    >>> sum_of(whole(ints([1, 2, 3]), 0), gathered(np.array([0, 0, 1]), 2)).n.data.tolist()
    [3, 3]
    """
    level = one_below(x)
    if level is not None and level.d.same is not None:
        return Quotients(totals(level.n, members.starts), alike(level.d.same, len(members.starts)))
    pairs = list(zip(x.n.data.tolist(), x.d.data.tolist(), strict=True))
    sums = [sum((Fraction(*pair) for pair in pairs[begin:end]), Fraction(0)) for _, begin, end in members.spans()]
    return Quotients(ints([one.numerator for one in sums]), ints([one.denominator for one in sums]))


def _mean(pool: Pool, members: Members, column: Column, what: _What) -> tuple[Array, Column]:
    groups, total = _sum(pool, members, column, what)
    unit = ten(what[1].places or 0)
    count = whole(times(ints(members.counts), unit), 0)
    return groups, quotients(over(as_quotient(total, 0).quotients, count))


def _extreme(last: bool) -> Callable[[Pool, Members, Column, _What], tuple[Array, Column]]:
    choose = np.maximum if last else np.minimum

    def extreme(pool: Pool, members: Members, column: Column, _: _What) -> tuple[Array, Column]:
        if column.kind != "quotient":
            data = choose.reduceat(column.data, members.starts)
            return members.there, Column(column.kind, data, None, column.most)
        order = np.lexsort((ordered_codes(column, pool).data, members.groups))
        ends = members.starts + members.counts - 1
        return members.there, pick(column, order[ends if last else members.starts])

    return extreme


def _distinct(pool: Pool, members: Members, column: Column, _: _What) -> tuple[Array, Column]:
    codes = equal_codes(column, pool)
    at = np.repeat(np.arange(len(members.there)), members.counts)
    pairs, _where = positions(joined([Codes(at, len(members.there)), codes]).data)
    return members.there, numbers(ints(np.bincount(pairs // codes.count, minlength=len(members.there))))


def _list(pool: Pool, members: Members, column: Column, what: _What) -> tuple[Array, Column]:
    values, places = to_values(column, pool), what[1].places if what[1].kind == "number" else None
    if places is not None:
        values = [as_decimal(one, places) for one in values]
    return members.there, Column("object", objects([tuple(values[begin:end]) for _, begin, end in members.spans()]))


def _stdev(_: Pool, members: Members, column: Column, what: _What) -> tuple[Array, Column]:
    """Return the sample deviation of groups of two or more: from the sum and the sum of squares, both exact."""
    operator, kind = what
    places, unit = operator.places or 0, ten(kind.places or 0)
    level = one_below(as_quotient(column, 0).quotients)
    if level is None or level.d.same is None:
        return _stdev_of_fractions(members, column, places)
    total, squares = totals(level.n, members.starts), totals(mul(level.n, level.n), members.starts)
    count = ints(members.counts)
    spread = sub(mul(count, squares), mul(total, total)).data.tolist()
    below = unit * level.d.same
    some = np.flatnonzero(members.counts > 1)
    found = []
    for group in some.tolist():
        n = int(members.counts[group])
        found.append(root(Fraction(spread[group], n * (n - 1) * below**2), places))
    return members.there[some], numbers(ints(found))


def _stdev_of_fractions(members: Members, column: Column, places: int) -> tuple[Array, Column]:
    """Return deviations of quotients without a small common denominator, group by group."""
    pairs = [Fraction(n, d) for n, d in zip(column.data.tolist(), column.quotients.d.data.tolist(), strict=True)]
    groups, found = [], []
    for group, begin, end in members.spans():
        values = pairs[begin:end]
        if len(values) > 1:
            middle = sum(values, Fraction(0)) / len(values)
            groups.append(group)
            found.append(root(sum(((x - middle) ** 2 for x in values), Fraction(0)) / (len(values) - 1), places))
    return np.array(groups, dtype=np.int64), numbers(ints(found))


_PLAIN: Final[dict[str, Callable[[Pool, Members, Column, _What], tuple[Array, Column]]]] = {
    "sum": _sum,
    "mean": _mean,
    "stdev": _stdev,
    "list": _list,
    "distinct": _distinct,
    "least": _extreme(False),
    "greatest": _extreme(True),
    "earliest": _extreme(False),
    "latest": _extreme(True),
}
_Typed: TypeAlias = tuple[Column, Type]


def weighted(pool: Pool, members: Members, of: _Typed, by: _Typed, how: str) -> tuple[Found, Type]:
    """Return Σ w·x, or Σ w·x / Σ w where the weights add up to something.

    >>> from scoring.batch.evaluate import evaluate
    >>> from scoring.evaluate import Run
    >>> from scoring.example import FACTS, league
    >>> run = evaluate(league("{over: game, mean: points, weight: points, empty: 0}"), FACTS, Run("2026"))
    >>> [str(run.value("team", row, "x")) for row in range(2)]
    ['2081/122', '7']
    """
    (x, x_type), (w, w_type) = of, by
    exact = x_type.places is not None and w_type.places is not None
    places = (x_type.places or 0) + (w_type.places or 0) if exact and how == "sum" else None
    gaps = pool.merged(_serious(pool, x), _serious(pool, w))
    either = pool.merged(x.gaps, w.gaps)
    why = either if gaps is None or either is None else np.where(gaps != 0, gaps, either).astype(GAP_TYPE)
    held, at, found = _valued(pool, members, numbers(ints(np.arange(len(members.rows))), why))
    kind = Type("number", places=places)
    if not len(held.rows):
        return found, kind
    x, w = pick(x, at.data), pick(w, at.data)
    if exact and how == "sum":
        found.append((held.there, numbers(totals(mul(w.ints, x.ints), held.starts))))
        return found, kind
    total, weights = _two_sums(held, (x, x_type), (w, w_type))
    if how == "sum":
        found.append((held.there, quotients(total)))
        return found, kind
    some = np.flatnonzero(weights.n.data != 0)
    found.append(
        (held.there[some], quotients(over(*(pick(quotients(each), some).quotients for each in (total, weights)))))
    )
    return found, kind


def _two_sums(members: Members, of: _Typed, by: _Typed) -> tuple[Quotients, Quotients]:
    """Return Σ w·x and Σ w of each group."""
    (x, x_type), (w, w_type) = of, by
    if x.kind == "number" and w.kind == "number":
        below = ten((x_type.places or 0) + (w_type.places or 0)), ten(w_type.places or 0)
        sums = totals(mul(w.ints, x.ints), members.starts), totals(w.ints, members.starts)
        one, two = (Quotients(total, alike(unit, len(total))) for total, unit in zip(sums, below, strict=True))
        return one, two
    left, right = as_quotient(x, x_type.places or 0).quotients, as_quotient(w, w_type.places or 0).quotients
    return sum_of(product(left, right), members), sum_of(right, members)


def _serious(pool: Pool, column: Column) -> Array | None:
    """Return a column's serious absences only."""
    if column.gaps is None:
        return None
    return np.where(pool.serious(column.gaps), column.gaps, 0).astype(GAP_TYPE)


def _pairs(column: Column) -> set[tuple[int, int]]:
    """Return the different quotients of a column, as upper and lower numbers."""
    return set(zip(column.data.tolist(), column.quotients.d.data.tolist(), strict=True))


def quantile(pool: Pool, members: Members, column: Column, shares: tuple[Column, Array]) -> Found:
    """Return the value at a share of each group's order: the smallest whose rank reaches n × share (type 1).

    >>> from scoring.batch.evaluate import evaluate
    >>> from scoring.evaluate import Run
    >>> from scoring.example import FACTS, league
    >>> rule = "{over: game, quantile: {of: points, share: 0.5, method: type1}, empty: 0}"
    >>> run = evaluate(league(rule), FACTS, Run("2026"))
    >>> [str(run.value("team", row, "x")) for row in range(2)]
    ['10.0', '7.0']
    """
    share, rows = shares
    found: Found = []
    there = np.flatnonzero(~share.absent)
    if share.kind != "none" and any(not 0 <= n <= d for n, d in _pairs(pick(share, there))):
        raise Incomputable("SHARE_OUTSIDE")
    if share.gaps is not None:
        lost = np.flatnonzero(share.absent)
        gone = np.zeros(members.size, dtype=bool)
        gone[rows[lost]] = True
        found.append((rows[lost], nothing(share.gaps[lost])))
        kept = np.flatnonzero(~gone[members.groups])
        members = Members(members.rows[kept], members.groups[kept], members.size)
        column = pick(column, kept)
    members, column, serious = _valued(pool, members, column)
    found += serious
    if not len(members.rows):
        return found
    at = np.zeros(members.size, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    mine = pick(share, at[members.there]).quotients
    wanted = mul(mine.n, ints(members.counts)).data
    rank = np.clip(-(-wanted // mine.d.data), 1, members.counts).astype(np.int64)
    order = np.lexsort((ordered_codes(column, pool).data, members.groups))
    found.append((members.there, pick(column, order[members.starts + rank - 1])))
    return found
