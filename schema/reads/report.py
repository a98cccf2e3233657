"""Figures of a period: cases, mediations and fees of a district, an area, a company or a compound."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import groupby
from typing import Any
from uuid import UUID

from schema.loaders import Found, Turn
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads.statement import Statement, conjunction
from schema.reads.where import Where, known
from schema.shapes import source_named
from schema.tables.companies import IN_CHARGE

DECEMBER = 12


class Subject(Enum):
    """Whose figures are asked for, with the condition that ties a fact to it."""

    DISTRICT = "true"
    AREA = "k.key IN ({row}.street_id, {row}.community_id)"
    COMPANY = "{row}.company_id = k.key"
    COMPOUND = "{row}.compound_id = k.key"


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: whose figures, of which days."""

    subject: Subject
    id: UUID | None
    first: date
    last: date

    @property
    def window(self) -> tuple[str, date, date]:
        """What one statement can answer at once."""
        return self.subject.name, self.first, self.last

    @property
    def before(self) -> tuple[date, date]:
        """The same period before: as many whole months if the days are whole months, else as many days.

        >>> Reported(Subject.DISTRICT, None, date(2026, 4, 1), date(2026, 6, 30)).before
        (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
        >>> Reported(Subject.DISTRICT, None, date(2026, 4, 2), date(2026, 4, 8)).before
        (datetime.date(2026, 3, 26), datetime.date(2026, 4, 1))
        """
        eve, after = self.first - timedelta(days=1), self.last + timedelta(days=1)
        if self.first.day != 1 or after.day != 1:
            return self.first - (after - self.first), eve
        months = (after.year - self.first.year) * DECEMBER + after.month - self.first.month
        years, month = divmod(self.first.year * DECEMBER + self.first.month - 1 - months, DECEMBER)
        return date(years, month + 1, 1), eve

    @property
    def half_years(self) -> list[str]:
        """The half-years that lie in the period as a whole.

        >>> Reported(Subject.DISTRICT, None, date(2025, 7, 1), date(2026, 6, 30)).half_years
        ['2025-H2', '2026-H1']
        """
        halves = [
            (f"{year}-H{half}", date(year, 1 + 6 * (half - 1), 1), date(year, 6 * half, 30 + half // 2))
            for year in range(self.first.year, self.last.year + 1)
            for half in (1, 2)
        ]
        return [label for label, first, last in halves if self.first <= first and last <= self.last]


def windows(keys: Iterable[Reported]) -> Iterable[Sequence[Reported]]:
    """Reports that one statement answers."""
    ordered = sorted(keys, key=lambda each: (*each.window, str(each.id)))
    return [list(some) for _, some in groupby(ordered, key=lambda each: each.window)]


class Draft:
    """A statement over the facts of one window of reports; `k.key` is whose report a fact belongs to."""

    def __init__(self, at: Moment, reports: Sequence[Reported], table: str, row: str) -> None:
        self.place = Where(Statement(), at, row)
        self.table = table
        self.report = reports[0]
        self.keys = f"unnest({self.place.out.parameter([each.id for each in reports], 'uuid[]')}) AS k(key)"

    def facts(self, *terms: str) -> str:
        """FROM and WHERE of the facts."""
        tie = self.report.subject.value.format(row=self.place.row)
        where = conjunction([tie, *known(source_named(self.table), self.place), *terms])
        return f"FROM {self.keys} CROSS JOIN {self.table} {self.place.row} {where}"

    def within(self, day: str, days: tuple[date, date]) -> str:
        """The day of a fact lies in the days."""
        first, last = (self.place.out.parameter(each, "date") for each in days)
        return f"{day} BETWEEN {first} AND {last}"


async def rows_of(turn: Turn, draft: Draft, columns: str, facts: str, tail: str = "") -> dict[UUID | None, Any]:
    """The only row of each report."""
    found = await turn.fetch(draft.place.out.query(f"SELECT k.key, {columns}", facts, f"GROUP BY k.key {tail}"))
    return {row["key"]: row for row in found}


async def cases(at: Moment, turn: Turn, keys: Iterable[Reported]) -> Found:
    """Counts of the cases received in the period; what is not about all of them leaves duplicates out."""
    found: dict[Reported, Any] = {}
    for some in windows(keys):
        draft = Draft(at, some, "complaint", "c")
        days = (draft.report.first, draft.report.last)
        received = draft.within("c.received_on", days)
        closed = f"c.closed_on <= {draft.place.out.parameter(days[1], 'date')}"
        once = "c.state <> 'DUPLICATE'"
        columns = ", ".join(
            [
                "count(*)::int AS total",
                "(count(*) FILTER (WHERE c.state = 'DUPLICATE'))::int AS duplicates",
                f"(count(*) FILTER (WHERE {once} AND {closed}))::int AS closed",
                f"(count(*) FILTER (WHERE {once} AND c.callback <> 'NOT_CALLED'))::int AS answered",
                f"(count(*) FILTER (WHERE {once} AND c.callback = 'SATISFIED'))::int AS satisfied",
                "(percentile_cont(0.5) WITHIN GROUP (ORDER BY (c.closed_on - c.received_on) * 24)"
                f" FILTER (WHERE {once} AND {closed}))::numeric AS hours",
            ]
        )
        read = await rows_of(turn, draft, columns, draft.facts(received))
        found |= {each: read.get(each.id) for each in some}
    return found


async def by_category(at: Moment, turn: Turn, keys: Iterable[Reported]) -> Found:
    """Cases of each category now and in the same period before, duplicates left out, largest first."""
    found: dict[Reported, list[Any]] = {}
    for some in windows(keys):
        draft = Draft(at, some, "complaint", "c")
        now = draft.within("c.received_on", (draft.report.first, draft.report.last))
        then = draft.within("c.received_on", draft.report.before)
        rows = await turn.fetch(
            draft.place.out.query(
                f"SELECT k.key, c.category_id, (count(*) FILTER (WHERE {now}))::int AS count,",
                f"(count(*) FILTER (WHERE {then}))::int AS previous",
                draft.facts(f"({now} OR {then})", "c.state <> 'DUPLICATE'"),
                "GROUP BY k.key, c.category_id ORDER BY 1, 3 DESC, 4 DESC, 2",
            )
        )
        found |= {each: [row for row in rows if row["key"] == each.id] for each in some}
    return found


async def households(at: Moment, turn: Turn, keys: Iterable[Reported]) -> Found:
    """Households of all registered compounds; of a company, those it had charge of, averaged over the days."""
    found: dict[Reported, Any] = {}
    for some in windows(keys):
        read = await (_served if some[0].subject is Subject.COMPANY else _registered)(at, turn, some)
        found |= {each: (read.get(each.id) or {}).get("households") for each in some}
    return found


async def _registered(at: Moment, turn: Turn, reports: Sequence[Reported]) -> Mapping[UUID | None, Any]:
    draft = Draft(at, reports, "compound", "c")
    tie = {Subject.COMPOUND: "c.id = k.key"}.get(draft.report.subject, draft.report.subject.value.format(row="c"))
    where = conjunction([tie, *known(source_named("compound"), draft.place)])
    facts = f"FROM {draft.keys} CROSS JOIN compound c {where}"
    return await rows_of(turn, draft, "sum(c.households)::numeric AS households", facts)


async def _served(at: Moment, turn: Turn, reports: Sequence[Reported]) -> Mapping[UUID | None, Any]:
    draft = Draft(at, reports, "engagement", "e")
    first = draft.place.out.parameter(draft.report.first, "date")
    end = draft.place.out.parameter(draft.report.last + timedelta(days=1), "date")
    compound = draft.place.at_row("c")
    joined = [f"e.valid_from < {end}", f"e.valid_to > {first}", f"e.{IN_CHARGE}"]
    tie = draft.report.subject.value.format(row="e")
    here = " AND ".join(["c.id = e.compound_id", *known(source_named("compound"), compound)])
    where = conjunction([tie, *known(source_named("engagement"), draft.place), *joined])
    days = f"(least(e.valid_to, {end}) - greatest(e.valid_from, {first}))"
    facts = f"FROM {draft.keys} CROSS JOIN engagement e JOIN compound c ON {here} {where}"
    return await rows_of(turn, draft, f"sum(c.households * {days})::numeric / ({end} - {first}) AS households", facts)


async def mediations(at: Moment, turn: Turn, keys: Iterable[Reported]) -> Found:
    """Mediations that ended in the period."""
    found: dict[Reported, Any] = {}
    for some in windows(keys):
        draft = Draft(at, some, "mediation", "m")
        held = draft.within("m.closed_on", (draft.report.first, draft.report.last))
        columns = ", ".join(
            [
                "(count(*) FILTER (WHERE m.succeeded AND m.kind = 'PRE_LITIGATION'))::int AS pre_litigation",
                "(count(*) FILTER (WHERE m.succeeded AND m.kind = 'ORAL'))::int AS oral",
                "(count(*) FILTER (WHERE NOT m.succeeded))::int AS failed",
                "coalesce(sum(m.amount_fen) FILTER (WHERE m.succeeded), 0)::bigint AS amount_fen",
                "coalesce(sum(m.arrears_recovered_fen), 0)::bigint AS recovered_fen",
            ]
        )
        read = await rows_of(turn, draft, columns, draft.facts(held))
        found |= {each: read.get(each.id) for each in some}
    return found


async def fees(at: Moment, turn: Turn, keys: Iterable[Reported]) -> Found:
    """Fees of the half-years that lie in the period as a whole; nothing where none is reported."""
    found: dict[Reported, Any] = {}
    for some in windows(keys):
        draft = Draft(at, some, "fee_period", "f")
        halves = f"f.period = ANY({draft.place.out.parameter(draft.report.half_years, 'text[]')})"
        columns = ", ".join(
            [
                "sum(f.receivable_fen)::bigint AS receivable_fen",
                "sum(f.collected_fen)::bigint AS collected_fen",
                "sum(greatest(f.receivable_fen - f.collected_fen, 0))::bigint AS arrears_fen",
            ]
        )
        read = await rows_of(turn, draft, columns, draft.facts(halves))
        found |= {each: read.get(each.id) for each in some}
    return found


async def area_of(at: Moment, turn: Turn, area_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The level of each of these areas; one that the district does not have is the caller's mistake."""
    place = Where(Statement(), at, "a")
    where = conjunction(
        [f"a.id = ANY({place.out.parameter(list(area_ids), 'uuid[]')})", *known(source_named("area"), place)]
    )
    rows = await turn.fetch(place.out.query(f"SELECT a.id, a.level FROM area a {where}"))
    levels = {row["id"]: row["level"] for row in rows}
    if set(levels) != set(area_ids):
        raise BadInput("areaId 不是本区的街道或社区。", "areaId names no area of the district.")
    return levels
