"""The least and greatest of every measure, and how wide its integers grow: within 64 bits, within 300 digits, or not.

Worked out measure by measure in the order of the plan, from the ranges of columns and settings and the row counts of
the tables. Earlier results start as none at all and grow until a further period adds nothing; where that takes long
they are taken to be anything once, and have the range that follows. Only the last round tells what it finds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from scoring.conditions.tree import Expr, Path
from scoring.decimals import ten
from scoring.diagnostics import Place
from scoring.formulas import formulas
from scoring.inference import give_tree
from scoring.lint import amounts
from scoring.lint.conditions import tell_dead
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.notes import Notes, name_text, names_of
from scoring.lint.operators import OPERATORS
from scoring.lint.sizes import Sizes
from scoring.lint.spans import ABSENT, BOTH, YES, Env, Span, of_type
from scoring.lint.summaries import constants
from scoring.lint.work import Work
from scoring.plan import Plan
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import shown

_ROUNDS: Final = 3


class Ranges:
    """What every name of one plan can be; `notes` gathers what is found on the way."""

    def __init__(self, plan: Plan, notes: Notes, before: "Ranges | None" = None, *, anything: bool = False) -> None:
        """Work through all measures; `before` is what is known of earlier periods (or they may be `anything`)."""
        self.plan, self.notes, self.before, self.anything = plan, notes, before, anything
        self.sizes = Sizes(plan)
        self.spans: dict[tuple[str, str], Span] = {}
        self._kept: dict[str, Env] = {}
        self._told: set[tuple[str, str]] = set()
        self._widest: dict[str, tuple[Place, int]] = {}
        for facts in plan.document.facts.values():
            self._keep(facts)
        for grain, name in plan.order:
            self.spans[grain, name] = self.work_out(plan.document.measures[grain][name], {}, notes)
        for where, (place, integer) in self._widest.items():
            self._tell_wide(place, where, integer)

    @property
    def document(self) -> doc.Document:
        """Return the rulebook."""
        return self.plan.document

    def _keep(self, facts: doc.Facts) -> None:
        """Learn what is true of every row that is kept."""
        self._kept[facts.name] = {}
        if facts.keep is not None:
            judge = Judge(self, facts.name, _Wide(facts.keep.place, f"{facts.name}.keep", self, self.notes))
            tree = self.plan.trees[facts.keep.site]
            tell_dead(judge, self.notes, facts.keep, tree, {})
            self._kept[facts.name] = judge.assume(tree, True, {}) or {}

    def name(self, space: str, path: Path) -> Span:
        """Return what a path can give at rows of a space."""
        end = self.plan.scope.end(space, path)
        span = self._own(end, path)
        return replace(span, present=BOTH) if self.plan.scope.type_of(space, path).absent else span

    def _own(self, space: str, path: Path) -> Span:
        """Return what a name is at its own rows."""
        if path.kind == "measure":
            known = self.spans.get((space, path.name))
            return known if known is not None else of_type(self.plan.type_of(space, path.name))
        kept = self._kept.get(space, {}).get(Path((), path.kind, path.name))
        if kept is not None:
            return kept
        here = self.plan.scope.spaces[space]
        if path.kind == "key":
            return of_type(here.key_types[here.keys.index(path.name)])
        if space in self.document.tables:
            return constants(self.document.tables[space], path.name)
        self._ask_range(here.columns[path.name], f"{space}.{path.name}", self._column_place(space, path.name))
        return of_type(here.columns[path.name])

    def _column_place(self, space: str, column: str) -> Place:
        facts = self.document.facts[space]
        return facts.column_places.get(column, facts.place)

    def _ask_range(self, kind: Type, name: str, place: Place) -> None:
        """Note a number that states no range, once."""
        if kind.kind == "number" and kind.lo is None and ("range", name) not in self._told:
            self._told.add(("range", name))
            example = Example(((name, str(10 * (amounts.INT64_MOST + 1))),))
            self.notes.add("RANGE_NOT_STATED", place, example, name=name, mended=f"{kind} 0..1000")

    def setting(self, name: str) -> Span:
        """Return what a setting can be: anything its type allows, for a district may enter it."""
        setting = self.document.settings[name]
        self._ask_range(setting.type, name, setting.place)
        return of_type(setting.type)

    def condition_behind(self, space: str, path: Path) -> Expr | None:
        """Return the formula of a condition of the same rows."""
        measure = self.document.measures.get(space, {}).get(path.name)
        if path.hops or path.kind != "measure" or measure is None or not isinstance(measure.operator, doc.ValueOf):
            return None
        tree = self.plan.trees[measure.operator.cel.site]
        return tree if tree.type.kind == "bool" else None

    def keep_wide(self, place: Place, where: str, integer: int) -> None:
        """Remember the widest integer of a measure that outgrows the machine's."""
        self._widest[where] = (place, max(integer, self._widest.get(where, (place, 0))[1]))

    def _tell_wide(self, place: Place, where: str, integer: int) -> None:
        """Note how wide a measure's integers grow, with the largest values behind it."""
        size = f"{Decimal(integer):.1E}"
        grain, _, name = where.partition(".")
        measure = self.document.measures.get(grain, {}).get(name)
        given = () if measure is None else tuple(self._largest(measure))
        code = "WIDE_INTEGERS" if integer <= amounts.WIDEST else "OVERFLOW"
        self.notes.add(code, place, Example(given, size), where=where, size=size)

    def _largest(self, measure: doc.Measure) -> Iterator[tuple[str, str]]:
        """Yield the largest values a measure is worked out from."""
        operator, seen = measure.operator, set[str]()
        if isinstance(operator, doc.Aggregate):
            yield f"rows of {operator.over}", str(self.sizes.members(operator.over, measure.grain))
        for formula, space in formulas(measure):
            for node in names_of(self.plan.trees[formula.site]):
                span = self.setting(str(node.value)) if node.path is None else self.name(space, node.path)
                ends = (span.amount.low, span.amount.high) if span.amount is not None else ()
                known = [end for end in ends if end is not None]
                if known and name_text(node) not in seen:
                    seen.add(name_text(node))
                    yield name_text(node), "∞" if None in ends else shown(max(known, key=abs))

    def past(self, grain: str, name: str, place: Place) -> Span:
        """Return what a remembered measure was in earlier periods."""
        if self.anything:
            return replace(of_type(replace(self.plan.type_of(grain, name), lo=None, hi=None)), present=YES)
        if self.before is None:
            return ABSENT
        span = self.before.spans[grain, name]
        endless = span.amount is not None and (span.amount.low is None or span.amount.high is None)
        if endless and ("past", f"{grain}.{name}") not in self._told:
            self._told.add(("past", f"{grain}.{name}"))
            example = Example(((f"{name} (1, 2, 3 …)", "+1, +1, +1 …"),), "∞")
            self.notes.add(
                "NUMBER_UNBOUNDED", place, example, measure=f"{grain}.{name}", **self._open(grain, name, span)
            )
        return replace(span, present=span.present & YES or span.present)

    def _open(self, grain: str, name: str, span: Span) -> dict[str, str]:
        """Return what to say about the ends of a remembered number that its measure leaves open."""
        measure = self.document.measures[grain][name]
        low = span.amount is not None and span.amount.low is None and measure.floor is None
        high = span.amount is not None and span.amount.high is None and measure.cap is None
        if low == high:
            return {"side_zh": "上下限", "side": "limits", "mended": "floor, cap"}
        if low:
            return {"side_zh": "下限", "side": "a lower limit", "mended": "floor"}
        return {"side_zh": "上限", "side": "an upper limit", "mended": "cap"}

    def work_out(self, measure: doc.Measure, pins: Env, notes: Notes) -> Span:
        """Return what a measure can be, given what is pinned down at its rows."""
        full = f"{measure.grain}.{measure.name}"
        judge = Judge(self, measure.grain, _Wide(measure.place, full, self, notes))
        env = self._required(measure, judge, pins, notes)
        if env is None:
            return ABSENT
        work = Work(self, measure, judge, env, notes)
        span = OPERATORS[type(measure.operator)](work, measure.operator)
        for which, bound in (("floor", measure.floor), ("cap", measure.cap)):
            if bound is not None and span.amount is not None:
                span = self._limited(work, span, which, bound)
        if measure.round is not None and span.amount is not None:
            span = replace(span, amount=_round(judge, span.amount, measure.round))
        absent = self.plan.type_of(measure.grain, measure.name).absent
        return replace(span, present=BOTH if absent else YES)

    def _required(self, measure: doc.Measure, judge: Judge, pins: Env, notes: Notes) -> Env | None:
        """Return what is known where the measure is computed; None where it never is."""
        env: Env | None = pins
        for _, condition in measure.require.that if measure.require else ():
            tree = self.plan.trees[condition.site]
            tell_dead(judge, notes, condition, tree, pins)
            env = None if env is None else judge.assume(tree, True, env)
        if env is None:
            return None
        for name in measure.needs:
            path = Path((), "measure", name)
            env = {**env, path: replace(self.name(measure.grain, path), present=YES)}
        return env

    def _limited(self, work: Work, span: Span, which: str, bound: doc.Cel) -> Span:
        """Return the value after a floor or cap; note one that never or always binds."""
        tree = self.plan.trees[bound.site]
        tell_dead(work.judge, work.notes, bound, tree, work.env)
        assert span.amount is not None, "a number is limited"
        value, limit = span.amount, work.judge.amount(tree, work.env)
        work.tell_bound(which, bound, value, limit)
        united = work.judge.checked(amounts.union([value, limit]) or value)
        if which == "cap":
            return replace(span, amount=amounts.at_most(_lower(united, value, limit), limit.high))
        turned = _lower(amounts.negative(united), amounts.negative(value), amounts.negative(limit))
        return replace(span, amount=amounts.negative(amounts.at_most(turned, amounts.negative(limit).high)))

    def given(self, judge: Judge, give: doc.Give, env: Env) -> Span:
        """Return what is given."""
        tree = give_tree(give, self.plan.trees)
        assert tree is not None, "a checked rulebook has a tree for every value given"
        return judge.span(tree, env)


