"""Lines of an explanation: exact shares first, then whole millionths of a point that add up at every node.

A share is an exact fraction. The children of a node share its millionths by largest remainder, ties by path, so the
leaves of a tree add up to the total to the last digit whatever the fractions were.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeAlias

from scoring.decimals import round_fraction, text_of
from scoring.explain.wording import Text
from scoring.values import NonValue, Value

PLACES: Final = 6
"""Points are explained in steps of 10^-6."""
Node: TypeAlias = tuple[int, str, int, str]
"""A measure of a row: the run it belongs to, by identity, its grain, row and name."""
FULL_MARKS: Final = ("满分", "Full marks")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a value reaches the total: `factor` as it is, `uncapped` as it would be without caps on the way."""

    factor: Fraction
    uncapped: Fraction

    def times(self, by: Fraction) -> "Share":
        """Return the share after a weight."""
        return Share(self.factor * by, self.uncapped * by)

    def capped(self, by: Fraction) -> "Share":
        """Return the share after a cap has absorbed part of it."""
        return Share(self.factor * by, self.uncapped)


@dataclass(slots=True)
class Draft:
    """A line while the tree is being built; `exact` is its share of the total before whole millionths."""

    segment: str
    kind: str
    label: tuple[str, str]
    clause: str | None = None
    value: Value | None = None
    none: NonValue | None = None
    weight: Fraction | None = None
    exact: Fraction = Fraction(0)
    uncapped: Fraction = Fraction(0)
    lost: Fraction | None = None
    most: Fraction | None = None
    formula: Text | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    children: list["Draft"] = field(default_factory=list)
    node: Node | None = None
    """The measure this line explains."""

    def nodes(self) -> "Iterator[Node]":
        """Yield the measures explained by this line and those below it."""
        if self.node is not None:
            yield self.node
        for child in self.children:
            yield from child.nodes()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the finished explanation, in preorder; points are whole millionths.

    `parent` is the parent's path, None at the top. `points_max` is the most this line could give, None where the rules
    set no bound. `lost_to_cap` is what caps absorbed. `facts` are the evidence rows behind the line: (table, row id).
    """

    path: str
    parent: str | None
    kind: str
    label: tuple[str, str]
    clause: str | None
    value: Value | None
    none: NonValue | None
    weight: Fraction | None
    points: int
    points_max: int | None
    lost_to_cap: int
    formula: str | None
    sentence: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    worded: tuple[str, str] | None = None
    """The formula with labels in place of names, in Chinese and in English."""


def spread(total: int, shares: list[Fraction], last: frozenset[int] = frozenset()) -> list[int]:
    """Split whole units over exact shares by largest remainder; among equals the first.

    `total` is the sum of the shares rounded down or up. Shares in `last` (roundings, which have a bound to keep) are
    moved towards zero where there is a choice.

    >>> spread(10, [Fraction(10, 3)] * 3)
    [4, 3, 3]
    >>> spread(-7, [Fraction(-5, 2), Fraction(-9, 2)])
    [-2, -5]
    """
    floors = [share.numerator // share.denominator for share in shares]
    left = total - sum(floors)

    def turn(at: int) -> tuple[int, Fraction, int]:
        behind = (-1 if shares[at] < 0 else 1) if at in last and shares[at] != floors[at] else 0
        return (behind, floors[at] - shares[at], at)

    for at in sorted((at for at in range(len(shares)) if shares[at] != floors[at]), key=turn)[:left]:
        floors[at] += 1
    return floors


def finish(root: Draft) -> list[Line]:
    """Turn a tree of drafts into lines, the root's value exact to the millionth.

    >>> root = Draft("x", "TOTAL", ("得分", "Score"), exact=Fraction(1))
    >>> root.children = [Draft(f"part{at}", "PART", ("", ""), exact=Fraction(1, 3)) for at in range(3)]
    >>> [line.points for line in finish(root)]
    [1000000, 333334, 333333, 333333]
    """
    unit = 10**PLACES
    total = round_fraction(root.exact, PLACES, "half_even")
    lost = round_fraction(_lost(root), PLACES, "half_even")
    return list(_lines(root, None, (total, lost), unit))


def _lines(draft: Draft, parent: str | None, given: tuple[int, int], unit: int) -> Iterator[Line]:
    """Yield a line and those below it; `given` are its points and what caps absorbed of it, in whole millionths."""
    points, lost = given
    path = draft.segment if parent is None else f"{parent}/{draft.segment}"
    yield Line(
        path=path,
        parent=parent,
        kind=draft.kind,
        label=draft.label,
        clause=draft.clause,
        value=draft.value,
        none=draft.none,
        weight=draft.weight,
        points=points,
        points_max=None if draft.most is None else round_fraction(draft.most, PLACES, "half_even"),
        lost_to_cap=lost,
        formula=None if draft.formula is None else draft.formula.plain,
        sentence=_sentence(draft, points),
        facts=tuple(draft.facts),
        worded=None if draft.formula is None else (draft.formula.zh, draft.formula.en),
    )
    children = _distinct(draft.children)
    shares = [child.exact * unit for child in children]
    roundings = frozenset(at for at, child in enumerate(children) if child.segment == "=rounding")
    parts = spread(points, shares, roundings) if draft.none is None else [_nearest(share) for share in shares]
    absorbed = spread(lost, [_lost(child) * unit for child in children]) if children else []
    for child, share, lost_share in zip(children, parts, absorbed, strict=True):
        yield from _lines(child, path, (share, lost_share), unit)


def _lost(draft: Draft) -> Fraction:
    """Return what caps absorbed of a line and of all below it."""
    if draft.lost is None:
        own = abs(draft.uncapped) - abs(draft.exact)
        draft.lost = sum((_lost(child) for child in draft.children), Fraction(0)) if draft.children else own
    return draft.lost


def _nearest(share: Fraction) -> int:
    return round_fraction(share, 0, "half_even")


def _distinct(children: list[Draft]) -> list[Draft]:
    """Give siblings of the same name different paths."""
    seen: dict[str, int] = {}
    for child in children:
        seen[child.segment] = seen.get(child.segment, 0) + 1
        if seen[child.segment] > 1:
            child.segment = f"{child.segment}#{seen[child.segment]}"
    return children


def _sentence(draft: Draft, points: int) -> tuple[str, str]:
    """Say a line in both languages."""
    shown = text_of(points, PLACES)
    zh, en = draft.label
    if draft.none is not None:
        reasons = "、".join(draft.none.reasons)
        zh, en = f"{zh}:无值({reasons})", f"{en}: no value ({', '.join(draft.none.reasons)})"
    else:
        zh, en = f"{zh}:计入总分 {shown} 分", f"{en}: {shown} points of the total"
    if draft.formula:
        zh, en = f"{zh};{draft.formula.zh}", f"{en}; {draft.formula.en}"
    if draft.clause:
        zh, en = f"{zh}(第 {draft.clause} 条)", f"{en} (clause {draft.clause})"
    return f"{zh}。", f"{en}."


def leaf(segment: str, label: tuple[str, str], value: Any, share: Share, points: Fraction) -> Draft:
    """Return a line without children.

    >>> leaf("=full", ("满分", "Full marks"), None, Share(Fraction(1, 2), Fraction(1, 2)), Fraction(10)).exact
    Fraction(5, 1)
    """
    return Draft(segment, "ITEM", label, value=value, exact=share.factor * points, uncapped=share.uncapped * points)
