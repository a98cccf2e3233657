"""Undoing an import: every count comes back, and nothing is undone that something rests on."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from api.actions.undo_import import undo_import
from api.database import Database
from api.refusals import Code, Refused
from tests.api.actions.test_import_workbook import CLERK, ask, everything, known, take
from tests.workbooks import SMALL, altered, sample, workbook

STATE = """SELECT number, rectified_on, state, company_id IS NOT NULL FROM finding
    WHERE superseded_at = 'infinity' ORDER BY 1"""


async def undo(database: Database, batch_id: UUID | None) -> None:
    assert batch_id is not None
    await undo_import(database, CLERK, batch_id)


async def refused(database: Database, batch_id: UUID) -> list[tuple[Code, str]]:
    """The reasons why a batch is not undone; the database must be as before."""
    before = await everything(database)
    with pytest.raises(Refused) as caught:
        await undo_import(database, CLERK, batch_id)
    assert await everything(database) == before
    return [(each.code, each.message.en) for each in caught.value.refusals]


async def test_a_first_import_undone_leaves_nothing_known(fresh_database: Database) -> None:
    outcome = await take(fresh_database, workbook(SMALL))
    await undo(fresh_database, outcome.batch_id)
    assert {name: count for name, count in (await known(fresh_database)).items() if count} == {}
    assert await ask(fresh_database, "SELECT state, undone_at IS NOT NULL FROM import_batch") == [("UNDONE", True)]
    assert await ask(fresh_database, "SELECT action FROM audit_leaf ORDER BY seq") == [
        ("import.applied",),
        ("import.undone",),
    ]
    assert await ask(fresh_database, "SELECT count(*) FROM finding WHERE recorded_at < superseded_at") == [(1,)]


async def test_an_undone_file_can_be_imported_again(fresh_database: Database) -> None:
    first = await take(fresh_database, workbook(SMALL))
    before = await known(fresh_database)
    await undo(fresh_database, first.batch_id)
    again = await take(fresh_database, workbook(SMALL))
    assert (again.repeated, again.batch_id != first.batch_id) == (False, True)
    assert await known(fresh_database) == before


async def test_undoing_a_later_import_restores_what_it_changed(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    counts, state = await known(fresh_database), await ask(fresh_database, STATE)
    sheets = altered("检查问题", 1, "整改完成日期", "")
    sheets["小区台账"][1][3] = "业主自治"
    sheets["服务合同"][1][3] = date(2025, 9, 1)
    sheets["检查记录"].append(["XC3", "YT0002", date(2025, 9, 9), "社区", "新塘社区", "邵泽志", "已提交"])
    later = await take(fresh_database, workbook(sheets), date(2026, 7, 20))
    assert await ask(fresh_database, STATE) == [("WT1", None, "OPEN", False)]
    await undo(fresh_database, later.batch_id)
    assert await known(fresh_database) == counts
    assert await ask(fresh_database, STATE) == state
    assert await ask(
        fresh_database,
        "SELECT form, valid_from FROM governance_spell WHERE superseded_at = 'infinity' ORDER BY form",
    ) == [("COMMUNITY_RUN", date(2026, 7, 10)), ("PROPERTY_COMPANY", date(2026, 7, 10))]


async def test_an_import_that_a_later_one_changed_stays(fresh_database: Database) -> None:
    first = await take(fresh_database, workbook(SMALL))
    await take(fresh_database, workbook(altered("检查问题", 1, "整改完成日期", "")))
    assert first.batch_id is not None
    assert await refused(fresh_database, first.batch_id) == [
        (Code.GUARD_FAILED, "It cannot be undone: 1 rows of finding were changed later.")
    ]


async def test_an_import_that_a_later_one_refers_to_stays(fresh_database: Database) -> None:
    first = await take(fresh_database, workbook({name: SMALL[name] for name in ("街道社区", "小区台账", "物业企业")}))
    await take(fresh_database, workbook({"服务合同": SMALL["服务合同"]}))
    assert first.batch_id is not None
    assert await refused(fresh_database, first.batch_id) == [
        (Code.GUARD_FAILED, "It cannot be undone: 1 rows of engagement refer to it (e.g. HT1)."),
        (Code.GUARD_FAILED, "It cannot be undone: 1 rows of engagement refer to it (e.g. HT1)."),
    ]


async def test_unknown_and_undone_batches(fresh_database: Database) -> None:
    outcome = await take(fresh_database, workbook(SMALL))
    assert [code for code, _ in await refused(fresh_database, uuid4())] == [Code.NOT_FOUND]
    await undo(fresh_database, outcome.batch_id)
    assert outcome.batch_id is not None
    assert [code for code, _ in await refused(fresh_database, outcome.batch_id)] == [Code.ILLEGAL_TRANSITION]


async def test_a_whole_district_undone_restores_every_count(fresh_database: Database) -> None:
    empty = await known(fresh_database)
    outcome = await take(fresh_database, sample("yuetang_2026H1.xlsx"))
    assert sum((await known(fresh_database)).values()) > 30_000
    await undo(fresh_database, outcome.batch_id)
    assert await known(fresh_database) == empty


async def test_imports_can_be_undone_one_after_the_other(fresh_database: Database) -> None:
    batches = []
    for households in (100, 120, 140):
        outcome = await take(fresh_database, workbook(altered("小区台账", 1, "总户数", households)))
        batches.append(outcome.batch_id)
    for batch, left in zip(reversed(batches), ([(120,)], [(100,)], []), strict=True):
        await undo(fresh_database, batch)
        assert (
            await ask(
                fresh_database,
                "SELECT households FROM compound WHERE code = 'YT0001' AND superseded_at = 'infinity'",
            )
            == left
        )
