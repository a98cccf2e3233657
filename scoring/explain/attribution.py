"""Who gave and who took how many points: the rules by which each operator shares its value among what it was made of.

A sum is shared as it adds up, a mean and a blend by weight, a quotient over its numerator. A cap on something added up
takes from every row in proportion; a cap on anything else is a line of its own, as is every rounding the rulebook
names. A step table shows its best value as full marks and shares the loss among the rows that caused it.
"""

from fractions import Fraction
from typing import Any, Final

from scoring.conditions.tree import Expr, Hop, Path
from scoring.evaluation import Evaluation
from scoring.explain.bounds import BoundsOf
from scoring.explain.draft import FULL_MARKS, Draft, Share, leaf
from scoring.explain.evidence import cap_facts, own_facts
from scoring.explain.figures import Figures, exact
from scoring.explain.gaps import behind_gap
from scoring.explain.steps import step_lines
from scoring.explain.wording import Wording, same
from scoring.labels import label_of
from scoring.operators import OPERATORS, Job
from scoring.operators.aggregate import rows_counted
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue, shown

_ADDED_UP: Final = (doc.Aggregate, doc.Ratio, doc.Blend)
ROUNDING: Final = ("舍入", "Rounding")
CAP: Final = ("封顶", "Cap")
FLOOR: Final = ("保底", "Floor")
FIXED: Final = ("定数", "Fixed figure")


