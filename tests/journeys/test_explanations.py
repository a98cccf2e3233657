"""Every stored result explained again from its evidence: exact sums, and one finding moves its own path only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.actions.import_workbook import Order, import_workbook
from api.actions.score_period import Order as ScoreOrder
from api.actions.score_period import score_period
from api.database import Database
from schema.explanations import Explained, ExplanationMismatchError, explained
from scoring.explain import Line
from tests.api.actions.test_score_period import district
from tests.factories import writing
from tests.journeys.conftest import CLERK, District
from tests.workbooks import workbook

HALF_OF_A_CENT = 5_000
"""Half of the unit of a rounding to two places, in millionths of a point."""


async def results(database: Database, condition: str) -> list[dict[str, Any]]:
    async with database.reading_everything() as connection:
        rows = await connection.execute(
            text(f"SELECT s.* FROM score_result s JOIN score_run r ON r.id = s.run_id WHERE {condition}")
        )
        return [dict(row._mapping) for row in rows]


async def explain(database: Database, ids: Sequence[UUID]) -> dict[UUID, Explained]:
    async with database.reading_everything() as connection:
        return dict(await explained(await Database.driver(connection), ids))


def children(lines: Sequence[Line]) -> dict[str | None, list[Line]]:
    found: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.parent].append(line)
    return found


def check_sums(lines: Sequence[Line]) -> None:
    """Every line with a value is the exact sum of its children; roundings are small; paths are unique."""
    below = children(lines)
    assert len({line.path for line in lines}) == len(lines)
    for line in lines:
        inside = below.get(line.path, [])
        if inside and line.none is None:
            assert sum(each.points for each in inside) == line.points, line.path
        if line.path.endswith("=rounding"):
            assert abs(line.points) <= HALF_OF_A_CENT, line.path
        assert line.lost_to_cap >= 0


@pytest.mark.parametrize("grain", ["company", "company_quarter"])
async def test_every_company_in_every_period(clean: District, grain: str) -> None:
    rows = await results(clean.database, f"s.grain = '{grain}'")
    found = await explain(clean.database, [row["id"] for row in rows])
    assert len(found) == {"company": 224, "company_quarter": 437}[grain]
    for row in rows:
        lines = found[row["id"]].lines
        check_sums(lines)
        if row["total"] is None:
            assert lines[0].none is not None
            assert list(lines[0].none.reasons) == row["reasons"]
        else:
            assert lines[0].points == int(row["total"] * 1_000_000)
        assert all(line.clause for line in lines if line.kind in {"TOTAL", "PART", "INDICATOR"})


async def test_every_compound_unit_and_inspection_of_a_quarter(clean: District) -> None:
    condition = (
        "s.grain IN ('compound_quarter', 'unit_quarter', 'inspection') AND r.id IN (SELECT r.id FROM score_run r"
        " JOIN cycle c ON c.id = r.cycle_id WHERE c.label = '2026-Q1')"
    )
    rows = await results(clean.database, condition)
    for grain in ("compound_quarter", "unit_quarter", "inspection"):
        mine = [row for row in rows if row["grain"] == grain]
        assert mine
        found = await explain(clean.database, [row["id"] for row in mine])
        for row in mine:
            check_sums(found[row["id"]].lines)


async def test_the_company_of_hand_check_five(clean: District) -> None:
    """91430399MA90P00269 in 2026H1, worked by hand: 46.998 + 8.55 + 7.03 + 6.277 + 5 = 73.855 → 73.86."""
    row = (
        await results(
            clean.database,
            "s.grain = 'company' AND s.subject = '91430399MA90P00269' AND s.total = 73.86",
        )
    )[0]
    below = children((await explain(clean.database, [row["id"]]))[row["id"]].lines)
    root = below[None][0]
    base = next(line for line in below[root.path] if line.path.endswith("base"))
    assert (root.points, base.points) == (73_860_000, 73_855_000)
    assert {line.path.rsplit("/", 1)[1]: line.points for line in below[base.path]} == {
        "inspection_part": 46_998_000,
        "hotline_part": 8_550_000,
        "satisfaction_part": 7_030_000,
        "fee_part": 6_277_000,
        "training_part": 5_000_000,
    }


async def test_every_point_lost_links_to_evidence(clean: District) -> None:
    rows = await results(clean.database, "s.grain = 'company' AND s.subject = '91430399MA90P00269'")
    for row in rows:
        lines = (await explain(clean.database, [row["id"]]))[row["id"]].lines
        below = children(lines)
        leaves = [line for line in lines if line.points < 0 and line.path not in below]
        assert leaves
        assert [line.path for line in leaves if not line.facts and "=rounding" not in line.path] == []


async def explained_company(database: Database) -> tuple[str, Sequence[Line]]:
    row = (await results(database, "s.grain = 'company' ORDER BY r.recorded_at DESC, s.id LIMIT 1"))[0]
    return str(row["total"].normalize()), (await explain(database, [row["id"]]))[row["id"]].lines


async def test_deleting_one_finding_moves_its_path_and_nothing_else(fresh_database: Database) -> None:
    sheets = district()
    sheets["检查问题"].append(
        ["WT3", "XC2", "YT0001", "JC0101", 1, "公共部位", date(2025, 8, 27), date(2025, 8, 27), "否"]
    )

    async def take(replace: frozenset[str] = frozenset()) -> None:
        order = Order("small.xlsx", workbook(sheets), date(2026, 7, 10), replace=replace)
        await import_workbook(fresh_database, CLERK, order)
        await score_period(fresh_database, CLERK, ScoreOrder("2025H2"))

    await take()
    total, before = await explained_company(fresh_database)
    sheets["检查问题"].pop()
    await take(frozenset({"检查问题"}))
    less, after = await explained_company(fresh_database)
    # XC2 had lost 2 points: inspection (69 + 98) / 2 = 83.5 and then 84.5; (0.60 x 83.5 + 28) / 0.90 = 86.777…
    assert (total, less) == ("86.78", "87.44")
    former, latter = ({line.path: line for line in lines} for lines in (before, after))
    gone = former.keys() - latter.keys()
    assert gone
    assert all(("JC0101" in path and "XC2" in path) or "WT3" in path or "综合管理" in path for path in gone)
    on_the_way = {path for path in former if any(each.startswith(f"{path}/") for each in gone)}
    beside = [path for path in former.keys() & latter.keys() - on_the_way if "=rounding" not in path]
    assert len(beside) > 20
    assert [path for path in beside if former[path].value != latter[path].value] == []
    # Beside the path nothing moves but by the one step of the largest remainder.
    assert [path for path in beside if abs(former[path].points - latter[path].points) > 1] == []


async def test_a_tampered_result_is_never_explained(fresh_database: Database) -> None:
    order = Order("small.xlsx", workbook(district()), date(2026, 7, 10))
    await import_workbook(fresh_database, CLERK, order)
    await score_period(fresh_database, CLERK, ScoreOrder("2025H2"))
    row = (await results(fresh_database, "s.grain = 'company'"))[0]
    async with writing(fresh_database) as connection:
        await connection.execute(text("UPDATE score_result SET total = total + 0.01 WHERE id = :id"), {"id": row["id"]})
    with pytest.raises(ExplanationMismatchError):
        await explain(fresh_database, [row["id"]])
