"""The order of law: a veto that an earlier row can take away, bands with gaps, and cuts that ties can pass."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.conditions.tree import Expr, Path
from scoring.decimals import ten
from scoring.formulas import formulas
from scoring.lint import amounts
from scoring.lint.amounts import Amount
from scoring.lint.conditions import moved
from scoring.lint.finding import Example
from scoring.lint.judging import Judge
from scoring.lint.notes import Notes, key_of, name_text, names_of, narrowed
from scoring.lint.ranges import Ranges
from scoring.lint.spans import YES, Env
from scoring.lint.work import give_text
from scoring.rulebook import document as doc
from scoring.values import shown

BAND_OPS = frozenset({"and", "ge", "gt", "le", "lt", "present"})
"""What the condition of a band is made of; whether there is a number at all decides no band."""


def tell_law(ranges: Ranges, notes: Notes) -> None:
    """Note masked vetoes, gaps and overlaps of bands, and cuts.

    >>> from scoring.example import league
    >>> from scoring.lint import lint
    >>> rule = "{table: [{when: 'games > 90', give: A}, {when: 'games > 50 && games < 80', give: B}, {else: C}]}"
    >>> [one.code for one in lint(league(rule)) if one.blocks]
    ['BAND_GAP']
    """
    for outcome in ranges.document.results.values():
        _tell_vetoes(ranges, notes, outcome)
    for measures in ranges.document.measures.values():
        for measure in measures.values():
            if isinstance(measure.operator, doc.Table):
                _tell_bands(ranges, notes, measure, measure.operator)
            _tell_cuts(ranges, notes, measure)


def _tell_vetoes(ranges: Ranges, notes: Notes, outcome: doc.Outcome) -> None:
    """Note, in every table of a result, rows above a veto that can take its cases."""
    measures = ranges.document.measures.get(outcome.grain, {})
    grade = measures.get(outcome.grade or "")
    if grade is None or not isinstance(grade.operator, doc.Table):
        return
    worst = worst_grade(ranges, grade, grade.operator)
    vetoes = [row.when for row in grade.operator.rows if row.give.literal == worst and _is_veto(ranges, row)]
    _tell_masked(ranges, notes, grade, [(row, row.when) for row in grade.operator.rows if row.when in vetoes])
    for name in (*outcome.lists, outcome.recommendation or ""):
        other = measures.get(name)
        if other is not None and isinstance(other.operator, doc.Table):
            _tell_masked(ranges, notes, other, list(_veto_rows(ranges, other, vetoes)))


def worst_grade(ranges: Ranges, grade: doc.Measure, table: doc.Table) -> str | None:
    """Return the code the lowest score gets: the end of the steps behind the table, or of its own bands.

    >>> from scoring.example import league
    >>> from scoring.lint.ranges import ranges_of
    >>> made = league("{table: [{when: 'games > 50', give: A}, {else: D}]}")
    >>> measure = made.document.measures["team"]["x"]
    >>> worst_grade(ranges_of(made, Notes()), measure, measure.operator)
    'D'
    """
    for row in table.rows:
        behind = row.give.cel
        tree = None if behind is None else ranges.plan.trees[behind.site]
        if tree is not None and tree.path is not None and tree.path.kind == "measure":
            measure = ranges.document.measures[ranges.plan.scope.end(grade.grain, tree.path)][tree.path.name]
            steps = measure.operator
            if isinstance(steps, doc.Steps) and steps.compare in ("at_least", "above"):
                return str(steps.otherwise.literal)
    last = table.rows[-1].give.literal
    compared = [row for row in table.rows if row.when is not None and _numbers(ranges, row.when)]
    return str(last) if compared and isinstance(last, str) else None


def _numbers(ranges: Ranges, when: doc.Cel) -> bool:
    return any(name.type.kind == "number" for name in names_of(ranges.plan.trees[when.site]))


def _is_veto(ranges: Ranges, row: doc.TableRow) -> bool:
    """Tell whether a row rests on a condition other than a band of numbers or an absence."""
    if row.when is None:
        return False
    tree = ranges.plan.trees[row.when.site]
    return any(name.type.kind in ("bool", "code") for name in names_of(tree)) and not _numbers(ranges, row.when)


def _veto_rows(
    ranges: Ranges, measure: doc.Measure, vetoes: list[doc.Cel | None]
) -> Iterator[tuple[doc.TableRow, doc.Cel]]:
    """Yield the first row that holds whenever a veto does, for every veto: it is the veto's consequence."""
    assert isinstance(measure.operator, doc.Table), "only tables have rows"
    judge = Judge(ranges, measure.grain)
    for veto in vetoes:
        if veto is None:
            continue
        known = judge.assume(ranges.plan.trees[veto.site], True, {})
        wanted = {key_of(name) for name in names_of(ranges.plan.trees[veto.site])}
        for row in measure.operator.rows:
            if row.when is None or known is None:
                continue
            tree = ranges.plan.trees[row.when.site]
            if wanted & {key_of(name) for name in names_of(tree)} and judge.span(tree, known).truths == YES:
                yield row, veto
                break


