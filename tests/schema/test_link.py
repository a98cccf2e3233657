"""A declaration that does not agree with its table stops the process and names the field."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import strawberry

from schema import tables
from schema.connections import Connection
from schema.fields import TYPES, ascending, column, fact, inside, label, one, page, stored
from schema.link import Contradiction, link
from schema.query import SCHEMA
from schema.types.codes.places import AreaLevel
from schema.types.companies import Company, Standing
from schema.types.inspections import Finding
from schema.types.roots import Query
from schema.types.values import GeoPoint

assert SCHEMA, "all other types are linked"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Types of one test are gone after it."""
    yield
    TYPES.pop("Probe", None)


def declared(annotation: Any, field: Any, noun: Any = tables.Company) -> None:
    """Link a type with one field of this annotation and declaration."""
    members = {"__annotations__": {"probe": annotation}, "probe": field, "__module__": __name__}
    stored(noun, "", "Probe.")(type("Probe", (), members))
    link(Query)


@pytest.mark.parametrize(
    ("declare", "complaint"),
    [
        (lambda: declared(str, column(tables.Company.phone, "")), "company.phone may be null"),
        (lambda: declared(int, column(tables.Company.name, "")), "declares <class 'int'> over company.name"),
        (lambda: declared(datetime, column(tables.Company.name, "")), "declares <class 'datetime.datetime'>"),
        (lambda: declared(float, column(tables.Company.version, "")), "declares <class 'float'>"),
        (lambda: declared(AreaLevel, column(tables.Company.version, "")), "declares <enum 'AreaLevel'>"),
        (lambda: declared(str, label(tables.Company.name, "")), "a label is JSON"),
        (
            lambda: declared(Company, one(tables.Finding.company_id, ""), tables.Finding),
            "finding.company_id may be null",
        ),
        (lambda: declared(str | None, one(tables.Finding.company_id, ""), tables.Finding), "type that is not stored"),
        (lambda: declared(Company, fact(tables.Standing.company_id, "")), "reads standing as company"),
        (
            lambda: declared(Standing, page(tables.Standing.company_id, "", ascending(tables.Standing.id))),
            "a page is a non-null connection",
        ),
        (
            lambda: declared(
                Connection[Finding], page(tables.Finding.company_id, "", ascending(tables.Finding.rectify_by))
            ),
            "does not order ties by a unique column",
        ),
        (
            lambda: declared(
                Connection[Finding],
                page(tables.Finding.company_id, "", ascending(tables.Finding.rectified_on, tables.Finding.id)),
            ),
            "orders by a column that may be null",
        ),
        (
            lambda: declared(
                GeoPoint, inside("", lat=tables.Compound.latitude, lng=tables.Compound.longitude), tables.Compound
            ),
            "lat may be null",
        ),
        (
            lambda: declared(GeoPoint | None, inside("", lat=tables.Compound.latitude), tables.Compound),
            "does not give every part",
        ),
    ],
)
def test_a_contradiction_stops_the_process(declare: Callable[[], None], complaint: str) -> None:
    with pytest.raises(Contradiction) as stopped:
        declare()
    assert str(stopped.value).startswith("Probe.probe: ")
    assert complaint in str(stopped.value)


@pytest.mark.parametrize(
    ("annotation", "declare", "noun"),
    [
        (str | None, lambda: column(tables.Company.name, ""), tables.Company),
        (Decimal | None, lambda: column(tables.Company.capital_fen, ""), tables.Company),
        (Company | None, lambda: one(tables.Finding.company_id, ""), tables.Finding),
    ],
)
def test_what_agrees_is_linked(annotation: Any, declare: Callable[[], Any], noun: Any) -> None:
    declared(annotation, declare(), noun)
    (field,) = TYPES["Probe"].type.__strawberry_definition__.fields
    assert field.answer is not None


def test_a_type_is_declared_once() -> None:
    with pytest.raises(AssertionError, match="Company is declared once"):
        stored(tables.Company, "", "Again.")(type("Company", (), {"__annotations__": {}}))


def test_a_tag_belongs_to_one_type() -> None:
    probe = type("Probe", (), {"__annotations__": {"id": strawberry.ID}})
    with pytest.raises(AssertionError, match="the tag Co belongs to one type"):
        stored(tables.Company, "Co", "Probe.")(probe)
