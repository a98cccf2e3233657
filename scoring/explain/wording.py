"""The words around figures: formulas with their names in the reader's language, and labels of rows."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from scoring.conditions.tree import Expr
from scoring.explain.choices import Choices
from scoring.explain.figures import Figures, readable
from scoring.frames import key_text
from scoring.labels import label_of
from scoring.rulebook import document as doc
from scoring.values import NonValue, Value, shown

_TELLING: Final = frozenset({"date", "period"})
DESCRIBED_MOST: Final = 3
"""Columns that stand beside the number of a row."""
_NAME: Final = re.compile(r"'[^']*'|[A-Za-z_][A-Za-z0-9_.]*")
NAMES_MOST: Final = 6
"""Names whose values stand beside a condition."""
HOWS: Final = {
    "sum": ("合计", "sum of"),
    "mean": ("平均", "mean of"),
    "count": ("计数", "count"),
    "least": ("最小", "least"),
    "greatest": ("最大", "greatest"),
    "earliest": ("最早", "earliest"),
    "latest": ("最晚", "latest"),
    "any": ("存在", "any"),
    "every": ("全部", "every"),
    "distinct": ("不同的", "distinct"),
    "list": ("列出", "list of"),
    "stdev": ("标准差", "standard deviation of"),
    "quantile": ("分位数", "quantile of"),
}


class Text(NamedTuple):
    """A formula as the rulebook names things, and with labels in Chinese and in English."""

    plain: str
    zh: str
    en: str

    def then(self, more: str) -> "Text":
        """Return the text with something added that needs no language."""
        return Text(self.plain + more, self.zh + more, self.en + more)


def same(text: str) -> Text:
    """Return a text that needs no language.

    >>> same("3 × 4").en
    '3 × 4'
    """
    return Text(text, text, text)


class Wording:
    """Writes the formulas and labels of one run."""

    def __init__(self, figures: Figures) -> None:
        """Bind to the figures of a run."""
        self.figures = figures
        self.plan = figures.evaluation.plan
        self.document = self.plan.document
        self.choices = Choices(figures)

    def row_label(self, space: str, row: int, known: Sequence[str] = ()) -> tuple[str, str]:
        """Return the label of a row: its table's label and those parts of its key that are not already known."""
        frame = self.figures.evaluation.frames.frame(space)
        named = zip(frame.space.keys, frame.words(row), strict=True)
        parts = [part for name, part in named if name not in known] or [frame.row_id(row)]
        zh, en = label_of(self.document, space)
        name = " ".join(parts) + self._described(space, row, known)
        return f"{zh} {name}", f"{en} {name}"

    def table_label(self, space: str) -> tuple[str, str]:
        """Return the label of a table or grain."""
        return label_of(self.document, space)

    def _described(self, space: str, row: int, known: Sequence[str]) -> str:
        """Return what tells a row from others where it has only a number for a name: references, dates, periods."""
        facts, frame = self.document.facts.get(space), self.figures.evaluation.frames.frame(space)
        if facts is None or not frame.row_id(row).isdigit():
            return ""
        names = facts.unique or tuple(name for name, kind in facts.columns if kind.table or kind.kind in _TELLING)
        kinds = dict(facts.columns)
        told = [
            key_text(frame.columns[name][row], kinds[name])
            for name in names
            if name not in known
            and kinds[name].table not in known
            and not isinstance(frame.columns[name][row], NonValue)
        ]
        return f" ({', '.join(told[:DESCRIBED_MOST])})" if told else ""

    def named(self, text: str, space: str) -> Text:
        """Write the author's formula with the labels of its names."""
        plain = readable(text)
        zh = _NAME.sub(lambda found: self.name_label(found[0], space)[0], plain)
        en = _NAME.sub(lambda found: self.name_label(found[0], space)[1], plain)
        return Text(plain, zh, en)

    def name_label(self, name: str, space: str) -> tuple[str, str]:
        """Return the label of a name at a space; names without one stay as they are."""
        head, _, last = name.rpartition(".")
        labels = self.document.labels
        for candidate in (f"{space}.{name}", f"{head}.{last}" if head else name, name):
            if candidate in labels:
                return labels[candidate]
        return name, name

    def formula(
        self, measure: doc.Measure, row: int, members: Sequence[int], steps: tuple[Fraction, Fraction, Fraction]
    ) -> Text:
        """Write how a value came about; `steps` are the value before bounds, after them, and after rounding."""
        before, after, final = steps
        text = self._operator(measure, row, members, before)
        if after != before:
            sign = "min" if after < before else "max"
            text = text.then(f"; {sign}({shown(before)}, {shown(after)}) = {shown(after)}")
        return text.then(f" → {shown(final)}") if measure.round is not None and final != after else text

    def _operator(self, measure: doc.Measure, row: int, members: Sequence[int], before: Fraction) -> Text:
        """Write the operator with its figures."""
        grain, trees, figures = measure.grain, self.plan.trees, self.figures
        match measure.operator:
            case doc.ValueOf(of):
                text = self.named(of.text, grain)
                if trees[of.site].op == "if":
                    text = both_joined(text, self._read_values([trees[of.site].args[0]], grain, row, truths=True))
                return text.then(f" = {figures.text(trees[of.site], grain, row)} = {shown(before)}")
            case doc.Ratio(of, by, _):
                upper, lower = (self.named(each.text, grain) for each in (of, by))
                names = Text(*(f"{term(a)} ÷ {term(b)}" for a, b in zip(upper, lower, strict=True)))
                sides = " ÷ ".join(term(figures.text(trees[each.site], grain, row)) for each in (of, by))
                return names.then(f" = {sides} = {shown(before)}")
            case doc.Steps(of=of):
                value = shown(figures.value(trees[of.site], grain, row))
                return self.named(of.text, grain).then(f" = {value} → {shown(before)}")
            case doc.Blend(parts):
                return same(self._blend(parts, grain, row, before))
            case doc.Aggregate() as summary:
                return self.summarised(summary, members).then(f" = {shown(before)}")
            case doc.Table() | doc.Lookup():
                return self.chosen(measure, row, before)
            case _:
                return same(shown(before))

    def stopped(self, measure: doc.Measure, row: int, gap: NonValue) -> Text | None:
        """Write what kept a measure from having a value, where a condition of its own did."""
        failed = [self._asked(cel, measure.grain, row) for cel in self.choices.failed(measure, row)]
        if failed:
            return Text(*("; ".join(texts) for texts in zip(*failed, strict=True))).then(" ✗")
        chosen = isinstance(measure.operator, doc.Table | doc.Lookup) and not self.choices.missing(measure, row)
        return self.chosen(measure, row, gap) if chosen else None

    def chosen(self, measure: doc.Measure, row: int, value: Value) -> Text:
        """Write which row of a table held, or which row a lookup asked for, with what they read."""
        if isinstance(measure.operator, doc.Lookup):
            return self._looked_up(measure, measure.operator, row, value)
        assert isinstance(measure.operator, doc.Table), "only these two choose"
        number, held = self.choices.held(measure, row)
        if held.when is not None:
            asked = self._asked(held.when, measure.grain, row)
            return both_before((f"#{number} ", f"第{number}行 ", f"row {number} "), asked).then(f" → {shown(value)}")
        above = [self.plan.trees[each.when.site] for each in measure.operator.rows if each.when is not None]
        read = self._read_values(above, measure.grain, row)
        return both_before(("else", "其他", "else"), read).then(f" → {shown(value)}")

    def _asked(self, cel: doc.Cel, space: str, row: int) -> Text:
        """Write a condition and the values it read."""
        return both_joined(self.named(cel.text, space), self._read_values([self.plan.trees[cel.site]], space, row))

    def _read_values(self, trees: Sequence[Expr], space: str, row: int, *, truths: bool = False) -> Text:
        """Write the values of the names in formulas, in brackets; a truth says nothing that a condition does not."""
        reads = {str(read.path): read for tree in trees for read in _reads(tree, truths=truths)}
        given = [
            self.named(name, space).then(f" = {shown(self.figures.value(read, space, row))}")
            for name, read in list(reads.items())[:NAMES_MOST]
        ]
        if not given:
            return same("")
        return Text(*(f" ({', '.join(texts)})" for texts in zip(*given, strict=True)))

    def _looked_up(self, measure: doc.Measure, lookup: doc.Lookup, row: int, value: Value) -> Text:
        """Write the key asked for, the column and the value found; where there was no such row, that."""
        keys = []
        for key in (*lookup.key, *([] if lookup.day is None else [lookup.day])):
            tree = self.plan.trees[key.site]
            told = shown(self.figures.value(tree, measure.grain, row))
            keys.append(same(told) if tree.op == "const" else self.named(key.text, measure.grain).then(f" = {told}"))
        asked = [", ".join(texts) for texts in zip(*keys, strict=True)]
        column, source = self.named(lookup.give, lookup.source), label_of(self.document, lookup.source)
        names = ((lookup.source, column.plain), (source[0], column.zh), (source[1], column.en))
        text = Text(*(f"{table}[{key}].{name}" for (table, name), key in zip(names, asked, strict=True)))
        gone = self.choices.found(measure, row) is None
        return (both_joined(text, Text(" (–)", "(无此行)", " (no such row)")) if gone else text).then(
            f" = {shown(value)}"
        )

    def summarised(self, summary: doc.Aggregate, members: Sequence[int]) -> Text:
        """Write what was summarised, over how many rows, and by which choice among them."""
        over = label_of(self.document, summary.over)
        what = same("") if summary.operand is None else self.named(f" {summary.operand.text}", summary.over)
        weight = same("") if summary.weight is None else self.named(f" × {summary.weight.text}", summary.over)
        zh, en = HOWS[summary.how]
        count, without = len(members), self._without(summary, members)
        gone = (
            ("", "", "") if not without else (f", {without} –", f",其中 {without} 无值", f", {without} without value")
        )
        text = Text(
            f"{summary.how}{what.plain}{weight.plain} [{summary.over}: {count}{gone[0]}]",
            f"{zh}{what.zh}{weight.zh}[{over[0]}:{count}{gone[1]}]",
            f"{en}{what.en}{weight.en} [{over[1]}: {count}{gone[2]}]",
        )
        for more in self._chosen_by(summary):
            text = both_joined(text, more)
        return text

    def _without(self, summary: doc.Aggregate, members: Sequence[int]) -> int:
        """Return how many of the rows have no value to summarise."""
        if summary.operand is None or not self.plan.trees[summary.operand.site].type.absent:
            return 0
        tree = self.plan.trees[summary.operand.site]
        return sum(isinstance(self.figures.raw(tree, summary.over, one), NonValue) for one in members)

    def _chosen_by(self, summary: doc.Aggregate) -> Iterator[Text]:
        """Write which of the rows count: `where`, `once`, `last`, and the share of a quantile."""
        if summary.where is not None:
            yield both_before((" where ", ",条件 ", " where "), self.named(summary.where.text, summary.over))
        if summary.once is not None:
            per = [self.named(cel.text, summary.over) for cel in summary.once.per]
            keys = Text(*(", ".join(texts) for texts in zip(*per, strict=True)))
            way = ("最高", "highest") if summary.once.first == "highest" else ("最低", "lowest")
            of = self.named(summary.once.of.text, summary.over)
            text = both_before((" once per ", ",每 ", ", one per "), keys)
            yield both_joined(text, Text(f" ({way[1]} {of.plain})", f" 一条({way[0]} {of.zh})", f" ({way[1]} {of.en})"))
        if summary.last is not None:
            rows, by = summary.last.rows, self.named(summary.last.by.text, summary.over)
            yield both_before((f" last {rows} by ", f",最近 {rows} 条,依 ", f", the last {rows} by "), by)
        if summary.share is not None:
            yield both_before((" at share ", ",比例 ", ", at share "), self.named(summary.share.text, summary.over))

    def _blend(self, parts: tuple[tuple[doc.Cel, doc.Cel], ...], grain: str, row: int, before: Fraction) -> str:
        """Write a weighted mean with its figures."""
        terms, weights = [], Fraction(0)
        for part, weight in parts:
            value = self.figures.value(self.plan.trees[part.site], grain, row)
            w = self.figures.number(self.plan.trees[weight.site], grain, row)
            if not isinstance(value, NonValue) and isinstance(w, Fraction):
                terms.append(f"{shown(w)} × {shown(value)}")
                weights += w
        return f"({' + '.join(terms)}) ÷ {shown(weights)} = {shown(before)}"


def term(text: str) -> str:
    """Write one side of a quotient, in brackets when it is more than one word.

    >>> term("3 + 4"), term("5")
    ('(3 + 4)', '5')
    """
    return f"({text})" if any(sign in text for sign in (" + ", " − ", " × ")) else text


def both_before(head: tuple[str, str, str], text: Text) -> Text:
    """Put words in front of a text.

    >>> both_before(("a ", "甲 ", "b "), same("1")).zh
    '甲 1'
    """
    return Text(*(one + other for one, other in zip(head, text, strict=True)))


def both_joined(one: Text, other: Text) -> Text:
    """Put a text behind another.

    >>> both_joined(same("1 + "), same("2")).en
    '1 + 2'
    """
    return Text(*(first + second for first, second in zip(one, other, strict=True)))


def _reads(tree: Expr, *, truths: bool) -> list[Expr]:
    """Return the names a formula reads, those that are truths only where asked for."""
    return [read for read in tree.reads() if read.path is not None and (truths or read.type.kind != "bool")]
