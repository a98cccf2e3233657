"""Whether worse evidence can raise a score: the direction of every measure in every column, operator by operator.

What decides where evidence belongs (dates that place it in a period, keys, codes) has no direction and is passed over;
so is whether a value exists at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from scoring.conditions.tree import Expr, Path
from scoring.diagnostics import Place
from scoring.formulas import gives
from scoring.inference import give_tree
from scoring.lint import amounts, ladders
from scoring.lint.amounts import Amount
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.notes import Notes
from scoring.lint.ranges import Ranges
from scoring.lint.slopes import EITHER, UP, Blame, Driver, Slope, Slopes, lost, merged, restricted, times, turned
from scoring.rulebook import document as doc
from scoring.values import shown

_TRACKED: Final = ("number", "bool", "date")
_RISING: Final = ("add", "and", "or", "min", "max", "default", "add_days", "add_months", "add_years", "add_workdays")
_FALLING_FIRST: Final = ("days_between", "full_years", "lt", "le")


@dataclass
class Monotony:
    """Works out the slopes of all measures in the order of the plan."""

    ranges: Ranges
    known: dict[tuple[str, str], Slopes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Go through the measures."""
        for grain, name in self.ranges.plan.order:
            measure = self.ranges.document.measures[grain][name]
            self.known[grain, name] = self._measure(measure)

    def _measure(self, measure: doc.Measure) -> Slopes:
        operator = _OPERATORS.get(type(measure.operator))
        blame = blame_of(measure, measure.place, Example((), "↑ ↓"))
        parts = [] if operator is None else [operator(self, measure, measure.operator)]
        bounds = [self.formula(measure, bound) for bound in (measure.floor, measure.cap) if bound is not None]
        return merged([*parts, *bounds], blame)

    def amount(self, space: str, tree: Expr) -> Amount:
        """Return the range of a number."""
        return Judge(self.ranges, space).amount(tree, {})

    def formula(self, measure: doc.Measure, formula: doc.Cel, space: str | None = None) -> Slopes:
        """Return the slopes of a formula."""
        blame = blame_of(measure, formula.place, Example(((formula.text, "↑ ↓"),)))
        return self.tree(space or measure.grain, self.ranges.plan.trees[formula.site], blame)

    def tree(self, space: str, tree: Expr, blame: Blame) -> Slopes:
        """Return the slopes of a tree; where a direction is lost in it, `blame` is told."""
        if tree.op == "read" and tree.path is not None:
            return self._read(space, tree.path)
        inner = [self.tree(space, arg, blame) for arg in tree.args]
        if tree.op in _RISING:
            return merged(inner, blame)
        if tree.op in ("sub", "ge", "gt"):
            return merged([inner[0], turned(inner[1])], blame)
        if tree.op in _FALLING_FIRST:
            return merged([turned(inner[0]), inner[1]], blame)
        if tree.op in ("neg", "not"):
            return turned(inner[0])
        if tree.op == "mul":
            sides = [self.amount(space, arg) for arg in tree.args]
            pair = (times(inner[0], sides[1], blame), times(inner[1], sides[0], blame))
            return merged(pair, blame)
        return self._other(space, tree, inner, blame)

    def _other(self, space: str, tree: Expr, inner: list[Slopes], blame: Blame) -> Slopes:
        if tree.op == "if":
            yes, no = (self.amount(space, arg) for arg in tree.args[1:])
            ordered = tree.type.kind == "number"
            chosen = switched(inner[0], yes if ordered else amounts.UNBOUNDED, no, blame)
            return merged([chosen, *inner[1:]], blame)
        if tree.op in ("eq", "ne", "abs"):
            return lost(merged(inner, blame), blame)
        return {}

    def _read(self, space: str, path: Path) -> Slopes:
        end = self.ranges.plan.scope.end(space, path)
        if path.kind == "measure":
            return self.known.get((end, path.name), {})
        kind = self.ranges.plan.scope.type_of(space, path)
        tracked = path.kind == "column" and end in self.ranges.document.facts and kind.kind in _TRACKED
        return {Driver(end, path.name): Slope(UP)} if tracked else {}

    def inside(self, operator: doc.Aggregate) -> Amount | None:
        """Return the range of what is summarised."""
        if operator.operand is None:
            return None
        return self.amount(operator.over, self.ranges.plan.trees[operator.operand.site])

    def only(self, operator: doc.Aggregate) -> frozenset[tuple[str, frozenset[str]]]:
        """Return the codes the rows counted are restricted to."""
        if operator.where is None:
            return frozenset()
        tree = self.ranges.plan.trees[operator.where.site]
        known = Judge(self.ranges, operator.over).assume(tree, True, {}) or {}
        return frozenset(
            (path.name, span.codes)
            for path, span in known.items()
            if isinstance(path, Path) and not path.hops and path.kind == "column" and span.codes is not None
        )

    def given(self, measure: doc.Measure, give: doc.Give) -> tuple[Slopes, Amount | None]:
        """Return the slopes and the range of what is given; no range for an absence."""
        tree = give_tree(give, self.ranges.plan.trees)
        assert tree is not None, "a checked rulebook has a tree for every value given"
        slopes = self.formula(measure, give.cel) if give.cel is not None else {}
        return slopes, None if tree.op == "none" else self.amount(measure.grain, tree)


