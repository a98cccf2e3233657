"""The result files: their names, columns, order of rows, and where each column comes from.

A column is read from the stored result of its grain: a part of the subject, a measure of the rulebook shown to a number
of places, or a property of the result. Values are exact in the database and are rounded here once, half away from zero,
for display. Nothing is computed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

Result = Mapping[str, Any]
"""One stored result with what belongs to it: its columns, `measures`, `period`, names and codes of its subject."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its header, and the text it shows of a result."""

    header: str
    text: Callable[[Result], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: the grain whose results are its rows, in the order of `order`."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    order: Callable[[Result], Any]


def shown(exact: str, places: int) -> str:
    """An exact number, decimal or fraction, to a number of places, half away from zero.

    >>> shown("2/3", 4), shown("-0.125", 2), shown("5", 2)
    ('0.6667', '-0.13', '5.00')
    """
    value = Fraction(exact)
    with localcontext() as context:
        context.prec = 60
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return str(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def said(value: Any) -> str:
    """A stored value as text, numbers exact; nothing where there is none.

    >>> said({"number": "1/3"}), said(True), said(["XY1", "XY2"]), said({"none": "NOT_APPLICABLE", "reasons": []})
    ('1/3', '1', 'XY1;XY2', '')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ";".join(said(each) for each in value)
    return str(value.get("number") or value.get("date") or value.get("period") or "")


def measure(name: str, places: int | None = None, header: str | None = None) -> Column:
    """A measure; empty where it has no value. `places` None: the text as it is."""

    def text(result: Result) -> str:
        exact = said(result["measures"].get(name))
        return exact if places is None or not exact else shown(exact, places)

    return Column(header or name, text)


def if_rated(column: Column) -> Column:
    """A column that is empty where there is no composite, although it could be computed."""
    return Column(column.header, lambda result: "" if result["total"] is None else column.text(result))


def part(number: int, header: str) -> Column:
    """The total of the company in a part of the period, counted from 0; empty where the part has none."""

    def text(result: Result) -> str:
        total = result["parts"][number]
        return "" if total is None else shown(str(total), 2)

    return Column(header, text)


def of(name: str, header: str | None = None) -> Column:
    """A property of the result or of its subject; empty where it has none."""
    return Column(header or name, lambda result: "" if result[name] is None else str(result[name]))


INSPECTIONS = Sheet(
    "inspection_scores.csv",
    "inspection",
    (
        Column("inspection", lambda result: str(result["subject"])),
        of("compound"),
        of("inspected_on", "date"),
        of("period", "quarter"),
        of("company"),
        of("body", "inspector"),
        measure("weight", 0),
        measure("scored_findings", 0),
        measure("overdue_findings", 0, "overdue"),
        measure("unsafe", None, "ceiling"),
        measure("score", 4),
    ),
    lambda result: result["subject"],
)
COMPOUNDS = Sheet(
    "compound_quarter.csv",
    "compound_quarter",
    (
        of("period", "quarter"),
        of("compound"),
        of("compound_name", "name"),
        of("form", "management_form"),
        measure("inspections", 0),
        measure("score", 2),
    ),
    lambda result: (result["period"], result["compound"]),
)
UNITS = Sheet(
    "unit_quarter.csv",
    "unit_quarter",
    (
        of("period", "quarter"),
        of("company"),
        of("compound"),
        of("gross_floor_area"),
        measure("inspections", 0),
        measure("score", 2),
    ),
    lambda result: (result["period"], result["company"], result["compound"]),
)
QUARTERS = Sheet(
    "company_quarter.csv",
    "company_quarter",
    (
        of("period", "quarter"),
        of("company"),
        measure("compounds_scored", 0),
        measure("area_scored", 2, "area"),
        measure("score", 2),
    ),
    lambda result: (result["period"], result["company"]),
)
HALVES = Sheet(
    "company_half_{period}.csv",
    "company",
    (
        of("company"),
        of("company_name", "name"),
        of("period", "half"),
        measure("days", 0),
        measure("inspections", 0),
        part(0, "q1"),
        part(1, "q2"),
        measure("inspection_part", 2, "inspection"),
        measure("cases", 0),
        measure("households", 4),
        measure("rate", 4),
        measure("rate_points", 0),
        measure("closure", 4),
        measure("closure_points", 0),
        measure("satisfied_share", 4, "satisfied"),
        measure("satisfied_points", 0),
        measure("hotline_part", 2, "hotline"),
        measure("responses", 0),
        measure("satisfaction_part", 2, "satisfaction"),
        measure("receivable", 2),
        measure("received", 2),
        measure("fee_part", 2, "fee"),
        measure("managers", 0),
        measure("hours", 2),
        measure("training_part", 2, "training"),
        if_rated(measure("base", 6)),
        measure("bonus", 2),
        measure("penalty", 2),
        measure("composite", 2),
        measure("vetoes"),
        Column("not_rated", lambda result: ";".join(result["reasons"])),
        of("band", "grade"),
        of("rank"),
        measure("bottom_rank", 0),
        of("listed", "list"),
        of("recommendation", "decision"),
    ),
    lambda result: (result["sort_rank"], result["company"]),
)
SHEETS = (INSPECTIONS, COMPOUNDS, UNITS, QUARTERS, HALVES)
