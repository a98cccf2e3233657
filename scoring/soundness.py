"""What an operator's parts must be beyond their types: keys that can meet, weights that are there, sensible limits.

Numbers known when a rulebook is written (literals, settings with a value) are judged here, others when they are met.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from scoring.chains import moments, unit_of
from scoring.conditions.tree import Expr
from scoring.decimals import plain, ten
from scoring.diagnostics import Diagnostic, diagnostic
from scoring.keys import fits, wanted
from scoring.periods import UNITS
from scoring.rulebook import document as doc
from scoring.scope import Scope


def operator_findings(scope: Scope, trees: dict[str, Expr], measure: doc.Measure) -> Iterator[Diagnostic]:
    """Yield what is wrong with the parts of a measure's operator; `trees` holds its typed formulas.

    >>> from scoring.example import league
    >>> made = league("{over: game, sum: points}")
    >>> list(operator_findings(made.scope, made.trees, made.document.measures["team"]["x"]))
    []
    """
    operator = measure.operator
    if isinstance(operator, doc.Blend):
        yield from _weights(scope, trees, operator)
    elif isinstance(operator, doc.Lookup):
        yield from _keys(scope, trees, operator)
    elif isinstance(operator, doc.Aggregate) and operator.share is not None:
        yield from _bounded(scope, trees, operator.share, ("share", 0, 1))
    elif isinstance(operator, doc.Running) and operator.within is not None:
        yield from _bounded(scope, trees, operator.within, ("within", 0, None))
        yield from _there(trees, operator.within, "within")
    elif isinstance(operator, doc.Previous | doc.Run | doc.Window):
        yield from _chain(scope, operator, measure.grain)


def known_number(scope: Scope, tree: Expr) -> Fraction | None:
    """Return the number a formula is already known to be: a literal, or a setting with a value.

    >>> from scoring.example import league
    >>> known_number(league("{over: game, count: rows}").scope, Expr("as_of", None)) is None
    True
    """
    if tree.op == "const" and isinstance(tree.value, int) and tree.type.kind == "number":
        return Fraction(tree.value, ten(tree.type.places or 0))
    if tree.op == "setting":
        value = scope.document.settings[str(tree.value)].value
        return Fraction(value) if isinstance(value, Decimal) else None
    if tree.op == "neg":
        inner = known_number(scope, tree.args[0])
        return None if inner is None else -inner
    return None


def surely_positive(scope: Scope, tree: Expr) -> bool:
    """Tell whether a weight is above zero in every run: a literal, or a setting whose type begins above zero.

    >>> from scoring.inference import constant
    >>> from scoring.example import league
    >>> surely_positive(league("{over: game, count: rows}").scope, constant(Decimal("0.5")))
    True
    """
    if tree.op == "setting":
        kind = scope.document.settings[str(tree.value)].type
        return kind.lo is not None and kind.lo > 0
    known = known_number(scope, tree)
    return known is not None and known > 0


def _weights(scope: Scope, trees: dict[str, Expr], operator: doc.Blend) -> Iterator[Diagnostic]:
    """Yield weights that may be absent, that are not above zero, and weights that add up to nothing."""
    known: list[Fraction | None] = []
    literal_zero = False
    for _, cel in operator.parts:
        yield from _there(trees, cel, "blend")
        tree = trees.get(cel.site)
        number = None if tree is None else known_number(scope, tree)
        known.append(number)
        if number is not None and (number < 0 or (number == 0 and tree is not None and tree.op != "setting")):
            literal_zero = True
            yield diagnostic("WEIGHTS", cel.place, weight=cel.text)
    if not literal_zero and all(number == 0 for number in known):
        weights = ", ".join(cel.text for _, cel in operator.parts)
        yield diagnostic("WEIGHTS_ALL_ZERO", operator.parts[0][1].place, weights=weights)


def _there(trees: dict[str, Expr], cel: doc.Cel, key: str) -> Iterator[Diagnostic]:
    """Yield a formula that may have no value where one is needed."""
    tree = trees.get(cel.site)
    if tree is not None and tree.type.absent:
        words = {"key": key, "name": cel.text, "mended": f"default({cel.text}, 0)"}
        yield diagnostic("PART_MAY_BE_ABSENT", cel.place, **words)


def _keys(scope: Scope, trees: dict[str, Expr], operator: doc.Lookup) -> Iterator[Diagnostic]:
    """Yield keys of a type that can never equal the key looked up."""
    if operator.source not in scope.spaces:
        return
    for cel, want in zip(operator.key, wanted(scope, operator.source), strict=False):
        tree = trees.get(cel.site)
        if tree is not None and not fits(tree.type, want):
            yield diagnostic("RESULT_TYPE", cel.place, want=str(want.present()), got=str(tree.type))


def _bounded(
    scope: Scope, trees: dict[str, Expr], cel: doc.Cel, bounds: tuple[str, int, int | None]
) -> Iterator[Diagnostic]:
    """Yield a number already known to lie outside its bounds."""
    key, low, high = bounds
    tree = trees.get(cel.site)
    number = None if tree is None else known_number(scope, tree)
    if number is not None and (number < low or (high is not None and number > high)):
        want_zh = f"不小于 {low}" if high is None else f"在 {low} 与 {high} 之间"
        want = f"at least {low}" if high is None else f"between {low} and {high}"
        got = plain(Decimal(number.numerator) / Decimal(number.denominator))
        yield diagnostic("NUMBER_OUTSIDE", cel.place, key=key, want_zh=want_zh, want=want, got=got)


def _chain(scope: Scope, operator: doc.Previous | doc.Run | doc.Window, grain: str) -> Iterator[Diagnostic]:
    """Yield keys that leave open which row is the one before, and a boundary that lies between any two periods."""
    space = scope.spaces[grain]
    if len(moments(space)) > 1:
        keys = ", ".join(space.keys[at] for at in moments(space))
        yield diagnostic("CHAIN_UNCLEAR", operator.place, grain=grain, keys=keys)
    unit = unit_of(scope, grain)
    if isinstance(operator, doc.Previous) or operator.reset is None:
        return
    if UNITS.index(operator.reset or "day") <= UNITS.index(unit):
        yield diagnostic("RESET_TOO_SHORT", operator.place, reset=operator.reset, unit=unit)
