"""Companies, their market standing and the compounds they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import strawberry

from schema import tables
from schema.arguments import AS_OF, Argument, filtered
from schema.connections import Connection
from schema.directives import PUBLIC, REVIEWERS
from schema.fields import (
    Said,
    ascending,
    column,
    descending,
    fact,
    held,
    identity,
    interval,
    one,
    page,
    personal,
    stored,
    tied,
    version,
    via,
)
from schema.kinds import Kind
from schema.reads.report import Subject
from schema.shapes import AnyOf, Condition, OfParent, Running, Through, column_of, source_of
from schema.types.codes.companies import EngagementKind, EngagementState, Ground, StandingKind
from schema.types.codes.people import PersonRole
from schema.types.filters import IN_DISTRICT, ComplaintFilter, FindingFilter
from schema.types.listings import NEWEST_ENTRY, OF_NEWEST, Listing
from schema.types.node import Record
from schema.types.reports import PeriodReport, report
from schema.types.values import Interval

if TYPE_CHECKING:
    from schema.types.facts import Complaint
    from schema.types.inspections import Finding
    from schema.types.people import Person
    from schema.types.places import Bundle, Compound


def employed(*conditions: Condition) -> Through:
    """The person is employed by the company now, on terms of which this is true."""
    own_company = OfParent(column_of(tables.Employment.company_id))
    key = column_of(tables.Employment.person_id)
    return Through(source_of(tables.Employment), key, "id", (own_company, *conditions))


EMPLOYED = employed()


@stored(tables.Standing, "", "Market standing in an interval.")
class Standing:
    """Where a company stands in the market on some days."""

    kind: StandingKind = column(tables.Standing.kind, "Standing.")
    validity: Interval = interval(tables.Standing)
    ground: Ground = column(tables.Standing.ground, "What it rests on.")


@stored(tables.Company, "Co", "Property service company (物业服务企业).", marks=[PUBLIC], visible=[IN_DISTRICT])
class Company(Record):
    """A company and what is known about it."""

    id: strawberry.ID = identity(tables.Company)
    version: int = version(tables.Company)
    uscc: str = column(
        tables.Company.uscc,
        "Unified social credit code (统一社会信用代码), 18 characters, GB 32100 check digit.",
    )
    name: str = column(tables.Company.name, "Registered name.")
    legal_representative: str | None = personal(
        tables.Company.legal_representative, "Legal representative (法定代表人)."
    )
    registered_on: date | None = column(tables.Company.registered_on, "Founded (成立日期).")
    filed_on: date | None = via(
        held(tables.Filing.company_id),
        tables.Filing.filed_on,
        "Filed with the bureau (备案日期); null = not known.",
    )
    standing: Standing = fact(tables.Standing.company_id, "Market standing; exactly one at any instant.")
    engagements: Connection[Engagement] = page(
        tables.Engagement.company_id,
        "Compounds held.",
        descending(tables.Engagement.valid_from, tables.Engagement.id),
        said=Said(
            (
                AS_OF,
                Argument(
                    "active_only",
                    bool | None,
                    "Only those running at asOf.",
                    default=True,
                    condition=Running(source_of(tables.Engagement)),
                ),
            )
        ),
    )
    findings: Connection[Finding] = page(
        tables.Finding.company_id,
        "Findings.",
        ascending(tables.Finding.rectify_by, tables.Finding.id),
        said=Said((filtered(FindingFilter),)),
    )
    people: Connection[Person] = tied(
        tables.Person,
        "Staff.",
        ascending(tables.Person.id),
        EMPLOYED,
        Said(
            (
                Argument(
                    "roles",
                    list[PersonRole] | None,
                    "Only these roles.",
                    condition=employed(AnyOf((column_of(tables.Employment.role),))),
                ),
            )
        ),
    )
    complaints: Connection[Complaint] = page(
        tables.Complaint.company_id,
        "Hotline cases charged to it.",
        descending(tables.Complaint.received_on, tables.Complaint.id),
        said=Said((filtered(ComplaintFilter),)),
    )

    listings: Connection[Listing] = page(
        tables.Listing.company_id,
        "Red, yellow, black list entries.",
        NEWEST_ENTRY,
        where=(OF_NEWEST,),
    )
    report: PeriodReport = report(Subject.COMPANY, "Figures of a period.", REVIEWERS)


@stored(tables.Engagement, "En", "A company serving a compound in an interval (物业服务合同/托管).", marks=[PUBLIC])
class Engagement(Record):
    """A company in charge of a compound."""

    id: strawberry.ID = identity(tables.Engagement)
    version: int = version(tables.Engagement)
    kind: EngagementKind = column(tables.Engagement.kind, "Legal ground.")
    company: Company = one(tables.Engagement.company_id, "Company.")
    compound: Compound = one(tables.Engagement.compound_id, "Compound.")
    bundle: Bundle | None = one(tables.Engagement.bundle_id, "Bundle it belongs to.")
    manager: Person | None = one(tables.Engagement.manager_id, "Project manager.")
    state: EngagementState = column(tables.Engagement.state, "State.")
    validity: Interval = interval(
        tables.Engagement,
        "When in charge; ends with the actual end only. No two overlap for one compound.",
    )
    ground: Ground = column(tables.Engagement.ground, "What it rests on.")
    contract_ends_on: date | None = column(
        tables.Engagement.contract_ends_on,
        "Contractual end (服务截止日期), last day included; does not end the charge.",
    )
    ended_on: date | None = column(
        tables.Engagement.ended_on, "Last day in charge (实际终止日期); null = still in charge."
    )
    contract_no: str | None = column(tables.Engagement.contract_no, "Contract or filing number.")
    fee_per_square_metre: Decimal | None = column(
        tables.Engagement.fee_fen_per_square_metre, "Fee, yuan per m² and month.", kind=Kind.RATE
    )
