"""A draft over past periods: what it moves, which clause fires, and that nothing is written."""

from pathlib import Path

import pytest

from api.actions.score_period import Order, score_period
from api.backtest import backtest
from api.database import Database
from api.refusals import Code, Refused
from tests.api.actions.test_import_workbook import CLERK, everything, take
from tests.api.actions.test_score_period import district, edited
from tests.workbooks import USCC, workbook


async def scored(database: Database) -> None:
    await take(database, workbook(district()))
    await score_period(database, CLERK, Order("2025H2"))


def draft(folder: Path, *changes: tuple[str, str]) -> str:
    (folder / "draft.yaml").write_text(edited(*changes), encoding="utf-8")
    return str(folder / "draft.yaml")


async def test_a_lower_ceiling_moves_the_total_and_not_the_grade(fresh_database: Database, tmp_path: Path) -> None:
    await scored(fresh_database)
    before = await everything(fresh_database)
    text = draft(tmp_path, ("unsafe ? 69 : 100", "unsafe ? 60 : 100"))
    found = await backtest(fresh_database, text, None)
    assert [(each.period, each.comparison.totals_moved, each.comparison.changes) for each in found] == [
        ("2025-H2", 1, ())
    ]
    assert found[0].comparison.transitions == {("B", "B"): 1}
    assert await everything(fresh_database) == before


async def test_a_narrower_band_and_a_wider_list_change_the_recommendation(
    fresh_database: Database, tmp_path: Path
) -> None:
    # C below 95, and low below 95: the only company is among the last ten, so a yellow card and an interview.
    await scored(fresh_database)
    text = draft(
        tmp_path,
        ("{90: A, 80: B, 70: C}", "{98: A, 95: B, 70: C}"),
        ("bottom_rank <= 10 && composite < 75", "bottom_rank <= 10 && composite < 95"),
    )
    found = (await backtest(fresh_database, text, None))[0].comparison
    assert found.transitions == {("B", "C"): 1}
    assert found.decisions_changed == 1
    change = found.changes[0]
    assert change.subject == USCC
    assert (change.before.recommendation, change.before.clause) == ("NONE", "8.6")
    assert (change.after.recommendation, change.after.clause) == ("INTERVIEW", "8.4")


async def test_the_rules_in_force_change_nothing(fresh_database: Database) -> None:
    await scored(fresh_database)
    found = (await backtest(fresh_database, "yuetang-2025-1", None))[0].comparison
    assert (found.totals_moved, found.changes) == (0, ())


async def test_nothing_scored_is_refused(fresh_database: Database) -> None:
    await take(fresh_database, workbook(district()))
    with pytest.raises(Refused) as refused:
        await backtest(fresh_database, "yuetang-2025-1", None)
    assert [each.code for each in refused.value.refusals] == [Code.NOT_FOUND]
