"""The text of conditions, and that what a caller writes never becomes part of it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from schema import tables
from schema.directives import Role
from schema.moments import Moment
from schema.reads.statement import Statement
from schema.reads.where import RENDERERS, Where, known, official_runs, render
from schema.shapes import (
    Absent,
    All,
    AnyOf,
    AtLeast,
    Before,
    Beginning,
    Condition,
    Containing,
    DuringCycle,
    Equal,
    Holds,
    InForce,
    Not,
    OfCaller,
    OfficialRun,
    PartOfResult,
    Running,
    Through,
    Value,
    Within,
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


INSTANT = column_of(tables.ScoreRun.recorded_at)
CODE, PERSON = column_of(tables.ChecklistItem.code), column_of(tables.Person.id)
FORCE = InForce(
    column_of(tables.RulebookVersion.in_force_from), column_of(tables.RulebookVersion.in_force_until), INSTANT
)
DAYS = (date(2026, 1, 1), date(2026, 6, 30))
"""Whole days, both included."""
KNOWN_AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "given", "known_at", "text", "values"),
    [
        (Within(DUE), DAYS, None, "coalesce(t.rectify_by BETWEEN $1::date AND $2::date, false)", [*DAYS]),
        (
            Within(INSTANT),
            DAYS,
            None,
            "coalesce(t.recorded_at >= $1::timestamptz AND t.recorded_at < $2::timestamptz, false)",
            [datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC)],
        ),
        (AtLeast(DUE), DAYS[0], None, "coalesce(t.rectify_by >= $1::date, false)", [DAYS[0]]),
        (
            Beginning(CODE),
            ("1.2", "3."),
            None,
            "(t.code = ANY($1::text[]) OR starts_with(t.code, $2::text))",
            [["1.2"], "3."],
        ),
        (OfCaller(PERSON), None, None, "coalesce(t.id = $1::uuid, false)", [None]),
        (
            FORCE,
            None,
            None,
            "t.in_force_from <= $1::date AND coalesce(t.in_force_until >= $1::date, true)",
            [date(2026, 7, 20)],
        ),
        (
            FORCE,
            None,
            KNOWN_AT,
            "t.in_force_from <= $1::date AND coalesce(t.in_force_until >= $1::date, true)"
            " AND t.recorded_at <= $2::timestamptz",
            [date(2026, 7, 20), KNOWN_AT],
        ),
    ],
)
def test_days_and_instants_as_text(
    condition: Condition, given: Any, known_at: datetime | None, text: str, values: list[Any]
) -> None:
    out = Statement()
    assert render(condition, given, Where(out, Moment(AT.viewer, NOW, NOW, known_at))) == text
    assert out.values == values


@pytest.mark.parametrize(
    ("whenever", "days"), [(False, " AND x1.valid_from <= $2::date AND x1.valid_to > $2::date"), (True, "")]
)
def test_another_table_s_row_holds_on_the_day_unless_any_will_do(whenever: bool, days: str) -> None:
    through = Through(
        source_of(tables.Engagement), column_of(tables.Engagement.company_id), "id", (), whenever=whenever
    )
    assert render(through, None, Where(Statement(), AT)) == (
        "EXISTS (SELECT 1 FROM engagement x1 WHERE x1.company_id = t.id AND x1.district_id = $1::uuid"
        f" AND x1.superseded_at = 'infinity'{days})"
    )


def test_what_was_known_is_half_open() -> None:
    out = Statement()
    terms = known(source_of(tables.Finding), Where(out, Moment(AT.viewer, NOW, NOW, KNOWN_AT)))
    assert terms == [
        "t.district_id = $1::uuid",
        "t.recorded_at <= $2::timestamptz AND t.superseded_at > $2::timestamptz",
    ]


def test_the_newest_official_run_counts_if_it_succeeded_and_is_seen() -> None:
    out = Statement()
    assert official_runs(Where(out, AT)) == (
        "SELECT DISTINCT ON (r.cycle_id) r.id FROM score_run r WHERE r.district_id = $1::uuid"
        " AND r.kind = 'OFFICIAL' AND r.state = 'SUCCEEDED' ORDER BY r.cycle_id, r.recorded_at DESC, r.id DESC"
    )


def test_a_cycle_that_is_not_seen_bounds_nothing() -> None:
    out = Statement()
    nobody = Where(out, Moment(Viewer(UUID(int=1)), NOW, NOW))
    assert render(DuringCycle(DUE), UUID(int=5), nobody) == (
        "EXISTS (SELECT 1 FROM cycle x1 WHERE x1.id = $1::uuid AND x1.district_id = $2::uuid"
        " AND t.rectify_by BETWEEN x1.first_day AND x1.last_day)"
    )


def test_every_condition_has_its_text() -> None:
    kinds = {each.__name__ for each in Condition.__subclasses__()}
    assert {each.__name__ for each in RENDERERS} == kinds
    assert {InForce, PartOfResult} <= set(RENDERERS)
