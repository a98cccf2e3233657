"""YAML 1.2 as a tree of scalars, lists and maps that all know their line and column.

Only the core of YAML is read: no anchors, aliases, merges, tags, or several documents. A plain scalar keeps its text,
so numbers never pass through binary floating point; whether it is text, number or truth is decided where it is used.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.rulebook.wording import said, said_of_colon

TEXT_MOST: Final = 2_000_000
DEPTH_MOST: Final = 24
DIGITS_MOST: Final = 30
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_KEY_WIDE_COLON: Final = re.compile(r"\s*(?:- )?[\w.]+：")
_ODD_NUMBER: Final = re.compile(r"[-+]?(?:\.inf|\.nan|0x[0-9a-f]+|0o[0-7]+|[0-9.]+e[-+]?[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word of the document; `quoted` tells whether it stood in quotes (or in a block)."""

    text: str
    quoted: bool
    place: Place = field(compare=False)

    @property
    def number(self) -> Decimal | None:
        """Return the decimal an unquoted number stands for; one of more digits than anyone means is none."""
        is_number = not self.quoted and len(self.text) <= DIGITS_MOST and _NUMBER.fullmatch(self.text)
        return Decimal(self.text) if is_number else None

    @property
    def truth(self) -> bool | None:
        """Return what an unquoted `true` or `false` stands for."""
        return {"true": True, "false": False}.get(self.text) if not self.quoted else None

    @property
    def empty(self) -> bool:
        """Tell whether nothing was written, or `null`."""
        return not self.quoted and self.text in ("", "~", "null")

    @property
    def odd(self) -> bool:
        """Tell whether it is a number this language does not know: exponents, hexadecimal, infinity, endless digits."""
        plain_number = _NUMBER.fullmatch(self.text) is not None
        return not self.quoted and (plain_number != (self.number is not None) or bool(_ODD_NUMBER.fullmatch(self.text)))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple["Node", ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map in the order it was written; keys are scalars."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    place: Place = field(compare=False)

    def get(self, key: str) -> "Node | None":
        """Return the node under a key, if there is one."""
        return next((node for scalar, node in self.entries if scalar.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def parse(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """Read YAML text into a tree; the tree is None when there is none, and every finding is returned.

    >>> tree, found = parse("a: [1, b]", "x.yaml")
    >>> tree.get("a").items[0].number, found
    (Decimal('1'), [])
    """
    if len(text) > TEXT_MOST:
        return None, [diagnostic("TOO_LARGE", Place(file, 1, 1), most=TEXT_MOST)]
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
            if builder.too_deep:
                return None, [*builder.found, diagnostic("TOO_LARGE", builder.place(event), most=TEXT_MOST)]
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        why = getattr(error, "problem", None) or str(error).splitlines()[0]
        wide = _wide_colon(text, place)
        words = said(why) if wide is None else said_of_colon(why)
        return None, [*builder.found, diagnostic("YAML_SYNTAX", wide or place, **words._asdict())]
    return builder.root, builder.found


def _wide_colon(text: str, place: Place) -> Place | None:
    """Return where a full-width colon follows a key, in the line YAML stumbled over or the one above it."""
    lines = text.splitlines()
    for number in (place.line, place.line - 1):
        found = _KEY_WIDE_COLON.match(lines[number - 1]) if 0 < number <= len(lines) else None
        if found:
            return Place(place.file, number, found.end())
    return None


_FEATURES: Final = {
    "aliases": "别名引用",
    "anchors": "锚点",
    "tags": "标签",
    "merges": "合并键",
    "documents (several)": "多个文档",
    "keys that are lists or maps": "列表键或表键",
}


def feature(place: Place, what: str) -> Diagnostic:
    """Return the finding about a part of YAML that is left out.

    >>> feature(Place("a.yaml", 1, 1), "anchors").zh
    '不允许使用 YAML 的锚点。'
    """
    return diagnostic("YAML_FEATURE", place, what=what, what_zh=_FEATURES[what])


class _Builder:
    """Builds the tree out of YAML events, noting what the language leaves out."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.found: list[Diagnostic] = []
        self._open: list[tuple[bool, Place, list[Node]]] = []
        self._documents = 0

    @property
    def too_deep(self) -> bool:
        """Tell whether the nesting has passed what any rulebook needs."""
        return len(self._open) > DEPTH_MOST

    def place(self, event: events.Event) -> Place:
        """Return where an event starts."""
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def take(self, event: events.Event) -> None:
        """Digest one event."""
        place = self.place(event)
        self._refuse_features(event, place)
        if isinstance(event, events.ScalarEvent):
            self._add(Scalar(event.value, event.style not in (None, ""), place))
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._open.append((isinstance(event, events.MappingStartEvent), place, []))
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            is_map, start, children = self._open.pop()
            self._add(self._map(children, start) if is_map else Sequence(tuple(children), start))

    def _refuse_features(self, event: events.Event, place: Place) -> None:
        """Note anchors, aliases, tags and further documents."""
        what = None
        if isinstance(event, events.AliasEvent):
            what = "aliases"
            self._add(Scalar("", True, place))
        elif getattr(event, "anchor", None):
            what = "anchors"
        elif isinstance(event, events.ScalarEvent | events.MappingStartEvent | events.SequenceStartEvent) and event.tag:
            what = "tags"
        elif isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            what = "documents (several)" if self._documents > 1 else None
        if what:
            self.found.append(feature(place, what))

    def _add(self, node: Node) -> None:
        """Hang a finished node into its parent; the first document is the root."""
        if self._open:
            self._open[-1][2].append(node)
        elif self.root is None:
            self.root = node

    def _map(self, children: list[Node], place: Place) -> Mapping:
        """Pair keys with values, noting keys that are no scalars or stand twice."""
        entries: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.found.append(feature(key.place, "keys that are lists or maps"))
            elif key.text == "<<" and not key.quoted:
                self.found.append(feature(key.place, "merges"))
            elif key.text in seen:
                self.found.append(diagnostic("DUPLICATE_KEY", key.place, key=key.text))
            else:
                seen.add(key.text)
                entries.append((key, value))
        return Mapping(tuple(entries), place)
