"""The root of every query."""

from __future__ import annotations

import strawberry

from schema import tables
from schema.arguments import AS_OF, Argument, filtered
from schema.connections import Connection
from schema.directives import OFFICE, PUBLIC, STAFF, access, bounded, cost
from schema.fields import Said, ascending, descending, keyed, node, own, page
from schema.reads.orders import COMPLAINTS, OVERDUE, RANK, STANDING_SINCE
from schema.reads.report import Subject
from schema.scalars import PeriodLabel
from schema.shapes import AnyOf, Equal, Figure, Through, column_of, source_of
from schema.types.callers import RateLimit, Viewer, rate_limit, viewer
from schema.types.codes.companies import CompanySort
from schema.types.codes.places import AreaLevel
from schema.types.codes.scores import CycleState
from schema.types.companies import Company
from schema.types.complaints import ComplaintTaxonomy, taxonomies
from schema.types.coverage import Coverage, asked_area, coverages
from schema.types.facts import Complaint
from schema.types.filters import (
    IN_DISTRICT,
    CompanyFilter,
    CompanyRef,
    ComplaintFilter,
    CompoundFilter,
    CompoundRef,
    FindingFilter,
    InspectionFilter,
    SessionFilter,
    in_areas,
)
from schema.types.inspections import Finding, Inspection
from schema.types.listings import NEWEST_ENTRY, OF_NEWEST, Listing, ListingFilter
from schema.types.log import READERS, AuditEntry, AuditFilter
from schema.types.map import PINS, CompoundPin, GeoBox
from schema.types.meetings import Meeting
from schema.types.node import Node
from schema.types.places import AdminArea, Bundle, Compound
from schema.types.reports import PeriodReport, report
from schema.types.rulebooks import Rulebook
from schema.types.scores import Cycle
from schema.types.training import TrainingSession


def whole(_row: object, _arguments: object) -> str:
    """The key of what there is once in a district."""
    return "district"


BUNDLED = Through(
    source_of(tables.Engagement),
    column_of(tables.Engagement.bundle_id),
    "id",
    (in_areas(tables.Engagement),),
    whenever=True,
)
"""The bundle has an engagement in one of the areas."""


