"""Cycles, the runs that evaluate them, and what came of each run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

from schema import tables
from schema.arguments import LANG, Argument
from schema.connections import Connection
from schema.directives import PUBLIC, RESULT_STAFF, RULE_STAFF, bounded
from schema.fields import (
    Said,
    ascending,
    column,
    descending,
    identity,
    inside,
    many,
    one,
    own,
    own_id,
    page,
    stored,
    tied,
    version,
)
from schema.kinds import json_value
from schema.reads.scores import not_rated
from schema.scalars import PeriodLabel, Sha256
from schema.shapes import All, AnyOf, Figure, PartOfResult, column_of
from schema.types.codes.companies import Ground
from schema.types.codes.scores import CycleKind, CycleState, ListColour, NonValue, RunKind
from schema.types.filters import OF_SUBJECT
from schema.types.lines import ScoreLine, explained_lines, sentences
from schema.types.node import Node, Record
from schema.types.outcomes import (
    BandCount,
    Cohort,
    NotRatedReason,
    Recommendation,
    cohorts,
    distributions,
    worded,
)
from schema.types.rulebooks import Band
from schema.types.values import DateSpan

if TYPE_CHECKING:
    from schema.types.companies import Company
    from schema.types.places import Compound
    from schema.types.rulebooks import RulebookVersion

RESULT = tables.ScoreResult
BY_RANK = ascending(RESULT.sort_rank, RESULT.id)


def said_of(what: str, name: str) -> Any:
    """The key under which a code of a result is put into words: run, grain, what it is, the code."""
    return lambda row, _arguments: None if row[name] is None else (row["run_id"], row["grain"], what, row[name])


def reasons_of(row: Mapping[str, Any], _arguments: object) -> object:
    """The key under which the reasons of a result are put into words."""
    return row["run_id"], row["grain"], "reasons", tuple(json_value(row["reasons"]))


def peer_group(row: Mapping[str, Any], _arguments: object) -> object:
    """The key of a result's place among its peers."""
    return row["run_id"], row["grain"], row["total"]


@stored(tables.Cycle, "Cy", "Assessment cycle (考评周期).", marks=[PUBLIC])
class Cycle(Record):
    """A period that is evaluated."""

    id: strawberry.ID = identity(tables.Cycle)
    version: int = version(tables.Cycle)
    label: PeriodLabel = column(tables.Cycle.label, "Half-year or quarter.")
    kind: CycleKind = column(tables.Cycle.kind, "Length.")
    parts: list[Cycle] = many(
        tables.Cycle.whole_id,
        "Cycles it adds up; empty = it has fieldwork of its own.",
        4,
        ascending(tables.Cycle.first_day, tables.Cycle.id),
    )
    ground: Ground = column(tables.Cycle.ground, "ACT, or IMPORTED for a past cycle opened over imported facts.")
    range: DateSpan = inside("Days covered.", from_=tables.Cycle.first_day, to=tables.Cycle.last_day)
    state: CycleState = column(tables.Cycle.state, "State.")
    runs: Connection[ScoreRun] = page(
        tables.ScoreRun.cycle_id,
        "Score runs, newest first.",
        descending(tables.ScoreRun.recorded_at, tables.ScoreRun.id),
        said=Said(
            (
                Argument(
                    "kinds",
                    list[RunKind] | None,
                    "Only these kinds.",
                    condition=AnyOf((column_of(tables.ScoreRun.kind),)),
                ),
            )
        ),
    )


