"""A column: the values of one name along the rows of a table or grain, as NumPy arrays, and the way to and from Python.

| kind | data | values |
|---|---|---|
| number | whole numbers at the places of the type | int |
| quotient | pairs of whole numbers | Fraction |
| date | days since 0001-01-01, that one being 1 | date |
| bool | truths | bool |
| word | numbers of a `Pool` | str, Period |
| object | Python objects | sets of codes, lists |
| none | nothing: every row is an absence | NonValue |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np

from scoring.batch.integers import Array, Ints, ints, take, times, wide
from scoring.batch.pool import PRESENT, Pool
from scoring.batch.quotients import Quotients, whole
from scoring.decimals import ten
from scoring.rulebook.types import Type
from scoring.values import NonValue

GAP: Final = np.int32
_WORDS: Final = frozenset({"text", "code", "ref", "period"})


@dataclass(frozen=True, slots=True)
class Column:
    """Values along rows; `gaps` holds the number of the absence in place of a value, PRESENT where there is a value."""

    kind: str
    data: Array
    gaps: Array | None = None
    most: int = 0
    same: int | None = None
    below: Ints | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.data)

    @property
    def ints(self) -> Ints:
        """Return the numbers, the upper ones of quotients."""
        return Ints(self.data, self.most, self.same)

    @property
    def quotients(self) -> Quotients:
        """Return the quotients."""
        assert self.below is not None, "quotients have two numbers"
        return Quotients(self.ints, self.below)

    @property
    def absent(self) -> Array:
        """Tell for each row whether it holds an absence."""
        return np.zeros(len(self), dtype=bool) if self.gaps is None else self.gaps != PRESENT

    def bare(self) -> "Column":
        """Return the column with `gaps` None when no row holds one."""
        return self if self.gaps is None or self.gaps.any() else replace(self, gaps=None)


def numbers(x: Ints, gaps: Array | None = None) -> Column:
    """Return a column of scaled numbers.

    >>> numbers(ints([1, 2])).kind
    'number'
    """
    return Column("number", x.data, gaps, x.most, x.same)


def quotients(x: Quotients, gaps: Array | None = None) -> Column:
    """Return a column of quotients.

    >>> quotients(whole(ints([15]), 1)).below.data.tolist()
    [10]
    """
    return Column("quotient", x.n.data, gaps, x.n.most, x.n.same, x.d)


def nothing(gaps: Array) -> Column:
    """Return a column of absences.

    >>> nothing(np.array([1, 1])).kind
    'none'
    """
    return Column("none", np.zeros(len(gaps), dtype=bool), gaps)


def pick(column: Column, rows: Array) -> Column:
    """Return the column at some rows.

    >>> pick(numbers(ints([7, 8, 9])), np.array([2, 0])).data.tolist()
    [9, 7]
    """
    gaps = None if column.gaps is None else column.gaps[rows]
    if column.kind in ("number", "quotient"):
        x = take(column.ints, rows)
        below = None if column.below is None else take(column.below, rows)
        return Column(column.kind, x.data, gaps, x.most, x.same, below).bare()
    return Column(column.kind, column.data[rows], gaps).bare()


def through(column: Column, rows: Array, gaps: Array | None) -> Column:
    """Return the column at the rows something leads to; where it leads nowhere (`gaps`), that absence.

    >>> through(numbers(ints([7, 8])), np.array([1, 1, 0]), None).data.tolist()
    [8, 8, 7]
    """
    if gaps is None:
        return pick(column, rows)
    there = gaps == PRESENT
    size = len(rows)
    return assemble(size, [(np.flatnonzero(there), pick(column, rows[there]))], nothing(gaps))


def assemble(size: int, pieces: Sequence[tuple[Array, Column]], rest: Column | None = None) -> Column:
    """Return one column put together from pieces, each at its rows; `rest` holds the absences of other rows.

    Pieces are of one kind, or `none`. Rows no piece names and without absence must not be read.

    >>> assemble(3, [(np.array([0, 2]), numbers(ints([5, 6]))), (np.array([1]), numbers(ints([9])))]).data.tolist()
    [5, 9, 6]
    """
    if len(pieces) == 1 and rest is None and len(pieces[0][0]) == size:
        return pieces[0][1]
    kinds = {column.kind for _, column in pieces if column.kind != "none"}
    if kinds == {"number", "quotient"}:
        pieces = [(rows, as_quotient(column, 0)) for rows, column in pieces]
        kinds = {"quotient"}
    assert len(kinds) <= 1, f"one column holds one kind of value, not {sorted(kinds)}"
    gaps = np.zeros(size, dtype=GAP) if rest is None or rest.gaps is None else rest.gaps.copy()
    for rows, column in pieces:
        gaps[rows] = PRESENT if column.gaps is None else column.gaps
    given = gaps if gaps.any() else None
    valued = [(rows, column) for rows, column in pieces if column.kind != "none"]
    if not valued:
        return nothing(gaps)
    kind = valued[0][1].kind
    if kind in ("number", "quotient"):
        upper = _joined(size, [(rows, column.ints) for rows, column in valued], 0)
        if kind == "number":
            return numbers(upper, given)
        lower = _joined(size, [(rows, column.quotients.d) for rows, column in valued], 1)
        return quotients(Quotients(upper, lower), given)
    data = np.zeros(size, dtype=valued[0][1].data.dtype)
    for rows, column in valued:
        data[rows] = column.data
    return Column(kind, data, given)


def _joined(size: int, pieces: Sequence[tuple[Array, Ints]], fill: int) -> Ints:
    """Return whole numbers put together; `fill` stands where no piece does."""
    most = max(fill, *(x.most for _, x in pieces))
    kind = object if any(x.data.dtype == object for _, x in pieces) else np.int64
    data = np.full(size, fill, dtype=kind)
    for rows, x in pieces:
        data[rows] = x.data if kind is np.int64 else wide(x.data)
    return Ints(data, most)


def as_quotient(column: Column, places: int) -> Column:
    """Return numbers at some places as quotients; quotients as they are.

    >>> as_quotient(numbers(ints([15])), 1).below.data.tolist()
    [10]
    """
    if column.kind != "number":
        return column
    return quotients(whole(column.ints, places), column.gaps)


def from_values(values: Sequence[Any], kind: Type, pool: Pool) -> Column:
    """Return Python values of one type as a column.

    >>> from_values([Fraction(1, 2), NonValue("PENDING", ("A",))], Type("number"), Pool()).kind
    'quotient'
    """
    gaps = None
    if kind.absent or kind.kind == "any" or any(isinstance(value, NonValue) for value in values):
        gaps = np.array(
            [pool.gap(value) if isinstance(value, NonValue) else PRESENT for value in values], dtype=GAP
        ).reshape(len(values))
    present = values if gaps is None else [value for value in values if not isinstance(value, NonValue)]
    column = _present(present, kind, pool)
    if gaps is None:
        return column
    return assemble(len(values), [(np.flatnonzero(gaps == PRESENT), column)], nothing(gaps)).bare()


def _present(values: Sequence[Any], kind: Type, pool: Pool) -> Column:
    """Return values, none of them absent, as a column."""
    if kind.kind == "number" and kind.places is not None:
        return numbers(ints(list(values)))
    if kind.kind == "number":
        pairs = [Fraction(value) for value in values]
        upper, lower = ints([one.numerator for one in pairs]), ints([one.denominator for one in pairs])
        return quotients(Quotients(upper, lower))
    if kind.kind == "date":
        return Column("date", np.array([day.toordinal() for day in values], dtype=np.int64))
    if kind.kind == "bool":
        return Column("bool", np.array(values, dtype=bool))
    if kind.kind in _WORDS:
        return Column("word", np.array(pool.numbers(values), dtype=np.int64))
    return Column("object", objects(values))


def objects(values: Sequence[Any]) -> Array:
    """Return Python objects as an array of one dimension, whatever they are.

    >>> objects([(), ("A",)]).tolist()
    [(), ('A',)]
    """
    data = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        data[row] = value
    return data


def to_values(column: Column, pool: Pool) -> list[Any]:
    """Return a column as the Python values the reference evaluator holds.

    >>> to_values(from_values([date(2026, 1, 2)], Type("date"), Pool()), Pool())
    [datetime.date(2026, 1, 2)]
    """
    out = _VALUES[column.kind](column, pool)
    if column.gaps is not None:
        for row in np.flatnonzero(column.gaps):
            out[row] = pool.absence(int(column.gaps[row]))
    return out


def _fractions(column: Column, _: Pool) -> list[Any]:
    pairs = column.quotients
    return [Fraction(n, d) for n, d in zip(pairs.n.data.tolist(), pairs.d.data.tolist(), strict=True)]


def _dates(column: Column, _: Pool) -> list[Any]:
    days, at = positions(column.data)
    known = [date.fromordinal(max(1, int(day))) for day in days]
    return [known[here] for here in at.tolist()]


def _words(column: Column, pool: Pool) -> list[Any]:
    words = pool.words
    return [words[number] for number in column.data.tolist()] if words else [None] * len(column)


_VALUES: Final[dict[str, Callable[[Column, Pool], list[Any]]]] = {
    "number": lambda column, _: column.data.tolist(),
    "quotient": _fractions,
    "date": _dates,
    "bool": lambda column, _: column.data.tolist(),
    "word": _words,
    "object": lambda column, _: column.data.tolist(),
    "none": lambda column, _: [None] * len(column),
}


def positions(data: Array) -> tuple[Array, Array]:
    """Return the different numbers in order, and for each row where its number stands among them.

    >>> [part.tolist() for part in positions(np.array([7, 5, 7]))]
    [[5, 7], [1, 0, 1]]
    """
    if not len(data) or data.dtype == object:
        values, at = np.unique(data, return_inverse=True)
        return values, at
    data = data.astype(np.int64, copy=False)
    low, high = int(data.min()), int(data.max())
    span = high - low + 1
    if span > 4 * len(data) + 4096:
        values, at = np.unique(data, return_inverse=True)
        return values, at
    seen = np.zeros(span, dtype=bool)
    seen[data - low] = True
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[data - low]


def scaled(x: Ints, have: int, places: int) -> Ints:
    """Bring numbers from `have` places to at least as many.

    >>> scaled(ints([15]), 1, 3).data.tolist()
    [1500]
    """
    return x if have == places else times(x, ten(places - have))
