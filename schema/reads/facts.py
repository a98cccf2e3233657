"""Explanations of results, and the facts behind their lines as the run knew them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schema.evidence import SOURCES
from schema.explanations import Explained, explained
from schema.loaders import Found, Keys, Turn
from schema.reads.statement import Query, Statement
from schema.shapes import Moment


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


async def explanations(_at: Moment, turn: Turn, keys: Keys) -> Found:
    """The explanations of some results; one that does not come to the stored total is an exception."""
    draft = Statement()
    rows = await turn.fetch(
        draft.query(
            "SELECT s.id AS key, r.known_at FROM score_result s JOIN score_run r ON r.id = s.run_id",
            f"WHERE s.id = ANY({draft.parameter(list(keys), 'uuid[]')})",
        )
    )
    found = await explained(turn, list(keys))
    return {row["key"]: Explanation(found[row["key"]], row["known_at"]) for row in rows}


def facts(table: str, columns: Sequence[str], keys: Sequence[FactKey], at: Moment) -> Query:
    """The rows of a fact table with these keys, each the last version recorded by the instant."""
    source = SOURCES[table]
    draft = Statement()
    district = draft.parameter(at.district_id, "uuid")
    known_at = draft.parameter(keys[0].known_at, "timestamptz")
    return draft.query(
        f"SELECT DISTINCT ON ({source.key}) {source.key} AS fact_key, {', '.join(f't.{name}' for name in columns)}",
        f"FROM {source.table} t {source.joins}",
        f"WHERE t.district_id = {district} AND t.recorded_at <= {known_at}",
        f"AND {source.key} = ANY({draft.parameter([each.key for each in keys], 'text[]')})",
        f"ORDER BY {source.key}, t.version DESC",
    )


def by_table(keys: Sequence[FactKey]) -> dict[tuple[str, datetime], list[FactKey]]:
    """Keys that one statement can read."""
    groups: dict[tuple[str, datetime], list[FactKey]] = defaultdict(list)
    for each in keys:
        groups[each.table, each.known_at].append(each)
    return groups
