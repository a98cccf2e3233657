"""The served schema is a part of the contract, and its text is the committed one."""

from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema
from sqlalchemy import CheckConstraint

from schema import tables
from schema.fields import TYPES
from schema.query import sdl
from schema.shapes import Scalar, Via
from tests.schema.contract import differences

ROOT = Path(__file__).parent.parent.parent
CONTRACT = ROOT.parent / "shared" / "graphql" / "schema.graphql"


def test_the_committed_text_is_the_served_schema() -> None:
    committed = ROOT / "schema" / "schema.graphql"
    assert committed.read_text(encoding="utf-8") == sdl(), "write it anew with `zhunze schema`"


def test_everything_served_is_as_the_contract_has_it() -> None:
    if not CONTRACT.exists():
        pytest.skip(f"the contract is not at {CONTRACT}")
    found = differences(sdl(), CONTRACT.read_text(encoding="utf-8"))
    assert found == ["@oneOf: not in the contract"], "the directive of the GraphQL specification is printed as well"


@pytest.mark.parametrize(
    ("served", "contract", "difference"),
    [
        ("type A { x: Int }", "type A { x: Int! }", "A.x: "),
        ("type A { y: Int }", "type A { x: Int }", "A.y: not in the contract"),
        ('type A { "One." x: Int }', 'type A { "Two." x: Int }', "A.x: "),
        ("type A { x(a: Int = 1): Int }", "type A { x(a: Int = 2): Int }", "A.x.a: "),
        ("enum A { X Y }", "enum A { X }", "A.Y: not in the contract"),
        ("type A @b { x: Int }", "type A { x: Int }", "A: "),
        ("type A implements N { x: Int }", "type A { x: Int }", "A: "),
    ],
)
def test_each_kind_of_difference_is_seen(served: str, contract: str, difference: str) -> None:
    (found,) = differences(served, contract)
    assert found.startswith(difference)


def test_what_is_not_served_yet_is_no_difference() -> None:
    assert differences("type A { x: Int }", "type A { x: Int y(a: Int): B } type B { z: Int }") == []


def test_every_root_field_and_every_node_says_who_may_read_it() -> None:
    schema: Any = build_schema(sdl())

    def guarded(definition: Any) -> bool:
        return "access" in {each.name.value for each in definition.directives}

    roots = schema.query_type.ast_node.fields
    nodes = schema.get_possible_types(schema.type_map["Node"])
    assert [each.name.value for each in roots if not guarded(each)] == []
    assert [each.name for each in nodes if not guarded(each.ast_node)] == []
    assert len(nodes) == sum(1 for stored in TYPES.values() if stored.tag)


def test_every_code_that_can_be_stored_can_be_shown() -> None:
    shown = 0
    for stored in TYPES.values():
        for field in stored.type.__strawberry_definition__.fields:
            shape = getattr(field, "shape", None)
            column = shape.column if isinstance(shape, Scalar | Via) else None
            enum = getattr(getattr(field.type, "of_type", field.type), "wrapped_cls", None)
            if column is not None and enum is not None:
                assert codes_of(column.table, column.name) <= set(enum.__members__), f"{column.table}.{column.name}"
                assert issubclass(enum, Enum)
                shown += 1
    assert shown == 30


def codes_of(table: str, column: str) -> set[str]:
    """The codes that a CHECK allows in a column."""
    constraints = tables.METADATA.tables[table].constraints
    checks = [each for each in constraints if isinstance(each, CheckConstraint)]
    (text,) = [str(each.sqltext) for each in checks if each.name == f"ck_{table}_{column}"]
    return {part.strip(" '") for part in text.partition("(")[2].rstrip(")").split(",")}
