"""References, days in order, contracts that overlap, positions, caps: what must hold beyond the single cell."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook import Charge, KnownKeys
from tests.api.workbook.books import A, B, Book, book, brief, day, only, put, read

UNKNOWN = [
    ("小区台账", "社区代码", "430399009009", "unknown_area", "compound"),
    ("街道社区", "上级代码", "430399009", "unknown_area", "area"),
    ("项目经理", "统一社会信用代码", "91430399MAYKB0JAX5", "unknown_company", "appointment"),
    ("服务合同", "小区编码", "YT9999", "unknown_compound", "engagement"),
    ("服务合同", "项目经理编号", "JL9999", "unknown_manager", "engagement"),
    ("检查记录", "小区编码", "YT9999", "unknown_compound", "inspection"),
    ("检查问题", "检查编号", "XC9", "unknown_inspection", "finding"),
    ("检查问题", "标准编码", "JC0999", "unknown_item", "finding"),
    ("热线工单", "小区编码", "YT9999", "unknown_compound", "complaint"),
    ("调解台账", "统一社会信用代码", "91430399MAYKB0JAX5", "unknown_company", "mediation"),
    ("物业费收缴", "小区编码", "YT9999", "unknown_compound", "fee_period"),
    ("满意度测评", "小区编码", "YT9999", "unknown_compound", "survey_round"),
    ("信用信息", "统一社会信用代码", "91430399MAYKB0JAX5", "unknown_company", "credit_item"),
    ("培训报名", "班次编号", "PX9", "unknown_session", "enrollment"),
    ("培训报名", "项目经理编号", "JL9999", "unknown_manager", "enrollment"),
    ("会议议定事项", "会议编号", "HY9", "unknown_meeting", "action_item"),
]


@pytest.mark.parametrize(("sheet", "header", "value", "kind", "noun"), UNKNOWN)
def test_a_reference_to_nothing_leaves_the_row_out(sheet: str, header: str, value: str, kind: str, noun: str) -> None:
    row = len(book()[sheet]) - 1 if sheet == "街道社区" else 1
    reading = read(put(book(), sheet, header, value, row=row))
    first = next(each for each in reading.diagnostics if each.sheet == sheet)
    assert (first.kind, first.action, first.raw_value, first.code) == (kind, "REJECT_ROW", value, "NOT_FOUND")
    assert len(reading.rows[noun]) == len(book()[sheet]) - 2


def test_what_the_district_has_stored_may_be_referred_to() -> None:
    content = {"热线工单": book()["热线工单"], "检查问题": book()["检查问题"]}
    known = KnownKeys(
        keys={
            "compound": {"YT0001"},
            "inspection": ["XC1"],
            "checklist_item": {"JC0101", "JC0703"},
            "complaint_category": {"01", "13"},
        }
    )
    assert read(content, known).diagnostics == ()
    assert {each.kind for each in read(content).diagnostics} == {
        *("unknown_compound", "unknown_inspection", "unknown_item", "unknown_category", "unknown_case")
    }


def test_rows_that_rest_on_a_row_left_out_go_with_it_and_say_so() -> None:
    reading = read(put(book(), "检查记录", "检查单位类型", "物管站"))
    assert brief(reading) == [
        ("unknown_enum", "REJECT_ROW", "检查记录!D2", ""),
        ("unknown_inspection", "REJECT_ROW", "检查问题!B2", ""),
        ("unknown_inspection", "REJECT_ROW", "检查问题!B3", ""),
    ]
    assert "它本身已被拒收" in reading.diagnostics[1].message.zh
    assert len(reading.rows["finding"]) == 0


def test_a_stored_row_stands_though_the_row_of_the_file_is_left_out() -> None:
    content = put(book(), "检查记录", "检查单位类型", "物管站")
    reading = read(content, KnownKeys(keys={"inspection": {"XC1"}}))
    assert [each.kind for each in reading.diagnostics] == ["unknown_enum"]
    assert len(reading.rows["finding"]) == 2


def test_an_area_that_goes_takes_its_communities_and_their_compounds_along() -> None:
    content = put(book("街道社区", "小区台账"), "街道社区", "级别", "乡镇")
    reading = read(content)
    assert [(each.kind, each.sheet, each.row) for each in reading.diagnostics] == [
        ("unknown_enum", "街道社区", 2),
        ("unknown_area", "街道社区", 3),
        ("unknown_area", "小区台账", 2),
        ("unknown_area", "小区台账", 3),
    ]


def test_a_category_outside_the_list_is_imported_and_reported() -> None:
    reading = read(put(book(), "热线工单", "类别代码", "77"))
    remark = only(reading)
    assert (remark.kind, remark.action, remark.raw_value, remark.normalised_value) == (
        "unknown_category",
        "WARN",
        "77",
        "77",
    )
    assert reading.rows["complaint"].column("category_code") == ["77", "13"]


def test_a_repeat_of_a_case_not_at_hand_stays_a_repeat() -> None:
    reading = read(put(book(), "热线工单", "重复工单号", "R0", row=2))
    assert brief(reading) == [("unknown_case", "WARN", "热线工单!J3", "R0")]
    assert reading.rows["complaint"].column("duplicate_of") == [None, "R0"]


def test_small_letters_are_looked_up_as_capitals() -> None:
    content = put(put(book(), "检查问题", "小区编码", "yt0001"), "信用信息", "统一社会信用代码", A.lower())
    reading = read(content)
    assert brief(reading) == [
        ("lower_case_code", "ACCEPT", "检查问题!C2", "YT0001"),
        ("lower_case_code", "ACCEPT", "信用信息!B2", A),
    ]
    assert reading.rows["finding"].column("compound_code") == ["YT0001", "YT0001"]


SPANS = [
    ("项目经理", "离职日期", "2021-08-21"),
    ("服务合同", "服务截止日期", "2025-07-09"),
    ("服务合同", "实际终止日期", "2025-07-09"),
    ("热线工单", "办结日期", "2025-06-30"),
    ("调解台账", "办结日期", "2025-08-07"),
    ("信用信息", "有效期止", "2025-07-15"),
    ("信用信息", "撤销日期", "2025-07-15"),
    ("培训班次", "结束日期", "2025-11-12"),
]


@pytest.mark.parametrize(("sheet", "header", "text"), SPANS)
def test_an_end_before_its_start_leaves_the_row_out(sheet: str, header: str, text: str) -> None:
    remark = read(put(book(), sheet, header, day(text))).diagnostics[0]
    assert (remark.kind, remark.action, remark.sheet) == ("end_before_start", "REJECT_ROW", sheet)
    assert (remark.column, remark.raw_value) == (header, text)


def test_an_end_on_the_day_of_the_start_is_right() -> None:
    assert read(put(book(), "热线工单", "办结日期", day("2025-07-01"))).diagnostics == ()


def contract(number: str, first: str, last: str | None) -> list[Any]:
    return [number, "YT0001", B, day(first), day("2030-12-31"), day(last) if last else None, 1.0, None, None, None]


def contracts(*rows: list[Any]) -> Book:
    content = book("街道社区", "小区台账", "物业企业", "服务合同")
    content["服务合同"][1:] = list(rows)
    return content


@pytest.mark.parametrize(
    ("rows", "left_out"),
    [
        ([contract("H1", "2025-01-01", "2025-06-30"), contract("H2", "2025-07-01", None)], []),
        ([contract("H1", "2025-01-01", "2025-06-30"), contract("H2", "2025-06-30", None)], ["H2"]),
        ([contract("H1", "2025-07-01", None), contract("H2", "2025-01-01", "2025-06-30")], []),
        ([contract("H1", "2025-07-01", None), contract("H2", "2025-01-01", None)], ["H2"]),
        ([contract("H1", "2025-07-01", None), contract("H2", "2026-02-01", "2026-02-01")], ["H2"]),
        (
            [
                contract("H1", "2025-01-01", None),
                contract("H2", "2025-02-01", None),
                contract("H3", "2024-01-01", "2024-12-31"),
            ],
            ["H2"],
        ),
    ],
)
def test_one_company_is_in_charge_at_a_time_and_the_earlier_row_holds(
    rows: list[list[Any]], left_out: list[str]
) -> None:
    reading = read(contracts(*rows))
    assert [each.row_key for each in reading.diagnostics] == left_out
    assert {(each.kind, each.column, each.code) for each in reading.diagnostics} <= {
        ("overlapping_contract", "服务开始日期", "OVERLAP")
    }


def test_a_contract_past_its_term_is_still_in_charge() -> None:
    rows = [contract("H1", "2020-01-01", None), contract("H2", "2025-01-01", None)]
    rows[0][4] = day("2022-12-31")
    assert [each.row_key for each in read(contracts(*rows)).diagnostics] == ["H2"]


def test_stored_contracts_come_before_those_of_the_file_unless_the_file_has_them_anew() -> None:
    stored = {"YT0001": [Charge("H0", day("2024-01-01"), None)]}
    reading = read(contracts(contract("H1", "2025-01-01", None)), KnownKeys(charges=stored))
    assert only(reading).detail.zh == "H0"
    anew = contracts(contract("H1", "2025-01-01", None), contract("H0", "2024-01-01", "2024-12-31"))
    assert read(anew, KnownKeys(charges=stored)).diagnostics == ()


def test_a_contract_left_out_for_another_reason_blocks_no_other() -> None:
    rows = [contract("H1", "2025-01-01", None), contract("H2", "2025-02-01", None)]
    rows[0][2] = "91430399MAYKB0JAX5"
    assert [each.kind for each in read(contracts(*rows)).diagnostics] == ["unknown_company"]


spans = st.tuples(st.dates(date(2024, 1, 1), date(2025, 1, 1)), st.one_of(st.none(), st.integers(0, 60)))


@given(st.lists(spans, max_size=8))
def test_accepted_contracts_never_overlap_and_every_other_one_does(drawn: list[tuple[date, int | None]]) -> None:
    rows = []
    for number, (first, days) in enumerate(drawn):
        last = None if days is None else date.fromordinal(first.toordinal() + days)
        rows.append(contract(f"H{number}", str(first), None if last is None else str(last)))
    reading = read(contracts(*rows))
    accepted: list[tuple[date, date]] = []
    kept = set(reading.rows["engagement"].column("contract_no"))
    for row in rows:
        first, last = row[3], row[5] or date.max
        overlaps = any(first <= end and start <= last for start, end in accepted)
        assert (row[0] in kept) is not overlaps
        if not overlaps:
            accepted.append((first, last))


def compounds(*positions: tuple[float | None, float | None]) -> Book:
    content = book("街道社区", "小区台账")
    model = content["小区台账"][1]
    places = content["小区台账"][0].index("纬度"), content["小区台账"][0].index("经度")
    content["小区台账"][1:] = []
    for number, position in enumerate(positions):
        row = [f"YT{number:04}", *model[1:]]
        row[places[0]], row[places[1]] = position
        content["小区台账"].append(row)
    return content


NEAR = [(27.8 + step / 100, 112.9 + step / 100) for step in range(6)]


@pytest.mark.parametrize(
    ("position", "kind", "column"),
    [
        ((112.896324, 27.837641), "lat_lon_swapped", "纬度"),
        ((112.896324, 112.9), "coordinate_out_of_range", "纬度"),
        ((0.0, 0.0), "coordinate_out_of_range", "纬度"),
        ((37.8, 112.9), "coordinate_out_of_range", "纬度"),
        ((27.8, 121.9), "coordinate_out_of_range", "经度"),
    ],
)
def test_a_position_that_cannot_be_right_is_not_stored(position: tuple[float, float], kind: str, column: str) -> None:
    reading = read(compounds(*NEAR, position))
    remark = only(reading)
    assert (remark.kind, remark.action, remark.column, remark.normalised_value) == (kind, "WARN", column, "")
    rows = reading.rows["compound"]
    assert (rows.column("latitude")[-1], rows.column("longitude")[-1]) == (None, None)
    assert None not in rows.column("latitude")[:-1]


def test_a_single_position_anywhere_in_the_country_is_kept() -> None:
    reading = read(compounds((45.8, 126.5)))
    assert reading.diagnostics == ()
    assert reading.rows["compound"].column("longitude") == [Decimal("126.5")]


def test_points_noted_above_the_cap_are_kept_and_reported() -> None:
    reading = read(put(book(), "检查问题", "记录扣分", 25.0))
    assert brief(reading) == [("score_beyond_cap", "WARN", "检查问题!I2", "25")]
    assert reading.rows["finding"].column("recorded_points") == [Decimal(25), Decimal(4)]


def test_stored_caps_count_where_the_file_has_no_checklist() -> None:
    known = KnownKeys(
        keys={"compound": {"YT0001"}, "inspection": {"XC1"}, "checklist_item": {"JC0101", "JC0703"}},
        item_caps={"JC0703": Decimal("0.5"), "JC0101": Decimal(4)},
    )
    reading = read({"检查问题": book()["检查问题"]}, known)
    assert brief(reading) == [("score_beyond_cap", "WARN", "检查问题!I2", "1")]


def test_a_finding_lies_in_the_compound_of_its_inspection() -> None:
    reading = read(put(book(), "检查问题", "小区编码", "YT0002"))
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell, remark.detail.zh) == (
        "compound_mismatch",
        "REJECT_ROW",
        "C2",
        "YT0001",
    )
    known = KnownKeys(
        keys={"compound": {"YT0001"}, "inspection": {"XC1"}, "checklist_item": {"JC0101", "JC0703"}},
        inspection_compounds={"XC1": "YT0002"},
    )
    assert [each.kind for each in read({"检查问题": book()["检查问题"]}, known).diagnostics] == [
        "compound_mismatch"
    ] * 2


def test_no_more_valid_responses_than_were_sent() -> None:
    remark = only(read(put(book(), "满意度测评", "有效份数", 49.0)))
    assert (remark.kind, remark.action, remark.cell, remark.detail.en) == (
        "valid_beyond_sample",
        "REJECT_ROW",
        "F2",
        "48",
    )


def test_more_fees_may_come_in_than_were_due() -> None:
    assert read(put(book(), "物业费收缴", "实收(元)", 100000.0)).diagnostics == ()
