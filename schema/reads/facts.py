"""Explanations of results, and the facts behind their lines as the run knew them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schema.evidence import SOURCES
from schema.explanations import Explained, explained
from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Query, Statement, conjunction
from schema.reads.where import Where, visible
from schema.reads.where import columns as shown
from schema.shapes import source_named


@dataclass(frozen=True, slots=True)
class Explanation:
    """A result explained again, and when its run looked at the evidence."""

    explained: Explained
    known_at: datetime


@dataclass(frozen=True, slots=True)
class FactKey:
    """A row of one of the rulebook's fact tables, as known at an instant."""

    table: str
    key: str
    known_at: datetime


async def explanations(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The explanations of those of some results that the viewer sees; one that does not add up is an exception.

    What a result rests on is read as the program: a viewer who may see the result may see how it came about.
    """
    place = Where(Statement(), at, "s")
    terms = [f"s.id = ANY({place.out.parameter(list(keys), 'uuid[]')})", *visible(source_named("score_result"), place)]
    rows = await turn.fetch(
        place.out.query(
            "SELECT s.id AS key, r.known_at FROM score_result s JOIN score_run r ON r.id = s.run_id", conjunction(terms)
        )
    )
    async with turn.as_program():
        found = await explained(turn, [row["key"] for row in rows])
    return {row["key"]: Explanation(found[row["key"]], row["known_at"]) for row in rows}


def facts(table: str, columns: Sequence[str], keys: Sequence[FactKey], at: Moment) -> Query:
    """The rows of a fact table with these keys that the viewer sees, each the last version recorded by the instant."""
    source = SOURCES[table]
    stored = source_named(source.table)
    place = Where(Statement(), at)
    terms = [
        *visible(stored, place),
        f"t.recorded_at <= {place.out.parameter(keys[0].known_at, 'timestamptz')}",
        f"{source.key} = ANY({place.out.parameter([each.key for each in keys], 'text[]')})",
    ]
    return place.out.query(
        f"SELECT DISTINCT ON ({source.key}) {source.key} AS fact_key, {shown(stored, columns, place)}",
        f"FROM {source.table} t {source.joins}",
        conjunction(terms),
        f"ORDER BY {source.key}, t.version DESC",
    )


def by_table(keys: Sequence[FactKey]) -> dict[tuple[str, datetime], list[FactKey]]:
    """Keys that one statement can read."""
    groups: dict[tuple[str, datetime], list[FactKey]] = defaultdict(list)
    for each in keys:
        groups[each.table, each.known_at].append(each)
    return groups
