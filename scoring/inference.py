"""The type of every measure, operator by operator, and everything wrong with their meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from scoring.conditions import hints
from scoring.conditions.lowering import lower, mend, merge
from scoring.conditions.presence import NOTHING, Implications, Present, Site, doubtful, learn, strict
from scoring.conditions.tree import Expr, Path
from scoring.decimals import MODES, exact, places_of
from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.rulebook import document as doc
from scoring.rulebook.types import BOOL, COUNT, NOT_APPLICABLE, QUOTIENT, Type
from scoring.scope import AmbiguousName, Scope, UnknownName
from scoring.soundness import operator_findings, surely_positive

_ANY: Final = Type("any")
_ORDERED: Final = frozenset({"number", "date", "bool", "any"})


def give_tree(give: doc.Give, trees: dict[str, Expr]) -> Expr | None:
    """Return the tree of what is given; None when its formula was refused.

    >>> give_tree(doc.Give(none="PENDING", reason="LATE"), {}).value
    'PENDING LATE'
    """
    if give.cel is not None:
        return trees.get(give.cel.site)
    if give.none is not None:
        value = f"{give.none} {give.reason or ''}".strip()
        return Expr("none", Type("any", absent=frozenset({give.none})), value=value)
    return constant(give.literal)


def constant(literal: Decimal | str | bool | None) -> Expr:
    """Return a literal as a tree.

    >>> constant(Decimal("1.50")).value, constant("GOOD").type.codes
    (15, ('GOOD',))
    """
    if isinstance(literal, bool):
        return Expr("const", BOOL, value=literal)
    if isinstance(literal, Decimal):
        places = places_of(literal)
        return Expr("const", Type("number", places=places), value=exact(literal, places))
    assert literal is not None, "a literal was read"
    return Expr("const", Type("code", codes=(literal,)), value=literal)


class Inference:
    """Works through the measures in order; `trees` holds every formula by its site, `found` every finding."""

    def __init__(self, scope: Scope) -> None:
        """Start with nothing typed."""
        self.scope = scope
        self.implied = Implications()
        self.trees: dict[str, Expr] = {}
        self.found: list[Diagnostic] = []

    def note(self, code: str, place: Place, /, **words: Any) -> None:
        """Add a finding."""
        self.found.append(diagnostic(code, place, **words))

    def formula(self, cel: doc.Cel, space: str, present: Present = NOTHING, want: Iterable[str] = ()) -> Expr:
        """Lower one formula and keep its tree; what was refused stands as a tree of unknown type."""
        tree = lower(cel, Site(self.scope, space, self.implied), present, self.found)
        wanted = tuple(want)
        if tree is not None and wanted and tree.type.kind not in (*wanted, "any"):
            want, hint = " | ".join(sorted({*wanted} - {"any"})), hints.wanted(wanted, tree.type, cel.text)
            self.note("RESULT_TYPE", cel.place, want=want, got=str(tree.type), hint=hint)
            tree = None
        if tree is None:
            return Expr("none", _ANY, value="ERROR REFUSED")
        self.trees[cel.site] = tree
        return tree

    def condition(self, cel: doc.Cel, space: str, present: Present = NOTHING) -> Expr:
        """Lower a condition: true or false, never absent."""
        tree = self.formula(cel, space, present, ["bool"])
        if tree.type.absent:
            name = next((str(read.path) for read in tree.reads() if read.type.absent), cel.text)
            mended = mend(cel, Site(self.scope, space, self.implied), present, name)
            self.note("UNGUARDED", cel.place, name=name, mended=mended)
        return tree

    def learnt(self, tree: Expr, space: str, holds: bool) -> Present:
        """Return what a condition guards."""
        return learn(tree, holds, Site(self.scope, space, self.implied))

    def strict(self, trees: Sequence[Expr], space: str) -> Present:
        """Return what must be present wherever all of these have values."""
        return NOTHING.union(*(strict(tree, Site(self.scope, space, self.implied)) for tree in trees))

    def give(self, give: doc.Give, space: str, present: Present = NOTHING) -> Type:
        """Type what is given."""
        if give.cel is not None:
            return self.formula(give.cel, space, present).type
        tree = give_tree(give, self.trees)
        return _ANY if tree is None else tree.type

    def unite(self, types: Iterable[Type], place: Place) -> Type:
        """Return the one type of several values."""
        total = _ANY
        many = list(types)
        for kind in many:
            merged = merge(total, kind)
            if merged is None:
                self.note("TYPES_DIFFER", place, found=" | ".join(str(one) for one in many))
                return _ANY
            total = merged
        return total

    def measure(self, measure: doc.Measure) -> Type:
        """Type one measure and note what its presence implies."""
        space, present, absent = measure.grain, NOTHING, frozenset[str]()
        for _, condition in measure.require.that if measure.require else ():
            present |= self.learnt(self.condition(condition, space), space, True)
            absent |= frozenset({measure.require.kind}) if measure.require else frozenset()
        for name in measure.needs:
            known = self.scope.types.get((space, name))
            if name not in self.scope.spaces[space].measures:
                names = ", ".join(sorted(self.scope.spaces[space].measures))
                self.note("MEASURE_UNKNOWN", measure.place, grain=space, name=name, known=names)
            present |= self.implied.closure(space, Path((), "measure", name))
            absent |= known.absent if known else frozenset()
        kind, behind = self.operator(measure, present)
        self.found.extend(operator_findings(self.scope, self.trees, measure))
        for bound in (measure.floor, measure.cap):
            if bound is not None:
                kind = self.bounded(kind, self.formula(bound, space, present | behind, ["number"]).type, bound.place)
        if measure.round is not None:
            kind = self.rounded(kind, measure.round)
        self.implied.add(space, measure.name, present | behind)
        return replace(kind, unit=measure.unit or kind.unit).or_absent(absent)

    def bounded(self, kind: Type, bound: Type, place: Place) -> Type:
        """Return the type after a floor or cap."""
        if kind.kind not in ("number", "any"):
            self.note("RESULT_TYPE", place, want="number", got=str(kind))
            return kind
        return merge(kind, bound) or kind

    def rounded(self, kind: Type, rounding: doc.Rounding) -> Type:
        """Return the type after rounding; the mode is a mode or a setting whose codes are modes."""
        if kind.kind not in ("number", "any"):
            self.note("RESULT_TYPE", rounding.place, want="number", got=str(kind))
        setting = self.scope.document.settings.get(rounding.mode)
        codes = setting.type.codes if setting is not None else None
        if rounding.mode not in MODES and not (codes and all(code.lower() in MODES for code in codes)):
            self.note("CHOICE_WRONG", rounding.place, got=rounding.mode, known=", ".join(MODES))
        return replace(kind, kind="number", places=rounding.places)

    def operator(self, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type the operator; also return what must be present where it has a value."""
        operator = measure.operator
        typing = getattr(self, f"_{type(operator).__name__.lower()}")
        kind, behind = typing(operator, measure, present)
        assert isinstance(kind, Type), "every operator has a type"
        return kind, behind

    def _valueof(self, operator: doc.ValueOf, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        tree = self.formula(operator.cel, measure.grain, present)
        return tree.type, self.strict([tree], measure.grain)

    def _flags(self, operator: doc.Flags, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        for _, condition in operator.codes:
            self.condition(condition, measure.grain, present)
        return Type("codes", codes=tuple(code for code, _ in operator.codes)), NOTHING

    def _ratio(self, operator: doc.Ratio, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        space = measure.grain
        of, by = (self.formula(each, space, present, ["number"]) for each in (operator.of, operator.by))
        kind = self.unite([QUOTIENT, self.give(operator.zero, space, present)], operator.by.place)
        return kind.or_absent(of.type.absent | by.type.absent), self.strict([of, by], space)

    def _table(self, operator: doc.Table, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a decision table; a row that failed guards the rows below it."""
        kinds = []
        for row in operator.rows:
            known = present
            if row.when is not None:
                when = self.condition(row.when, measure.grain, present)
                kinds += [Type("any", absent=frozenset({"ERROR"}))] if doubtful(when) else []
                known = present | self.learnt(when, measure.grain, True)
                present |= self.learnt(when, measure.grain, False)
            kinds.append(self.give(row.give, measure.grain, known))
        return self.unite(kinds, measure.place), NOTHING

    def _steps(self, operator: doc.Steps, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a step table."""
        space = measure.grain
        trees = [self.formula(operator.of, space, present, ["number"])]
        if operator.by is not None:
            by = self.formula(operator.by, space, present, ["code", "text", "ref"])
            for name, _ in operator.limits:
                if by.type.codes is not None and name not in by.type.codes:
                    known = ", ".join(by.type.codes)
                    self.note("CODE_UNKNOWN", operator.by.place, code=name, name=operator.by.text, known=known)
            trees.append(by)
        kinds = [self.give(give, space, present) for _, limits in operator.limits for _, give in limits]
        kind = self.unite([*kinds, self.give(operator.otherwise, space, present)], measure.place)
        absent = frozenset[str]().union(*(tree.type.absent for tree in trees))
        absent |= frozenset({"ERROR"}) if operator.by is not None else frozenset()
        return kind.or_absent(absent), self.strict(trees, space)

    def _lookup(self, operator: doc.Lookup, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a lookup: the column found, or what is given otherwise."""
        space, source = measure.grain, self.scope.spaces.get(operator.source)
        trees = [self.formula(key, space, present) for key in operator.key]
        if operator.day is not None:
            trees.append(self.formula(operator.day, space, present, ["date"]))
        otherwise = self.give(operator.otherwise, space, present)
        if source is None:
            known = ", ".join(self.scope.spaces)
            self.note("TABLE_UNKNOWN", operator.place, name=operator.source, known=known)
            return _ANY, NOTHING
        facts = self.scope.document.facts.get(operator.source)
        keys = facts.unique if facts is not None and facts.unique else source.keys
        if len(keys) != len(operator.key) or (operator.day is not None) != bool(facts and facts.during):
            want = f"key: [{', '.join(keys)}]" + (", day" if facts and facts.during else "")
            self.note("LOOKUP_KEYS", operator.place, name=operator.source, want=want, got=len(operator.key))
        kind = self.end_of(operator.source, operator.give, operator.place)
        absent = frozenset[str]().union(*(tree.type.absent for tree in trees))
        return self.unite([kind, otherwise], operator.place).or_absent(absent), self.strict(trees, space)

    def end_of(self, space: str, name: str, place: Place) -> Type:
        """Return the type of a name at another space, noting a name that is none."""
        try:
            path, rest = self.scope.path(space, name)
        except UnknownName as error:
            self.note("NAME_UNKNOWN", place, where=space, name=name, known=", ".join(error.known))
            return _ANY
        except AmbiguousName as error:
            self.note("NAME_AMBIGUOUS", place, where=space, name=name, found=", ".join(error.found))
            return _ANY
        if rest:
            self.note("NAME_UNKNOWN", place, where=space, name=name, known="")
        return self.scope.type_of(space, path)

    def _aggregate(self, operator: doc.Aggregate, measure: doc.Measure, outer: Present) -> tuple[Type, Present]:
        """Type a summary of finer rows."""
        there = operator.over
        if there not in self.scope.spaces:
            self.note("TABLE_UNKNOWN", operator.place, name=there, known=", ".join(self.scope.spaces))
            return _ANY, NOTHING
        self.determined(there, measure.grain, operator.place)
        present = NOTHING
        if operator.where is not None:
            present = self.learnt(self.condition(operator.where, there), there, True)
        weight = None if operator.weight is None else self.formula(operator.weight, there, present, ["number"]).type
        for key in (*(operator.once.per if operator.once else ()),):
            self.formula(key, there, present)
        if operator.once is not None:
            self.formula(operator.once.of, there, present, _ORDERED)
        if operator.last is not None:
            self.formula(operator.last.by, there, present, ["date"])
        kind = self.summary(operator, weight, present)
        if operator.share is not None:
            share = self.formula(operator.share, measure.grain, outer, ["number"]).type
            kind = kind.or_absent(share.absent)
        if operator.empty is not None:
            kind = self.unite([kind, self.give(operator.empty, measure.grain, outer)], operator.place)
        return kind, NOTHING

    def summary(self, operator: doc.Aggregate, weight: Type | None, present: Present) -> Type:
        """Return the type of the summary over at least one row."""
        if operator.operand is None:
            return COUNT
        if operator.how in ("any", "every"):
            self.condition(operator.operand, operator.over, present)
            return BOOL
        want = {"earliest": ["date"], "latest": ["date"], "distinct": [], "list": []}.get(operator.how, ["number"])
        kind = self.formula(operator.operand, operator.over, present, want).type
        absent = (kind.absent | (weight.absent if weight else frozenset())) - NOT_APPLICABLE
        if operator.how == "sum" and weight is not None:
            exact_sum = kind.places is not None and weight.places is not None
            kind = Type("number", places=(kind.places or 0) + (weight.places or 0) if exact_sum else None)
        special = {
            "distinct": COUNT,
            "list": Type("values"),
            "mean": QUOTIENT,
            "stdev": Type("number", places=operator.places),
        }
        return replace(special.get(operator.how, kind), lo=None, hi=None, absent=absent)

    def determined(self, source: str, target: str, place: Place) -> None:
        """Note every key of the target that a row of the source does not determine."""
        space = self.scope.spaces[target]
        for key, want in zip(space.keys, space.key_types, strict=True):
            try:
                got = self.scope.type_of(source, self.scope.near(source, key))
                why = None if got.table == want.table else f"{got} / {want}"
            except UnknownName:
                why = "–"
            except AmbiguousName as error:
                why = ", ".join(error.found)
            if why is not None:
                self.note("GRAIN_NOT_DETERMINED", place, source=source, target=target, key=key, why=why)

    def _blend(self, operator: doc.Blend, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a weighted mean of parts; it may fall out unless a part that has a weight surely stays."""
        space = measure.grain
        parts = [self.formula(part, space, present, ["number"]).type for part, _ in operator.parts]
        weights = [self.formula(weight, space, present, ["number"]) for _, weight in operator.parts]
        absent = frozenset[str]().union(*(part.absent for part in parts))
        sure = [surely_positive(self.scope, weight) for weight in weights]
        if any(yes and "NOT_APPLICABLE" not in part.absent for part, yes in zip(parts, sure, strict=True)):
            absent -= NOT_APPLICABLE
        if any(weight.reads() for weight in weights) and not any(sure):
            absent |= {"ERROR"}
        return QUOTIENT.or_absent(absent), NOTHING

    def _curve(self, operator: doc.Curve, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a logarithm or root; an argument outside its domain is an error."""
        space = measure.grain
        trees = [self.formula(operator.of, space, present, ["number"])]
        if operator.base is not None:
            trees.append(self.formula(operator.base, space, present, ["number"]))
        absent = frozenset({"ERROR"}).union(*(tree.type.absent for tree in trees))
        return Type("number", places=operator.places, absent=absent), self.strict(trees, space)

    def _rank(self, operator: doc.Rank, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a place in an order; there is none without its keys."""
        space = measure.grain
        absent = frozenset[str]()
        if operator.where is not None:
            present |= self.learnt(self.condition(operator.where, space, present), space, True)
            absent |= NOT_APPLICABLE
        trees = [self.formula(key, space, present, _ORDERED) for key, _ in operator.by]
        trees += [self.formula(key, space, present) for key in operator.within]
        absent = absent.union(*(tree.type.absent for tree in trees))
        places = 1 if operator.ties == "mid" else 0
        behind = self.strict(trees, space) | (present if operator.where is not None else NOTHING)
        return Type("number", places=places, absent=absent), behind

    def _running(self, operator: doc.Running, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        """Type a running total; rows outside `where` have none."""
        space = measure.grain
        absent = frozenset[str]()
        if operator.where is not None:
            present |= self.learnt(self.condition(operator.where, space, present), space, True)
            absent |= NOT_APPLICABLE
        trees = [self.formula(key, space, present) for key in operator.per]
        trees.append(self.formula(operator.by, space, present, ["date", "number"]))
        if operator.within is not None:
            self.formula(operator.within, space, present, ["number"])
        kind = COUNT
        if operator.operand is not None:
            kind = self.formula(operator.operand, space, present, ["number"]).type
        absent = absent.union(kind.absent, *(tree.type.absent for tree in trees))
        return replace(kind, lo=None, hi=None, absent=absent), self.strict(trees, space)

    def remembered(self, operator: doc.Previous | doc.Run | doc.Window, space: str) -> Type:
        """Return the type of a measure read from earlier results, noting one that none holds."""
        outcome = self.scope.document.results.get(space)
        if operator.of not in self.scope.spaces[space].measures:
            known = ", ".join(sorted(self.scope.spaces[space].measures))
            self.note("MEASURE_UNKNOWN", operator.place, grain=space, name=operator.of, known=known)
            return _ANY
        if outcome is None or operator.of not in outcome.remember:
            self.note("NOT_REMEMBERED", operator.place, name=operator.of, grain=space)
        return self.scope.types.get((space, operator.of), _ANY)

    def _previous(self, operator: doc.Previous, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        kind = self.remembered(operator, measure.grain)
        otherwise = self.give(operator.otherwise, measure.grain, present)
        return self.unite([kind, otherwise], operator.place), NOTHING

    def _run(self, operator: doc.Run, measure: doc.Measure, _: Present) -> tuple[Type, Present]:
        kind = self.remembered(operator, measure.grain)
        if kind.kind not in ("bool", "any"):
            self.note("RESULT_TYPE", operator.place, want="bool", got=str(kind))
        return COUNT.or_absent(kind.absent), NOTHING

    def _window(self, operator: doc.Window, measure: doc.Measure, present: Present) -> tuple[Type, Present]:
        kind = self.remembered(operator, measure.grain)
        taken = {"count": COUNT, "any": BOOL, "every": BOOL, "mean": QUOTIENT}.get(operator.take, kind.present())
        want = {"any": "bool", "every": "bool", "count": kind.kind}.get(operator.take, "number")
        if kind.kind not in (want, "any"):
            self.note("RESULT_TYPE", operator.place, want=want, got=str(kind))
        taken = taken.or_absent(kind.absent - NOT_APPLICABLE)
        if operator.empty is None:
            return taken, NOTHING
        return self.unite([taken, self.give(operator.empty, measure.grain, present)], operator.place), NOTHING

    def keep(self, facts: doc.Facts) -> None:
        """Type the condition by which rows of facts are kept; it may not read measures."""
        if facts.keep is None:
            return
        tree = self.condition(facts.keep, facts.name)
        for read in tree.reads():
            path = read.path
            if path is not None and (path.kind == "measure" or any(hop.kind != "column" for hop in path.hops)):
                self.note("CEL_REFUSED", facts.keep.place, what=f"{path} (keep reads columns only)")
