"""What is looked for in a package before it is trusted: each kind of harm refuses the file, and nothing is read."""

import struct
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workbook import Reading, read_workbook
from api.workbook.cells import Fault, Formula
from api.workbook.package import UnreadableError, open_package
from tests.api.workbook.books import book, brief, edited, only, put, written

SHEET = "xl/worksheets/sheet1.xml"


def areas() -> bytes:
    return written(book("街道社区"))


def same(_name: str, content: bytes) -> bytes:
    return content


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def edit(name: str, content: bytes) -> bytes:
        assert name != SHEET or old in content
        return content.replace(old, new, 1) if name == SHEET else content

    return edit


def refused(data: bytes) -> tuple[str, ...]:
    """Kinds for which a file is refused, after making sure that nothing came of it."""
    reading = read_workbook(data)
    assert reading.refused
    assert (reading.rows, reading.counts, reading.rejected) == ({}, {}, {})
    assert {each.action for each in reading.diagnostics} == {"REJECT_FILE"}
    assert {each.sheet for each in reading.diagnostics} == {""}
    return tuple(each.kind for each in reading.diagnostics)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "unreadable_file"),
        (b"hello", "unreadable_file"),
        ("小区编码,小区名称\nYT0001,甲".encode("gbk"), "unreadable_file"),
        (b"PK\x03\x04" + b"junk" * 20, "unreadable_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted_file"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, kind: str) -> None:
    assert refused(data) == (kind,)


def test_a_file_cut_short_is_refused() -> None:
    assert refused(areas()[:-200]) == ("unreadable_file",)


def test_any_other_zip_is_refused() -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    assert refused(buffer.getvalue()) == ("unreadable_file",)


def test_none_of_our_sheets_is_a_reason_that_names_what_is_there() -> None:
    data = written({"Sheet1": [["小区编码"]], "数据": []})
    assert refused(data) == ("no_known_sheet",)
    assert "Sheet1、数据" in read_workbook(data).diagnostics[0].message.zh


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl__vbaProject.bin", "file_with_macros"),
        ("xl__macrosheets__sheet1.xml", "file_with_macros"),
        ("xl__externalLinks__externalLink1.xml", "external_links"),
        ("xl__connections.xml", "external_links"),
    ],
)
def test_parts_that_act_or_reach_out_are_refused(part: str, kind: str) -> None:
    assert refused(edited(areas(), same, **{part: b"<x/>"})) == (kind,)


def test_every_reason_in_the_table_of_contents_is_told_at_once() -> None:
    data = edited(areas(), same, **{"xl__vbaProject.bin": b"x", "xl__externalLinks__externalLink1.xml": b"<x/>"})
    assert refused(data) == ("file_with_macros", "external_links")


def test_a_content_type_with_macros_is_enough() -> None:
    def edit(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if "Content_Types" in name else content
        )

    assert refused(edited(areas(), edit)) == ("file_with_macros",)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels", "docProps/app.xml"])
def test_entities_are_refused_in_every_part(part: str) -> None:
    def edit(name: str, content: bytes) -> bytes:
        head, tag, tail = content.partition(b"?>")
        return head + tag + b'<!DOCTYPE a [<!ENTITY b "c">]>' + tail if name == part else content

    assert refused(edited(areas(), edit)) == ("entity_expansion",)


def test_no_other_encoding_is_read() -> None:
    def utf_16(name: str, content: bytes) -> bytes:
        return content.decode().replace("UTF-8", "UTF-16").encode("utf-16") if name == SHEET else content

    def gbk(name: str, content: bytes) -> bytes:
        return content.replace(b'encoding="UTF-8"', b'encoding="GBK"') if name == SHEET else content

    assert refused(edited(areas(), utf_16)) == ("wrong_encoding",)
    assert refused(edited(areas(), gbk)) == ("wrong_encoding",)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = in_sheet(b"</sheetData>", b" " * (40 << 20) + b"</sheetData>")
    assert refused(edited(areas(), bomb)) == ("zip_bomb",)


def test_a_part_larger_than_it_says_is_refused() -> None:
    data = bytearray(areas())
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    (size,) = struct.unpack_from("<I", data, place + 24)
    struct.pack_into("<I", data, place + 24, size - 10)
    assert refused(bytes(data))[0] in ("zip_bomb", "unreadable_file")


def test_too_many_parts_are_refused() -> None:
    assert refused(edited(areas(), same, **{f"xl__media__{number}": b"" for number in range(2_000)})) == ("zip_bomb",)


def test_two_parts_of_one_name_are_refused() -> None:
    buffer = BytesIO(areas())
    with ZipFile(buffer, "a", ZIP_DEFLATED) as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<x/>")
    assert refused(buffer.getvalue()) == ("unreadable_file",)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (b'<row r="1000001"><c r="A1000001"><v>1</v></c></row>', "too_many_rows"),
        (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        (b'<row r="9"><c r="A9999999999"><v>1</v></c></row>', "too_many_rows"),
        (b'<row r="900000"><c r="XFD900000"><v>1</v></c></row>', "too_many_cells"),
        (b'<row r="900000"><c r="Z900000"><v>1</v></c></row>', "too_many_cells"),
        (b"<row r='900000'><c r='XFD900000'><v>1</v></c></row>", "too_many_cells"),
    ],
)
def test_a_stray_cell_far_away_takes_no_memory(cell: bytes, kind: str) -> None:
    reading = read_workbook(edited(areas(), in_sheet(b"</sheetData>", cell + b"</sheetData>")))
    remark = only(reading)
    assert (remark.kind, remark.action, remark.sheet) == (kind, "REJECT_SHEET", "街道社区")
    assert reading.rows == {}


