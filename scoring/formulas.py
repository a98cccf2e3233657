"""Which formulas a measure holds, at whose rows each is asked, and what each one needs to be known first.

A node of the dependency graph is the rows of a space, `("", space)`, or a measure, `(space, name)`.
"""

from collections.abc import Iterator
from typing import TypeAlias

from scoring.chains import within_run
from scoring.conditions import cel
from scoring.conditions.cel import CelError, Parsed
from scoring.conditions.tree import Path
from scoring.rulebook import document as doc
from scoring.scope import AmbiguousName, Scope, UnknownName

Graph: TypeAlias = dict[tuple[str, str], set[tuple[str, str]]]


def rows_of(space: str) -> tuple[str, str]:
    """Return the node that stands for the rows of a space.

    >>> rows_of("game")
    ('', 'game')
    """
    return ("", space)


def gives(operator: doc.Operator) -> Iterator[doc.Give]:
    """Yield every value an operator may give.

    >>> from scoring.example import league
    >>> made = league("{steps: {of: points, at_least: {9: 2}, else: 1}}", "game")
    >>> [str(give.literal) for give in gives(made.document.measures["game"]["x"].operator)]
    ['2', '1']
    """
    if isinstance(operator, doc.Table):
        yield from (row.give for row in operator.rows)
    elif isinstance(operator, doc.Steps):
        yield from (give for _, limits in operator.limits for _, give in limits)
        yield operator.otherwise
    elif isinstance(operator, doc.Lookup | doc.Previous):
        yield operator.otherwise
    elif isinstance(operator, doc.Ratio):
        yield operator.zero
    elif isinstance(operator, doc.Aggregate | doc.Window) and operator.empty is not None:
        yield operator.empty


def formulas(measure: doc.Measure) -> Iterator[tuple[doc.Cel, str]]:
    """Yield every formula of a measure with the space at whose rows it is asked.

    >>> from scoring.example import league
    >>> made = league("{over: game, sum: points, where: 'points > 8', cap: 9}")
    >>> [(cel.text, space) for cel, space in formulas(made.document.measures["team"]["x"])]
    [('9', 'team'), ('points', 'game'), ('points > 8', 'game')]
    """
    here = measure.grain
    for cel_text in (*_own(measure.operator), *_modifiers(measure)):
        yield cel_text, here
    for give in gives(measure.operator):
        if give.cel is not None:
            yield give.cel, here
    operator = measure.operator
    if isinstance(operator, doc.Aggregate):
        there = [operator.operand, operator.where, operator.weight]
        there += [] if operator.once is None else [operator.once.of, *operator.once.per]
        there += [] if operator.last is None else [operator.last.by]
        for cel_text_there in there:
            if cel_text_there is not None:
                yield cel_text_there, operator.over


def _modifiers(measure: doc.Measure) -> Iterator[doc.Cel]:
    """Yield the formulas of require, floor and cap."""
    if measure.require is not None:
        yield from (condition for _, condition in measure.require.that)
    yield from (bound for bound in (measure.floor, measure.cap) if bound is not None)


def _own(operator: doc.Operator) -> Iterator[doc.Cel]:
    """Yield the formulas of an operator that are asked at the measure's own rows."""
    many: list[doc.Cel | None] = []
    match operator:
        case doc.ValueOf(formula):
            many = [formula]
        case doc.Flags(codes):
            many = [condition for _, condition in codes]
        case doc.Table(rows):
            many = [row.when for row in rows]
        case doc.Steps():
            many = [operator.of, operator.by]
        case doc.Lookup():
            many = [*operator.key, operator.day]
        case doc.Ratio():
            many = [operator.of, operator.by]
        case doc.Blend(parts):
            many = [formula for part in parts for formula in part]
        case doc.Curve():
            many = [operator.of, operator.base]
        case _:
            many = _ordered(operator)
    yield from (formula for formula in many if formula is not None)


def _ordered(operator: doc.Operator) -> list[doc.Cel | None]:
    """Return the formulas of the operators that order rows, and an aggregate's share."""
    if isinstance(operator, doc.Rank):
        return [*(key for key, _ in operator.by), *operator.within, operator.where]
    if isinstance(operator, doc.Running):
        return [operator.operand, operator.by, *operator.per, operator.within, operator.where]
    return [operator.share] if isinstance(operator, doc.Aggregate) else []


