"""Figures of a period: cases, mediations and fees."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import strawberry
from strawberry.types import Info

from schema import ids, tables
from schema.arguments import Argument, DateRange, days_of, given
from schema.codes import shown
from schema.context import Context
from schema.directives import bounded, cost
from schema.fields import Said, own
from schema.kinds import money_text
from schema.loaders import Found, Keys, Reader, Turn
from schema.moments import Moment
from schema.reads import report as read
from schema.reads.complaints import categories
from schema.reads.report import Reported, Subject
from schema.shapes import Figure
from schema.types.complaints import ComplaintCategory, category

PLACES = Decimal("0.0001")
PER = 1000


def share(part: Any, whole: Any) -> Decimal | None:
    """part/whole, rounded once to 4 decimals; null of nothing.

    >>> share(2, 3), share(0, 0)
    (Decimal('0.6667'), None)
    """
    return (Decimal(part) / Decimal(whole)).quantize(PLACES, ROUND_HALF_UP) if whole else None


@strawberry.type(description="Count of one category.")
class CategoryCount:
    """Cases of a category."""

    category: ComplaintCategory = strawberry.field(description="Category.")
    count: int = strawberry.field(description="Cases.")
    previous: int = strawberry.field(description="Cases in the same period before.")


@strawberry.type(description="Hotline figures; duplicates are counted apart, never dropped.")
class ComplaintStats:
    """Cases received in a period; rates leave duplicates out above and below the line."""

    report: strawberry.Private[Reported]
    row: strawberry.Private[Mapping[str, Any]]

    @shown("Cases received.")
    def total(self) -> int:
        """Duplicates included."""
        return int(self.row["total"])

    @shown("Of these duplicates.")
    def duplicates(self) -> int:
        """Cases that repeat another."""
        return int(self.row["duplicates"])

    @shown("Closed by the end of the period.")
    def closed(self) -> int:
        """Without duplicates."""
        return int(self.row["closed"])

    @shown("closed/total (办结率).")
    def closure_rate(self) -> Decimal | None:
        """Share closed."""
        return share(self.row["closed"], self.single)

    @shown("Responded/total (响应率).")
    def response_rate(self) -> Decimal | None:
        """Share of which the resident was reached."""
        return share(self.row["answered"], self.single)

    @shown("Satisfied/answered (满意率).")
    def satisfaction_rate(self) -> Decimal | None:
        """Share of those reached."""
        return share(self.row["satisfied"], self.row["answered"])

    @shown("Cases per 1,000 households, all registered compounds in the denominator.")
    async def per1000_households(self, info: Info[Context, None]) -> Decimal | None:
        """Null where no household is recorded."""
        found = await self._load(info, "households", read.households)
        return share(PER * self.single, found)

    @shown("Median hours to close.")
    def median_hours_to_close(self) -> Decimal | None:
        """Days from receipt to closing, each counted as 24 hours; null when none is closed."""
        return None if self.row["hours"] is None else Decimal(self.row["hours"])

    @shown("By category, largest first.", bounded(60))
    async def by_category(self, info: Info[Context, None]) -> list[CategoryCount]:
        """Categories with a case now or before."""
        counted: list[CategoryCount] = await self._load(info, "categories", counted_by_category)
        return counted

    @property
    def single(self) -> int:
        """Cases without duplicates."""
        return int(self.row["total"] - self.row["duplicates"])

    async def _load(self, info: Info[Context, None], what: str, reading: Callable[..., Any]) -> Any:
        reader = info.context.reader
        return await reader.load(("report", what), partial(reading, reader.at), self.report)


@strawberry.type(description="Mediation figures.")
class MediationStats:
    """Mediations that ended in a period."""

    row: strawberry.Private[Mapping[str, Any]]

    @shown("Settled before a lawsuit.")
    def pre_litigation_succeeded(self) -> int:
        """Mediations."""
        return int(self.row["pre_litigation"])

    @shown("Settled orally.")
    def oral_succeeded(self) -> int:
        """Mediations."""
        return int(self.row["oral"])

    @shown("Not settled.")
    def failed(self) -> int:
        """Mediations."""
        return int(self.row["failed"])

    @shown("Amount in dispute settled, yuan.", served=Decimal)
    def amount(self) -> str:
        """Of those settled."""
        return money_text(self.row["amount_fen"])

    @shown("Overdue fees recovered, yuan (收回欠缴物业费).", served=Decimal)
    def arrears_recovered(self) -> str:
        """Of all."""
        return money_text(self.row["recovered_fen"])


@strawberry.type(description="Fee figures, yuan.")
class FeeStats:
    """Fees of the half-years that lie in a period as a whole."""

    row: strawberry.Private[Mapping[str, Any]]

    @shown("Due in the period.", served=Decimal)
    def receivable(self) -> str:
        """Sum."""
        return money_text(self.row["receivable_fen"])

    @shown("Collected of that.", served=Decimal)
    def collected(self) -> str:
        """Sum."""
        return money_text(self.row["collected_fen"])

    @shown("collected/receivable (收缴率).")
    def rate(self) -> Decimal | None:
        """Null where nothing was due."""
        return share(self.row["collected_fen"], self.row["receivable_fen"])

    @shown("Owed at the end.", served=Decimal)
    def arrears(self) -> str:
        """What is missing of each compound's fees; more than due elsewhere does not make up for it."""
        return money_text(self.row["arrears_fen"])


