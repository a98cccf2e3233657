"""Summaries of finer rows: filtered, reduced to one per key, to the newest, and then worked out on lists of cells."""

from scoring.rulebook import document as doc
from tests.properties.third.cells import Outside, gap, here, number, passed, strictly
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas

_FOLDS = {
    "least": "list_reduce({x}, lambda a, b: CASE WHEN less(b, a) THEN b ELSE a END, {x}[1])",
    "greatest": "list_reduce({x}, lambda a, b: CASE WHEN less(a, b) THEN b ELSE a END, {x}[1])",
    "earliest": "list_min({x})",
    "latest": "list_max({x})",
    "any": "list_bool_or({x})",
    "every": "list_bool_and({x})",
}
_SUM = "list_reduce({x}, lambda a, b: plus(a, b), " + number(0).replace("{", "{{").replace("}", "}}") + ")"


def aggregate(formulas: Formulas, chain: Chain, operator: doc.Aggregate, kind: str) -> str:
    """Return a summary of the finer rows that belong to each row."""
    rows = _rows(formulas, chain.space, operator)
    there = fresh("j")
    listed = f"(SELECT g, list(x ORDER BY pos) AS xs, list(w ORDER BY pos) AS ws FROM ({rows}) GROUP BY g)"
    lists = chain.add(f"{there}.xs", f"LEFT JOIN {listed} {there} ON {there}.g = p._row")
    weights = None
    if operator.weight is not None:
        again = fresh("j")
        weights = chain.add(f"{again}.ws", f"LEFT JOIN {listed} {again} ON {again}.g = p._row")
    counted = chain.add(f"list_filter(coalesce({lists}, []), lambda x: x.k <> 1)")
    strength = chain.add(f"coalesce(list_max(list_transform({counted}, lambda x: x.k)), 0)")
    reasons = f"flatten(list_transform(list_filter({counted}, lambda x: x.k = {strength}), lambda x: x.r))"
    stronger = gap(strength, f"list_sort(list_distinct({reasons}))", kind)
    values = chain.add(f"list_transform({counted}, lambda x: x.v)")
    heavy = None if weights is None else _heavy(chain, lists, weights)
    value, none = _summary(formulas, chain, operator, values, heavy)
    empty = (
        formulas.given(chain, operator.empty, kind) if operator.empty is not None else here(_of_nothing(operator.how))
    )
    found = f"CASE WHEN {none} THEN {empty} ELSE {here(value)} END"
    if operator.share is not None:
        share = formulas.of(chain, operator.share, "number")
        found = f"CASE WHEN {none} THEN {empty} WHEN {share}.k <> 0 THEN {passed([share], kind)} ELSE {here(value)} END"
    return chain.add(f"CASE WHEN {strength} > 0 THEN {stronger} ELSE {found} END")


def _heavy(chain: Chain, lists: str, weights: str) -> str:
    """Return the weights of the rows that count."""
    places = f"list_filter(range(1, coalesce(len({lists}), 0) + 1), lambda i: {lists}[i].k = 0)"
    return chain.add(f"list_transform({places}, lambda i: {weights}[i].v)")


def _of_nothing(how: str) -> str:
    """Return what no rows give where the rulebook does not say."""
    return {"any": "false", "every": "true", "list": "[]::VARCHAR[]"}.get(how, number(0))


def _rows(formulas: Formulas, target: str, operator: doc.Aggregate) -> str:
    """Return SQL of the rows summarised: group `g`, order `pos`, value `x` and weight `w`."""
    spaces = formulas.spaces
    chain = Chain(operator.over, spaces.table(operator.over))
    meets, there = formulas.keyed(chain, target), fresh("j")
    where = "true" if operator.where is None else formulas.condition(chain, operator.where)
    x = chain.add(here(number(1))) if operator.operand is None else _operand(formulas, chain, operator)
    w = x if operator.weight is None else formulas.of(chain, operator.weight, "number")
    once = None if operator.once is None else _once(formulas, chain, operator.once)
    by = None if operator.last is None else formulas.of(chain, operator.last.by)
    if operator.weight is not None:
        x = chain.add(_weighted(operator, x, w))
    pers = [] if once is None else once[0]
    columns = {"x": x, "w": w, **{f"per{at}": per for at, per in enumerate(pers)}}
    if once is not None:
        columns["first"] = once[1]
    if by is not None:
        columns["newest"] = by
    listed = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    join = f"JOIN {spaces.table(target)} {there} ON {meets(there)}"
    found = f"SELECT {there}._row AS g, p._row AS pos, {listed} FROM ({chain.sql}) p {join} WHERE {where}"
    if once is not None and operator.once is not None:
        table = fresh("o")
        spaces.run(f"CREATE TEMP TABLE {table} AS {found}")
        found = (
            f"SELECT * FROM {table} a WHERE NOT EXISTS (SELECT 1 FROM {table} b WHERE {_beats(operator.once, once[2])})"
        )
    if operator.last is not None:
        order = "row_number() OVER (PARTITION BY g ORDER BY newest.v DESC, pos DESC)"
        found = f"SELECT * FROM ({found}) WHERE newest.k = 0 QUALIFY {order} <= {operator.last.rows}"
    return found


