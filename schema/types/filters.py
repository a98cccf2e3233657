"""Conditions that callers may put on lists, and the keys by which a record is found."""

import strawberry

from schema import tables
from schema.arguments import DateRange, where
from schema.evidence import SOURCES
from schema.scalars import PeriodLabel
from schema.shapes import (
    Absent,
    All,
    AnyOf,
    Before,
    Condition,
    Containing,
    DuringCycle,
    Equal,
    Holds,
    Not,
    OfCaller,
    Through,
    Value,
    Within,
    column_of,
    source_of,
)
from schema.tables.companies import ON_PAPER
from schema.tables.inspections import UNREPAIRED
from schema.types.codes.companies import StandingKind
from schema.types.codes.facts import ComplaintState
from schema.types.codes.inspections import FindingState, InspectionState, Severity
from schema.types.codes.places import CompoundKind, GovernanceForm, GovernanceRegime

OVERDUE = All(
    (
        AnyOf((column_of(tables.Finding.state),), UNREPAIRED),
        Absent(column_of(tables.Finding.rectified_on)),
        Before(column_of(tables.Finding.rectify_by), Value.TODAY),
    )
)
"""A finding past its deadline and open."""

IN_CHARGE = Not(AnyOf((column_of(tables.Engagement.state),), ON_PAPER))
"""An engagement that is more than paper."""

IN_DISTRICT = Through(source_of(tables.Filing), column_of(tables.Filing.company_id), "id")
"""A company that has filed with the district's bureau; companies without are not visible here."""

OF_SUBJECT = Not(AnyOf((column_of(tables.ScoreResult.grain),), tuple(sorted(set(SOURCES) - {"company", "compound"}))))
"""A result of a company, a compound or both; those of single facts, such as one visit, stand in the explanation."""

ENGAGEMENT = source_of(tables.Engagement)
SPELL = source_of(tables.GovernanceSpell)


def serving(condition: Condition) -> Through:
    """The company runs an engagement now of which this is true."""
    return Through(ENGAGEMENT, column_of(tables.Engagement.company_id), "id", (IN_CHARGE, condition))


def run_by(*conditions: Condition) -> Through:
    """A company is in charge of the compound now, in an engagement of which this is true."""
    return Through(ENGAGEMENT, column_of(tables.Engagement.compound_id), "id", (IN_CHARGE, *conditions))


def governed(condition: Condition) -> Through:
    """The compound is governed now in a way of which this is true."""
    return Through(SPELL, column_of(tables.GovernanceSpell.compound_id), "id", (condition,))


def in_areas(noun: type) -> AnyOf:
    """The street or the community of the row is one of the areas."""
    return AnyOf((column_of(noun.street_id), column_of(noun.community_id)))  # type: ignore[attr-defined]  # `Placed`


@strawberry.input(description="One key of a company.", one_of=True)
class CompanyRef:
    """By id or by code."""

    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Global id.")
    uscc: str | None = strawberry.field(default=strawberry.UNSET, description="Unified social credit code.")


@strawberry.input(description="One key of a compound.", one_of=True)
class CompoundRef:
    """By id or by code."""

    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Global id.")
    code: str | None = strawberry.field(default=strawberry.UNSET, description="District code.")


@strawberry.input(description="Companies wanted; conditions are joined by AND.")
class CompanyFilter:
    """Conditions on companies."""

    text: str | None = where(
        Containing((column_of(tables.Company.name), column_of(tables.Company.uscc))),
        "Part of name, alias or code, 2 to 50 characters.",
    )
    standings: list[StandingKind] | None = where(
        Through(
            source_of(tables.Standing),
            column_of(tables.Standing.company_id),
            "id",
            (AnyOf((column_of(tables.Standing.kind),)),),
        ),
        "Standing now.",
    )
    area_ids: list[strawberry.ID] | None = where(
        serving(in_areas(tables.Engagement)), "Serves a compound in one of these areas."
    )
    with_overdue_findings: bool | None = where(
        Holds(Through(source_of(tables.Finding), column_of(tables.Finding.company_id), "id", (OVERDUE,))),
        "Has overdue findings.",
    )


