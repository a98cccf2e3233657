"""Figures of runs and results, and the rulebook text behind them."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from schema.loaders import Found, Keys, Turn
from schema.reads.statement import Statement
from schema.shapes import Moment
from schema.wording import Wording, wording

OF_COMPANIES = "company_id IS NOT NULL AND compound_id IS NULL"


@dataclass(frozen=True, slots=True)
class Count:
    """Companies of a run in one band; no band = not rated."""

    run_id: UUID
    grain: str
    band: str | None
    companies: int


async def wordings(turn: Turn, run_ids: Keys) -> dict[UUID, Wording]:
    """The rulebook version of each run."""
    draft = Statement()
    rows = await turn.fetch(
        draft.query(
            "SELECT r.id AS key, v.text FROM score_run r JOIN rulebook_version v ON v.id = r.rulebook_version_id",
            f"WHERE r.id = ANY({draft.parameter(list(run_ids), 'uuid[]')})",
        )
    )
    return {row["key"]: wording(row["text"]) for row in rows}


async def counts(_at: Moment, turn: Turn, keys: Keys) -> Found:
    """How many companies of each run are in which band."""
    draft = Statement()
    rows = await turn.fetch(
        draft.query(
            "SELECT run_id, grain, band, count(*)::int AS companies FROM score_result",
            f"WHERE run_id = ANY({draft.parameter(list(keys), 'uuid[]')}) AND {OF_COMPANIES}",
            "GROUP BY run_id, grain, band ORDER BY run_id, grain, band",
        )
    )
    found: dict[UUID, list[Count]] = {key: [] for key in keys}
    for row in rows:
        found[row["run_id"]].append(Count(row["run_id"], row["grain"], row["band"], row["companies"]))
    return found


async def not_rated(_at: Moment, turn: Turn, keys: Keys) -> Found:
    """How many companies of each run have neither a total nor a band that a veto forces."""
    draft = Statement()
    rows = await turn.fetch(
        draft.query(
            "SELECT run_id AS key, count(*)::int AS figure FROM score_result",
            f"WHERE run_id = ANY({draft.parameter(list(keys), 'uuid[]')}) AND {OF_COMPANIES}",
            "AND total IS NULL AND band IS NULL",
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


async def peers(turn: Turn, groups: Keys) -> dict[tuple[UUID, str], Peers]:
    """The totals of each peer group, a group being (run, grain)."""
    draft = Statement()
    runs, grains = zip(*groups, strict=True)
    rows = await turn.fetch(
        draft.query(
            "SELECT s.run_id, s.grain, s.total FROM score_result s",
            f"JOIN unnest({draft.parameter(list(runs), 'uuid[]')}, {draft.parameter(list(grains), 'text[]')})",
            "AS g(run_id, grain) ON g.run_id = s.run_id AND g.grain = s.grain",
            "WHERE s.total IS NOT NULL ORDER BY s.total DESC",
        )
    )
    totals: dict[tuple[UUID, str], list[Decimal]] = defaultdict(list)
    for row in rows:
        totals[row["run_id"], row["grain"]].append(row["total"])
    return {group: Peers(tuple(totals[group])) for group in groups}