NO_CASES: Mapping[str, Any] = {"total": 0, "duplicates": 0, "closed": 0, "answered": 0, "satisfied": 0, "hours": None}
NO_MEDIATIONS = dict.fromkeys(("pre_litigation", "oral", "failed", "amount_fen", "recovered_fen"), 0)


@strawberry.type(
    description="Figures of a period for a district, area, company or compound. Rates are 0 to 1, 4 decimals; null when"
    " the denominator is 0."
)
class PeriodReport:
    """A report; each of its parts is read only if it is selected."""

    report: strawberry.Private[Reported]

    @shown("Hotline cases.")
    async def complaints(self, info: Info[Context, None]) -> ComplaintStats:
        """Cases received."""
        return ComplaintStats(report=self.report, row=await self._load(info, "cases", read.cases) or NO_CASES)

    @shown("Mediations.")
    async def mediations(self, info: Info[Context, None]) -> MediationStats:
        """Mediations ended."""
        return MediationStats(row=await self._load(info, "mediations", read.mediations) or NO_MEDIATIONS)

    @shown("Fees; null = nothing reported.")
    async def fees(self, info: Info[Context, None]) -> FeeStats | None:
        """Fees due."""
        row = await self._load(info, "fees", read.fees)
        return None if row is None else FeeStats(row=row)

    async def _load(self, info: Info[Context, None], what: str, reading: Callable[..., Any]) -> Any:
        reader: Reader = info.context.reader
        return await reader.load(("report", what), partial(reading, reader.at), self.report)


async def counted_by_category(at: Moment, turn: Turn, keys: Keys) -> Found:
    """The categories of each report with their counts; all unlisted ones are one."""
    listed = {row["id"]: row for row in await turn.fetch(categories(at))}
    found = await read.by_category(at, turn, keys)
    return {key: _categories(rows, listed) for key, rows in found.items()}


def _categories(rows: list[Any], listed: Mapping[Any, Any]) -> list[CategoryCount]:
    counted: dict[str, CategoryCount] = {}
    for row in rows:
        shown_as = category(listed.get(row["category_id"]))
        mine = counted.setdefault(shown_as.row["code"], CategoryCount(category=shown_as, count=0, previous=0))  # type: ignore[attr-defined]  # a `Row`
        mine.count += row["count"]
        mine.previous += row["previous"]
    return sorted(counted.values(), key=lambda each: (-each.count, -each.previous, each.category.row["code"]))  # type: ignore[attr-defined]  # a `Row`


def of_record(subject: Subject) -> Callable[[Any, Mapping[str, Any]], Reported]:
    """The key of a record's own report."""
    return lambda row, arguments: Reported(subject, row["id"], *days_of(arguments["range"]))


def of_district(_row: object, arguments: Mapping[str, Any]) -> Reported:
    """The key of the district's report, or of one area's."""
    area = arguments.get("area_id")
    asked = ids.decode(str(area)).uuid if given(area) else None
    return Reported(Subject.DISTRICT if asked is None else Subject.AREA, asked, *days_of(arguments["range"]))


async def reports(at: Moment, turn: Turn, keys: Keys) -> Found:
    """A report for each key; its figures are read when they are selected."""
    areas = {key.id for key in keys if key.subject is Subject.AREA}
    levels = await read.area_of(at, turn, sorted(areas)) if areas else {}
    return {key: PeriodReport(report=_whole(key, levels)) for key in keys}


def _whole(key: Reported, levels: Mapping[Any, str]) -> Reported:
    """The area of the whole district is the district."""
    if levels.get(key.id) == "DISTRICT":
        return Reported(Subject.DISTRICT, None, key.first, key.last)
    return key


ROW_ID: Mapping[Subject, Any] = {Subject.COMPANY: tables.Company.id, Subject.COMPOUND: tables.Compound.id}
RANGE = Argument("range", DateRange, "Days.")


def report(subject: Subject, description: str, access: object) -> Any:
    """The report of a record, or of the district."""
    arguments: tuple[Argument, ...] = (RANGE,)
    key: Callable[..., Any] = of_record(subject)
    columns: tuple[Any, ...] = (ROW_ID[subject],) if subject in ROW_ID else ()
    if subject is Subject.DISTRICT:
        arguments = (RANGE, Argument("area_id", strawberry.ID | None, "Area; null = district."))
        key = of_district
    return own(Figure(reports, key), description, *columns, said=Said(arguments, (cost(10), access)))
