"""Figures of bundles."""

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Statement
from schema.reads.where import Where, holds, known
from schema.shapes import source_named


async def households(at: Moment, turn: Turn, keys: Keys) -> Found:
    """Households of the compounds that each bundle holds now, each compound once; not recorded counts as 0."""
    place = Where(Statement(), at, "e")
    compound = place.at_row("c")
    engagement = source_named("engagement")
    terms = " AND ".join(
        [
            f"e.bundle_id = ANY({place.out.parameter(list(keys), 'uuid[]')})",
            *known(engagement, place),
            *holds(engagement, place),
            *known(source_named("compound"), compound),
        ]
    )
    rows = await turn.fetch(
        place.out.query(
            "SELECT bundle_id AS key, coalesce(sum(households), 0)::int AS figure",
            "FROM (SELECT DISTINCT e.bundle_id, c.id, c.households FROM engagement e",
            f"JOIN compound c ON c.id = e.compound_id WHERE {terms}) held",
            "GROUP BY bundle_id",
        )
    )
    return dict.fromkeys(keys, 0) | {row["key"]: row["figure"] for row in rows}
