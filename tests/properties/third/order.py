"""Places and running totals: every row is compared with every other, as the reference words it."""

from scoring.rulebook import document as doc
from tests.properties.third.cells import all_present, gap, given, here, number, passed
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas


def a(column: str) -> str:
    """Return a column of the row that is placed."""
    return column.replace("p.", "a.", 1)


def b(column: str) -> str:
    """Return a column of the row it is compared with."""
    return column.replace("p.", "b.", 1)


def rank(formulas: Formulas, chain: Chain, operator: doc.Rank, kind: str) -> str:
    """Return the place of each row: how many come before it, how many share it."""
    keys = [_key(formulas, chain, key) for key, _ in operator.by]
    within = [formulas.of(chain, key) for key in operator.within]
    where = "true" if operator.where is None else formulas.condition(chain, operator.where)
    held = chain.add(f"coalesce({where}, false)")
    cells = [*keys, *within]
    takes = chain.add(f"{held} AND {chain.live} AND {all_present(cells)}")
    table = fresh("o")
    formulas.spaces.run(f"CREATE TEMP TABLE {table} AS SELECT * FROM ({chain.sql}) p")
    group = " AND ".join([f"{b(takes)}", *(f"{b(one)} = {a(one)}" for one in within)])
    firsts = [first if operator.start == "best" else _TURNED[first] for _, first in operator.by]
    kinds = [formulas.plan.trees[key.site].type.kind for key, _ in operator.by]
    before = _before([(a(one), b(one), first, k) for one, first, k in zip(keys, firsts, kinds, strict=True)])
    level = " AND ".join(f"{b(one)}.v = {a(one)}.v" for one in keys)
    ahead, beside = f"count(*) FILTER (WHERE {before})", f"count(*) FILTER (WHERE {level})"
    packed = ", ".join(f"'x{at}': {b(one)}.v" for at, one in enumerate(keys))
    place = {
        "competition": f"2 * (1 + {ahead})",
        "dense": f"2 * (1 + count(DISTINCT {{{packed}}}) FILTER (WHERE {before}))",
        "last": f"2 * ({ahead} + {beside})",
        "mid": f"2 * {ahead} + {beside} + 1",
    }[operator.ties]
    places = f"SELECT a._row AS pos, {place} AS place FROM {table} a JOIN {table} b ON {group} GROUP BY a._row"
    there = fresh("j")
    chain.sql = f"SELECT * FROM {table}"
    outside = given("NOT_APPLICABLE", ["OUTSIDE"], kind)
    value = here(f"part({there}.place::HUGEINT, 2::HUGEINT)")
    found = f"CASE WHEN NOT {held} THEN {outside} WHEN NOT {takes} THEN {passed(cells, kind)} ELSE {value} END"
    return chain.add(found, f"LEFT JOIN ({places}) {there} ON {there}.pos = p._row AND {takes}")


_TURNED = {"high": "low", "low": "high"}


def _key(formulas: Formulas, chain: Chain, key: doc.Cel) -> str:
    return formulas.of(chain, key)


def _before(pairs: list[tuple[str, str, str, str]]) -> str:
    """Return the condition that row b comes before row a by the first key that differs."""
    found = "false"
    for one, other, first, kind in reversed(pairs):
        low, high = (f"{one}.v", f"{other}.v") if first == "high" else (f"{other}.v", f"{one}.v")
        above = f"less({low}, {high})" if kind in ("number", "any") else f"({low} < {high})"
        found = f"({above} OR ({one}.v = {other}.v AND {found}))"
    return found


def running(formulas: Formulas, chain: Chain, operator: doc.Running, kind: str) -> str:
    """Return the total over the rows of the same keys up to and including each row."""
    by = formulas.of(chain, operator.by)
    dated = formulas.plan.trees[operator.by.site].type.kind == "date"
    pers = [formulas.of(chain, per) for per in operator.per]
    where = "true" if operator.where is None else formulas.condition(chain, operator.where)
    held = chain.add(f"coalesce({where}, false)")
    x = chain.add(here(number(1))) if operator.operand is None else formulas.of(chain, operator.operand, "number")
    within = None if operator.within is None else formulas.of(chain, operator.within, "number")
    cells = [by, *pers] + ([] if within is None else [within])
    takes = chain.add(f"{held} AND {chain.live} AND {all_present(cells)}")
    table = fresh("o")
    formulas.spaces.run(f"CREATE TEMP TABLE {table} AS SELECT * FROM ({chain.sql}) p")
    one, other = f"{a(by)}.v", f"{b(by)}.v"
    below = f"{other} < {one}" if dated else f"less({other}, {one})"
    near = [b(takes), *(f"{b(per)} = {a(per)}" for per in pers)]
    near.append(f"({below} OR ({other} = {one} AND b._row <= a._row))")
    if within is not None:
        far = f"{{'n': ({one} - {other})::HUGEINT, 'd': 1::HUGEINT}}" if dated else f"minus({one}, {other})"
        near.append(f"NOT less({a(within)}.v, {far})")
    near.append(f"{b(x)}.k <> 1")
    listed = f"list({b(x)})"
    totals = (
        f"SELECT a._row AS pos, {listed} AS xs FROM {table} a JOIN {table} b ON {' AND '.join(near)} GROUP BY a._row"
    )
    there = fresh("j")
    chain.sql = f"SELECT * FROM {table}"
    found = chain.add(f"{there}.xs", f"LEFT JOIN ({totals}) {there} ON {there}.pos = p._row AND {takes}")
    xs = chain.add(f"coalesce({found}, [])")
    strength = chain.add(f"coalesce(list_max(list_transform({xs}, lambda x: x.k)), 0)")
    reasons = f"flatten(list_transform(list_filter({xs}, lambda x: x.k = {strength}), lambda x: x.r))"
    stronger = gap(strength, f"list_sort(list_distinct({reasons}))", kind)
    total = f"list_reduce(list_transform({xs}, lambda x: x.v), lambda x, y: plus(x, y), {number(0)})"
    outside = given("NOT_APPLICABLE", ["OUTSIDE"], kind)
    cells.append(x)
    summed = f"CASE WHEN {strength} > 0 THEN {stronger} ELSE {here(total)} END"
    value = f"CASE WHEN {all_present(cells)} THEN {summed} ELSE {passed(cells, kind)} END"
    return chain.add(f"CASE WHEN NOT {held} THEN {outside} ELSE {value} END")
