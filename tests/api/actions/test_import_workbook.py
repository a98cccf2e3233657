"""Importing workbooks into a real database: what becomes known, what stays, and what a refusal leaves behind."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from api.actions.import_workbook import Order, Outcome, import_workbook
from api.database import Database
from api.desk import Actor
from api.refusals import Code, Refused
from api.resting import known_tables
from tests.workbooks import SMALL, USCC, altered, sample, workbook

CLERK = Actor("console:clerk", "clerk", "BUREAU_ADMIN")
FILE_DAY = date(2026, 7, 10)
OTHER_TABLES = ("district", "record", "import_batch", "audit_leaf", "audit_payload")


async def take(database: Database, data: bytes, day: date = FILE_DAY, **how: Any) -> Outcome:
    return await import_workbook(database, CLERK, Order("test.xlsx", data, day, **how))


async def ask(database: Database, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    async with database.reading_everything() as connection:
        return [tuple(row) for row in (await connection.execute(text(query), parameters)).all()]


async def known(database: Database) -> dict[str, int]:
    """How many rows are known now, by table."""
    tables = [str(table.name) for table in known_tables()]
    return {
        name: (await ask(database, f"SELECT count(*) FROM {name} WHERE superseded_at = 'infinity'"))[0][0]
        for name in tables
    }


async def everything(database: Database) -> dict[str, int]:
    """How many rows there are at all, by table."""
    tables = [*(str(table.name) for table in known_tables()), *OTHER_TABLES]
    return {name: (await ask(database, f"SELECT count(*) FROM {name}"))[0][0] for name in tables}


async def test_a_small_district(fresh_database: Database) -> None:
    outcome = await take(fresh_database, workbook(SMALL), district_name="岳塘区")
    assert {(each.kind, each.action) for each in outcome.reading.diagnostics} == {("missing_column", "WARN")}
    assert {name: count for name, count in (await known(fresh_database)).items() if count} == {
        "area": 3,
        "compound": 2,
        "governance_spell": 2,
        "company": 1,
        "filing": 1,
        "standing": 2,
        "engagement": 1,
        "checklist_item": 1,
        "inspection": 2,
        "finding": 1,
        "person": 2,
    }
    assert await ask(fresh_database, "SELECT code, name FROM district") == [("430399", "岳塘区")]
    charged = await ask(
        fresh_database,
        "SELECT i.number, r.key FROM inspection i LEFT JOIN record r ON r.id = i.company_id ORDER BY 1",
    )
    assert charged == [("XC1", USCC), ("XC2", None)]
    assert await ask(fresh_database, "SELECT gross_floor_area::text, households FROM compound ORDER BY code") == [
        ("8000.50", 100),
        ("3000.00", 50),
    ]
    assert await ask(fresh_database, "SELECT action, seq FROM audit_leaf") == [("import.applied", 0)]


async def test_the_same_file_again_changes_nothing(fresh_database: Database) -> None:
    first = await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    again = await take(fresh_database, workbook(SMALL))
    assert (again.repeated, again.batch_id) == (True, first.batch_id)
    assert await everything(fresh_database) == before


async def test_the_same_rows_in_another_file_add_no_version(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    outcome = await take(fresh_database, workbook({"说明": [["另存"]], **SMALL}))
    assert not outcome.repeated
    assert [name for name, change in outcome.changes.items() if change.any()] == []
    grown = {"import_batch": 1, "audit_leaf": 1, "audit_payload": 1}
    assert await everything(fresh_database) == {name: rows + grown.get(name, 0) for name, rows in before.items()}


async def test_a_later_file_adds_a_version_and_keeps_the_former(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    outcome = await take(fresh_database, workbook(altered("检查问题", 1, "整改完成日期", "")))
    assert {name: change.changed for name, change in outcome.changes.items() if change.any()} == {"finding": 1}
    assert await ask(
        fresh_database,
        "SELECT version, rectified_on, state, superseded_at = 'infinity' FROM finding ORDER BY version",
    ) == [(1, date(2025, 8, 14), "VERIFIED", False), (2, None, "OPEN", True)]


async def test_rows_and_columns_that_a_file_lacks_stay(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    only = {"检查记录": [[*row[:4], *row[6:]] for row in SMALL["检查记录"][:2]]}
    outcome = await take(fresh_database, workbook(only))
    assert [name for name, change in outcome.changes.items() if change.any()] == []
    assert (await known(fresh_database))["inspection"] == 2
    assert await ask(fresh_database, "SELECT body_name FROM inspection WHERE number = 'XC1'") == [("书院路街道办事处",)]


async def test_a_corrected_contract_moves_what_was_charged(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    await take(fresh_database, workbook(altered("服务合同", 1, "服务开始日期", date(2025, 9, 1))))
    assert await ask(fresh_database, "SELECT number, company_id, version FROM inspection ORDER BY 1") == [
        ("XC1", None, 1),
        ("XC2", None, 1),
    ]
    assert await ask(fresh_database, "SELECT company_id, version FROM finding") == [(None, 1)]


async def test_replacing_a_sheet_closes_the_rows_it_lacks(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    fewer = {**SMALL, "检查记录": SMALL["检查记录"][:2]}
    outcome = await take(fresh_database, workbook(fewer), replace=frozenset({"检查记录"}))
    assert outcome.changes["inspection"].closed == 1
    assert await ask(fresh_database, "SELECT number FROM inspection WHERE superseded_at = 'infinity'") == [("XC1",)]


async def test_replacing_never_closes_what_others_rest_on(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    lacking = {name: rows for name, rows in SMALL.items() if name in {"街道社区", "检查记录"}}
    lacking["检查记录"] = [SMALL["检查记录"][0], SMALL["检查记录"][2]]
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(lacking), replace=frozenset({"检查记录"}))
    assert [each.code for each in refused.value.refusals] == [Code.GUARD_FAILED]
    assert "WT1" in refused.value.refusals[0].message.en
    assert await everything(fresh_database) == before


async def test_replacing_an_unknown_sheet_is_refused(fresh_database: Database) -> None:
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(SMALL), replace=frozenset({"检察记录"}))
    assert [each.code for each in refused.value.refusals] == [Code.INVALID]
    assert (await everything(fresh_database))["district"] == 0


async def test_a_dry_run_reports_and_writes_nothing(fresh_database: Database) -> None:
    before = await everything(fresh_database)
    outcome = await take(fresh_database, workbook(SMALL), dry_run=True)
    assert outcome.changes["compound"].added == 2
    assert await everything(fresh_database) == before


async def test_a_refused_file_writes_nothing(fresh_database: Database) -> None:
    before = await everything(fresh_database)
    outcome = await take(fresh_database, sample("yuetang_reject_file.xlsx"))
    assert outcome.reading.refused
    assert [
        (each.sheet, each.column, each.action)
        for each in outcome.reading.diagnostics
        if str(each.action) == "REJECT_FILE"
    ] == [("小区台账", "小区编码", "REJECT_FILE")]
    assert await everything(fresh_database) == before


async def test_streets_of_two_districts_are_refused(fresh_database: Database) -> None:
    sheets = altered("街道社区", 1, "上级代码", "430399")
    sheets["街道社区"].append(["430398001", "外区街道", "街道", "430398"])
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(sheets))
    assert [each.code for each in refused.value.refusals] == [Code.INVALID]
    assert (await everything(fresh_database))["district"] == 0


async def test_a_file_without_areas_needs_a_known_district(fresh_database: Database) -> None:
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook({"检查记录": SMALL["检查记录"]}))
    assert [each.code for each in refused.value.refusals] == [Code.NOT_FOUND]


async def test_two_imports_at_once_run_one_after_the_other(fresh_database: Database) -> None:
    one, other = workbook(SMALL), workbook(altered("小区台账", 1, "总户数", 120))
    await asyncio.gather(take(fresh_database, one), take(fresh_database, other))
    assert await ask(fresh_database, "SELECT count(*) FROM compound WHERE superseded_at = 'infinity'") == [(2,)]
    assert await ask(fresh_database, "SELECT seq FROM audit_leaf ORDER BY 1") == [(0,), (1,)]
    assert await ask(fresh_database, "SELECT count(*) FROM record WHERE noun = 'compound'") == [(2,)]


async def test_two_districts_do_not_meet(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    others = {
        "街道社区": [
            SMALL["街道社区"][0],
            ["430398001", "外区街道", "街道", "430398"],
            ["430398001001", "外区社区", "社区", "430398001"],
        ],
        "小区台账": [
            [*row[:2], "430398001001", *row[3:]] if number else row for number, row in enumerate(SMALL["小区台账"])
        ],
        "物业企业": SMALL["物业企业"],
    }
    await take(fresh_database, workbook(others), date(2026, 7, 11))
    assert await ask(
        fresh_database,
        "SELECT d.code, count(*) FROM compound c JOIN district d ON d.id = c.district_id GROUP BY 1 ORDER BY 1",
    ) == [("430398", 2), ("430399", 2)]
    assert await ask(fresh_database, "SELECT count(*) FROM company") == [(1,)]
    assert await ask(fresh_database, "SELECT count(*) FROM filing") == [(2,)]


OTHER_COMPANY: list[Any] = [
    "91430399MAEYRBQL8M",
    "乙物业有限公司",
    "侯建敏",
    date(2019, 6, 17),
    date(2019, 11, 17),
    "在营",
]
TERMS = "SELECT valid_from, valid_to FROM employment WHERE superseded_at = 'infinity' ORDER BY 1"


def manager(appointed: date, uscc: str = USCC) -> dict[str, Any]:
    header = ["项目经理编号", "姓名", "统一社会信用代码", "任职日期"]
    return {**SMALL, "项目经理": [header, ["JL1", "曾雪霞", uscc, appointed]]}


@pytest.mark.parametrize("corrected", [date(2020, 1, 1), date(2026, 2, 1)])
async def test_a_corrected_day_of_appointment_corrects_the_term(fresh_database: Database, corrected: date) -> None:
    await take(fresh_database, workbook(manager(date(2021, 8, 22))))
    await take(fresh_database, workbook(manager(corrected)))
    assert await ask(fresh_database, TERMS) == [(corrected, date.max)]


async def test_a_manager_at_another_company_ends_the_term_before(fresh_database: Database) -> None:
    sheets = manager(date(2021, 8, 22))
    sheets["物业企业"] = [*SMALL["物业企业"], OTHER_COMPANY]
    await take(fresh_database, workbook(sheets))
    sheets["项目经理"] = manager(date(2026, 2, 1), OTHER_COMPANY[0])["项目经理"]
    await take(fresh_database, workbook(sheets))
    assert await ask(fresh_database, TERMS) == [
        (date(2021, 8, 22), date(2026, 2, 1)),
        (date(2026, 2, 1), date.max),
    ]


@pytest.mark.parametrize("code", ["430399001", "430399001002"])
async def test_a_compound_lies_in_a_community_of_a_street(fresh_database: Database, code: str) -> None:
    sheets = altered("小区台账", 1, "社区代码", code)
    sheets["街道社区"].append(["430399001002", "无街道社区", "社区", ""])
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(sheets))
    assert [each.code for each in refused.value.refusals] == [Code.INVALID]
    assert f"row 2, YT0001: {code}" in refused.value.refusals[0].message.en
    assert (await everything(fresh_database))["district"] == 0


async def test_a_district_that_is_not_the_files_is_refused(fresh_database: Database) -> None:
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(SMALL), district="430398")
    assert [each.code for each in refused.value.refusals] == [Code.INVALID]
    assert (await everything(fresh_database))["district"] == 0


async def test_replacing_companies_never_closes_one_that_others_rest_on(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    lacking = {"街道社区": SMALL["街道社区"], "物业企业": [SMALL["物业企业"][0], OTHER_COMPANY]}
    with pytest.raises(Refused) as refused:
        await take(fresh_database, workbook(lacking), replace=frozenset({"物业企业"}))
    assert [each.code for each in refused.value.refusals] == [Code.GUARD_FAILED]
    assert await everything(fresh_database) == before


async def test_a_successor_takes_over_where_a_later_file_ends_the_contract(fresh_database: Database) -> None:
    sheets = {name: [list(row) for row in rows] for name, rows in SMALL.items()}
    sheets["物业企业"].append(OTHER_COMPANY)
    await take(fresh_database, workbook(sheets))
    sheets["服务合同"][1][5] = date(2025, 8, 8)
    sheets["服务合同"].append(["HT2", "YT0001", OTHER_COMPANY[0], date(2025, 8, 9), date(2027, 12, 31), "", 1.5])
    await take(fresh_database, workbook(sheets))
    assert await ask(
        fresh_database,
        "SELECT contract_no, valid_from, valid_to, version FROM engagement WHERE superseded_at = 'infinity' ORDER BY 1",
    ) == [
        ("HT1", date(2025, 1, 1), date(2025, 8, 9), 2),
        ("HT2", date(2025, 8, 9), date.max, 1),
    ]
    charged = await ask(
        fresh_database,
        "SELECT r.key FROM inspection i JOIN record r ON r.id = i.company_id WHERE i.number = 'XC1'",
    )
    assert charged == [(OTHER_COMPANY[0],)]


async def test_the_log_names_the_district(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    assert await ask(fresh_database, "SELECT d.code FROM audit_leaf l JOIN district d ON d.id = l.district_id") == [
        ("430399",)
    ]
