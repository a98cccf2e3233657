"""Managers, agencies, contractors, premises: Yinchuan, PHAS, 800-171, SEMAP, TCMR, food hygiene, San Francisco."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.regimes.vectors import SHARED, cases, count_of, english, listed, one, plan_of, run, told

CONDUCT = {
    1: "STAFF_COMMENDED",
    2: "ARTICLE",
    3: "COMMENDED_BY_GOVERNMENT",
    4: "COMMENDED_BY_ASSOCIATION",
    5: "OTHER_GOOD_CONDUCT",
    7: "REFUSED_ENFORCEMENT",
    8: "PENALISED",
    9: "DERELICTION",
    10: "BIDDING_MISCONDUCT",
    13: "OTHER_VIOLATION",
}
Tables = dict[str, list[dict[str, Any]]]


def yinchuan_facts(given: dict[str, Any]) -> Tables:
    """Events by item number into the tables they belong to."""
    first, last = given.get("term", (None, None))
    tables: Tables = {"manager": [{"code": "s", "term_from": first, "term_until": last}]}
    for event in given["events"]:
        item, row = event["item"], {"manager": "s"}
        if item in CONDUCT:
            row |= {"item": CONDUCT[item], "level": event.get("level"), "content": event.get("content")}
            tables.setdefault("conduct", []).append({**row, "recognised": event.get("points")})
        elif item == 6:
            row |= {"on": event["on"], "points": event["project_points"]}
            tables.setdefault("project_deduction", []).append(row)
        elif item == 11:
            row |= {name: event[name] for name in ("required_hours", "done_hours")}
            tables.setdefault("training", []).append(row)
        else:
            row |= {name: event[name] for name in ("appointed_on", "filed_on")}
            tables.setdefault("appointment", []).append(row)
    return tables


@pytest.mark.parametrize("case", cases("13-yinchuan-manager.cases.json"))
def test_yinchuan(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    day = next((event["as_of"] for event in given["events"] if "as_of" in event), "2025-12-31")
    row = one("13-yinchuan-manager", yinchuan_facts(given), tmp_path, "", as_of=day)
    if "error" in expect:
        assert (row["status"], row["reasons"], row["score"]) == ("ERROR", expect["error"], "")
        return
    got = {"plus": row["manager.plus"], "minus": row["manager.minus"], "net": row["score"]}
    assert {name: Decimal(value) for name, value in got.items()} == {n: Decimal(v) for n, v in expect.items()}


AGENCY = {
    "code": "s",
    "old_buildings": False,
    "poverty_tract": False,
    "small_rural": False,
    "designation_withheld": False,
}
FAILING = {"PHYSICAL": "physical", "FINANCIAL": "financial", "MANAGEMENT": "management"}
DESIGNATIONS = {"DESIGNATION_WITHHELD": "WITHHELD"}


def phas_facts(given: dict[str, Any]) -> Tables:
    """Indicator points as entered, projects as inspected."""
    agency = AGENCY | {name: given.get(name) for name in ("physical", "financial", "management", "capital")}
    agency |= {"old_buildings": given.get("old_building", False), "poverty_tract": given.get("poverty_tract", False)}
    agency |= {"designation_withheld": "withheld" in given, "small_rural": given["kind"] == "small_rural"}
    if "raw" in given:
        agency["management"] = given["raw"]
    pairs = given.get("projects") or given.get("properties") or ([["1", given["mean"]]] if "mean" in given else [])
    shut = given.get("no_access", [])
    projects = [
        {"code": f"p{number}", "agency": "s", "units": units, "score": score, "no_access": number in shut}
        for number, (units, score) in enumerate(pairs)
    ]
    return {"agency": [agency], "project": projects}


@pytest.mark.parametrize("case", cases("15-hud-phas.cases.json"))
def test_phas(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    row = one("15-hud-phas", phas_facts(given), tmp_path, "2024")
    got = {
        "mean": row["agency.project_mean"],
        "points": row["agency.management_points" if "raw" in given else "agency.physical_points"],
        "overall": row["agency.overall"],
    }
    for name in got.keys() & expect.keys():
        assert Fraction(got[name]) == Fraction(expect[name])
    if "designation" in expect:
        assert DESIGNATIONS.get(row["grade"], row["grade"]) == expect["designation"]
    if "failing" in expect or expect.get("designation") in {"STANDARD", "HIGH"}:
        assert [FAILING[code] for code in listed(row)] == expect.get("failing", [])
    if "troubled" in expect:
        assert (row["grade"] == "TROUBLED") is expect["troubled"]


STATES = {"not_met": "NOT_MET", "partial": "PARTIAL", "temporary": "TEMPORARY", "not_applicable": "EXCLUDED"}


@pytest.mark.parametrize("case", cases("16-dod-800-171.cases.json"))
def test_800_171(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    rows = plan_of("16-dod-800-171").document.tables["requirement"].rows
    everything = [key for (key,), _ in rows if key != "3.12.4"]
    assert len(everything) == 109
    states = []
    for name, state in STATES.items():
        many = everything if given.get(name) == "ALL_BUT_SSP" else given.get(name, [])
        states += [{"contractor": "s", "requirement": requirement, "state": state} for requirement in many]
    contractor = {"code": "s", "plan_for_all": given["plan_for_all"], "assessed_by": "SELF"}
    row = one("16-dod-800-171", {"contractor": [contractor], "state": states}, tmp_path, "2021-01-04")
    assert row["actions"] == "REBUTTAL_ENDS=2021-01-22"
    if "error" in expect:
        assert (row["status"], row["reasons"], row["score"]) == ("ERROR", expect["error"], "")
        return
    assert row["status"] == expect["outcome"]
    assert row["score"] == ("" if expect["score"] is None else str(expect["score"]))


PAIRS = [
    ("value", None),
    ("slots", "escrow"),
    ("life_threatening_in_24h", "others_in_30d"),
    ("units_percent", "budget_percent"),
]
PLAIN_AGENCY = {
    "code": "s",
    "metropolitan": True,
    "self_sufficiency": False,
    "audited": True,
    "certified_in_time": True,
    "auditor_opinion": True,
}


def semap_facts(given: dict[str, Any]) -> Tables:
    """An agency with what the case gives, and the one report it speaks of."""
    agency = PLAIN_AGENCY | {"metropolitan": given.get("metro", True), "self_sufficiency": given.get("fss", False)}
    agency |= {"audited": given.get("audited", True), "certified_in_time": given.get("certified_in_60_days", True)}
    agency |= {
        "given_earned": given.get("earned"),
        "given_possible": given.get("possible"),
        "control_population": given.get("n"),
    }
    agency |= {"given_bonus": given.get("bonus", "0") if "earned" in given else None}
    tables: Tables = {"agency": [agency]}
    if "id" in given:
        first, second = next(pair for pair in PAIRS if pair[0] in given)
        report = {"id": "r", "agency": "s", "indicator": given["id"].upper(), "first": given[first]}
        report |= {"second": given.get(second or ""), "unverifiable": given.get("unverifiable", False)}
        tables["report"] = [report]
    return tables


@pytest.mark.parametrize("case", cases("17-hud-semap.cases.json"))
def test_semap(case: dict[str, Any], tmp_path: Path) -> None:
    given, expect = case["given"], case["expect"]
    evaluation = run("17-hud-semap", semap_facts(given), tmp_path, "2024")
    row = told(evaluation, "s")
    columns = {"percent": "score", "rating": "grade", "possible": "agency.possible", "sample": "agency.control_sample"}
    for name in columns.keys() & expect.keys():
        assert row[columns[name]] == str(expect[name])
    if "points" in expect:
        assert told(evaluation, "r")["score"] == str(expect["points"])
    if "possible_kept" in expect:
        assert (row["agency.possible"] == "135") is expect["possible_kept"]
        assert told(evaluation, "r")["counted"] == "points=UNVERIFIABLE"


FULL: dict[str, dict[str, Any]] = {
    "A": {"first": "98", "second": "98"},
    "B": {"first": "98"},
    "C": {"first": "90"},
    **{code: {"done": True} for code in "DEGHI"},
    "F": {"first": "100", "second": "98"},
    **{code: {"first": "4.99"} for code in "JM"},
    "K": {"first": "2"},
    "L": {"first": "98"},
    "N": {"first": "98", "second": "90"},
}


def whole_agency(folder: Path, **changed: dict[str, Any] | None) -> dict[str, str]:
    """An agency with full marks but for what is changed; None leaves a report out."""
    reports = {code: report for code, report in (FULL | changed).items() if report is not None}
    rows = [
        {"id": code, "agency": "s", "indicator": code, "unverifiable": False, **report}
        for code, report in reports.items()
    ]
    return one("17-hud-semap", {"agency": [PLAIN_AGENCY], "report": rows}, folder, "2024")


MARKS = [
    ({}, ("135", "5", "104", "HIGH")),
    ({"H": None}, ("135", "0", "100", "HIGH")),
    ({"H": {"done": False}}, ("135", "0", "100", "HIGH")),
    ({"A": {"first": "97.99", "second": "98"}}, ("120", "5", "93", "HIGH")),
    ({"A": {"first": "98", "second": "97.99"}}, ("120", "5", "93", "HIGH")),
    ({"D": {"done": False}}, ("130", "5", "100", "HIGH")),
    ({"B": {"first": None, "unverifiable": True}}, ("115", "5", "89", "STANDARD")),
]


@pytest.mark.parametrize(("changed", "expected"), MARKS)
def test_semap_adds_up_its_indicators(changed: dict[str, Any], expected: tuple[str, ...], tmp_path: Path) -> None:
    row = whole_agency(tmp_path, **changed)
    assert (row["agency.earned"], row["agency.bonus"], row["score"], row["grade"]) == expected


def test_semap_waits_for_an_indicator_that_is_required(tmp_path: Path) -> None:
    row = whole_agency(tmp_path, E=None)
    assert (row["status"], row["reasons"], row["score"]) == ("NO_RESULT", "FIGURE_MISSING", "")


CONSEQUENCES = [
    ("40", "HIGH", "3", ""),
    ("30", "STANDARD", "2", ""),
    ("23", "SUBSTANDARD", "2", "90"),
    ("0", "TROUBLED", "1", "90"),
]


@pytest.mark.parametrize(("physical", "grade", "years", "days"), CONSEQUENCES)
def test_phas_says_when_the_next_assessment_and_the_plan_are_due(
    physical: str, grade: str, years: str, days: str, tmp_path: Path
) -> None:
    """Evaluated on 31 December 2024; ninety days later is 31 March 2025."""
    rest = {"financial": "20", "management": "20", "capital": "10" if grade != "TROUBLED" else "9"}
    tables = phas_facts({"kind": "designation", "physical": physical, **rest})
    row = one("15-hud-phas", tables, tmp_path, "2024")
    assert (row["grade"], row["agency.years_to_next"]) == (grade, years)
    assert row["actions"] == ("CORRECTIVE_PLAN_DUE=2025-03-31" if days else "")


def test_an_indicator_that_is_missing_leaves_no_result(tmp_path: Path) -> None:
    row = one("15-hud-phas", phas_facts({"kind": "designation", "physical": "40"}), tmp_path, "2024")
    assert (row["status"], row["reasons"], row["grade"]) == ("NO_RESULT", "INDICATOR_MISSING", "")


@pytest.mark.parametrize("case", cases("18-singapore-tcmr.cases.csv"))
def test_tcmr(case: dict[str, str], tmp_path: Path) -> None:
    reading = {"id": "s", "town": "T", "indicator": case["indicator"].upper()}
    reading |= {"first": case["value_1"], "second": case["value_2"]}
    row = one("18-singapore-tcmr", {"reading": [reading]}, tmp_path, "2022")
    assert (row["grade"] or row["status"]) == case["expect_colour"]


FHRS_STATES = {
    "AwaitingInspection": "AWAITING_INSPECTION",
    "AwaitingPublication": "AWAITING_PUBLICATION",
    "Exempt": "EXEMPT",
}
FHRS_OUTCOMES = {"WITHHELD": "RESULT_WITHOUT_INPUTS"}


@pytest.mark.parametrize("case", cases("19-uk-fhrs.cases.csv"))
def test_fhrs(case: dict[str, str], tmp_path: Path) -> None:
    premises = {"code": "s"} | {name: case[name] for name in ("hygiene", "structural", "confidence")}
    premises["state"] = FHRS_STATES.get(case["state"], "")
    premises["published"] = case["state"].removeprefix("rating_only:") if ":" in case["state"] else ""
    row = one("19-uk-fhrs", {"premises": [premises]}, tmp_path, "2024")
    outcome = row["reasons"] if row["status"] == "ERROR" else FHRS_OUTCOMES.get(row["status"], row["status"])
    assert outcome == case["expect_outcome"]
    rating = row["premises.shown_rating"] if row["status"] == "WITHHELD" else row["score"]
    assert rating == case["expect_rating"]


@pytest.mark.parametrize("case", cases("20-sf-lives.cases.csv"))
def test_san_francisco(case: dict[str, str], tmp_path: Path) -> None:
    findings = [
        {"inspection": "s", "violation_type": "103144", "risk": risk.upper()}
        for risk in ("high", "moderate", "low")
        for _ in range(int(case[risk]))
    ]
    tables = {"inspection": [{"code": "s", "date": "2013-06-05"}], "finding": findings}
    row = one("20-sf-lives", tables, tmp_path, "2013")
    assert row["score"] == case["expect_score"]
    assert english("20-sf-lives", row["grade"]) == case["expect_band"]


def test_there_are_326_vectors() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/regimes is absent: its vectors were not counted")
    names = sorted(path.name for path in SHARED.glob("*.cases.*"))
    assert len(names) == 23
    assert sum(count_of(name) for name in names) == 326


def test_a_finding_without_risk_costs_nothing_and_a_repeat_costs_again(tmp_path: Path) -> None:
    risks = ["HIGH", "HIGH", "", "LOW"]
    findings = [
        {"inspection": "s", "violation_type": kind, "risk": risk} for kind, risk in zip("1123", risks, strict=True)
    ]
    tables = {"inspection": [{"code": "s", "date": "2013-06-05"}], "finding": findings}
    assert one("20-sf-lives", tables, tmp_path, "2013")["score"] == "84"
    assert one("20-sf-lives", tables, tmp_path, "2013", settings={"repeats": "DROP"})["score"] == "91"
