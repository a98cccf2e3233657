"""The root of every query."""

from __future__ import annotations

import strawberry

from schema import tables
from schema.arguments import AS_OF, Argument, filtered
from schema.connections import Connection
from schema.directives import PUBLIC, STAFF, cost
from schema.fields import Said, ascending, descending, keyed, node, own, page
from schema.reads.keyset import RANK
from schema.scalars import PeriodLabel
from schema.shapes import AnyOf, Equal, Figure, Through, column_of, source_of
from schema.types.codes.companies import CompanySort
from schema.types.codes.places import AreaLevel
from schema.types.codes.scores import CycleState
from schema.types.companies import Company
from schema.types.coverage import Coverage, asked_area, coverages
from schema.types.filters import (
    IN_DISTRICT,
    CompanyFilter,
    CompanyRef,
    CompoundFilter,
    CompoundRef,
    FindingFilter,
    InspectionFilter,
    in_areas,
)
from schema.types.inspections import Finding, Inspection
from schema.types.node import Node
from schema.types.places import AdminArea, Bundle, Compound
from schema.types.rulebooks import Rulebook
from schema.types.scores import Cycle

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
