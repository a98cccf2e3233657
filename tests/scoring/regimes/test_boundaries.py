"""Every limit of the regimes has own cases on it and one unit to either side: a table of known answers would not do.

The expected answers of these cases were worked out by hand from the printed rules (`how` shows it).
"""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

import pytest

from tests.scoring.regimes.vectors import OWN, SHARED, read_cases

Case = dict[str, Any]


class Limits(NamedTuple):
    """Limits of one figure: where it stands in a case, its unit, and the limits."""

    file: str
    figure: Callable[[Case], Iterable[Any]]
    unit: str
    limits: tuple[str, ...]


def given(*names: str) -> Callable[[Case], Iterable[Any]]:
    """Read columns of a CSV case, or what a JSON case is given."""
    return lambda case: [case.get("given", case).get(name) for name in names]


def expected(name: str) -> Callable[[Case], Iterable[Any]]:
    return lambda case: [case.get("expect", case).get(name)]


def indicator(code: str) -> Callable[[Case], Iterable[Any]]:
    return lambda case: [case["given"].get("value") if case["given"].get("id") == code else None]


def events(item: int, name: str) -> Callable[[Case], Iterable[Any]]:
    return lambda case: [event.get(name) for event in case["given"]["events"] if event["item"] == item]


def mean(case: Case) -> Iterable[Any]:
    """The mean of two properties of one size."""
    pairs = case["given"].get("properties", [])
    return [sum(Decimal(score) for _, score in pairs) / 2] if len(pairs) == 2 else []


GROWTH: Final = ("50", "20", "0", "-20", "-50")
LIMITS: Final = [
    Limits("01-zhejiang-2020.cases.csv", given("score"), "0.001", ("95", "90", "80", "60")),
    Limits("02-shandong-yantai-2022.cases.json", expected("score"), "0.001", ("85", "80", "70", "60")),
    Limits("03-lianyungang-2018.cases.csv", expected("expect_score"), "0.01", ("140", "120", "100", "85")),
    Limits("04-zhongshan.cases.csv", expected("expect_score"), "0.01", ("120", "90", "60")),
    Limits("05-beijing-2010.cases.json", expected("cycle_points"), "1", ("6", "9", "12")),
    Limits("06-shanghai-2012.cases.json", given("own_points"), "0.01", ("18",)),
    Limits("07-shijingshan-2025.cases.csv", given("composite"), "0.01", ("85", "75", "60")),
    Limits("08-luan-2022.cases.csv", given("score", "prev_score"), "0.01", ("90", "75")),
    Limits("10-zhoushan.cases.csv", given("share_percent"), "0.01", ("15",)),
    Limits("11-quanzhou.cases.json", given("fee"), "0.01", ("1", "2")),
    Limits("12-xinghua.cases.json", lambda case: case["given"]["scores"], "0.01", ("70", "60")),
    Limits("13-yinchuan-manager.cases.json", events(5, "points"), "0.01", ("1", "10")),
    Limits("13-yinchuan-manager.cases.json", events(11, "done_hours"), "0.1", ("40",)),
    Limits("14-xuhui-risk.cases.csv", expected("expect_score"), "0.1", ("30", "45", "60", "75")),
    Limits("14-xuhui-risk.cases.csv", given("growth_rate"), "0.0001", GROWTH),
    Limits("14-xuhui-risk.cases.csv", given("total"), "1", ("10", "50")),
    Limits("15-hud-phas.cases.json", given("physical"), "0.01", ("24",)),
    Limits("15-hud-phas.cases.json", given("financial"), "0.01", ("15",)),
    Limits("15-hud-phas.cases.json", given("management"), "0.01", ("15",)),
    Limits("15-hud-phas.cases.json", given("capital"), "0.01", ("5",)),
    Limits("15-hud-phas.cases.json", mean, "0.01", ("70", "80")),
    Limits("17-hud-semap.cases.json", indicator("b"), "0.01", ("98", "80")),
    Limits("17-hud-semap.cases.json", indicator("c"), "0.01", ("90", "80")),
    Limits("17-hud-semap.cases.json", indicator("k"), "0.01", ("2",)),
    Limits("17-hud-semap.cases.json", indicator("l"), "0.01", ("98",)),
    Limits("17-hud-semap.cases.json", indicator("m"), "0.01", ("5", "10")),
    Limits("17-hud-semap.cases.json", given("units_percent", "budget_percent"), "0.01", ("95", "98")),
    Limits("17-hud-semap.cases.json", given("slots"), "0.01", ("80", "60")),
    Limits("17-hud-semap.cases.json", given("escrow"), "0.01", ("30",)),
    Limits("18-singapore-tcmr.cases.csv", given("value_1"), "0.01", ("40", "60", "4")),
    Limits("18-singapore-tcmr.cases.csv", given("value_2"), "0.01", ("4", "6", "1")),
    Limits("20-sf-lives.cases.csv", expected("expect_score"), "1", ("91", "86", "71")),
]


def inputs(case: Case) -> str:
    """What a case is given, as one text."""
    names = ("case_id", "id", "how", "status", "expect", "unit")
    kept = {name: value for name, value in case.items() if name not in names and not name.startswith("expect_")}
    return json.dumps(kept, sort_keys=True)


@pytest.mark.parametrize("limits", LIMITS, ids=[f"{one.file[:2]}-{at}" for at, one in enumerate(LIMITS)])
def test_every_limit_has_a_case_on_it_and_to_either_side(limits: Limits) -> None:
    found = {Decimal(value) for case in read_cases(OWN / limits.file) for value in limits.figure(case) if value}
    unit = Decimal(limits.unit)
    wanted = {Decimal(limit) + step * unit for limit in limits.limits for step in (-1, 0, 1)}
    assert wanted - found == set()


def test_at_least_twelve_regimes_have_all_their_limits_here() -> None:
    assert len({one.file[:2] for one in LIMITS}) == 17


def test_every_regime_has_three_cases_of_its_own_that_no_vector_has() -> None:
    new: dict[str, int] = {}
    for path in sorted(OWN.glob("*.cases.*")):
        known = {inputs(case) for case in read_cases(SHARED / path.name)} if SHARED.is_dir() else set()
        own = [case for case in read_cases(path) if inputs(case) not in known]
        new[path.name[:2]] = new.get(path.name[:2], 0) + len(own)
    assert sorted(new) == [f"{number:02}" for number in range(1, 21)]
    assert {regime: count for regime, count in new.items() if count < 3} == {}


def test_every_case_says_how_its_answer_follows() -> None:
    silent = [case for path in OWN.glob("*.cases.*") for case in read_cases(path) if not case["how"]]
    assert [case.get("id") or case["case_id"] for case in silent] == []
