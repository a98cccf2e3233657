"""What is allowed and seldom meant: unlike scales in one mean, keys of another table, sums of one and the same value.

None of this is wrong by the language alone; each is a slip that would give results without a word.
"""

from typing import Final

from scoring.chains import looking_back, unstated
from scoring.formulas import gives
from scoring.inference import give_tree
from scoring.keys import wanted
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.notes import Notes, names_of
from scoring.lint.ranges import Ranges
from scoring.lint.work import give_text
from scoring.periods import Period
from scoring.rulebook import document as doc

_LIKE_NONE: Final = frozenset({"NO", "NOT", "NIL", "NULL", "EMPTY", "OFF", "NA", "N_A", "NO_LIST", "NOT_LISTED"})
_SHARE_MOST: Final = 1
_POINTS_LEAST: Final = 50


def tell_doubts(ranges: Ranges, notes: Notes) -> None:
    """Note every such place.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> notes = Notes()
    >>> tell_doubts(ranges_of(league("{over: game, mean: points, empty: 0}"), notes), notes)
    >>> [one.code for one in notes.found]
    ['SCORE_NOT_ROUNDED']
    """
    for measures in ranges.document.measures.values():
        for measure in measures.values():
            if isinstance(measure.operator, doc.Blend):
                _tell_scales(ranges, notes, measure, measure.operator)
                _tell_weights(ranges, notes, measure, measure.operator)
            if isinstance(measure.operator, doc.Lookup):
                _tell_keys(ranges, notes, measure, measure.operator)
            if isinstance(measure.operator, doc.Aggregate):
                _tell_same(ranges, notes, measure, measure.operator)
                _tell_gaps(ranges, notes, measure, measure.operator)
    _tell_unstated(ranges, notes)
    for outcome in ranges.document.results.values():
        _tell_lists(ranges, notes, outcome)
        _tell_fraction(ranges, notes, outcome)


def _tell_scales(ranges: Ranges, notes: Notes, measure: doc.Measure, blend: doc.Blend) -> None:
    """Note parts of a weighted mean that are shares of one beside parts that are points of a hundred."""
    judge = Judge(ranges, measure.grain)
    parts = [(cel, judge.amount(ranges.plan.trees[cel.site], {})) for cel, _ in blend.parts]
    ends = [
        (cel, of)
        for cel, of in parts
        if of.low is not None and of.high is not None and of.low != of.high and ranges.plan.trees[cel.site].op == "read"
    ]
    great = [(cel, of) for cel, of in ends if of.high is not None and of.high >= _POINTS_LEAST]
    for cel, of in ends:
        small = of.low is not None and of.high is not None and of.low >= 0 and 0 < of.high <= _SHARE_MOST
        if small and great:
            other, full = great[0]
            example = Example(((cel.text, str(of)), (other.text, str(full))))
            words = {"measure": f"{measure.grain}.{measure.name}", "part": cel.text, "other": other.text}
            notes.add("SCALES_DIFFER", cel.place, example, **words, range=str(of), full=str(full))


def _tell_weights(ranges: Ranges, notes: Notes, measure: doc.Measure, blend: doc.Blend) -> None:
    """Note a weighted mean whose weights, read from the row, may all be 0 together."""
    if measure.require is not None:
        return
    trees = [ranges.plan.trees[weight.site] for _, weight in blend.parts]
    judge = Judge(ranges, measure.grain)
    lows = [judge.amount(tree, {}).low for tree in trees]
    if any(tree.op == "read" for tree in trees) and all(low is None or low <= 0 for low in lows):
        weights = ", ".join(weight.text for _, weight in blend.parts)
        example = Example(tuple((weight.text, "0") for _, weight in blend.parts), "ERROR")
        notes.add(
            "WEIGHTS_MAY_BE_NONE", measure.place, example, measure=f"{measure.grain}.{measure.name}", weights=weights
        )


def _tell_keys(ranges: Ranges, notes: Notes, measure: doc.Measure, lookup: doc.Lookup) -> None:
    """Note a key that refers to another table than the one whose row ids it is compared with."""
    facts = ranges.document.facts.get(lookup.source)
    if lookup.source in ranges.document.tables or (facts is not None and facts.key is not None):
        return
    for cel, want in zip(lookup.key, wanted(ranges.plan.scope, lookup.source), strict=False):
        have = ranges.plan.trees[cel.site].type
        if have.kind == want.kind == "ref" and have.table != want.table:
            words = {"measure": f"{measure.grain}.{measure.name}", "key": cel.text, "source": lookup.source}
            words |= {"have": str(have.table), "want": str(want.table)}
            notes.add("KEY_OF_ANOTHER_TABLE", cel.place, None, **words)


