"""What a condition, a count or a code rests on: the measures it names, opened one by one down to rows and periods."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scoring.conditions.tree import Expr
from scoring.evaluation import Evaluation
from scoring.explain.attribution import Attribution
from scoring.explain.deciding import deciding
from scoring.explain.draft import Node
from scoring.explain.earlier import looked_back
from scoring.explain.ordered import Placed, placed
from scoring.explain.summed import Summed, summed
from scoring.explain.wording import Text, both_joined
from scoring.explain.words import NOTHING, how_text, read_texts, value_text
from scoring.rulebook import document as doc
from scoring.values import Value

DEEPEST: Final = 12
"""How many steps down grounds are followed."""
ROWS_MOST: Final = 12
"""Rows of one summary that are opened."""
INSTEAD_MOST: Final = 3
"""Rows that did not decide a summary and are opened where none did."""
NAMED_MOST: Final = 40
"""Other rows that are named with their values; the rest is counted."""


class Ground(NamedTuple):
    """One line: what is meant, its value, how it came about; `seen` where that is told above."""

    level: int
    label: tuple[str, str]
    value: Value | None
    text: Text
    clause: str | None = None
    seen: bool = False


class Grounds:
    """Opens the measures behind choices of one subject; nothing is told twice."""

    def __init__(self, runs: Sequence[Evaluation], told: Iterable[Node] = ()) -> None:
        """Bind to the runs at hand, the whole and its parts, and to the measures that were explained before."""
        self.runs = tuple(runs)
        self._sides: dict[int, Attribution] = {}
        self._told = set(told)

    def side(self, run: Evaluation) -> Attribution:
        """Return what explains the rows of a run."""
        if id(run) not in self._sides:
            self._sides[id(run)] = Attribution(run)
        return self._sides[id(run)]

    def behind(
        self, run: Evaluation, trees: Sequence[Expr], at: tuple[str, int], level: int = 0, deepest: int = DEEPEST
    ) -> Iterator[Ground]:
        """Yield the measures that decided formulas at a row of a run, each with what it rests on.

        >>> from scoring.example import season
        >>> run = season("{value: 'games > 1 ? 5 : 0'}")
        >>> lines = list(Grounds([run]).behind(run, [run.plan.trees["measures.team.x.value"]], ("team", 0)))
        >>> [(line.level, line.label[1], line.text.plain) for line in lines]
        [(0, 'games', 'count [game: 2]'), (1, 'game 1 (2026-01-10)', ''), (1, 'game 2 (2026-02-10)', '')]
        """
        side, (space, row) = self.side(run), at
        for read in deciding(side.figures, trees, space, row):
            assert read.path is not None, "a read has a path"
            end = side.follow(space, row, read.path)
            if end is not None and read.path.kind == "measure":
                yield from self.measure(run, (*end, read.path.name), level, deepest)

    def measure(
        self, run: Evaluation, node: tuple[str, int, str], level: int = 0, deepest: int = DEEPEST
    ) -> Iterator[Ground]:
        """Yield a measure of a row with its value, how it came about, and what that rests on.

        >>> from scoring.example import season
        >>> run = season("{value: games}")
        >>> next(Grounds([run]).measure(run, ("team", 0, "games"))).value
        Decimal('2')
        """
        grain, row, name = node
        run, row = self._origin(run, grain, row)
        side = self.side(run)
        declared, value = run.plan.document.measures[grain][name], run.value(grain, row, name)
        label, node_told = side.label(grain, name), (id(run), grain, row, name)
        if run.frames.frame(grain).origin is not None:
            yield Ground(level, label, value, NOTHING, declared.law)
            return
        text = how_text(side, declared, row)
        if node_told in self._told:
            yield Ground(level, label, value, NOTHING, declared.law, True)
            return
        if level >= deepest:
            more = deepest > 0 and next(self._below(side, declared, row, level + 1, level), None) is not None
            yield Ground(level, label, value, text.then(" …") if more else text, declared.law)
            return
        self._told.add(node_told)
        yield Ground(level, label, value, text, declared.law)
        yield from self._below(side, declared, row, level + 1, deepest)

    def _origin(self, run: Evaluation, grain: str, row: int) -> tuple[Evaluation, int]:
        """Return the run that computed a row: that of a part where it was taken over from one."""
        origin = run.frames.frame(grain).origin
        if origin is None:
            return run, row
        at, there = origin[row]
        part = run.parts[at]
        return (part, there) if isinstance(part, Evaluation) else (run, row)

    def _below(self, side: Attribution, measure: doc.Measure, row: int, level: int, deepest: int) -> Iterator[Ground]:
        """Yield what a measure rests on: requirements that failed, needs that are missing, else its operator."""
        run, here, choices = side.evaluation, (measure.grain, row), side.wording.choices
        failed = [side.plan.trees[cel.site] for cel in choices.failed(measure, row)]
        missing = choices.missing(measure, row)
        if failed or missing:
            yield from self.behind(run, failed, here, level, deepest)
            for name in missing:
                yield from self.measure(run, (*here, name), level, deepest)
            return
        bounds = [side.plan.trees[bound.site] for bound in (measure.floor, measure.cap) if bound is not None]
        match measure.operator:
            case doc.Previous() | doc.Run() | doc.Window():
                yield from self._periods(side, measure, row, level, deepest)
            case doc.Aggregate():
                yield from self._rows(side, summed(side, measure, row), level, deepest)
            case doc.Rank() | doc.Running():
                yield from self._places(side, placed(side, measure, row), level, deepest)
            case _:
                yield from self.behind(run, operand_trees(side, measure, row), here, level, deepest)
        if isinstance(measure.operator, doc.Lookup):
            found = choices.found(measure, row)
            path = side.plan.scope.path(measure.operator.source, measure.operator.give)[0]
            end = side.follow(measure.operator.source, found, path) if isinstance(found, int) else None
            if end is not None and path.kind == "measure":
                yield from self.measure(run, (*end, path.name), level, deepest)
        yield from self.behind(run, bounds, here, level, deepest)

    def _periods(self, side: Attribution, measure: doc.Measure, row: int, level: int, deepest: int) -> Iterator[Ground]:
        """Yield the periods looked back on; those computed here are opened."""
        operator = measure.operator
        assert isinstance(operator, doc.Previous | doc.Run | doc.Window), "only these look back"
        zh, en = side.label(measure.grain, operator.of)
        for then in looked_back(self.runs, side.evaluation, measure, row):
            if then.run is not None and then.row is not None:
                lines = self.measure(then.run, (measure.grain, then.row, operator.of), level, deepest)
                for line in lines:
                    dated = (f"{then.name} {zh}", f"{then.name} {en}")
                    yield line._replace(label=dated) if line.level == level else line
            else:
                known = Text("", "往期结果", "earlier result") if then.value is not None else _NO_RESULT
                yield Ground(level, (f"{then.name} {zh}", f"{then.name} {en}"), then.value, known)

    def _rows(self, side: Attribution, rows: Summed, level: int, deepest: int) -> Iterator[Ground]:
        """Yield the finer rows of a summary, opened as far as they decided it, then those that did not count.

        Where no row decided it, a few of those that might have are opened instead.
        """
        for one in rows.shown[:ROWS_MOST]:
            yield from self._row(side, rows, one, level, deepest)
        for head, many in ((_MORE, rows.shown[ROWS_MOST:]), (_OTHER, rows.counted), (_LEFT, rows.left)):
            if many and not rows.shown and len(many) <= INSTEAD_MOST:
                yield Ground(level, head, None, NOTHING)
                for one in many:
                    yield from self._row(side, rows, one, level + 1, deepest)
            elif many:
                yield Ground(level, head, None, _named(side, rows, many))
        if rows.dropped:
            yield Ground(level, _DROPPED, None, rows.dropped)

    def _row(self, side: Attribution, rows: Summed, row: int, level: int, deepest: int) -> Iterator[Ground]:
        """Yield one finer row: on one line where everything it names is told above."""
        reads = deciding(side.figures, rows.trees, rows.over, row)
        opened = [*self.behind(side.evaluation, rows.trees, (rows.over, row), level + 1, deepest)]
        if level >= deepest or all(line.seen for line in opened):
            opened = []
        else:
            reads = [read for read in reads if read.path is None or read.path.kind != "measure"]
        texts = read_texts(side, reads, rows.over, row)
        yield Ground(level, side.wording.row_label(rows.over, row, rows.known), None, texts)
        yield from opened

    def _places(self, side: Attribution, rows: Placed, level: int, deepest: int) -> Iterator[Ground]:
        """Yield the rows an order or a running total is read from, each with what it was placed by."""
        for one in rows.shown:
            texts = read_texts(side, [], rows.over, one).then(rows.texts[one])
            yield Ground(level, side.wording.row_label(rows.over, one), None, texts)
        lines = self.behind(side.evaluation, rows.trees, (rows.over, rows.row), level, deepest)
        yield from (line for line in lines if not line.seen)


_NO_RESULT: Final = Text("", "没有往期结果", "no earlier result")
_MORE: Final = ("另外计入的", "counted as well")
_OTHER: Final = ("其余各行", "the other rows")
_LEFT: Final = ("没有计入的", "not counted")
_DROPPED: Final = ("不予采用的", "not kept")


def operand_trees(side: Attribution, measure: doc.Measure, row: int) -> list[Expr]:
    """Return the formulas a row-wise operator's value at a row rests on.

    >>> from scoring.example import season
    >>> run = season("{ratio: {of: games, by: 2, zero: 0}}")
    >>> [tree.op for tree in operand_trees(Attribution(run), run.plan.document.measures["team"]["x"], 0)]
    ['read', 'const']
    """
    trees = side.plan.trees
    match measure.operator:
        case doc.ValueOf(cel):
            return [trees[cel.site]]
        case doc.Ratio(of, by, _):
            return [trees[of.site], trees[by.site]]
        case doc.Blend(parts):
            return [trees[cel.site] for pair in parts for cel in pair]
        case doc.Curve(of=of) | doc.Steps(of=of):
            return [trees[of.site]]
        case doc.Flags(codes):
            return [trees[cel.site] for _, cel in codes]
        case doc.Lookup(key=key, day=day):
            given = side.wording.choices.given(measure, row)
            keys = [trees[cel.site] for cel in (*key, *([] if day is None else [day]))]
            return [*keys, *([] if given is None else [given])]
        case doc.Table(rows):
            number, held = side.wording.choices.held(measure, row)
            asked = rows[number - 1 : number] if held.when is not None else rows[:-1]
            given = side.wording.choices.given(measure, row)
            conditions = [trees[each.when.site] for each in asked if each.when is not None]
            return [*conditions, *([] if given is None else [given])]
        case _:
            return []


def _named(side: Attribution, rows: Summed, many: Sequence[int]) -> Text:
    """Name rows in one line, the first of them by name, with the value they brought in."""
    named = []
    for one in many[:NAMED_MOST]:
        label = Text(
            " ".join(side.evaluation.frames.frame(rows.over).words(one)),
            *side.wording.row_label(rows.over, one, rows.known),
        )
        if rows.of is not None:
            value = value_text(side.plan.document, side.figures.value(rows.of, rows.over, one))
            label = both_joined(label.then(" = "), value)
        named.append(label)
    rest = f" … +{len(many) - NAMED_MOST}" if len(many) > NAMED_MOST else ""
    return Text(
        *(between.join(texts) for between, texts in zip((", ", "、", ", "), zip(*named, strict=True), strict=True))
    ).then(rest)
