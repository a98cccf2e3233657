"""Wrong files through the command: everything told at once, by file, line and column, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.facts.sentences import SENTENCES
from tests.api.facts.league import CLUBS, MATCHES, league

RUNNER = CliRunner()
PLACE = re.compile(r"^([A-Z_]+)  (\S+:\d+:\d+)$", re.MULTILINE)


def refused(folder: Path, change: Callable[[Path], object]) -> tuple[list[tuple[str, str]], str]:
    """Change the facts and run the command on both evaluators; return codes with places, and all that was said."""
    rulebook, facts = league(folder)
    change(facts)
    out = folder / "out.csv"
    out.write_text("kept", encoding="utf-8")
    said = []
    for evaluator in ("reference", "columns"):
        words = ["evaluate", rulebook, str(facts), "--out", str(out), "--period", "2025", "--evaluator", evaluator]
        result = RUNNER.invoke(app, words)
        assert (result.exit_code, result.stdout) == (65, "")
        said.append(result.stderr)
    assert said[0] == said[1]
    assert out.read_text(encoding="utf-8") == "kept"
    assert said[0].endswith("什么都没有写入。 Nothing was written.\n")
    return PLACE.findall(said[0]), said[0]


def match(right: str, wrong: str) -> Callable[[Path], object]:
    assert MATCHES.count(right) == 1
    return lambda facts: (facts / "match.csv").write_text(MATCHES.replace(right, wrong), encoding="utf-8")


def club(content: bytes) -> Callable[[Path], object]:
    return lambda facts: (facts / "club.csv").write_bytes(content)


def moved(name: str, other: str) -> Callable[[Path], object]:
    return lambda facts: (facts / name).rename(facts / other)


ROW = "A,2025-03-01,2,true,\n"
WRONG: list[tuple[str, Callable[[Path], object], list[tuple[str, str]], tuple[str, str]]] = [
    (
        "missing file",
        lambda facts: (facts / "club.csv").unlink(),
        [("FILE_MISSING", "club.csv:1:1")],
        ("没有事实表「club」的文件", "There is no file for the fact table `club`"),
    ),
    (
        "missing column",
        match("club,date,goals", "club,date,fines"),
        [("HEADER_MISSING", "match.csv:1:1"), ("HEADER_UNKNOWN", "match.csv:1:11")],
        ("表头缺少列「goals」", "The header lacks the column `goals`"),
    ),
    (
        "unknown column",
        lambda facts: (facts / "club.csv").write_text("code,name\nA,a\nB,b\nC,c\n", encoding="utf-8"),
        [("HEADER_UNKNOWN", "club.csv:1:6")],
        ("规则的表「club」没有列「name」", "The rulebook's table `club` has no column `name`"),
    ),
    (
        "letters for digits",
        match(ROW, "A,2025-03-01,1OO,true,\n"),
        [("FACT_VALUE_WRONG", "match.csv:2:14")],
        ("不是数字", "it is no number"),
    ),
    (
        "full-width digits",
        match(ROW, "A,2025-03-01,\uff11\uff12,true,\n"),
        [("FACT_VALUE_WRONG", "match.csv:2:14")],
        ("含全角字符或空格", "it holds full-width characters or spaces"),
    ),
    (
        "wrong date",
        match(ROW, "A,2025-02-29,2,true,\n"),
        [("FACT_VALUE_WRONG", "match.csv:2:3")],
        ("不是日期", "it is no date"),
    ),
    (
        "duplicate key",
        club(b"code\nA\nB\nC\nB\n"),
        [("FACT_KEY_TWICE", "club.csv:5:1")],
        ("「B」", "`B`"),
    ),
    (
        "GB18030",
        club("code\nA\nB\n岳塘\n".encode("gb18030")),
        [("FILE_ENCODING", "club.csv:4:1")],
        ("文件不是 UTF-8 编码(似为 GB18030 或 GBK)", "The file is not UTF-8; it seems to be GB18030 or GBK"),
    ),
    (
        "GB18030 behind other cells",
        lambda facts: (facts / "match.csv").write_bytes((MATCHES + "A,2025-05-01,岳,true,\n").encode("gb18030")),
        [("FILE_ENCODING", "match.csv:5:14")],
        ("似为 GB18030", "seems to be GB18030"),
    ),
    (
        "UTF-16",
        club("code\nA\n".encode("utf-16")),
        [("FILE_ENCODING", "club.csv:1:1")],
        ("似为 UTF-16", "it seems to be UTF-16"),
    ),
    (
        "empty file",
        club(b""),
        [("FILE_EMPTY", "club.csv:1:1")],
        ("文件是空的", "The file is empty"),
    ),
    (
        "nothing but a byte order mark and a line",
        club("\ufeff\r\n".encode()),
        [("FILE_EMPTY", "club.csv:1:1")],
        ("没有行时也要写表头:code", "Even without rows the header is needed: code"),
    ),
    (
        "JSON in a CSV file",
        club(b'\n [{"code": "A"}]\n'),
        [("FILE_IS_JSON", "club.csv:2:2")],
        ("请改名为 club.json", "Rename it to club.json"),
    ),
    (
        "CSV in a JSON file",
        moved("club.csv", "club.json"),
        [("FILE_SYNTAX", "club.json:1:1")],
        ("此处应为「[」", "`[` is expected here"),
    ),
    (
        "extra unknown file",
        lambda facts: (facts / "clubs.csv").write_text(CLUBS, encoding="utf-8"),
        [("FILE_UNKNOWN", "clubs.csv:1:1")],
        ("规则没有事实表「clubs」", "The rulebook has no fact table `clubs`"),
    ),
    (
        "name in capitals",
        moved("club.csv", "club.CSV"),
        [("FILE_UNKNOWN", "club.CSV:1:1"), ("FILE_MISSING", "club.csv:1:1")],
        ("规则没有事实表「club.CSV」", "has no fact table `club.CSV`"),
    ),
    (
        "a workbook",
        lambda facts: (facts / "match.xlsx").write_bytes(b"PK"),
        [("FILE_FORMAT", "match.xlsx:1:1")],
        (".xlsx 文件不能读取", "A .xlsx file cannot be read"),
    ),
]


@pytest.mark.parametrize(("change", "places", "words"), [pytest.param(*case[1:], id=case[0]) for case in WRONG])
def test_a_wrong_file_is_told_and_nothing_is_written(
    change: Callable[[Path], object], places: list[tuple[str, str]], words: tuple[str, str], tmp_path: Path
) -> None:
    told, said = refused(tmp_path, change)
    assert told == places
    assert words[0] in said
    assert words[1] in said


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_is_in_both_languages_with_a_remedy(code: str) -> None:
    zh, en, remedy_zh, remedy_en = SENTENCES[code]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in (zh, remedy_zh))
    assert en.isascii()
    assert remedy_en.isascii()


def everything_wrong(facts: Path) -> None:
    """A file in another encoding, one too many, and four wrong cells in the file that can be read."""
    (facts / "club.csv").write_bytes("code\nA\n岳塘\n".encode("gb18030"))
    (facts / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    lines = "A,2025-02-30,1OO,true,\nX,2025-04-01,1,ja,0.505\n"
    (facts / "match.csv").write_text(f"club,date,goals,won,fine\n{lines}", encoding="utf-8")


def test_all_files_are_told_at_once(tmp_path: Path) -> None:
    """References into the file that could not be read are not told: nobody knows whether they are wrong."""
    told, _ = refused(tmp_path, everything_wrong)
    assert told == [
        ("FILE_ENCODING", "club.csv:3:1"),
        ("FACT_VALUE_WRONG", "match.csv:2:3"),
        ("FACT_VALUE_WRONG", "match.csv:2:14"),
        ("FACT_VALUE_WRONG", "match.csv:3:16"),
        ("FACT_VALUE_WRONG", "match.csv:3:19"),
        ("FILE_UNKNOWN", "notes.csv:1:1"),
    ]


def test_a_row_left_out_is_not_told_again_by_those_that_refer_to_it(tmp_path: Path) -> None:
    """The row with too many cells is that of A, to whom two matches refer."""
    told, _ = refused(tmp_path, club(b"code\nA,1\nB\nC\n"))
    assert told == [("ROW_WIDTH", "club.csv:2:1")]


def test_orders_facts_and_history_are_told_together(tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path, MATCHES.replace(ROW, "A,2025-02-29,2,true,\n"))
    before = tmp_path / "before.csv"
    before.write_text("grain,subject,period,club.led\nclub,A,2024,maybe\n", encoding="utf-8")
    words = ["--out", str(tmp_path / "out.csv"), "--period", "2025", "--history", str(before), "--set", "win"]
    result = RUNNER.invoke(app, ["evaluate", rulebook, str(facts), *words])
    assert result.exit_code == 65
    assert PLACE.findall(result.stderr) == [
        ("SET_WRONG", "--set:1:1"),
        ("HISTORY_VALUE", "before.csv:2:13"),
        ("FACT_VALUE_WRONG", "match.csv:2:3"),
    ]
    assert not (tmp_path / "out.csv").exists()


READ = [
    ("byte order mark", "\ufeff" + CLUBS, "\ufeff" + MATCHES),
    ("Windows lines", CLUBS.replace("\n", "\r\n"), MATCHES.replace("\n", "\r\n")),
    ("both", "\ufeff" + CLUBS.replace("\n", "\r\n"), "\ufeff" + MATCHES.replace("\n", "\r\n")),
    ("old Macintosh lines", CLUBS.replace("\n", "\r"), MATCHES.replace("\n", "\r")),
    ("no last line end", CLUBS.rstrip("\n"), MATCHES.rstrip("\n")),
]


@pytest.mark.parametrize(("clubs", "matches"), [pytest.param(*case[1:], id=case[0]) for case in READ])
def test_what_spreadsheets_write_is_read(clubs: str, matches: str, tmp_path: Path) -> None:
    rulebook, facts = league(tmp_path)
    outs = [tmp_path / "plain.csv", tmp_path / "other.csv"]
    for out in outs:
        result = RUNNER.invoke(app, ["evaluate", rulebook, str(facts), "--out", str(out), "--period", "2025"])
        assert result.exit_code == 0, result.stderr
        (facts / "club.csv").write_bytes(clubs.encode())
        (facts / "match.csv").write_bytes(matches.encode())
    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_places_are_right_behind_a_mark_and_any_line_end(end: str, tmp_path: Path) -> None:
    text = "\ufeff" + MATCHES.replace(ROW, "A,2025-03-01,1OO,true,\n").replace("\n", end)
    told, _ = refused(tmp_path, lambda facts: (facts / "match.csv").write_bytes(text.encode()))
    assert told == [("FACT_VALUE_WRONG", "match.csv:2:14")]
