"""Explanations add up exactly, reach the single rows of evidence, and move only where the evidence moved."""

import re
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest

from scoring.evaluate import Run, evaluate
from scoring.explain import PLACES, Explainer, Line, explain
from scoring.rulebook.document import Rounding
from scoring.values import NonValue
from tests.scoring.tables import load, rows
from tests.scoring.test_yuetang import district_plan, facts, halves, quarters
from tests.scoring.tiny import GAMES, TEAM, make
from tests.scoring.workbook import district_facts

UNIT = 10**PLACES


def children(lines: list[Line]) -> dict[str | None, list[Line]]:
    out: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        out[line.parent].append(line)
    return out


def check_sums(lines: list[Line]) -> None:
    """Every line with a value is the exact sum of its children; paths are unique; parents come first."""
    below, seen = children(lines), set()
    for line in lines:
        assert line.parent is None or line.parent in seen
        assert line.path not in seen
        seen.add(line.path)
        if line.path in below and line.none is None:
            assert sum(child.points for child in below[line.path]) == line.points, line.path


@lru_cache(maxsize=2)
def explainer(half: str) -> Explainer:
    return Explainer(halves()[half])


@pytest.mark.parametrize(("half", "without_score"), [("2025H2", 3), ("2026H1", 4)])
def test_every_company_adds_up_to_its_composite(half: str, without_score: int) -> None:
    evaluation = halves()[half]
    behind, unrated = set(), 0
    for (company,) in evaluation.rows("company"):
        lines = explainer(half).explain("company", company)
        check_sums(lines)
        composite = evaluation.measure("company", company, "composite")
        behind |= {ref for line in lines for ref in line.facts}
        if isinstance(composite, NonValue):
            unrated += 1
            assert lines[0].none == composite
        else:
            assert isinstance(composite, Decimal)
            assert Decimal(lines[0].points) / UNIT == composite
    assert unrated == without_score
    tables = {table for table, _ in behind}
    assert tables == {"inspection", "finding", "case", "survey", "fee", "manager", "enrolment", "credit"}


def test_every_scored_finding_of_a_rated_company_is_found_in_its_tree() -> None:
    company = "91430399MA90P00269"
    lines = explainer("2026H1").explain("company", company)
    named = {row for line in lines for table, row in line.facts if table == "finding"}
    charged = set()
    for label in ("2026Q1", "2026Q2"):
        frames = quarters()[label].frames
        frame = frames.frame("finding")
        owners = frames.vector("finding", district_plan().scope.word("finding", "company"))
        charged |= {frame.row_id(row) for row, owner in enumerate(owners) if owner == company}
    assert len(charged) == 57
    assert named == charged


def test_compounds_units_and_inspections_are_explained_as_well() -> None:
    run = quarters()["2026Q2"]
    for grain, key, score in [
        ("compound_quarter", ("YT0204", "2026Q2"), 77_430_000),
        ("unit_quarter", ("91430399MA90P00269", "YT0204", "2026Q2"), 77_430_000),
        ("company_quarter", ("91430399MA90P00269", "2026Q2"), 77_430_000),
        ("inspection", ("XC2026Q202410",), 69_000_000),
    ]:
        lines = explain(run, grain, key)
        check_sums(lines)
        assert lines[0].points == score
        assert lines[0].kind == "TOTAL"


def test_the_ceiling_is_a_line_of_its_own_that_names_the_finding() -> None:
    lines = explain(quarters()["2026Q2"], "inspection", "XC2026Q202410")
    [cap] = [line for line in lines if line.path.endswith("=cap")]
    assert (cap.kind, cap.points, cap.lost_to_cap, cap.facts) == (
        "ADJUSTMENT",
        -10_100_000,
        10_100_000,
        (("finding", "WT021347"),),
    )


