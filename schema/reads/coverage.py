"""Coverage counts: forms, regimes and areas in one statement, so that they sum to the same total."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schema.loaders import Turn
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads.statement import Query, Statement
from schema.reads.where import Where, holds, known
from schema.shapes import source_named

Counted = tuple[str | None, int, int]
"""A code, the compounds under it, those of them that are covered."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Compounds by form, by regime and by area, each list adding up to the total."""

    forms: tuple[Counted, ...]
    regimes: tuple[Counted, ...]
    areas: tuple[Mapping[str, Any], ...]

    @property
    def total(self) -> int:
        """All compounds."""
        return sum(total for _, total, _ in self.forms)

    @property
    def covered(self) -> int:
        """Those covered."""
        return sum(covered for _, _, covered in self.forms)


async def tallies(turn: Turn, at: Moment, area_id: UUID | None) -> Tally:
    """Count the compounds of the district, or of one area."""
    rows = await turn.fetch(statement(at, area_id))
    if area_id is not None and not any(row["what"] == "known" for row in rows):
        raise BadInput("areaId 不是本区的街道或社区。", "areaId names no area of the district.")
    return Tally(_codes(rows, "form"), _codes(rows, "regime"), tuple(row for row in rows if row["what"] == "area"))


def _codes(rows: list[Any], what: str) -> tuple[Counted, ...]:
    return tuple((row["given"], row["total"], row["covered"]) for row in rows if row["what"] == what)


def statement(at: Moment, area_id: UUID | None) -> Query:
    """Each compound once with its spell of the day, counted three ways."""
    out = Statement()
    compound, spell, area = Where(out, at, "c"), Where(out, at, "g"), Where(out, at, "a")
    within = out.parameter(area_id, "uuid")
    governed = source_named("governance_spell")
    spells = " AND ".join([*known(governed, spell), *holds(governed, spell)])
    compounds = " AND ".join(known(source_named("compound"), compound))
    areas = " AND ".join(known(source_named("area"), area))
    asked = " AND ".join(
        [f"d.id = {within}", "d.level = 'DISTRICT'", *known(source_named("area"), Where(out, at, "d"))]
    )
    whole = f"({within} IS NULL OR EXISTS (SELECT 1 FROM area d WHERE {asked}))"
    nothing = "NULL::uuid AS id, NULL AS code, NULL AS name, NULL AS level, NULL::uuid AS parent_id"
    count = "count(*)::int AS total, count(*) FILTER (WHERE covered)::int AS covered"
    return out.query(
        "WITH governed AS MATERIALIZED (",
        "SELECT c.id, c.street_id, c.community_id, g.form, g.regime, coalesce(g.covered, false) AS covered",
        f"FROM compound c LEFT JOIN governance_spell g ON g.compound_id = c.id AND {spells}",
        f"WHERE {compounds} AND ({whole} OR c.street_id = {within} OR c.community_id = {within})",
        "), places AS (",
        f"SELECT a.id, a.code, a.name, a.level, a.parent_id FROM area a WHERE {areas} AND CASE",
        f"WHEN {whole} THEN a.level = 'STREET'",
        f"ELSE a.parent_id = {within} OR (a.id = {within} AND a.level = 'COMMUNITY') END",
        ")",
        f"SELECT 'form' AS what, form AS given, {count}, {nothing} FROM governed GROUP BY form",
        f"UNION ALL SELECT 'regime', regime, {count}, {nothing} FROM governed GROUP BY regime",
        f"UNION ALL SELECT 'known', NULL, 0, 0, {nothing} FROM area a WHERE {areas} AND a.id = {within}",
        "UNION ALL SELECT 'area', NULL, count(g.id)::int, count(g.id) FILTER (WHERE g.covered)::int,",
        "p.id, p.code, p.name, p.level, p.parent_id",
        "FROM places p LEFT JOIN governed g ON p.id IN (g.street_id, g.community_id)",
        "GROUP BY p.id, p.code, p.name, p.level, p.parent_id",
        "ORDER BY what, code, total DESC, given",
    )