def _operand(formulas: Formulas, chain: Chain, operator: doc.Aggregate) -> str:
    assert operator.operand is not None, "only a count has no operand"
    if operator.how in ("any", "every"):
        return chain.add(here(formulas.condition(chain, operator.operand)))
    found = formulas.of(chain, operator.operand)
    if operator.how != "list":
        return found
    kind = formulas.plan.trees[operator.operand.site].type
    shown = {"number": "{x}.v.n::VARCHAR || '/' || {x}.v.d::VARCHAR", "period": None, "bool": "{x}.v::VARCHAR"}
    word = shown.get(kind.kind, "{x}.v::VARCHAR")
    if word is None:
        raise Outside("a list of periods")
    return chain.add(strictly([found], word.format(x=found), "text"))


def _weighted(operator: doc.Aggregate, x: str, w: str) -> str:
    """Return the value of a row as the weighted summary takes it."""
    value = f"product({x}.v, {w}.v)"
    return strictly([x, w], value, "number")


def _once(formulas: Formulas, chain: Chain, once: doc.Once) -> tuple[list[str], str, str]:
    """Return keys and value by which rows are reduced, and the kind of that value."""
    pers = [formulas.of(chain, per) for per in once.per]
    return pers, formulas.of(chain, once.of), formulas.plan.trees[once.of.site].type.kind


def _beats(once: doc.Once, kind: str) -> str:
    """Return the condition that row b takes the place of row a."""
    same = ["b.g = a.g", *(f"b.per{at} = a.per{at}" for at in range(len(once.per)))]
    one, other = ("a", "b") if once.first == "highest" else ("b", "a")
    number_like = kind in ("number", "any")
    above = f"less({one}.first.v, {other}.first.v)" if number_like else f"{one}.first.v < {other}.first.v"
    level = "b.first.v = a.first.v"
    both = f"(a.first.k = 0 AND b.first.k = 0 AND ({above} OR ({level} AND b.pos < a.pos)))"
    none = "(a.first.k <> 0 AND (b.first.k = 0 OR b.pos < a.pos))"
    return " AND ".join([*same, f"({both} OR {none})"])


def _summary(
    formulas: Formulas, chain: Chain, operator: doc.Aggregate, values: str, heavy: str | None
) -> tuple[str, str]:
    """Return the summary of a list of values, and when there is nothing to summarise."""
    how, count = operator.how, f"len({values})"
    none = f"({count} = 0)"
    size = f"{{'n': {count}::HUGEINT, 'd': 1::HUGEINT}}"
    if how == "count":
        return size, none
    if how in _FOLDS:
        return _FOLDS[how].format(x=values), none
    if how == "distinct":
        return f"{{'n': len(list_distinct({values}))::HUGEINT, 'd': 1::HUGEINT}}", none
    if how == "list":
        return values, none
    if how == "quantile":
        return _quantile(formulas, chain, operator, values), none
    total = chain.add(_SUM.format(x=values))
    if how == "sum":
        return total, none
    if how == "mean":
        below = size if heavy is None else chain.add(_SUM.format(x=heavy))
        return f"shared({total}, {below})", none if heavy is None else f"({count} = 0 OR {below}.n = 0)"
    squares = chain.add(_SUM.format(x=f"list_transform({values}, lambda a: product(a, a))"))
    mean = chain.add(f"CASE WHEN {count} > 1 THEN shared(product({total}, {total}), {size}) END")
    variance = chain.add(f"CASE WHEN {count} > 1 THEN shared(minus({squares}, {mean}),"
                         f" {{'n': ({count} - 1)::HUGEINT, 'd': 1::HUGEINT}}) END")  # fmt: skip
    return f"root({variance}, {10 ** (operator.places or 0)}::HUGEINT)", f"({count} < 2)"


def _quantile(formulas: Formulas, chain: Chain, operator: doc.Aggregate, values: str) -> str:
    """Return the smallest value that at least the share of the rows do not exceed, as its definition says."""
    assert operator.share is not None, "a quantile has a share"
    share = formulas.of(chain, operator.share, "number")
    enough = f"len(list_filter({values}, lambda u: NOT less(v, u))) * {share}.v.d >= {share}.v.n * len({values})"
    return _FOLDS["least"].format(x=f"list_filter({values}, lambda v: {enough})")
