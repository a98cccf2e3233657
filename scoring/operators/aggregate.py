"""Aggregates: a summary of the finer rows that belong to each row.

Order: rows of the group, `where`, `once` (one row per key), `last` (the newest rows), then the summary. A value that is
NOT_APPLICABLE leaves numerator and denominator; any stronger absence becomes the result.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

from scoring.conditions.closures import Closure, at_places, bind, moved
from scoring.conditions.tree import Expr
from scoring.decimals import as_decimal, root, ten
from scoring.frames import FrameRows
from scoring.incomputable import Incomputable
from scoring.operators.job import Column, Job
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.values import NonValue, shown, strongest

_OF_NONE: Final[dict[str, Any]] = {"sum": 0, "count": 0, "any": False, "every": True, "distinct": 0, "list": ()}


class FinerRows(FrameRows):
    """The rows summarised; a value put in for a gap is noted at the row of the summary it counts towards."""

    def __init__(self, job: Job, over: str) -> None:
        """Bind to the finer rows of a job."""
        super().__init__(job.frames, over, job.measure.name)
        self.groups = job.frames.groups(over, job.measure.grain)
        self._live, self._noting = set(job.live), job.rows

    def counted_for(self, row: int, gap: NonValue) -> None:
        """Note that a value stands in for a gap of a finer row."""
        group = self.groups[row]
        if group is not None and group in self._live:
            self._noting.counted_for(group, gap)


def aggregate(job: Job, operator: doc.Aggregate) -> Column:
    """Summarise the finer rows of each row.

    >>> from scoring.example import column
    >>> column("{over: game, sum: points}"), column("{over: game, where: 'points > 15', count: rows}")
    (['30.5', '7'], ['1', '0'])
    """
    members = rows_counted(job, operator)
    summary, kind = _summary(job, operator)
    given, total = job.gives([operator.empty] if operator.empty is not None else [], kind)
    if kind.kind == "number" and kind.places is not None and kind.places != total.places:
        inner = summary
        summary = lambda row, many: _moved(inner(row, many), kind.places or 0, total.places)  # noqa: E731
    of_none = _OF_NONE.get(operator.how)

    def at(row: int) -> Any:
        result = summary(row, members[row])
        if result is None:
            return given[0](row) if given else of_none
        return result

    return Column(at, total.places if kind.kind == "number" else None)


def _moved(value: Any, have: int, places: int | None) -> Any:
    return None if value is None else moved(lambda _: value, have, places)(0)


def rows_counted(job: Job, operator: doc.Aggregate) -> list[list[int]]:
    """Return, for each row, the finer rows that count towards it, in order.

    >>> from scoring.example import column
    >>> column("{over: game, last: {rows: 1, by: date}, list: game}")
    ['2', '3']
    """
    source = FinerRows(job, operator.over)
    groups = source.groups
    members: list[list[int]] = [[] for _ in range(job.frame.size)]
    if operator.where is None:
        for row, group in enumerate(groups):
            if group is not None:
                members[group].append(row)
    else:
        holds = bind(job.tree(operator.where), source)
        for row, group in enumerate(groups):
            if group is not None and holds(row):
                members[group].append(row)
    if operator.once is not None:
        members = _once(job, operator.once, source, members)
    if operator.last is not None:
        newest = bind(job.tree(operator.last.by), source)
        members = [_newest(many, newest, operator.last.rows) for many in members]
    return members


def _newest(many: list[int], by: Closure, count: int) -> list[int]:
    """Return the newest rows, in their usual order; rows without a date are passed over."""
    dated = [row for row in many if not isinstance(by(row), NonValue)]
    return sorted(sorted(dated, key=lambda row: (by(row), row))[-count:]) if count else []


def _once(job: Job, once: doc.Once, source: FrameRows, members: list[list[int]]) -> list[list[int]]:
    """Keep, in every group, one row per key: the best by the value, the first row id among equals."""
    keys = [bind(job.tree(cel), source) for cel in once.per]
    of = bind(job.tree(once.of), source)
    kept: list[list[int]] = []
    for many in members:
        best: dict[tuple[Any, ...], int] = {}
        for row in many:
            key, x = tuple(each(row) for each in keys), of(row)
            rival = best.get(key)
            if rival is None or _better(x, of(rival), once.first):
                best[key] = row
        kept.append(sorted(best.values()))
    return kept


def _better(x: Any, rival: Any, first: str) -> bool:
    """Tell whether a value beats the one kept so far; any value beats none."""
    if isinstance(x, NonValue):
        return False
    if isinstance(rival, NonValue):
        return True
    return bool(x > rival) if first == "highest" else bool(x < rival)


Summary = Callable[[int, list[int]], Any]


def _summary(job: Job, operator: doc.Aggregate) -> tuple[Summary, Type]:
    """Return the function from (row, finer rows) to the summary, None for no rows, and its type."""
    if operator.operand is None:
        return (lambda _, many: len(many)), Type("number", places=0)
    source = FinerRows(job, operator.over)
    tree = job.tree(operator.operand)
    if operator.how in ("any", "every"):
        holds, whole = bind(tree, source), any if operator.how == "any" else all
        return (lambda _, many: whole(holds(row) for row in many)), Type("bool")
    if operator.weight is not None and operator.how in ("sum", "mean"):
        return _weighted(job, operator, source, tree)
    if operator.how == "quantile":
        return _quantile(job, operator, bind(tree, source)), tree.type
    summarise, kind = _PLAIN[operator.how](tree, operator)
    read = at_places(tree, kind.places, source) if operator.how in ("sum", "least", "greatest") else bind(tree, source)
    if not tree.type.absent:
        return (lambda _, many: summarise([read(row) for row in many]) if many else None), kind
    return (lambda _, many: _present(many, read, summarise)), kind


def _present(many: Sequence[int], read: Closure, summarise: Callable[[list[Any]], Any]) -> Any:
    """Summarise the values that are there, unless a stronger absence takes the place of all."""
    values = [read(row) for row in many]
    gaps = [one for one in values if isinstance(one, NonValue) and one.kind != "NOT_APPLICABLE"]
    if gaps:
        return strongest(gaps)
    there = [one for one in values if not isinstance(one, NonValue)]
    return summarise(there) if there else None


def _weighted(job: Job, operator: doc.Aggregate, source: FrameRows, tree: Expr) -> tuple[Summary, Type]:
    """Return Σ w·x, or Σ w·x / Σ w."""
    assert operator.weight is not None, "a weighted summary has a weight"
    weight = job.tree(operator.weight)
    exact = tree.type.places is not None and weight.type.places is not None
    places = None if not exact else (tree.type.places or 0)
    x_of = bind(tree, source) if exact else at_places(tree, None, source)
    w_of = bind(weight, source) if exact else at_places(weight, None, source)
    unit = ten(places or 0)
    mean = operator.how == "mean"

    def summary(_: int, many: list[int]) -> Any:
        total, weights, counted, gaps = 0, 0, False, []
        for row in many:
            x, w = x_of(row), w_of(row)
            if isinstance(x, NonValue) or isinstance(w, NonValue):
                gaps += [one for one in (x, w) if isinstance(one, NonValue) and one.kind != "NOT_APPLICABLE"]
                continue
            total, weights, counted = total + w * x, weights + w, True
        if gaps:
            return strongest(gaps)
        if not mean:
            return total if counted else None
        return Fraction(total) / Fraction(weights * unit) if weights else None

    sum_places = (tree.type.places or 0) + (weight.type.places or 0) if exact else None
    return summary, Type("number", places=None if mean else sum_places)


def _quantile(job: Job, operator: doc.Aggregate, read: Closure) -> Summary:
    """Return the value at a share of the order: the smallest whose rank reaches n × share (type 1)."""
    assert operator.share is not None, "a quantile has a share"
    share_of = job.exactly(operator.share)

    def summary(row: int, many: list[int]) -> Any:
        share = share_of(row)
        if not isinstance(share, NonValue) and not 0 <= share <= 1:
            raise Incomputable("SHARE_OUTSIDE", got=shown(share))
        return share if isinstance(share, NonValue) else _present(many, read, lambda values: _at_share(values, share))

    return summary


def _at_share(values: list[Any], share: Fraction) -> Any:
    wanted = share * len(values)
    rank = -(-wanted.numerator // wanted.denominator)
    return sorted(values)[min(max(rank, 1), len(values)) - 1]


def _sum(tree: Expr, _: doc.Aggregate) -> tuple[Callable[[list[Any]], Any], Type]:
    return sum, Type("number", places=tree.type.places)


def _mean(tree: Expr, _: doc.Aggregate) -> tuple[Callable[[list[Any]], Any], Type]:
    unit = 1 if tree.type.places is None else ten(tree.type.places)
    return (lambda values: Fraction(sum(values)) / (len(values) * unit)), Type("number")


def _stdev(tree: Expr, operator: doc.Aggregate) -> tuple[Callable[[list[Any]], Any], Type]:
    """Return the sample standard deviation (n − 1), which two values at least have."""
    places, unit = operator.places or 0, 1 if tree.type.places is None else ten(tree.type.places)

    def spread(values: list[Any]) -> Any:
        if len(values) < 2:
            return None
        middle = Fraction(sum(values)) / len(values)
        variance = sum(((x - middle) ** 2 for x in values), Fraction(0)) / (len(values) - 1)
        return root(variance / unit**2, places)

    return spread, Type("number", places=places)


def _list(tree: Expr, _: doc.Aggregate) -> tuple[Callable[[list[Any]], Any], Type]:
    places = tree.type.places if tree.type.kind == "number" else None
    if places is None:
        return tuple, Type("values")
    return (lambda values: tuple(as_decimal(one, places) for one in values)), Type("values")


_PLAIN: Final[dict[str, Callable[[Expr, doc.Aggregate], tuple[Callable[[list[Any]], Any], Type]]]] = {
    "sum": _sum,
    "mean": _mean,
    "stdev": _stdev,
    "list": _list,
    "distinct": lambda _, __: ((lambda values: len(set(values))), Type("number", places=0)),
    "least": lambda tree, _: (min, tree.type),
    "greatest": lambda tree, _: (max, tree.type),
    "earliest": lambda tree, _: (min, tree.type),
    "latest": lambda tree, _: (max, tree.type),
}
