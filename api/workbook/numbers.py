"""Number cells: whole numbers and decimals within their limits, exact from the first step on."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from api.workbook.cells import Cell, decimal_of, number_text, plain
from api.workbook.columns import Integer, Number, Value
from api.workbook.flaws import Flaw, accept, reject, warn
from api.workbook.texts import shaping

PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
FIGURES_MAX = 30
"""Longer figures are no quantity of a district."""


def _of_text(cell: str) -> tuple[Decimal, str] | None:
    """The number that a text cell means and the kind of remark it deserves; None if it means none."""
    shape = plain(cell)
    text = shape.replace("−", "-")
    if len(text) > FIGURES_MAX:
        return None
    if THOUSANDS.fullmatch(text):
        kind = "number_as_text_thousands"
    elif PLAIN.fullmatch(text):
        kind = "number_as_text"
    else:
        return None
    return Decimal(text.replace(",", "")), _first_cause(shaping(cell, shape), kind)


def _first_cause(shaped: str | None, kind: str) -> str:
    return shaped if shaped == "full_width_digits" or (shaped and kind == "number_as_text") else kind


def _whole(number: Decimal, kind: Integer) -> Value | Flaw:
    if number != number.to_integral_value():
        return reject("not_an_integer")
    if number < kind.low:
        return reject("negative_count", str(kind.low)) if kind.low <= 1 else _outside(kind.low, kind.high)
    return int(number) if number <= kind.high else _outside(kind.low, kind.high)


def _outside(low: int | Decimal, high: int | Decimal, kind: str = "value_out_of_range") -> Flaw:
    span = f"{number_text(Decimal(low))}–{number_text(Decimal(high))}"
    return reject(kind, span)


def _scaled(number: Decimal, kind: Number) -> Value | Flaw:
    if not kind.low <= number <= kind.high:
        if kind.score:
            return _outside(kind.low, kind.high, "score_out_of_range")
        if number < 0 <= kind.low:
            return reject("negative_amount", number_text(kind.low))
        return _outside(kind.low, kind.high)
    kept = number.quantize(Decimal(1).scaleb(-kind.places), ROUND_HALF_UP)
    scaled = kept.scaleb(kind.scale)
    value = int(scaled) if kind.whole else scaled
    if kept != number and not kind.coarse:
        return warn("rounded_value", value, number_text(kept), str(kind.places))
    return value


def number_converter(kind: Integer | Number) -> Callable[[Cell], Value | Flaw]:
    """Make the converter of a column of numbers."""

    def convert(cell: Cell) -> Value | Flaw:
        cause = ""
        if isinstance(cell, str):
            found = _of_text(cell)
            if found is None:
                return reject("not_a_number")
            number, cause = found
        elif isinstance(cell, float | int) and not isinstance(cell, bool) and isfinite(cell):
            number = decimal_of(cell)
        else:
            return reject("not_a_number")
        outcome = _whole(number, kind) if isinstance(kind, Integer) else _scaled(number, kind)
        if isinstance(outcome, Flaw) or not cause:
            return outcome
        return accept(cause, outcome, number_text(number))

    return convert
