"""Write everything scored: CSV files for programs, a workbook for reading, and the district's totals."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import xlsxwriter

from api.cycles import stored_label
from api.database import Database
from api.districts import the_district
from api.export.tables import SHEETS, Result, Sheet
from api.export.totals import totals
from api.refusals import Code, Refusal, Refused, Words
from api.workbook.sheets.labels import BODIES, FORMS
from scoring.periods import Period

FORM_NAMES = {code: name for name, code in FORMS.items()}
BODY_NAMES = {code: name for name, code in BODIES.items()}
RUNS = """
    SELECT DISTINCT ON (c.id) r.id, r.kind, r.part_ids, c.label, c.first_day, c.kind AS length, v.number,
        v.content_hash
    FROM cycle c JOIN score_run r ON r.cycle_id = c.id AND r.state = 'SUCCEEDED'
    JOIN rulebook_version v ON v.id = r.rulebook_version_id
    WHERE c.district_id = $1 ORDER BY c.id, (r.kind = 'OFFICIAL' AND NOT $2) DESC, r.given_at DESC, r.id DESC"""
RESULTS = """
    SELECT s.*, company.key AS company, named.name AS company_name, compound.code AS compound,
        compound.name AS compound_name, compound.gross_floor_area, g.form, i.inspected_on, i.body_kind AS body
    FROM score_result s
    LEFT JOIN record company ON company.id = s.company_id
    LEFT JOIN company named ON named.id = s.company_id AND named.superseded_at = 'infinity'
    LEFT JOIN compound ON compound.id = s.compound_id AND compound.superseded_at = 'infinity'
    LEFT JOIN LATERAL (
        SELECT form FROM governance_spell g WHERE g.compound_id = s.compound_id AND g.superseded_at = 'infinity'
        ORDER BY g.valid_to DESC LIMIT 1) g ON true
    LEFT JOIN record visit ON s.grain = 'inspection' AND visit.district_id = s.district_id
        AND visit.noun = 'inspection' AND visit.key = s.subject
    LEFT JOIN inspection i ON i.id = visit.id AND i.superseded_at = 'infinity'
    WHERE s.run_id = $1"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files, and the runs they show as (period, kind, rulebook number and hash)."""

    files: tuple[Path, ...]
    runs: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Everything to be written: results by sheet, the totals, and the runs behind them."""

    rows: Mapping[str, Sequence[Result]]
    totals: Sequence[tuple[str, str]]
    runs: tuple[tuple[str, str, int, str], ...]


async def scored(
    database: Database, district: str | None, period: str | None = None, *, previews: bool = False
) -> Scored:
    """The official run of each cycle that counts, or of one period and its parts; the last of any kind if `previews`.

    A cycle without an official run shows its last preview. Refused NOT_FOUND where nothing is scored.
    """
    async with database.reading_everything() as reading:
        connection = await Database.driver(reading)
        found = await the_district(connection, district)
        runs = await _runs(connection, found.id, period, previews=previews)
        results = [each for run in runs for each in await _results(connection, run)]
        _join_parts(runs, results)
        return Scored(
            {file: rows for sheet in SHEETS for file, rows in _files(sheet, results)},
            await totals(connection, found.id, [run["id"] for run in runs if run["length"] == "HALF_YEAR"]),
            tuple((run["label"], run["kind"], run["number"], run["content_hash"]) for run in runs),
        )


async def _runs(
    connection: asyncpg.Connection, district_id: UUID, period: str | None, *, previews: bool
) -> list[asyncpg.Record]:
    """Newest run of each cycle; the parts of a half-year are the very runs it took over, not newer ones."""
    rows = sorted(
        await connection.fetch(RUNS, district_id, previews), key=lambda row: (row["first_day"], row["length"])
    )
    wholes = [row for row in rows if row["part_ids"]]
    taken = {UUID(part): row for row in wholes for part in row["part_ids"]}
    if period is not None:
        label = stored_label(parsed_period(period))
        rows = [row for row in rows if row["label"] == label]
        taken = {part: row for part, row in taken.items() if row["label"] == label}
    inside = await connection.fetch(
        RUNS.replace("DISTINCT ON (c.id) ", "").replace("WHERE c.district_id = $1", "WHERE r.id = ANY($1)"),
        *(list(taken), previews),
    )
    replaced = {row["label"] for row in inside}
    chosen = [*inside, *(row for row in rows if row["label"] not in replaced)]
    if not chosen:
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words(f"没有{period or ''}的评分结果。", f"Nothing is scored{' for ' + period if period else ''}."),
                Words("先用 zhunze score 评分。", "Score a period first with zhunze score."),
            )
        )
    return sorted(chosen, key=lambda row: (row["first_day"], row["length"]))


def parsed_period(period: str) -> Period:
    """The period a clerk wrote; refused INVALID if it is none."""
    try:
        return Period.parse(period)
    except ValueError:
        raise Refused(
            Refusal(
                Code.INVALID,
                Words(f"「{period}」不是期间。", f"{period} is no period."),
                Words("例如 2026H1 或 2026Q1。", "Write for example 2026H1 or 2026Q1."),
                ("period",),
            )
        ) from None


async def _results(connection: asyncpg.Connection, run: asyncpg.Record) -> list[dict[str, Any]]:
    found = []
    for row in await connection.fetch(RESULTS, run["id"]):
        each = dict(row)
        each["period"] = run["label"].replace("-", "")
        each["form"] = FORM_NAMES.get(each["form"], each["form"])
        each["body"] = BODY_NAMES.get(each["body"], each["body"])
        found.append(each)
    return found


def _join_parts(runs: Sequence[asyncpg.Record], results: Sequence[dict[str, Any]]) -> None:
    """Give each result of a whole period the totals of the same company in its parts."""
    of_part = {
        (each["run_id"], each["company_id"]): each["total"] for each in results if each["grain"] == "company_quarter"
    }
    parts = {run["id"]: [UUID(part) for part in run["part_ids"]] for run in runs}
    for each in results:
        each["parts"] = [of_part.get((part, each["company_id"])) for part in parts[each["run_id"]]]


def _files(sheet: Sheet, results: Sequence[Result]) -> Iterator[tuple[str, list[Result]]]:
    """The files of a sheet with their rows in order: one, or one a period where the name says so."""
    mine = sorted((each for each in results if each["grain"] == sheet.grain), key=sheet.order)
    if "{period}" not in sheet.name:
        yield sheet.name, mine
        return
    for period in dict.fromkeys(each["period"] for each in mine):
        yield sheet.name.format(period=period), [each for each in mine if each["period"] == period]


def _sheet_of(file: str) -> Sheet:
    return next(sheet for sheet in SHEETS if file.startswith(sheet.name.split("{")[0]))


def write_csv(found: Scored, folder: Path, *, bom: bool = False) -> Exported:
    """One CSV file per sheet in `folder` (RFC 4180, lines end in CR LF), UTF-8, with a byte order mark where `bom`.

    Each file appears whole or not at all: it is written beside its place and then renamed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, rows in found.rows.items():
        columns = _sheet_of(name).columns
        lines = [[column.header for column in columns], *([column.text(row) for column in columns] for row in rows)]
        files.append(_write(folder / name, lines, bom))
    files.append(_write(folder / "totals.csv", [["what", "value"], *map(list, found.totals)], bom))
    return Exported(tuple(files), found.runs)


