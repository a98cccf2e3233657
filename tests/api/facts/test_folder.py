"""Everything wrong with files of facts is told at once, by file, line and column."""

from pathlib import Path

import pytest

from api.console.evaluating import Order, evaluated
from scoring.diagnostics import FactsRefused
from tests.api.facts.league import CLUBS, MATCHES, league
from tests.scoring.regimes.vectors import write


def findings(rulebook: str, facts: Path) -> list[tuple[str, str]]:
    with pytest.raises(FactsRefused) as caught:
        evaluated(Order(rulebook, facts, "2025"))
    return [(each.code, str(each.place)) for each in caught.value.diagnostics]


CELLS = [
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,1OO,true,\n", "FACT_VALUE_WRONG", "match.csv:2:14"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,\uff12,true,\n", "FACT_VALUE_WRONG", "match.csv:2:14"),
    ("A,2025-03-01,2,true,\n", "A,2025-02-29,2,true,\n", "FACT_VALUE_WRONG", "match.csv:2:3"),
    ("A,2025-03-01,2,true,\n", "A,20250301,2,true,\n", "FACT_VALUE_WRONG", "match.csv:2:3"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,2,yes,\n", "FACT_VALUE_WRONG", "match.csv:2:16"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,2.5,true,\n", "FACT_VALUE_WRONG", "match.csv:2:14"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,100,true,\n", "FACT_VALUE_WRONG", "match.csv:2:14"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,,true,\n", "FACT_VALUE_WRONG", "match.csv:2:14"),
    ("A,2025-03-01,2,true,\n", "X,2025-03-01,2,true,\n", "FACT_REFERENCE_UNKNOWN", "match.csv:2:1"),
    ("A,2025-04-01,1,false,0.50\n", "A,2025-04-01,1,false,0.505\n", "FACT_VALUE_WRONG", "match.csv:3:22"),
    ("A,2025-03-01,2,true,\n", "A,2025-03-01,2,true\n", "ROW_WIDTH", "match.csv:2:1"),
    ("A,2025-03-01,2,true,\n", 'A,2025-03-01,"2,true,\n', "FILE_SYNTAX", "match.csv:2:14"),
    ("club,date", "Club,date", "HEADER_UNKNOWN", "match.csv:1:1"),
    ("goals,won", "goals,goals", "HEADER_TWICE", "match.csv:1:17"),
]


@pytest.mark.parametrize(("right", "mistaken", "code", "place"), CELLS)
def test_a_mistake_is_told_where_it_stands(right: str, mistaken: str, code: str, place: str, tmp_path: Path) -> None:
    assert MATCHES.count(right) == 1
    assert (code, place) in findings(*league(tmp_path, MATCHES.replace(right, mistaken)))


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    matches = "club,date,goals,won,fine\nA,2025-13-01,x,true,\nZ,2025-04-01,1,perhaps,0.50\nZ,2025-04-01,1,false,\n"
    assert findings(*league(tmp_path, matches, "code\nA\nA\n")) == [
        ("FACT_KEY_TWICE", "club.csv:3:1"),
        ("FACT_VALUE_WRONG", "match.csv:2:3"),
        ("FACT_VALUE_WRONG", "match.csv:2:14"),
        ("FACT_VALUE_WRONG", "match.csv:3:16"),
        ("FACT_REFERENCE_UNKNOWN", "match.csv:4:1"),
    ]


def test_a_missing_column_is_told_once_and_not_for_every_row(tmp_path: Path) -> None:
    matches = "club,date,won,gaols\nA,2025-03-01,true,2\nB,2025-03-32,false,1\n"
    assert findings(*league(tmp_path, matches)) == [
        ("HEADER_MISSING", "match.csv:1:1"),
        ("HEADER_UNKNOWN", "match.csv:1:15"),
        ("FACT_VALUE_WRONG", "match.csv:3:3"),
    ]


