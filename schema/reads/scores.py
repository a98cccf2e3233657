"""Figures of runs and results, and the rulebook text behind them."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from schema.loaders import Found, Keys, Turn
from schema.moments import Moment
from schema.reads.statement import Statement, conjunction
from schema.reads.where import Where, visible
from schema.shapes import source_named
from schema.wording import Wording, wording

OF_COMPANIES = "company_id IS NOT NULL AND compound_id IS NULL"


@dataclass(frozen=True, slots=True)
class Count:
    """Companies of a run in one band; no band = not rated."""

    run_id: UUID
    grain: str
    band: str | None
    companies: int


async def wordings(at: Moment, turn: Turn, run_ids: Keys) -> dict[UUID, Wording]:
    """The rulebook version of each run."""
    place = Where(Statement(), at, "r")
    terms = [
        f"r.id = ANY({place.out.parameter(list(run_ids), 'uuid[]')})",
        *visible(source_named("score_run"), place),
        *visible(source_named("rulebook_version"), place.at_row("v")),
    ]
    rows = await turn.fetch(
        place.out.query(
            "SELECT r.id AS key, v.text FROM score_run r JOIN rulebook_version v ON v.id = r.rulebook_version_id",
            conjunction(terms),
        )
    )
    return {row["key"]: wording(row["text"]) for row in rows}


def _of_runs(keys: Keys, place: Where) -> list[str]:
    """Results of companies in these runs, as far as the viewer sees them."""
    runs = place.out.parameter(list(keys), "uuid[]")
    return [f"t.run_id = ANY({runs})", OF_COMPANIES, *visible(source_named("score_result"), place)]


async def counts(at: Moment, turn: Turn, keys: Keys) -> Found:
    """How many companies of each run are in which band."""
    place = Where(Statement(), at)
    rows = await turn.fetch(
        place.out.query(
            "SELECT run_id, grain, band, count(*)::int AS companies FROM score_result t",
            conjunction(_of_runs(keys, place)),
            "GROUP BY run_id, grain, band ORDER BY run_id, grain, band",
        )
    )
    found: dict[UUID, list[Count]] = {key: [] for key in keys}
    for row in rows:
        found[row["run_id"]].append(Count(row["run_id"], row["grain"], row["band"], row["companies"]))
    return found


async def not_rated(at: Moment, turn: Turn, keys: Keys) -> Found:
    """How many companies of each run have neither a total nor a band that a veto forces."""
    place = Where(Statement(), at)
    rows = await turn.fetch(
        place.out.query(
            "SELECT run_id AS key, count(*)::int AS figure FROM score_result t",
            conjunction([*_of_runs(keys, place), "total IS NULL AND band IS NULL"]),
            "GROUP BY run_id",
        )
    )
    return dict.fromkeys(keys, 0) | {row["key"]: row["figure"] for row in rows}


@dataclass(frozen=True, slots=True)
class Peers:
    """The results of one run at one grain that have a total, best first."""

    totals: tuple[Decimal, ...]

    @property
    def median(self) -> Decimal | None:
        """The middle total, of an even number the mean of the two; null without results."""
        if not self.totals:
            return None
        middle = len(self.totals) // 2
        if len(self.totals) % 2:
            return self.totals[middle]
        return (self.totals[middle - 1] + self.totals[middle]) / 2


async def peers(at: Moment, turn: Turn, groups: Keys) -> dict[tuple[UUID, str], Peers]:
    """The totals of each peer group, a group being (run, grain)."""
    place = Where(Statement(), at, "s")
    runs, grains = zip(*groups, strict=True)
    wanted = f"unnest({place.out.parameter(list(runs), 'uuid[]')}, {place.out.parameter(list(grains), 'text[]')})"
    rows = await turn.fetch(
        place.out.query(
            f"SELECT s.run_id, s.grain, s.total FROM score_result s JOIN {wanted}",
            "AS g(run_id, grain) ON g.run_id = s.run_id AND g.grain = s.grain",
            conjunction(["s.total IS NOT NULL", *visible(source_named("score_result"), place)]),
            "ORDER BY s.total DESC",
        )
    )
    totals: dict[tuple[UUID, str], list[Decimal]] = defaultdict(list)
    for row in rows:
        totals[row["run_id"], row["grain"]].append(row["total"])
    return {group: Peers(tuple(totals[group])) for group in groups}