def _tell_masked(
    ranges: Ranges, notes: Notes, measure: doc.Measure, vetoes: list[tuple[doc.TableRow, doc.Cel | None]]
) -> None:
    """Note the first row above each veto that can hold together with it and gives something else."""
    assert isinstance(measure.operator, doc.Table), "only tables have rows"
    judge, rows = Judge(ranges, measure.grain), measure.operator.rows
    for row, veto in vetoes:
        assert veto is not None, "a veto is a condition"
        at = rows.index(row)
        for above, earlier in enumerate(rows[:at]):
            tree, other = ranges.plan.trees[veto.site], ranges.plan.trees[earlier.when.site] if earlier.when else None
            if other is None or earlier.give == row.give or _gives_absence(earlier):
                continue
            known = judge.assume(tree, True, {})
            met = None if known is None else judge.assume(other, True, known)
            if met is not None:
                example = Example(_values(judge, met, [tree, other]), give_text(earlier.give))
                words = {"measure": f"{measure.grain}.{measure.name}", "row": at + 1, "above": above + 1}
                words |= {"code": give_text(row.give), "other": give_text(earlier.give)}
                notes.add("VETO_MASKED", row.place, example, **words)
                break


def _gives_absence(row: doc.TableRow) -> bool:
    return row.give.none is not None


def _values(judge: Judge, known: Env, trees: list[Expr]) -> tuple[tuple[str, str], ...]:
    """Write one value of every name the trees read."""
    names = {name_text(name): name for tree in trees for name in names_of(tree)}
    return narrowed(known, list(names.values()))


def _tell_bands(ranges: Ranges, notes: Notes, measure: doc.Measure, table: doc.Table) -> None:
    """Note gaps and overlaps among the rows that are bands of one and the same number."""
    bands = list(_bands(ranges, measure, table))
    names = {name for _, name, _ in bands}
    if len(bands) < 2 or len(names) != 1:
        return
    words = {"measure": f"{measure.grain}.{measure.name}", "of": names.pop()}
    for at, (row, _, band) in enumerate(bands):
        for above, _, earlier in bands[:at]:
            if _closed(earlier) and _closed(band) and not _meet(band, earlier).empty:
                shared = shown(_meet(band, earlier).sample())
                example = Example(((words["of"], shared),), give_text(table.rows[above].give))
                shared_words = {"measure": words["measure"], "row": row + 1, "above": above + 1}
                notes.add("BAND_OVERLAP", table.rows[row].place, example, **shared_words)
                break
    _tell_gap(ranges, notes, measure, (table, bands, words))


def _tell_gap(
    ranges: Ranges,
    notes: Notes,
    measure: doc.Measure,
    what: tuple[doc.Table, list[tuple[int, str, Amount]], dict[str, str]],
) -> None:
    """Note a gap between bands where `else` is also what lies beyond one end."""
    table, bands, words = what
    tree = next(name for name in names_of(ranges.plan.trees[_when(table.rows[bands[0][0]]).site]))
    whole = Judge(ranges, measure.grain).amount(tree, {})
    ordered = sorted((band for _, _, band in bands), key=lambda band: (band.low is not None, band.low or Fraction(0)))
    beyond = _room(whole.low, ordered[0].low) or _room(ordered[-1].high, whole.high)
    for lower, upper in pairwise(ordered):
        gap = amounts.at_most(
            amounts.at_least(whole, lower.high, strict=not lower.high_open), upper.low, strict=not upper.low_open
        )
        if lower.high is None or upper.low is None or gap.empty or not beyond:
            continue
        inside = gap.sample() if gap.step is not None else (lower.high + upper.low) / 2
        example = Example(((words["of"], shown(inside)),), give_text(table.rows[-1].give))
        ends = {"low": shown(lower.high), "high": shown(upper.low)}
        row = next(row for row, _, band in bands if band == lower)
        notes.add("BAND_GAP", table.rows[row].place, example, **words, **ends)


def _when(row: doc.TableRow) -> doc.Cel:
    assert row.when is not None, "a band is a condition"
    return row.when


