"""Areas, compounds, and how compounds are governed from the day of the file on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.intake.intake import Columns, Intake
from api.refusals import Code, Refusal, Refused, Words
from schema.tables import OPEN_DAY, Area, Compound, GovernanceSpell

REFUSALS_MAX = 20
SAYS = ("form", "regime", "covered", "kind", "street_id", "community_id")


async def areas(intake: Intake) -> None:
    """The district itself, its streets and its communities."""
    rows = intake.rows("area")
    codes = rows.column("code")
    whole = {"code": [intake.district.code], "name": [intake.district.name], "level": ["DISTRICT"]}
    ids = await intake.ids("area", [intake.district.code])
    await intake.put(Area, [ids[intake.district.code]], whole)
    ids = await intake.ids("area", codes)
    parents = await intake.references("area", rows.column("parent_code"))
    await intake.put(
        Area,
        [ids[code] for code in codes],
        {**intake.plain("area", "code", "name", "level", "head", "phone"), "parent_id": parents},
    )


async def _streets(intake: Intake) -> dict[UUID, UUID]:
    """The street of each community."""
    found = await intake.knowledge.connection.fetch(
        "SELECT id, parent_id FROM area WHERE district_id = $1 AND level = 'COMMUNITY' AND superseded_at = 'infinity'"
        " AND parent_id IN (SELECT id FROM area WHERE level = 'STREET' AND superseded_at = 'infinity')",
        intake.knowledge.district_id,
    )
    return {each["id"]: each["parent_id"] for each in found}


async def compounds(intake: Intake) -> None:
    """Compounds, and a governance spell where form, regime, kind or coverage differ from what is known."""
    rows = intake.rows("compound")
    codes = rows.column("code")
    ids = await intake.ids("compound", codes)
    communities = await intake.references("area", rows.column("community_code"))
    street_of = await _streets(intake)
    _refuse_unplaced(intake, street_of, communities)
    streets = [street_of[community] for community in communities if community is not None]
    fields = ("code", "name", "address", "households", "gross_floor_area", "buildings", "built_year", "latitude")
    plain = intake.plain("compound", *fields, "longitude", "owners_committee", "contact", "phone")
    where: Columns = {"street_id": streets, "community_id": communities}
    compound_ids = [ids[code] for code in codes]
    await intake.put(Compound, compound_ids, {**plain, **where})
    said = zip(
        *(rows.column(name) for name in ("form", "regime", "covered", "kind")), streets, communities, strict=True
    )
    await _govern(intake, dict(zip(compound_ids, said, strict=True)))


def _refuse_unplaced(intake: Intake, street_of: Mapping[UUID, UUID], communities: Sequence[UUID | None]) -> None:
    """A compound lies in a community, and a community in a street: nothing is stored of a file that says otherwise."""
    rows = intake.rows("compound")
    wrong = [
        (line, code, community)
        for line, code, community, found in zip(
            rows.lines, rows.column("code"), rows.column("community_code"), communities, strict=True
        )
        if found is None or street_of.get(found) is None
    ]
    if wrong:
        raise Refused(
            *(
                Refusal(
                    Code.INVALID,
                    Words(
                        f"{rows.sheet} 第 {line} 行 {code}:{community} 不是属于某街道的社区。",
                        f"{rows.sheet} row {line}, {code}: {community} is no community of a street.",
                    ),
                    Words(
                        "填社区代码,并在街道社区表写明该社区的上级街道。",
                        "Give a community's code, and its street in the sheet of areas.",
                    ),
                    (rows.sheet, "社区代码"),
                )
                for line, code, community in wrong[:REFUSALS_MAX]
            )
        )


@dataclass(frozen=True, slots=True)
class Spell:
    """A governance spell as stored, or as it is to be stored."""

    key: str
    compound_id: UUID
    first: date
    end: date
    says: tuple[Any, ...]
    source: str


def governed(known: Sequence[Spell], compound_id: UUID, says: tuple[Any, ...], as_of: date, source: str) -> list[Spell]:
    """Spells to write so that from `as_of` the compound is governed as the file says, until the next known change.

    Nothing is said about the days before; a spell that began on that very day is corrected.
    """
    running = next((spell for spell in known if spell.first <= as_of < spell.end), None)
    if running is not None and running.says == says:
        return []
    if running is None:
        end = min((spell.first for spell in known if spell.first > as_of), default=OPEN_DAY)
        return [Spell(f"{compound_id}/{as_of}", compound_id, as_of, end, says, source)]
    fresh = Spell(f"{compound_id}/{as_of}", compound_id, as_of, running.end, says, source)
    if running.first == as_of:
        return [Spell(running.key, compound_id, as_of, running.end, says, source)]
    return [Spell(running.key, compound_id, running.first, as_of, running.says, running.source), fresh]


async def _known_spells(intake: Intake) -> dict[UUID, list[Spell]]:
    found = await intake.knowledge.connection.fetch(
        f"SELECT r.key, g.compound_id, g.valid_from, g.valid_to, g.source, {', '.join(f'g.{name}' for name in SAYS)}"
        " FROM governance_spell g JOIN record r USING (id)"
        " WHERE g.district_id = $1 AND g.superseded_at = 'infinity' ORDER BY g.valid_from",
        intake.knowledge.district_id,
    )
    spells: dict[UUID, list[Spell]] = {}
    for each in found:
        says = tuple(each[name] for name in SAYS)
        spell = Spell(each["key"], each["compound_id"], each["valid_from"], each["valid_to"], says, each["source"])
        spells.setdefault(spell.compound_id, []).append(spell)
    return spells


async def _govern(intake: Intake, said: dict[UUID, tuple[Any, ...]]) -> None:
    known = await _known_spells(intake)
    source = intake.rows("compound").sheet
    written = [
        spell
        for compound_id, says in said.items()
        for spell in governed(known.get(compound_id, ()), compound_id, says, intake.as_of, source)
    ]
    # Shortened spells go first: the exclusion constraint looks at every row as it comes.
    written.sort(key=lambda spell: (spell.end == OPEN_DAY, spell.first))
    ids = await intake.ids("governance_spell", [spell.key for spell in written])
    for group in ([s for s in written if s.end != OPEN_DAY], [s for s in written if s.end == OPEN_DAY]):
        if group:
            await intake.put(
                GovernanceSpell,
                [ids[spell.key] for spell in group],
                {
                    "compound_id": [spell.compound_id for spell in group],
                    "valid_from": [spell.first for spell in group],
                    "valid_to": [spell.end for spell in group],
                    "source": [spell.source for spell in group],
                    **{name: [spell.says[index] for spell in group] for index, name in enumerate(SAYS)},
                },
            )
