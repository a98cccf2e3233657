"""Compounds on a map, and how many of their problems are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Query, Statement, conjunction
from schema.reads.where import Given, Where, filters, holds, known
from schema.shapes import source_named

PINS_MAX = 1000
OPEN_FINDINGS = "('OPEN', 'RECTIFYING', 'RECTIFIED', 'DISPUTED')"
CLOSED_CASES = "('CLOSED', 'DUPLICATE', 'NOT_ATTRIBUTABLE')"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the map and what else is asked of the compounds in it."""

    south: float
    north: float
    west: float
    east: float
    asked: tuple[Given, ...]


def pins(window: Window, at: Moment) -> Query:
    """Compounds in the window by code, with how they are governed now."""
    place = Where(Statement(), at)
    spell = place.at_row("g")
    governed = source_named("governance_spell")
    ties = " AND ".join(["g.compound_id = t.id", *known(governed, spell), *holds(governed, spell)])
    south, north, west, east = (
        place.out.parameter(str(bound), "text") + "::numeric"
        for bound in (window.south, window.north, window.west, window.east)
    )
    where = conjunction(
        [
            f"t.latitude BETWEEN {south} AND {north}",
            f"t.longitude BETWEEN {west} AND {east}",
            *known(source_named("compound"), place),
            *filters(window.asked, place),
        ]
    )
    return place.out.query(
        "SELECT t.id, t.name, t.latitude, t.longitude, g.form, coalesce(g.covered, false) AS covered",
        f"FROM compound t LEFT JOIN governance_spell g ON {ties} {where}",
        f"ORDER BY t.code, t.id LIMIT {PINS_MAX}",
    )


@dataclass(frozen=True, slots=True)
class Problems:
    """Open problems of a compound."""

    findings: int
    cases: int


async def problems(at: Moment, turn: Turn, keys: Keys) -> Found:
    """Findings and cases of each compound that are not closed."""
    findings = await _counted(at, turn, keys, ("finding", f"t.state IN {OPEN_FINDINGS}"))
    cases = await _counted(at, turn, keys, ("complaint", f"t.state NOT IN {CLOSED_CASES}"))
    return {key: Problems(findings.get(key, 0), cases.get(key, 0)) for key in keys}


async def _counted(at: Moment, turn: Turn, keys: Sequence[UUID], what: tuple[str, str]) -> dict[UUID, int]:
    place = Where(Statement(), at)
    table, term = what
    wanted = f"t.compound_id = ANY({place.out.parameter(list(keys), 'uuid[]')})"
    where = conjunction([wanted, term, *known(source_named(table), place)])
    rows = await turn.fetch(
        place.out.query(f"SELECT t.compound_id AS key, count(*)::int AS figure FROM {table} t {where} GROUP BY 1")
    )
    return {row["key"]: row["figure"] for row in rows}
