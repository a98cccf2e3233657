"""The text of conditions, and that what a caller writes never becomes part of it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from schema import tables
from schema.directives import Role
from schema.moments import Moment
from schema.reads.statement import Statement
from schema.reads.where import RENDERERS, Where, render
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
    InForce,
    Not,
    OfficialRun,
    PartOfResult,
    Running,
    Through,
    Value,
    column_of,
    source_of,
)
from schema.viewer import Viewer

NOW = datetime(2026, 7, 19, 16, 0, tzinfo=UTC)
AT = Moment(Viewer(UUID(int=1), frozenset({Role.PUBLIC, Role.BUREAU_ADMIN})), NOW, NOW)
STATE, DUE, DONE = (
    column_of(each) for each in (tables.Finding.state, tables.Finding.rectify_by, tables.Finding.rectified_on)
)
RUN = column_of(tables.ScoreResult.run_id)
HOSTILE = "'; DROP TABLE company; --"


@pytest.mark.parametrize(
    ("condition", "given", "text", "values"),
    [
        (Equal(STATE), "OPEN", "t.state = $1::text", ["OPEN"]),
        (Equal(STATE, "WAIVED"), None, "t.state = $1::text", ["WAIVED"]),
        (
            AnyOf((STATE, DUE)),
            ("A", "B"),
            "(t.state = ANY($1::text[]) OR t.rectify_by = ANY($1::text[]))",
            [["A", "B"]],
        ),
        (AnyOf((STATE,), ("A",)), None, "(t.state = ANY($1::text[]))", [["A"]]),
        (Before(DUE, Value.TODAY), None, "t.rectify_by < $1::date", [date(2026, 7, 20)]),
        (Absent(DONE), None, "t.rectified_on IS NULL", []),
        (Containing((STATE,)), "a%_\\", "(coalesce(t.state ILIKE $1::text, false))", ["%a\\%\\_\\\\%"]),
        (Not(Absent(DONE)), None, "NOT t.rectified_on IS NULL", []),
        (Holds(Absent(DONE)), True, "t.rectified_on IS NULL", []),
        (Holds(Absent(DONE)), False, "NOT t.rectified_on IS NULL", []),
        (All((Absent(DONE), Equal(STATE, "A"))), None, "(t.rectified_on IS NULL AND t.state = $1::text)", ["A"]),
        (
            Running(source_of(tables.Engagement)),
            True,
            "t.valid_from <= $1::date AND t.valid_to > $1::date",
            [date(2026, 7, 20)],
        ),
        (Running(source_of(tables.Engagement)), False, "true", []),
        (
            Through(source_of(tables.Filing), column_of(tables.Filing.company_id), "id"),
            None,
            "EXISTS (SELECT 1 FROM filing x1 WHERE x1.company_id = t.id AND x1.district_id = $1::uuid"
            " AND x1.superseded_at = 'infinity')",
            [UUID(int=1)],
        ),
    ],
)
def test_a_condition_as_text(condition: Condition, given: Any, text: str, values: list[Any]) -> None:
    out = Statement()
    assert render(condition, given, Where(out, AT)) == text
    assert out.values == values


@pytest.mark.parametrize(
    "condition",
    [Equal(STATE), Containing((STATE,)), AnyOf((STATE,)), DuringCycle(DUE), OfficialRun(RUN, of_given_cycle=True)],
)
def test_what_is_given_stays_a_value(condition: Condition) -> None:
    out = Statement()
    given = (HOSTILE,) if isinstance(condition, AnyOf) else HOSTILE
    assert "DROP" not in render(condition, given, Where(out, AT))
    assert "DROP" in str(out.values)


def test_every_condition_has_its_text() -> None:
    kinds = {each.__name__ for each in Condition.__subclasses__()}
    assert {each.__name__ for each in RENDERERS} == kinds
    assert {InForce, PartOfResult} <= set(RENDERERS)
