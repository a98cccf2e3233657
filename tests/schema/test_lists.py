"""Lists that are written down in one place and must agree with another: codes, tables that are charged, roles."""

import re
from collections.abc import Iterator
from enum import Enum

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.intake.companies import CHARGED
from schema.directives import Role
from schema.fields import TYPES, stored_fields
from schema.link import said
from schema.query import SCHEMA
from schema.shapes import Scalar
from schema.tables import METADATA
from schema.tables.accounts import GRANTED
from schema.tables.scores import COLOURS, NON_VALUES, UNRANKED
from schema.types.codes.scores import ListColour, NonValue
from scoring.values import KINDS

assert SCHEMA, "all types are linked"
ALLOWED = re.compile(r"(\w+) IN \((.*)\)")


def allowed(table: str, column: str) -> set[str]:
    """The codes that a table takes in a column."""
    checks = (each for each in METADATA.tables[table].constraints if isinstance(each, CheckConstraint))
    found = (ALLOWED.fullmatch(str(each.sqltext)) for each in checks)
    return next(set(re.findall(r"'(\w+)'", one[2])) for one in found if one and one[1] == column)


def coded() -> Iterator[tuple[str, str, type[Enum]]]:
    """Columns that are shown as codes: table, column, enum."""
    for stored in TYPES.values():
        for field in stored_fields(stored.type):
            shown = said(field.type_annotation.evaluate()).type if field.type_annotation else None
            if isinstance(field.shape, Scalar) and isinstance(shown, type) and issubclass(shown, Enum):
                yield field.shape.column.table, field.shape.column.name, shown


CODED = sorted(coded(), key=lambda each: each[:2])


@pytest.mark.parametrize(("table", "column", "shown"), CODED, ids=str)
def test_every_code_that_is_stored_can_be_shown(table: str, column: str, shown: type[Enum]) -> None:
    assert allowed(table, column) <= set(shown.__members__)


def test_codes_are_looked_at() -> None:
    assert len(CODED) >= 20


def test_the_engine_s_kinds_of_absence_have_names_that_can_be_stored_and_shown() -> None:
    assert set(NON_VALUES) == set(KINDS)
    assert set(NON_VALUES.values()) <= allowed("score_result", "non_value") <= set(NonValue.__members__)
    assert set(COLOURS) == set(ListColour.__members__)


def test_what_has_no_rank_fits_the_column_behind_every_rank() -> None:
    assert 10**6 < UNRANKED < 2**31


def test_every_role_but_public_can_be_granted() -> None:
    assert set(GRANTED) == {role.name for role in Role} - {"PUBLIC"}


async def test_facts_charged_to_who_was_in_charge_are_the_same_in_tables_and_triggers(owner: AsyncConnection) -> None:
    columns = {
        name: table.columns["company_id"]
        for name, table in METADATA.tables.items()
        if "superseded_at" in table.columns and "company_id" in table.columns
    }
    derived = {name for name, column in columns.items() if not column.foreign_keys}
    freed = text(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'keep_knowledge' AND t.tgnargs > 0"
    )
    assert set(CHARGED) == derived == set((await owner.execute(freed)).scalars())
    assert [(name, day) for name, day in CHARGED.items() if day not in METADATA.tables[name].columns] == []
