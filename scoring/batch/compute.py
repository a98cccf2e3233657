"""One measure over columns: require, needs, operator, floor, cap, round, in this order."""

from dataclasses import dataclass

import numpy as np

from scoring.batch.arithmetic import greatest, greatest_quotient, least, least_quotient, moved
from scoring.batch.columns import GAP, Column, assemble, nothing, numbers, pick, quotients, scaled
from scoring.batch.formulas import Rows
from scoring.batch.integers import Array, Ints, alike, divided
from scoring.batch.operators import OPERATORS
from scoring.batch.pool import PRESENT
from scoring.batch.quotients import rounded
from scoring.batch.work import Outcome, Work
from scoring.compute import compute as by_row
from scoring.decimals import MODES, ten
from scoring.incomputable import Incomputable
from scoring.operators import Job
from scoring.rulebook import document as doc
from scoring.values import NonValue


def compute(work: Work) -> None:
    """Compute one measure and put it into its sheet, with what the operator gave before floor, cap and round.

    Where a figure does not exist, the reference evaluator is asked, which names the row.

    >>> from scoring.batch.evaluate import evaluate
    >>> from scoring.evaluate import Run
    >>> from scoring.example import FACTS, league
    >>> run = evaluate(league("{over: game, sum: points, cap: 20, round: 0 half_up}"), FACTS, Run("2026"))
    >>> [str(run.value("team", row, "x")) for row in range(2)]
    ['20', '7']
    """
    try:
        _compute(work)
    except Incomputable:
        by_row(Job(work.plan, work.sheets, work.measure, (), work.past))
        raise


def _compute(work: Work) -> None:
    """Compute one measure over columns."""
    measure, sheet = work.measure, work.sheet
    blocked = _blocked(work)
    live = work
    if blocked is not None:
        rows = Rows.all(sheet.size).only(blocked == PRESENT)
        live = Work(work.plan, work.sheets, measure, rows, work.past)
    found = OPERATORS[type(measure.operator)](live, measure.operator)
    live.keep_notes(live.formulas)
    whole = _whole(live, found.column, blocked)
    if measure.floor is not None or measure.cap is not None or measure.round is not None:
        sheet.put("raw", measure.name, whole)
        whole = _whole(live, _finished(live, found), blocked)
        live.keep_notes(live.formulas)
    sheet.put("measure", measure.name, whole.bare())


def _whole(work: Work, column: Column, blocked: Array | None) -> Column:
    """Return the live rows' values together with the absence of all other rows."""
    if blocked is None:
        return column
    return assemble(work.sheet.size, [(work.live.numbers(), column)], nothing(blocked))


def _blocked(work: Work) -> Array | None:
    """Return what rows get that a failed requirement or a missing need stops; None when none is stopped."""
    measure, sheet = work.measure, work.sheet
    out = np.zeros(sheet.size, dtype=GAP)
    if measure.require is not None:
        failed = [~work.formulas.holds(work.tree(condition), work.live) for _, condition in measure.require.that]
        for row in np.flatnonzero(np.logical_or.reduce(failed)).tolist() if failed else ():
            reasons = [reason for (reason, _), mask in zip(measure.require.that, failed, strict=True) if mask[row]]
            out[row] = work.pool.gap(NonValue(measure.require.kind, tuple(reasons)))
        work.keep_notes(work.formulas)
    gaps = None
    for name in measure.needs:
        gaps = work.pool.merged(gaps, sheet.column("measure", name).gaps)
    if gaps is not None:
        out = np.where(out == PRESENT, gaps, out)
    return out if out.any() else None


@dataclass(frozen=True, slots=True)
class _Bound:
    """A floor or cap."""

    cel: doc.Cel
    highest: bool


def _finished(work: Work, found: Outcome) -> Column:
    """Return the operator's values after floor, cap and round."""
    measure = work.measure
    for cel, highest in ((measure.floor, False), (measure.cap, True)):
        if cel is not None:
            found = _bounded(work, found, _Bound(cel, highest))
    return found.column if measure.round is None else _rounded(work, found, measure.round)


def _bounded(work: Work, found: Outcome, bound: _Bound) -> Outcome:
    """Return the values brought within a bound, asked only at rows with a value."""
    tree = work.tree(bound.cel)
    known = [found.places, tree.type.places]
    places = None if None in known else max(count for count in known if count is not None)
    value = moved(found.column, found.places, places)
    rows = np.flatnonzero(~value.absent)
    if not len(rows):
        return Outcome(value, places)
    limit = work.formulas.number(tree, places, work.live.only(~value.absent))
    sound = rows if limit.gaps is None else rows[~limit.absent]
    one = pick(value, sound)
    two = limit if limit.gaps is None else pick(limit, np.flatnonzero(~limit.absent))
    pieces = [(sound, _chosen(one, two, bound.highest))] if len(sound) else []
    rest = np.zeros(work.live.size, dtype=GAP) if value.gaps is None else value.gaps.copy()
    if limit.gaps is not None:
        rest[rows] = limit.gaps
    return Outcome(assemble(work.live.size, pieces, nothing(rest)).bare(), places)


def _chosen(value: Column, limit: Column, highest: bool) -> Column:
    """Return the smaller (under a cap) or larger (over a floor) of two columns."""
    if value.kind == "number":
        return numbers((least if highest else greatest)(value.ints, limit.ints))
    return quotients((least_quotient if highest else greatest_quotient)(value.quotients, limit.quotients))


def _rounded(work: Work, found: Outcome, rounding: doc.Rounding) -> Column:
    """Return numbers at the places of the rounding."""
    mode = rounding.mode if rounding.mode in MODES else str(work.sheets.settings[rounding.mode]).lower()
    column, places = found.column, rounding.places
    if column.kind == "none":
        return column
    if column.kind == "quotient":
        return numbers(rounded(column.quotients, places, mode), column.gaps)
    return numbers(_rescaled(column.ints, found.places or 0, places, mode), column.gaps)


def _rescaled(x: Ints, have: int, places: int, mode: str) -> Ints:
    """Move scaled numbers to another number of places."""
    if places >= have:
        return scaled(x, have, places)
    return divided(x, alike(ten(have - places), len(x)), mode)
