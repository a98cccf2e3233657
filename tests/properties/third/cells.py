"""How a value stands in SQL: a cell of absence, reasons and value; numbers are exact quotients of 128 bits."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from scoring.periods import Period
from scoring.rulebook.types import Type
from scoring.values import KINDS, NonValue

STRENGTH: Final = {kind: at for at, kind in enumerate(KINDS, 1)}
ERROR: Final = STRENGTH["ERROR"]
NUMBER: Final = "STRUCT(n HUGEINT, d HUGEINT)"
_SQL_TYPES: Final = {"date": "DATE", "period": "DATE", "bool": "BOOLEAN", "codes": "VARCHAR[]", "values": "VARCHAR[]"}

MACROS: Final = (
    "part(n, d) AS {'n': (n // gcd(n, d))::HUGEINT, 'd': (d // gcd(n, d))::HUGEINT}",
    "quotient(n, d) AS part(CASE WHEN d < 0 THEN -n ELSE n END, abs(d))",
    "plus(a, b) AS CASE WHEN a.d = b.d THEN part(a.n + b.n, a.d) ELSE part(a.n * b.d + b.n * a.d, a.d * b.d) END",
    "minus(a, b) AS CASE WHEN a.d = b.d THEN part(a.n - b.n, a.d) ELSE part(a.n * b.d - b.n * a.d, a.d * b.d) END",
    "product(a, b) AS part(a.n * b.n, a.d * b.d)",
    "shared(a, b) AS quotient(a.n * b.d, a.d * b.n)",
    "less(a, b) AS CASE WHEN a.d = b.d THEN a.n < b.n ELSE a.n * b.d < b.n * a.d END",
    "away(n, rest, d, whole, mode) AS CASE mode WHEN 'up' THEN rest > 0 WHEN 'down' THEN false"
    " WHEN 'ceiling' THEN rest > 0 AND n > 0 WHEN 'floor' THEN rest > 0 AND n < 0 WHEN 'half_up' THEN 2 * rest >= d"
    " WHEN 'half_down' THEN 2 * rest > d ELSE 2 * rest > d OR (2 * rest = d AND whole % 2 = 1) END",
    "rounded(x, scale, mode) AS part((CASE WHEN x.n < 0 THEN -1 ELSE 1 END) * (abs(x.n) * scale // x.d"
    " + CASE WHEN away(x.n, abs(x.n) * scale % x.d, x.d, abs(x.n) * scale // x.d, mode) THEN 1 ELSE 0 END), scale)",
    "below(n, d) AS list_filter(list_transform(range(-3, 4), lambda i: floor(sqrt(n::DOUBLE / d))::HUGEINT + i),"
    " lambda r: r >= 0 AND r * r * d <= n AND (r + 1) * (r + 1) * d > n)[1]",
    "nearest(n, d, r) AS r + CASE WHEN 4 * n > d * (2 * r + 1) * (2 * r + 1)"
    " OR (4 * n = d * (2 * r + 1) * (2 * r + 1) AND r % 2 = 1) THEN 1 ELSE 0 END",
    "root(x, scale) AS part(nearest(x.n * scale * scale, x.d, below(x.n * scale * scale, x.d)), scale)",
    "half(d) AS make_date(year(d), CASE WHEN month(d) <= 6 THEN 1 ELSE 7 END, 1)",
    "later(d, months) AS (d + to_months(months::INTEGER))::DATE",
)


class Outside(Exception):  # noqa: N818  (says that the SQL does not reach this far, not that something is wrong)
    """A part of the language that is left to the other evaluators."""


def sql_type(kind: str) -> str:
    """Return the SQL type of values of a kind."""
    return NUMBER if kind in ("number", "any") else _SQL_TYPES.get(kind, "VARCHAR")


def text(word: str) -> str:
    """Return a text as SQL."""
    return "'" + word.replace("'", "''") + "'"


def number(value: Fraction | Decimal | int) -> str:
    """Return a number as SQL."""
    exact = Fraction(value)
    if max(abs(exact.numerator), exact.denominator) >= 2**126:
        raise Outside("more than 128 bits")
    return f"{{'n': {exact.numerator}::HUGEINT, 'd': {exact.denominator}::HUGEINT}}"


def literal(value: Any, kind: str) -> str:
    """Return a present value as SQL."""
    if kind in ("number", "any"):
        return number(value)
    if kind == "bool":
        return "true" if value else "false"
    if kind in ("date", "period"):
        day: date = value.first if isinstance(value, Period) else value
        return f"DATE '{day.isoformat()}'"
    if kind in ("codes", "values"):
        return "[" + ", ".join(text(word_of(item)) for item in value) + "]::VARCHAR[]"
    return text(value)


def word_of(item: Any) -> str:
    """Return what stands for one of several values: numbers as quotients in lowest terms."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int | Decimal | Fraction):
        exact = Fraction(item)
        return f"{exact.numerator}/{exact.denominator}"
    return item.label if isinstance(item, Period) else str(item)


