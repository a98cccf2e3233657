"""Comparisons of periods that can never be equal: a quarter is no half-year, whatever they hold."""

from collections.abc import Collection, Iterator

from scoring.conditions.tree import Expr
from scoring.diagnostics import Diagnostic, diagnostic
from scoring.formulas import formulas
from scoring.rulebook import document as doc
from scoring.scope import Scope


def period_findings(
    scope: Scope, trees: dict[str, Expr], parts: Collection[tuple[str, str]], whole: Collection[tuple[str, str]]
) -> Iterator[Diagnostic]:
    """Yield every `==` and `!=` of periods of different units; `period` is the part's own in a part's run.

    >>> from scoring.example import league
    >>> made = league("{over: game, count: rows}")
    >>> list(period_findings(made.scope, made.trees, made.part_measures, made.whole_measures))
    []
    """
    document = scope.document
    rule = document.period
    for facts in document.facts.values():
        if facts.keep is not None and facts.keep.site in trees:
            # Rows are kept in runs of both kinds; what a part drops is missed by the parts alone, and may be meant.
            yield from _unlike(facts.keep, trees[facts.keep.site], {rule.unit})
    for grain, measures in document.measures.items():
        for measure in measures.values():
            node = (grain, measure.name)
            own = {rule.parts} if rule.parts and node in parts else set[str]()
            own |= {rule.unit} if node in whole or not own else set()
            for cel, _ in formulas(measure):
                if cel.site in trees:
                    yield from _unlike(cel, trees[cel.site], own)


def _unlike(cel: doc.Cel, tree: Expr, own: set[str]) -> Iterator[Diagnostic]:
    """Yield the comparisons of one formula; `own` are the units `period` may have where it is asked."""
    todo = [tree]
    while todo:
        node = todo.pop()
        todo.extend(node.args)
        if node.op not in ("eq", "ne") or any(arg.type.kind != "period" for arg in node.args):
            continue
        one, other = (own if arg.op == "period" else {arg.type.period or ""} for arg in node.args)
        if "" not in one | other and not one & other:
            units = (", ".join(sorted(one)), ", ".join(sorted(other)))
            name = next((str(arg.path) for arg in node.args if arg.path is not None), "half")
            yield diagnostic(
                "PERIODS_DIFFER", cel.place, one=units[0], other=units[1], mended=f"in_period({name}.last)"
            )