def district(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    return {name: rows(columns) for name, columns in load("yuetang/district.yaml")["facts"].items()} | changes


def small(given: dict[str, list[dict[str, Any]]]) -> list[Line]:
    return explain(evaluate(district_plan(), given, Run("2026H1")), "company", "K1")


def points(lines: list[Line]) -> dict[str, int]:
    return {re.sub("^composite/", "", line.path): line.points for line in lines}


QUARTER_2 = "base/inspection_part/company_quarter:K1|2026Q2/unit_quarter:K1|P1|2026Q2/inspection:I2"


def test_the_small_district_line_by_line() -> None:
    """Worked by hand: 69 = 100 − 4.5 − 4 − 22.5 (ceiling), each at 0.60 × 1/2; the bonus of 7 is capped at 5."""
    lines = small(district())
    check_sums(lines)
    got = points(lines)
    assert {path: got[path] for path in got if path.count("/") <= 1} == {
        "composite": 83_850_000,
        "base": 80_850_000,
        "base/inspection_part": 50_100_000,
        "base/hotline_part": 11_250_000,
        "base/satisfaction_part": 8_000_000,
        "base/fee_part": 9_000_000,
        "base/training_part": 2_500_000,
        "bonus": 5_000_000,
        "bonus/credit:G1": 2_142_857,
        "bonus/credit:G2": 2_857_143,
        "penalty": -2_000_000,
        "penalty/credit:B1": -2_000_000,
    }
    assert {path.removeprefix(QUARTER_2): got[path] for path in got if path.startswith(QUARTER_2)} == {
        "": 20_700_000,
        "/=base": 30_000_000,
        "/deducted": -2_550_000,
        "/deducted/inspected_category:I2|消防安全": -1_350_000,
        "/deducted/inspected_category:I2|消防安全/inspected_item:I2|J1": -1_350_000,
        "/deducted/inspected_category:I2|消防安全/inspected_item:I2|J1/finding:F1": -1_350_000,
        "/deducted/inspected_category:I2|综合管理": -1_200_000,
        "/deducted/inspected_category:I2|综合管理/inspected_item:I2|J2": -1_200_000,
        "/deducted/inspected_category:I2|综合管理/inspected_item:I2|J2/finding:F2": -1_200_000,
        "/=cap": -6_750_000,
    }
    hotline = {path.removeprefix("base/hotline_part/"): got[path] for path in got if "hotline_part/" in path}
    assert hotline == {
        "rate_points": 5_400_000,
        "rate_points/=full": 6_000_000,
        "rate_points/=loss": -600_000,
        "rate_points/=loss/case:C1": -300_000,
        "rate_points/=loss/case:C2": -300_000,
        "closure_points": 1_350_000,
        "closure_points/=full": 4_500_000,
        "closure_points/=loss": -3_150_000,
        "closure_points/=loss/case:C2": -3_150_000,
        "satisfied_points": 4_500_000,
        "satisfied_points/=full": 4_500_000,
    }
    by_path = {line.path: line for line in lines}
    assert by_path["composite/bonus/credit:G1"].lost_to_cap == 857_143
    assert by_path[f"composite/{QUARTER_2}"].formula == "100 − deducted = 100 − 8.5 = 91.5; min(91.5, 69) = 69"
    finding = next(line for line in lines if line.path.endswith("finding:F2"))
    assert (finding.formula, finding.clause) == ("item.each × count × multiplier = 2 × 3 × 1 = 6", "2.5")
    assert finding.lost_to_cap == 600_000
    assert by_path["composite/base/inspection_part"].weight == Fraction(3, 5)
    assert by_path["composite/base/fee_part"].points_max == 10_000_000
    zh, en = finding.sentence
    assert zh == "问题 F2:计入总分 -1.200000 分;每处扣分 × 数量 × 问题系数 = 2 × 3 × 1 = 6(第 2.5 条)。"
    assert en.startswith("Finding F2: -1.200000 points of the total; points per occurrence × count × Multiplier = ")
    assert en.endswith("= 2 × 3 × 1 = 6 (clause 2.5).")


def test_deleting_a_finding_moves_its_path_and_nothing_else() -> None:
    fewer = district()
    before = {line.path: line for line in small(fewer)}
    fewer["finding"] = [row for row in fewer["finding"] if row["id"] != "F3"]
    after = {line.path: line for line in small(fewer)}
    gone = [path for path in before if path not in after]
    assert [path.rsplit("/", 1)[1] for path in gone] == [
        "inspected_category:I1|综合管理",
        "inspected_item:I1|J2",
        "finding:F3",
    ]
    assert set(after) < set(before)
    on_the_way = {path for path in before if gone[0].startswith(f"{path}/")}
    for path, line in after.items():
        if path not in on_the_way:
            assert line == before[path], path
        elif line.value is not None:
            assert line != before[path], path


def test_deleting_a_finding_of_the_real_district_moves_only_its_path() -> None:
    """Other lines keep their value, formula and evidence; their points may move by one step of rounding at most."""
    company, finding = "91430399MA90P00269", "WT021337"
    before = {line.path: line for line in explainer("2026H1").explain("company", company)}
    [home] = [path for path in before if path.endswith(f"finding:{finding}")]
    after = {line.path: line for line in without(finding).explain("company", company)}
    assert not any(path.endswith(finding) for path in after)
    for path, line in after.items():
        if not home.startswith(f"{path}/") and "=rounding" not in path:
            was = before[path]
            assert (line.value, line.weight, line.formula, line.facts) == (
                was.value,
                was.weight,
                was.formula,
                was.facts,
            )
            assert abs(line.points - was.points) <= 1


def without(finding: str) -> Explainer:
    """Return the explainer of the half-year with one finding left out of the facts."""
    fewer = dict(district_facts())
    fewer["finding"] = [row for row in fewer["finding"] if row["id"] != finding]
    second = evaluate(district_plan(), fewer, Run("2026Q2"))
    run = Run("2026H1", parts=[quarters()["2026Q1"], second], history=[halves()["2025H2"].remembered()])
    return Explainer(evaluate(district_plan(), fewer, run))


@pytest.mark.parametrize("half", ["2025H2", "2026H1"])
def test_a_rounding_line_stands_only_where_the_rulebook_rounds_and_keeps_its_bound(half: str) -> None:
    found = 0
    for (company,) in halves()[half].rows("company")[:40]:
        lines = {line.path: line for line in explainer(half).explain("company", company)}
        for line in lines.values():
            if line.path.endswith("=rounding"):
                found += 1
                above = lines[line.parent or ""]
                rounding = rounding_of(above)
                value = above.value
                assert isinstance(value, Decimal)
                factor = Fraction(above.points, UNIT) / Fraction(value) if value else Fraction(1)
                bound = Fraction(1, 2 * 10**rounding.places) * abs(factor) * UNIT
                assert abs(line.points) <= bound + 1
    assert found > 100


def rounding_of(line: Line) -> Rounding:
    """Return the rounding of the measure a line stands for."""
    segment = line.path.rsplit("/", 1)[-1]
    grain, name = (segment.split(":")[0], "score") if ":" in segment else ("company", segment)
    rounding = district_plan().document.measures[grain][name].round
    assert rounding is not None, f"{grain}.{name} is not rounded"
    return rounding


def test_a_company_without_a_score_is_explained_as_far_as_it_goes() -> None:
    lines = explainer("2026H1").explain("company", "91430399MAPRYP7F88")
    got = {line.path: line for line in lines}
    assert got["composite"].none == NonValue("NO_RESULT", ("FEW_DAYS",))
    assert (got["composite"].points, got["composite"].value) == (0, None)
    assert got["composite/base"].points == 86_592_222
    assert got["composite/base/satisfaction_part"].none == NonValue("NOT_APPLICABLE", ("NO_VALID_SURVEY",))
    assert got["composite/base/inspection_part"].weight == Fraction(2, 3)


def test_stored_quarters_end_the_tree_at_the_quarter() -> None:
    parts = [quarters()[name].part() for name in ("2026Q1", "2026Q2")]
    stored = evaluate(district_plan(), facts(), Run("2026H1", parts=parts, history=[halves()["2025H2"].remembered()]))
    assert stored.result_hash == halves()["2026H1"].result_hash
    lines = explain(stored, "company", "91430399MA90P00269")
    check_sums(lines)
    assert not [line for line in lines if "unit_quarter" in line.path]
    assert [line.points for line in lines if "company_quarter" in line.path] == [23_769_000, 23_229_000]


OPERATORS = {
    'x: {over: game, greatest: "points", empty: 0}': ["x", "x/game:2"],
    'x: {over: game, least: "points", empty: 0}': ["x", "x/game:1"],
    'x: {over: game, distinct: "points"}': ["x"],
    "x: {over: game, count: rows}": ["x", "x/game:1", "x/game:2", "x/game:3"],
    'x: {over: game, where: "kind == \'AWAY\'", count: rows}': ["x", "x/game:2"],
    'x: {value: "2 * y - 3", floor: "0"}\n    y: {over: game, sum: "size"}': [
        "x", "x/y", "x/y/game:1", "x/y/game:2", "x/y/game:3", "x/=base",
    ],
    'x: {value: "y > 3 ? y : 0"}\n    y: {over: game, sum: "size"}': [
        "x", "x/y", "x/y/game:1", "x/y/game:2", "x/y/game:3",
    ],
    'x: {value: "y", floor: "9"}\n    y: {over: game, count: rows}': [
        "x", "x/y", "x/y/game:1", "x/y/game:2", "x/y/game:3", "x/=floor",
    ],
    'x: {value: "y * y"}\n    y: {over: game, count: rows}': ["x"],
    'x: {table: [{when: "true", give: 3}, {else: 4}]}': ["x"],
    'x: {curve: {sqrt: y, places: 2}}\n    y: {over: game, count: rows}': ["x"],
}  # fmt: skip


@pytest.mark.parametrize(("measures", "paths"), OPERATORS.items(), ids=list(OPERATORS))
def test_every_operator_is_taken_apart_or_stands_as_one_line(measures: str, paths: list[str]) -> None:
    body = f"{TEAM}\nmeasures:\n  team:\n    {measures}\nresults: {{team: {{score: x}}}}\n"
    run = evaluate(make(body), GAMES, Run("2025"))
    lines = explain(run, "team", "A")
    check_sums(lines)
    assert [line.path for line in lines] == paths
    value = run.measure("team", "A", "x")
    assert isinstance(value, Decimal)
    assert Decimal(lines[0].points) / UNIT == value


def test_a_grain_without_a_score_needs_a_measure() -> None:
    with pytest.raises(KeyError, match="case has no score"):
        explain(halves()["2026H1"], "case", "x")