@strawberry.input(description="Compounds wanted.")
class CompoundFilter:
    """Conditions on compounds."""

    text: str | None = where(
        Containing(
            (
                column_of(tables.Compound.name),
                column_of(tables.Compound.address),
                column_of(tables.Compound.code),
            )
        ),
        "Part of name, address or code, 2 to 50 characters.",
    )
    area_ids: list[strawberry.ID] | None = where(in_areas(tables.Compound), "In one of these areas.")
    kinds: list[CompoundKind] | None = where(governed(AnyOf((column_of(tables.GovernanceSpell.kind),))), "Kind.")
    forms: list[GovernanceForm] | None = where(governed(AnyOf((column_of(tables.GovernanceSpell.form),))), "Form now.")
    regimes: list[GovernanceRegime] | None = where(
        governed(AnyOf((column_of(tables.GovernanceSpell.regime),))), "Regime now."
    )
    covered: bool | None = where(governed(Equal(column_of(tables.GovernanceSpell.covered))), "Covered now.")
    bundle_id: strawberry.ID | None = where(run_by(Equal(column_of(tables.Engagement.bundle_id))), "In this bundle.")
    without_company: bool | None = where(Holds(Not(run_by())), "No running engagement.")


@strawberry.input(description="Cases wanted.")
class ComplaintFilter:
    """Conditions on cases."""

    ids: list[strawberry.ID] | None = where(AnyOf((column_of(tables.Complaint.id),)), "These, at most 100.")
    external_refs: list[str] | None = where(
        AnyOf((column_of(tables.Complaint.external_ref),)), "These numbers, at most 100."
    )
    states: list[ComplaintState] | None = where(AnyOf((column_of(tables.Complaint.state),)), "State.")
    category_codes: list[str] | None = where(
        AnyOf((column_of(tables.Complaint.category_code),)), "Category or group code."
    )
    area_ids: list[strawberry.ID] | None = where(in_areas(tables.Complaint), "In one of these areas.")
    received: DateRange | None = where(Within(column_of(tables.Complaint.received_on)), "Received in.")


@strawberry.input(description="Sessions wanted.")
class SessionFilter:
    """Conditions on training sessions."""

    ids: list[strawberry.ID] | None = where(AnyOf((column_of(tables.TrainingSession.id),)), "These, at most 100.")
    period: PeriodLabel | None = where(Equal(column_of(tables.TrainingSession.period)), "Half-year.")


@strawberry.input(description="Inspections wanted.")
class InspectionFilter:
    """Conditions on inspections."""

    ids: list[strawberry.ID] | None = where(AnyOf((column_of(tables.Inspection.id),)), "These, at most 100.")
    cycle_id: strawberry.ID | None = where(DuringCycle(column_of(tables.Inspection.inspected_on)), "Cycle.")
    states: list[InspectionState] | None = where(AnyOf((column_of(tables.Inspection.state),)), "State.")
    mine: bool | None = where(Holds(OfCaller(column_of(tables.Inspection.inspector_id))), "Assigned to the caller.")
    area_ids: list[strawberry.ID] | None = where(in_areas(tables.Inspection), "In one of these areas.")


@strawberry.input(description="Findings wanted.")
class FindingFilter:
    """Conditions on findings."""

    states: list[FindingState] | None = where(AnyOf((column_of(tables.Finding.state),)), "State.")
    severities: list[Severity] | None = where(AnyOf((column_of(tables.Finding.severity),)), "Severity.")
    cycle_id: strawberry.ID | None = where(DuringCycle(column_of(tables.Finding.found_on)), "Cycle.")
    compound_ids: list[strawberry.ID] | None = where(
        AnyOf((column_of(tables.Finding.compound_id),)), "At these compounds."
    )
    overdue: bool | None = where(Holds(OVERDUE), "Past the deadline and open.")