@strawberry.type(description="Reads. They have no effect except an audit entry where stated.")
class Query:
    """Where reading begins."""

    node: Node | None = node("Any record by id; null if unknown or not visible.", (PUBLIC,))
    viewer: Viewer = strawberry.field(resolver=viewer, description="The caller.", directives=[PUBLIC])
    rate_limit: RateLimit = strawberry.field(
        resolver=rate_limit, description="Budget and price of this request.", directives=[PUBLIC]
    )
    areas: Connection[AdminArea] = page(
        tables.Area,
        "Administrative areas by code.",
        ascending(tables.Area.code, tables.Area.id),
        said=Said(
            (
                Argument("level", AreaLevel | None, "Only this level.", condition=Equal(column_of(tables.Area.level))),
                Argument(
                    "parent_id",
                    strawberry.ID | None,
                    "Inside this area.",
                    condition=Equal(column_of(tables.Area.parent_id)),
                ),
            ),
            (PUBLIC,),
        ),
    )
    company: Company | None = keyed(
        "One company; null if unknown or not visible.",
        CompanyRef,
        (PUBLIC,),
        id=tables.Company.id,
        uscc=tables.Company.uscc,
    )
    companies: Connection[Company] = page(
        tables.Company,
        "Companies.",
        {
            "NAME": ascending(tables.Company.name_pinyin, tables.Company.id),
            "RANK": ascending(RANK, tables.Company.id),
            "COMPLAINTS_DESC": descending(COMPLAINTS, tables.Company.id),
            "OVERDUE_DESC": descending(OVERDUE, tables.Company.id),
            "STANDING_SINCE_DESC": descending(STANDING_SINCE, tables.Company.id),
        },
        where=(IN_DISTRICT,),
        said=Said((filtered(CompanyFilter), Argument("sort", CompanySort, "Order.", CompanySort.NAME)), (PUBLIC,)),
    )
    compound: Compound | None = keyed(
        "One compound; null if unknown or not visible.",
        CompoundRef,
        (PUBLIC,),
        id=tables.Compound.id,
        code=tables.Compound.code,
    )
    compounds: Connection[Compound] = page(
        tables.Compound,
        "Compounds by code.",
        ascending(tables.Compound.code, tables.Compound.id),
        said=Said((filtered(CompoundFilter),), (PUBLIC,)),
    )
    compound_pins: list[CompoundPin] = own(
        PINS,
        "Map pins, at most 1,000; zoom in for more.",
        said=Said(
            (Argument("box", GeoBox, "Map window."), filtered(CompoundFilter)), (bounded(1000), cost(20), PUBLIC)
        ),
    )
    coverage: Coverage = own(
        Figure(coverages, asked_area),
        "Coverage by form, regime and area.",
        said=Said((Argument("area_id", strawberry.ID | None, "Street; null = district."), AS_OF), (cost(5), PUBLIC)),
    )
    bundles: Connection[Bundle] = page(
        tables.Bundle,
        "Bundles (连片托管) by code.",
        ascending(tables.Bundle.code, tables.Bundle.id),
        said=Said(
            (Argument("area_ids", list[strawberry.ID] | None, "In one of these areas.", condition=BUNDLED),),
            (PUBLIC,),
        ),
    )
    report: PeriodReport = report(
        Subject.DISTRICT,
        "District figures of a period.",
        access("INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "DECISION_OFFICER", "BUREAU_ADMIN"),
    )
    complaints: Connection[Complaint] = page(
        tables.Complaint,
        "Hotline cases, newest first.",
        descending(tables.Complaint.received_on, tables.Complaint.id),
        said=Said((filtered(ComplaintFilter),), (STAFF,)),
    )
    complaint_taxonomy: ComplaintTaxonomy = own(
        Figure(taxonomies, whole), "Case taxonomy in force.", said=Said(marks=(PUBLIC,))
    )
    meetings: Connection[Meeting] = page(
        tables.Meeting,
        "Quarterly meetings, newest first.",
        descending(tables.Meeting.held_on, tables.Meeting.id),
        said=Said(
            (
                Argument(
                    "quarter",
                    PeriodLabel | None,
                    "Only this quarter.",
                    condition=Equal(column_of(tables.Meeting.quarter)),
                ),
            ),
            (OFFICE,),
        ),
    )
    training_sessions: Connection[TrainingSession] = page(
        tables.TrainingSession,
        "Training sessions by start.",
        ascending(tables.TrainingSession.starts_on, tables.TrainingSession.id),
        said=Said((filtered(SessionFilter),), (OFFICE,)),
    )
    listings: Connection[Listing] = page(
        tables.Listing,
        "Red, yellow and black lists.",
        NEWEST_ENTRY,
        where=(OF_NEWEST,),
        said=Said((filtered(ListingFilter),), (PUBLIC,)),
    )
    audit_log: Connection[AuditEntry] = page(
        tables.AuditLeaf,
        "Log by sequence; each read writes an entry, so it is never compiled or cached.",
        ascending(tables.AuditLeaf.seq),
        said=Said((filtered(AuditFilter),), (READERS,)),
    )
    cycles: Connection[Cycle] = page(
        tables.Cycle,
        "Cycles, newest first.",
        descending(tables.Cycle.last_day, tables.Cycle.id),
        said=Said(
            (
                Argument(
                    "label",
                    PeriodLabel | None,
                    "Only this label.",
                    condition=Equal(column_of(tables.Cycle.label)),
                ),
                Argument(
                    "states",
                    list[CycleState] | None,
                    "Only these states.",
                    condition=AnyOf((column_of(tables.Cycle.state),)),
                ),
            ),
            (PUBLIC,),
        ),
    )
    inspections: Connection[Inspection] = page(
        tables.Inspection,
        "Inspections, nearest date first.",
        ascending(tables.Inspection.inspected_on, tables.Inspection.id),
        said=Said((filtered(InspectionFilter),), (STAFF,)),
    )
    findings: Connection[Finding] = page(
        tables.Finding,
        "Findings, nearest deadline first.",
        ascending(tables.Finding.rectify_by, tables.Finding.id),
        said=Said((filtered(FindingFilter),), (STAFF,)),
    )
    rulebooks: Connection[Rulebook] = page(
        tables.Rulebook,
        "Rulebooks by code.",
        ascending(tables.Rulebook.code, tables.Rulebook.id),
        said=Said(
            (
                Argument(
                    "codes",
                    list[str] | None,
                    "Only these.",
                    condition=AnyOf((column_of(tables.Rulebook.code),)),
                ),
            ),
            (PUBLIC,),
        ),
    )