def blame_of(measure: doc.Measure, place: Place, example: Example) -> Blame:
    """Return what to blame: a place in a measure.

    >>> from scoring.example import league
    >>> measure = league("{over: game, count: rows}").document.measures["team"]["x"]
    >>> blame_of(measure, measure.place, Example(())).measure
    'team.x'
    """
    return Blame(place, f"{measure.grain}.{measure.name}", example)


def switched(condition: Slopes, yes: Amount, no: Amount, blame: Blame) -> Slopes:
    """Return the slopes of a choice in its condition: upwards where yes is never less than no.

    >>> from scoring.lint.amounts import between
    >>> blame = Blame(Place("a.yaml", 1, 1), "team.x", Example(()))
    >>> rising = {Driver("game", "points"): Slope(UP)}
    >>> switched(rising, between(5, 9), between(0, 5), blame) == rising
    True
    >>> switched(rising, between(0, 5), between(5, 9), blame) == turned(rising)
    True
    """
    if yes.low is not None and no.high is not None and yes.low >= no.high:
        return condition
    if yes.high is not None and no.low is not None and yes.high <= no.low:
        return turned(condition)
    return lost(condition, blame)


def _value(self: Monotony, measure: doc.Measure, operator: doc.ValueOf) -> Slopes:
    return self.formula(measure, operator.cel)


def _table(self: Monotony, measure: doc.Measure, operator: doc.Table) -> Slopes:
    """Return the slopes of a choice among rows: each against all below it."""
    total, rest = self.given(measure, operator.rows[-1].give)
    for row in reversed(operator.rows[:-1]):
        assert row.when is not None, "only the last row has no condition"
        slopes, amount = self.given(measure, row.give)
        sides = (amount, rest)
        blame = blame_of(measure, row.place, Example(((row.when.text, "false → true"),), f"{rest} → {amount}"))
        condition = self.formula(measure, row.when)
        if amount is not None and rest is not None:
            total = merged([switched(condition, amount, rest, blame), slopes, total], blame)
        else:
            total = merged([slopes, total], blame)
        rest = amounts.union([side for side in sides if side is not None])
    return total


def _steps(self: Monotony, measure: doc.Measure, operator: doc.Steps) -> Slopes:
    """Return the slopes of bands: upwards where higher bands give no less."""
    of = self.formula(measure, operator.of)
    inner = [self.given(measure, give)[0] for give in gives(operator)]
    found: list[Slopes] = []
    for _, limits in operator.limits:
        ladder = [*limits, (limits[-1][0], operator.otherwise)] if limits else []
        found.append(_ladder(self, measure, operator, ladder, of))
    return merged([*found, *inner], blame_of(measure, measure.place, Example((), "↑ ↓")))


def _ladder(
    self: Monotony, measure: doc.Measure, operator: doc.Steps, ladder: list[tuple[Any, doc.Give]], of: Slopes
) -> Slopes:
    """Return the slopes of one set of limits."""
    falling = operator.compare in ("at_least", "above")
    ends = [(limit, self.given(measure, give)[1], give) for limit, give in ladder]
    present = [(limit, amount, give) for limit, amount, give in ends if amount is not None]
    values = [amount for _, amount, _ in present]
    rising, sinking = ladders.falls(values), ladders.falls(values[::-1])
    if rising or sinking:
        return of if rising == falling or (rising and sinking) else turned(of)
    at = ladders.turn(values)
    (limit, _, give), (_, _, below) = present[at], present[at + 1]
    return lost(of, blame_of(measure, give.place, ladders.example(operator, limit, (give, below))))


