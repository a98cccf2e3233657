"""How many rows a table or grain can have at most, and how many of them can belong to one row of another.

Facts state it (`most`), tables of constants show it, a grain has no more rows than its source and no more than its keys
have combinations. A row of the coarser grain fixes the keys the two share.
"""

from functools import reduce
from typing import Final

from scoring.plan import Plan
from scoring.rulebook.types import Type
from scoring.scope import AmbiguousName, UnknownName

DAYS_MOST: Final = {"day": 1, "month": 31, "quarter": 92, "half": 184, "year": 366}
UNITS_IN: Final = {
    "month": {"month": 1, "quarter": 3, "half": 6, "year": 12},
    "quarter": {"quarter": 1, "half": 2, "year": 4},
    "half": {"half": 1, "year": 2},
    "year": {"year": 1},
}


class Sizes:
    """Row counts of one plan."""

    def __init__(self, plan: Plan) -> None:
        """Bind to a plan."""
        self.plan = plan
        self._rows: dict[str, int] = {}

    def units(self, unit: str) -> int:
        """Return how many units one period of the rulebook can hold."""
        whole = self.plan.document.period.unit
        return DAYS_MOST[whole] if unit == "day" else UNITS_IN[unit].get(whole, 1)

    def rows(self, space: str) -> int:
        """Return how many rows a space can have.

        >>> from scoring.example import league
        >>> Sizes(league("{over: game, count: rows}")).rows("game")
        100
        """
        if space not in self._rows:
            self._rows[space] = self._count(space)
        return self._rows[space]

    def _count(self, space: str) -> int:
        document = self.plan.document
        if space in document.facts:
            return document.facts[space].most
        if space in document.tables:
            return len(document.tables[space].rows)
        grain = document.grains[space]
        if grain.over is not None:
            return self.rows(grain.over) * self.units(grain.each or "day")
        keys = self.plan.scope.spaces[space].key_types
        if grain.rows == "all":
            return reduce(lambda total, kind: total * (self.domain(kind) or 1), keys, 1)
        assert grain.rows is not None, "a grain of keys has rows"
        return _within(self.rows(grain.rows), [self.domain(kind) for kind in keys])

    def domain(self, kind: Type) -> int | None:
        """Return how many values a key can have; None where nothing limits them."""
        if kind.table is not None:
            return self.rows(kind.table)
        if kind.codes is not None:
            return len(kind.codes)
        return 2 if kind.kind == "bool" else None

    def free_keys(self, source: str, target: str) -> tuple[str, ...]:
        """Return the keys of the source that a row of the target leaves open.

        >>> from scoring.example import league
        >>> Sizes(league("{over: game, count: rows}")).free_keys("game", "team")
        ('game',)
        """
        fixed = set()
        for key in self.plan.scope.spaces[target].keys:
            try:
                path = self.plan.scope.near(source, key)
            except (UnknownName, AmbiguousName):
                continue
            fixed |= {path.name} if path.kind == "key" and not path.hops else set()
        return tuple(key for key in self.plan.scope.spaces[source].keys if key not in fixed)

    def members(self, source: str, target: str) -> int:
        """Return how many rows of the source can belong to one row of the target.

        >>> from scoring.example import league
        >>> Sizes(league("{over: game, count: rows}")).members("game", "team")
        100
        """
        here = self.plan.scope.spaces[source]
        if source == target:
            return 1
        facts = self.plan.document.facts.get(source)
        if facts is not None and facts.unique and facts.during is None:
            return _within(self.rows(source), [self._open(source, target, column) for column in facts.unique])
        if here.kind == "fact":
            return self.rows(source)
        free = self.free_keys(source, target)
        kinds = [kind for key, kind in zip(here.keys, here.key_types, strict=True) if key in free]
        return _within(self.rows(source), [self.domain(kind) for kind in kinds])

    def _open(self, source: str, target: str, column: str) -> int | None:
        """Return how many values a unique column can have within one row of the target."""
        kind = self.plan.scope.spaces[source].columns[column]
        fixed = kind.table == target or column in self.plan.scope.spaces[target].keys
        return 1 if fixed else self.domain(kind)


def _within(rows: int, domains: list[int | None]) -> int:
    if None in domains:
        return rows
    return min(rows, reduce(lambda total, one: total * (one or 1), domains, 1))