def names_in(parsed: Parsed) -> Iterator[str]:
    """Yield every dotted name of a parsed formula.

    >>> list(names_in(cel.parse("a.b + max(c, 2)")))
    ['a.b', 'c']
    """
    if parsed.kind == "name":
        yield parsed.value
    for arg in parsed.args:
        yield from names_in(arg)


def path_needs(scope: Scope, space: str, path: Path) -> Iterator[tuple[str, str]]:
    """Yield the nodes that must be known before a path can be followed from a space.

    >>> from scoring.example import league
    >>> scope = league("{over: game, count: rows}").scope
    >>> list(path_needs(scope, "game", scope.path("game", "team.games")[0]))
    [('', 'team'), ('team', 'games')]
    """
    at = space
    for hop in path.hops:
        if hop.kind == "measure":
            yield (at, hop.name)
        elif hop.kind == "grain":
            yield from mapping_needs(scope, at, hop.target)
        at = hop.target
        yield rows_of(at)
    if path.kind == "measure":
        yield (at, path.name)


def mapping_needs(scope: Scope, source: str, target: str) -> Iterator[tuple[str, str]]:
    """Yield what must be known before rows of one space find their row in another.

    >>> from scoring.example import league
    >>> list(mapping_needs(league("{over: game, count: rows}").scope, "game", "team"))
    [('', 'team')]
    """
    yield rows_of(target)
    for path in scope.mapping(source, target):
        yield from path_needs(scope, source, path)


def formula_needs(scope: Scope, formula: doc.Cel, space: str) -> set[tuple[str, str]]:
    """Return the nodes a formula reads; what cannot be read or resolved is left to the type check to report.

    >>> from scoring.example import league
    >>> scope = league("{over: game, count: rows}").scope
    >>> sorted(formula_needs(scope, doc.Cel("points + team.games", "s"), "game"))
    [('', 'team'), ('team', 'games')]
    """
    try:
        parsed = cel.parse(formula.text)
    except CelError:
        return set()
    found: set[tuple[str, str]] = set()
    for name in names_in(parsed):
        try:
            path, _ = scope.path(space, name)
        except (UnknownName, AmbiguousName):
            continue
        found.update(path_needs(scope, space, path))
    return found


def measure_needs(scope: Scope, measure: doc.Measure) -> set[tuple[str, str]]:
    """Return the nodes a measure needs, apart from those of earlier periods.

    >>> from scoring.example import league
    >>> made = league("{value: 'games + 1'}")
    >>> sorted(measure_needs(made.scope, made.document.measures["team"]["x"]))
    [('', 'team'), ('team', 'games')]
    """
    found = {rows_of(measure.grain)}
    for formula, space in formulas(measure):
        if space in scope.spaces:
            found |= formula_needs(scope, formula, space)
    found |= {(measure.grain, name) for name in measure.needs}
    operator = measure.operator
    try:
        if isinstance(operator, doc.Aggregate) and operator.over in scope.spaces:
            found |= {rows_of(operator.over), *mapping_needs(scope, operator.over, measure.grain)}
        if isinstance(operator, doc.Lookup) and operator.source in scope.spaces:
            give = scope.path(operator.source, operator.give)[0]
            found |= {rows_of(operator.source), *path_needs(scope, operator.source, give)}
        within = isinstance(operator, doc.Previous) and within_run(scope, measure.grain)
        if isinstance(operator, doc.Run | doc.Window) or (
            within and isinstance(operator, doc.Previous) and operator.of in scope.spaces[measure.grain].measures
        ):
            found.add((measure.grain, operator.of))
    except (UnknownName, AmbiguousName):
        pass
    return found


def row_needs(scope: Scope, space: str) -> set[tuple[str, str]]:
    """Return the nodes the rows of a space need.

    >>> from scoring.example import league
    >>> row_needs(league("{over: game, count: rows}").scope, "game")
    {('', 'team')}
    """
    document = scope.document
    if space in document.facts:
        return {rows_of(kind.table) for _, kind in document.facts[space].columns if kind.table and kind.table != space}
    grain = document.grains.get(space)
    if grain is None:
        return set()
    if grain.over is not None:
        return {rows_of(grain.over)}
    if grain.rows == "all":
        return {rows_of(key) for key in grain.keys if key in scope.spaces}
    assert grain.rows is not None, "a grain of keys has rows"
    found = {rows_of(grain.rows)}
    for key in grain.keys:
        try:
            found.update(path_needs(scope, grain.rows, scope.near(grain.rows, key)))
        except (UnknownName, AmbiguousName):
            continue
    return found
