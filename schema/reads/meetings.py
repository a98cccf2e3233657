"""Meetings whose action items are not all done."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from schema.loaders import Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Statement
from schema.reads.where import Where, known
from schema.shapes import source_named


async def with_open_items(at: Moment, turn: Turn, keys: Keys) -> AbstractSet[UUID]:
    """Those of the meetings that have an open item."""
    place = Where(Statement(), at, "i")
    terms = " AND ".join(
        [
            f"i.meeting_id = ANY({place.out.parameter(list(keys), 'uuid[]')})",
            "i.state = 'OPEN'",
            *known(source_named("action_item"), place),
        ]
    )
    rows = await turn.fetch(place.out.query(f"SELECT DISTINCT i.meeting_id AS key FROM action_item i WHERE {terms}"))
    return {row["key"] for row in rows}
