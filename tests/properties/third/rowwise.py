"""The operators that look at one row: value, flags, table, steps, lookup, ratio, blend, root."""

from collections.abc import Callable
from typing import Any, Final

from scoring.conditions.presence import doubtful
from scoring.rulebook import document as doc
from tests.properties.third.cells import ERROR, Outside, all_present, given, here, number, passed, strictly, text
from tests.properties.third.chain import Chain, fresh
from tests.properties.third.formulas import Formulas

_LIMITS: Final = {
    "at_least": "NOT less({of}, {limit})",
    "above": "less({limit}, {of})",
    "below": "less({of}, {limit})",
    "at_most": "NOT less({limit}, {of})",
}


def value(formulas: Formulas, chain: Chain, operator: doc.ValueOf, kind: str) -> str:
    """Return a formula."""
    return formulas.of(chain, operator.cel, kind)


def flags(formulas: Formulas, chain: Chain, operator: doc.Flags, _: str) -> str:
    """Return the codes whose conditions hold, in the order written."""
    held = [f"CASE WHEN {formulas.condition(chain, when)} THEN {text(code)} END" for code, when in operator.codes]
    return chain.add(here(f"list_filter([{', '.join(held)}]::VARCHAR[], lambda x: x IS NOT NULL)"))


def table(formulas: Formulas, chain: Chain, operator: doc.Table, kind: str) -> str:
    """Return what the first row that holds gives."""
    rows, last = operator.rows[:-1], operator.rows[-1]
    cases = []
    for row in rows:
        assert row.when is not None, "only the last row has no condition"
        asked = [formulas.cell(chain, read) for read in doubtful(formulas.plan.trees[row.when.site])]
        if asked:
            wrong = " OR ".join(f"{one}.k = {ERROR}" for one in asked)
            cases.append((f"({wrong})", passed(asked, kind)))
        cases.append((formulas.condition(chain, row.when), formulas.given(chain, row.give, kind)))
    otherwise = formulas.given(chain, last.give, kind)
    whens = " ".join(f"WHEN {when} THEN {give}" for when, give in cases)
    return chain.add(f"CASE {whens} ELSE {otherwise} END") if cases else otherwise


def steps(formulas: Formulas, chain: Chain, operator: doc.Steps, kind: str) -> str:
    """Return what the first limit kept gives, of the limits of the row's class."""
    of = formulas.of(chain, operator.of, "number")
    by = None if operator.by is None else formulas.of(chain, operator.by)
    otherwise = formulas.given(chain, operator.otherwise, kind)
    ladders = []
    for name, limits in operator.limits:
        whens = [
            f"WHEN {_LIMITS[operator.compare].format(of=f'{of}.v', limit=number(limit))}"
            f" THEN {formulas.given(chain, give, kind)}"
            for limit, give in limits
        ]
        ladder = f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise
        ladders.append((name, ladder))
    if by is None:
        chosen = ladders[0][1]
    else:
        cases = " ".join(f"WHEN {by}.v = {text(str(name))} THEN {ladder}" for name, ladder in ladders)
        chosen = f"CASE {cases} ELSE {given('ERROR', ['NO_LIMITS'], kind)} END"
    cells = [of] if by is None else [of, by]
    return chain.add(f"CASE WHEN {all_present(cells)} THEN {chosen} ELSE {passed(cells, kind)} END")


def lookup(formulas: Formulas, chain: Chain, operator: doc.Lookup, kind: str) -> str:
    """Return a column or measure of the one row with the key, on the day where rows hold for intervals."""
    plan, spaces = formulas.plan, formulas.spaces
    source = Chain(operator.source, spaces.table(operator.source))
    path, rest = plan.scope.path(operator.source, operator.give)
    if rest:
        raise Outside("an attribute behind a lookup")
    give = source.add(formulas.path(source, path)).removeprefix("p.")
    there = fresh("j")
    keys = [formulas.of(chain, key) for key in operator.key]
    facts = plan.document.facts.get(operator.source)
    names = [f"c_{name}" for name in facts.unique] if facts is not None and facts.unique else []
    pairs = [f"{there}.{name}.v = {key}.v" for name, key in zip(names, keys, strict=False)]
    if not names:
        own = plan.scope.spaces[operator.source].keys
        constant = operator.source in plan.document.tables
        kinds = [plan.trees[key.site].type for key in operator.key]
        words = [_as_written(key, one.kind) if constant else f"{key}.v" for key, one in zip(keys, kinds, strict=True)]
        pairs = [f"{there}.k_{name} = {word}" for name, word in zip(own, words, strict=True)]
    cells = list(keys)
    if operator.day is not None:
        assert facts is not None, "only facts hold for intervals"
        assert facts.during is not None, "and say so"
        day = formulas.of(chain, operator.day)
        since, until = (f"{there}.c_{name}" for name in facts.during)
        pairs += [f"({since}.k <> 0 OR {since}.v <= {day}.v)", f"({until}.k <> 0 OR {until}.v >= {day}.v)"]
        cells.append(day)
    otherwise = formulas.given(chain, operator.otherwise, kind)
    join = f"LEFT JOIN ({source.sql}) {there} ON {' AND '.join([all_present(cells), *pairs])}"
    found = f"CASE WHEN {there}._row IS NULL THEN {otherwise} ELSE {there}.{give} END"
    return chain.add(f"CASE WHEN {all_present(cells)} THEN {found} ELSE {passed(cells, kind)} END", join)


