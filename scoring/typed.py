"""The border between the values a caller sees and the scaled integers the engine computes with."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.decimals import as_decimal, exact
from scoring.rulebook.types import Type
from scoring.values import NonValue, Value


def typed(value: Value, kind: Type) -> Any:
    """Return a caller's value as the engine holds it; ValueError when it does not fit the type.

    >>> typed(Decimal("95.8"), Type("number", places=2)), typed(Decimal("0.5"), Type("number"))
    (9580, Fraction(1, 2))
    """
    if isinstance(value, NonValue) or kind.kind != "number":
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise ValueError(f"{value!r} is no number")
    if kind.places is None:
        return Fraction(value)
    if isinstance(value, Fraction):
        raise ValueError(f"{value} is not rounded to {kind.places} places")
    return exact(Decimal(value), kind.places)


def public(value: Any, kind: Type) -> Value:
    """Return the engine's value as a caller sees it.

    >>> public(9580, Type("number", places=2)), public(Fraction(1, 3), Type("number"))
    (Decimal('95.80'), Fraction(1, 3))
    """
    if kind.kind == "number" and kind.places is not None and not isinstance(value, NonValue):
        return as_decimal(value, kind.places)
    result: Value = value
    return result