def _lower(united: amounts.Amount, value: amounts.Amount, limit: amounts.Amount) -> amounts.Amount:
    """Return the united range from the lower of the two lower ends, and to the value's upper end."""
    high = value.high if limit.high is None else limit.high if value.high is None else min(value.high, limit.high)
    return amounts.at_most(united, high)


def _round(judge: Judge, amount: amounts.Amount, rounding: doc.Rounding) -> amounts.Amount:
    """Return the range after rounding; the remainder of the division is scaled up and doubled on the way."""
    if amount.w is not None and amount.n is not None:
        judge.wide(2 * amount.w * ten(max(rounding.places - amount.tens, 0)))
    return judge.checked(amounts.rounded(amount, rounding.places, rounding.mode))


class _Wide:
    """Told of integers; remembers of each place the widest that outgrows the machine's."""

    def __init__(self, place: Place, where: str, ranges: Ranges, notes: Notes) -> None:
        self.place, self.where, self.ranges, self.notes = place, where, ranges, notes

    def __call__(self, integer: int | None) -> None:
        if integer is not None and integer > amounts.INT64_MOST and not self.notes.silent:
            self.ranges.keep_wide(self.place, self.where, integer)


def ranges_of(plan: Plan, notes: Notes | None = None) -> Ranges:
    """Return the ranges of a plan, gathering findings in `notes`.

    >>> from scoring.example import league
    >>> str(ranges_of(league("{over: game, sum: points}")).spans["team", "x"].amount)
    '0 .. 10000'
    """
    silent = Notes(silent=True)
    before = Ranges(plan, silent)
    for _ in range(_ROUNDS):
        after = Ranges(plan, silent, before)
        if after.spans == before.spans:
            break
        before = after
    else:
        before = Ranges(plan, silent, anything=True)
    return Ranges(plan, notes or silent, before)


def published(ranges: Ranges) -> Mapping[str, str]:
    """Return the range of every score the rulebook publishes, as text.

    >>> from scoring.example import league
    >>> published(ranges_of(league("{over: game, sum: points}")))
    {'team.x': '0 .. 10000'}
    """
    out = {}
    for grain, outcome in ranges.document.results.items():
        span = ranges.spans.get((grain, outcome.score or ""))
        if span is not None and span.amount is not None:
            out[f"{grain}.{outcome.score}"] = str(span.amount)
    return out
