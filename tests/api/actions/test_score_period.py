"""Scoring: what an edited rulebook changes, what is refused, and what stays as it was."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.actions.score_period import Order, score_period
from api.database import Database
from api.export.results import scored as results_for_export
from api.refusals import Code, Refused
from scoring import rulebooks
from scoring.diagnostics import RulebookRefused
from tests.api.actions.test_import_workbook import CLERK, ask, everything, take
from tests.workbooks import SMALL, USCC, workbook

SHIPPED = rulebooks.text("yuetang-2025-1")
HEADER = SMALL["检查问题"][0]


def district() -> dict[str, list[list[Any]]]:
    """Two inspections by the street in 2025Q3 with findings worked by hand; a manager fully trained, fees half paid.

    XC1, 2025-08-09: JC0101 (each 2, cap 4) three times on time: min(4, 6) = 4; JC0701 (life safety, each 2, cap 6)
    once and never put right, so overdue: 2 x 1.5 = 3. 100 - 7 = 93, ceiling 69. XC2, 2025-08-20: none, 100.
    """
    sheets = {name: [list(row) for row in rows] for name, rows in SMALL.items()}
    sheets["检查标准"].append(["JC0701", "消防安全", 15, "消防通道堵塞", 2, 6, "生命安全"])
    sheets["检查记录"] = [
        sheets["检查记录"][0],
        ["XC1", "YT0001", date(2025, 8, 9), "街道", "书院路街道办事处", "秦涛", "已提交"],
        ["XC2", "YT0001", date(2025, 8, 20), "街道", "书院路街道办事处", "秦涛", "已提交"],
    ]
    sheets["检查问题"] = [
        list(HEADER),
        ["WT1", "XC1", "YT0001", "JC0101", 3, "公共部位", date(2025, 8, 16), date(2025, 8, 14), "否"],
        ["WT2", "XC1", "YT0001", "JC0701", 1, "公共部位", date(2025, 8, 16), "", "否"],
    ]
    sheets["项目经理"] = [
        ["项目经理编号", "姓名", "统一社会信用代码", "任职日期"],
        ["JL1", "曾雪霞", USCC, date(2021, 8, 22)],
    ]
    sheets["物业费收缴"] = [
        ["小区编码", "统一社会信用代码", "收费期间", "应收(元)", "实收(元)"],
        ["YT0001", USCC, "2025H2", 1000, 800],
    ]
    sheets["培训班次"] = [
        ["班次编号", "班次名称", "期间", "开始日期", "结束日期", "容量", "学时"],
        ["PX1", "培训班", "2025H2", date(2025, 11, 13), date(2025, 11, 14), 220, 12],
    ]
    sheets["培训报名"] = [
        [
            *("报名编号", "班次编号", "统一社会信用代码", "项目经理编号", "姓名", "报名日期", "报名状态"),
            *("签到分钟数", "考试成绩"),
        ],
        ["BM1", "PX1", USCC, "JL1", "曾雪霞", date(2025, 10, 1), "已录取", 540, 80],
    ]
    return sheets


def edited(*changes: tuple[str, str]) -> str:
    """The shipped rulebook with each old text replaced once; the old text must stand there."""
    text = SHIPPED
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


async def scored(database: Database, folder: Path, text: str | None = None) -> dict[str, Any]:
    """The company's half-year after scoring, by the shipped rulebook or another text."""
    name = None
    if text is not None:
        (folder / "edited.yaml").write_text(text, encoding="utf-8")
        name = str(folder / "edited.yaml")
    runs = await score_period(database, CLERK, Order("2025H2", name))
    row = (
        await ask(
            database,
            "SELECT total, band, listed, recommendation, measures FROM score_result WHERE run_id = :run",
            run=runs[-1].id,
        )
    )[0]
    shown = {key: value["number"] for key, value in row[4].items() if isinstance(value, dict) and "number" in value}
    return {"total": str(row[0].normalize()), "band": row[1], "kind": runs[-1].kind, **shown}


