"""A workbook of the rows that were left out, as they stood in the file, each with its reasons: correct it, import it.

Nothing in it is ever a formula: text that begins with `=`, `+`, `-` or `@` is written as text, and so are formulas that
came without a result.
"""

from datetime import date, datetime, time, timedelta
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.workbook.cells import Cell, Fault, Formula, raw_text, squeeze
from api.workbook.reading import Reading, RejectedRows
from api.workbook.sheets import GUIDE
from api.workbook.template import open_workbook

REASON, ROW = "问题", "原行号"
TEXT_MAX = 32_767
"""Characters that a cell can hold."""

GUIDE_LINES = (
    "这里是导入时退回的行,内容与原文件相同。",
    "请按最后两列“问题”和“原行号”的提示更正各行,然后直接导入本文件;这两列不会被导入。",
    "不需要更正的行可以删除。",
)
NONE_REJECTED = "没有退回的行。"
FILE_REFUSED = "整个文件未导入,请更正原文件后重新导入。原因如下:"


def rejects(reading: Reading) -> bytes:
    """Write the rejected rows of a reading, one sheet for each sheet that has some; the same bytes each time."""
    buffer = BytesIO()
    with open_workbook(buffer) as workbook:
        _write_guide(workbook.add_worksheet(GUIDE), reading)
        formats = {
            "heading": workbook.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"}),
            "reason": workbook.add_format({"text_wrap": True, "font_color": "#C00000", "valign": "top"}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": workbook.add_format({"num_format": "[h]:mm:ss"}),
        }
        for rejected in reading.rejected.values():
            _write_sheet(workbook, rejected, formats)
    return buffer.getvalue()


def _write_guide(page: Worksheet, reading: Reading) -> None:
    if reading.refused:
        refusals = [remark for remark in reading.diagnostics if remark.action == "REJECT_FILE"]
        lines = [FILE_REFUSED, *(f"{remark.message.zh}{remark.remedy.zh}" for remark in refusals)]
    else:
        lines = list(GUIDE_LINES if reading.rejected else (NONE_REJECTED,))
    for row, line in enumerate(lines):
        page.write_string(row, 0, line)


def _write_sheet(workbook: Workbook, rejected: RejectedRows, formats: dict[str, Format]) -> None:
    page = workbook.add_worksheet(rejected.sheet)
    page.freeze_panes(1, 0)
    kept = [place for place, heading in enumerate(rejected.headings) if squeeze(heading) not in (REASON, ROW)]
    headings = [*(rejected.headings[place] for place in kept), REASON, ROW]
    for place, heading in enumerate(headings):
        page.write_string(0, place, heading, formats["heading"])
    for row, (line, cells, reasons) in enumerate(rejected.rows, 1):
        for place, source in enumerate(kept):
            _write_cell(page, (row, place), cells[source], formats)
        page.write_string(row, len(kept), reasons[:TEXT_MAX], formats["reason"])
        page.write_number(row, len(kept) + 1, line)
    page.set_column(0, len(kept) - 1, 16)
    page.set_column(len(kept), len(kept), 60)


def _write_cell(page: Worksheet, at: tuple[int, int], cell: Cell, formats: dict[str, Format]) -> None:
    match cell:
        case "":
            return
        case str():
            page.write_string(*at, cell[:TEXT_MAX])
        case bool():
            page.write_boolean(*at, cell)
        case float() | int():
            page.write_number(*at, cell)
        case datetime():
            page.write_datetime(*at, cell, formats["moment"])
        case date():
            page.write_datetime(*at, cell, formats["day"])
        case time() | timedelta():
            page.write_datetime(*at, cell, formats["time"])
        case Formula() | Fault():
            page.write_string(*at, raw_text(cell)[:TEXT_MAX])
