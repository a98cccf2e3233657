"""Formulas as SQL: conditions become plain truths, everything else becomes a cell added to the chain."""

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from scoring.conditions.tree import Expr, Path
from scoring.periods import Period
from scoring.rulebook import document as doc
from tests.properties.third.cells import ERROR, Outside, all_present, gap, given, here, literal, number, strictly
from tests.properties.third.chain import Chain, fresh

if TYPE_CHECKING:
    from tests.properties.third.spaces import Spaces

_ORDERS: Final = {
    "lt": "less({0}, {1})",
    "gt": "less({1}, {0})",
    "le": "NOT less({1}, {0})",
    "ge": "NOT less({0}, {1})",
}
_SIGNS: Final = {"lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_ARITHMETIC: Final = {"add": "plus", "sub": "minus", "mul": "product"}
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def first_of(day: str, unit: str) -> str:
    """Return the first day of the period of a unit that holds a day."""
    if unit == "day":
        return day
    return f"half({day})" if unit == "half" else f"date_trunc('{unit}', {day})::DATE"


def last_of(first: str, unit: str) -> str:
    """Return the last day of the period that begins on a day."""
    return first if unit == "day" else f"(later({first}, {_MONTHS[unit]}) - 1)"


class Formulas:
    """Writes the formulas of one run."""

    def __init__(self, spaces: "Spaces") -> None:
        """Bind to the rows of a run."""
        self.spaces, self.plan = spaces, spaces.plan

    def of(self, chain: Chain, formula: doc.Cel, kind: str | None = None) -> str:
        """Return a formula as a cell at the rows of a chain."""
        tree = self.plan.trees[formula.site]
        return self.cell(chain, tree, kind or tree.type.kind)

    def condition(self, chain: Chain, formula: doc.Cel) -> str:
        """Return a condition as a truth at the rows of a chain."""
        return self.truth(chain, self.plan.trees[formula.site])

    def given(self, chain: Chain, give: doc.Give, kind: str) -> str:
        """Return what is given as a cell."""
        if give.cel is not None:
            return self.of(chain, give.cel, kind)
        if give.none is not None:
            return chain.add(given(give.none, [give.reason] if give.reason else [], kind))
        return chain.add(here(literal(give.literal, kind)))

    def truth(self, chain: Chain, tree: Expr) -> str:
        """Return a condition as SQL that is true or false."""
        if tree.op in ("and", "or"):
            return "(" + f" {tree.op.upper()} ".join(self.truth(chain, arg) for arg in tree.args) + ")"
        if tree.op == "not":
            return f"(NOT {self.truth(chain, tree.args[0])})"
        if tree.op in ("present", "absent"):
            return f"({self.cell(chain, tree.args[0])}.k {'=' if tree.op == 'present' else '<>'} 0)"
        if tree.op in ("eq", "ne", *_ORDERS):
            return self._compared(chain, tree)
        if tree.op in ("in_period", "any_code", "has_code"):
            return self._asked(chain, tree)
        return literal(tree.value, "bool") if tree.op == "const" else f"{self.cell(chain, tree, 'bool')}.v"

    def _asked(self, chain: Chain, tree: Expr) -> str:
        values = [f"{self.cell(chain, arg)}.v" for arg in tree.args]
        if tree.op == "in_period":
            period = self.spaces.period
            first, last = literal(period.first, "date"), literal(period.last, "date")
            return f"({values[0]} BETWEEN {first} AND {last})"
        return f"(len({values[0]}) > 0)" if tree.op == "any_code" else f"list_contains({values[0]}, {values[1]})"

    def _compared(self, chain: Chain, tree: Expr) -> str:
        kinds = [arg.type.kind for arg in tree.args]
        kind = next((each for each in kinds if each != "any"), "number")
        known = {self._unit(arg) for arg in tree.args if arg.type.kind == "period"}
        if None in known:
            raise Outside("periods of any unit compared")
        if len(known) > 1:
            return "false" if tree.op == "eq" else "true"
        one, other = (f"{self.cell(chain, arg, kind)}.v" for arg in tree.args)
        if tree.op in ("eq", "ne"):
            return f"({one} {'=' if tree.op == 'eq' else '<>'} {other})"
        if kind == "number":
            return "(" + _ORDERS[tree.op].format(one, other) + ")"
        return f"({one} {_SIGNS[tree.op]} {other})"

    def _unit(self, tree: Expr) -> str | None:
        """Return the unit of a period; the run of a part has the part's unit."""
        return self.spaces.period.unit if tree.op == "period" else tree.type.period

    def cell(self, chain: Chain, tree: Expr, kind: str | None = None) -> str:
        """Return a formula as a cell; `kind` is what is wanted where the formula itself does not tell."""
        own = tree.type.kind
        want = kind or own if own == "any" else own
        if own == "bool" and tree.op not in ("read", "setting", "if", "default", "none"):
            return chain.add(here(self.truth(chain, tree)))
        special = getattr(self, f"_{tree.op}", None)
        if special is not None:
            found: str = special(chain, tree, want)
            return found if found.startswith("p.") else chain.add(found)
        if tree.op in _ARITHMETIC:
            args = [self.cell(chain, arg, "number") for arg in tree.args]
            return chain.add(strictly(args, f"{_ARITHMETIC[tree.op]}({args[0]}.v, {args[1]}.v)", "number"))
        return self._dated(chain, tree)

    def _const(self, _: Chain, tree: Expr, kind: str) -> str:
        if kind == "number":
            return here(number(Fraction(int(tree.value or 0), 10 ** (tree.type.places or 0))))
        return here(literal(tree.value, kind))

    def _setting(self, _: Chain, tree: Expr, kind: str) -> str:
        value = self.spaces.settings[str(tree.value)]
        return here(literal(Fraction(value, 10 ** (tree.type.places or 0)) if kind == "number" else value, kind))

    def _as_of(self, _: Chain, __: Expr, ___: str) -> str:
        return here(literal(self.spaces.as_of, "date"))

    def _period(self, _: Chain, __: Expr, ___: str) -> str:
        return here(literal(self.spaces.period, "period"))

    def _none(self, _: Chain, tree: Expr, kind: str) -> str:
        strength, reason = str(tree.value).split()
        return given(strength, [reason], kind)

    def _if(self, chain: Chain, tree: Expr, kind: str) -> str:
        test = self.truth(chain, tree.args[0])
        yes, no = (self.cell(chain, arg, kind) for arg in tree.args[1:])
        return chain.add(f"CASE WHEN {test} THEN {yes} ELSE {no} END")

    def _default(self, chain: Chain, tree: Expr, kind: str) -> str:
        first, second = (self.cell(chain, arg, kind) for arg in tree.args)
        return chain.add(f"CASE WHEN {first}.k IN (0, {ERROR}) THEN {first} ELSE {second} END")

    def _neg(self, chain: Chain, tree: Expr, _: str) -> str:
        inner = self.cell(chain, tree.args[0], "number")
        return chain.add(strictly([inner], f"{{'n': -{inner}.v.n, 'd': {inner}.v.d}}", "number"))

    def _abs(self, chain: Chain, tree: Expr, _: str) -> str:
        inner = self.cell(chain, tree.args[0], "number")
        return chain.add(strictly([inner], f"{{'n': abs({inner}.v.n), 'd': {inner}.v.d}}", "number"))

    def _min(self, chain: Chain, tree: Expr, kind: str) -> str:
        return self._extreme(chain, tree, kind)

    def _max(self, chain: Chain, tree: Expr, kind: str) -> str:
        return self._extreme(chain, tree, kind)

    def _extreme(self, chain: Chain, tree: Expr, kind: str) -> str:
        cells = [self.cell(chain, arg, kind) for arg in tree.args]
        best = f"{cells[0]}.v"
        for one in cells[1:]:
            pair = (best, f"{one}.v") if tree.op == "min" else (f"{one}.v", best)
            lower = f"less({pair[0]}, {pair[1]})" if kind == "number" else f"{pair[0]} < {pair[1]}"
            best = chain.add(f"CASE WHEN {lower} THEN {best} ELSE {one}.v END")
        return chain.add(strictly(cells, best, kind))

    def _attribute(self, chain: Chain, tree: Expr, _: str) -> str:
        unit = self._unit(tree.args[0])
        if unit is None:
            raise Outside("an attribute of a period of any unit")
        inner = self.cell(chain, tree.args[0])
        first, last, run = f"{inner}.v", last_of(f"{inner}.v", unit), self.spaces.period
        days = f"{{'n': ({last} - {first} + 1)::HUGEINT, 'd': 1::HUGEINT}}"
        judged = f"{last} + {self.plan.document.period.evaluate_after}"
        if unit == run.unit:
            own = literal(self.spaces.as_of, "date")
            judged = f"CASE WHEN {first} = {literal(run, 'period')} THEN {own} ELSE {judged} END"
        elif unit == self.plan.document.period.parts:
            begin, end = (f"DATE '{day.isoformat()}'" for day in (run.first, run.last))
            early = f"least({judged}, {literal(self.spaces.as_of, 'date')})"
            judged = f"CASE WHEN {first} BETWEEN {begin} AND {end} THEN {early} ELSE {judged} END"
        value = {"first": first, "last": last, "days": days, "as_of": judged}[str(tree.value)]
        return chain.add(strictly([inner], value, tree.type.kind))

    def _dated(self, chain: Chain, tree: Expr) -> str:
        """Return a function of days."""
        cells = [self.cell(chain, arg, arg.type.kind) for arg in tree.args]
        values = [f"{one}.v" for one in cells]
        value = self._of_days(tree.op, values)
        return chain.add(strictly(cells, value, tree.type.kind))

    def _of_days(self, op: str, values: list[str]) -> str:
        if op in ("day", "month", "quarter", "half", "year"):
            return first_of(values[0], op)
        one, other = values
        if op == "days_between":
            return f"{{'n': ({other} - {one})::HUGEINT, 'd': 1::HUGEINT}}"
        if op == "add_days":
            return f"({one} + {other}.n::INTEGER)"
        if op in ("add_months", "add_years"):
            return f"later({one}, {other}.n * {1 if op == 'add_months' else 12})"
        if op == "add_workdays":
            return self._workdays(one, other)
        raise Outside(op)

    def _workdays(self, day: str, number_of: str) -> str:
        """Return the n-th working day after (or before) a day: the n-th of a list of days long enough."""
        free, extra = self.spaces.calendar()
        works = f"(isodow(x) <= 5 AND NOT list_contains({free}, x) OR list_contains({extra}, x))"
        far = f"(2 * abs({number_of}.n::INTEGER) + 40)"
        ahead = f"list_transform(range(1, {far}), lambda i: {day} + (sign({number_of}.n) * i)::INTEGER)"
        found = f"list_filter({ahead}, lambda x: {works})[abs({number_of}.n::INTEGER)]"
        return f"CASE WHEN {number_of}.n = 0 THEN {day} ELSE {found} END"

    def _read(self, chain: Chain, tree: Expr, _: str) -> str:
        assert tree.path is not None, "a read has a path"
        return self.path(chain, tree.path)

    def path(self, chain: Chain, path: Path) -> str:
        """Return what a path leads to as a cell."""
        scope, at, hops = self.plan.scope, chain.space, list(path.hops)
        ends = [(hop.kind, hop.name) for hop in hops] + [(path.kind, path.name)]
        if hops and hops[0].kind == "grain":
            return self._by_keys(chain, path)
        found = own(ends[0], "p")
        for hop, end in zip(hops, ends[1:], strict=True):
            at = hop.target
            table, [key] = self.spaces.table(at), scope.spaces[at].keys
            there = fresh("j")
            before = chain.add(found)
            kind = self.spaces.kind(at, *end)
            missing = given("NOT_APPLICABLE", ["DROPPED"], kind)
            none = gap(f"{before}.k", f"{before}.r", kind)
            value = f"CASE WHEN {before}.k <> 0 THEN {none} WHEN {there}._row IS NULL THEN {missing}"
            value += f" ELSE {own(end, there)} END"
            join = f"LEFT JOIN {table} {there} ON {before}.k = 0 AND {there}.k_{key} = {before}.v"
            found = chain.add(value, join)
        return found

    def _by_keys(self, chain: Chain, path: Path) -> str:
        """Return a measure of the grain row this row determines."""
        hop, rest = path.hops[0], path.hops[1:]
        table = self.spaces.table(hop.target)
        joined, there = self.keyed(chain, hop.target), fresh("j")
        end = (rest[0].kind, rest[0].name) if rest else (path.kind, path.name)
        kind = self.spaces.kind(hop.target, *end)
        missing = given("NOT_APPLICABLE", ["NO_ROW"], kind)
        value = f"CASE WHEN {there}._row IS NULL THEN {missing} ELSE {own(end, there)} END"
        found = chain.add(value, f"LEFT JOIN {table} {there} ON {joined(there)}")
        if rest:
            raise Outside("a reference behind a grain")
        return found

    def keyed(self, chain: Chain, target: str) -> Any:
        """Return how a row of the chain meets its row of a grain: a function of the grain's alias."""
        keys = self.plan.scope.spaces[target].keys
        cells = [chain.add(self.path(chain, path)) for path in self.plan.scope.mapping(chain.space, target)]

        def condition(there: str) -> str:
            pairs = [f"{there}.k_{key} = {one}.v" for key, one in zip(keys, cells, strict=True)]
            return " AND ".join([all_present(cells), *pairs])

        return condition


def own(end: tuple[str, str], table: str) -> str:
    """Return a column, measure or key of a row as a cell."""
    kind, name = end
    if kind == "key":
        return here(f"{table}.k_{name}")
    return f"{table}.{'c' if kind == 'column' else 'm'}_{name}"


def days(first: date, last: date) -> list[date]:
    """Return the days from one to another."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def units(first: date, last: date, unit: str) -> list[date]:
    """Return the first days of the periods of a unit that share a day with a span."""
    return sorted({Period.of(day, unit).first for day in days(first, last)})
