"""The commands as a clerk runs them: output, files, exit statuses."""

import csv
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from api.cli import app
from tests.api.actions.test_score_period import district
from tests.cluster import Place
from tests.workbooks import USCC, YUETANG, altered, sample, workbook

RUNNER = CliRunner()


class Clerk:
    """A clerk at a machine with a database of her own."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.environment, self.folder = place.environment, folder

    def runs(self, *words: str, status: int = 0) -> Result:
        """Run a command; the exit status must be the expected one."""
        result = RUNNER.invoke(app, list(words), env=self.environment)
        assert result.exit_code == status, f"{result.exit_code}\n{result.stdout}\n{result.stderr}\n{result.exception!r}"
        return result

    def file(self, name: str, data: bytes) -> str:
        """A file in her folder."""
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)


@pytest.fixture
def clerk(fresh_place: Place, tmp_path: Path) -> Clerk:
    return Clerk(fresh_place, tmp_path)


def test_demo_prints_the_totals_and_can_be_run_again(clerk: Clerk) -> None:
    with (YUETANG / "expected" / "totals.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file)][1:]
    for _ in range(2):
        lines = clerk.runs("demo", "--no-serve").stdout.splitlines()
        printed = [tuple(line.rsplit(maxsplit=1)) for line in lines[-len(expected) :]]
        assert [(what.strip(), value) for what, value in printed] == expected


def test_import_reports_and_writes_the_rejected_rows(clerk: Clerk) -> None:
    sheets = altered("检查问题", 1, "数量", "若干")
    file = clerk.file("a.xlsx", workbook(sheets))
    report, rejects = clerk.folder / "报告.json", clerk.folder / "退回.xlsx"
    result = clerk.runs("import", file, "--as-of", "2026-07-10", "--report", str(report), "--rejects", str(rejects))
    assert "REJECT_ROW not_a_number  检查问题!E2  WT1" in result.stderr
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["counts"]["检查问题"] == {"found": 1, "rejected": 1, "skipped": 0, "imported": 0}
    rejected = [each for each in written["diagnostics"] if each["action"] == "REJECT_ROW"]
    assert [(each["sheet"], each["cell"], each["raw_value"]) for each in rejected] == [("检查问题", "E2", "若干")]
    assert CalamineWorkbook.from_path(str(rejects)).get_sheet_by_name("检查问题").to_python()[1][0] == "WT1"


def test_a_corrected_reject_file_completes_the_import(clerk: Clerk) -> None:
    rejects = clerk.folder / "退回.xlsx"
    bad = clerk.file("a.xlsx", workbook(altered("检查问题", 1, "数量", "若干")))
    clerk.runs("import", bad, "--as-of", "2026-07-10", "--rejects", str(rejects))
    rows = CalamineWorkbook.from_path(str(rejects)).get_sheet_by_name("检查问题").to_python()
    rows[1][rows[0].index("数量")] = 1
    corrected = clerk.file("b.xlsx", workbook({"检查问题": rows}))
    result = clerk.runs("import", corrected, "--as-of", "2026-07-10")
    assert [line.split() for line in result.stdout.splitlines() if line.startswith("finding")] == [
        ["finding", "1", "0", "0", "0"]
    ]


def test_a_refused_file_exits_non_zero_and_names_sheet_and_column(clerk: Clerk) -> None:
    file = clerk.file("a.xlsx", sample("yuetang_reject_file.xlsx"))
    result = clerk.runs("import", file, status=65)
    assert "REJECT_FILE missing_column" in result.stderr
    assert "小区台账" in result.stderr
    assert "小区编码" in result.stderr
    assert clerk.runs("score", "2025H2", status=65).stdout == ""


def test_the_template_is_a_workbook_without_rows(clerk: Clerk) -> None:
    out = clerk.folder / "空白.xlsx"
    clerk.runs("template", str(out))
    assert len(CalamineWorkbook.from_path(str(out)).sheet_names) == 19


def test_import_undo_and_the_list_of_imports(clerk: Clerk) -> None:
    clerk.runs("import", clerk.file("a.xlsx", workbook(district())), "--as-of", "2026-07-10")
    line = clerk.runs("imports").stdout.splitlines()[0].split()
    assert line[-2:] == ["APPLIED", "a.xlsx"]
    clerk.runs("undo", line[0])
    assert clerk.runs("imports").stdout.split()[-2:] == ["UNDONE", "a.xlsx"]
    assert "ILLEGAL_TRANSITION" in clerk.runs("undo", line[0], status=65).stderr


def test_score_explain_and_export(clerk: Clerk) -> None:
    clerk.runs("import", clerk.file("a.xlsx", workbook(district())), "--as-of", "2026-07-10")
    assert [line.split()[:2] for line in clerk.runs("score", "2025H2").stdout.splitlines()] == [
        ["2025-Q3", "OFFICIAL"],
        ["2025-Q4", "OFFICIAL"],
        ["2025-H2", "OFFICIAL"],
    ]
    tree = clerk.runs("explain", USCC, "2025H2").stdout
    assert "87.44" in tree
    assert "问题 WT2" in tree
    lines = json.loads(clerk.runs("explain", "甲物业有限公司", "2025H2", "--json").stdout)["lines"]
    assert (lines[0]["points"], lines[0]["clause"]) == ("87.44", "5.4 R4")
    assert "WT2" not in clerk.runs("explain", USCC, "2025H2", "--depth", "2").stdout
    assert "检查 XC1" in clerk.runs("explain", "YT0001", "2025Q3").stdout
    out = clerk.folder / "结果"
    clerk.runs("export", "results", "--out", str(out), "--bom", "--period", "2025H2", "--xlsx", str(out / "a.xlsx"))
    data = (out / "company_half_2025H2.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfcompany,name,half,")
    sheet = CalamineWorkbook.from_path(str(out / "a.xlsx")).get_sheet_by_name("company_half_2025H2").to_python()
    assert sheet[1][sheet[0].index("composite")] == 87.44


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("score", "2025H2"), 65, "NOT_FOUND"),
        (("explain", USCC, "2025H2"), 65, "NOT_FOUND"),
        (("explain", USCC, "gestern"), 65, "INVALID"),
        (("export", "results", "--out", "x"), 65, "NOT_FOUND"),
        (("export", "results"), 2, "--out"),
        (("serve", "--host", "0.0.0.0"), 69, "LOOPBACK_ONLY"),
        (("undo", "no-uuid"), 2, "valid UUID"),
        (("import", "/nowhere.xlsx"), 2, "nowhere.xlsx"),
    ],
)
def test_refusals_say_why_and_exit_non_zero(clerk: Clerk, words: tuple[str, ...], status: int, told: str) -> None:
    result = clerk.runs(*words, status=status)
    assert told in result.stderr
    assert result.stdout == ""


def test_doctor_finds_nothing_wrong(clerk: Clerk) -> None:
    clerk.runs("demo", "--no-serve")
    result = clerk.runs("doctor")
    assert "✗" not in result.stdout
    assert result.stdout.count("✓") >= 6


def test_the_committed_sdl_is_the_served_one(clerk: Clerk) -> None:
    clerk.runs("schema", "--check")
