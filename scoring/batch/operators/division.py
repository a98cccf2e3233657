"""Quotients: ratio and blend."""

from functools import reduce

import numpy as np

from scoring.batch.columns import GAP, Column, assemble, nothing, pick, quotients
from scoring.batch.formulas import Rows
from scoring.batch.integers import Array, alike, times
from scoring.batch.pool import PRESENT
from scoring.batch.quotients import Quotients, over, plus, product
from scoring.batch.work import Gives, Outcome, Work
from scoring.decimals import ten
from scoring.incomputable import Incomputable
from scoring.operators.rowwise import NO_WEIGHT
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type


def ratio(work: Work, operator: doc.Ratio) -> Outcome:
    """An exact quotient.

    >>> from scoring.batch.example import column
    >>> column("{ratio: {of: points, by: '3', zero: 0}}", "game")
    ['3.333333…', '6.833333…', '2.333333…']
    """
    of, by = work.tree(operator.of), work.tree(operator.by)
    given = Gives([operator.zero], work, Type("number"))
    upper, lower = work.here(operator.of), work.here(operator.by)
    gaps = work.pool.merged(upper.gaps, lower.gaps)
    sound = np.arange(work.live.size) if gaps is None else np.flatnonzero(gaps == PRESENT)
    n, d = pick(upper, sound), pick(lower, sound)
    zero = d.data == 0
    pieces = []
    if (~zero).any() or not len(sound):
        keep = np.flatnonzero(~zero)
        pieces.append((sound[keep], _divided(pick(n, keep), pick(d, keep), of.type.places, by.type.places)))
    if zero.any():
        rows = sound[zero]
        pieces.append((rows, given.at(0, Rows.some(work.live.numbers()[rows]))))
    rest = None if gaps is None else nothing(gaps)
    return Outcome(assemble(work.live.size, pieces, rest))


def _divided(n: Column, d: Column, places_n: int | None, places_d: int | None) -> Column:
    """Return n / d; scaled numbers are put over each other at their places."""
    if n.kind == "none" or d.kind == "none":
        return n if n.kind == "none" else d
    if n.kind == "number" and d.kind == "number":
        assert places_n is not None, "scaled numbers have places"
        assert places_d is not None, "scaled numbers have places"
        less = min(places_n, places_d)
        one = alike(1, len(n))
        upper, lower = times(n.ints, ten(places_d - less)), times(d.ints, ten(places_n - less))
        return quotients(over(Quotients(upper, one), Quotients(lower, one)))
    return quotients(over(_quotient(n, places_n), _quotient(d, places_d)))


def _quotient(column: Column, places: int | None) -> Quotients:
    if column.kind == "quotient":
        return column.quotients
    return Quotients(column.ints, alike(ten(places or 0), len(column)))


def blend(work: Work, operator: doc.Blend) -> Outcome:
    """The weighted mean of the parts that apply; a part that lacks for another reason takes the whole with it.

    >>> from scoring.batch.example import column
    >>> column("{blend: {games: 3, '10': 1}}")
    ['4', '3.25']
    """
    size, numbers = work.live.size, work.live.numbers()
    total = weights = Quotients(alike(0, size), alike(1, size))
    gaps, serious = None, None
    for part, weight in operator.parts:
        x = work.exactly(part)
        gaps = work.pool.merged(gaps, x.gaps)
        rows = np.arange(size)
        if x.gaps is not None:
            rows = np.flatnonzero(x.gaps == PRESENT)
            strong = np.where(work.pool.serious(x.gaps), x.gaps, PRESENT).astype(x.gaps.dtype)
            serious = work.pool.merged(serious, strong)
        if not len(rows):
            continue
        w = work.exactly(weight, work.live if len(rows) == size else Rows.some(numbers[rows]))
        assert w.gaps is None, "a weight has a value"
        share = product(w.quotients, pick(x, rows).quotients)
        total, weights = plus(total, _spread(share, rows, size)), plus(weights, _spread(w.quotients, rows, size))
    own = any(work.tree(weight).reads() for _, weight in operator.parts)
    return Outcome(_mean(total, weights, (gaps, serious), work.pool.gap(NO_WEIGHT) if own else PRESENT))


def _spread(x: Quotients, rows: Array, size: int) -> Quotients:
    """Return quotients at their rows and zero at all others."""
    if len(rows) == size:
        return x
    rest = np.setdiff1d(np.arange(size), rows, assume_unique=True)
    zero = quotients(Quotients(alike(0, len(rest)), alike(1, len(rest))))
    return assemble(size, [(rows, quotients(x)), (rest, zero)]).quotients


def _mean(total: Quotients, weights: Quotients, absent: tuple[Array | None, Array | None], idle: int) -> Column:
    """Return total / weights, a serious absence, or, where nothing applies, the absences of all parts.

    `idle` is the absence of a row whose weights add up to nothing; without one there must be no such row.
    """
    gaps, serious = absent
    size = len(total)
    empty = weights.n.data == 0
    lost = np.zeros(size, dtype=bool) if serious is None else serious != PRESENT
    good = np.flatnonzero(~empty & ~lost)
    found = quotients(over(*(pick(quotients(x), good).quotients for x in (total, weights))))
    if len(good) == size:
        return found
    known = [each for each in (gaps, serious) if each is not None]
    why = reduce(lambda a, b: np.where(b != PRESENT, b, a), known) if known else np.zeros(size, dtype=np.int32)
    why = np.where(empty & (why == PRESENT), idle, why).astype(GAP)
    if (why[~(~empty & ~lost)] == PRESENT).any():
        raise Incomputable("WEIGHTS_ARE_ZERO")
    return assemble(size, [(good, found)], nothing(why))
