"""What each operator can give, and what is wrong with its bands, rows, bounds and keys."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from scoring.decimals import logarithm, plain, root, ten
from scoring.lint import amounts, ladders, shares
from scoring.lint.amounts import Amount, between
from scoring.lint.blends import blend
from scoring.lint.conditions import tell_dead
from scoring.lint.finding import Example
from scoring.lint.notes import names_of, narrowed
from scoring.lint.spans import BOTH, YES, Env, Span, both
from scoring.lint.summaries import aggregate, mean
from scoring.lint.work import Work, give_text
from scoring.rulebook import document as doc
from scoring.values import shown

_RUN_MOST: Final = 4_000_000


def _value(work: Work, operator: doc.ValueOf) -> Span:
    span = work.span(operator.cel)
    tree = work.tree(operator.cel)
    if tree.op == "sub" and tree.args[0].op == "const" and tree.args[1].op == "read" and work.measure.floor is None:
        full, most = work.judge.amount(tree.args[0], work.env), work.judge.amount(tree.args[1], work.env)
        if most.high is not None and full.high != most.high and most.low == 0:
            words = {"measure": work.name, "full": shown(full.sample()), "most": shown(most.high)}
            gives = shown(full.sample() - most.high)
            example = Example(((str(tree.args[1].path), words["most"]),), f"{work.measure.name} = {gives}")
            work.notes.add("FULL_MARKS_DIFFER", operator.cel.place, example, **words)
    return span


def _flags(work: Work, operator: doc.Flags) -> Span:
    for _, condition in operator.codes:
        work.span(condition)
    return Span(codes=None)


def _table(work: Work, operator: doc.Table) -> Span:
    """Go through the rows; each stands under the failure of those above."""
    given, known = [], dict[Any, Span](work.env)
    left: Env | None = known
    for index, row in enumerate(operator.rows):
        here = left
        if row.when is not None:
            tree = work.tree(row.when)
            tell_dead(work.judge, work.notes, row.when, tree, work.env)
            here = None if left is None else work.judge.assume(tree, True, left)
            alone = work.judge.assume(tree, True, work.env)
            if here is None and alone is not None:
                _tell_row(work, operator, index, alone)
            left = None if left is None else work.judge.assume(tree, False, left)
        if here is not None:
            given.append(work.give(row.give, here))
    return both(given)


def _tell_row(work: Work, operator: doc.Table, index: int, alone: Env) -> None:
    """Note a row that the rows above leave nothing, with values that meet it and the row they end in."""
    row = operator.rows[index]
    assert row.when is not None, "else is reached or not: nobody minds"
    names = names_of(work.tree(row.when))
    point = {key: _point(span) for key, span in alone.items()}
    taken = [
        f"{at + 1}: {give_text(above.give)}"
        for at, above in enumerate(operator.rows[:index])
        if above.when is not None and work.judge.span(work.tree(above.when), point).truths == YES
    ]
    example = Example(narrowed(alone, names), taken[0] if taken else "")
    work.notes.add("ROW_NEVER_REACHED", row.place, example, measure=work.name, row=index + 1)


def _point(span: Span) -> Span:
    """Return one value of a span."""
    if span.amount is not None:
        value = span.amount.sample()
        return replace(span, amount=replace(span.amount, low=value, high=value, low_open=False, high_open=False))
    if span.codes:
        return replace(span, codes=frozenset({min(span.codes)}))
    return span


def _steps(work: Work, operator: doc.Steps) -> Span:
    """Go down the bands of every class."""
    of = work.amount(operator.of)
    given: list[Span] = []
    if operator.by is not None:
        _tell_classes(work, operator)
    for name, limits in operator.limits:
        left, ladder = of, [*limits, (Decimal(0), operator.otherwise)]
        _tell_turn(work, operator, ladder)
        for limit, give in limits:
            hit, left = _split(left, operator.compare, Fraction(limit))
            _tell_compared(work, of, limit)
            if hit.empty:
                _tell_band(work, operator, (name, limit, give), of)
            else:
                given.append(work.give(give))
        if not left.empty:
            given.append(work.give(operator.otherwise))
    return both(given)


def _tell_turn(work: Work, operator: doc.Steps, ladder: list[tuple[Decimal, doc.Give]]) -> None:
    """Note points that go up and down along the limits."""
    spans = [(limit, work.ranges.given(work.judge, give, work.env).amount, give) for limit, give in ladder]
    present = [(limit, amount, give) for limit, amount, give in spans if amount is not None]
    values = [amount for _, amount, _ in present]
    if not (ladders.falls(values) or ladders.falls(values[::-1])):
        at = ladders.turn(values)
        limit, _, give = present[at]
        example = ladders.example(operator, limit, (give, present[at + 1][2]))
        work.notes.add("POINTS_TURN", give.place, example, measure=work.name)


def _tell_compared(work: Work, of: Amount, limit: Decimal) -> None:
    """Watch the integers of a comparison with a limit."""
    other = amounts.exactly(limit)
    w, tens = amounts.common(of, other)
    if w is not None and of.n is not None:
        work.judge.wide(of.n * ten(tens - of.tens))
        work.judge.wide((other.n or 0) * w * ten(tens - other.tens))


def _split(of: Amount, compare: str, limit: Fraction) -> tuple[Amount, Amount]:
    """Return what meets a limit and what is left for the next."""
    if compare in ("at_least", "above"):
        strict = compare == "above"
        return amounts.at_least(of, limit, strict=strict), amounts.at_most(of, limit, strict=not strict)
    strict = compare == "below"
    return amounts.at_most(of, limit, strict=strict), amounts.at_least(of, limit, strict=not strict)


def _tell_band(work: Work, operator: doc.Steps, band: tuple[str | None, Decimal, doc.Give], of: Amount) -> None:
    name, limit, give = band
    words = {"measure": work.name, "of": operator.of.text, "range": str(of)}
    words["band"] = f"{operator.compare} {plain(limit)}: {give_text(give)}" + (f" ({name})" if name else "")
    end = of.high if operator.compare in ("at_least", "above") else of.low
    nearest = ((operator.of.text, shown(of.sample() if end is None else end)),)
    work.notes.add("BAND_NEVER_REACHED", give.place, Example(nearest, f"≠ {give_text(give)}"), **words)


def _tell_classes(work: Work, operator: doc.Steps) -> None:
    """Note classes that can occur and have no limits."""
    assert operator.by is not None, "there are classes"
    codes = work.span(operator.by).codes or frozenset()
    for code in sorted(codes - {name for name, _ in operator.limits if name is not None}):
        example = Example(((operator.by.text, code),), "ERROR(NO_LIMITS)")
        work.notes.add("CLASS_WITHOUT_LIMITS", operator.by.place, example, measure=work.name, code=code)


def _lookup(work: Work, operator: doc.Lookup) -> Span:
    """Return the column looked up, or what is given otherwise."""
    keys = [work.span(key) for key in operator.key]
    path = work.ranges.plan.scope.path(operator.source, operator.give)[0]
    found = work.ranges.name(operator.source, path)
    table = work.ranges.document.tables.get(operator.source)
    if table is not None and len(keys) == 1 and keys[0].codes is not None:
        for code in sorted(keys[0].codes - {key[0] for key, _ in table.rows}):
            example = Example(((operator.key[0].text, code),), give_text(operator.otherwise))
            words = {"table": table.name, "code": code, "measure": work.name}
            work.notes.add("KEY_WITHOUT_ROW", operator.place, example, **words)
    return both([replace(found, present=YES), work.give(operator.otherwise)])


def _ratio(work: Work, operator: doc.Ratio) -> Span:
    """Return the quotient; a sum over the rows counted below it lies within one row's range."""
    of, by = work.amount(operator.of), work.amount(operator.by)
    if by.low is not None and by.low < 0:
        example = Example(((operator.by.text, shown(by.low)),))
        work.notes.add("DIVISOR_MAY_BE_NEGATIVE", operator.by.place, example, where=work.name)
    quotient = work.judge.checked(amounts.divide(of, by))
    ends = shares.ends(work, work.tree(operator.of), work.tree(operator.by))
    if ends is not None:
        quotient = amounts.at_most(amounts.at_least(quotient, ends.low), ends.high)
    can_be_zero = by.low is None or by.high is None or by.low <= 0 <= by.high
    return both([Span(amount=quotient), *([work.give(operator.zero)] if can_be_zero else [])])