def _as_written(key: str, kind: str) -> str:
    """Return a key as the text a table of constants is written with."""
    if kind == "number":
        return f"CASE WHEN {key}.v.d = 1 THEN {key}.v.n::VARCHAR END"
    return f"CASE WHEN {key}.v THEN 'true' ELSE 'false' END" if kind == "bool" else f"{key}.v"


def ratio(formulas: Formulas, chain: Chain, operator: doc.Ratio, kind: str) -> str:
    """Return an exact quotient."""
    cells = [formulas.of(chain, operator.of, "number"), formulas.of(chain, operator.by, "number")]
    zero = formulas.given(chain, operator.zero, kind)
    of, by = (f"{one}.v" for one in cells)
    found = f"CASE WHEN {by}.n = 0 THEN {zero} ELSE {here(f'shared({of}, {by})')} END"
    return chain.add(f"CASE WHEN {all_present(cells)} THEN {found} ELSE {passed(cells, kind)} END")


def blend(formulas: Formulas, chain: Chain, operator: doc.Blend, kind: str) -> str:
    """Return the weighted mean over the parts that apply."""
    parts = [
        (formulas.of(chain, part, "number"), formulas.of(chain, weight, "number")) for part, weight in operator.parts
    ]
    zero = number(0)
    top = bottom = chain.add(zero)
    for part, weight in parts:
        top = chain.add(f"CASE WHEN {part}.k = 0 THEN plus({top}, product({part}.v, {weight}.v)) ELSE {top} END")
        bottom = chain.add(f"CASE WHEN {part}.k = 0 THEN plus({bottom}, {weight}.v) ELSE {bottom} END")
    cells = [part for part, _ in parts]
    weights = [weight for _, weight in parts]
    strong = " OR ".join(f"{one}.k > 1" for one in cells)
    some = " OR ".join(f"{one}.k = 0" for one in cells)
    found = f"CASE WHEN {strong} OR NOT ({some}) THEN {passed(cells, kind)} ELSE {here(f'shared({top}, {bottom})')} END"
    if any(formulas.plan.trees[weight.site].reads() for _, weight in operator.parts):
        idle = given("ERROR", ["NO_WEIGHT"], kind)
        nothing = f"{all_present([*cells, *weights])} AND {bottom}.n = 0"
        found = f"CASE WHEN {nothing} THEN {idle} ELSE {found} END"
    return chain.add(f"CASE WHEN {all_present(weights)} THEN {found} ELSE {passed(weights, kind)} END")


def curve(formulas: Formulas, chain: Chain, operator: doc.Curve, kind: str) -> str:
    """Return a root; logarithms have no exact form in SQL."""
    if operator.kind != "sqrt":
        raise Outside(operator.kind)
    of = formulas.of(chain, operator.of, "number")
    scale = f"{10**operator.places}::HUGEINT"
    wrong = given("ERROR", ["OUT_OF_DOMAIN"], kind)
    return chain.add(f"CASE WHEN {of}.v.n < 0 THEN {wrong} ELSE {strictly([of], f'root({of}.v, {scale})', kind)} END")


ROWWISE: Final[dict[type[Any], Callable[[Formulas, Chain, Any, str], str]]] = {
    doc.ValueOf: value,
    doc.Flags: flags,
    doc.Table: table,
    doc.Steps: steps,
    doc.Lookup: lookup,
    doc.Ratio: ratio,
    doc.Blend: blend,
    doc.Curve: curve,
}