def _write(path: Path, lines: Sequence[Sequence[str]], bom: bool) -> Path:
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([[_harmless(cell) for cell in line] for line in lines])
    beside.replace(path)
    return path


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets a quote in front; numbers stay numbers.

    >>> _harmless("=1+1"), _harmless("-4.00"), _harmless("@x")
    ("'=1+1", '-4.00', "'@x")
    """
    if cell[:1] in {"=", "@", "\t", "\r"} or (cell[:1] in {"+", "-"} and not _is_number(cell)):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    return cell[1:].replace(".", "", 1).isdigit()


def write_xlsx(found: Scored, path: Path) -> Exported:
    """One workbook with a sheet per file; every cell is text or a number, never a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    book = xlsxwriter.Workbook(str(beside), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    tables = {name: [[column.header for column in _sheet_of(name).columns]] for name in found.rows}
    for name, rows in found.rows.items():
        tables[name] += [[column.text(row) for column in _sheet_of(name).columns] for row in rows]
    tables["totals.csv"] = [["what", "value"], *map(list, found.totals)]
    for name, lines in tables.items():
        sheet = book.add_worksheet(name.removesuffix(".csv"))
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if number and cell and _is_number(f"+{cell.removeprefix('-')}") and len(cell) < 16:
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell, bold if number == 0 else None)
        sheet.autofit()
    book.close()
    beside.replace(path)
    return Exported((path,), found.runs)