def test_a_far_cell_without_content_is_nothing() -> None:
    edit = in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    assert read_workbook(edited(areas(), edit)).diagnostics == ()


def fees(cell: bytes) -> Reading:
    """The reading of a district in which the cell E2 (money received) of the fees is `cell`."""
    data = written(book())
    position = list(book()).index("物业费收缴") + 1

    def edit(name: str, content: bytes) -> bytes:
        old = b'<c r="E2"><v>83454.77</v></c>'
        assert name != f"xl/worksheets/sheet{position}.xml" or old in content
        return content.replace(old, cell) if name.endswith(f"sheet{position}.xml") else content

    return read_workbook(edited(data, edit))


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        (b'<c r="E2"><f>D2*0.9</f><v></v></c>', "=D2*0.9"),
        (b'<c r="E2"><f>D2*0.9</f></c>', "=D2*0.9"),
        (b'<c r="E2"><f>IF(D2&lt;5,1,2)</f><v/></c>', "=IF(D2<5,1,2)"),
        (b"<c r='E2'><f >D2*0.9</f></c>", "=D2*0.9"),
    ],
)
def test_a_formula_without_result_is_never_computed(cell: bytes, formula: str) -> None:
    reading = fees(cell)
    remark = only(reading)
    assert (remark.kind, remark.action, remark.cell) == ("formula_no_cached_value", "REJECT_ROW", "E2")
    assert remark.raw_value == formula
    assert len(reading.rows["fee_period"]) == 0


def test_a_formula_with_its_result_is_the_result() -> None:
    reading = fees(b'<c r="E2"><f>83000+0.5</f><v>83000.5</v></c>')
    assert reading.diagnostics == ()
    assert reading.rows["fee_period"].column("collected_fen") == [8300050]


def test_a_result_of_nothing_is_an_empty_cell() -> None:
    assert brief(fees(b'<c r="E2" t="str"><f>IF(1,"","")</f><v></v></c>')) == [
        ("missing_required", "REJECT_ROW", "物业费收缴!E2", "")
    ]


@pytest.mark.parametrize("cell", [b'<c r="E2" t="e"><v>#REF!</v></c>', b'<c r="E2" t="e"><f>A1</f><v>#REF!</v></c>'])
def test_an_error_is_no_value(cell: bytes) -> None:
    remark = only(fees(cell))
    assert (remark.kind, remark.action, remark.raw_value) == ("error_value", "REJECT_ROW", "#REF!")


def test_where_the_formulas_are_is_known_by_sheet() -> None:
    def edit(name: str, content: bytes) -> bytes:
        row = b'<row r="9"><c r="A9"><f t="shared" si="0" ref="A9:B9">C9+1</f></c><c r="B9"><f t="shared" si="0"/></c>'
        row += b'<c t="e"><v>#N/A</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", row) if name == SHEET else content

    package = open_package(edited(areas(), edit))
    assert package.calculated("街道社区") == {
        (8, 0): Formula("C9+1"),
        (8, 1): Formula("C9+1"),
        (8, 2): Fault("#N/A"),
    }
    assert package.calculated("说明") == {}
    assert (package.surveys["街道社区"].rows, package.surveys["街道社区"].columns) == (9, 6)


def test_prefixed_tags_are_seen_too() -> None:
    def edit(name: str, content: bytes) -> bytes:
        row = b'<x:row r="9"><x:c r="A9"><x:f>C9+1</x:f></x:c></x:row></sheetData>'
        return content.replace(b"</sheetData>", row) if name == SHEET else content

    assert open_package(edited(areas(), edit)).calculated("街道社区") == {(8, 0): Formula("C9+1")}


def test_the_date_system_of_the_file_is_kept() -> None:
    content = put(book("街道社区", "物业企业"), "物业企业", "备案日期", 44644.0)
    reading = read_workbook(written(content, date_1904=True))
    assert brief(reading) == [("date_as_serial", "ACCEPT", "物业企业!G2", "2026-03-25")]
    assert str(reading.rows["company"].column("registered_on")[0]) == "2002-03-27"


AREAS = areas()
PARTS = (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/sharedStrings.xml")
SCRAPS = (
    b"<",
    b">",
    b"/",
    b'"',
    b"r",
    b"0",
    b'<c r="A0">',
    b'<row r="0">',
    b"<f>",
    b"<c><v>x</v></c>",
    b't="e"',
    b"&#0;",
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(AREAS) - 1), st.binary(min_size=1, max_size=4))
def test_damaged_bytes_are_refused_or_read_and_never_raise(at: int, scrap: bytes) -> None:
    assert isinstance(read_workbook(AREAS[:at] + scrap + AREAS[at + len(scrap) :]), Reading)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PARTS), st.integers(0, 2_000), st.sampled_from(SCRAPS), st.integers(0, 8))
def test_damaged_parts_are_refused_or_read_and_never_raise(part: str, at: int, scrap: bytes, lost: int) -> None:
    def edit(name: str, content: bytes) -> bytes:
        place = at % len(content)
        return content[:place] + scrap + content[place + lost :] if name == part else content

    assert isinstance(read_workbook(edited(AREAS, edit)), Reading)


def test_a_damaged_relationship_is_a_reason_and_not_a_crash() -> None:
    def edit(name: str, content: bytes) -> bytes:
        return content.replace(b"officeDocument", b"nothing") if name == "_rels/.rels" else content

    with pytest.raises(UnreadableError, match="unreadable_file"):
        open_package(edited(areas(), edit))
