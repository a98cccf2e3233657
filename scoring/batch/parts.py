"""Taking the rows of finished parts into a whole run: columns as they are where part and whole share their facts."""

from collections.abc import Sequence

import numpy as np

from scoring.batch.columns import Column, assemble, pick
from scoring.batch.frames import Sheet, Sheets
from scoring.batch.groups import joined, ordered_codes
from scoring.evaluate import take_over as take_over_by_row
from scoring.evaluation import Evaluation
from scoring.past import PastResult
from scoring.plan import Plan

_SAME_AS_WORDS = frozenset({"text", "code", "ref", "period", "date"})


def take_over(plan: Plan, sheets: Sheets, parts: "Sequence[Evaluation | PastResult]") -> None:
    """Put the rows of the parts' grains into a whole run, with all their measures as fixed then."""
    kinds = [kind for grain in plan.part_grains for kind in plan.scope.spaces[grain].key_types]
    live = [part.frames for part in parts if isinstance(part, Evaluation) and _alike(part, plan, sheets)]
    if not parts or len(live) < len(parts) or not all(kind.kind in _SAME_AS_WORDS for kind in kinds):
        take_over_by_row(plan, sheets, parts)
        return
    for grain in plan.part_grains:
        found = [frames.sheet(grain) for frames in live if isinstance(frames, Sheets)]
        sheets.put(_stacked(plan, sheets, grain, found))


def _alike(part: Evaluation, plan: Plan, sheets: Sheets) -> bool:
    """Tell whether a part's columns mean the same as the whole's: same rulebook, same numbers for words."""
    if not isinstance(part.frames, Sheets) or part.frames.pool is not sheets.pool:
        return False
    return part.plan.rulebook.hash == plan.rulebook.hash


def _stacked(plan: Plan, sheets: Sheets, grain: str, found: Sequence[Sheet]) -> Sheet:
    """Return the rows of all parts, in order of their keys."""
    space, size = plan.scope.spaces[grain], sum(sheet.size for sheet in found)
    keys = [below([sheet.key_columns[at] for sheet in found]) for at in range(len(space.keys))]
    order = np.argsort(joined([ordered_codes(key, sheets.pool) for key in keys]).data, kind="stable")
    sheet = Sheet(space, [pick(key, order) for key in keys], size, sheets.pool)
    for name in plan.document.measures.get(grain, {}):
        column = below([each.column("measure", name) for each in found])
        sheet.put("measure", name, pick(column, order))
    origin = [(at, row) for at, each in enumerate(found) for row in range(each.size)]
    sheet.origin = [origin[row] for row in order.tolist()]
    return sheet


def below(columns: Sequence[Column]) -> Column:
    """Return columns one below the other.

    >>> from scoring.batch.columns import numbers
    >>> from scoring.batch.integers import ints
    >>> below([numbers(ints([1])), numbers(ints([2, 3]))]).data.tolist()
    [1, 2, 3]
    """
    starts = np.cumsum([0, *(len(column) for column in columns)]).tolist()
    pieces = [(np.arange(start, start + len(column)), column) for start, column in zip(starts, columns, strict=False)]
    return assemble(starts[-1], pieces)
