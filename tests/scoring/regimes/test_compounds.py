"""Compounds judged in order, by cards and by risk: Shijingshan, Lu'an, Qingdao, Zhoushan, Quanzhou, Xinghua, Xuhui."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring.periods import Period
from tests.scoring.regimes.vectors import cases, kept, listed, one, run, told

OUTCOMES = {"NO_RESULT": "NOT_EVALUATED"}


@pytest.mark.parametrize("case", cases("07-shijingshan-2025.cases.csv"))
def test_shijingshan(case: dict[str, str], tmp_path: Path) -> None:
    assessment = {"id": "s", "compound": "S", "assessed_on": case["assessed_on"], "composite": case["composite"]}
    row = one("07-shijingshan-2025", {"assessment": [assessment]}, tmp_path, case["expect_quarter"])
    assert row["assessment.quarter"] == case["expect_quarter"]
    assert OUTCOMES.get(row["status"], row["status"]) == case["expect_outcome"]
    assert (row["grade"], row["lists"]) == (case["expect_grade"], case["expect_list"])


def population(size: str, rank: str, score: str, day: str) -> dict[str, list[dict[str, str]]]:
    """A quarter of `size` compounds in which `s` has this rank with this score: better ones at 100, worse ones at 0."""
    scores = {"s": score}
    scores |= {f"better{number}": "100" for number in range(1, int(rank))}
    scores |= {f"worse{number}": "0" for number in range(int(rank), int(size))}
    inspections = [{"compound": code, "date": day, "score": points} for code, points in scores.items()]
    return {"compound": [{"code": code} for code in scores], "inspection": inspections}


@pytest.mark.parametrize("case", cases("08-luan-2022.cases.csv"))
def test_luan(case: dict[str, str], tmp_path: Path) -> None:
    history: tuple[Path, ...] = ()
    if case["prev_n"]:
        tables = population(case["prev_n"], case["prev_rank"], case["prev_score"], "2022-05-10")
        before = run("08-luan-2022", tables, tmp_path / "before", "2022Q2")
        history = (kept(before, tmp_path / "before.csv"),)
    tables = population(case["n"], case["rank"], case["score"], "2022-08-10")
    row = one("08-luan-2022", tables, tmp_path / "now", "2022Q3", history=history)
    assert row["rank"] == case["rank"]
    assert row["lists"] == case["expect_lists"]


@pytest.mark.parametrize("case", cases("08-luan-2022-population.cases.json"))
def test_luan_quarter_after_quarter(case: dict[str, Any], tmp_path: Path) -> None:
    quarters = case["given"]["quarters"]
    codes = sorted({code for quarter in quarters for month in quarter["months"].values() for code in month})
    history: list[Path] = []
    for quarter in quarters:
        inspections = [
            {"compound": code, "date": f"{month}-15", "score": score}
            for month, scores in quarter["months"].items()
            for code, score in scores.items()
        ]
        tables = {"compound": [{"code": code} for code in codes], "inspection": inspections}
        label = quarter["quarter"]
        evaluation = run("08-luan-2022", tables, tmp_path / label, label, history=tuple(history))
        history.append(kept(evaluation, tmp_path / f"{label}.csv"))
        rows = [told(evaluation, code) for code in codes]
        got = {row["subject"]: [Fraction(row["score"]), row["lists"]] for row in rows if row["status"] == "RATED"}
        expected = {code: [Fraction(score), lists] for code, (score, lists) in case["expect"]["results"][label].items()}
        assert got == expected


@pytest.mark.parametrize("case", cases("09-qingdao.cases.json"))
def test_qingdao(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    if "item" in given:
        item = {"compound": "s", "most_points": given["item"]["max"], "per_finding": given["item"]["per_finding"]}
        item["findings"] = given["item"]["findings"]
        row = one("09-qingdao", {"compound": [{"code": "s"}], "item": [item]}, tmp_path, "2021-01")
        assert Decimal(row["score"]) == Decimal(expect["points"])
        return
    cards, history = [], list[Path]()
    for period in given["periods"]:
        label = Period.parse("2020-12").shift(period["period"]).label
        outcome = {"compound": "s", "month": label} | {n: period[n] for n in ("rectified", "many_complaints")}
        tables = {"compound": [{"code": "s"}], "outcome": [outcome]}
        evaluation = run("09-qingdao", tables, tmp_path / label, label, history=tuple(history))
        history.append(kept(evaluation, tmp_path / f"{label}.csv"))
        cards.append(told(evaluation, "s")["lists"])
    assert cards == expect["cards"]


ROUNDINGS = {"FLOOR": "FLOOR", "HALF_UP": "HALF_UP", "CEIL": "CEILING"}


@pytest.mark.parametrize("mode", ["floor", "half_up", "ceil"])
@pytest.mark.parametrize("case", cases("10-zhoushan.cases.csv"))
def test_zhoushan_quota(case: dict[str, str], mode: str, tmp_path: Path) -> None:
    """A compound that was not evaluated stands beside the class and must not count."""
    compounds = [
        {"code": f"c{number}", "contract": "DEVELOPER", "score": "80"} for number in range(int(case["class_size"]))
    ]
    compounds.append({"code": "not", "contract": "DEVELOPER"})
    settings = {"share": case["share_percent"], "rounding": ROUNDINGS[mode.upper()]}
    evaluation = run("10-zhoushan", {"compound": compounds}, tmp_path, "2025", settings=settings)
    row = told(evaluation, "FIRST")
    assert int(row["peers.size"]) == int(case["class_size"])
    assert Decimal(row["peers.exact_quota"]) == Decimal(case["expect_exact"])
    assert int(row["peers.quota"]) == int(case[f"expect_{mode}"])


CLASSES = {"FIRST": "1", "SECOND": "2", "THIRD": "3", "": None}


@pytest.mark.parametrize("case", cases("10-zhoushan-classes.cases.json"))
def test_zhoushan_lists(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    if "scores" not in given:
        compound = {"code": "s", "contract": given["contract"], "delivered_on": given["delivered_on"], "score": "80"}
        row = one("10-zhoushan", {"compound": [compound]}, tmp_path, given["as_of"][:4], as_of=given["as_of"])
        assert CLASSES[row["grade"]] == expect["cls"]
        assert row["reasons"] == expect.get("outcome", "")
        return
    settings = dict(given["settings"])
    settings = {"share": settings.pop("share_percent"), "rounding": ROUNDINGS[settings.pop("rounding")], **settings}
    compounds = [{"code": code, "contract": "DEVELOPER", "score": score} for code, score in given["scores"].items()]
    evaluation = run("10-zhoushan", {"compound": compounds}, tmp_path, "2025", settings=settings)
    rows = [told(evaluation, code) for code in given["scores"]]
    for name in ("top", "bottom"):
        assert [row["subject"] for row in rows if name.upper() in listed(row)] == expect[name]
    assert [row["subject"] for row in rows if row["reasons"] == "NOT_EVALUATED"] == expect.get("not_evaluated", [])
    if "class_size" in expect:
        assert told(evaluation, "FIRST")["peers.size"] == str(expect["class_size"])
    both = set(expect["top"]) & set(expect["bottom"])
    assert {row["subject"] for row in rows if row["compound.on_both"] == "true"} == both


@pytest.mark.parametrize("case", cases("11-quanzhou.cases.json"))
def test_quanzhou(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    if "scores" not in given:
        compound = {"code": "s", "fee": given["fee"], "score": "80"}
        row = one("11-quanzhou", {"compound": [compound]}, tmp_path, "2020-04")
        assert CLASSES.get(row["compound.class"]) == expect["cls"]
        return
    compounds = [
        {"code": f"c{n:03}", "district": f"d{n:03}", "fee": "0.50", "score": score}
        for n, score in enumerate(given["scores"])
    ]
    evaluation = run("11-quanzhou", {"compound": compounds}, tmp_path, "2020-04", settings={"list_places": given["n"]})
    rows = [told(evaluation, compound["code"]) for compound in compounds]
    if given["direction"] == "TOP":
        assert [int(row["rank"]) for row in rows] == expect["ranks"]
        assert [int(row["compound.class_rank"]) for row in rows] == expect["ranks"]
        districts = [told(evaluation, compound["district"]) for compound in compounds]
        assert [int(row["rank"]) for row in districts] == expect["ranks"]
        assert [Decimal(row["score"]) for row in districts] == [Decimal(score) for score in given["scores"]]
        return
    bottom = [row for row in rows if "BOTTOM" in listed(row)]
    assert len(bottom) == expect["listed"]
    assert [int(row["compound.bottom_rank"]) for row in bottom] == expect["ranks_from_bottom"]
    assert [row["subject"] for row in rows if "CLASS_BOTTOM" in listed(row)] == [row["subject"] for row in bottom]


@pytest.mark.parametrize("case", cases("12-xinghua.cases.json"))
def test_xinghua(case: dict[str, Any], tmp_path: Path) -> None:
    """Every company has one compound, so that both have the same score."""
    given, expect = case["given"], case["expect"]
    names = [f"n{number:03}" for number in range(len(given["scores"]))]
    pairs = list(zip(names, given["scores"], strict=True))
    compounds = [{"code": f"c{name}", "company": name, "score": score} for name, score in pairs]
    tables = {"company": [{"code": name} for name in names], "compound": compounds}
    below, places = given.get("below", "70"), str(given.get("n", 6))
    settings = {"company_below": below, "compound_below": below, "first_places": places, "last_places": places}
    evaluation = run("12-xinghua", tables, tmp_path, "2018-12", settings=settings)
    companies = [told(evaluation, name, "company") for name in names]
    of_compounds = [told(evaluation, f"c{name}", "compound") for name in names]
    if given["direction"] == "TOP":
        for rows in (companies, of_compounds):
            first = [int(row["rank"]) for row in rows if "FIRST" in listed(row)]
            assert (first, len(first)) == (expect["ranks"], expect.get("listed", len(first)))
        return
    rows, code = (companies, "WORST") if given["direction"] == "BOTTOM_BELOW" else (of_compounds, "BELOW")
    got = sorted(Fraction(row["score"]) for row in rows if code in listed(row))
    assert got == [Fraction(score) for score in expect["listed"]]


FIGURES = {
    "given_total": "total",
    "given_growth": "growth_rate",
    "given_repeat": "repeat_rate",
    "given_top": "top_share",
    "given_volatility": "volatility",
}


@pytest.mark.parametrize("case", cases("14-xuhui-risk.cases.csv"))
def test_xuhui_by_published_figures(case: dict[str, str], tmp_path: Path) -> None:
    compound = {"code": "s"} | {name: case[figure] for name, figure in FIGURES.items()}
    row = one("14-xuhui-risk", {"compound": [compound]}, tmp_path, "2026")
    assert OUTCOMES.get(row["status"], row["status"]) == case["expect_outcome"]
    assert (row["score"], row["grade"]) == (case["expect_score"], case["expect_level"])


DUE = [("RED", 50, "PLAN_DUE=2027-01-21"), ("ORANGE", 30, "PLAN_DUE=2027-02-11"), ("YELLOW", 0, "")]


@pytest.mark.parametrize(("level", "repeat", "actions"), DUE)
def test_xuhui_plans_are_due_in_working_days(level: str, repeat: int, actions: str, tmp_path: Path) -> None:
    """25 points of volume and 25 of growth, with 20, 12 or 0 points of repeats on Thursday 31 December 2026."""
    compound = {"code": "s", "given_total": 50, "given_growth": 60, "given_repeat": repeat}
    compound |= {"given_top": 0, "given_volatility": 0}
    row = one("14-xuhui-risk", {"compound": [compound]}, tmp_path, "2026")
    assert (row["grade"], row["actions"]) == (level, actions)


def test_the_settings_as_shipped_list_what_the_notices_list(tmp_path: Path) -> None:
    """No setting is given: 15 % of ten, five places, six ranks, three ranks below 70, compounds below 60."""
    scores = ["90", "80", "70", "69.99", "68", "67", "66", "65", "60", "59.99"]
    codes = [f"c{number}" for number in range(10)]
    pairs = list(zip(codes, scores, strict=True))
    of_year = [{"code": code, "contract": "DEVELOPER", "score": score} for code, score in pairs]
    zhoushan = run("10-zhoushan", {"compound": of_year}, tmp_path / "a", "2025")
    assert told(zhoushan, "FIRST")["peers.exact_quota"] == "1.5000"
    of_month = [{"code": code, "score": score} for code, score in pairs]
    quanzhou = run("11-quanzhou", {"compound": of_month}, tmp_path / "b", "2020-04")
    assert [told(quanzhou, code)["lists"] for code in codes] == ["TOP"] * 5 + ["BOTTOM"] * 5
    tables = {
        "company": [{"code": code} for code in codes],
        "compound": [{"code": f"x{code}", "company": code, "score": score} for code, score in pairs],
    }
    xinghua = run("12-xinghua", tables, tmp_path / "c", "2018-12")
    assert [told(xinghua, code, "company")["lists"] for code in codes] == ["FIRST"] * 6 + [""] + ["WORST"] * 3
    assert [told(xinghua, f"x{code}", "compound")["lists"] for code in codes] == ["FIRST"] * 6 + [""] * 3 + ["BELOW"]
    few = {name: rows[:3] + rows[3:4] for name, rows in tables.items()}
    near = run("12-xinghua", few, tmp_path / "d", "2018-12")
    assert [told(near, code, "company")["lists"] for code in codes[:4]] == ["FIRST"] * 3 + ["FIRST;WORST"]


def tenth(text: str) -> Decimal:
    """A figure as the papers show it, to one place."""
    value = Fraction(text)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


@pytest.mark.parametrize("case", cases("14-xuhui-tickets.cases.json"))
def test_xuhui_by_tickets(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    compound = {"code": "s", "this_period": given["this_period"], "last_period": given["last_period"]}
    tickets = [{"compound": "s", "code": code, "count": count} for code, count in given["categories"].items()]
    months = [
        {"compound": "s", "month": f"2025-{number:02}", "count": count}
        for number, count in enumerate(given["monthly"], 1)
    ]
    tables = {"compound": [compound], "tickets": tickets, "month_tickets": months}
    row = one("14-xuhui-risk", tables, tmp_path, "2026")
    assert row["compound.total"] == str(expect["total"])
    for name in ("repeat_rate", "top_share", "volatility"):
        assert tenth(row[f"compound.{name}"]) == Decimal(expect[name])
    assert tenth(row["compound.growth"]) == Decimal(expect["growth_rate"])
    assert (row["score"], row["grade"]) == (expect["score"], expect["level"])