def _lookup(self: Monotony, measure: doc.Measure, operator: doc.Lookup) -> Slopes:
    """Return the slopes of the column looked up; which row it is has no direction."""
    path = self.ranges.plan.scope.path(operator.source, operator.give)[0]
    otherwise, _ = self.given(measure, operator.otherwise)
    blame = blame_of(measure, operator.place, Example((), "↑ ↓"))
    return merged([self._read(operator.source, path), otherwise], blame)


def _ratio(self: Monotony, measure: doc.Measure, operator: doc.Ratio) -> Slopes:
    """Return the slopes of a quotient; where the divisor may be zero, what is given then must fit the direction."""
    trees = [self.ranges.plan.trees[each.site] for each in (operator.of, operator.by)]
    of, by = (self.amount(measure.grain, tree) for tree in trees)
    blame = blame_of(measure, operator.by.place, Example(((operator.by.text, str(by)),), "↑ ↓"))
    above = times(self.formula(measure, operator.of), by, blame)
    below = times(turned(self.formula(measure, operator.by)), of, blame)
    slopes, zero = self.given(measure, operator.zero)
    least = by.step or Fraction(1)
    if zero is not None and by.low is not None and by.low <= 0 and of.high is not None and of.high > 0:
        jump = f"{shown(zero.sample())} → {shown(of.high / least) if of.high < 10**9 else '> ' + shown(zero.sample())}"
        example = Example(((operator.by.text, f"0 → {shown(least)}"), (operator.of.text, "> 0")), jump)
        below = lost(below, blame_of(measure, operator.zero.place, example))
    pair = Example(((operator.of.text, "1 → 2; 1 → 1"), (operator.by.text, "2 → 3; 2 → 3")), "1/2 → 2/3; 1/2 → 1/3")
    return merged([above, below, slopes], blame_of(measure, operator.by.place, pair))


def _blend(self: Monotony, measure: doc.Measure, operator: doc.Blend) -> Slopes:
    blame = blame_of(measure, measure.place, Example((), "↑ ↓"))
    weights = [lost(self.formula(measure, weight), blame) for _, weight in operator.parts]
    return merged([*(self.formula(measure, part) for part, _ in operator.parts), *weights], blame)


def _curve(self: Monotony, measure: doc.Measure, operator: doc.Curve) -> Slopes:
    return self.formula(measure, operator.of)


def _aggregate(self: Monotony, measure: doc.Measure, operator: doc.Aggregate) -> Slopes:
    """Return the slopes of a summary: in its values, and in the conditions that decide which rows count."""
    there, facts = operator.over, self.ranges.document.facts.get(operator.over)
    chosen = [self.formula(measure, operator.where, there)] if operator.where is not None else []
    chosen += [self.formula(measure, facts.keep, there)] if facts is not None and facts.keep is not None else []
    values = self.formula(measure, operator.operand, there) if operator.operand is not None else {}
    inner = self.inside(operator)
    blame = blame_of(measure, operator.place, _mean_example(operator, inner))
    weights = self.formula(measure, operator.weight, there) if operator.weight is not None else {}
    if operator.how in ("stdev", "distinct", "list"):
        values = lost(values, blame)
    if operator.once is not None and (operator.operand is None or operator.once.of.text != operator.operand.text):
        chosen.append(lost(self.formula(measure, operator.once.of, there), blame))
    found = merged([values, *_by_rows(operator.how, [*chosen, weights], inner, blame)], blame)
    return restricted(found, there, self.only(operator))


def _mean_example(operator: doc.Aggregate, inner: Amount | None) -> Example:
    """Return two rows whose mean moves either way when one of them counts twice."""
    known = inner is not None and inner.low is not None and inner.high is not None
    low, high = (inner.low, inner.high) if inner is not None and known else (Fraction(0), Fraction(1))
    assert low is not None, "both ends are known here"
    assert high is not None, "both ends are known here"
    text = operator.operand.text if operator.operand is not None else "rows"
    weight = operator.weight.text if operator.weight is not None else "rows"
    ways = [(high + low) / 2, (2 * high + low) / 3, (high + 2 * low) / 3]
    middle, up, down = (shown(each) for each in ways)
    given = ((text, f"{shown(high)} | {shown(low)}"), (weight, "1 | 1 → 2 | 1; 1 | 1 → 1 | 2"))
    return Example(given, f"{middle} → {up}; {middle} → {down}")


def _by_rows(how: str, chosen: list[Slopes], inner: Amount | None, blame: Blame) -> list[Slopes]:
    """Return the slopes in what decides which rows count, and how much."""
    if how in ("count", "any", "greatest", "distinct", "latest"):
        return chosen
    if how in ("every", "least", "earliest"):
        return [turned(each) for each in chosen]
    if how == "sum":
        return [times(each, inner or amounts.UNBOUNDED, blame) for each in chosen]
    return [lost(each, blame) for each in chosen]