# Inspection (69 + 100) / 2 = 84.5; hotline 100 (no case); satisfaction missing; fee 80; training 100:
# (0.60 * 84.5 + 0.15 * 100 + 0.10 * 80 + 0.05 * 100) / 0.90 = 78.7 / 0.90 = 87.444… → 87.44, B.
HAND_COMPUTED = [
    ((), "84.50", "87.44", "B"),
    # Life-safety ceiling 60: (60 + 100) / 2 = 80; 76 / 0.90 = 84.444…
    ((("unsafe ? 69 : 100", "unsafe ? 60 : 100"),), "80.00", "84.44", "B"),
    # Inspection weight 0.55: (46.475 + 28) / 0.85 = 87.6176…
    ((("inspection_part: 0.60", "inspection_part: 0.55"),), "84.50", "87.62", "B"),
    # Life safety no ceiling at all: XC1 is 93: (93 + 100) / 2 = 96.5; (57.9 + 28) / 0.90 = 95.444…
    ((("unsafe ? 69 : 100", "unsafe ? 100 : 100"),), "96.50", "95.44", "A"),
    # Bonus and cap untouched, fee capped at 50: 0.10 * 50: (50.7 + 15 + 5 + 5) / 0.90 = 84.111…
    (
        (
            (
                'zero: {value: "0", reason: FEES_NOT_REPORTED}}\n      cap: "100"',
                'zero: {value: "0", reason: FEES_NOT_REPORTED}}\n      cap: "50"',
            ),
        ),
        "84.50",
        "84.11",
        "B",
    ),
    # A step: the first limit of the rate gives 90, not 100: hotline (no case: only the rate) 90:
    # (50.7 + 13.5 + 8 + 5) / 0.90 = 85.777…
    ((("below: {1: 100, 2: 95", "below: {1: 90, 2: 85"),), "84.50", "85.78", "B"),
    # A band: B from 88 on makes 87.44 a C.
    ((("{90: A, 80: B, 70: C}", "{90: A, 88: B, 70: C}"),), "84.50", "87.44", "C"),
    # Both inspections in one: overdue weighs 3 instead of 0.5: 2 x 4 = 8 > cap 6: 100 - 4 - 6 = 90, no ceiling.
    (
        (("unsafe ? 69 : 100", "unsafe ? 100 : 100"), ("overdue ? 0.5 : 0", "overdue ? 3 : 0")),
        "95.00",
        "94.44",
        "A",
    ),
]


@pytest.mark.parametrize(("changes", "inspection", "total", "band"), HAND_COMPUTED)
async def test_numbers_in_the_yaml_alone_change_the_results(
    fresh_database: Database,
    tmp_path: Path,
    changes: tuple[tuple[str, str], ...],
    inspection: str,
    total: str,
    band: str,
) -> None:
    await take(fresh_database, workbook(district()))
    found = await scored(fresh_database, tmp_path, edited(*changes) if changes else None)
    assert (found["inspection_part"], found["total"], found["band"]) == (inspection, total, band)
    assert found["kind"] == ("PREVIEW" if changes else "OFFICIAL")


async def test_an_edited_rulebook_is_another_version(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(district()))
    await scored(fresh_database, tmp_path)
    await scored(fresh_database, tmp_path, edited(("unsafe ? 69 : 100", "unsafe ? 60 : 100")))
    versions = await ask(fresh_database, "SELECT number, state, content_hash FROM rulebook_version ORDER BY number")
    assert [row[:2] for row in versions] == [(1, "IN_FORCE"), (2, "DRAFT")]
    assert versions[0][2] != versions[1][2]
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", str(row[2])) for row in versions)


async def test_a_comment_is_no_other_version(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(district()))
    await scored(fresh_database, tmp_path)
    found = await scored(fresh_database, tmp_path, SHIPPED + "\n# 备注\n")
    assert found["kind"] == "OFFICIAL"
    assert await ask(fresh_database, "SELECT count(*) FROM rulebook_version") == [(1,)]


@pytest.mark.parametrize(
    ("label", "code"), [("2025M07", Code.INVALID), ("nonsense", Code.INVALID), ("2025H3", Code.INVALID)]
)
async def test_a_period_that_is_none(fresh_database: Database, label: str, code: Code) -> None:
    await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    with pytest.raises(Refused) as refused:
        await score_period(fresh_database, CLERK, Order(label))
    assert [each.code for each in refused.value.refusals] == [code]
    assert await everything(fresh_database) == before


async def test_a_period_not_yet_over_is_a_preview(fresh_database: Database) -> None:
    await take(fresh_database, workbook(SMALL))
    runs = await score_period(fresh_database, CLERK, Order("2099H1"))
    assert [(run.label, run.kind) for run in runs] == [
        ("2099-Q1", "PREVIEW"),
        ("2099-Q2", "PREVIEW"),
        ("2099-H1", "PREVIEW"),
    ]


async def test_an_empty_district_is_refused(fresh_database: Database) -> None:
    with pytest.raises(Refused) as refused:
        await score_period(fresh_database, CLERK, Order("2025H2"))
    assert [each.code for each in refused.value.refusals] == [Code.NOT_FOUND]


async def test_a_wrong_rulebook_changes_nothing(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(SMALL))
    before = await everything(fresh_database)
    (tmp_path / "wrong.yaml").write_text(edited(('mean: "score"', 'mean: "scoer"')), encoding="utf-8")
    with pytest.raises(RulebookRefused) as refused:
        await score_period(fresh_database, CLERK, Order("2025H2", str(tmp_path / "wrong.yaml")))
    assert [each.code for each in refused.value.diagnostics] == ["NAME_UNKNOWN"]
    assert await everything(fresh_database) == before


