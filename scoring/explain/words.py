"""How values and operators are put into words where no points are shared out: with the values of what they read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scoring.conditions.tree import Expr
from scoring.explain.deciding import deciding
from scoring.explain.figures import exact
from scoring.explain.wording import HOWS, Text, both_before, both_joined, same, term
from scoring.labels import label_of
from scoring.rulebook import document as doc
from scoring.values import NonValue, Value, shown

if TYPE_CHECKING:
    from scoring.explain.attribution import Attribution

NOTHING: Final = Text("", "", "")
READS_MOST: Final = 8
"""Names whose values stand in one line."""
_TIGHT: Final = frozenset({" ÷ ", " × "})
TRUTHS: Final = {True: ("是", "yes"), False: ("否", "no")}


def value_text(document: doc.Document, value: Value) -> Text:
    """Write a value in both languages: truths as words, codes and reasons by their labels.

    >>> from scoring.example import season
    >>> document = season("{value: games}").plan.document
    >>> value_text(document, True).zh, value_text(document, NonValue("PENDING", ("HOME",))).en
    ('是', 'HOME')
    """
    if isinstance(value, bool):
        return Text(shown(value), *TRUTHS[value])
    if isinstance(value, NonValue):
        labels = [label_of(document, reason) for reason in value.reasons or (value.kind,)]
        return Text(shown(value), *("、".join(texts) for texts in zip(*labels, strict=True)))
    return Text(shown(value), *label_of(document, value)) if isinstance(value, str) else same(shown(value))


def read_texts(side: "Attribution", reads: Sequence[Expr], space: str, row: int) -> Text:
    """Write names and their values, one after another.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{value: games}")
    >>> read_texts(Attribution(run), run.plan.trees["measures.team.x.value"].reads(), "team", 0).plain
    'games = 2'
    """
    given = []
    for read in reads[:READS_MOST]:
        value = value_text(side.plan.document, side.figures.value(read, space, row))
        name = side.wording.named(str(read.path), space).then(" = ")
        given.append(both_joined(name, value))
    return Text(*(", ".join(texts) for texts in zip(*given, strict=True))) if given else NOTHING


def asked_text(side: "Attribution", cels: Sequence[doc.Cel], space: str, row: int, between: str = "; ") -> Text:
    """Write formulas and, in brackets, what the names that decided them were.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{value: 'games > 1 ? 5 : 0'}")
    >>> asked_text(Attribution(run), [run.plan.document.measures["team"]["x"].operator.cel], "team", 0).plain
    'games > 1 ? 5 : 0 (games = 2)'
    """
    trees = [side.plan.trees[cel.site] for cel in cels]
    named = [side.wording.named(cel.text, space) for cel in cels]
    if between in _TIGHT:
        named = [Text(*map(term, text)) for text in named]
    text = Text(*(between.join(texts) for texts in zip(*named, strict=True)))
    read = read_texts(side, deciding(side.figures, trees, space, row), space, row)
    plain_name = len(trees) == 1 and trees[0].op == "read"
    return text if plain_name or not read.plain else both_joined(text, Text(*(f" ({each})" for each in read)))


def how_text(side: "Attribution", measure: doc.Measure, row: int) -> Text:
    """Write how a measure's value came about, on one line.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{table: [{when: 'games > 1', give: BUSY}, {else: CALM}]}")
    >>> how_text(Attribution(run), run.plan.document.measures["team"]["x"], 0).en
    'row 1 games > 1 (games = 2)'
    """
    choices = side.wording.choices
    failed, missing = choices.failed(measure, row), choices.missing(measure, row)
    if failed:
        return asked_text(side, failed, measure.grain, row).then(" ✗")
    if missing:
        return _listed(side, measure.grain, missing, (" – ", "缺 ", "missing: "))
    return _limited(side, measure, row, _operator(side, measure, row))


def _limited(side: "Attribution", measure: doc.Measure, row: int, text: Text) -> Text:
    """Add what floor, cap and rounding made of the value."""
    raw = side.evaluation.frames.frame(measure.grain).raw.get(measure.name)
    if raw is None:
        return text
    before = exact(raw[row], side.operator_type(measure, raw[row]))
    value = side.evaluation.value(measure.grain, row, measure.name)
    if isinstance(before, NonValue) or isinstance(value, NonValue) or shown(before) == shown(value):
        return text
    return text.then(f" = {shown(before)} → {shown(value)}")


def _operator(side: "Attribution", measure: doc.Measure, row: int) -> Text:
    """Write the operator of a measure with what it read."""
    grain = measure.grain
    match measure.operator:
        case doc.ValueOf(cel) | doc.Curve(of=cel) | doc.Steps(of=cel):
            return asked_text(side, [cel], grain, row)
        case doc.Ratio(of, by, _):
            return asked_text(side, [of, by], grain, row, " ÷ ")
        case doc.Blend(parts):
            heads = ("mean of weight × part: ", "加权平均(权重 × 项):", "weighted mean (weight × part): ")
            terms = [asked_text(side, [weight, part], grain, row, " × ") for part, weight in parts]
            return both_before(heads, Text(*(" + ".join(texts) for texts in zip(*terms, strict=True))))
        case doc.Aggregate() as summary:
            text = side.wording.summarised(summary, side.members(measure, row))
            return both_joined(text, _around(side, measure, row)) if summary.how == "quantile" else text
        case doc.Table(rows):
            return _table(side, rows, measure, row)
        case doc.Lookup():
            return side.wording.chosen(measure, row, side.evaluation.value(grain, row, measure.name))
        case _:
            return _ordered(side, measure)


def _table(side: "Attribution", rows: tuple[doc.TableRow, ...], measure: doc.Measure, row: int) -> Text:
    """Write the row of a decision table that held, with what was read to find it."""
    grain = measure.grain
    number, held = side.wording.choices.held(measure, row)
    if held.when is not None:
        head = (f"#{number} ", f"第{number}行 ", f"row {number} ")
        return both_before(head, asked_text(side, [held.when], grain, row))
    trees = [side.plan.trees[each.when.site] for each in rows if each.when is not None]
    read = read_texts(side, deciding(side.figures, trees, grain, row), grain, row)
    return both_before(("else", "其他", "else"), Text(*(f" ({each})" if each else "" for each in read)))


def _around(side: "Attribution", measure: doc.Measure, row: int) -> Text:
    """Write how many rows lie below a quantile, at it and above it."""
    summary = measure.operator
    assert isinstance(summary, doc.Aggregate), "a quantile is a summary"
    assert summary.operand is not None, "of something"
    tree, at = side.plan.trees[summary.operand.site], side.evaluation.value(measure.grain, row, measure.name)
    values = [side.figures.value(tree, summary.over, one) for one in side.members(measure, row)]
    there = [value for value in values if not isinstance(value, NonValue)]
    if isinstance(at, NonValue) or not there:
        return NOTHING
    below, above = sum(value < at for value in there), sum(value > at for value in there)
    same_as = len(there) - below - above
    return Text(
        f" ({below} <, {same_as} =, {above} >)",
        f"(小于者 {below},等于者 {same_as},大于者 {above})",
        f" ({below} below, {same_as} equal, {above} above)",
    )


def _ordered(side: "Attribution", measure: doc.Measure) -> Text:
    """Write an operator that follows an order or looks back."""
    grain, wording = measure.grain, side.wording
    match measure.operator:
        case doc.Previous(of=of, back=back):
            return _listed(side, grain, [of], (f"{back} before: ", f"{back} 期前 ", f"{back} period(s) before: "))
        case doc.Run(of=of):
            return _listed(side, grain, [of], ("in a row: ", "连续各期 ", "periods in a row: "))
        case doc.Window(of=of, last=last, take=take):
            zh, en = HOWS[take]
            heads = (f"{take} of last {last}: ", f"最近 {last} 期{zh} ", f"{en} the last {last} periods: ")
            return _listed(side, grain, [of], heads)
        case doc.Rank(by=by, within=within):
            keys = [wording.named(cel.text, grain).then(" ↓" if first == "high" else " ↑") for cel, first in by]
            text = Text(*(", ".join(texts) for texts in zip(*keys, strict=True)))
            groups = [wording.named(cel.text, grain) for cel in within]
            inside = [", ".join(texts) for texts in zip(*groups, strict=True)] if groups else ["", "", ""]
            heads = ("place by ", "名次,依 ", "place by ")
            tails = [
                f"{word}{each}" if each else ""
                for word, each in zip((" within ", ",同 ", " within "), inside, strict=True)
            ]
            return both_joined(both_before(heads, text), Text(*tails))
        case doc.Running(how=how, operand=operand, by=by):
            zh, en = HOWS[how]
            what = same("") if operand is None else wording.named(f" {operand.text}", grain)
            along = both_before((" by ", ",依 ", " by "), wording.named(by.text, grain))
            return both_joined(both_before((f"running {how}", f"逐条{zh}", f"running {en}"), what), along)
        case _:
            return NOTHING


def _listed(side: "Attribution", grain: str, names: Sequence[str], heads: tuple[str, str, str]) -> Text:
    """Write names behind some words."""
    texts = [side.wording.named(name, grain) for name in names]
    return both_before(heads, Text(*(", ".join(each) for each in zip(*texts, strict=True))))
