"""Operators that look at one row at a time: value, flags, table, steps, lookup."""

from collections.abc import Callable
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import Any, Final

import numpy as np

from scoring.batch.arithmetic import compare, moved
from scoring.batch.columns import (
    Column,
    assemble,
    from_values,
    nothing,
    numbers,
    objects,
    pick,
    positions,
    quotients,
    to_values,
)
from scoring.batch.formulas import Rows
from scoring.batch.groups import NOWHERE, KeyIndex
from scoring.batch.integers import Array, alike, ints
from scoring.batch.operators.rare import by_row
from scoring.batch.pool import PRESENT
from scoring.batch.quotients import Quotients
from scoring.batch.work import Gives, Outcome, Work
from scoring.conditions.presence import doubtful
from scoring.conditions.tree import Expr
from scoring.decimals import places_of
from scoring.keys import WORDS, brought, keyed
from scoring.operators.rowwise import NO_LIMITS, limit_at
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type

_COMPARES: Final[dict[str, Callable[[Any, Any], Any]]] = {"at_least": ge, "above": gt, "below": lt, "at_most": le}


def value(work: Work, operator: doc.ValueOf) -> Outcome:
    """An expression.

    >>> from scoring.batch.example import column
    >>> column('{value: "2 * points + 1"}', "game")
    ['21', '42', '15']
    """
    return Outcome(work.here(operator.cel), work.tree(operator.cel).type.places)


def flags(work: Work, operator: doc.Flags) -> Outcome:
    """The codes whose conditions hold, in the order they are written.

    >>> from scoring.batch.example import column
    >>> column("{flags: {MANY: 'points > 8', FEW: 'points < 20'}}", "game")
    ['MANY, FEW', 'MANY', 'FEW']
    """
    held = [(code, work.formulas.holds(work.tree(cel), work.live)) for code, cel in operator.codes]
    rows = zip(*(mask.tolist() for _, mask in held), strict=True) if held else [()] * work.live.size
    codes = [code for code, _ in held]
    sets: dict[tuple[bool, ...], tuple[str, ...]] = {}
    out = []
    for row in rows:
        if row not in sets:
            sets[row] = tuple(code for code, holds in zip(codes, row, strict=True) if holds)
        out.append(sets[row])
    return Outcome(Column("object", objects(out)))


def table(work: Work, operator: doc.Table) -> Outcome:
    """The value of the first row that holds; a row that asks for the presence of an ERROR gives that ERROR.

    >>> from scoring.batch.example import column
    >>> column("{table: [{when: 'points > 15', give: GOOD}, {when: 'points > 8', give: FAIR}, {else: POOR}]}", "game")
    ['FAIR', 'GOOD', 'POOR']
    """
    given = Gives([row.give for row in operator.rows], work)
    left, pieces = np.arange(work.live.size), []
    for number, row in enumerate(operator.rows):
        if row.when is None or not len(left):
            continue
        errors = _errors(work, work.tree(row.when), _at(work, left))
        if errors is not None and errors.any():
            lost = np.flatnonzero(errors)
            pieces.append((left[lost], nothing(errors[lost])))
            left = left[errors == PRESENT]
        if not len(left):
            continue
        holds = work.formulas.holds(work.tree(row.when), _at(work, left))
        if holds.any():
            pieces.append((left[holds], given.at(number, _at(work, left[holds]))))
            left = left[~holds]
    if len(left) or not pieces:
        pieces.append((left, given.at(len(operator.rows) - 1, _at(work, left))))
    return Outcome(assemble(work.live.size, pieces), given.type.places)


def _errors(work: Work, when: Expr, rows: Rows) -> Array | None:
    """Return, for each row, the ERROR among the values whose presence a condition asks."""
    gaps = None
    for read in doubtful(when):
        column = work.formulas.ask(read, rows)
        if column.gaps is not None:
            errors = np.where(work.pool.of_kind(column.gaps, "ERROR"), column.gaps, PRESENT).astype(column.gaps.dtype)
            gaps = work.pool.merged(gaps, errors)
    return gaps


