"""The zip package of a workbook, looked at before anything trusts it.

Every part is unpacked once, in pieces and under a limit, and searched for what has no place in a district's data:
macros, links to other files, entity declarations. A sheet of ordinary shape costs no more than that; one with formulas,
errors or cells far outside a table is surveyed exactly, for the reader of values knows only results and lays out a
sheet as one rectangle however large.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from posixpath import join, normpath
from typing import NamedTuple
from xml.etree import ElementTree

from api.workbook.cells import Fault, Formula
from api.workbook.dates import EPOCH_1900, EPOCH_1904
from api.workbook.survey import Survey, survey

CHUNK = 1 << 20
PARTS_MAX = 2_000
UNPACKED_MAX = 1 << 30
RATIO_MAX, RATIO_FROM = 250, 32 << 20
"""Unpacked bytes per packed byte, looked at from 32 MiB on: tables of a district reach 30."""

OLE = b"\xd0\xcf\x11\xe0"
"""First bytes of the container of old xls files, and of xlsx files with a password."""

DOCTYPE = b"<!DOCTYPE"
FOREIGN = re.compile(
    rb"\A(?:\xfe\xff|\xff\xfe|\x00<|<\x00)|\A[^>]{0,200}?encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE
)
"""A part that is not UTF-8: by its first bytes, or as it says itself."""

UNUSUAL = (
    re.compile(rb'<c(?![A-Za-z]| r="[A-Z]\d{1,6}")'),
    re.compile(rb"<f[\s/>]"),
    re.compile(rb"t=[\"']e[\"']"),
    re.compile(rb":[cf][\s/>]"),
)
"""A cell that does not say at once that it stands within 26 columns and 999,999 rows; a formula; an error value; a cell
or formula with a prefix. Four searches are faster than their union, for each begins with fixed letters."""


LAST_CELL = re.compile(rb'<c r="[A-Z](\d+)"')
SPARSE_FROM, ROW_BYTES_MIN = 10_000, 40
"""A sheet with fewer bytes per row than that is mostly empty."""


class Problem(NamedTuple):
    """Why the file is refused: a kind of the catalogue, and what fills the gap of its sentence."""

    kind: str
    zh: str = ""
    en: str = ""


class UnreadableError(Exception):
    """The file cannot be read at all, or must not be."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.kind for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Package:
    """What the package says beside the values of the cells."""

    epoch: date = EPOCH_1900
    """Day 0 of the date system."""
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    """By sheet name; only sheets of unusual shape are there."""

    def calculated(self, sheet: str) -> Mapping[tuple[int, int], Formula | Fault]:
        """Formulas without result and error values of a sheet by (row, column), both from 0."""
        return self.surveys[sheet].calculated if sheet in self.surveys else {}


def open_package(data: bytes) -> Package:
    """Look through the package; raises `UnreadableError` with every reason why its content may not be used."""
    if data.startswith(OLE):
        raise UnreadableError(Problem("encrypted_file"))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _examined(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError) as error:
        raise UnreadableError(Problem("unreadable_file", "压缩包损坏", f"damaged package: {error}")) from error
    except (ElementTree.ParseError, LookupError, ValueError, StopIteration) as error:
        raise UnreadableError(Problem("unreadable_file", "内部结构不完整", f"incomplete inside: {error}")) from error


def _examined(archive: zipfile.ZipFile) -> Package:
    members = archive.infolist()
    if problems := tuple(_suspicions(members)):
        raise UnreadableError(*problems)
    sheets, epoch = _sheets(archive)
    unusual = {member.filename for member in members if _search(archive, member)}
    surveys = {name: survey(archive.read(part)) for name, part in sheets.items() if part in unusual}
    return Package(epoch, surveys)


def _suspicions(members: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """What the table of contents alone gives away."""
    names = [member.filename for member in members]
    unpacked, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if len(names) > PARTS_MAX or unpacked > UNPACKED_MAX or (unpacked > RATIO_FROM and unpacked > RATIO_MAX * packed):
        size = f"{len(names)} parts, {unpacked >> 20} MiB from {packed >> 10} KiB"
        yield Problem("zip_bomb", size, size)
    if any(member.flag_bits & 1 for member in members):
        yield Problem("encrypted_file")
    if len(set(names)) < len(names):
        yield Problem("unreadable_file", "压缩包内有重名部件", "two parts have one name")
    lowered = [name.lower() for name in names]
    for name in lowered:
        if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            yield Problem("file_with_macros", name, name)
            break
    for name in lowered:
        if name.startswith("xl/externallinks/") or name == "xl/connections.xml":
            yield Problem("external_links", name, name)
            break
    if not {"[content_types].xml", "_rels/.rels"} <= set(lowered):
        yield Problem("unreadable_file", "不是 xlsx 工作簿", "no xlsx workbook")


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that end behind a tag; more bytes than announced are refused before they pile up."""
    rest, size = b"", 0
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
            if size > member.file_size:
                raise UnreadableError(Problem("zip_bomb", member.filename, member.filename))
            head, tag_end, tail = chunk.rpartition(b">")
            if not tag_end:
                rest += chunk
                continue
            yield rest + head + tag_end
            rest = tail
    if rest:
        yield rest


def _search(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Search one part for what must not be there; tell whether it has to be surveyed as a sheet."""
    name = member.filename
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    is_sheet = name.endswith(".xml") and "sheet" in name
    unusual = False
    for number, piece in enumerate(_pieces(archive, member)):
        if is_xml and number == 0 and FOREIGN.match(piece):
            raise UnreadableError(Problem("wrong_encoding", name, name))
        if is_xml and DOCTYPE in piece:
            raise UnreadableError(Problem("entity_expansion", name, name))
        if b"macroEnabled" in piece and name == "[Content_Types].xml":
            raise UnreadableError(Problem("file_with_macros", name, name))
        unusual = unusual or (is_sheet and _is_unusual(piece, member.file_size))
    return unusual


def _is_unusual(piece: bytes, size: int) -> bool:
    """Whether a piece of a sheet calls for a survey: odd content, or a last cell far down for so few bytes."""
    if any(pattern.search(piece) for pattern in UNUSUAL):
        return True
    last = LAST_CELL.match(piece, max(piece.rfind(b"<c "), 0))
    return last is not None and int(last[1]) > SPARSE_FROM + size // ROW_BYTES_MIN


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Parse a small part; a document type is refused first, for it could multiply itself."""
    content = archive.read(name)
    if DOCTYPE in content or FOREIGN.match(content):
        raise UnreadableError(Problem("entity_expansion", name, name))
    return ElementTree.fromstring(content)


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relationships of a part by id: the last word of the type, and the part named."""
    folder, _, name = part.rpartition("/")
    rels = _tree(archive, join(folder, "_rels", f"{name}.rels"))
    return {
        rel.get("Id", ""): (
            rel.get("Type", "").rpartition("/")[2],
            normpath(join("/", folder, rel.get("Target", ""))[1:]),
        )
        for rel in rels
    }


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], date]:
    """Sheet name → part, and day 0 of the date system."""
    workbook = next(target for kind, target in _targets(archive, "").values() if kind == "officeDocument")
    parts = {id_: target for id_, (_, target) in _targets(archive, workbook).items()}
    sheets, epoch = {}, EPOCH_1900
    for element in _tree(archive, workbook).iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "sheet":
            id_ = next(value for key, value in element.attrib.items() if key.endswith("}id"))
            sheets[element.get("name", "")] = parts[id_]
        elif tag == "workbookPr" and element.get("date1904") in ("1", "true"):
            epoch = EPOCH_1904
    return sheets, epoch
