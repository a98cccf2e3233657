"""Looking back: earlier results as rows by key and first day, read by previous, run and window."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from scoring.chains import moment_of
from scoring.periods import Period
from scoring.rulebook import document as doc
from tests.properties.third.cells import Outside, cell, gap, here, number, shape, sql_type
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas, first_of

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_TAKES = {
    "least": "list_reduce({x}, lambda a, b: CASE WHEN less(b, a) THEN b ELSE a END, {x}[1])",
    "greatest": "list_reduce({x}, lambda a, b: CASE WHEN less(a, b) THEN b ELSE a END, {x}[1])",
    "any": "coalesce(list_bool_or({x}), false)",
    "every": "coalesce(list_bool_and({x}), true)",
    "count": "{{'n': len({x})::HUGEINT, 'd': 1::HUGEINT}}",
}


def _earlier(formulas: Formulas, chain: Chain, of: str, periods: Iterable[Period]) -> list[str]:
    """Add what a measure was in each of some periods, NULL where it was nothing; return the columns."""
    spaces, plan, grain = formulas.spaces, formulas.plan, chain.space
    declared = plan.scope.spaces[grain]
    if any(sql_type(kind.kind) != "VARCHAR" for kind in declared.key_types):
        raise Outside("earlier periods of rows named by dates")
    kind = plan.type_of(grain, of).kind
    shapes = {key: "VARCHAR" for key in declared.keys} | {"v": {"k": "INTEGER", "r": ["VARCHAR"], "v": shape(kind)}}
    out = []
    for period in periods:
        past = spaces.past.get(period)
        many = {} if past is None else past.rows.get(grain, {})
        rows = [[*key, cell(values[of], kind)] for key, values in many.items() if of in values]
        table, there = spaces.write(shapes, rows), fresh("j")
        meets = " AND ".join(["true", *(f"{there}.{key} = p.k_{key}" for key in declared.keys)])
        out.append(chain.add(f"{there}.v", f"LEFT JOIN {table} {there} ON {meets}"))
    return out


def _back(period: Period, count: int, reset: str | None) -> list[Period]:
    """Return so many earlier periods, the latest first, none beyond the boundary at which counting starts anew."""
    found = [period.shift(-step) for step in range(1, count + 1)]
    if reset is None:
        return found
    return [one for one in found if Period.of(one.first, reset) == Period.of(period.first, reset)]


def _along(formulas: Formulas, chain: Chain, of: str, steps: Iterable[int], reset: str | None = None) -> list[str]:
    """Return the same where a key is the period: from rows of this run, else from the newest run that holds them."""
    spaces, plan, grain = formulas.spaces, formulas.plan, chain.space
    declared, at, kind = plan.scope.spaces[grain], moment_of(plan.scope.spaces[grain]), plan.type_of(grain, of).kind
    assert at is not None, "one key is the period"
    unit = declared.key_types[at].period if declared.key_types[at].kind == "period" else "day"
    if unit is None or any(
        sql_type(one.kind) != "VARCHAR" for one in (*declared.key_types[:at], *declared.key_types[at + 1 :])
    ):
        raise Outside("earlier periods of rows named by numbers")
    held: dict[tuple[str, ...], Any] = {}
    for period in sorted(spaces.past, reverse=True):
        for key, values in spaces.past[period].rows.get(grain, {}).items() if period.unit == spaces.period.unit else ():
            if of in values:
                first = Period.parse(key[at]).first.isoformat()
                held.setdefault((*key[:at], first, *key[at + 1 :]), cell(values[of], kind))
    shapes = {key: "DATE" if number == at else "VARCHAR" for number, key in enumerate(declared.keys)}
    table = spaces.write(
        shapes | {"v": {"k": "INTEGER", "r": ["VARCHAR"], "v": shape(kind)}}, [[*k, v] for k, v in held.items()]
    )
    known = spaces.database.execute(f"SELECT * FROM {spaces.table(grain)} LIMIT 0").description or []
    here_too = f"m_{of}" in [column[0] for column in known]
    out, now = [], f"p.k_{declared.keys[at]}"
    for step in steps:
        then = f"({now} - {step})" if unit == "day" else f"later({now}, {-step * _MONTHS[unit]})"
        moments = {key: then if number == at else f"p.k_{key}" for number, key in enumerate(declared.keys)}
        there, own = fresh("j"), fresh("j")
        join = (
            f"LEFT JOIN {table} {there} ON {' AND '.join(f'{there}.{key} = {value}' for key, value in moments.items())}"
        )
        value = f"{there}.v"
        if here_too:
            join += f" LEFT JOIN {spaces.table(grain)} {own} ON "
            join += " AND ".join(f"{own}.k_{key} = {value}" for key, value in moments.items())
            value = f"CASE WHEN {own}._row IS NOT NULL THEN {own}.m_{of} ELSE {there}.v END"
        if reset is not None:
            value = f"CASE WHEN {first_of(then, reset)} = {first_of(now, reset)} THEN {value} END"
        out.append(chain.add(value, join))
    return out


def _periods(formulas: Formulas, chain: Chain) -> int:
    """Return how many periods the rows of this run and of earlier ones have: no run of them is longer."""
    spaces, grain = formulas.spaces, chain.space
    at = moment_of(formulas.plan.scope.spaces[grain])
    assert at is not None, "one key is the period"
    name = f"k_{formulas.plan.scope.spaces[grain].keys[at]}"
    [count] = spaces.database.execute(f"SELECT count(DISTINCT {name}) FROM {spaces.table(grain)}").fetchone() or [0]
    return int(count) + len({key[at] for past in spaces.past.values() for key in past.rows.get(grain, {})})


def _keyed(formulas: Formulas, chain: Chain) -> bool:
    return moment_of(formulas.plan.scope.spaces[chain.space]) is not None


def previous(formulas: Formulas, chain: Chain, operator: doc.Previous, kind: str) -> str:
    """Return what a measure was so many periods ago."""
    if _keyed(formulas, chain):
        [before] = _along(formulas, chain, operator.of, [operator.back])
    else:
        [before] = _earlier(formulas, chain, operator.of, [formulas.spaces.period.shift(-operator.back)])
    otherwise = formulas.given(chain, operator.otherwise, kind)
    return chain.add(f"CASE WHEN {before} IS NULL THEN {otherwise} ELSE {before} END")


def run(formulas: Formulas, chain: Chain, operator: doc.Run, kind: str) -> str:
    """Return for how many periods in a row a condition has held."""
    spaces, now = formulas.spaces, f"p.m_{operator.of}"
    if _keyed(formulas, chain):
        before = _along(formulas, chain, operator.of, range(1, _periods(formulas, chain) + 1), operator.reset)
    else:
        periods = takewhile(spaces.past.__contains__, _back(spaces.period, len(spaces.past), operator.reset))
        before = _earlier(formulas, chain, operator.of, periods)
    held = [f"coalesce({one}.v, false)" for one in (now, *before)]
    count = chain.add(f"list_position([{', '.join(held)}, false], false) - 1")
    value = here(f"{{'n': {count}::HUGEINT, 'd': 1::HUGEINT}}")
    return chain.add(f"CASE WHEN {now}.k <> 0 THEN {gap(f'{now}.k', f'{now}.r', kind)} ELSE {value} END")


def window(formulas: Formulas, chain: Chain, operator: doc.Window, kind: str) -> str:
    """Return a summary over this period and those before it."""
    if _keyed(formulas, chain):
        before = _along(formulas, chain, operator.of, range(1, operator.last), operator.reset)
    else:
        before = _earlier(
            formulas, chain, operator.of, _back(formulas.spaces.period, operator.last - 1, operator.reset)
        )
    cells = [f"p.m_{operator.of}", *before]
    counted = chain.add(f"list_filter([{', '.join(cells)}], lambda x: x IS NOT NULL AND x.k <> 1)")
    strength = chain.add(f"coalesce(list_max(list_transform({counted}, lambda x: x.k)), 0)")
    reasons = f"flatten(list_transform(list_filter({counted}, lambda x: x.k = {strength}), lambda x: x.r))"
    stronger = gap(strength, f"list_sort(list_distinct({reasons}))", kind)
    values = chain.add(f"list_transform({counted}, lambda x: x.v)")
    total = f"list_reduce({values}, lambda x, y: plus(x, y), {number(0)})"
    size = f"{{'n': len({values})::HUGEINT, 'd': 1::HUGEINT}}"
    value = {"sum": total, "mean": f"shared({total}, {size})"}.get(operator.take)
    value = value or _TAKES[operator.take].format(x=values)
    found = here(value)
    if operator.empty is not None:
        found = f"CASE WHEN len({values}) = 0 THEN {formulas.given(chain, operator.empty, kind)} ELSE {found} END"
    return chain.add(f"CASE WHEN {strength} > 0 THEN {stronger} ELSE {found} END")
