"""Facts that move points: hotline cases, mediations, fees, surveys, credit items."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema import tables
from schema.directives import REVIEWERS, STAFF
from schema.fields import after, column, identity, one, own, stored, version
from schema.shapes import Figure
from schema.types.codes.facts import (
    Channel,
    ComplaintState,
    CreditKind,
    MediationKind,
    TicketKind,
)
from schema.types.complaints import ComplaintCategory, category_of, of_complaints
from schema.types.meetings import written
from schema.types.node import Node, Record
from schema.types.values import DateSpan

if TYPE_CHECKING:
    from schema.types.companies import Company
    from schema.types.places import Compound

HALVES = {"H1": ((1, 1), (6, 30)), "H2": ((7, 1), (12, 31))}


def called_back(callback: str, _today: date) -> bool:
    """Whether the resident was reached.

    >>> called_back("NOT_CALLED", date.min)
    False
    """
    return callback != "NOT_CALLED"


def satisfied(callback: str, _today: date) -> bool | None:
    """What the resident said; null where nobody asked.

    >>> [satisfied(each, date.min) for each in ("SATISFIED", "DISSATISFIED", "NOT_CALLED")]
    [True, False, None]
    """
    return {"SATISFIED": True, "DISSATISFIED": False}.get(callback)


def received_as(name: str | None, code: str, _today: date) -> str:
    """The category as the source gave it: its name, or where it has none its code.

    >>> received_as("电梯", "0301", date.min), received_as(None, "9999", date.min)
    ('电梯', '9999')
    """
    return name or code


def mediated_on(received_on: date, closed_on: date | None, _today: date) -> date:
    """The day of a mediation: when it ended, while it runs when it was taken up.

    >>> mediated_on(date(2026, 3, 1), None, date.min)
    datetime.date(2026, 3, 1)
    """
    return closed_on or received_on


def settled(outcome: bool | None, _today: date) -> bool:
    """Whether a mediation settled the matter; one that still runs has not.

    >>> settled(None, date.min)
    False
    """
    return outcome is True


def half_year(period: str, _today: date) -> DateSpan:
    """The days of a half-year.

    >>> half_year("2026-H1", date.min).to
    datetime.date(2026, 6, 30)
    """
    year, half = period.split("-")
    first, last = HALVES[half]
    return DateSpan(from_=date(int(year), *first), to=date(int(year), *last))


@stored(tables.Complaint, "Cm", "Hotline case (12345 热线工单), petition or media report.", marks=[STAFF])
class Complaint(Record):
    """A case."""

    id: strawberry.ID = identity(tables.Complaint)
    version: int = version(tables.Complaint)
    external_ref: str = column(tables.Complaint.external_ref, "Number in the source system; unique per channel.")
    channel: Channel = column(tables.Complaint.channel, "Source.")
    kind: TicketKind = column(tables.Complaint.kind, "Complaint or request.")
    item_code: str | None = column(tables.Complaint.item_code, "Item code of the source (事项代码), as received.")
    category: ComplaintCategory = own(
        Figure(of_complaints, category_of), "Category after aliases.", tables.Complaint.category_id
    )
    received_category: str = after(
        received_as, "Category as received.", tables.Complaint.received_category, tables.Complaint.category_code
    )
    compound: Compound | None = one(tables.Complaint.compound_id, "Compound; null = not located.")
    company: Company | None = one(
        tables.Complaint.company_id, "Charged company: whoever held the compound at `occurredAt`."
    )
    state: ComplaintState = column(tables.Complaint.state, "State.")
    occurred_at: datetime = column(tables.Complaint.received_on, "Event time, if unknown time of receipt.")
    received_at: datetime = column(tables.Complaint.received_on, "Received.")
    closed_at: datetime | None = column(tables.Complaint.closed_on, "Closed.")
    responded: bool | None = after(called_back, "Resident was contacted.", tables.Complaint.callback)
    satisfied: bool | None = after(satisfied, "Resident is satisfied.", tables.Complaint.callback)
    duplicate_of: Complaint | None = one(tables.Complaint.duplicate_of_id, "Case it repeats.")


@stored(tables.Mediation, "Me", "Mediation outcome (调解).", marks=[STAFF])
class Mediation(Node):
    """What came of a mediation."""

    id: strawberry.ID = identity(tables.Mediation)
    kind: MediationKind = column(tables.Mediation.kind, "Kind.")
    number: str | None = column(tables.Mediation.number, "Number in the source (调解编号); null = recorded here.")
    compound: Compound = one(tables.Mediation.compound_id, "Compound.")
    company: Company | None = one(tables.Mediation.company_id, "Company.")
    held_on: date = after(mediated_on, "Day.", tables.Mediation.received_on, tables.Mediation.closed_on)
    succeeded: bool = after(settled, "Settled.", tables.Mediation.succeeded)
    amount: Decimal | None = column(tables.Mediation.amount_fen, "Amount settled, yuan.")
    arrears_recovered: Decimal | None = column(tables.Mediation.arrears_recovered_fen, "Fees recovered, yuan.")


@stored(tables.FeePeriod, "Fe", "Fees of one compound and company in one period.", marks=[REVIEWERS])
class FeePeriod(Node):
    """What was due and what was collected."""

    id: strawberry.ID = identity(tables.FeePeriod)
    compound: Compound = one(tables.FeePeriod.compound_id, "Compound.")
    company: Company = one(
        tables.FeePeriod.company_id, "Company that reported; one row per compound, company and period."
    )
    range: DateSpan = after(half_year, "Period.", tables.FeePeriod.period)
    receivable: Decimal = column(tables.FeePeriod.receivable_fen, "Due, yuan.")
    collected: Decimal = column(tables.FeePeriod.collected_fen, "Collected, yuan.")


@stored(tables.SurveyRound, "Su", "Satisfaction survey of one compound (满意度测评).", marks=[REVIEWERS])
class SurveyRound(Node):
    """A survey and its mean."""

    id: strawberry.ID = identity(tables.SurveyRound)
    compound: Compound = one(tables.SurveyRound.compound_id, "Compound.")
    company: Company | None = one(tables.SurveyRound.company_id, "Company charged; null = nobody in charge that day.")
    number: str = column(tables.SurveyRound.number, "Number in the source (测评编号).")
    held_on: date = column(tables.SurveyRound.held_on, "Day (测评日期).")
    sample: int = column(tables.SurveyRound.sample, "Asked.")
    responses: int = column(tables.SurveyRound.responses, "Answered.")
    score: Decimal = column(
        tables.SurveyRound.score, "Mean score as reported, 0 to 100; the rulebook says which rounds count."
    )


@stored(
    tables.CreditItem,
    "Cr",
    "Good or bad credit information, or veto (良好/不良信息/一票否决).",
    marks=[REVIEWERS],
)
class CreditItem(Node):
    """An entry in a company's credit record."""

    id: strawberry.ID = identity(tables.CreditItem)
    number: str = column(tables.CreditItem.number, "Number in the source (信息编号).")
    company: Company = one(tables.CreditItem.company_id, "Company.")
    kind: CreditKind = column(tables.CreditItem.kind, "Good, bad or veto.")
    issuer: str = after(written, "Issuing body.", tables.CreditItem.issuer)
    determined_on: date = column(tables.CreditItem.determined_on, "Determined (认定日期).")
    revoked_on: date | None = column(tables.CreditItem.revoked_on, "Revoked (撤销日期); null = stands.")
    recorded_points: Decimal | None = column(tables.CreditItem.points, "Recorded.")
