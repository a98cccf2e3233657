"""The values a rule computes with: numbers, dates, codes, periods, and the kinds of having no value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from scoring.decimals import plain
from scoring.periods import Period

KINDS: Final = ("NOT_APPLICABLE", "WITHHELD", "NO_RESULT", "PENDING", "ERROR")
_STRENGTH: Final = {kind: strength for strength, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class NonValue:
    """The absence of a value: its kind decides what happens to it, its reasons say why it came to be."""

    kind: str
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """A missing value is neither true nor false: asking it is a mistake of the engine."""
        raise AssertionError(f"a condition met {self.kind} {self.reasons}; the guard check should have refused it")


ABSENT: Final = NonValue("NOT_APPLICABLE", ("ABSENT",))

Value: TypeAlias = Decimal | Fraction | int | str | bool | date | Period | tuple[Any, ...] | NonValue
"""What a caller sees: a number at its places is a Decimal, an unrounded quotient a Fraction."""


def strongest(found: Iterable[NonValue]) -> NonValue:
    """Merge non-values: the strongest kind wins and keeps all of its reasons, each once, in order of appearance.

    >>> strongest([NonValue("NOT_APPLICABLE", ("A",)), NonValue("PENDING", ("B",)), NonValue("PENDING", ("C", "B"))])
    NonValue(kind='PENDING', reasons=('B', 'C'))
    """
    many = list(found)
    kind = max((one.kind for one in many), key=_STRENGTH.__getitem__)
    return NonValue(kind, tuple(dict.fromkeys(reason for one in many if one.kind == kind for reason in one.reasons)))


def encode(value: Any) -> Any:
    """Turn a value into plain JSON that says its own type; `decode` is the way back.

    >>> encode(Decimal("95.80")), encode(Fraction(1, 3)), encode(Period.parse("2026H1"))
    ({'number': '95.80'}, {'number': '1/3'}, {'period': '2026H1'})
    """
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal | Fraction):
        return {"number": format(value, "f") if isinstance(value, Decimal) else str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Period):
        return {"period": value.label}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    assert isinstance(value, NonValue), f"{type(value).__name__} is no value of a rule"
    return {"none": value.kind, "reasons": list(value.reasons)}


def decode(data: Any) -> Any:
    """Read back what `encode` wrote.

    >>> decode(encode(NonValue("NO_RESULT", ("FEW_DAYS",))))
    NonValue(kind='NO_RESULT', reasons=('FEW_DAYS',))
    """
    if isinstance(data, list):
        return tuple(decode(item) for item in data)
    if not isinstance(data, dict):
        return data
    if "number" in data:
        return Fraction(data["number"]) if "/" in data["number"] else Decimal(data["number"])
    if "date" in data:
        return date.fromisoformat(data["date"])
    if "period" in data:
        return Period.parse(data["period"])
    return NonValue(data["none"], tuple(data["reasons"]))


def shown(value: Any) -> str:
    """Write a value for a reader; an unrounded quotient is shown to six places with a mark that it goes on.

    >>> shown(Decimal("95.80")), shown(Fraction(1, 3)), shown(Fraction(1, 2)), shown(True)
    ('95.8', '0.333333…', '0.5', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Fraction):
        return _fraction(value)
    if isinstance(value, Period):
        return value.label
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value) or "–"
    if isinstance(value, NonValue):
        return f"{value.kind}({', '.join(value.reasons)})"
    return str(value)


def _fraction(value: Fraction) -> str:
    """Write a quotient: whole when six places hold it, else cut after six places."""
    millionths = abs(value) * 10**6
    whole, rest = divmod(millionths.numerator, millionths.denominator)
    text = plain(Decimal(whole) / Decimal(10**6))
    return f"{'-' if value < 0 else ''}{text}{'…' if rest else ''}"