def _at(work: Work, numbers_of_live: Array) -> Rows:
    """Return some of the live rows, by their places among them."""
    if len(numbers_of_live) == work.live.size:
        return work.live
    return Rows.some(work.live.numbers()[numbers_of_live])


def steps(work: Work, operator: doc.Steps) -> Outcome:
    """The value of the first limit that is met; with `by`, among the limits of the row's class.

    >>> from scoring.batch.example import column
    >>> column("{steps: {of: points, at_least: {20: 3, 10: 1}, else: 0}}", "game")
    ['1', '3', '0']
    """
    given = Gives([*(give for _, many in operator.limits for _, give in many), operator.otherwise], work)
    tree = work.tree(operator.of)
    limits = [limit for _, many in operator.limits for limit, _ in many]
    places = None if tree.type.places is None else max([tree.type.places, *map(places_of, limits)])
    x = work.formulas.number(tree, places, work.live)
    by = None if operator.by is None else work.here(operator.by)
    gaps = x.gaps if by is None else work.pool.merged(x.gaps, by.gaps)
    left = np.arange(work.live.size) if gaps is None else np.flatnonzero(gaps == PRESENT)
    pieces: list[tuple[Array, Column]] = []
    if gaps is not None:
        lost = np.flatnonzero(gaps)
        pieces.append((lost, nothing(gaps[lost])))
    number = 0
    for name, many in operator.limits:
        mine = left if by is None else left[by.data[left] == work.pool.number(name)]
        rest = left if by is None else left[by.data[left] != work.pool.number(name)]
        for limit, _ in many:
            met = _meets(pick(x, mine), limit_at(limit, places), _COMPARES[operator.compare])
            if met.any():
                pieces.append((mine[met], given.at(number, _at(work, mine[met]))))
                mine = mine[~met]
            number += 1
        if len(mine):
            pieces.append((mine, given.at(len(limits), _at(work, mine))))
        left = rest if by is not None else left[:0]
    if len(left):
        pieces.append((left, work.formulas.gap(NO_LIMITS, len(left))))
    return Outcome(
        assemble(work.live.size, pieces or [(left, given.at(len(limits), _at(work, left)))]), given.type.places
    )


def _meets(x: Column, limit: "int | Fraction", how: Callable[[Any, Any], Any]) -> Array:
    """Tell for each row whether it meets a limit."""
    size = len(x)
    if not size:
        return np.zeros(0, dtype=bool)
    if isinstance(limit, Fraction):
        return compare(how, x, quotients(Quotients(alike(limit.numerator, size), alike(limit.denominator, size))))
    return compare(how, x, numbers(alike(limit, size)))


def lookup(work: Work, operator: doc.Lookup) -> Outcome:
    """A column of the row with the given key, or what is given otherwise.

    >>> from scoring.batch.example import column
    >>> column("{lookup: {in: worth, key: [kind], give: factor, otherwise: 0}}", "game")
    ['1', '1.5', '1']
    """
    source = operator.source
    path = work.plan.scope.path(source, operator.give)[0]
    kind = work.plan.scope.type_of(source, path)
    facts = work.plan.document.facts.get(source)
    if facts is not None and any(
        work.sheets.sheet(source).column("column", name).absent.any() for name in facts.unique
    ):
        return by_row(work, operator)
    given = Gives([operator.otherwise], work, kind)
    pairs = [_key(work, cel, want) for cel, want in keyed(work.plan.scope, operator)]
    keys, lost = [column for column, _ in pairs], np.logical_or.reduce([odd for _, odd in pairs])
    day = None if operator.day is None else work.here(operator.day)
    gaps = None
    for part in (*keys, *([] if day is None else [day])):
        gaps = work.pool.merged(gaps, part.gaps)
    rows = _held(work, facts, keys, day) if facts is not None and facts.unique else _found(work, source, keys)
    rows = np.where(lost, NOWHERE, rows)
    there = np.flatnonzero(rows != NOWHERE)
    absent = (rows == NOWHERE) & (np.zeros(len(rows), dtype=bool) if gaps is None else gaps != PRESENT)
    otherwise = np.flatnonzero((rows == NOWHERE) & ~absent)
    pieces = []
    if len(there):
        found = moved(pick(work.sheets.column(source, path), rows[there]), kind.places, given.type.places)
        pieces.append((there, found))
    if gaps is not None and absent.any():
        why = np.flatnonzero(absent)
        pieces.append((why, nothing(gaps[why])))
    if len(otherwise) or not pieces:
        pieces.append((otherwise, given.at(0, _at(work, otherwise))))
    return Outcome(assemble(work.live.size, pieces), given.type.places)


