"""A clean workbook in, every published figure out, byte for byte."""

from datetime import date

import pytest
from sqlalchemy import text

from api.actions.score_period import Order, score_period
from api.database import Database
from tests.journeys.conftest import CLERK, District
from tests.workbooks import YUETANG

FILES = (
    ("inspection_scores.csv", 2795),
    ("compound_quarter.csv", 1484),
    ("unit_quarter.csv", 1219),
    ("company_quarter.csv", 438),
    ("company_half_2025H2.csv", 113),
    ("company_half_2026H1.csv", 113),
    ("totals.csv", 49),
)


async def ask(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.reading_everything() as connection:
        return [tuple(row) for row in (await connection.execute(text(query))).all()]


@pytest.mark.parametrize(("name", "lines"), FILES)
async def test_every_file_equals_the_expected_one(clean: District, name: str, lines: int) -> None:
    written = (clean.files / name).read_bytes()
    assert len(written.splitlines()) == lines
    assert written == (YUETANG / "expected" / name).read_bytes()


async def test_nothing_else_is_written(clean: District) -> None:
    assert sorted(path.name for path in clean.files.iterdir()) == sorted(name for name, _ in FILES)


async def test_the_only_remarks_are_codes_outside_the_list(clean: District) -> None:
    assert {each.kind for each in clean.imported.reading.diagnostics} == {"unknown_category"}
    assert len(clean.imported.reading.diagnostics) == 74


async def test_runs_cycles_and_log(clean: District) -> None:
    assert await ask(
        clean.database, "SELECT label, kind, state, ground, evaluated_on FROM cycle ORDER BY first_day, kind"
    ) == [
        ("2025-H2", "HALF_YEAR", "SCORING", "IMPORTED", date(2026, 1, 10)),
        ("2025-Q3", "QUARTER", "SCORING", "IMPORTED", date(2025, 10, 10)),
        ("2025-Q4", "QUARTER", "SCORING", "IMPORTED", date(2026, 1, 10)),
        ("2026-H1", "HALF_YEAR", "SCORING", "IMPORTED", date(2026, 7, 10)),
        ("2026-Q1", "QUARTER", "SCORING", "IMPORTED", date(2026, 4, 10)),
        ("2026-Q2", "QUARTER", "SCORING", "IMPORTED", date(2026, 7, 10)),
    ]
    assert await ask(clean.database, "SELECT count(*), count(DISTINCT result_hash), min(kind) FROM score_run") == [
        (6, 6, "OFFICIAL")
    ]
    assert await ask(clean.database, "SELECT action FROM audit_leaf ORDER BY seq") == [
        ("import.applied",),
        ("cycle.scored",),
        ("cycle.scored",),
    ]


async def test_scoring_again_returns_the_same_runs(clean: District) -> None:
    before = await ask(clean.database, "SELECT id, result_hash FROM score_run ORDER BY id")
    runs = await score_period(clean.database, CLERK, Order("2026-H1"))
    assert [run.repeated for run in runs] == [True, True, True]
    assert await ask(clean.database, "SELECT id, result_hash FROM score_run ORDER BY id") == before
    assert await ask(clean.database, "SELECT count(*) FROM audit_leaf") == [(3,)]


async def test_lists_and_recommendations_are_proposed(clean: District) -> None:
    assert await ask(
        clean.database,
        "SELECT c.label, l.colour, l.state, count(*) FROM listing l JOIN cycle c ON c.id = l.cycle_id"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2",
    ) == [
        ("2025-H2", "BLACK", "PROPOSED", 1),
        ("2025-H2", "RED", "PROPOSED", 10),
        ("2025-H2", "YELLOW", "PROPOSED", 9),
        ("2026-H1", "BLACK", "PROPOSED", 8),
        ("2026-H1", "RED", "PROPOSED", 10),
        ("2026-H1", "YELLOW", "PROPOSED", 3),
    ]


async def test_each_consequence_cites_the_clause_that_fired(clean: District) -> None:
    assert await ask(clean.database, "SELECT colour, clause, count(*) FROM listing GROUP BY 1, 2 ORDER BY 1") == [
        ("BLACK", "7.2", 9),
        ("RED", "7.4", 20),
        ("YELLOW", "7.3", 12),
    ]
    assert await ask(clean.database, "SELECT code, clause, count(*) FROM recommendation GROUP BY 1, 2 ORDER BY 2") == [
        ("PROPOSE_EXIT", "8.1", 8),
        ("WATCH_NO_NEW_CONTRACTS", "8.2", 9),
        ("NOT_RATED", "8.3", 6),
        ("INTERVIEW", "8.4", 4),
        ("COMMEND", "8.5", 20),
        ("NONE", "8.6", 177),
    ]
