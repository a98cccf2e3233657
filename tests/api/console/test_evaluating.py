"""`zhunze evaluate` as an auditor runs it: files in, a row per subject out, nothing written where anything is wrong."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.console.evaluating import Order, evaluated
from api.console.evaluators import Evaluator
from tests.api.facts.league import MATCHES, league
from tests.scoring.regimes.vectors import Row, Tables, cases, write

RUNNER = CliRunner()


def evaluate(*words: str | Path, status: int = 0) -> Result:
    result = RUNNER.invoke(app, ["evaluate", *map(str, words)])
    assert result.exit_code == status, f"{result.exit_code}\n{result.stdout}\n{result.stderr}\n{result.exception!r}"
    return result


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_subject_has_a_row_with_all_there_is_to_know(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    out = tmp_path / "out.csv"
    said = evaluate(rulebook, facts, "--out", out, "--period", "2025").stdout
    assert said.splitlines()[0] == "league 1 2025: RATED 2, GRADED 1"
    assert out.read_bytes() == (
        b"rulebook,version,period,as_of,grain,subject,status,score,grade,rank,lists,recommendation,actions,reasons,counted,"
        b"shadow,club.matches,club.points,club.fines,club.goals_each,club.score,club.rank,club.grade,club.led,"
        b"club.led_before,club.prizes,club.ceremony\n"
        b"league,1,2025,2026-01-03,club,A,RATED,2.50,B,1,CUP,,CEREMONY=2026-01-10,,fines=ABSENT;led_before=NO_SEASON,false,"
        b"2,3,0.50,1.5,2.50,1,B,true,false,CUP,2026-01-10\n"
        b"league,1,2025,2026-01-03,club,B,RATED,0.00,B,2,,,,,fines=ABSENT;led_before=NO_SEASON,false,"
        b"1,0,0.00,1,0.00,2,B,false,false,,NOT_APPLICABLE(NO_PRIZE)\n"
        b"league,1,2025,2026-01-03,club,C,GRADED,,D,,,,,NO_MATCH,led_before=NO_SEASON,false,"
        b"0,0,0.00,NOT_APPLICABLE(NO_MATCH),NO_RESULT(NO_MATCH),NO_RESULT(NO_MATCH),D,false,false,,"
        b"NOT_APPLICABLE(NO_PRIZE)\n"
    )


def test_the_results_of_one_period_are_the_history_of_the_next(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    first, second = tmp_path / "2025.csv", tmp_path / "2026.csv"
    evaluate(rulebook, facts, "--out", first, "--period", "2025")
    league(tmp_path, MATCHES.replace("2025-", "2026-"))
    evaluate(rulebook, facts, "--out", second, "--period", "2026", "--history", first)
    got = [(row["lists"], row["counted"]) for row in rows(second)]
    assert got == [("CUP;DOUBLE", "fines=ABSENT"), ("", "fines=ABSENT"), ("", "")]


def test_a_period_that_looks_back_on_nothing_says_so(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    first, out = tmp_path / "2025.csv", tmp_path / "out.csv"
    said = evaluate(rulebook, facts, "--out", first, "--period", "2025").stdout
    assert "没有给出往期结果 / without the earlier results of 2024\n" in said
    said = evaluate(rulebook, facts, "--out", out, "--period", "2026", "--history", first).stdout
    assert "earlier results" not in said
    written = Path(rulebook)
    written.write_text(written.read_text(encoding="utf-8").replace("history: optional", "history: 2024"), "utf-8")
    told = evaluate(rulebook, facts, "--out", out, "--period", "2025", status=65).stderr
    assert "HISTORY_MISSING" in told


def test_results_are_never_written_over_what_was_read(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    before = {path: path.read_bytes() for path in [Path(rulebook), *Path(facts).iterdir()]}
    for path in before:
        assert "OUT_IS_INPUT" in evaluate(rulebook, facts, "--out", path, "--period", "2025", status=65).stderr
    assert {path: path.read_bytes() for path in before} == before
    lost = tmp_path / "no" / "out.csv"
    assert "OUT_WITHOUT_FOLDER" in evaluate(rulebook, facts, "--out", lost, "--period", "2025", status=65).stderr
    assert not lost.parent.exists()


PAIRS = """rulebook: pairs
version: "1"
name: [对, Pairs]
in_force: {from: 2000-01-01}
period: {unit: year, history: optional}
facts:
  row: {most: 9, columns: {left: text, right: text}}