@stored(tables.ScoreRun, "Sr", "Score run; same inputs give the same result hash.", marks=[RULE_STAFF])
class ScoreRun(Node):
    """One evaluation of a cycle."""

    id: strawberry.ID = identity(tables.ScoreRun)
    kind: RunKind = column(tables.ScoreRun.kind, "Kind.")
    cycle: Cycle = one(tables.ScoreRun.cycle_id, "Cycle.")
    rulebook_version: RulebookVersion = one(tables.ScoreRun.rulebook_version_id, "Version.")
    valid_at: datetime = column(tables.ScoreRun.valid_at, "Facts true then.")
    known_at: datetime = column(tables.ScoreRun.known_at, "As known then.")
    engine_version: str = column(tables.ScoreRun.engine_version, "Engine.")
    input_hash: Sha256 = column(tables.ScoreRun.input_hash, "Digest of rulebook and evidence set.")
    result_hash: Sha256 | None = column(tables.ScoreRun.result_hash, "Digest of all results; null until done.")
    results: Connection[ScoreResult] = page(
        RESULT.run_id,
        "Results by rank.",
        BY_RANK,
        where=(OF_SUBJECT,),
        said=Said(
            (
                Argument(
                    "bands",
                    list[str] | None,
                    "Only these bands.",
                    condition=AnyOf((column_of(RESULT.band),)),
                ),
            )
        ),
    )
    distribution: list[BandCount] = own(
        Figure(distributions, own_id),
        "Companies per band; NOT_RATED apart.",
        tables.ScoreRun.id,
        said=Said(marks=(bounded(8),)),
    )
    not_rated: int = own(Figure(not_rated, own_id), "Companies without a result.", tables.ScoreRun.id)


@stored(tables.ScoreResult, "Re", "Result of one subject in one run.", marks=[PUBLIC], visible=[OF_SUBJECT])
class ScoreResult(Node):
    """What came out for a company, a compound, or a company in a compound."""

    id: strawberry.ID = identity(RESULT)
    run: ScoreRun = one(RESULT.run_id, "Run.")
    company: Company | None = one(
        RESULT.company_id, "Company; null = result of a compound as such, e.g. run by its community."
    )
    compound: Compound | None = one(
        RESULT.compound_id, "Set if the result is for one compound; with `company`, the unit of both."
    )
    non_value: NonValue | None = column(RESULT.non_value, "Why there is no total; null = rated.")
    not_rated_reasons: list[NotRatedReason] = own(
        Figure(worded, reasons_of),
        "Why NOT_RATED; empty otherwise.",
        RESULT.run_id,
        RESULT.grain,
        RESULT.reasons,
        said=Said(marks=(bounded(2),)),
    )
    total: Decimal | None = column(RESULT.total, "Composite score; null = not rated.")
    band: Band | None = own(
        Figure(worded, said_of("band", "band")),
        "Band after vetoes and limiters; null = not rated, except a band forced by a veto.",
        RESULT.band,
    )
    band_by_score: Band | None = own(
        Figure(worded, said_of("band", "band_by_score")), "Band the score alone would give.", RESULT.band_by_score
    )
    rank: int | None = column(RESULT.rank, "Rank in the cohort.")
    listed: ListColour | None = column(
        RESULT.listed,
        "List the rules put it on, the most severe; null = none. What is public stands in `listings`.",
        marks=(RESULT_STAFF,),
        name="list",
    )
    recommendation: Recommendation | None = own(
        Figure(worded, said_of("recommendation", "recommendation")),
        "What the rules recommend; null = the rulebook recommends nothing for this subject.",
        RESULT.recommendation,
        said=Said(marks=(RESULT_STAFF,)),
    )
    cohort: Cohort = own(Figure(cohorts, peer_group), "Peer group.", RESULT.total)
    lines: list[ScoreLine] = own(
        Figure(explained_lines, own_id),
        "Explanation tree in preorder; points sum to the total exactly.",
        RESULT.id,
        said=Said(marks=(bounded(80),)),
    )
    summary: str = own(
        Figure(explained_lines, own_id, sentences), "Explanation in sentences.", RESULT.id, said=Said((LANG,))
    )
    parts: Connection[ScoreResult] = tied(
        RESULT, "Compounds or managers rolled up.", BY_RANK, All((OF_SUBJECT, PartOfResult()))
    )
