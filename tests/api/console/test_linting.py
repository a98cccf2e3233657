"""`zhunze lint` and `zhunze diff` as a drafter runs them: what they print and how they end."""

import json
from pathlib import Path

from typer.testing import CliRunner

from api.cli import app
from scoring.rulebooks import text

RUNNER = CliRunner()
BOOK = "yuetang-2025-1"


def draft(folder: Path, find: str, replace: str) -> str:
    """A draft in a file: the district's rulebook with one change."""
    assert text(BOOK).count(find) == 1
    path = folder / "draft.yaml"
    path.write_text(text(BOOK).replace(find, replace), encoding="utf-8")
    return str(path)


def test_a_sound_rulebook_ends_well_and_shows_the_ranges_of_its_scores() -> None:
    result = RUNNER.invoke(app, ["lint", BOOK, "--collected"])
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[-6:] == [
        "company.composite: -1000000000 .. 105",
        "inspection.score: 0 .. 100",
        "compound_quarter.score: 0 .. 100",
        "unit_quarter.score: 0 .. 100",
        "company_quarter.score: 0 .. 100",
        "yuetang-2025-1.yaml: 0 项不可采用,7 项提示 / 0 block, 7 notes",
    ]


def test_a_finding_is_told_in_full(tmp_path: Path) -> None:
    path = draft(tmp_path, '"100 - deducted"', '"1OO - deducted"')
    result = RUNNER.invoke(app, ["lint", path])
    assert result.exit_code == 65
    assert result.stdout.splitlines() == [
        "BLOCK  LOOKS_LIKE_A_NUMBER  draft.yaml:165:43",
        "  「1OO」含字母 O,不是数字。应为 100 吗?请把字母改成数字。",
        "  `1OO` holds the letter O, so it is no number. Is 100 meant? Replace the letter by the digit.",
        "  例 e.g. 1OO - deducted",
        "draft.yaml: 1 项不可采用,0 项提示 / 1 block, 0 notes",
    ]


def test_notes_do_not_block_and_one_bad_rulebook_among_several_does(tmp_path: Path) -> None:
    path = draft(tmp_path, "inspection_part: 0.60", "inspection_part: 0.06")
    assert RUNNER.invoke(app, ["lint", path]).exit_code == 0
    path = draft(tmp_path, "item.each * count", "item.eech * count")
    result = RUNNER.invoke(app, ["lint", BOOK, path])
    assert result.exit_code == 65
    assert result.stdout.splitlines()[-1] == "draft.yaml: 1 项不可采用,0 项提示 / 1 block, 0 notes"


def test_findings_as_data(tmp_path: Path) -> None:
    path = draft(tmp_path, "item.each * count", "item.eech * count")
    result = RUNNER.invoke(app, ["lint", path, "--json"])
    assert result.exit_code == 65
    [finding] = json.loads(result.stdout)
    assert finding == {
        "code": "NAME_UNKNOWN",
        "blocks": True,
        "file": "draft.yaml",
        "line": 170,
        "column": 50,
        "message": {
            "zh": "在「finding」处没有名称「item.eech」。",
            "en": "There is no `item.eech` at `finding`.",
        },
        "remedy": {
            "zh": "请检查拼写;可用的名称有:each, item, code, category, cap, severity。",
            "en": "Check the spelling; names at hand: each, item, code, category, cap, severity.",
        },
        "example": 'deduction: {law: "2.5", over: finding, sum: "item.eech * count * multiplier", cap: "item.cap"}',
    }


def test_no_rulebook_of_that_name() -> None:
    result = RUNNER.invoke(app, ["lint", "nothing.yaml"])
    assert result.exit_code == 65
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == "NOT_FOUND 没有规则文件 nothing.yaml。"


def test_changes_in_words(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["diff", BOOK, draft(tmp_path, "inspection_part: 0.60", "inspection_part: 0.55")])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "指标 measures.company.base.blend.inspection_part「基础分」(第 5.1 条):由 0.6 改为 0.55。",
        "  measures.company.base.blend.inspection_part “Base” (clause 5.1): 0.6 became 0.55.",
        "共 1 处改动 / 1 changes",
    ]


def test_a_rulebook_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["diff", BOOK, draft(tmp_path, "rulebook: yuetang", "rulebook: Yue Tang")])
    assert result.exit_code == 65
    assert result.stdout == ""
    assert result.stderr.startswith("NAME_WRONG  draft.yaml:3:11\n")
