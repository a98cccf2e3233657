"""Rulebooks, cycles, score runs and what came of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from schema.tables.base import OfDistrict, codes, day, decimal, moment, record, words
from schema.tables.companies import GROUNDS

COLOURS = ("RED", "YELLOW", "BLACK")
NON_VALUES = {
    "NOT_APPLICABLE": "NOT_APPLICABLE",
    "NO_RESULT": "NOT_RATED",
    "ERROR": "NOT_RATED",
    "PENDING": "PENDING",
    "WITHHELD": "RESULT_WITHOUT_INPUTS",
}
"""The engine's kinds of absence as the API names them."""
UNRANKED = 1_000_000_000
"""Sorts what has no rank behind all ranks."""


class Rulebook(OfDistrict, table=True):
    """Assessment rules (考核评价办法) of a district, over all their versions."""

    id: UUID = Field(primary_key=True)
    code: str = words()
    name: dict[str, Any] = Field(sa_type=JSONB)
    __table_args__ = (UniqueConstraint("district_id", "code"),)


class RulebookVersion(OfDistrict, table=True):
    """One text of a rulebook; the hash of its canonical form is its identity, so an edited text is another version."""

    __tablename__ = "rulebook_version"
    id: UUID = Field(primary_key=True)
    version: int
    rulebook_id: UUID = Field(foreign_key="rulebook.id")
    number: int
    label: str = words()
    state: str = words()
    ground: str | None = words(null=True)
    content_hash: str = words()
    text: str = Field(description="Canonical JSON, what the hash is taken over.")
    plan: str = Field(
        description="The checked plan with its lowered conditions: scoring again needs no parser of conditions."
    )
    source: str = Field(description="The document as it was given, with its comments.")
    in_force_from: date = day()
    in_force_until: date | None = day(null=True)
    recorded_at: datetime = moment()
    __table_args__ = (
        UniqueConstraint("rulebook_id", "number"),
        UniqueConstraint("rulebook_id", "content_hash"),
        codes("state", "DRAFT", "IN_REVIEW", "CONSULTATION", "APPROVED", "SHADOW", "IN_FORCE", "RETIRED", "REJECTED"),
        codes("ground", *GROUNDS),
    )


class Cycle(OfDistrict, table=True):
    """Assessment cycle (考评周期); a half-year adds up its quarters."""

    id: UUID = Field(primary_key=True)
    version: int
    rulebook_id: UUID = Field(foreign_key="rulebook.id")
    label: str = Field(description="Half-year or quarter, 2026-H1.")
    kind: str = words()
    ground: str = words()
    state: str = words()
    first_day: date = day()
    last_day: date = day()
    evaluated_on: date = day()
    whole_id: UUID | None = Field(default=None, foreign_key="cycle.id", description="The cycle this one is a part of.")
    __table_args__ = (
        UniqueConstraint("district_id", "rulebook_id", "label"),
        codes("kind", "QUARTER", "HALF_YEAR", "YEAR"),
        codes("ground", *GROUNDS),
        codes(
            "state", "PLANNED", "FIELDWORK", "RECTIFICATION", "SCORING", "PROVISIONAL", "APPEALS", "FINAL", "ARCHIVED"
        ),
        Index("ix_cycle_newest", "district_id", "last_day", "id"),
    )


class ScoreRun(OfDistrict, table=True):
    """One evaluation of one cycle; the same inputs give the same result hash."""

    __tablename__ = "score_run"
    id: UUID = Field(primary_key=True)
    cycle_id: UUID = Field(foreign_key="cycle.id", index=True)
    rulebook_version_id: UUID = Field(foreign_key="rulebook_version.id")
    kind: str = words()
    state: str = words()
    valid_at: datetime = moment()
    known_at: datetime = moment()
    engine_version: str = words()
    rulebook_hash: str = words()
    evidence_hash: str = words()
    input_hash: str = words()
    result_hash: str = words()
    part_ids: list[str] = Field(sa_type=JSONB, description="Runs of the parts whose results were taken over.")
    history_ids: list[str] = Field(
        sa_type=JSONB, description="Runs of earlier cycles whose remembered results were read."
    )
    settings: dict[str, Any] = Field(sa_type=JSONB)
    remembered: dict[str, Any] = Field(sa_type=JSONB, description="Measures that later periods may read.")
    evidence_rows: int
    recorded_at: datetime = moment()
    given_at: datetime = moment()
    """When it was last given as the answer to a scoring: of the runs of a cycle and kind, the latest counts."""
    __table_args__ = (
        codes("kind", "OFFICIAL", "PREVIEW", "SHADOW", "BACKTEST", "REPLAY"),
        codes("state", "QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"),
        UniqueConstraint("cycle_id", "input_hash", "kind"),
    )


class ScoreResult(OfDistrict, table=True):
    """Result of one subject in one run: a company, a compound, or both (the unit of a company in a compound)."""

    __tablename__ = "score_result"
    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="score_run.id")
    grain: str = words()
    subject: str = Field(description="Keys of the subject as the rulebook knows them, joined by /.")
    company_id: UUID | None = record(null=True)
    compound_id: UUID | None = record(null=True)
    street_id: UUID | None = None
    community_id: UUID | None = None
    non_value: str | None = words(null=True)
    reasons: list[str] = Field(sa_type=JSONB)
    total: Decimal | None = decimal(18, 6, null=True)
    band: str | None = words(null=True)
    band_by_score: str | None = words(null=True)
    rank: int | None = None
    listed: str | None = words(null=True)
    recommendation: str | None = words(null=True)
    measures: dict[str, Any] = Field(sa_type=JSONB, description="Every measure of the subject, exact, as text.")
    period_from: date = day()
    """First day of the run's period: orders the results of a subject."""
    sort_rank: int = Field(description="Rank, or a number behind all ranks: orders the results of a run.")
    __table_args__ = (
        UniqueConstraint("run_id", "grain", "subject"),
        codes("listed", *COLOURS),
        codes("non_value", "NOT_APPLICABLE", "MISSING_AS_ZERO", "PENDING", "NOT_RATED", "RESULT_WITHOUT_INPUTS"),
        CheckConstraint("company_id IS NOT NULL OR compound_id IS NOT NULL", name="subject"),
        Index("ix_score_result_rank", "run_id", "sort_rank", "id"),
        Index("ix_score_result_company", "company_id", "run_id"),
        Index("ix_score_result_compound", "compound_id", "period_from", "id"),
    )


class Listing(OfDistrict, table=True):
    """Entry of a red, yellow or black list that the rules propose; an act of people publishes it."""

    id: UUID = Field(primary_key=True)
    cycle_id: UUID = Field(foreign_key="cycle.id")
    run_id: UUID = Field(foreign_key="score_run.id", index=True)
    result_id: UUID = Field(foreign_key="score_result.id")
    company_id: UUID | None = record(null=True, index=True)
    compound_id: UUID | None = record(null=True)
    colour: str = words()
    clause: str | None = words(null=True)
    state: str = words()
    __table_args__ = (
        codes("colour", *COLOURS),
        codes("state", "PROPOSED", "PUBLISHED", "REMOVED"),
        UniqueConstraint("run_id", "result_id", "colour"),
    )


class Recommendation(OfDistrict, table=True):
    """What the rules recommend for a result; it changes nothing until people decide."""

    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="score_run.id", index=True)
    result_id: UUID = Field(foreign_key="score_result.id")
    company_id: UUID | None = record(null=True)
    code: str = words()
    clause: str | None = words(null=True)
    __table_args__ = (UniqueConstraint("result_id"),)
