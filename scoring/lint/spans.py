"""What a name or formula can be: a range of numbers, truths, codes, and whether it may be absent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias

from scoring.conditions.tree import Path
from scoring.lint.amounts import UNBOUNDED, Amount, between, union
from scoring.rulebook.types import Type
from scoring.values import shown

BOTH: Final = frozenset({True, False})
YES: Final = frozenset({True})
NO: Final = frozenset({False})


@dataclass(frozen=True, slots=True)
class Span:
    """Every value that can occur; `codes` None stands for any text, `present` for having a value or not."""

    amount: Amount | None = None
    truths: frozenset[bool] = BOTH
    codes: frozenset[str] | None = None
    present: frozenset[bool] = YES

    @property
    def impossible(self) -> bool:
        """Tell whether no value and no absence is left."""
        emptied = (self.amount is not None and self.amount.empty) or not self.truths or self.codes == frozenset()
        return not self.present or (emptied and self.present == YES)

    def sample(self, kind: str) -> str:
        """Write one of the values.

        >>> Span(truths=NO).sample("bool")
        'false'
        """
        if self.present == NO:
            return "–"
        if kind == "bool":
            return shown(True in self.truths)
        if self.amount is not None:
            return shown(self.amount.sample())
        return min(self.codes) if self.codes else "…"

    def shown(self, kind: str) -> str:
        """Write all of the values.

        >>> Span(codes=frozenset({"B", "A"})).shown("code")
        'A | B'
        """
        words = ["–"] if False in self.present else []
        if kind == "bool":
            words += [shown(truth) for truth in sorted(self.truths)]
        elif self.amount is not None:
            words.append(str(self.amount))
        elif self.codes is not None:
            words += sorted(self.codes)
        return " | ".join(words) or "…"


Env: TypeAlias = Mapping[Path | str, Span]
"""What is known beyond the ranges themselves: names (or settings, by name) narrowed by conditions."""

ABSENT: Final = Span(present=NO)


def of_type(kind: Type) -> Span:
    """Return what a column or setting of a type can be.

    >>> from decimal import Decimal
    >>> str(of_type(Type("number", places=1, lo=Decimal(0), hi=Decimal(9))).amount)
    '0 .. 9'
    """
    present = BOTH if kind.absent else YES
    if kind.kind == "number":
        if kind.lo is None or kind.hi is None or kind.places is None:
            return Span(amount=replace(UNBOUNDED, tens=kind.places or 0), present=present)
        return Span(amount=between(Fraction(kind.lo), Fraction(kind.hi), kind.places), present=present)
    codes = None if kind.codes is None or kind.kind == "codes" else frozenset(kind.codes)
    return Span(codes=codes, present=present)


def truth(holds: bool) -> Span:
    """Return one truth as a span.

    >>> truth(True).truths
    frozenset({True})
    """
    return Span(truths=YES if holds else NO)


def both(spans: Iterable[Span]) -> Span:
    """Return what is one of several; nothing gives an impossible span.

    >>> str(both([Span(amount=between(1, 2)), ABSENT]).amount)
    '1 .. 2'
    """
    many = list(spans)
    valued = [one for one in many if True in one.present]
    amounts = [one.amount for one in valued if one.amount is not None]
    codes: frozenset[str] | None = frozenset()
    for one in valued:
        codes = None if codes is None or one.codes is None else codes | one.codes
    truths = frozenset[bool]().union(*(one.truths for one in valued)) if valued else BOTH
    present = frozenset[bool]().union(*(one.present for one in many))
    return Span(union(amounts), truths, codes if valued else None, present)