def _room(low: Fraction | None, high: Fraction | None) -> bool:
    """Tell whether anything lies between two ends."""
    return high is not None and (low is None or low < high) if low is None or high is None else low < high


def _bands(ranges: Ranges, measure: doc.Measure, table: doc.Table) -> Iterator[tuple[int, str, Amount]]:
    """Yield the rows whose condition is a range of one number."""
    judge = Judge(ranges, measure.grain)
    for index, row in enumerate(table.rows):
        if row.when is None:
            continue
        tree = ranges.plan.trees[row.when.site]
        names = names_of(tree)
        if len(names) != 1 or names[0].type.kind != "number" or _ops(tree) - BAND_OPS:
            continue
        known = judge.assume(tree, True, {})
        span = None if known is None else known.get(key_of(names[0]))
        if span is not None and span.amount is not None:
            yield index, name_text(names[0]), _as_written(span.amount, judge.amount(names[0], {}))


def _as_written(band: Amount, whole: Amount) -> Amount:
    """Return a band with ends that are those of the whole left open to infinity."""
    low = None if band.low == whole.low else band.low
    high = None if band.high == whole.high else band.high
    return Amount(low, high, band.n, band.w, band.tens, band.fixed, band.low_open, band.high_open)


def _closed(band: Amount) -> bool:
    return band.low is not None and band.high is not None


def _meet(one: Amount, other: Amount) -> Amount:
    low = amounts.at_least(one, other.low, strict=other.low_open)
    return amounts.at_most(low, other.high, strict=other.high_open)


def _ops(tree: Expr) -> set[str]:
    """Return the connectives and comparisons of a condition."""
    if tree.op in ("read", "const", "setting"):
        return set()
    return {tree.op}.union(*(_ops(arg) for arg in tree.args))


def _tell_cuts(ranges: Ranges, notes: Notes, measure: doc.Measure) -> None:
    """Note comparisons of a rank with a number that those who tie can pass."""
    for formula, space in formulas(measure):
        tree = ranges.plan.trees[formula.site]
        for node in _nodes(tree):
            sides = {"le": node.args, "lt": node.args, "ge": node.args[::-1], "gt": node.args[::-1]}.get(node.op)
            rank = None if sides is None else _rank(ranges, space, sides[0].path)
            if rank is None or sides is None or rank.ties == "last" or sides[1].op not in ("const", "setting"):
                continue
            most = _cut(ranges, Judge(ranges, space), sides[1])
            if most is None or most < 1:
                continue
            count, name = shown(most), str(sides[0].path)
            example = Example(((name, f"{count}, {count}"),), f"{shown(most + 1)} > {count}")
            place = moved(formula.place, formula.text, _at(formula.text, name))
            words = {"text": _written(formula, node, sides), "most": count, "ties": rank.ties}
            notes.add("TIES_PASS_THE_CUT", place, example, **words)


def _at(text: str, name: str) -> int:
    found = re.search(rf"(?<![\w.]){re.escape(name)}\b", text)
    return 0 if found is None else found.start()


def _cut(ranges: Ranges, judge: Judge, tree: Expr) -> Fraction | None:
    """Return the number a rank is compared with: a setting as it stands, at most what it may become."""
    value = ranges.document.settings[str(tree.value)].value if tree.op == "setting" else None
    return Fraction(value) if isinstance(value, Decimal) else judge.amount(tree, {}).high


def _written(formula: doc.Cel, node: Expr, sides: tuple[Expr, ...]) -> str:
    sign = {"le": "<=", "ge": "<=", "lt": "<", "gt": "<"}[node.op]
    end = sides[1].value if sides[1].op == "setting" else shown_constant(sides[1])
    return f"{sides[0].path} {sign} {end}"


def shown_constant(tree: Expr) -> str:
    """Write a constant of a formula.

    >>> from scoring.inference import constant
    >>> from decimal import Decimal
    >>> shown_constant(constant(Decimal("1.50")))
    '1.5'
    """
    assert isinstance(tree.value, int), "a number is compared"
    return shown(Fraction(tree.value, ten(tree.type.places or 0)))


def _nodes(tree: Expr) -> Iterator[Expr]:
    yield tree
    for arg in tree.args:
        yield from _nodes(arg)


def _rank(ranges: Ranges, space: str, path: Path | None) -> doc.Rank | None:
    """Return the rank a path names."""
    if path is None or path.kind != "measure":
        return None
    measure = ranges.document.measures[ranges.plan.scope.end(space, path)][path.name]
    return measure.operator if isinstance(measure.operator, doc.Rank) else None
