"""The evidence rows behind a line that has no lines of its own: what was counted, looked up, or made a limit hold."""

from typing import TYPE_CHECKING

from scoring.conditions.tree import Expr
from scoring.explain.draft import Draft
from scoring.rulebook import document as doc

if TYPE_CHECKING:
    from scoring.explain.attribution import Attribution


def cap_facts(attribution: "Attribution", measure: doc.Measure, row: int) -> list[tuple[str, str]]:
    """Return the evidence that made a bound what it is: rows behind the conditions it reads.

    >>> from scoring.example import season
    >>> from scoring.explain import explain
    >>> explain(season("{value: 100, cap: 'games > 1 ? 60 : 100'}"), "team", "A")[-1].lost_to_cap
    40000000
    """
    found: list[tuple[str, str]] = []
    for bound in (measure.cap, measure.floor):
        for read in attribution.plan.trees[bound.site].reads() if bound is not None else ():
            path = read.path
            if path is None or path.hops or path.kind != "measure":
                continue
            behind = attribution.plan.document.measures[measure.grain][path.name]
            if isinstance(behind.operator, doc.Aggregate) and behind.operator.how == "any":
                assert behind.operator.operand is not None, "any() has a condition"
                tree, over = attribution.plan.trees[behind.operator.operand.site], behind.operator.over
                rows = [one for one in attribution.members(behind, row) if attribution.figures.raw(tree, over, one)]
                found += [ref for one in rows for ref in attribution.refs(over, one)]
    return found


def own_facts(attribution: "Attribution", draft: Draft, measure: doc.Measure, row: int) -> None:
    """Attach the rows an aggregate, lookup or table used, where they are no lines of their own.

    >>> from scoring.example import season
    >>> from scoring.explain import explain
    >>> explain(season("{table: [{when: 'games > 1', give: 5}, {else: 0}]}"), "team", "A")[0].facts
    (('game', '1'), ('game', '2'))
    """
    operator = measure.operator
    if isinstance(operator, doc.Table):
        when = attribution.wording.choices.held(measure, row)[1].when
        draft.facts += (
            [] if when is None else _rows_read(attribution, attribution.plan.trees[when.site], measure.grain, row)
        )
    elif draft.children:
        return
    elif isinstance(operator, doc.Aggregate):
        draft.facts += [
            ref for one in attribution.members(measure, row) for ref in attribution.refs(operator.over, one)
        ]
    elif isinstance(operator, doc.Lookup):
        found = attribution.wording.choices.found(measure, row)
        draft.facts += attribution.refs(operator.source, found) if isinstance(found, int) else []


def _rows_read(attribution: "Attribution", tree: Expr, grain: str, row: int) -> list[tuple[str, str]]:
    """Return the rows counted behind the names of a condition at the same grain."""
    found: list[tuple[str, str]] = []
    for read in tree.reads():
        if read.path is None or read.path.hops or read.path.kind != "measure":
            continue
        behind = attribution.plan.document.measures[grain][read.path.name]
        if isinstance(behind.operator, doc.Aggregate):
            over = behind.operator.over
            found += [ref for one in attribution.members(behind, row) for ref in attribution.refs(over, one)]
    return list(dict.fromkeys(found))
