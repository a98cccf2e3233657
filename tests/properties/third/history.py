"""Looking back: earlier results as rows by key and first day, read by previous, run and window."""

from collections.abc import Iterable
from itertools import takewhile

from scoring.periods import Period
from scoring.rulebook import document as doc
from tests.properties.third.cells import Outside, cell, gap, here, number, shape, sql_type
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas

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


def previous(formulas: Formulas, chain: Chain, operator: doc.Previous, kind: str) -> str:
    """Return what a measure was so many periods ago."""
    [before] = _earlier(formulas, chain, operator.of, [formulas.spaces.period.shift(-operator.back)])
    otherwise = formulas.given(chain, operator.otherwise, kind)
    return chain.add(f"CASE WHEN {before} IS NULL THEN {otherwise} ELSE {before} END")


def run(formulas: Formulas, chain: Chain, operator: doc.Run, kind: str) -> str:
    """Return for how many periods in a row a condition has held."""
    spaces, now = formulas.spaces, f"p.m_{operator.of}"
    periods = takewhile(spaces.past.__contains__, _back(spaces.period, len(spaces.past), operator.reset))
    before = _earlier(formulas, chain, operator.of, periods)
    held = [f"coalesce({one}.v, false)" for one in (now, *before)]
    count = chain.add(f"list_position([{', '.join(held)}, false], false) - 1")
    value = here(f"{{'n': {count}::HUGEINT, 'd': 1::HUGEINT}}")
    return chain.add(f"CASE WHEN {now}.k <> 0 THEN {gap(f'{now}.k', f'{now}.r', kind)} ELSE {value} END")


def window(formulas: Formulas, chain: Chain, operator: doc.Window, kind: str) -> str:
    """Return a summary over this period and those before it."""
    periods = _back(formulas.spaces.period, operator.last - 1, operator.reset)
    cells = [f"p.m_{operator.of}", *_earlier(formulas, chain, operator.of, periods)]
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
