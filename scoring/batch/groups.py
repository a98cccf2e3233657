"""Which rows belong together: dense codes for keys, rows gathered by group, and the way from a key to its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any, Final

import numpy as np

from scoring.batch.columns import Column, positions, to_values
from scoring.batch.integers import Array
from scoring.batch.pool import Pool
from scoring.batch.quotients import lowest, one_below

NOWHERE: Final = -1
_ROOM: Final = 2**62


@dataclass(frozen=True, slots=True)
class Codes:
    """A number from 0 to below `count` for each row; equal values have equal numbers."""

    data: Array
    count: int


def equal_codes(column: Column, pool: Pool) -> Codes:
    """Return codes under which equal values are equal; each kind of absence, with its reasons, is a value as well.

    >>> from scoring.batch.columns import numbers
    >>> from scoring.batch.integers import ints
    >>> equal_codes(numbers(ints([9, 4, 9])), Pool()).data.tolist()
    [1, 0, 1]
    """
    codes = _value_codes(column, pool)
    if column.gaps is None:
        return codes
    known, at = positions(column.gaps)
    data = np.where(column.gaps == 0, codes.data, codes.count + at)
    return Codes(data, codes.count + len(known))


def _value_codes(column: Column, pool: Pool) -> Codes:
    if column.kind == "none":
        return Codes(np.zeros(len(column), dtype=np.int64), 1)
    if column.kind == "quotient":
        short = lowest(column.quotients)
        return joined([_dense(short.n.data), _dense(short.d.data)])
    if column.kind == "object":
        known: dict[Any, int] = {}
        found = [known.setdefault(value, len(known)) for value in to_values(column, pool)]
        return Codes(np.array(found, dtype=np.int64), max(1, len(known)))
    return _dense(column.data)


def _dense(data: Array) -> Codes:
    values, at = positions(data)
    return Codes(at.astype(np.int64, copy=False), max(1, len(values)))


def ordered_codes(column: Column, pool: Pool) -> Codes:
    """Return codes that stand in the order of the values; rows without a value must not be read.

    >>> from scoring.rulebook.types import TEXT
    >>> from scoring.batch.columns import from_values
    >>> pool = Pool()
    >>> ordered_codes(from_values(["b", "a", "b"], TEXT, pool), pool).data.tolist()
    [1, 0, 1]
    """
    if column.kind == "quotient":
        level = one_below(column.quotients)
        if level is not None:
            return _dense(level.n.data)
        pairs = zip(column.data.tolist(), column.quotients.d.data.tolist(), strict=True)
        return _sorted([Fraction(n, d) for n, d in pairs])
    if column.kind == "word":
        values, at = positions(column.data)
        words = [pool.words[number] for number in values.tolist()] if pool.words else [""] * len(values)
        kinds = {type(word) for word in words}
        order = sorted(range(len(words)), key=words.__getitem__ if len(kinds) < 2 else lambda at: _mixed(words[at]))
        place = np.empty(len(values), dtype=np.int64)
        place[order] = np.arange(len(values))
        return Codes(place[at], max(1, len(values)))
    return _value_codes(column, pool)


def _mixed(word: Any) -> tuple[str, Any]:
    """Return what sorts words of different types, which only meet under rows without a value."""
    return type(word).__name__, word


def _sorted(values: list[Any]) -> Codes:
    place = {value: at for at, value in enumerate(sorted(set(values)))}
    return Codes(np.array([place[value] for value in values], dtype=np.int64), max(1, len(place)))


def joined(parts: Sequence[Codes]) -> Codes:
    """Return one code for several, in the order of the first, then the second, and so on.

    >>> joined([Codes(np.array([1, 0]), 2), Codes(np.array([0, 2]), 3)]).data.tolist()
    [3, 2]
    """
    total = parts[0]
    for part in parts[1:]:
        if total.count * part.count > _ROOM:
            total = _dense(total.data)
        total = Codes(total.data * part.count + part.data, total.count * part.count)
    return total


@dataclass(frozen=True)
class Members:
    """Rows gathered by group: `rows` sorted by group, then by row; `groups` is the group of each of them."""

    rows: Array
    groups: Array
    size: int

    @cached_property
    def starts(self) -> Array:
        """Return where each group that has rows begins."""
        if not len(self.groups):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.r_[True, self.groups[1:] != self.groups[:-1]])

    @cached_property
    def there(self) -> Array:
        """Return the groups that have rows, in order."""
        return self.groups[self.starts]

    @cached_property
    def counts(self) -> Array:
        """Return how many rows each group that has rows holds."""
        return np.diff(np.append(self.starts, len(self.groups)))

    def only(self, kept: Array) -> "Members":
        """Return the rows for which a mask along `rows` holds."""
        return self if kept.all() else Members(self.rows[kept], self.groups[kept], self.size)

    def spans(self) -> list[tuple[int, int, int]]:
        """Return (group, begin, end) of every group that has rows."""
        ends = np.append(self.starts, len(self.groups))[1:]
        return list(zip(self.there.tolist(), self.starts.tolist(), ends.tolist(), strict=True))


def gathered(groups: Array, size: int) -> Members:
    """Return the rows of each group; `NOWHERE` is no group.

    >>> gathered(np.array([1, 0, NOWHERE, 1]), 2).rows.tolist()
    [1, 0, 3]
    """
    rows = np.flatnonzero(groups != NOWHERE)
    mine = groups[rows]
    if len(mine) > 1 and not bool((mine[1:] >= mine[:-1]).all()):
        order = np.argsort(mine, kind="stable")
        rows, mine = rows[order], mine[order]
    return Members(rows, mine, size)


class Finder:
    """The way from numbers to where they stand in a sorted list of different numbers."""

    def __init__(self, known: Array) -> None:
        """Keep the numbers; a close set gets a table with one cell per number in between."""
        self._known = known
        self._low = int(known[0]) if len(known) else 0
        span = int(known[-1]) - self._low + 1 if len(known) else 0
        self._table: Array | None = None
        if 0 < span <= 16 * len(known) + 2**16:
            self._table = np.full(span, NOWHERE, dtype=np.int64)
            self._table[known - self._low] = np.arange(len(known))

    def find(self, wanted: Array) -> Array:
        """Return the place of each number, NOWHERE for those not there."""
        if not len(self._known):
            return np.full(len(wanted), NOWHERE, dtype=np.int64)
        if self._table is not None:
            at = wanted - self._low
            found = self._table.take(at, mode="clip")
            outside = (at < 0) | (at >= len(self._table))
            if outside.any():
                found[outside] = NOWHERE
            return found
        at = np.minimum(np.searchsorted(self._known, wanted), len(self._known) - 1)
        return np.where(self._known[at] == wanted, at, NOWHERE)


class KeyIndex:
    """The way from key columns to the rows of a table or grain, each key occurring once there."""

    def __init__(self, keys: Sequence[Column], size: int, pool: Pool) -> None:
        """Index the rows by their key columns, none of which holds an absence."""
        self._keys, self._size, self._pool = keys, size, pool
        parts = [positions(key.data) for key in keys] if all(map(_plain, keys)) else []
        self._counts = [max(1, len(values)) for values, _ in parts]
        self._quick = len(parts) == len(keys) and prod(self._counts) <= _ROOM
        if not self._quick:
            return
        self._parts = [Finder(values) for values, _ in parts]
        codes = [
            Codes(at.astype(np.int64, copy=False), count) for (_, at), count in zip(parts, self._counts, strict=True)
        ]
        total = joined(codes).data if codes else np.zeros(size, dtype=np.int64)
        self._order = np.argsort(total, kind="stable")
        self._whole = Finder(total[self._order])

    @cached_property
    def _slow(self) -> dict[tuple[Any, ...], int]:
        columns = [to_values(key, self._pool) for key in self._keys]
        return {key: row for row, key in enumerate(zip(*columns, strict=True))}

    def find(self, keys: Sequence[Column], size: int) -> Array:
        """Return the row of each key, NOWHERE where there is none or the key holds an absence."""
        if not self._size:
            return np.full(size, NOWHERE, dtype=np.int64)
        if not self._quick or not all(_meet(key, mine) for key, mine in zip(keys, self._keys, strict=True)):
            columns = [to_values(key, self._pool) for key in keys]
            return np.array([self._slow.get(key, NOWHERE) for key in zip(*columns, strict=True)], dtype=np.int64)
        if len(keys) == 1:
            return self._find_one(keys[0])
        total = np.zeros(size, dtype=np.int64)
        here = np.ones(size, dtype=bool)
        for key, part, count in zip(keys, self._parts, self._counts, strict=True):
            at = part.find(key.data.astype(np.int64, copy=False))
            here &= (at != NOWHERE) & ~key.absent
            total = total * count + np.where(at == NOWHERE, 0, at)
        found = self._whole.find(total)
        here &= found != NOWHERE
        return np.where(here, self._order[np.where(here, found, 0)], NOWHERE)

    def _find_one(self, key: Column) -> Array:
        """Return the row of each key of one part: the rows stand in the order of its values."""
        at = self._parts[0].find(key.data.astype(np.int64, copy=False))
        found = self._order.take(at, mode="clip")
        lost = at == NOWHERE if key.gaps is None else (at == NOWHERE) | key.absent
        if lost.any():
            found[lost] = NOWHERE
        return found


def _plain(column: Column) -> bool:
    """Tell whether a column's values are equal exactly where its numbers are."""
    return column.kind not in ("quotient", "object") and column.data.dtype != object


def _meet(one: Column, other: Column) -> bool:
    """Tell whether two columns can be compared by their numbers; truths equal 0 and 1, as they do in Python."""
    if one.kind == "none":
        return True
    kinds = {"number" if column.kind == "bool" else column.kind for column in (one, other)}
    return len(kinds) == 1 and _plain(one)
