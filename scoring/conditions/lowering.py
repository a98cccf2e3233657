"""Turns a parsed formula into our typed tree, refusing what the language leaves out.

Two checks are made on the way that CEL cannot make: a code compared must be one the name can hold, and nothing that
may be absent may be read by a condition unless something before it guarantees its presence.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from scoring.conditions import cel, hints
from scoring.conditions.cel import CelError, Parsed
from scoring.conditions.mending import Attempt, mended
from scoring.conditions.presence import Present, Site, learn
from scoring.conditions.tree import Expr
from scoring.conditions.wording import said, types_differ
from scoring.decimals import exact, places_of
from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.rulebook.document import Cel
from scoring.rulebook.source import DIGITS_MOST
from scoring.rulebook.types import BOOL, CODE, COUNT, DATE, Type
from scoring.scope import AmbiguousName, UnknownName
from scoring.values import KINDS

_CALLS: Final = {
    "_&&_": "and",
    "_||_": "or",
    "!_": "not",
    "_?_:_": "if",
    "_==_": "eq",
    "_!=_": "ne",
    "_<_": "lt",
    "_<=_": "le",
    "_>_": "gt",
    "_>=_": "ge",
    "_+_": "add",
    "_-_": "sub",
    "_*_": "mul",
    "-_": "neg",
}
_COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
_FUNCTIONS: Final[dict[str, Type]] = {
    "present": BOOL,
    "absent": BOOL,
    "in_period": BOOL,
    "any_code": BOOL,
    "has_code": BOOL,
    "add_days": DATE,
    "add_months": DATE,
    "add_years": DATE,
    "add_workdays": DATE,
    "days_between": COUNT,
    "full_years": COUNT,
    **{unit: Type("period", period=unit) for unit in ("day", "month", "quarter", "half", "year")},
}
_OTHER: Final = frozenset({"default", "none", "min", "max", "abs"})
_SHOWN: Final = {"_/_": "/", "_%_": "%", "_[_]": "[ ]", "@in": "in"}
ATTRIBUTES: Final = {"first": DATE, "last": DATE, "as_of": DATE, "days": COUNT}
_CEL_KINDS: Final = {"code": "text", "ref": "text", "values": "codes"}


class _Stop(Exception):  # noqa: N818  (leaves a formula whose finding has been noted)
    """The formula cannot be typed any further."""


def lower(formula: Cel, site: Site, present: Present, found: list[Diagnostic]) -> Expr | None:
    """Parse, type and check one formula; findings are added to `found`, and None returned when there are any.

    >>> from scoring.conditions.presence import Implications
    >>> from scoring.example import league
    >>> site = Site(league("{over: game, count: rows}").scope, "game", Implications())
    >>> tree = lower(Cel("2 * points + 0.25", "s"), site, frozenset(), [])
    >>> str(tree.type), [str(read.path) for read in tree.reads()]
    ('number 2', ['points'])
    """
    try:
        parsed = cel.parse(formula.text)
    except CelError as error:
        for offset, message in error.findings[:1]:
            words = said(message)._asdict()
            found.append(diagnostic("CEL_SYNTAX", _place(formula, offset), **words, hint=hints.written(formula.text)))
        return None
    work = _Lowering(formula, site, found)
    work.attempt = lambda text: _met(replace(formula, text=text), site, present)
    before = len(found)
    try:
        tree = work.node(parsed, present)
        if len(found) == before:
            _check_with_cel(formula, work.names, found)
        return tree if len(found) == before else None
    except _Stop:
        return None


def mend(formula: Cel, site: Site, present: Present, name: str) -> str:
    """Return the text of a condition with its guards.

    >>> from scoring.conditions.presence import Implications
    >>> from scoring.example import league
    >>> site = Site(league("{over: game, count: rows}").scope, "game", Implications())
    >>> mend(Cel("points > 3", "s"), site, frozenset(), "points")
    'present(points) && (points > 3)'
    """
    return mended(formula.text, name, lambda text: _met(replace(formula, text=text), site, present, condition=True))


def _met(formula: Cel, site: Site, present: Present, condition: bool = False) -> str | None:
    """Return what a formula would still meet: None if nothing, the name it reads unguarded, "" for anything else."""
    work = _Lowering(formula, site, [])
    try:
        tree = work.node(cel.parse(formula.text), present)
        cel.check(formula.text, {name: _CEL_KINDS.get(kind.kind, kind.kind) for name, kind in work.names.items()})
    except _Stop:
        return work.unguarded
    except CelError:
        return ""
    if condition and (tree.type.kind != "bool" or tree.type.absent):
        return next((str(read.path) for read in tree.reads() if read.type.absent), "")
    return None


def _check_with_cel(formula: Cel, names: dict[str, Type], found: list[Diagnostic]) -> None:
    """Let CEL check the operators against the kinds of the names."""
    try:
        cel.check(formula.text, {name: _CEL_KINDS.get(kind.kind, kind.kind) for name, kind in names.items()})
    except CelError as error:
        for offset, message in error.findings:
            found.append(diagnostic("CEL_TYPE", _place(formula, offset), **said(message)._asdict()))


def _place(formula: Cel, offset: int) -> Place:
    """Return the place in the file of a character of the formula."""
    before = formula.text[:offset]
    if "\n" in before:
        return Place(formula.place.file, formula.place.line + before.count("\n"), offset - before.rindex("\n"))
    return Place(formula.place.file, formula.place.line, formula.place.column + offset)


class _Lowering:
    """One formula on its way into the tree; `names` gathers what CEL must know for its own check."""

    def __init__(self, formula: Cel, site: Site, found: list[Diagnostic]) -> None:
        self.formula, self.site, self.found = formula, site, found
        self.names: dict[str, Type] = {}
        self.unguarded = ""
        self.attempt: Attempt = lambda _: ""

    def stop(self, code: str, offset: int, /, **words: Any) -> _Stop:
        """Note a finding and return what leaves this formula."""
        self.found.append(diagnostic(code, _place(self.formula, offset), **words))
        return _Stop()

    def types(self, parsed: Parsed, why_zh: str, why: str, hint: hints.Hint = None) -> _Stop:
        """Note kinds that do not go together."""
        return self.stop("CEL_TYPE", parsed.offset, **types_differ(why_zh, why)._asdict(), hint=hint)

    def node(self, parsed: Parsed, present: Present) -> Expr:
        """Lower one node."""
        if parsed.kind == "number":
            if len(parsed.value) > DIGITS_MOST:
                raise self.stop("CEL_REFUSED", parsed.offset, what=f"{parsed.value[:DIGITS_MOST]}…")
            value = Decimal(parsed.value)
            places = places_of(value)
            return Expr("const", Type("number", places=places), value=exact(value, places))
        if parsed.kind == "text":
            kind = Type("code", codes=(parsed.value,)) if CODE.fullmatch(parsed.value) else Type("text")
            return Expr("const", kind, value=parsed.value)
        if parsed.kind == "truth":
            return Expr("const", BOOL, value=parsed.value == "true")
        if parsed.kind == "name":
            return self.name(parsed, present)
        if parsed.kind == "call" and parsed.value in _CALLS:
            return self.operator(parsed, _CALLS[parsed.value], present)
        if parsed.kind == "call" and (parsed.value in _FUNCTIONS or parsed.value in _OTHER):
            return self.function(parsed, present)
        what = _SHOWN.get(parsed.value, parsed.value)
        what = "null" if self.formula.text.startswith("null", parsed.offset) else what
        hint = hints.refused(what)
        raise self.stop("CEL_REFUSED", parsed.offset, what=what, hint=hint)

    def name(self, parsed: Parsed, present: Present) -> Expr:
        """Lower a name or path: nearest name at the row, then settings and the run's own period."""
        scope, space = self.site.scope, self.site.space
        try:
            path, rest = scope.path(space, parsed.value)
        except UnknownName as error:
            return self.outer(parsed, error)
        except AmbiguousName as error:
            words = {"where": space, "name": error.name, "found": ", ".join(error.found)}
            raise self.stop("NAME_AMBIGUOUS", parsed.offset, **words) from None
        kind = scope.type_of(space, path, present)
        kind = kind.present() if path in present else kind
        return self.attribute(parsed, Expr("read", kind, path=path), rest)

    def outer(self, parsed: Parsed, error: UnknownName) -> Expr:
        """Lower a setting, `period` or `as_of`."""
        head, *rest = parsed.value.split(".")
        document = self.site.scope.document
        if head in document.settings and not rest:
            kind = document.settings[head].type
            return self.attribute(parsed, Expr("setting", kind, value=head), ())
        if head == "as_of" and not rest:
            return self.attribute(parsed, Expr("as_of", DATE), ())
        if head == "period":
            kind = Type("period", period=document.period.unit)
            return self.attribute(parsed, Expr("period", kind), tuple(rest))
        words = {"where": self.site.space, "name": parsed.value, "known": ", ".join(error.known)}
        hint = hints.unknown_name(parsed.value, self.site.space, self.site.scope.spaces.keys() - {*error.known})
        raise self.stop("NAME_UNKNOWN", parsed.offset, **words, hint=hint)

    def attribute(self, parsed: Parsed, tree: Expr, rest: tuple[str, ...]) -> Expr:
        """Lower what follows a period, and tell CEL the kind of the whole path."""
        if rest:
            kind = ATTRIBUTES.get(rest[0]) if len(rest) == 1 and tree.type.kind == "period" else None
            if kind is None:
                words = {"where": self.site.space, "name": parsed.value, "known": ", ".join(ATTRIBUTES)}
                raise self.stop("NAME_UNKNOWN", parsed.offset, **words)
            tree = Expr("attribute", kind.or_absent(tree.type.absent), (tree,), rest[0])
        self.names[parsed.value] = tree.type
        return tree

    def operator(self, parsed: Parsed, op: str, present: Present) -> Expr:
        """Lower an operator."""
        if op in ("and", "or"):
            left = self.guarded(parsed.args[0], present)
            known = present | learn(left, op == "and", self.site)
            return Expr(op, BOOL, (left, self.guarded(parsed.args[1], known)))
        if op == "if":
            return self.choice(parsed, present)
        if op == "not":
            return Expr(op, BOOL, (self.guarded(parsed.args[0], present),))
        args = tuple(self.node(arg, present) for arg in parsed.args)
        if op in _COMPARISONS:
            return self.comparison(parsed, op, args)
        if any(arg.type.kind not in ("number", "any") for arg in args):
            sign = parsed.value.strip("_")
            raise self.types(parsed, f"「{sign}」只用于数字", f"`{sign}` needs numbers")
        return Expr(op, self.arithmetic(op, args), args)

    def arithmetic(self, op: str, args: tuple[Expr, ...]) -> Type:
        """Return the type of a sum, difference, product or negation."""
        places = [arg.type.places for arg in args]
        known = [count for count in places if count is not None]
        total = None if len(known) < len(places) else (sum(known) if op == "mul" else max(known))
        absent = frozenset[str]().union(*(arg.type.absent for arg in args))
        return Type("number", places=total, absent=absent)

    def guarded(self, parsed: Parsed, present: Present) -> Expr:
        """Lower a condition; what it reads must be present."""
        tree = self.node(parsed, present)
        if tree.type.kind not in ("bool", "any"):
            hint = hints.wanted(["bool"], tree.type, str(tree.path or "x"))
            raise self.stop("RESULT_TYPE", parsed.offset, want="bool", got=str(tree.type), hint=hint)
        self.refuse_absent(parsed, (tree,))
        return tree

    def refuse_absent(self, parsed: Parsed, args: tuple[Expr, ...]) -> None:
        """Note every operand of a condition that may be absent here."""
        for arg in args:
            reads = [read for read in arg.reads() if read.type.absent] if arg.type.absent else []
            if arg.type.absent:
                name = str(reads[0].path) if reads else self.formula.text
                self.unguarded = name if reads else ""
                text = mended(self.formula.text, name, self.attempt)
                raise self.stop("UNGUARDED", parsed.offset, name=name, mended=text)

    def choice(self, parsed: Parsed, present: Present) -> Expr:
        """Lower `a ? b : c`."""
        test = self.guarded(parsed.args[0], present)
        yes = self.node(parsed.args[1], present | learn(test, True, self.site))
        no = self.node(parsed.args[2], present | learn(test, False, self.site))
        kind = merge(yes.type, no.type)
        if kind is None:
            raise self.stop("TYPES_DIFFER", parsed.offset, found=f"{yes.type} | {no.type}")
        return Expr("if", kind, (test, yes, no))

    def comparison(self, parsed: Parsed, op: str, args: tuple[Expr, ...]) -> Expr:
        """Lower a comparison; codes must be among those the other side can hold."""
        self.refuse_absent(parsed, args)
        kinds = {_CEL_KINDS.get(arg.type.kind, arg.type.kind) for arg in args} - {"any"}
        ordered = op not in ("eq", "ne")
        if len(kinds) > 1 or (ordered and not kinds <= {"number", "date"}):
            words = " / ".join(str(arg.type) for arg in args)
            sign = parsed.value.strip("_")
            raise self.types(parsed, f"「{sign}」两边是 {words}", f"{sign}: {words}", hints.compared(kinds))
        for one, other in (args, args[::-1]):
            codes = one.type.codes
            if other.op == "const" and one.op != "const" and codes is not None and other.value not in codes:
                name = str(one.path) if one.path else self.formula.text
                known = ", ".join(codes)
                raise self.stop("CODE_UNKNOWN", parsed.offset, code=other.value, name=name, known=known)
        return Expr(op, BOOL, args)

    def function(self, parsed: Parsed, present: Present) -> Expr:
        """Lower a function."""
        name = parsed.value
        special: dict[str, Callable[[Parsed, Present], Expr]] = {"default": self.default, "none": self.none}
        if name in special:
            return special[name](parsed, present)
        args = tuple(self.node(arg, present) for arg in parsed.args)
        if name in ("present", "absent"):
            if len(args) != 1 or args[0].op != "read":
                raise self.types(parsed, f"{name}() 里只写一个名称", f"{name}() takes one name")
            return Expr(name, BOOL, args)
        absent = frozenset[str]().union(*(arg.type.absent for arg in args))
        if name in ("min", "max", "abs"):
            kinds = {arg.type.kind for arg in args}
            if kinds == {"date"}:
                return Expr(name, DATE.or_absent(absent), args)
            return Expr(name, self.arithmetic("add", args), args)
        if any(arg.type.kind == "number" and arg.type.places != 0 for arg in args):
            raise self.types(parsed, f"{name}() 只用整数", f"{name}() counts in whole numbers")
        kind = _FUNCTIONS[name]
        if kind == BOOL:
            self.refuse_absent(parsed, args)
        return Expr(name, kind.or_absent(absent), args)

    def default(self, parsed: Parsed, present: Present) -> Expr:
        """Lower `default(x, y)`: any absence but an error becomes y."""
        if len(parsed.args) != 2:
            raise self.types(parsed, "default() 要两个参数", "default() takes two arguments")
        args = tuple(self.node(arg, present) for arg in parsed.args)
        kind = merge(args[0].type.present(), args[1].type)
        if kind is None:
            raise self.stop("TYPES_DIFFER", parsed.offset, found=f"{args[0].type} | {args[1].type}")
        return Expr("default", kind.or_absent(args[0].type.absent & {"ERROR"}), args)

    def none(self, parsed: Parsed, present: Present) -> Expr:
        """Lower `none('KIND', 'REASON')`."""
        words = [arg.value for arg in parsed.args if arg.kind == "text"]
        if len(words) != 2 or words[0] not in KINDS or not CODE.fullmatch(words[1]):
            kinds = ", ".join(KINDS)
            why = (f"none() 要一种空值({kinds})和一个原因代码", f"none() takes a kind ({kinds}) and a reason")
            raise self.types(parsed, *why)
        return Expr("none", Type("any", absent=frozenset({words[0]})), value=f"{words[0]} {words[1]}")


def merge(one: Type, other: Type) -> Type | None:
    """Return the type that holds both, or None when there is none.

    >>> str(merge(Type("number", places=0), Type("number", places=1)))
    'number 1'
    """
    absent = one.absent | other.absent
    if one.kind == "any" or other.kind == "any":
        return (other if one.kind == "any" else one).or_absent(absent)
    if {one.kind, other.kind} <= {"text", "code", "ref"} and one.kind != other.kind:
        return Type("text", absent=absent)
    if one.kind != other.kind:
        return None
    if one.kind == "number":
        places = None if one.places is None or other.places is None else max(one.places, other.places)
        return Type("number", places=places, unit=one.unit or other.unit, absent=absent)
    if one.kind == "code":
        codes = None if one.codes is None or other.codes is None else tuple(dict.fromkeys([*one.codes, *other.codes]))
        return Type("code", codes=codes, absent=absent)
    if one.kind == "ref" and one.table != other.table:
        return Type("text", absent=absent)
    if one.kind == "period" and one.period != other.period:
        return Type("period", absent=absent)
    return one.or_absent(absent)
