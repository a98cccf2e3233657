"""Which rows cost points in a step table: those that push the figure over its limit, or those that hold it down."""

from typing import TYPE_CHECKING, Final

from scoring.conditions.tree import Expr
from scoring.explain.draft import FULL_MARKS, Draft, Share, leaf
from scoring.explain.figures import exact
from scoring.inference import give_tree
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue

if TYPE_CHECKING:
    from scoring.explain.attribution import Attribution

Rows = dict[str, list[int]]
LOSS: Final = ("失分", "Points lost")


def step_lines(attribution: "Attribution", measure: doc.Measure, row: int, share: Share) -> list[Draft]:
    """Show the best step as full marks and share what is missing among the rows that cost it.

    >>> from scoring.example import season
    >>> from scoring.explain import explain
    >>> lines = explain(season("{steps: {of: games, at_most: {1: 9}, else: 4}}"), "team", "A")
    >>> [(line.label[1], line.points) for line in lines[1:3]]
    [('Full marks', 9000000), ('Points lost', -5000000)]
    """
    operator = measure.operator
    assert isinstance(operator, doc.Steps), "asked for steps"
    _, best = attribution.bounds.measure(measure.grain, measure.name)
    frame = attribution.evaluation.frames.frame(measure.grain)
    given = exact(
        (frame.raw.get(measure.name) or frame.measures[measure.name])[row],
        attribution.plan.type_of(measure.grain, measure.name) if measure.name not in frame.raw else Type("number"),
    )
    if best is None or isinstance(given, NonValue) or measure.name in frame.raw:
        return []
    full = leaf("=full", FULL_MARKS, None, share, best)
    full.most, full.clause = share.uncapped * best, measure.law
    if given == best:
        full.facts = [
            ref for over, one in counted_rows(attribution, measure, row) for ref in attribution.refs(over, one)
        ]
        return [full]
    loss = leaf("=loss", LOSS, None, share, given - best)
    loss.clause = measure.law
    over, rows = loss_rows(attribution, measure, row)
    each = (given - best) / max(len(rows), 1)
    loss.children = [attribution.counted_row(over, one, share, each, measure) for one in rows]
    return [full, loss]


def loss_rows(attribution: "Attribution", measure: doc.Measure, row: int) -> tuple[str, list[int]]:
    """Return the table and the rows among which a step table's loss is shared; no rows where none can be named.

    Where more of the figure means fewer points, every row counted in its numerator took part. Where less of it does,
    the rows of the divisor that the numerator lacks did: the cases not closed, the call-backs not satisfied.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{steps: {of: games, at_most: {1: 9}, else: 4}}")
    >>> loss_rows(Attribution(run), run.plan.document.measures["team"]["x"], 0)
    ('game', [0, 1])
    """
    operator = measure.operator
    assert isinstance(operator, doc.Steps), "asked for steps"
    upper, lower = _counted(attribution, attribution.plan.trees[operator.of.site], measure.grain, row)
    if rises(attribution, operator):
        rows = {over: [one for one in many if one not in set(upper.get(over, ()))] for over, many in lower.items()}
        rows = {over: many for over, many in rows.items() if over in upper}
    else:
        rows = upper
    return next(((over, many) for over, many in rows.items() if many), ("", []))


def counted_rows(attribution: "Attribution", measure: doc.Measure, row: int) -> list[tuple[str, int]]:
    """Return every row behind the figure of a step table, each once.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{steps: {of: games, at_most: {1: 9}, else: 4}}")
    >>> counted_rows(Attribution(run), run.plan.document.measures["team"]["x"], 1)
    [('game', 2)]
    """
    operator = measure.operator
    assert isinstance(operator, doc.Steps), "asked for steps"
    both = _counted(attribution, attribution.plan.trees[operator.of.site], measure.grain, row)
    return sorted({(over, one) for rows in both for over, many in rows.items() for one in many})


def rises(attribution: "Attribution", operator: doc.Steps) -> bool:
    """Tell whether a greater figure earns more.

    >>> from scoring.example import season
    >>> from scoring.explain.attribution import Attribution
    >>> run = season("{steps: {of: games, at_most: {1: 9}, else: 4}}")
    >>> rises(Attribution(run), run.plan.document.measures["team"]["x"].operator)
    False
    """
    limits = operator.limits[0][1]
    gives = [give for _, give in limits] + [operator.otherwise]
    trees = [give_tree(give, attribution.plan.trees) for give in gives]
    values = [tree.value if tree is not None and isinstance(tree.value, int) else 0 for tree in trees]
    falling_limits = operator.compare in ("at_least", "above")
    return (values[0] > values[-1]) == falling_limits


def _counted(attribution: "Attribution", tree: Expr, grain: str, row: int) -> tuple[Rows, Rows]:
    """Return the rows counted in the numerator and in the divisor of a figure."""
    upper: Rows = {}
    lower: Rows = {}
    for read in tree.reads():
        path = read.path
        if path is None or path.hops or path.kind != "measure":
            continue
        behind = attribution.plan.document.measures[grain][path.name]
        trees = attribution.plan.trees
        match behind.operator:
            case doc.Aggregate(over=over):
                upper.setdefault(over, []).extend(attribution.members(behind, row))
            case doc.Ratio(of, by, _):
                inner, _none = _counted(attribution, trees[of.site], grain, row)
                outer, _none = _counted(attribution, trees[by.site], grain, row)
                upper.update(inner)
                lower.update(outer)
            case doc.ValueOf(formula):
                inner, outer = _counted(attribution, trees[formula.site], grain, row)
                upper.update(inner)
                lower.update(outer)
            case _:
                continue
    return upper, lower