class Attribution:
    """Explains the rows of one run; keeps what it has worked out for the next subject."""

    def __init__(self, evaluation: Evaluation, bounds: BoundsOf | None = None) -> None:
        """Bind to a run."""
        self.evaluation, self.plan = evaluation, evaluation.plan
        self.figures = Figures(evaluation)
        self.wording = Wording(self.figures)
        self.bounds = bounds or BoundsOf(evaluation.plan)
        self._members: dict[tuple[str, str], list[list[int]]] = {}
        self._parts: dict[int, Attribution] = {}
        self._places: dict[tuple[str, str], int | None] = {}

    def part(self, at: int) -> "Attribution | None":
        """Return the explanation of a part, when its evaluation is at hand and not only its results."""
        part = self.evaluation.parts[at]
        if not isinstance(part, Evaluation):
            return None
        if at not in self._parts:
            self._parts[at] = Attribution(part, self.bounds if part.plan is self.plan else None)
        return self._parts[at]

    def members(self, measure: doc.Measure, row: int) -> list[int]:
        """Return the finer rows an aggregate counted for a row."""
        node = (measure.grain, measure.name)
        if node not in self._members:
            assert isinstance(measure.operator, doc.Aggregate), "only aggregates count rows"
            job = Job(self.plan, self.evaluation.frames, measure, (), self.evaluation.past)
            self._members[node] = rows_counted(job, measure.operator)
        return self._members[node][row]

    def label(self, grain: str, name: str) -> tuple[str, str]:
        """Return the label of a measure."""
        return label_of(self.plan.document, f"{grain}.{name}", name)

    def measure(self, grain: str, row: int, name: str, share: Share) -> Draft:
        """Explain a measure of a row: its share of the total and what it was made of."""
        frame = self.evaluation.frames.frame(grain)
        if frame.origin is not None:
            at, there = frame.origin[row]
            part = self.part(at)
            if part is not None:
                return part.measure(grain, there, name, share)
        declared = self.plan.document.measures[grain][name]
        draft = Draft(name, "INDICATOR", self.label(grain, name), declared.law)
        draft.node = (id(self.evaluation), grain, row, name)
        value = frame.measures[name][row]
        draft.value = self.evaluation.value(grain, row, name)
        number = exact(value, self.plan.type_of(grain, name))
        if frame.origin is not None:
            return self._settled(draft, number, share)
        if isinstance(number, NonValue):
            draft.none, draft.value = number, None
            draft.formula = self.wording.stopped(declared, row, number)
            draft.children = behind_gap(self, declared, row, share, number)
            return draft
        self._settled(draft, number, share)
        low, high = self.bounds.measure(grain, name)
        end = high if share.uncapped >= 0 else low
        draft.most = None if end is None else share.uncapped * end
        self._fill(draft, declared, row, share)
        return draft

    def _settled(self, draft: Draft, number: Fraction | NonValue, share: Share) -> Draft:
        """Put a value's share into its line."""
        if isinstance(number, NonValue):
            draft.none, draft.value = number, None
        else:
            draft.exact, draft.uncapped = share.factor * number, share.uncapped * number
        return draft

    def _fill(self, draft: Draft, measure: doc.Measure, row: int, share: Share) -> None:
        """Add the children of a line: what the operator was made of, then cap, floor and rounding."""
        frame = self.evaluation.frames.frame(measure.grain)
        kind = self.plan.type_of(measure.grain, measure.name)
        final = exact(frame.measures[measure.name][row], kind)
        assert isinstance(final, Fraction), "absence was dealt with before"
        before, after, name = self._bounded(measure, row, final)
        inner, lines = share, []
        if after != before:
            spread_over = name == "cap" and isinstance(measure.operator, _ADDED_UP) and before > 0
            if spread_over:
                inner = share.capped(after / before)
            else:
                label = CAP if name == "cap" else FLOOR
                line = leaf(f"={name}", label, None, share, after - before)
                line.kind, line.clause = "ADJUSTMENT", measure.law
                line.lost = abs(line.exact) if name == "cap" else Fraction(0)
                line.facts = cap_facts(self, measure, row)
                lines.append(line)
        draft.children = self.operator(measure, row, inner)
        members = self.members(measure, row) if isinstance(measure.operator, doc.Aggregate) else ()
        draft.formula = self.wording.formula(measure, row, members, (before, after, final))
        own_facts(self, draft, measure, row)
        if measure.round is not None and final != after:
            line = leaf("=rounding", ROUNDING, None, share, final - after)
            line.kind, line.clause = "ADJUSTMENT", measure.law
            text = f"{shown(after)} → {shown(draft.value)} ({measure.round.places} {measure.round.mode})"
            line.formula = same(text)
            lines.append(line)
        draft.children += lines
        made = sum((child.exact for child in draft.children), Fraction(0))
        if draft.children and made != draft.exact:
            draft.children = []
        if len(draft.children) == 1 and not draft.children[0].children and draft.children[0].segment == "=leaf":
            draft.facts += draft.children.pop().facts

    def _bounded(self, measure: doc.Measure, row: int, final: Fraction) -> tuple[Fraction, Fraction, str]:
        """Return the value before and after floor and cap, and which of the two moved it."""
        frame = self.evaluation.frames.frame(measure.grain)
        if measure.name not in frame.raw:
            return final, final, ""
        raw = frame.raw[measure.name][row]
        before = exact(raw, self.operator_type(measure, raw))
        assert isinstance(before, Fraction), "a value came out of the operator"
        after, moved = before, ""
        for name, bound, choose in (("floor", measure.floor, max), ("cap", measure.cap, min)):
            limit = None if bound is None else self.figures.number(self.plan.trees[bound.site], measure.grain, row)
            if isinstance(limit, Fraction) and choose(after, limit) != after:
                after, moved = limit, name
        return before, after, moved

    def operator_type(self, measure: doc.Measure, raw: Any) -> Type:
        """Return the type of what an operator gave before floor, cap and round."""
        if isinstance(raw, Fraction):
            return Type("number")
        node = (measure.grain, measure.name)
        if node not in self._places:
            job = Job(self.plan, self.evaluation.frames, measure, (), self.evaluation.past)
            self._places[node] = OPERATORS[type(measure.operator)](job, measure.operator).places
        return Type("number", places=self._places[node])

    def refs(self, space: str, row: int) -> list[tuple[str, str]]:
        """Return the evidence row behind a row of a fact table."""
        if space not in self.plan.document.facts:
            return []
        return [(space, self.evaluation.frames.frame(space).row_id(row))]

    def operator(self, measure: doc.Measure, row: int, share: Share) -> list[Draft]:
        """Return the lines an operator's value is made of; none where it cannot be taken apart."""
        grain, trees = measure.grain, self.plan.trees
        match measure.operator:
            case doc.ValueOf(formula):
                return self.expression(trees[formula.site], grain, row, share)
            case doc.Aggregate():
                return self._aggregate(measure, row, share)
            case doc.Ratio(of, by, _):
                divisor = self.figures.number(trees[by.site], grain, row)
                if isinstance(divisor, NonValue) or divisor == 0:
                    return []
                return self.expression(trees[of.site], grain, row, share.times(1 / divisor))
            case doc.Blend():
                return self._blend(measure.operator, grain, row, share)
            case doc.Steps():
                return step_lines(self, measure, row, share)
            case doc.Table() | doc.Lookup():
                return self._chosen(measure, row, share)
            case _:
                return []

    def _chosen(self, measure: doc.Measure, row: int, share: Share) -> list[Draft]:
        """Follow what a row of a table gave, or the number a lookup found to the row it stands in."""
        operator, tree = measure.operator, self.wording.choices.given(measure, row)
        if tree is not None:
            plain = tree.op in ("const", "none") or tree.type.kind != "number"
            return [] if plain else self.expression(tree, measure.grain, row, share)
        found = self.wording.choices.found(measure, row) if isinstance(operator, doc.Lookup) else None
        if not isinstance(operator, doc.Lookup) or not isinstance(found, int):
            return []
        path = self.plan.scope.path(operator.source, operator.give)[0]
        end = self.follow(operator.source, found, path)
        if end is None or path.kind != "measure":
            return []
        line = self.measure(*end, path.name, share)
        return [self.row_line(operator.source, found, measure.grain, [line])]

    def expression(self, tree: Expr, space: str, row: int, share: Share) -> list[Draft]:
        """Share out a formula: sums by their terms, products along the one factor that was computed."""
        match tree.op:
            case "add" | "sub":
                left, right = tree.args
                sign = share if tree.op == "add" else share.times(Fraction(-1))
                first = self.expression(left, space, row, share)
                if tree.op == "sub" and left.op == "const" and share.factor > 0:
                    first[0].label = FULL_MARKS
                return [*first, *self.expression(right, space, row, sign)]
            case "neg":
                return self.expression(tree.args[0], space, row, share.times(Fraction(-1)))
            case "mul":
                return self._product(tree, space, row, share)
            case "if":
                taken = tree.args[1 if self.figures.raw(tree.args[0], space, row) else 2]
                return self.expression(taken, space, row, share)
            case "min" | "max":
                return self._extreme(tree, space, row, share)
            case "read":
                return [self._read(tree, space, row, share)]
            case _:
                return [self._leaf(tree, space, row, share)]

    def _product(self, tree: Expr, space: str, row: int, share: Share) -> list[Draft]:
        """Follow the one factor that was computed, or the one that was summed up; other products are one line."""
        computed = [bool(arg.reads()) for arg in tree.args]
        if all(computed):
            computed = [self._is_summary(arg, space) for arg in tree.args]
        if sum(computed) != 1:
            return [self._leaf(tree, space, row, share)]
        at = computed.index(True)
        weight = self.figures.number(tree.args[1 - at], space, row)
        if isinstance(weight, NonValue):
            return [self._leaf(tree, space, row, share)]
        return self.expression(tree.args[at], space, row, share.times(weight))

    def _extreme(self, tree: Expr, space: str, row: int, share: Share) -> list[Draft]:
        """Follow the operand that is the least or greatest; those without a value take the place of all."""
        values = [self.figures.number(arg, space, row) for arg in tree.args]
        there = [value for value in values if isinstance(value, Fraction)]
        if len(there) < len(values):
            gone = [arg for arg, value in zip(tree.args, values, strict=True) if isinstance(value, NonValue)]
            return [line for arg in gone for line in self.expression(arg, space, row, share)]
        taken = tree.args[values.index(min(there) if tree.op == "min" else max(there))]
        return self.expression(taken, space, row, share)

    def _is_summary(self, tree: Expr, space: str) -> bool:
        """Tell whether a name stands for rows that were added up."""
        if tree.path is None or not _is_measure(tree):
            return False
        there = self.plan.document.measures[self.plan.scope.end(space, tree.path)]
        return isinstance(there[tree.path.name].operator, doc.Aggregate)

    def _leaf(self, tree: Expr, space: str, row: int, share: Share) -> Draft:
        """Return a line for a formula that is not taken apart."""
        value = self.figures.value(tree, space, row)
        if tree.op == "const":
            draft = Draft("=base", "ITEM", FIXED, value=value)
        elif tree.op == "setting":
            draft = Draft(str(tree.value), "ITEM", label_of(self.plan.document, str(tree.value)), value=value)
        else:
            label = self.wording.row_label(space, row)
            label = label if tree.path is None else self.wording.name_label(str(tree.path), space)
            draft = Draft("=leaf", "ITEM", label, value=value)
            gap = isinstance(value, NonValue) and tree.op in ("none", "read")
            figures = shown(value) if gap else self.figures.text(tree, space, row)
            worded = same(figures if figures == shown(value) else f"{figures} = {shown(value)}")
            draft.formula = None if gap else worded
        end = (space, row) if tree.path is None else self.follow(space, row, tree.path)
        draft.facts = [] if tree.op in ("const", "setting") or end is None else self.refs(*end)
        draft.most = share.uncapped * Fraction(value) if tree.op == "const" else None
        return self._settled(draft, value if isinstance(value, NonValue) else Fraction(value), share)

    def _read(self, tree: Expr, space: str, row: int, share: Share) -> Draft:
        """Follow a name to the measure it is, or show the fact it is."""
        assert tree.path is not None, "a read has a path"
        end = self.follow(space, row, tree.path)
        if end is None or not _is_measure(tree):
            return self._leaf(tree, space, row, share)
        there, at = end
        draft = self.measure(there, at, tree.path.name, share)
        draft.facts = [*self.refs(there, at), *draft.facts] if there != space else draft.facts
        return draft

    def follow(self, space: str, row: int, path: Path) -> tuple[str, int] | None:
        """Return the space and row a path's hops lead to; None where there is none."""
        for hop in path.hops:
            there = self.hop(space, row, hop)
            if there is None:
                return None
            space, row = hop.target, there
        return space, row

    def hop(self, space: str, row: int, hop: Hop) -> int | None:
        """Return the row one hop leads to."""
        there = self.evaluation.frames.hop(space, hop)[row]
        return None if isinstance(there, NonValue) else int(there)

    def _aggregate(self, measure: doc.Measure, row: int, share: Share) -> list[Draft]:
        """Share a sum, count or mean among its rows; the least or greatest is the row that gave it."""
        operator = measure.operator
        assert isinstance(operator, doc.Aggregate), "asked for an aggregate"
        many = self.members(measure, row)
        if operator.operand is None:
            return [self.counted_row(operator.over, one, share, Fraction(1), measure) for one in many]
        tree = self.plan.trees[operator.operand.site]
        if operator.how not in ("sum", "mean", "least", "greatest"):
            return []
        values = [(one, self.figures.number(tree, operator.over, one)) for one in many]
        there = [(one, value) for one, value in values if isinstance(value, Fraction)]
        if operator.how in ("least", "greatest") and there:
            choose = min if operator.how == "least" else max
            best = choose(value for _, value in there)
            values = [each for each in values if each[1] == best][:1]
        weights = self._weights(operator, [one for one, _ in values])
        total = sum((weights[one] for one, value in values if isinstance(value, Fraction)), Fraction(0))
        if operator.how == "mean" and total == 0:
            return []
        lines = []
        for one, _ in values:
            by = weights[one] / total if operator.how == "mean" else weights[one]
            part = share.times(by)
            line = self.row_line(operator.over, one, measure.grain, self.expression(tree, operator.over, one, part))
            line.clause = line.clause or measure.law
            if not line.children and tree.op != "read" and line.formula is not None:
                line.formula = self.wording.named(operator.operand.text, operator.over).then(f" = {line.formula.plain}")
            line.weight = by if operator.how == "mean" or operator.weight is not None else None
            lines.append(line)
        return lines

    def _weights(self, operator: doc.Aggregate, rows: list[int]) -> dict[int, Fraction]:
        """Return the weight of every row: 1 where the rule names none."""
        if operator.weight is None or operator.how not in ("sum", "mean"):
            return dict.fromkeys(rows, Fraction(1))
        tree = self.plan.trees[operator.weight.site]
        found = {one: self.figures.number(tree, operator.over, one) for one in rows}
        return {one: value if isinstance(value, Fraction) else Fraction(0) for one, value in found.items()}

    def counted_row(self, space: str, row: int, share: Share, value: Fraction, measure: doc.Measure) -> Draft:
        """Return the line of a row that counts as such, with the value it stands for."""
        line = self.row_line(space, row, measure.grain, [])
        line.exact, line.uncapped, line.clause = share.factor * value, share.uncapped * value, measure.law
        return line

    def row_line(self, space: str, row: int, grain: str, made: list[Draft]) -> Draft:
        """Return the line of one finer row; a row made of one thing takes over its children."""
        frame = self.evaluation.frames.frame(space)
        segment = f"{space}:{frame.row_id(row).replace('/', '~')}"
        kind = "ITEM" if space in self.plan.document.facts else "INDICATOR"
        known = (grain, *self.plan.scope.spaces[grain].keys)
        line = Draft(segment, kind, self.wording.row_label(space, row, known))
        if len(made) == 1:
            only = made[0]
            line.clause, line.value, line.none, line.formula = only.clause, only.value, only.none, only.formula
            line.exact, line.uncapped, line.most = only.exact, only.uncapped, only.most
            line.children, line.facts, line.node = only.children, [*only.facts], only.node
        else:
            line.children = made
            line.exact = sum((each.exact for each in made), Fraction(0))
            line.uncapped = sum((each.uncapped for each in made), Fraction(0))
        line.facts = list(dict.fromkeys([*self.refs(space, row), *line.facts]))
        return line

    def _blend(self, operator: doc.Blend, grain: str, row: int, share: Share) -> list[Draft]:
        """Share a weighted mean among its parts; parts that fall out stand there without points."""
        trees = self.plan.trees
        parts = []
        for part, weight in operator.parts:
            value = self.figures.number(trees[part.site], grain, row)
            w = self.figures.number(trees[weight.site], grain, row)
            assert isinstance(w, Fraction), "weights are always there"
            parts.append((trees[part.site], w, value))
        total = sum((w for _, w, value in parts if isinstance(value, Fraction)), Fraction(0))
        lines = []
        for tree, w, value in parts:
            by = w / total if total and isinstance(value, Fraction) else w
            made = self.expression(tree, grain, row, share.times(by))
            for line in made:
                line.weight = by if isinstance(value, Fraction) else None
            lines += made
        return lines


def _is_measure(read: Expr) -> bool:
    return read.path is not None and read.path.kind == "measure" and read.type.kind == "number"
