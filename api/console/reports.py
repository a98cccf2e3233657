"""What acts say when they are done: tables for a terminal, plain lines in a pipe, JSON for programs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from rich.table import Table

from api.actions.import_workbook import Outcome
from api.console.edge import ERRORS, OUTPUT
from api.database import Database
from api.districts import the_district
from api.doctor import Check
from api.export.results import Exported
from api.knowledge import Changes
from api.runs import Made
from api.workbook.rejects import rejects as rejected_workbook

SEVEREST = ("REJECT_FILE", "REJECT_SHEET", "REJECT_ROW", "WARN", "ACCEPT")
SAME_MAX = 5
SHOWN_MAX = 40
"""Diagnostics printed on the terminal; the report holds all of them."""


def table(*headers: str) -> Table:
    """A plain table; the first column is text, all that follow are numbers unless told otherwise."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, header in enumerate(headers):
        made.add_column(header, justify="right" if number else "left", overflow="fold")
    return made


def write_report(outcome: Outcome, report: Path | None, rejects: Path | None) -> None:
    """The JSON report, and a workbook of the rejected rows for correction; each is named once it is written."""
    if report is not None:
        report.write_bytes(orjson.dumps(outcome.report(), option=orjson.OPT_INDENT_2))
        ERRORS.print(f"报告已写入 {report} / report written", markup=False)
    if rejects is not None:
        rejects.write_bytes(rejected_workbook(outcome.reading))
        ERRORS.print(f"退回行已写入 {rejects} / rejected rows written", markup=False)


def show_import(outcome: Outcome, *, dry_run: bool) -> None:
    """Counts per sheet, the first problems with their remedies, and what became known."""
    show_diagnostics(outcome)
    if outcome.reading.refused:
        ERRORS.print("[bold red]整个文件被退回,什么都没有写入。[/] The whole file is refused; nothing was written.")
        return
    counts = table("工作表 sheet", "读到 found", "退回 rejected", "略过 skipped", "导入 imported")
    for sheet, each in outcome.reading.counts.items():
        counts.add_row(sheet, *(str(value) for value in (each.found, each.rejected, each.skipped, each.imported)))
    OUTPUT.print(counts)
    if outcome.repeated:
        OUTPUT.print(f"该文件已作为批次 {outcome.batch_id} 导入,未作更改。 Imported before: nothing changed.")
        return
    show_changes(outcome.changes)
    done = "试运行,未写入 dry run, nothing written" if dry_run else f"批次 batch {outcome.batch_id}"
    OUTPUT.print(done)


def show_diagnostics(outcome: Outcome) -> None:
    """The first problems of a file on standard error, and how many more there are."""
    found = sorted(outcome.reading.report()["diagnostics"], key=lambda each: SEVEREST.index(each["action"]))
    shown = list(_folded(found))[:SHOWN_MAX]
    for each in shown:
        place = f"{each['sheet']}!{each['cell']}" if each["cell"] else each["sheet"]
        ERRORS.print(f"{each['action']} {each['kind']}  {place}  {each['row_key']}", markup=False)
        ERRORS.print(f"  {each['message']['zh']} {each['remedy']['zh']}", markup=False)
        ERRORS.print(f"  {each['message']['en']} {each['remedy']['en']}", markup=False)
    if len(found) > len(shown):
        more = len(found) - len(shown)
        ERRORS.print(f"… 另有 {more} 条,见 --report。 {more} more: use --report.")


def _folded(found: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """At most a few remarks of each kind on each sheet; the report holds all."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in found:
        key = (each["action"], each["sheet"], each["kind"])
        seen[key] += 1
        if seen[key] <= SAME_MAX:
            yield each


def show_changes(changes: Mapping[str, Changes]) -> None:
    """What became known, noun by noun; nouns without a change are left out."""
    moved = {noun: each for noun, each in changes.items() if each.any()}
    if not moved:
        OUTPUT.print("没有变化。 Nothing changed.")
        return
    shown = table("对象 noun", "新增 added", "更改 changed", "未变 unchanged", "关闭 closed")
    for noun, each in moved.items():
        shown.add_row(noun, *(str(value) for value in (each.added, each.changed, each.unchanged, each.closed)))
    OUTPUT.print(shown)


async def batches(database: Database, district: str | None) -> Sequence[Mapping[str, Any]]:
    """Every import of a district, newest first."""
    async with database.reading_everything() as reading:
        connection = await Database.driver(reading)
        found = await the_district(connection, district)
        rows: Sequence[Mapping[str, Any]] = await connection.fetch(
            "SELECT id, recorded_at, as_of, state, file_name FROM import_batch WHERE district_id = $1"
            " ORDER BY recorded_at DESC",
            found.id,
        )
        return rows


def show_batches(rows: Sequence[Mapping[str, Any]]) -> None:
    """Imports, a line each."""
    for row in rows:
        line = (row["id"], f"{row['recorded_at']:%Y-%m-%d %H:%M:%S}Z", row["as_of"], row["state"], row["file_name"])
        OUTPUT.print("  ".join(str(each) for each in line), markup=False)


def show_runs(runs: Sequence[Made]) -> None:
    """Runs, a line each."""
    for run in runs:
        known = "  (已有 known)" if run.repeated else ""
        OUTPUT.print(f"{run.label}  {run.kind}  {run.result_hash}  run {run.id}{known}", markup=False)


def show_totals(totals: Sequence[tuple[str, str]]) -> None:
    """The district in numbers."""
    shown = table("", "")
    shown.show_header = False
    for what, value in totals:
        shown.add_row(what, value)
    OUTPUT.print(shown)


def show_export(exported: Exported) -> None:
    """Which runs were written, and where."""
    for label, kind, number, content_hash in exported.runs:
        ERRORS.print(f"{label}  {kind}  rulebook {number} {content_hash}", markup=False)
    for path in exported.files:
        OUTPUT.print(str(path), markup=False)


def show_checks(checks: Sequence[Check]) -> bool:
    """The doctor's findings; returns whether all is well."""
    for each in checks:
        mark = "[green]✓[/]" if each.ok else "[red]✗[/]"
        OUTPUT.print(f"{mark} {each.name}: {each.detail.zh} {each.detail.en}")
        if each.remedy is not None and not each.ok:
            OUTPUT.print(f"  → {each.remedy.zh}\n    {each.remedy.en}")
        for line in each.sql:
            OUTPUT.print(f"    {line}", markup=False)
    return all(each.ok for each in checks)
