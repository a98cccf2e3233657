"""The only bridge between stored rows and the facts a rulebook reads.

A rulebook names its fact tables and columns; `SOURCES` says where each comes from. Only what is asked for is read, as
it was known at one instant. References leave as business keys, money as yuan, days as days. A rulebook that asks for
something the district does not collect is told so before anything is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from schema.tables import METADATA
from schema.tables.companies import IN_CHARGE


class Reader(Protocol):
    """The one thing the bridge needs of a database connection."""

    async def fetch(self, query: str, *arguments: Any) -> Sequence[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """Which knowledge is read: of one district, true on `day`, as known at `known_at`."""

    district_id: UUID
    day: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Only the facts of some companies, of some compounds, or of both together; None = of all."""

    company_ids: Sequence[UUID] | None = None
    compound_ids: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where one fact table comes from: `key` names its rows, `columns` are SQL over the alias `t` and the joins.

    `company` and `compound` are the columns by which it may be narrowed to a scope. Tables that others refer to across
    companies (companies, managers, enrolments) have none and are always read whole.
    """

    table: str
    key: str
    columns: Mapping[str, str]
    joins: str = ""
    where: str = ""
    company: str | None = None
    compound: str | None = None


def _key_of(column: str, alias: str) -> str:
    return f"LEFT JOIN record {alias} ON {alias}.id = t.{column}"


COMPANY, COMPOUND = _key_of("company_id", "company"), _key_of("compound_id", "compound")
KNOWN = "{0}.recorded_at <= $2 AND $2 < {0}.superseded_at"
HOLDS = "{0}.valid_from <= $3 AND $3 < {0}.valid_to"
GOVERNANCE = (
    "LEFT JOIN governance_spell g ON g.compound_id = t.id"
    f" AND {KNOWN.format('g')} AND {HOLDS.format('g')}"
    " LEFT JOIN record street ON street.id = t.street_id LEFT JOIN record community ON community.id = t.community_id"
)
ONE_SPELL = (
    "t.role = 'PROJECT_MANAGER' AND NOT EXISTS (SELECT 1 FROM employment other"
    " WHERE other.person_id = t.person_id AND other.role = t.role AND " + KNOWN.format("other") + " AND CASE"
    " WHEN t.valid_from <= $3 THEN other.valid_from <= $3 AND other.valid_from > t.valid_from"
    " ELSE other.valid_from < t.valid_from END)"
)
"""Each manager once: with the last term begun by the day, or, where none had begun, with the first to come."""

SOURCES: Mapping[str, Source] = {
    "company": Source(
        "filing",
        "company.key",
        {"code": "company.key", "filed": "t.filed_on", "reported_state": "t.reported_state"},
        COMPANY,
    ),
    "compound": Source(
        "compound",
        "t.code",
        {
            "code": "t.code",
            "households": "t.households",
            "area": "t.gross_floor_area",
            "built_year": "t.built_year",
            "buildings": "t.buildings",
            "owners_committee": "t.owners_committee",
            "street": "street.key",
            "community": "community.key",
            "form": "g.form",
            "regime": "g.regime",
            "kind": "g.kind",
            "covered": "g.covered",
        },
        GOVERNANCE,
        compound="t.id",
    ),
    "item": Source(
        "checklist_item",
        "t.code",
        {
            "code": "t.code",
            "category": "t.section",
            "category_points": "t.section_points",
            "each": "t.points_each",
            "cap": "t.points_max",
            "severity": "t.severity",
        },
    ),
    "tenure": Source(
        "engagement",
        "t.contract_no",
        {
            "compound": "compound.key",
            "company": "company.key",
            "from": "t.valid_from",
            "ended": "t.ended_on",
            "contract_ends": "t.contract_ends_on",
            "kind": "t.kind",
        },
        f"{COMPOUND} {COMPANY}",
        where=f"t.{IN_CHARGE}",
        compound="t.compound_id",
    ),
    "inspection": Source(
        "inspection",
        "t.number",
        {"compound": "compound.key", "date": "t.inspected_on", "inspector": "t.body_kind", "state": "t.state"},
        COMPOUND,
        company="t.company_id",
        compound="t.compound_id",
    ),
    "finding": Source(
        "finding",
        "t.number",
        {
            "inspection": "inspection.key",
            "item": "t.item_code",
            "count": "t.occurrences",
            "place": "t.place",
            "due": "t.rectify_by",
            "done": "t.rectified_on",
            "repeat": "t.repeat",
            "recorded": "t.recorded_points",
        },
        _key_of("inspection_id", "inspection"),
        company="t.company_id",
        compound="t.compound_id",
    ),
    "hotline_category": Source(
        "complaint_category",
        "t.code",
        {"code": "t.code", "counts": "t.counts_for_score"},
    ),
    "case": Source(
        "complaint",
        "t.external_ref",
        {
            "received": "t.received_on",
            "compound": "compound.key",
            "category": "t.category_code",
            "kind": "t.kind",
            "closed": "t.closed_on",
            "duplicate_of": "first.key",
            "callback": "t.callback",
        },
        f"{COMPOUND} {_key_of('duplicate_of_id', 'first')}",
        company="t.company_id",
        compound="t.compound_id",
    ),
    "mediation": Source(
        "mediation",
        "t.number",
        {
            "compound": "compound.key",
            "company": "company.key",
            "kind": "t.kind",
            "received": "t.received_on",
            "closed": "t.closed_on",
            "succeeded": "t.succeeded",
            "amount": "round(t.amount_fen / 100.0, 2)",
            "recovered": "round(t.arrears_recovered_fen / 100.0, 2)",
        },
        f"{COMPOUND} {COMPANY}",
        company="t.company_id",
        compound="t.compound_id",
    ),
    "survey": Source(
        "survey_round",
        "t.number",
        {
            "compound": "compound.key",
            "date": "t.held_on",
            "sent": "t.sample",
            "valid": "t.responses",
            "score": "t.score",
        },
        COMPOUND,
        company="t.company_id",
        compound="t.compound_id",
    ),
    "fee": Source(
        "fee_period",
        "self.key",
        {
            "company": "company.key",
            "compound": "compound.key",
            "half": "t.period",
            "due": "round(t.receivable_fen / 100.0, 2)",
            "paid": "round(t.collected_fen / 100.0, 2)",
        },
        f"{COMPOUND} {COMPANY} JOIN record self ON self.id = t.id",
        company="t.company_id",
        compound="t.compound_id",
    ),
    "manager": Source(
        "employment",
        "t.manager_no",
        {
            "company": "company.key",
            "appointed": "t.valid_from",
            "left": "nullif(t.valid_to, 'infinity')",
            "filed": "t.filed_on",
            "hours_total": "t.training_hours_total",
        },
        COMPANY,
        where=ONE_SPELL,
    ),
    "session": Source(
        "training_session",
        "t.number",
        {"half": "t.period", "from": "t.starts_on", "until": "t.ends_on", "hours": "t.hours"},
    ),
    "enrolment": Source(
        "enrollment",
        "t.number",
        {
            "session": "session.key",
            "company": "company.key",
            "manager": "t.manager_no",
            "state": "t.state",
            "minutes": "t.minutes_present",
            "exam": "t.exam_score",
            "resit": "t.resit_score",
        },
        f"{COMPANY} {_key_of('session_id', 'session')}",
    ),
    "credit": Source(
        "credit_item",
        "t.number",
        {
            "company": "company.key",
            "kind": "t.kind",
            "matter": "t.matter",
            "points": "t.points",
            "determined": "t.determined_on",
            "valid_from": "t.valid_from",
            "valid_until": "t.valid_until",
            "revoked": "t.revoked_on",
            "fine": "round(t.fine_fen / 100.0, 2)",
        },
        COMPANY,
        company="t.company_id",
    ),
}
"""Fact tables a district collects, by the name rulebooks use."""


def not_collected(asked: Mapping[str, Iterable[str]]) -> list[str]:
    """Facts a rulebook asks for that no district collects, as `table` or `table.column`.

    >>> not_collected({"company": ["code"], "drone": ["battery"], "fee": ["due", "colour"]})
    ['drone', 'fee.colour']
    """
    missing = []
    for table, columns in asked.items():
        source = SOURCES.get(table)
        if source is None:
            missing.append(table)
        else:
            missing += [f"{table}.{column}" for column in columns if column not in source.columns and column != "id"]
    return missing


def statement(table: str, columns: Sequence[str], scope: Scope) -> tuple[str, list[Any]]:
    """The SQL that reads one fact table, and its arguments after district, knowledge instant and day."""
    source = SOURCES[table]
    wanted = [f'{source.key} AS "id"', *(f'{source.columns[name]} AS "{name}"' for name in columns if name != "id")]
    where = ["t.district_id = $1", KNOWN.format("t"), "$3::date IS NOT NULL"]
    if source.where:
        where.append(source.where)
    arguments: list[Any] = []
    if scope.company_ids is not None and source.company:
        arguments.append(list(scope.company_ids))
        where.append(f"{source.company} = ANY(${3 + len(arguments)})")
    if scope.compound_ids is not None and source.compound:
        arguments.append(list(scope.compound_ids))
        where.append(f"{source.compound} = ANY(${3 + len(arguments)})")
    text = f"SELECT {', '.join(wanted)} FROM {source.table} t {source.joins} WHERE {' AND '.join(where)} ORDER BY 1"
    return text, arguments


async def facts(
    reader: Reader, asked: Mapping[str, Sequence[str]], moment: Moment, scope: Scope | None = None
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The facts a rulebook asks for, {table: rows}, each row with its `id`; all must be collected (`not_collected`)."""
    chosen = scope or Scope()
    answer: dict[str, Sequence[Mapping[str, Any]]] = {}
    for table, columns in asked.items():
        text, arguments = statement(table, columns, chosen)
        answer[table] = await reader.fetch(text, moment.district_id, moment.known_at, moment.day, *arguments)
    return answer


ABOUT_BOTH = tuple(
    name
    for name, table in METADATA.tables.items()
    if {"superseded_at", "company_id", "compound_id"} <= set(table.c.keys())
)
"""Tables of what is known about a company at a compound."""


async def served(reader: Reader, company_ids: Sequence[UUID], known_at: datetime) -> list[UUID]:
    """Every compound that a fact of these companies was ever about, as known then."""
    about = " UNION ".join(
        f"SELECT compound_id FROM {table} t WHERE t.company_id = ANY($1) AND t.compound_id IS NOT NULL"
        f" AND {KNOWN.format('t')}"
        for table in ABOUT_BOTH
    )
    return [each["compound_id"] for each in await reader.fetch(about, list(company_ids), known_at)]
