"""Texts of rulebook versions."""

from collections.abc import Sequence
from uuid import UUID

from schema.loaders import Turn
from schema.moments import Moment
from schema.reads.statement import Statement, conjunction
from schema.reads.where import Where, known
from schema.shapes import source_named


async def texts(at: Moment, turn: Turn, version_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The canonical text of each version that the viewer sees."""
    place = Where(Statement(), at)
    wanted = f"t.id = ANY({place.out.parameter(list(version_ids), 'uuid[]')})"
    where = conjunction([wanted, *known(source_named("rulebook_version"), place)])
    rows = await turn.fetch(place.out.query(f"SELECT t.id, t.text FROM rulebook_version t {where}"))
    return {row["id"]: row["text"] for row in rows}