def _tell_same(ranges: Ranges, notes: Notes, measure: doc.Measure, summary: doc.Aggregate) -> None:
    """Note a summary of nothing but values of the row it is made for: the same for every row summed up."""
    if summary.operand is None or summary.how in ("any", "every"):
        return
    reads = [read for read in names_of(ranges.plan.trees[summary.operand.site]) if read.path is not None]
    own = [read.path for read in reads if read.path is not None and read.path.kind != "key"]
    if not own or len(own) != len(reads):
        return
    if all(path.hops and ranges.plan.scope.end(summary.over, path) == measure.grain for path in own):
        words = {"measure": f"{measure.grain}.{measure.name}", "name": summary.operand.text}
        notes.add("SAME_FOR_EVERY_ROW", summary.operand.place, None, **words, over=summary.over, grain=measure.grain)


def _tell_gaps(ranges: Ranges, notes: Notes, measure: doc.Measure, summary: doc.Aggregate) -> None:
    """Note a summary over all subjects that one subject without a result takes away from everybody."""
    if summary.operand is None or summary.where is not None or ranges.plan.scope.spaces[measure.grain].keys:
        return
    tree = ranges.plan.trees[summary.operand.site]
    kinds = sorted(tree.type.absent & {"NO_RESULT", "WITHHELD", "PENDING"})
    if tree.op == "read" and kinds:
        name = summary.operand.text
        words = {"measure": f"{measure.grain}.{measure.name}", "over": summary.over, "name": name}
        words |= {"kinds": " | ".join(kinds), "mended": f'"present({name})"'}
        example = Example(((f"{name} ({summary.over} 1, 2, 3)", f"70, 80, {kinds[0]}"),), kinds[0])
        notes.add("GAP_SPREADS", summary.operand.place, example, **words)


def _tell_unstated(ranges: Ranges, notes: Notes) -> None:
    """Note rules that look back and do not say whether they can do without earlier results."""
    document = ranges.document
    first = next(looking_back(document), None)
    if first is not None and unstated(document):
        begin = Period.of(document.start, document.period.unit).label
        example = Example((("measure", f"{first.grain}.{first.name}"),))
        notes.add("HISTORY_UNSTATED", first.place, example, mended=begin)


def _tell_lists(ranges: Ranges, notes: Notes, outcome: doc.Outcome) -> None:
    """Note a list's code that reads like no list at all."""
    for name in outcome.lists:
        measure = ranges.document.measures.get(outcome.grain, {}).get(name)
        for give in gives(measure.operator) if measure is not None else ():
            tree = give_tree(give, ranges.plan.trees)
            if tree is not None and tree.op == "const" and tree.value in _LIKE_NONE:
                words = {"measure": f"{outcome.grain}.{name}", "code": give_text(give)}
                notes.add("LIST_LIKE_NONE", give.place, Example((), f"lists = {give_text(give)}"), **words)


def _tell_fraction(ranges: Ranges, notes: Notes, outcome: doc.Outcome) -> None:
    """Note a score that is published as an endless fraction because nothing rounds it."""
    measure = ranges.document.measures.get(outcome.grain, {}).get(outcome.score or "")
    if measure is None:
        return
    kind = ranges.plan.type_of(outcome.grain, measure.name)
    if kind.kind == "number" and kind.places is None and _endless(ranges, measure):
        words = {"measure": f"{outcome.grain}.{measure.name}"}
        notes.add("SCORE_NOT_ROUNDED", measure.place, Example(((measure.name, "200/3"),)), **words)


def _endless(ranges: Ranges, measure: doc.Measure) -> bool:
    """Tell whether a quotient may have a divisor that no power of ten is a multiple of."""
    amount = ranges.spans[measure.grain, measure.name].amount
    w = None if amount is None else amount.w
    if w is None or amount is None or not amount.fixed:
        return True
    for prime in (2, 5):
        while w % prime == 0:
            w //= prime
    return w > 1