def _curve(work: Work, operator: doc.Curve) -> Span:
    """Return a root or logarithm between those of the ends."""
    of = work.amount(operator.of)
    base = None if operator.base is None else work.amount(operator.base)
    least = of.step if of.low is None or of.low <= 0 else of.low
    if of.high is None or of.high <= 0 or least is None or (base is not None and base.low != base.high):
        return Span(amount=between(-1000, 1000, operator.places))
    if operator.kind == "sqrt":
        low = 0 if of.low is None or of.low <= 0 else root(of.low, operator.places)
        ends = (low, root(of.high, operator.places))
    else:
        fixed = None if base is None else base.low
        ends = (logarithm(least, operator.places, fixed), logarithm(of.high, operator.places, fixed))
    unit = ten(operator.places)
    return Span(amount=between(Fraction(min(ends), unit), Fraction(max(ends), unit), operator.places))


def _rank(work: Work, operator: doc.Rank) -> Span:
    known = work.env
    if operator.where is not None:
        work.span(operator.where)
        known = work.judge.assume(work.tree(operator.where), True, work.env) or {}
    for key, _ in operator.by:
        amount = work.span(key, known).amount
        if amount is not None and not amount.fixed and amount.n is not None and amount.w is not None:
            work.judge.wide(amount.n * amount.w)
    places = 1 if operator.ties == "mid" else 0
    return Span(amount=between(1, work.ranges.sizes.rows(work.measure.grain), places))