async def test_facts_that_nobody_collects(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(SMALL))
    text = edited(("columns: {half: period half}", "columns: {half: period half, drone: text}"))
    (tmp_path / "drone.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        await score_period(fresh_database, CLERK, Order("2025H2", str(tmp_path / "drone.yaml")))
    assert [each.code for each in refused.value.refusals] == [Code.LINT_ERROR]
    assert "session.drone" in refused.value.refusals[0].message.en
    assert await ask(fresh_database, "SELECT count(*) FROM score_run") == [(0,)]


async def test_a_correction_makes_a_new_run_and_keeps_the_old(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(district()))
    first = await scored(fresh_database, tmp_path)
    sheets = district()
    sheets["检查问题"][2][7] = date(2025, 8, 15)
    await take(fresh_database, workbook(sheets))
    second = await scored(fresh_database, tmp_path)
    # WT2 on time: 2 x 1 = 2, no ceiling: 94 and 100: 97; (58.2 + 28) / 0.90 = 95.777…
    assert (first["total"], second["total"]) == ("87.44", "95.78")
    assert await ask(
        fresh_database,
        "SELECT c.label, count(*) FROM score_run r JOIN cycle c ON c.id = r.cycle_id GROUP BY 1 ORDER BY 1",
    ) == [("2025-H2", 2), ("2025-Q3", 2), ("2025-Q4", 2)]


async def exported(database: Database, *, previews: bool = False) -> list[tuple[str, str]]:
    """Kind and inspection component of the half-year that an export would show."""
    found = await results_for_export(database, None, previews=previews)
    rows = found.rows["company_half_2025H2.csv"]
    return [(found.runs[0][1], rows[0]["measures"]["inspection_part"]["number"])]


async def test_evidence_that_goes_back_lets_the_first_run_count_again(fresh_database: Database, tmp_path: Path) -> None:
    changed = district()
    changed["检查问题"][2][7] = date(2025, 8, 15)
    states = ((district(), "84.50"), (changed, "97.00"), (district(), "84.50"))
    for number, (sheets, inspection) in enumerate(states):
        await take(fresh_database, workbook({"说明": [[f"第 {number} 份"]], **sheets}))
        assert (await scored(fresh_database, tmp_path))["inspection_part"] == inspection
        assert await exported(fresh_database) == [("OFFICIAL", inspection)]
    assert await ask(fresh_database, "SELECT count(*) FROM score_run") == [(6,)]


async def test_a_trial_never_takes_the_place_of_the_official_run(fresh_database: Database, tmp_path: Path) -> None:
    await take(fresh_database, workbook(district()))
    await scored(fresh_database, tmp_path)
    await scored(fresh_database, tmp_path, edited(("unsafe ? 69 : 100", "unsafe ? 60 : 100")))
    assert await exported(fresh_database) == [("OFFICIAL", "84.50")]
    assert await exported(fresh_database, previews=True) == [("PREVIEW", "80.00")]


async def test_quarters_of_an_earlier_half_year_are_handed_to_the_next(
    fresh_database: Database, tmp_path: Path
) -> None:
    """Inspected in 2025Q3, 2025Q4 and 2026Q1: the third quarter in a row is known from what the first two left."""
    sheets = district()
    for number, day in (("XC3", date(2025, 11, 20)), ("XC4", date(2026, 2, 10))):
        sheets["检查记录"].append([number, "YT0001", day, "街道", "书院路街道办事处", "秦涛", "已提交"])
    await take(fresh_database, workbook(sheets))
    text = edited(
        (
            "  company_quarter:\n    compounds_scored:",
            '  company_quarter:\n    seen: {law: "3.4", value: "compounds_scored > 0"}\n'
            '    in_a_row: {law: "3.4", run: {of: seen}}\n'
            '    before: {law: "3.4", previous: {of: area_scored, back: 1, otherwise: 0}}\n    compounds_scored:',
        ),
        ("  company_quarter: {score: score}", "  company_quarter: {score: score, remember: [seen, area_scored]}"),
    )
    (tmp_path / "chain.yaml").write_text(text, encoding="utf-8")
    for half in ("2025H2", "2026H1"):
        await score_period(fresh_database, CLERK, Order(half, str(tmp_path / "chain.yaml")))
    found = await ask(
        fresh_database,
        "SELECT c.label, s.measures FROM score_result s JOIN score_run r ON r.id = s.run_id"
        " JOIN cycle c ON c.id = r.cycle_id WHERE s.measures ? 'in_a_row' ORDER BY c.label",
    )
    assert [(label, many["in_a_row"]["number"]) for label, many in found] == [
        *(("2025-Q3", "1"), ("2025-Q4", "2"), ("2026-Q1", "3"))
    ]
    areas = [(many["before"]["number"], many["area_scored"]["number"]) for _, many in found]
    assert [before for before, _ in areas] == ["0.00", areas[0][1], areas[1][1]]
