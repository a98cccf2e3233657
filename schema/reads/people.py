"""What persons do: their work role, and their place in the queue of a session."""

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Statement, conjunction
from schema.reads.where import Where, known
from schema.shapes import source_named


async def roles(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The role of each person's latest term; without a term, who belongs to a body inspects, others are staff."""
    place = Where(Statement(), at, "p")
    term = place.at_row("e")
    wanted = f"p.id = ANY({place.out.parameter(list(keys), 'uuid[]')})"
    terms = conjunction([wanted, *known(source_named("person"), place)])
    latest = conjunction(["e.person_id = p.id", *known(source_named("employment"), term)])
    rows = await turn.fetch(
        place.out.query(
            "SELECT p.id AS key, coalesce(",
            f"(SELECT e.role FROM employment e {latest} ORDER BY e.valid_from DESC, e.id DESC LIMIT 1),",
            "CASE WHEN p.organisation IS NULL THEN 'STAFF' ELSE 'INSPECTOR' END) AS role",
            f"FROM person p {terms}",
        )
    )
    return {row["key"]: row["role"] for row in rows}