def _rank(self: Monotony, measure: doc.Measure, operator: doc.Rank) -> Slopes:
    """Return the slopes of a place: it moves with the others' evidence as well."""
    keys = [key for key, _ in operator.by]
    blame = blame_of(measure, keys[0].place, Example(((keys[0].text, "2 > 1 → 2 < 3"),), "1 → 2"))
    return lost(merged([self.formula(measure, key) for key in keys], blame), blame)


def _running(self: Monotony, measure: doc.Measure, operator: doc.Running) -> Slopes:
    """Return the slopes of a running total."""
    blame = blame_of(measure, measure.place, Example((), "↑ ↓"))
    values = self.formula(measure, operator.operand) if operator.operand is not None else {}
    size = self.amount(measure.grain, self.ranges.plan.trees[operator.operand.site]) if operator.operand else None
    chosen = self.formula(measure, operator.where) if operator.where is not None else {}
    return merged([values, chosen if size is None else times(chosen, size, blame)], blame)


def _now(self: Monotony, measure: doc.Measure, operator: doc.Run | doc.Window) -> Slopes:
    """Return the slopes of this period's result: earlier ones are given."""
    return self.known.get((measure.grain, operator.of), {})


_OPERATORS: Final[dict[type[Any], Callable[[Monotony, doc.Measure, Any], Slopes]]] = {
    doc.ValueOf: _value,
    doc.Table: _table,
    doc.Steps: _steps,
    doc.Lookup: _lookup,
    doc.Ratio: _ratio,
    doc.Blend: _blend,
    doc.Curve: _curve,
    doc.Aggregate: _aggregate,
    doc.Rank: _rank,
    doc.Running: _running,
    doc.Run: _now,
    doc.Window: _now,
}


def tell_monotony(ranges: Ranges, notes: Notes) -> None:
    """Note every place at which the direction of a score is lost, with the columns concerned.

    >>> from scoring.example import league
    >>> from scoring.lint import lint
    >>> found = lint(league("{over: game, sum: 'points > 50 ? 100 - points : points'}"))
    >>> "NOT_MONOTONE" in [one.code for one in found]
    True
    """
    slopes, told = Monotony(ranges).known, set[Blame]()
    for grain, outcome in ranges.document.results.items():
        score = slopes.get((grain, outcome.score or ""), {})
        blamed: dict[Blame, set[str]] = {}
        for driver, slope in score.items():
            for blame in slope.blames if slope.signs == EITHER and is_quantity(ranges, driver) else ():
                blamed.setdefault(blame, set()).add(f"{driver.table}.{driver.column}")
        measure = ranges.document.measures.get(grain, {}).get(outcome.score or "")
        opposed = sorted(opposite({one: slope for one, slope in score.items() if is_quantity(ranges, one)}))
        if measure is not None and opposed:
            blamed[blame_of(measure, measure.place, Example(((opposed[0], "↑ ↓"),)))] = set(opposed)
        for blame, columns in blamed.items():
            if blame not in told:
                told.add(blame)
                words = {"measure": blame.measure, "columns": ", ".join(sorted(columns))}
                notes.add("NOT_MONOTONE", blame.place, blame.example, **words, score=f"{grain}.{outcome.score}")


def is_quantity(ranges: Ranges, driver: Driver) -> bool:
    """Tell whether a column says how much or whether; a date only places evidence in time.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> ranges = ranges_of(league("{over: game, count: rows}"), Notes())
    >>> is_quantity(ranges, Driver("game", "points")), is_quantity(ranges, Driver("game", "date"))
    (True, False)
    """
    return ranges.plan.scope.spaces[driver.table].columns[driver.column].kind != "date"


def opposite(slopes: Slopes) -> set[str]:
    """Return the columns one row of which moves a value both ways.

    >>> home, away = (Driver("game", "points", frozenset({("kind", frozenset({code}))})) for code in ("HOME", "AWAY"))
    >>> every, down = Driver("game", "points"), Slope(frozenset({-1}))
    >>> opposite({home: Slope(UP), away: down}), opposite({home: Slope(UP), every: down})
    (set(), {'game.points'})
    """
    clear = [(driver, slope.signs) for driver, slope in slopes.items() if slope.signs != EITHER]
    return {
        f"{one.table}.{one.column}"
        for at, (one, signs) in enumerate(clear)
        for other, others in clear[:at]
        if signs != others and one.overlaps(other)
    }
