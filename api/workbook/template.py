"""A blank workbook to fill in: every sheet with its headings, notes, lists of allowed values and formats."""

from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.workbook.columns import FIRST_DAY, LAST_DAY, Choice, Column, Day, Integer, Need, Number, Sheet
from api.workbook.notes import NEEDS, example_of, kind_of, note_of
from api.workbook.sheets import GUIDE, SHEETS

LAST_ROW = 999_999
"""Index of the last row that the reader takes."""

MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet has no zones; a fixed day makes the same bytes each time

GUIDE_LINES = (
    "物业服务管理数据填报模板",
    "每张表第一行是列名,请勿改动;从第二行起填写,一行一条。列的顺序可以调整,不需要的表可以删除。",
    "底色深的列必填。日期按 2026-03-25 填写;编码按文本填写,不要丢掉前面的 0;金额以列名中的单位为准,不加千位分隔符。",
    "不要填合计行,不要用合并单元格,不要用公式引用其他文件。",
    "导入后会逐格报告问题:能读懂的照常导入,有问题的行退回更正,其余各行不受影响。",
)
GUIDE_HEADINGS = ("表", "列", "要求", "填写内容", "例")


def open_workbook(buffer: BytesIO) -> Workbook:
    """Start a workbook in which text stays text, whatever it begins with."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    workbook = Workbook(buffer, options)
    workbook.set_properties({"created": MADE_ON, "title": "物业服务管理数据"})
    return workbook


def template() -> bytes:
    """Write the blank workbook; the same bytes each time."""
    buffer = BytesIO()
    with open_workbook(buffer) as workbook:
        _write_guide(workbook)
        for sheet in SHEETS:
            _write_sheet(workbook, sheet)
    return buffer.getvalue()


def _write_guide(workbook: Workbook) -> None:
    page = workbook.add_worksheet(GUIDE)
    title, heading = workbook.add_format({"bold": True, "font_size": 14}), _heading(workbook, required=True)
    for row, line in enumerate(GUIDE_LINES):
        page.write_string(row, 0, line, title if row == 0 else None)
    top = len(GUIDE_LINES) + 1
    for place, text in enumerate(GUIDE_HEADINGS):
        page.write_string(top, place, text, heading)
    columns = [(sheet, column) for sheet in SHEETS for column in sheet.shown]
    for row, (sheet, column) in enumerate(columns, top + 1):
        cells = (sheet.name, column.header, NEEDS[column.need], kind_of(column), example_of(column))
        for place, text in enumerate(cells):
            page.write_string(row, place, text)
    for place, width in enumerate((16, 22, 20, 60, 30)):
        page.set_column(place, place, width)


def _heading(workbook: Workbook, *, required: bool) -> Format:
    colour = "#9DC3E6" if required else "#DDEBF7"
    return workbook.add_format({"bold": True, "border": 1, "bg_color": colour, "text_wrap": True, "valign": "vcenter"})


def _write_sheet(workbook: Workbook, sheet: Sheet) -> None:
    page = workbook.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    headings = {required: _heading(workbook, required=required) for required in (True, False)}
    formats = {
        "text": workbook.add_format({"num_format": "@"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "number": workbook.add_format({"num_format": "General"}),
    }
    for place, column in enumerate(sheet.shown):
        page.set_column(place, place, max(12, 2 * len(column.header) + 4), formats[_format_of(column)])
        page.write_string(0, place, column.header, headings[column.need is Need.REQUIRED])
        page.write_comment(0, place, note_of(column), {"x_scale": 2, "y_scale": 1.5, "author": GUIDE})
        _restrict(page, place, column)


def _format_of(column: Column) -> str:
    match column.type:
        case Day():
            return "day"
        case Integer() | Number():
            return "number"
        case _:
            return "text"


def _restrict(page: Worksheet, place: int, column: Column) -> None:
    """Let the spreadsheet program itself refuse what the reader would refuse."""
    rule: dict[str, object]
    match column.type:
        case Choice(labels):
            rule = {"validate": "list", "source": list(labels)}
        case Day():
            rule = {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        case Integer(low, high):
            rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        case Number(low=least, high=most):
            rule = {"validate": "decimal", "criteria": "between", "minimum": float(least), "maximum": float(most)}
        case _:
            return
    title, message = f"{column.header}有误"[:32], f"{NEEDS[column.need]}。{kind_of(column)}。"[:255]
    page.data_validation(1, place, LAST_ROW, place, {**rule, "error_title": title, "error_message": message})
