"""Facts as columns, made once and used in several runs."""

from dataclasses import dataclass, field
from functools import cached_property

from scoring.batch.columns import Column, from_values
from scoring.batch.pool import Pool
from scoring.evaluate import Facts
from scoring.evaluate import load_facts as load_rows
from scoring.facts import Locate, RawFacts, by_table
from scoring.plan import Plan
from scoring.rulebook.types import TEXT, Type


@dataclass(frozen=True)
class Columns(Facts):
    """Typed facts whose columns are turned into arrays when first read; the reference evaluator takes them as well."""

    kinds: dict[str, dict[str, Type]] = field(default_factory=dict)

    @cached_property
    def pool(self) -> Pool:
        """Return the numbers of words, shared by all runs over these facts."""
        return Pool()

    @cached_property
    def _known(self) -> dict[tuple[str, str], Column]:
        return {}

    def column(self, table: str, name: str) -> Column:
        """Return a column of all rows of a table."""
        if (table, name) not in self._known:
            values = self.tables[table].columns[name]
            self._known[table, name] = from_values(values, self.kinds[table][name], self.pool)
        return self._known[table, name]

    def ids(self, table: str) -> Column:
        """Return the row ids of a table."""
        if (table, "") not in self._known:
            self._known[table, ""] = from_values(self.tables[table].ids, TEXT, self.pool)
        return self._known[table, ""]


def columns(plan: Plan, facts: Facts) -> Columns:
    """Return typed facts as columns; the same object when they are already.

    >>> from scoring.evaluate import load_facts
    >>> from scoring.example import FACTS, league
    >>> checked = league("{over: game, count: rows}")
    >>> columns(checked, load_facts(checked, FACTS)).column("game", "points").data.tolist()
    [100, 205, 70]
    """
    if isinstance(facts, Columns):
        return facts
    document = plan.document
    kinds = {table.name: dict(table.columns) for table in document.facts.values()}
    kinds |= {table.name: dict(table.columns) for table in document.tables.values()}
    return Columns(facts.rulebook_hash, facts.tables, kinds)


def load_facts(plan: Plan, raw: RawFacts, locate: Locate = by_table) -> Columns:
    """Type facts once for several runs; raises FactsRefused with every wrong value at once.

    >>> from scoring.example import FACTS, league
    >>> len(load_facts(league("{over: game, count: rows}"), FACTS).ids("game"))
    3
    """
    return columns(plan, load_rows(plan, raw, locate))
