"""The types of columns, settings and measures, and how a column's type is written."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from scoring.decimals import plain
from scoring.periods import UNITS

PLACES_MOST: Final = 18
CODE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_NUMBER: Final = re.compile(
    r"number (?P<places>\d{1,2})(?: (?P<unit>[a-z%][a-z0-9_%]*))?"
    r"(?: (?P<lo>-?\d+(?:\.\d+)?)\.\.(?P<hi>-?\d+(?:\.\d+)?))?"
)
_REF: Final = re.compile(r"ref ([a-z][a-z0-9_]*)")
_ENUM: Final = re.compile(r"enum (.+)")
_PERIOD: Final = re.compile(rf"period ({'|'.join(UNITS)})")


@dataclass(frozen=True, slots=True)
class Type:
    """What a name stands for.

    `kind` is number, date, bool, text, code, ref, period, codes or values. A number has `places` (None once it is an
    unrounded quotient). `codes` lists what a code may be. `absent` holds the kinds of absence that may stand in place
    of the value; empty means there always is one.
    """

    kind: str
    places: int | None = None
    unit: str | None = None
    lo: Decimal | None = None
    hi: Decimal | None = None
    codes: tuple[str, ...] | None = None
    table: str | None = None
    period: str | None = None
    absent: frozenset[str] = frozenset()

    @property
    def fraction(self) -> bool:
        """Tell whether this is a quotient that has not been rounded."""
        return self.kind == "number" and self.places is None

    def or_absent(self, kinds: frozenset[str]) -> "Type":
        """Return this type with further kinds of absence."""
        return replace(self, absent=self.absent | kinds) if kinds - self.absent else self

    def present(self) -> "Type":
        """Return this type without absence."""
        return replace(self, absent=frozenset()) if self.absent else self

    def __str__(self) -> str:
        """Write the type as a rulebook does."""
        words = [self.kind]
        if self.kind == "number":
            words.append("quotient" if self.places is None else str(self.places))
            words += [self.unit] if self.unit else []
            words += [f"{plain(self.lo)}..{plain(self.hi)}"] if self.lo is not None and self.hi is not None else []
        elif self.kind == "code" and self.codes is not None:
            words = ["enum " + ", ".join(self.codes)]
        elif self.kind in ("ref", "period"):
            words.append(self.table or self.period or "")
        return " ".join((["optional"] if self.absent else []) + words)

    @property
    def unit_of_time(self) -> str | None:
        """Return which stretch of the calendar a value names: that of a period, or the day of a date.

        >>> Type("period", period="quarter").unit_of_time, Type("date").unit_of_time, Type("text").unit_of_time
        ('quarter', 'day', None)
        """
        return "day" if self.kind == "date" else self.period

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON holding only what is set."""
        data: dict[str, Any] = {"kind": self.kind}
        for name in ("places", "unit", "table", "period"):
            if getattr(self, name) is not None:
                data[name] = getattr(self, name)
        if self.lo is not None and self.hi is not None:
            data["range"] = [plain(self.lo), plain(self.hi)]
        if self.codes is not None:
            data["codes"] = list(self.codes)
        if self.absent:
            data["absent"] = sorted(self.absent)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Type":
        """Read back what `to_json` wrote."""
        lo, hi = data.get("range", (None, None))
        codes = data.get("codes")
        return cls(
            kind=data["kind"],
            places=data.get("places"),
            unit=data.get("unit"),
            lo=None if lo is None else Decimal(lo),
            hi=None if hi is None else Decimal(hi),
            codes=None if codes is None else tuple(codes),
            table=data.get("table"),
            period=data.get("period"),
            absent=frozenset(data.get("absent", ())),
        )


BOOL: Final = Type("bool")
TEXT: Final = Type("text")
DATE: Final = Type("date")
COUNT: Final = Type("number", places=0)
QUOTIENT: Final = Type("number")
NOT_APPLICABLE: Final = frozenset({"NOT_APPLICABLE"})


def parse_type(text: str) -> Type:
    """Read a type as a rulebook writes it; ValueError when it is none.

    >>> parse_type("optional number 2 point 0..100").places
    2
    >>> parse_type("enum GOOD, BAD").codes
    ('GOOD', 'BAD')
    >>> str(parse_type("optional ref company"))
    'optional ref company'
    """
    words = " ".join(text.split())
    bare = words.removeprefix("optional ")
    absent = NOT_APPLICABLE if bare != words else frozenset[str]()
    if bare in ("date", "bool", "text"):
        return Type(bare, absent=absent)
    if found := _NUMBER.fullmatch(bare):
        lo, hi = (None if found[end] is None else Decimal(found[end]) for end in ("lo", "hi"))
        if lo is not None and hi is not None and lo > hi:
            raise ValueError("the range is upside down")
        if int(found["places"]) > PLACES_MOST or len(bare) > 80:
            raise ValueError("nobody measures that exactly")
        return Type("number", int(found["places"]), found["unit"], lo, hi, absent=absent)
    if found := _REF.fullmatch(bare):
        return Type("ref", table=found[1], absent=absent)
    if found := _PERIOD.fullmatch(bare):
        return Type("period", period=found[1], absent=absent)
    if found := _ENUM.fullmatch(bare):
        codes = tuple(code.strip() for code in found[1].split(","))
        if len(set(codes)) == len(codes) and all(CODE.fullmatch(code) for code in codes):
            return Type("code", codes=codes, absent=absent)
    raise ValueError(f"{text!r} is no type")
