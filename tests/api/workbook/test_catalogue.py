"""Every remark that the code can make has its sentences, in both languages, without a gap."""

import re
from pathlib import Path
from string import Formatter

import pytest

from api.workbook.catalogue import CATALOGUE, Words
from api.workbook.diagnostics import Action, Diagnostic

SOURCES = Path(__file__).parents[3] / "api" / "workbook"
GAPS = {"where", "column", "detail", "raw", "value", "key"}
MAKERS = re.compile(
    r"(?:reject|warn|accept|Problem|Diagnostic|_refusal|_note|_outside)\(\s*(?:[a-z_.]+, )*\"([a-z_]+)\"|"
    r"(?:kind|found|cause|shaped?|return) ?=? (?:\"([a-z]+_[a-z_]+)\")"
)


def test_every_kind_made_in_the_code_has_an_entry() -> None:
    made = {
        kind
        for path in SOURCES.rglob("*.py")
        if "catalogue" not in path.parts and path.name not in {"sheets.py", "makers.py"}
        for match in MAKERS.finditer(path.read_text(encoding="utf-8"))
        for kind in match.groups()
        if kind
    }
    assert len(made) > 40
    assert {kind for kind in made if not any(entry.split(":")[0] == kind for entry in CATALOGUE)} == set()


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_sentences_are_whole(kind: str) -> None:
    entry = CATALOGUE[kind]
    for words in (entry.message, entry.remedy):
        assert words.zh.endswith("。")
        assert words.en.endswith(".")
        assert re.search(r"[\u4e00-\u9fff]", words.zh)
        for text in (words.zh, words.en):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= GAPS


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_remark_says_where_and_what(kind: str) -> None:
    name, _, action = kind.partition(":")
    remark = Diagnostic(
        *(name, Action(action or "REJECT_ROW"), "检查问题"),
        row=5,
        cell="C5",
        row_key="WT1",
        column="数量",
        column_en="count",
        raw_value="{raw}",
        normalised_value="1",
        detail=Words("细节", "detail"),
    )
    report = remark.as_dict()
    assert set(report) == {
        *("sheet", "cell", "row_key", "column", "kind", "raw_value", "action", "normalised_value"),
        *("message", "remedy"),
    }
    assert "{where}" not in remark.message.zh
    assert ("{raw}" in remark.message.zh) == ("{raw}" in CATALOGUE[kind].message.zh)


def test_codes_of_refusals_are_those_of_the_interface() -> None:
    assert {entry.code for entry in CATALOGUE.values()} == {
        *("INVALID", "NOT_FOUND", "DUPLICATE", "OVERLAP", "TOO_MANY_ROWS")
    }
    assert Diagnostic("stray_spaces", Action.ACCEPT).code is None
    assert Diagnostic("duplicate_row", Action.WARN).code is None
    assert Diagnostic("unknown_area", Action.REJECT_ROW).code == "NOT_FOUND"


def test_a_sheet_that_takes_the_file_down_says_so() -> None:
    assert "整个文件未导入" in Diagnostic("missing_header", Action.REJECT_FILE, "检查记录").message.zh
    assert "整个文件" not in Diagnostic("missing_header", Action.REJECT_SHEET, "检查记录").message.zh
    assert Diagnostic("missing_column", Action.REJECT_FILE, "检查记录", column="状态").message.zh.count("整个文件") == 1
