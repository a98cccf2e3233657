"""Reads pieces of the YAML tree and notes every wrong shape, so that one pass reports all of them."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from scoring.decimals import plain
from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.rulebook.document import Cel, Give
from scoring.rulebook.source import Mapping, Node, Scalar, Sequence
from scoring.rulebook.types import CODE, PLACES_MOST, Type, parse_type
from scoring.rulebook.wording import choice_hint, key_remedy, remedy
from scoring.values import KINDS

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_BARE: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")
_CEL_WORDS: Final = (
    "in as break const continue else for function if import let loop package namespace return var void while true "
    "false null int uint double bool string bytes list map null_type type duration timestamp dyn optional google"
)
_OWN_WORDS: Final = ("period", "as_of")
RESERVED: Final = frozenset([*_CEL_WORDS.split(), *_OWN_WORDS])
T = TypeVar("T")


class Shape:
    """A reader over one document; `found` grows as it reads.

    `structural` remembers the maps whose key order is layout, `numeric` those whose keys are numbers.
    """

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.structural: set[int] = set()
        self.numeric: set[int] = set()

    def note(self, code: str, place: Place, /, **words: Any) -> None:
        """Add a finding."""
        self.found.append(diagnostic(code, place, **words))

    def wrong(self, node: Node, want_zh: str, want_en: str) -> None:
        """Note that a node is not what its place asks for."""
        got_zh, got = ("列表", "a list") if isinstance(node, Sequence) else ("键值表", "a map")
        if isinstance(node, Scalar):
            got_zh, got = (f"「{node.text}」", f"`{node.text}`") if node.text else ("空", "nothing")
        do_zh, do = remedy(node.text if isinstance(node, Scalar) else "")
        words = {"want_zh": want_zh, "want_en": want_en, "got": got, "got_zh": got_zh}
        self.note("SHAPE_WRONG", node.place, **words, do_zh=do_zh, do=do)

    def fields(self, node: Node, where: str, must: Iterable[str], may: Iterable[str] = ()) -> dict[str, Node] | None:
        """Read a map with known keys; note those unknown and missing; None when the node is no map."""
        if not isinstance(node, Mapping):
            self.wrong(node, "键值表", "A map")
            return None
        self.structural.add(id(node))
        must, known = list(must), [*must, *may]
        out: dict[str, Node] = {}
        for key, value in node.entries:
            if key.text not in known:
                do_zh, do = key_remedy(key.text)
                words = {"where": where, "key": key.text, "known": ", ".join(known)}
                self.note("KEY_UNKNOWN", key.place, **words, do_zh=do_zh, do=do)
            elif isinstance(value, Scalar) and value.empty:
                self.note("KEY_MISSING", key.place, where=where, key=key.text)
            else:
                out[key.text] = value
        for key_text in must:
            if node.get(key_text) is None:
                self.note("KEY_MISSING", node.place, where=where, key=key_text)
        return out

    def named(self, node: Node | None, read: Callable[[Scalar, Node], T | None]) -> dict[str, T]:
        """Read a map whose keys are the author's names; entries that cannot be read are left out."""
        out: dict[str, T] = {}
        if node is None:
            return out
        if not isinstance(node, Mapping):
            self.wrong(node, "键值表", "A map")
            return out
        for key, value in node.entries:
            if self.name(key) is not None:
                item = read(key, value)
                if item is not None:
                    out[key.text] = item
        return out

    def name(self, node: Node) -> str | None:
        """Read a name that may stand in a formula."""
        if not isinstance(node, Scalar) or not NAME.fullmatch(node.text):
            self.note("NAME_WRONG", node.place, name=node.text if isinstance(node, Scalar) else "…")
            return None
        if node.text in RESERVED:
            self.note("NAME_RESERVED", node.place, name=node.text)
            return None
        return node.text

    def names(self, node: Node | None) -> tuple[str, ...]:
        """Read a list of names."""
        return tuple(name for item in self.items(node) if (name := self.name(item)) is not None)

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """Read a list; nothing reads as an empty one."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.wrong(node, "列表", "A list")
            return ()
        return node.items

    def text(self, node: Node | None) -> str | None:
        """Read a word or sentence."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.empty:
            self.wrong(node, "文字", "Text")
            return None
        return node.text

    def code(self, node: Node) -> str | None:
        """Read a code."""
        if isinstance(node, Scalar) and CODE.fullmatch(node.text):
            return node.text
        self.note("CODE_WRONG", node.place, code=node.text if isinstance(node, Scalar) else "…")
        return None

    def choice(self, node: Node | None, known: Iterable[str], default: str = "") -> str:
        """Read one word out of a few."""
        if node is None:
            return default
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        got = node.text if isinstance(node, Scalar) else "…"
        self.note("CHOICE_WRONG", node.place, got=got, known=", ".join(known), hint=choice_hint(got, known))
        return default

    def number(self, node: Node | None) -> Decimal | None:
        """Read a decimal."""
        if node is None:
            return None
        value = node.number if isinstance(node, Scalar) else None
        if value is None:
            self.wrong(node, "数字", "A number")
        return value

    def whole(self, node: Node | None, default: int = 0, most: int | None = None) -> int:
        """Read an integer of at least the default: 0 where nothing may be meant, 1 where something must be counted."""
        value = self.number(node)
        if value is None:
            return default
        if value != int(value) or value < default or (most is not None and value > most):
            assert node is not None, "a number came from a node"
            zh, en = (f"{default} 至 {most} 的整数", f"A whole number from {default} to {most}")
            if most is None:
                zh, en = (f"不小于 {default} 的整数", f"A whole number of at least {default}")
            self.wrong(node, zh, en)
            return default
        return int(value)

    def places(self, node: Node | None) -> int:
        """Read a number of decimal places."""
        value = self.whole(node)
        if value > PLACES_MOST and node is not None:
            self.wrong(node, f"至多 {PLACES_MOST} 位小数", f"At most {PLACES_MOST} decimal places")
            return 0
        return value

    def truth(self, node: Node | None) -> bool:
        """Read true or false; nothing reads as false."""
        if node is None:
            return False
        value = node.truth if isinstance(node, Scalar) else None
        if value is None:
            self.wrong(node, "true 或 false", "true or false")
        return bool(value)

    def day(self, node: Node | None) -> date | None:
        """Read a date."""
        if node is None:
            return None
        if isinstance(node, Scalar) and _DATE.fullmatch(node.text):
            try:
                return date.fromisoformat(node.text)
            except ValueError:
                pass
        self.wrong(node, "日期(年-月-日)", "A date (year-month-day)")
        return None

    def pair(self, node: Node | None) -> tuple[str, str] | None:
        """Read a label: [Chinese, English]."""
        items = self.items(node)
        if node is not None and isinstance(node, Sequence) and len(items) != 2:
            self.wrong(node, "[中文, 英文]", "A list of two, [Chinese, English],")
        texts = [self.text(item) for item in items]
        return (texts[0], texts[1]) if len(texts) == 2 and texts[0] and texts[1] else None

    def type(self, node: Node | None) -> Type | None:
        """Read a type."""
        text = self.text(node)
        if text is None or node is None:
            return None
        try:
            return parse_type(text)
        except ValueError:
            self.note("TYPE_WRONG", node.place, text=text)
            return None

    def literal(self, node: Node | None) -> Decimal | str | bool | None:
        """Read a number, true, false, or text."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.empty or node.odd:
            self.wrong(node, "数字、true、false 或文字", "A number, true, false or text")
            return None
        if node.truth is not None:
            return node.truth
        return node.number if node.number is not None else node.text

    def cel(self, node: Node | None, site: str) -> Cel | None:
        """Read a formula: quoted text, a bare name or path, or a number."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or node.empty:
            self.wrong(node, "算式", "A formula")
            return None
        if not (node.quoted or node.number is not None or _BARE.fullmatch(node.text)):
            hint = remedy(node.text) if "%" in node.text or "％" in node.text else None
            self.note("TEXT_UNQUOTED", node.place, text=node.text, hint=hint)
            return None
        column = node.place.column + (1 if node.quoted else 0)
        text = node.text if node.number is None else plain(node.number)
        return Cel(text, site, Place(node.place.file, node.place.line, column))

    def cels(self, node: Node | None, site: str) -> tuple[Cel, ...]:
        """Read a list of formulas, or one formula alone."""
        nodes = (node,) if isinstance(node, Scalar) else self.items(node)
        read = (self.cel(item, f"{site}.{index}") for index, item in enumerate(nodes))
        return tuple(cel for cel in read if cel is not None)

    def give(self, node: Node | None, site: str) -> Give | None:
        """Read what is given: a literal, {value, reason} or {none, reason}."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            literal = self.literal(node)
            if isinstance(literal, str) and self.code(node) is None:
                return None
            if literal in KINDS:
                self.note("ABSENCE_AS_CODE", node.place, code=literal)
                return None
            return None if literal is None else Give(literal=literal, place=node.place)
        if node.get("none") is None:
            parts = self.fields(node, "give", ["value"], ["reason"]) or {}
            cel = self.cel(parts.get("value"), f"{site}.value")
            return None if cel is None else Give(cel=cel, reason=self._reason(parts), place=node.place)
        parts = self.fields(node, "give", ["none", "reason"]) or {}
        kind = self.kind(parts.get("none"))
        return None if kind is None else Give(none=kind, reason=self._reason(parts), place=node.place)

    def kind(self, node: Node | None) -> str | None:
        """Read a kind of absence."""
        text = self.text(node)
        if text is not None and node is not None and text not in KINDS:
            self.note("KIND_UNKNOWN", node.place, kind=text, known=", ".join(KINDS))
            return None
        return text

    def _reason(self, parts: dict[str, Node]) -> str | None:
        """Read the reason beside a value or absence."""
        return self.code(parts["reason"]) if "reason" in parts else None