grains:
  pair: {keys: [left, right], rows: row}
measures:
  pair:
    rows: {over: row, count: rows}
    before: {previous: {of: rows, back: 1, otherwise: 0}}
results: {pair: {remember: [rows]}}
"""


def test_keys_with_a_bar_inside_stay_apart_and_are_found_again(tmp_path: Path) -> None:
    rulebook, facts = tmp_path / "pairs.yaml", tmp_path / "facts"
    facts.mkdir()
    rulebook.write_text(PAIRS, encoding="utf-8")
    (facts / "row.csv").write_text("left,right\nA,B|C\nA|B,C\nA|B,C\nA\\,C\n", encoding="utf-8")
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    evaluate(rulebook, facts, "--out", first, "--period", "2025")
    evaluate(rulebook, facts, "--out", second, "--period", "2026", "--history", first)
    found = [(row["subject"], row["pair.before"]) for row in rows(second)]
    assert found == [("A|B\\|C", "1"), ("A\\\\|C", "1"), ("A\\|B|C", "2")]


def test_history_typed_by_hand_needs_four_columns(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    by_hand, out = tmp_path / "before.csv", tmp_path / "out.csv"
    by_hand.write_text("grain,subject,period,club.led\nclub,A,2024,true\n", encoding="utf-8")
    evaluate(rulebook, facts, "--out", out, "--period", "2025", "--history", by_hand)
    assert [row["lists"] for row in rows(out)] == ["CUP;DOUBLE", "", ""]


WRONG_HISTORY = [
    ("grain,subject,period\nclub,A,2024\n", "HISTORY_COLUMN  before.csv:1:1"),
    ("grain,subject,period,club.led\nclub,A,2024,maybe\n", "HISTORY_VALUE  before.csv:2:13"),
    ("grain,subject,period,club.led\nclub,A,2024S1,true\n", "HISTORY_VALUE  before.csv:2:8"),
    ("grain,subject,period,club.led\nclub,A,2025,true\n", "HISTORY_WRONG  before.csv:2:8"),
    ("rulebook,grain,subject,period,club.led\nother,club,A,2024,true\n", "HISTORY_WRONG  before.csv:2:14"),
    ("grain,subject,period,club.led\nclub,A,2024,true\nclub,A,2024,false\n", "HISTORY_TWICE  before.csv:3:6"),
    ("grain,subject,period,club.led\nclubs,A,2024,true\n", "HISTORY_GRAIN  before.csv:2:1"),
]


@pytest.mark.parametrize(("text", "told"), WRONG_HISTORY)
def test_wrong_history_is_told(text: str, told: str, tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    by_hand, out = tmp_path / "before.csv", tmp_path / "out.csv"
    by_hand.write_text(text, encoding="utf-8")
    said = evaluate(rulebook, facts, "--out", out, "--period", "2025", "--history", by_hand, status=65).stderr
    assert told in said
    assert not out.exists()


REFUSED = [
    (("--period", "2025H1"), "PERIOD_WRONG"),
    (("--period", "soon"), "PERIOD_WRONG"),
    ((), "PERIOD_NEEDED"),
    (("--period", "2023"), "NO_RULEBOOK"),
    (("--period", "2025", "--set", "win"), "SET_WRONG"),
    (("--period", "2025", "--set", "draw=1"), "SETTING_UNKNOWN"),
    (("--period", "2025", "--set", "win=ten"), "SETTING_WRONG"),
    (("--period", "2025", "--set", "strict=yes"), "SETTING_WRONG"),
    (("--period", "2025", "--explain", "Z"), "SUBJECT_UNKNOWN"),
    (("--period", "2025", "--as-of", "2024-12-31"), "AS_OF_EARLY"),
]


@pytest.mark.parametrize(("words", "code"), REFUSED)
def test_a_wrong_order_is_refused_in_both_languages_and_writes_nothing(
    words: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    rulebook, facts = league(tmp_path)
    out = tmp_path / "out.csv"
    said = evaluate(rulebook, facts, "--out", out, *words, status=65).stderr
    assert said.startswith(code)
    assert "什么都没有写入。 Nothing was written." in said
    assert not out.exists()


def test_a_refusal_leaves_the_results_there_were(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path, MATCHES.replace("2025-03-01", "2025-03-32"))
    out = tmp_path / "out.csv"
    out.write_text("kept", encoding="utf-8")
    said = evaluate(rulebook, facts, "--out", out, "--period", "2025", status=65).stderr
    assert said.count("FACT_VALUE_WRONG") == 2
    assert out.read_text(encoding="utf-8") == "kept"


def test_an_unknown_rulebook_is_refused(tmp_path: Path) -> None:
    _, facts = league(tmp_path)
    assert (
        "NOT_FOUND"
        in evaluate("nowhere.yaml", facts, "--out", tmp_path / "out.csv", "--period", "2025", status=65).stderr
    )


def test_settings_and_the_day_come_with_the_order(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    out = tmp_path / "out.csv"
    evaluate(rulebook, facts, "--out", out, "--as-of", "2025-06-30", "--set", "win=9", "--set", "strict=false")
    got = [(row["period"], row["as_of"], row["status"], row["score"], row["grade"]) for row in rows(out)]
    assert got == [
        ("2025", "2025-06-30", "RATED", "8.50", "A"),
        ("2025", "2025-06-30", "RATED", "0.00", "B"),
        ("2025", "2025-06-30", "PENDING", "", ""),
    ]


def test_one_subject_is_explained_down_to_its_facts(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    said = evaluate(rulebook, facts, "--out", tmp_path / "out.csv", "--period", "2025", "--explain", "A").stdout
    assert said.splitlines()[:17] == [
        "club A 2025",
        "  2.5  score  points − fines = 3 − 0.5 = 2.5",
        "    3  points  合计 won → win;否则 0[match:2] = 3",
        "       sum of won → win, else 0 [match: 2] = 3",
        "      3  match 1 (2025-03-01)",
        "      0  match 2 (2025-04-01)",
        "    -0.5  fines  合计 fine(未填为 0)[match:2] = 0.5",
        "          sum of fine (0 if not given) [match: 2] = 0.5",
        "      0  match 1 (2025-03-01)  fine(未填为 0) = 0",
        "         fine (0 if not given) = 0",
        "      -0.5  match 2 (2025-04-01)  fine(未填为 0) = 0.5",
        "            fine (0 if not given) = 0.5",
        "  grade: B",
        "    ✗ 未填(score) 且 strict / not given(score) and strict",
        "    ✗ 未填(score) / not given(score)",
        "    ✗ score ≥ 3 (2.5 ≥ 3)",
        "    ✓ 其他 / else → B",
    ]
    assert said.splitlines()[17:32] == [
        "  rank: 1  名次,依 score ↓ / place by score ↓",
        "    club A: #1 2.5",
        "    club B: #2 0",
        "  prizes: CUP",
        "    ✓ CUP: led",
        "      led: 是 / yes  已填(rank) 且 rank = 1 (rank = 1)",
        "        given(rank) and rank = 1 (rank = 1)",
        "        rank: 1  见上 / see above",
        "    ✗ DOUBLE: led 且 led_before / led and led_before",
        "      led_before: 否 / no  1 期前 led / 1 period(s) before: led",
        "  ceremony: 2026-01-10  led → add_days(评价日, 7);否则 NO_PRIZE (led = 是)",
        "    led → add_days(day of evaluation, 7), else NO_PRIZE (led = yes)",
        "    led: 是 / yes  见上 / see above",
        "league 1 2025: RATED 2, GRADED 1",
        "没有给出往期结果 / without the earlier results of 2024",
    ]


def test_a_subject_without_a_result_is_explained_as_well(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    said = evaluate(rulebook, facts, "--out", tmp_path / "out.csv", "--period", "2025", "--explain", "C").stdout
    assert said.splitlines()[:2] == [
        "club C 2025",
        "  无结果 / no result: NO_MATCH  score  matches > 0 (matches = 0) ✗",
    ]
    assert "    ✓ 未填(score) 且 strict / not given(score) and strict → D" in said.splitlines()


LABELLED = [
    "企业 / Company s 2020-12-01",
    "  无结果 / no result: NO_SCORE 无信用得分 / No score  信用得分 / Credit score    [step 1]",
    "    无结果 / no result: NO_SCORE 无信用得分 / No score  企业 s / Company s",
    "  信用等级 / Credit grade: 无结果 / no result: NO_SCORE 无信用得分 / No score",
    "    ✓ 未填(信用得分) / not given(Credit score) → 无结果 / no result: NO_SCORE 无信用得分 / No score  [step 1]",
]


@pytest.mark.parametrize("evaluator", ["reference", "columns"])
def test_an_explanation_names_things_by_their_labels(evaluator: str, tmp_path: Path) -> None:
    facts = write("01-zhejiang-2020", {"company": [{"code": "s"}]}, tmp_path / "facts")
    words = ("--out", tmp_path / "out.csv", "--as-of", "2020-12-01", "--explain", "s", "--evaluator", evaluator)
    assert evaluate("01-zhejiang-2020", facts, *words).stdout.splitlines()[:5] == LABELLED


def test_both_evaluators_write_the_same_bytes_and_explain_alike(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    out = tmp_path / "out.csv"
    told = []
    for evaluator in ("reference", "columns"):
        words = ("--out", out, "--period", "2025", "--explain", "A", "--evaluator", evaluator)
        told.append((evaluate(rulebook, facts, *words).stdout, out.read_bytes()))
    assert told[0] == told[1]


def test_the_evaluator_asked_for_is_the_one_that_computes(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    frames = [type(evaluated(Order(rulebook, facts, "2025", evaluator=each)).frames).__name__ for each in Evaluator]
    assert frames == ["Frames", "Sheets"]


def test_an_unknown_evaluator_is_wrong_use(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    out = tmp_path / "out.csv"
    said = evaluate(rulebook, facts, "--out", out, "--period", "2025", "--evaluator", "fast", status=2).stderr
    assert "'reference', 'columns'" in said
    assert not out.exists()


@pytest.mark.parametrize("case", cases("03-lianyungang-2018.cases.csv"))
def test_a_regime_goes_through_the_command(case: dict[str, Any], tmp_path: Path) -> None:
    company = {"code": "s"} | {name: case[name] for name in ("plus_points", "minus_points", "veto")}
    facts = write("03-lianyungang-2018", {"company": [company]}, tmp_path / "facts")
    out = tmp_path / "out.csv"
    evaluate("03-lianyungang-2018", facts, "--out", out, "--as-of", "2019-01-01")
    [row] = rows(out)
    assert (row["status"], row["company.score"]) == ("RATED", row["score"])


def test_parts_of_a_period_are_results_as_well(tmp_path: Path) -> None:
    """The district's rulebook: quarters are fixed on the way to the half-year."""
    company = [{"code": "K1"}]
    compound = [{"code": "S1", "households": 100, "area": "1000.00"}]
    tenure = [{"id": "t", "compound": "S1", "company": "K1", "from": "2025-01-01"}]
    inspection = {"compound": "S1", "inspector": "BUREAU", "state": "LOCKED"}
    inspections = [{**inspection, "id": "i1", "date": "2026-01-10"}, {**inspection, "id": "i2", "date": "2026-04-10"}]
    tables: Tables = {"company": company, "compound": compound, "tenure": tenure, "inspection": inspections}
    facts = write("yuetang-2025-1", tables, tmp_path / "facts")
    out = tmp_path / "out.csv"
    evaluate("yuetang-2025-1", facts, "--out", out, "--period", "2026H1")
    got = [(row["grain"], row["subject"], row["period"], row["status"]) for row in rows(out)]
    assert ("company_quarter", "K1|2026Q1", "2026Q1", "RATED") in got
    assert got[-1] == ("company", "K1", "2026H1", "RATED")


def test_json_facts_go_through_the_command(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "company.json").write_text(
        json.dumps([{"code": "s", "score": "59.996", "has_bad_record": True}]), encoding="utf-8"
    )
    out = tmp_path / "out.csv"
    evaluate("01-zhejiang-2020", facts, "--out", out, "--as-of", "2021-01-01")
    [row] = rows(out)
    assert (row["score"], row["grade"], row["actions"]) == ("59.996", "C", "GRADE_CONSEQUENCES_END=2022-01-01")