def test_files_are_told_by_name(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    (facts / "match.csv").rename(facts / "matches.csv")
    (facts / "club.json").write_text("[]", encoding="utf-8")
    assert findings(rulebook, facts) == [
        ("FILE_TWICE", "club.csv:1:1"),
        ("FILE_MISSING", "match.csv:1:1"),
        ("FILE_UNKNOWN", "matches.csv:1:1"),
    ]


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    (facts / "club.csv").write_bytes("code\nA\n岳塘\n".encode("gbk"))
    assert findings(rulebook, facts) == [("FILE_ENCODING", "club.csv:3:1")]


def test_a_byte_order_mark_quotes_and_windows_lines_are_read(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    plain = evaluated(Order(rulebook, facts, "2025"))
    (facts / "club.csv").write_bytes('\ufeffcode\r\nA\r\n"B"\r\nC\r\n'.encode())
    assert evaluated(Order(rulebook, facts, "2025")).result_hash == plain.result_hash


def test_quoted_cells_keep_commas_quotes_and_lines(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path, club='code\nA\nB\n"C, ""the""\nclub"\n')
    assert ('C, "the"\nclub',) in evaluated(Order(rulebook, facts, "2025")).rows("club")


def test_a_place_after_a_quoted_line_break_is_still_right(tmp_path: Path) -> None:
    matches = 'club,date,goals,won,fine\n"A","2025-03-01","2","true",""\nB,2025-03-01,x,false,\n'
    assert findings(*league(tmp_path, matches)) == [("FACT_VALUE_WRONG", "match.csv:3:14")]


JSON = """[
  {"club": "A", "date": "2025-03-01", "goals": 2, "won": true},
  {"club": "A", "date": "2025-04-01", "goals": 1, "won": false, "fine": 0.50},
  {"club": "B", "date": "2025-03-01", "goals": 1, "won": false, "fine": null}
]"""


def as_json(folder: Path, text: str) -> tuple[str, Path]:
    rulebook, facts = league(folder)
    (facts / "match.csv").unlink()
    (facts / "match.json").write_text(text, encoding="utf-8")
    return rulebook, facts


def test_json_says_the_same_as_csv(tmp_path: Path) -> None:
    by_csv = evaluated(Order(*league(tmp_path), "2025"))
    assert evaluated(Order(*as_json(tmp_path, JSON), "2025")).result_hash == by_csv.result_hash


MISTAKES = [
    ('"goals": 2', '"goals": "two"', [("FACT_VALUE_WRONG", "match.json:2:48")]),
    ('"fine": 0.50', '"fine": 0.505', [("FACT_VALUE_WRONG", "match.json:3:73")]),
    ('"goals": 2, ', "", [("FACT_COLUMN_MISSING", "match.json:2:3")]),
    ('"goals": 2', '"goals": 2, "assists": 1', [("HEADER_UNKNOWN", "match.json:2:62")]),
    ('"goals": 2', '"goals": 2, "goals": 3', [("HEADER_TWICE", "match.json:2:51")]),
    ('"goals": 2', '"goals": [2]', [("FILE_SYNTAX", "match.json:2:48")]),
    ('"goals": 2', '"goals": 02', [("FILE_SYNTAX", "match.json:2:49")]),
    ('"won": true}', '"won": true', [("FILE_SYNTAX", "match.json:3:3")]),
    ("\n]", "\n] x", [("FILE_SYNTAX", "match.json:5:3")]),
    ('"goals": 2', f'"goals": {"1" * 41}', [("FILE_SYNTAX", "match.json:2:48")]),
]


@pytest.mark.parametrize(("right", "mistaken", "expected"), MISTAKES)
def test_a_mistake_in_json_is_told_where_it_stands(
    right: str, mistaken: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert JSON.count(right) == 1
    assert findings(*as_json(tmp_path, JSON.replace(right, mistaken))) == expected


def test_rows_without_ids_are_named_in_the_order_of_the_file(tmp_path: Path) -> None:
    matches = "club,date,goals,won,fine\n" + "A,2025-03-01,1,true,\n" * 12
    evaluation = evaluated(Order(*league(tmp_path, matches), "2025"))
    assert evaluation.rows("match")[0] == ("01",)
    assert evaluation.rows("match")[-1] == ("12",)


def test_a_table_may_be_empty(tmp_path: Path) -> None:
    evaluation = evaluated(Order(*league(tmp_path, "club,date,goals,won,fine\n", CLUBS), "2025"))
    assert [evaluation.measure("club", club, "matches") for club in "ABC"] == [0, 0, 0]


def test_a_row_with_a_wrong_cell_is_still_known_to_those_that_refer_to_it(tmp_path: Path) -> None:
    """The company's own row is wrong: its project is not told as well, that of a company nobody names is."""
    facts = write("06-shanghai-2012", {}, tmp_path / "facts")
    (facts / "company.csv").write_text("code,own_points,total_area\nA,1OO,5\n", encoding="utf-8")
    rows = "company,area,manager_points\nA,1,3\nB,1,3\n"
    (facts / "project.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(FactsRefused) as caught:
        evaluated(Order("06-shanghai-2012", facts, "2013-01-01"))
    assert [(each.code, str(each.place)) for each in caught.value.diagnostics] == [
        ("FACT_VALUE_WRONG", "company.csv:2:3"),
        ("FACT_REFERENCE_UNKNOWN", "project.csv:3:1"),
    ]
