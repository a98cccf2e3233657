"""Credit grades of companies: Zhejiang, Shandong, Lianyungang, Zhongshan, Beijing, Shanghai."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.regimes.vectors import Tables, cases, english, one, refused

OUTCOMES = {"NO_RESULT": "NOT_EVALUATED"}


@pytest.mark.parametrize("case", cases("01-zhejiang-2020.cases.csv"))
def test_zhejiang(case: dict[str, str], tmp_path: Path) -> None:
    company = {"code": "s", "score": case["score"], "has_bad_record": case["has_bad_record"]}
    row = one("01-zhejiang-2020", {"company": [company]}, tmp_path, "2021-01-01")
    assert OUTCOMES.get(row["status"], row["status"]) == case["expect_outcome"]
    assert row["grade"] == case["expect_grade"]


VARIANTS = {"yantai-2022": "YANTAI", "shandong-jinan-2022": "JINAN"}


@pytest.mark.parametrize("case", cases("02-shandong-yantai-2022.cases.json"))
def test_shandong(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    company = {"code": "s"} | {name: given[name] for name in ("operates", "participates", "basic")}
    items = [{**item, "company": "s", "kind": item["kind"].upper()} for item in given["items"]]
    tables = {"company": [company], "item": items}
    options = {"as_of": given["as_of"], "settings": {"variant": VARIANTS[given["variant"]]}}
    if expect["outcome"] == "NO_RULEBOOK":
        assert refused("02-shandong-yantai-2022", tables, tmp_path, "", **options) == ["NO_RULEBOOK"]
        return
    row = one("02-shandong-yantai-2022", tables, tmp_path, "", **options)
    assert (row["grade"] if row["status"] == "GRADED" else row["status"]) == expect["outcome"]
    assert row["grade"] == (expect["grade"] or "")
    assert (Decimal(row["score"]) if row["score"] else None) == (expect["score"] and Decimal(expect["score"]))


@pytest.mark.parametrize("case", cases("03-lianyungang-2018.cases.csv"))
def test_lianyungang(case: dict[str, str], tmp_path: Path) -> None:
    company = {"code": "s"} | {name: case[name] for name in ("plus_points", "minus_points", "veto")}
    row = one("03-lianyungang-2018", {"company": [company]}, tmp_path, "2019-01-01")
    assert Decimal(row["score"]) == Decimal(case["expect_score"])
    assert english("03-lianyungang-2018", row["grade"]) == case["expect_grade"]
    barred = "BAR_FROM_BIDDING" if case["expect_grade"] == "B" else "NONE"
    assert row["recommendation"] == barred


@pytest.mark.parametrize("case", cases("04-zhongshan.cases.csv"))
def test_zhongshan(case: dict[str, str], tmp_path: Path) -> None:
    deductions = [{"company": "s", "points": points} for points in case["deductions"].split(";") if points]
    tables = {"company": [{"code": "s", "plus_points": case["plus_points"]}], "deduction": deductions}
    row = one("04-zhongshan", tables, tmp_path, "2020-01-01")
    assert Decimal(row["score"]) == Decimal(case["expect_score"])
    assert row["grade"] == case["expect_grade"]


THRESHOLDS = {"WARNING": 6, "INTERVIEW": 9, "QUALIFICATION_CHECK": 12}


@pytest.mark.parametrize("case", cases("05-beijing-2010.cases.json"))
def test_beijing(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    tables = {"company": [{"code": "s"}], "event": [{**event, "company": "s"} for event in given["events"]]}
    options = {"as_of": given["as_of"], "settings": given.get("settings", {})}
    if expect.get("outcome") == "NO_RULEBOOK":
        assert refused("05-beijing-2010", tables, tmp_path, "", **options) == ["NO_RULEBOOK"]
        return
    row = one("05-beijing-2010", tables, tmp_path, "", **options)
    actions = dict(pair.split("=") for pair in row["actions"].split(";") if pair)
    fired, shadow = (
        [
            {"threshold": limit, "on": actions[mark + code]}
            for code, limit in THRESHOLDS.items()
            if mark + code in actions
        ]
        for mark in ("", "TRIAL_")
    )
    assert int(row["score"]) == expect["cycle_points"]
    assert fired == expect["fired"]
    assert shadow == expect.get("shadow_fired", [])
    if "ban_active" in expect:
        assert actions["NO_NEW_PROJECTS_ENDS"] == expect["ban_new_projects_until"]
        assert ("NO_NEW_PROJECTS" in row["lists"].split(";")) is expect["ban_active"]


@pytest.mark.parametrize("case", cases("06-shanghai-2012.cases.json"))
def test_shanghai(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    company = {"code": "s", "own_points": given["own_points"], "total_area": given["total_area"]}
    tables = {"company": [company], "project": [{**project, "company": "s"} for project in given["projects"]]}
    row = one("06-shanghai-2012", tables, tmp_path, "2013-01-01")
    if "error" in expect:
        assert (row["status"], row["reasons"], row["score"]) == ("ERROR", expect["error"], "")
        return
    assert row["status"] == "RATED"
    assert Fraction(row["score"]) == Fraction(expect["exact"])
    assert row["company.shown_points"] == expect["display"]
    assert (row["recommendation"] == "REVOCATION_POSSIBLE") is expect["revocation_possible"]


def test_the_bar_on_upgrading_follows_nine_points(tmp_path: Path) -> None:
    tables: Tables = {"company": [{"code": "s"}], "event": [{"company": "s", "date": "2011-05-01", "points": 9}]}
    for day, lists in (
        ("2011-05-02", "WARNING;INTERVIEW;NO_UPGRADE"),
        ("2012-04-30", "NO_UPGRADE"),
        ("2012-05-01", ""),
    ):
        row = one("05-beijing-2010", tables, tmp_path, "", as_of=day)
        assert row["lists"] == lists
        assert "NO_UPGRADE_ENDS=2012-05-01" in row["actions"].split(";")
