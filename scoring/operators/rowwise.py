"""Operators that look at one row at a time: value, flags, table, steps, lookup, ratio, blend, curve."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import Any, Final

from scoring.conditions.closures import Closure, at_places, bind, moved
from scoring.conditions.presence import doubtful
from scoring.decimals import exact, logarithm, places_of, root, ten
from scoring.facts import TypedTable, interval
from scoring.incomputable import Incomputable
from scoring.keys import bring, keyed
from scoring.operators.job import Column, Job
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue, strongest

_COMPARES: Final[dict[str, Callable[[Any, Any], Any]]] = {"at_least": ge, "above": gt, "below": lt, "at_most": le}
OUT_OF_DOMAIN: Final = NonValue("ERROR", ("OUT_OF_DOMAIN",))
NO_WEIGHT: Final = NonValue("ERROR", ("NO_WEIGHT",))
NO_LIMITS: Final = NonValue("ERROR", ("NO_LIMITS",))


def value(job: Job, operator: doc.ValueOf) -> Column:
    """An expression.

    >>> from scoring.example import column
    >>> column('{value: "2 * points + 1"}', "game")
    ['21', '42', '15']
    """
    tree = job.tree(operator.cel)
    return Column(job.here(operator.cel), tree.type.places)


def flags(job: Job, operator: doc.Flags) -> Column:
    """The codes whose conditions hold, in the order they are written.

    >>> from scoring.example import column
    >>> column("{flags: {MANY: 'points > 8', FEW: 'points < 20'}}", "game")
    ['MANY, FEW', 'MANY', 'FEW']
    """
    conditions = [(code, job.here(condition)) for code, condition in operator.codes]
    return Column(lambda row: tuple(code for code, holds in conditions if holds(row)))


def table(job: Job, operator: doc.Table) -> Column:
    """The value of the first row that holds; a row that asks for the presence of an ERROR gives that ERROR.

    >>> from scoring.example import column
    >>> column("{table: [{when: 'points > 15', give: GOOD}, {when: 'points > 8', give: FAIR}, {else: POOR}]}", "game")
    ['FAIR', 'GOOD', 'POOR']
    """
    given, total = job.gives([row.give for row in operator.rows])
    whens = [row.when for row in operator.rows if row.when is not None]
    asked = [[bind(read, job.rows) for read in doubtful(job.tree(when))] for when in whens]
    rows = list(zip(asked, map(job.here, whens), given, strict=False))
    otherwise = given[-1]

    def at(row: int) -> Any:
        for doubts, holds, give in rows:
            errors = [gap for doubt in doubts if isinstance(gap := doubt(row), NonValue) and gap.kind == "ERROR"]
            if errors:
                return strongest(errors)
            if holds(row):
                return give(row)
        return otherwise(row)

    return Column(at, total.places)


def steps(job: Job, operator: doc.Steps) -> Column:
    """The value of the first limit that is met; with `by`, among the limits of the row's class.

    >>> from scoring.example import column
    >>> column("{steps: {of: points, at_least: {20: 3, 10: 1}, else: 0}}", "game")
    ['1', '3', '0']
    """
    all_gives = [give for _, limits in operator.limits for _, give in limits]
    given, total = job.gives([*all_gives, operator.otherwise])
    tree = job.tree(operator.of)
    limits = [limit for _, many in operator.limits for limit, _ in many]
    places = None if tree.type.places is None else max([tree.type.places, *map(places_of, limits)])
    of = at_places(tree, places, job.rows)
    by_class: dict[str | None, list[tuple[Any, Closure]]] = {}
    left = iter(given)
    for name, many in operator.limits:
        by_class[name] = [(limit_at(limit, places), next(left)) for limit, _ in many]
    meets, otherwise = _COMPARES[operator.compare], given[-1]
    by = None if operator.by is None else job.here(operator.by)

    def at(row: int) -> Any:
        x, name = of(row), None if by is None else by(row)
        gaps = [one for one in (x, name) if isinstance(one, NonValue)]
        if gaps:
            return strongest(gaps)
        if name not in by_class:
            return NO_LIMITS
        for limit, give in by_class[name]:
            if meets(x, limit):
                return give(row)
        return otherwise(row)

    return Column(at, total.places)


def limit_at(limit: Decimal, places: int | None) -> int | Fraction:
    """Return a limit as a number comparable with values at those places.

    >>> limit_at(Decimal("0.95"), None), limit_at(Decimal("90"), 2)
    (Fraction(19, 20), 9000)
    """
    return Fraction(limit) if places is None else exact(limit, places)


def lookup(job: Job, operator: doc.Lookup) -> Column:
    """A column of the row with the given key, or what is given otherwise.

    >>> from scoring.example import column
    >>> column("{lookup: {in: worth, key: [kind], give: factor, otherwise: 0}}", "game")
    ['1', '1.5', '1']
    """
    source = operator.source
    path = job.plan.scope.path(source, operator.give)[0]
    kind = job.plan.scope.type_of(source, path)
    given, total = job.gives([operator.otherwise], kind)
    values = job.frames.vector(source, path)
    found: Closure = values.__getitem__
    if kind.kind == "number" and kind.places is not None and kind.places != total.places:
        found = moved(found, kind.places, total.places)
    find, otherwise = finder(job, operator), given[0]

    def at(row: int) -> Any:
        there = find(row)
        if isinstance(there, NonValue):
            return there
        return otherwise(row) if there is None else found(there)

    return Column(at, total.places)


def finder(job: Job, operator: doc.Lookup) -> Callable[[int], int | NonValue | None]:
    """Return the function from a row to the row looked up: None where there is none.

    >>> from scoring.example import column
    >>> column("{lookup: {in: worth, key: [team], give: factor, otherwise: 0}}", "game")
    ['0', '0', '0']
    """
    pairs = keyed(job.plan.scope, operator)
    keys = [bring(job.here(cel), job.tree(cel).type, want) for cel, want in pairs]
    facts = job.plan.document.facts.get(operator.source)
    frame = job.frames.frame(operator.source)
    if facts is None or not facts.unique:
        return _by_key(keys, frame.index)
    columns = [frame.columns[name] for name in facts.unique]
    table_of = TypedTable(facts.name, [key[0] for key in frame.keys], frame.columns)
    held: dict[tuple[Any, ...], list[tuple[date, date, int]]] = {}
    for row in range(frame.size):
        start, until = interval(facts, table_of, row)
        held.setdefault(tuple(column[row] for column in columns), []).append((start, until, row))
    for many in held.values():
        many.sort()
    day = None if operator.day is None else job.here(operator.day)
    return _by_day(keys, day, held)


def _by_key(keys: list[Closure], index: dict[tuple[Any, ...], int]) -> Callable[[int], int | NonValue | None]:
    def find(row: int) -> int | NonValue | None:
        key = tuple(each(row) for each in keys)
        gaps = [part for part in key if isinstance(part, NonValue)]
        return strongest(gaps) if gaps else index.get(key)

    return find


def _by_day(
    keys: list[Closure], day: Closure | None, held: dict[tuple[Any, ...], list[tuple[date, date, int]]]
) -> Callable[[int], int | NonValue | None]:
    starts = {key: [start for start, _, _ in many] for key, many in held.items()}

    def find(row: int) -> int | NonValue | None:
        key = tuple(each(row) for each in keys)
        on = date.min if day is None else day(row)
        gaps = [part for part in (*key, on) if isinstance(part, NonValue)]
        if gaps:
            return strongest(gaps)
        many = held.get(key)
        if many is None:
            return None
        at = bisect_right(starts[key], on) - 1
        if at < 0:
            return None
        _, until, there = many[at]
        return there if on <= until else None

    return find


def ratio(job: Job, operator: doc.Ratio) -> Column:
    """An exact quotient.

    >>> from scoring.example import column
    >>> column("{ratio: {of: points, by: '3', zero: 0}}", "game")
    ['3.333333…', '6.833333…', '2.333333…']
    """
    of, by = job.tree(operator.of), job.tree(operator.by)
    given, total = job.gives([operator.zero], Type("number"))
    upper, lower, zero = job.here(operator.of), job.here(operator.by), given[0]
    up, down = (1 if kind is None else ten(kind) for kind in (by.type.places, of.type.places))
    assert total.places is None, "a quotient stays exact until it is rounded"

    def at(row: int) -> Any:
        n, d = upper(row), lower(row)
        gaps = [one for one in (n, d) if isinstance(one, NonValue)]
        if gaps:
            return strongest(gaps)
        return Fraction(n * up) / Fraction(d * down) if d else zero(row)

    return Column(at)


def blend(job: Job, operator: doc.Blend) -> Column:
    """The weighted mean of the parts that apply; a part that lacks for another reason takes the whole with it.

    Weights of a row that add up to nothing are that row's error; weights no row has a part in are a wrong setting.

    >>> from scoring.example import column
    >>> column("{blend: {games: 3, '10': 1}}")
    ['4', '3.25']
    """
    parts = [(job.exactly(part), job.exactly(weight)) for part, weight in operator.parts]
    own = any(job.tree(weight).reads() for _, weight in operator.parts)

    def at(row: int) -> Any:
        total, weights, gaps = Fraction(0), Fraction(0), []
        for part, weight in parts:
            x = part(row)
            if isinstance(x, NonValue):
                gaps.append(x)
                continue
            w = weight(row)
            total, weights = total + w * x, weights + w
        serious = [gap for gap in gaps if gap.kind != "NOT_APPLICABLE"]
        if serious:
            return strongest(serious)
        if not weights and not gaps and own:
            return NO_WEIGHT
        if not weights and not gaps:
            raise Incomputable("WEIGHTS_ARE_ZERO", weights=", ".join(weight.text for _, weight in operator.parts))
        return total / weights if weights else strongest(gaps)

    return Column(at)


def curve(job: Job, operator: doc.Curve) -> Column:
    """A logarithm or root, correctly rounded; outside its domain an error.

    >>> from scoring.example import column
    >>> column("{curve: {sqrt: points, places: 3}}", "game")
    ['3.162', '4.528', '2.646']
    """
    of, places = job.exactly(operator.of), operator.places
    base = None if operator.base is None else job.exactly(operator.base)
    memo: dict[Any, int] = {}

    def at(row: int) -> Any:
        x, b = of(row), None if base is None else base(row)
        gaps = [one for one in (x, b) if isinstance(one, NonValue)]
        if gaps:
            return strongest(gaps)
        if (x < 0 if operator.kind == "sqrt" else x <= 0) or (b is not None and (b <= 0 or b == 1)):
            return OUT_OF_DOMAIN
        if (x, b) not in memo:
            memo[x, b] = root(x, places) if operator.kind == "sqrt" else logarithm(x, places, b)
        return memo[x, b]

    return Column(at, places)
