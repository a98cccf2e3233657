"""Where a source is silent, our reading is a setting: another reading gives another result, the text unchanged."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scoring.regimes.test_compounds import population
from tests.scoring.regimes.test_people_and_agencies import phas_facts, semap_facts
from tests.scoring.regimes.vectors import OWN, Row, Tables, kept, one, plan_of, run, told

REPORT = semap_facts({"kind": "indicator", "id": "b", "value": "97.5"})
CASES: Final[list[dict[str, Any]]] = json.loads((OWN / "readings.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rulebook']}-{'-'.join(case['settings'])}")
def test_another_reading_gives_another_result(case: dict[str, Any], tmp_path: Path) -> None:
    period, options = case["when"].get("period", ""), {"as_of": case["when"].get("as_of")}
    asked = (case["rulebook"], case["tables"], tmp_path, period)
    assert one(*asked, **options)[case["column"]] == case["ours"]
    assert one(*asked, **options, settings=case["settings"])[case["column"]] == case["other"]


def test_a_printed_level_may_be_rounded_before_it_is_read(tmp_path: Path) -> None:
    assert told(run("17-hud-semap", REPORT, tmp_path, "2024"), "r")["score"] == "15"
    other = run("17-hud-semap", REPORT, tmp_path, "2024", settings={"printed_levels": "ROUND_FIRST"})
    assert told(other, "r")["score"] == "20"


def test_the_mean_of_a_district_is_rounded_as_the_setting_says(tmp_path: Path) -> None:
    compounds = [{"code": str(n), "district": "s", "score": score} for n, score in enumerate(("80.00", "80.01"))]
    for mode, expected in (("HALF_UP", "80.01"), ("HALF_EVEN", "80.00"), ("DOWN", "80.00")):
        settings = {"mean_rounding": mode}
        assert one("11-quanzhou", {"compound": compounds}, tmp_path, "2020-04", settings=settings)["score"] == expected


def test_ranks_from_the_bottom_may_skip_after_ties(tmp_path: Path) -> None:
    scores = {"a": "50", "b": "50", "c": "51", "d": "52", "s": "53"}
    compounds = [{"code": f"x{code}", "company": code, "score": score} for code, score in scores.items()]
    tables = {"company": [{"code": code} for code in scores], "compound": compounds}

    def worst(**settings: str) -> list[str]:
        evaluation = run("12-xinghua", tables, tmp_path, "2018-12", settings=settings)
        return [code for code in scores if "WORST" in told(evaluation, code)["lists"]]

    assert worst() == ["a", "b", "c", "d"]
    assert worst(bottom_ties="COMPETITION") == ["a", "b", "c"]


def luan(tmp_path: Path, inspected: list[bool], **settings: bool) -> Row:
    """The last of some quarters in which `s` is low whenever it is inspected."""
    history: list[Path] = []
    for number, seen in enumerate(inspected, 1):
        tables = population("10", "10", "70", f"2022-{3 * number:02}-10")
        if not seen:
            tables["inspection"] = []
        label = f"2022Q{number}"
        options = {"history": tuple(history), "settings": settings}
        evaluation = run("08-luan-2022", tables, tmp_path / label, label, **options)
        history.append(kept(evaluation, tmp_path / f"{label}.csv"))
    return told(evaluation, "s")


def test_black_may_stand_beside_yellow(tmp_path: Path) -> None:
    assert luan(tmp_path, [True, True])["lists"] == "BLACK"
    assert luan(tmp_path, [True, True], black_replaces_yellow=False)["lists"] == "BLACK;YELLOW"


def test_a_gap_may_leave_the_chain_whole(tmp_path: Path) -> None:
    assert luan(tmp_path, [True, False, True])["lists"] == "YELLOW"
    assert luan(tmp_path, [True, False, True], gap_breaks_chain=False)["lists"] == "BLACK"


def test_complaints_may_be_read_over_three_periods(tmp_path: Path) -> None:
    def last_card(**settings: str) -> str:
        history: list[Path] = []
        for number, many in enumerate((True, False, False), 1):
            label = f"2021-{number:02}"
            outcome = {"compound": "s", "month": label, "rectified": False, "many_complaints": many}
            tables: Tables = {"compound": [{"code": "s"}], "outcome": [outcome]}
            options = {"history": tuple(history), "settings": settings}
            evaluation = run("09-qingdao", tables, tmp_path / label, label, **options)
            history.append(kept(evaluation, tmp_path / f"{label}.csv"))
        return told(evaluation, "s")["lists"]

    assert last_card() == "YELLOW"
    assert last_card(complaints_read="LAST_THREE") == "RED"


def test_a_project_keeps_its_score_until_it_is_inspected_again(tmp_path: Path) -> None:
    seen = phas_facts({"kind": "unit_mean", "projects": [["10", "90"]]})
    unseen = phas_facts({"kind": "unit_mean", "projects": [["10", None]]})
    history: list[Path] = []
    means = []
    for year, tables in ((2023, seen), (2024, unseen), (2025, unseen)):
        evaluation = run("15-hud-phas", tables, tmp_path / str(year), str(year), history=tuple(history))
        history.append(kept(evaluation, tmp_path / f"{year}.csv"))
        means.append(told(evaluation, "s")["agency.project_mean"])
    assert means == ["90", "90", "90"]
    assert one("15-hud-phas", unseen, tmp_path / "alone", "2024")["agency.project_mean"] == "NO_RESULT(NEVER_INSPECTED)"


def test_every_reading_is_tried() -> None:
    """A setting marked as our reading and never tried would be a comment."""
    tried = {(case["rulebook"], name) for case in CASES for name in case["settings"]}
    tried |= {
        ("05-beijing-2010", "trial_points_count"),
        ("17-hud-semap", "printed_levels"),
        ("11-quanzhou", "mean_rounding"),
    }
    tried |= {("12-xinghua", "bottom_ties"), ("09-qingdao", "complaints_read")}
    tried |= {("08-luan-2022", name) for name in ("black_replaces_yellow", "gap_breaks_chain")}
    tried |= {("10-zhoushan", name) for name in ("rounding", "ties")}
    names = {case["rulebook"] for case in CASES} | {"12-xinghua", "09-qingdao", "17-hud-semap"}
    names |= {"03-lianyungang-2018", "07-shijingshan-2025", "13-yinchuan-manager", "14-xuhui-risk", "16-dod-800-171"}
    names |= {"19-uk-fhrs", "20-sf-lives"}
    assert len(names) == 20
    marked = {
        (name, each) for name in names for each, setting in plan_of(name).document.settings.items() if setting.reading
    }
    assert marked <= tried
