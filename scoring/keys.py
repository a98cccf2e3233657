"""The keys of a lookup: brought to what the table or grain looked in holds, so that 6 finds the row 6.

Where its keys are words (row ids, codes, texts), numbers and truths are compared as they are written, periods and days
by their labels; where they are numbers, at the places of these numbers; anything else is compared as it is.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from scoring.conditions.closures import Closure
from scoring.decimals import as_decimal, plain, ten
from scoring.periods import Period
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.scope import Scope
from scoring.values import NonValue

WORDS: Final = frozenset({"text", "code", "ref"})


def wanted(scope: Scope, source: str) -> tuple[Type, ...]:
    """Return the types of the keys by which a table or grain is looked up.

    >>> from scoring.example import league
    >>> [kind.kind for kind in wanted(league("{over: game, count: rows}").scope, "worth")]
    ['ref']
    """
    space, facts = scope.spaces[source], scope.document.facts.get(source)
    if facts is not None and facts.unique:
        return tuple(space.columns[name] for name in facts.unique)
    return space.key_types


def fits(have: Type, want: Type) -> bool:
    """Tell whether a key of one type can ever equal one of another.

    >>> fits(Type("number", places=0), Type("text")), fits(Type("date"), Type("number", places=0))
    (True, False)
    """
    if "any" in (have.kind, want.kind):
        return True
    if have.kind in ("codes", "values"):
        return False
    if have.fraction and not want.fraction:
        return False
    if have.kind == "period" and want.kind == "period":
        return have.period == want.period or None in (have.period, want.period)
    return want.kind in WORDS or have.kind == want.kind


def brought(have: Type, want: Type) -> Callable[[Any], Any] | None:
    """Return what turns a key of one type into one of another; None where it stays as it is.

    A number that has no place among the other's places becomes a Fraction, which no row bears.

    >>> brought(Type("number", places=1), Type("text"))(15)
    '1.5'
    """
    if have.kind == "number":
        places = have.places
        if places is None:
            return None
        if want.kind in WORDS:
            return lambda value: plain(as_decimal(value, places))
        if want.kind == "number" and want.places != places:
            return lambda value: _at_places(value, places, want.places)
        return None
    if want.kind not in WORDS:
        return None
    return _LABELS.get(have.kind)


def _at_places(value: int, have: int, places: int | None) -> int | Fraction:
    """Return a scaled number at other places, exactly."""
    if places is None:
        return Fraction(value, ten(have))
    if places >= have:
        return value * ten(places - have)
    whole, lost = divmod(value, ten(have - places))
    return Fraction(value, ten(have - places)) if lost else whole


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _period(value: Period) -> str:
    return value.label


_LABELS: Final[dict[str, Callable[[Any], str]]] = {"bool": _truth, "period": _period, "date": date.isoformat}


def bring(inner: Closure, have: Type, want: Type) -> Closure:
    """Return a key as the other side holds it; an absence stays.

    >>> bring(lambda row: True, Type("bool"), Type("text"))(0)
    'true'
    """
    turn = brought(have, want)
    if turn is None:
        return inner
    return lambda row: value if isinstance(value := inner(row), NonValue) else turn(value)


def keyed(scope: Scope, operator: doc.Lookup) -> list[tuple[doc.Cel, Type]]:
    """Return every key of a lookup with the type it is compared with.

    >>> from scoring.example import league
    >>> made = league("{lookup: {in: worth, key: [team], give: factor, otherwise: 0}}", "game")
    >>> [(cel.text, kind.kind) for cel, kind in keyed(made.scope, made.document.measures["game"]["x"].operator)]
    [('team', 'ref')]
    """
    return list(zip(operator.key, wanted(scope, operator.source), strict=False))