def _key(work: Work, cel: doc.Cel, want: Type) -> tuple[Column, Array]:
    """Ask a key, brought to what it is compared with; also tell where it is a number no row can bear."""
    have, column = work.tree(cel).type, work.here(cel)
    turn, lost = brought(have, want), np.zeros(len(column), dtype=bool)
    if turn is None or column.kind == "none":
        return column, lost
    known, at = positions(column.data)
    values = [turn(value) for value in to_values(Column(column.kind, known), work.pool)]
    if want.kind in WORDS:
        return Column("word", np.array(work.pool.numbers(values), dtype=np.int64)[at], column.gaps), lost
    if want.fraction:
        return pick(from_values(values, want.present(), work.pool), at), lost
    odd = np.array([isinstance(value, Fraction) for value in values], dtype=bool)
    whole = numbers(ints([0 if isinstance(value, Fraction) else value for value in values]))
    return numbers(pick(whole, at).ints, column.gaps), odd[at]


def _found(work: Work, source: str, keys: list[Column]) -> Array:
    """Return the row with each key."""
    return work.sheets.sheet(source).finder.find(keys, work.live.size)


def _held(work: Work, facts: doc.Facts, keys: list[Column], day: Column | None) -> Array:
    """Return the row with each key that holds on the day: the last begun by then, if it has not ended."""
    sheet = work.sheets.sheet(facts.name)
    columns = [sheet.column("column", name) for name in facts.unique]
    start, until = work.sheets.intervals(facts.name)
    first = _first_of_key(columns, sheet.size, work)
    index = KeyIndex([pick(column, first[0]) for column in columns], len(first[0]), work.pool)
    order = np.lexsort((np.arange(sheet.size), until, start, first[1]))
    line = first[1][order] * _DAYS + start[order]
    group = index.find(keys, work.live.size)
    if day is None:
        days, known = np.ones(work.live.size, dtype=np.int64), np.ones(work.live.size, dtype=bool)
    else:
        days, known = day.data.astype(np.int64), ~day.absent
    at = np.searchsorted(line, np.where(group == NOWHERE, 0, group) * _DAYS + days, side="right") - 1
    good = known & (group != NOWHERE) & (at >= 0)
    row = order[np.where(good, at, 0)] if len(order) else np.zeros(work.live.size, dtype=np.int64)
    if not len(order):
        return np.full(work.live.size, NOWHERE, dtype=np.int64)
    good &= (first[1][row] == group) & (days <= until[row])
    return np.where(good, row, NOWHERE)


_DAYS: Final = 2**22
"""More than the days a calendar date can count (9999-12-31 is day 3,652,059)."""


def _first_of_key(columns: list[Column], size: int, work: Work) -> tuple[Array, Array]:
    """Return one row of each different key, and for every row the number of its key."""
    from scoring.batch.groups import equal_codes, joined

    if not size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    codes = joined([equal_codes(column, work.pool) for column in columns]).data
    _, first, at = np.unique(codes, return_index=True, return_inverse=True)
    return first, at