def here(value: str) -> str:
    """Return a cell that has a value."""
    return f"{{'k': 0, 'r': []::VARCHAR[], 'v': {value}}}"


def gap(strength: int | str, reasons: str, kind: str) -> str:
    """Return a cell without a value; `reasons` is SQL."""
    return f"{{'k': {strength}, 'r': ({reasons})::VARCHAR[], 'v': NULL::{sql_type(kind)}}}"


def given(kind_of_gap: str, reasons: Sequence[str], kind: str) -> str:
    """Return a stated absence."""
    return gap(STRENGTH[kind_of_gap], "[" + ", ".join(text(each) for each in sorted(set(reasons))) + "]", kind)


def shape(kind: str) -> Any:
    """Return the shape of a value as the reader of JSON is told it."""
    name = sql_type(kind)
    return {"n": "HUGEINT", "d": "HUGEINT"} if name == NUMBER else ["VARCHAR"] if name == "VARCHAR[]" else name


def bare(value: Any, kind: str) -> Any:
    """Return a present value as JSON."""
    if kind in ("number", "any"):
        exact = Fraction(value)
        return {"n": str(exact.numerator), "d": str(exact.denominator)}
    if kind in ("codes", "values"):
        return [word_of(item) for item in value]
    if kind == "bool":
        return value
    return (value.first if isinstance(value, Period) else value).isoformat() if kind in ("date", "period") else value


def cell(value: Any, kind: str) -> Any:
    """Return a value of the engine, as a caller sees it, as a cell in JSON."""
    if isinstance(value, NonValue):
        return {"k": STRENGTH[value.kind], "r": sorted(set(value.reasons)), "v": None}
    return {"k": 0, "r": [], "v": bare(value, kind)}


def passed(cells: Sequence[str], kind: str) -> str:
    """Return the absence that wins among cells of which one at least has no value."""
    most = f"greatest({', '.join(f'{one}.k' for one in cells)})" if len(cells) > 1 else f"{cells[0]}.k"
    reasons = ", ".join(f"CASE WHEN {one}.k = {most} THEN {one}.r ELSE []::VARCHAR[] END" for one in cells)
    return gap(most, f"list_sort(list_distinct(flatten([{reasons}])))", kind)


def all_present(cells: Sequence[str]) -> str:
    """Return the condition that every cell has a value."""
    return " AND ".join(f"{one}.k = 0" for one in cells) or "true"


def strictly(cells: Sequence[str], value: str, kind: str) -> str:
    """Return a value where every cell has one, the strongest absence elsewhere."""
    if not cells:
        return here(value)
    return f"CASE WHEN {all_present(cells)} THEN {here(value)} ELSE {passed(cells, kind)} END"


def plain(value: Any, kind: Type) -> tuple[int, Any]:
    """Return a value of the engine in the words the SQL answers with: (strength, value or reasons)."""
    if isinstance(value, NonValue):
        return STRENGTH[value.kind], sorted(set(value.reasons))
    if kind.kind in ("number", "any") and not isinstance(value, bool):
        return 0, Fraction(value)
    if isinstance(value, Period):
        return 0, value.first
    return 0, [word_of(item) for item in value] if isinstance(value, tuple) else value


def answered(found: Any, kind: Type) -> tuple[int, Any]:
    """Return a cell as fetched in the same words."""
    if found["k"]:
        return found["k"], sorted(found["r"])
    value = found["v"]
    if kind.kind in ("number", "any"):
        return 0, None if value is None else Fraction(value["n"], value["d"])
    return 0, value
