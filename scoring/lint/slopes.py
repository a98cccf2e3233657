"""In which direction a value moves when one column of the evidence grows: up, down, or either.

A slope is known by signs: +1 never falls, −1 never rises, both where it may do either, with the place to blame. Columns
are told apart by the codes a rule restricts them to: points of good items and points of bad items are two columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from scoring.diagnostics import Place
from scoring.lint.amounts import Amount
from scoring.lint.finding import Example

UP: Final = frozenset({1})
DOWN: Final = frozenset({-1})
EITHER: Final = frozenset({1, -1})


@dataclass(frozen=True, slots=True)
class Driver:
    """A column of a fact table, perhaps only where other columns hold certain codes."""

    table: str
    column: str
    only: frozenset[tuple[str, frozenset[str]]] = frozenset()

    def overlaps(self, other: "Driver") -> bool:
        """Tell whether one row can be both.

        >>> good, bad = (frozenset({("kind", frozenset({code}))}) for code in ("GOOD", "BAD"))
        >>> Driver("credit", "points", good).overlaps(Driver("credit", "points", bad))
        False
        """
        if (self.table, self.column) != (other.table, other.column):
            return False
        mine = dict(self.only)
        return all(codes & mine.get(name, codes) for name, codes in other.only)


@dataclass(frozen=True, slots=True)
class Blame:
    """The measure in which a direction is lost, with values that show it."""

    place: Place
    measure: str
    example: Example


@dataclass(frozen=True, slots=True)
class Slope:
    """The signs a value may move by, and what is to blame for more than one."""

    signs: frozenset[int]
    blames: frozenset[Blame] = frozenset()


Slopes: TypeAlias = Mapping[Driver, Slope]


def merged(many: Iterable[Slopes], blame: Blame) -> Slopes:
    """Return the slopes of a value that moves with each of several.

    >>> points = Driver("game", "points")
    >>> merged([{points: Slope(UP)}, {points: Slope(DOWN)}], Blame(Place("", 1, 1), "x", Example(())))[points].signs
    frozenset({1, -1})
    """
    total: dict[Driver, Slope] = {}
    for slopes in many:
        for driver, slope in slopes.items():
            old = total.get(driver)
            if old is None:
                total[driver] = slope
                continue
            signs, blames = old.signs | slope.signs, old.blames | slope.blames
            lost = signs == EITHER and EITHER not in (old.signs, slope.signs)
            total[driver] = Slope(signs, blames | {blame} if lost else blames)
    return total


def turned(slopes: Slopes) -> Slopes:
    """Return the slopes of the value with its sign turned.

    >>> turned({Driver("game", "points"): Slope(UP)})[Driver("game", "points")].signs
    frozenset({-1})
    """
    return {driver: Slope(frozenset(-sign for sign in slope.signs), slope.blames) for driver, slope in slopes.items()}


def lost(slopes: Slopes, blame: Blame) -> Slopes:
    """Return the slopes of a value that may move either way with what it depends on.

    >>> lost({Driver("game", "points"): Slope(UP)}, Blame(Place("", 1, 1), "x", Example(()))).popitem()[1].signs
    frozenset({1, -1})
    """
    return {driver: Slope(EITHER, slope.blames | {blame}) for driver, slope in slopes.items()}


def times(slopes: Slopes, factor: Amount, blame: Blame) -> Slopes:
    """Return the slopes of a value multiplied by a factor whose sign may or may not be known.

    >>> from scoring.lint.amounts import between
    >>> rising = {Driver("game", "points"): Slope(UP)}
    >>> blame = Blame(Place("a.yaml", 1, 1), "team.x", Example(()))
    >>> [one.signs == UP for one in times(rising, between(0, 5), blame).values()]
    [True]
    """
    if factor.low is not None and factor.low >= 0:
        return slopes
    if factor.high is not None and factor.high <= 0:
        return turned(slopes)
    return lost(slopes, blame)


def restricted(slopes: Slopes, table: str, only: frozenset[tuple[str, frozenset[str]]]) -> Slopes:
    """Return the slopes with the columns of one table restricted to some codes.

    >>> rising = {Driver("game", "points"): Slope(UP)}
    >>> [sorted(one.only) for one in restricted(rising, "game", frozenset({("kind", frozenset({"HOME"}))}))]
    [[('kind', frozenset({'HOME'}))]]
    """
    out: dict[Driver, Slope] = {}
    for driver, slope in slopes.items():
        here = Driver(driver.table, driver.column, driver.only | only) if driver.table == table else driver
        old = out.get(here)
        out[here] = slope if old is None else Slope(old.signs | slope.signs, old.blames | slope.blames)
    return out