def _running(work: Work, operator: doc.Running) -> Span:
    rows = work.ranges.sizes.rows(work.measure.grain)
    if operator.where is not None:
        work.span(operator.where)
    if operator.operand is None:
        return Span(amount=between(0, rows))
    return Span(amount=work.judge.checked(amounts.repeated(work.amount(operator.operand), rows)))


def _past(work: Work, operator: doc.Previous | doc.Window) -> Span:
    return work.ranges.past(work.measure.grain, operator.of, operator.place)


def _previous(work: Work, operator: doc.Previous) -> Span:
    return both([_past(work, operator), work.give(operator.otherwise)])


def _run(work: Work, operator: doc.Run) -> Span:
    return Span(amount=between(0, _RUN_MOST))


def _window(work: Work, operator: doc.Window) -> Span:
    """Return the summary of up to so many results."""
    now = work.ranges.spans.get((work.measure.grain, operator.of), Span())
    inner = both([_past(work, operator), replace(now, present=YES)])
    given = [] if operator.empty is None else [work.give(operator.empty)]
    if operator.take == "count":
        return Span(amount=between(0, operator.last))
    if operator.take in ("any", "every"):
        return both([Span(truths=BOTH), *given])
    summary = {"sum": _window_sum, "mean": mean}.get(operator.take)
    amount = inner.amount or amounts.UNBOUNDED
    return both([Span(amount=summary(work, amount, None, operator.last) if summary else amount), *given])


def _window_sum(work: Work, inner: Amount, _: Amount | None, rows: int) -> Amount:
    return work.judge.checked(amounts.repeated(inner, rows))


OPERATORS: Final[dict[type[Any], Callable[[Work, Any], Span]]] = {
    doc.ValueOf: _value,
    doc.Flags: _flags,
    doc.Table: _table,
    doc.Steps: _steps,
    doc.Lookup: _lookup,
    doc.Aggregate: aggregate,
    doc.Ratio: _ratio,
    doc.Blend: blend,
    doc.Curve: _curve,
    doc.Rank: _rank,
    doc.Running: _running,
    doc.Previous: _previous,
    doc.Run: _run,
    doc.Window: _window,
}
