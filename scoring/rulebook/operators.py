"""Reads the one operator of a measure, whichever of the fourteen forms it has."""

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from decimal import Decimal
from itertools import pairwise
from typing import Final

from scoring.decimals import MODES
from scoring.diagnostics import Place
from scoring.periods import UNITS
from scoring.rulebook import document as doc
from scoring.rulebook.shape import Shape
from scoring.rulebook.source import Mapping, Node, Scalar
from scoring.rulebook.types import PLACES_MOST

HOWS: Final = (
    "sum mean least greatest earliest latest any every list count distinct stdev quantile".split()  # noqa: SIM905
)
COMPARES: Final = ("at_least", "above", "below", "at_most")
TAKES: Final = ("sum", "mean", "least", "greatest", "count", "any", "every")
PERIODS_MOST: Final = 10_000
EMPTY_NEEDED: Final = frozenset({"mean", "least", "greatest", "earliest", "latest", "stdev", "quantile"})


def _value(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `value:`."""
    cel = shape.cel(fields["value"], f"{site}.value")
    return None if cel is None else doc.ValueOf(cel)


def _flags(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `flags:`."""
    codes = read_coded(shape, fields["flags"], f"{site}.flags")
    return doc.Flags(codes) if codes else None


def read_coded(shape: Shape, node: Node, site: str) -> tuple[tuple[str, doc.Cel], ...]:
    """Read a map from codes to conditions.

    >>> from scoring.rulebook.source import parse
    >>> read_coded(Shape(), parse("{LOW: 'x < 3'}", "a.yaml")[0], "s")[0][1].text
    'x < 3'
    """
    if not isinstance(node, Mapping):
        shape.wrong(node, "代码到条件的表", "A map from codes to conditions")
        return ()
    out = []
    for key, value in node.entries:
        code, cel = shape.code(key), shape.cel(value, f"{site}.{key.text}")
        if code is not None and cel is not None:
            out.append((code, cel))
    return tuple(out)


def _table(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `table:`; only its last row has no condition."""
    items = shape.items(fields["table"])
    rows: list[doc.TableRow] = []
    for index, item in enumerate(items):
        last = index == len(items) - 1
        if not isinstance(item, Mapping) or (item.get("else") is not None) != last:
            shape.note("TABLE_ROWS", item.place)
            continue
        keys = ["else"] if last else ["when", "give"]
        parts = shape.fields(item, "table", keys, ["law"]) or {}
        when = None if last else shape.cel(parts.get("when"), f"{site}.table.{index}.when")
        give = shape.give(parts.get(keys[-1]), f"{site}.table.{index}.give")
        if give is not None and (last or when is not None):
            rows.append(doc.TableRow(when, give, shape.text(parts.get("law")), item.place))
    if not items:
        shape.note("TABLE_ROWS", fields["table"].place)
    return doc.Table(tuple(rows)) if rows and len(rows) == len(items) else None


def _tell_one_of(shape: Shape, place: Place, where: str, given: Many[str], known: Iterable[str]) -> None:
    """Note that none, or more than one, of a few keys is given."""
    if given:
        shape.note("KEYS_EXCLUDE", place, where=where, given=", ".join(given))
    else:
        shape.note("KEY_MISSING", place, where=where, key=" | ".join(known))


def _steps(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `steps:`; with `by`, every class has its own limits."""
    site = f"{site}.steps"
    parts = shape.fields(fields["steps"], "steps", ["of", "else"], [*COMPARES, "by"])
    if parts is None:
        return None
    chosen = [name for name in COMPARES if name in parts]
    if len(chosen) != 1:
        _tell_one_of(shape, fields["steps"].place, "steps", chosen, COMPARES)
        return None
    of, otherwise = shape.cel(parts.get("of"), f"{site}.of"), shape.give(parts.get("else"), f"{site}.else")
    by = shape.cel(parts.get("by"), f"{site}.by")
    node = parts[chosen[0]]
    if not isinstance(node, Mapping):
        shape.wrong(node, "界限到取值的表", "A map from limits to values")
        return None
    if not node.entries:
        return None
    classes = [(None, node)] if by is None else [(key.text, value) for key, value in node.entries]
    limits = tuple((name, _limits(shape, each, chosen[0], f"{site}.{name or 'all'}")) for name, each in classes)
    return None if of is None or otherwise is None else doc.Steps(of, chosen[0], limits, otherwise, by)


def _limits(shape: Shape, node: Node, compare: str, site: str) -> tuple[tuple[Decimal, doc.Give], ...]:
    """Read the limits of one class, best first for lower limits and lowest first for upper ones."""
    if not isinstance(node, Mapping):
        shape.wrong(node, "界限到取值的表", "A map from limits to values")
        return ()
    shape.numeric.add(id(node))
    out = []
    for index, (key, value) in enumerate(node.entries):
        limit, give = shape.number(Scalar(key.text, False, key.place)), shape.give(value, f"{site}.{index}")
        if limit is not None and give is not None:
            out.append((limit, give))
    falling = compare in ("at_least", "above")
    if any((a <= b) if falling else (a >= b) for (a, _), (b, _) in pairwise(out)):
        words = ("从高到低", "from high to low") if falling else ("从低到高", "from low to high")
        shape.note("LIMITS_ORDER", node.place, order_zh=words[0], order_en=words[1])
    return tuple(out)


def _lookup(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `lookup:`."""
    site = f"{site}.lookup"
    parts = shape.fields(fields["lookup"], "lookup", ["in", "key", "give", "otherwise"], ["day"])
    if parts is None:
        return None
    source, give = shape.text(parts.get("in")), shape.text(parts.get("give"))
    otherwise = shape.give(parts.get("otherwise"), f"{site}.otherwise")
    key, day = shape.cels(parts.get("key"), f"{site}.key"), shape.cel(parts.get("day"), f"{site}.day")
    if source is None or give is None or otherwise is None or not key:
        return None
    return doc.Lookup(source, key, day, give, otherwise, fields["lookup"].place)


def _aggregate(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `over:` with its one summary and the keys that go with it."""
    hows = [how for how in HOWS if how in fields]
    over = shape.text(fields["over"])
    if len(hows) != 1 or over is None:
        _tell_one_of(shape, fields["over"].place, "over", hows, HOWS)
        return None
    how = hows[0]
    _refuse_idle(shape, fields, how)
    node, share = fields[how], None
    empty = shape.give(fields.get("empty"), f"{site}.empty")
    if how in EMPTY_NEEDED and "empty" not in fields:
        why = ("没有行时没有结果", "there is no result of no rows")
        shape.note("STATED_CHOICE", fields["over"].place, key="empty", why_zh=why[0], why_en=why[1])
    operand: doc.Cel | None = None
    if how == "quantile":
        parts = shape.fields(node, "quantile", ["of", "share", "method"]) or {}
        operand, share = shape.cel(parts.get("of"), f"{site}.of"), shape.cel(parts.get("share"), f"{site}.share")
        shape.choice(parts.get("method"), ["type1"])
    elif how != "count":
        operand = shape.cel(node, f"{site}.{how}")
    elif shape.choice(node, ["rows"]) == "":
        return None
    places = shape.places(fields["places"]) if "places" in fields else None
    if how == "stdev" and places is None:
        why = ("标准差需写明小数位", "a standard deviation is rounded somewhere")
        shape.note("STATED_CHOICE", node.place, key="places", why_zh=why[0], why_en=why[1])
    if how != "count" and operand is None:
        return None
    where, weight = shape.cel(fields.get("where"), f"{site}.where"), shape.cel(fields.get("weight"), f"{site}.weight")
    once, last = _once(shape, fields.get("once"), site), _last(shape, fields.get("last"), site)
    return doc.Aggregate(over, how, operand, where, weight, empty, once, last, share, places, fields["over"].place)


_IDLE: Final = {
    "weight": (frozenset({"sum", "mean"}), "weight 只用于 sum 和 mean", "`weight` belongs to `sum` and `mean`"),
    "places": (frozenset({"stdev"}), "places 只用于 stdev", "`places` belongs to `stdev`; round with `round`"),
    "empty": (
        frozenset(HOWS) - {"count", "any", "every"},
        "没有行时 count 为 0、any 为 false、every 为 true",
        "of no rows `count` is 0, `any` false, `every` true",
    ),
}


def _refuse_idle(shape: Shape, fields: dict[str, Node], how: str) -> None:
    """Note keys that would do nothing beside a summary."""
    for key, (hows, why_zh, why_en) in _IDLE.items():
        if key in fields and how not in hows:
            shape.note("KEY_IDLE", fields[key].place, key=key, how=how, why_zh=why_zh, why_en=why_en)


def _once(shape: Shape, node: Node | None, site: str) -> doc.Once | None:
    """Read `once:`."""
    parts = None if node is None else shape.fields(node, "once", ["per"], ["highest", "lowest"])
    if parts is None or node is None:
        return None
    chosen = [name for name in ("highest", "lowest") if name in parts]
    if len(chosen) != 1:
        shape.note("KEY_MISSING", node.place, where="once", key="highest | lowest")
        return None
    of = shape.cel(parts[chosen[0]], f"{site}.once.of")
    return None if of is None else doc.Once(shape.cels(parts.get("per"), f"{site}.once.per"), chosen[0], of)


def _last(shape: Shape, node: Node | None, site: str) -> doc.Last | None:
    """Read `last:`."""
    parts = None if node is None else shape.fields(node, "last", ["rows", "by"])
    by = None if parts is None else shape.cel(parts.get("by"), f"{site}.last.by")
    return None if parts is None or by is None else doc.Last(shape.whole(parts.get("rows"), 1), by)


def _ratio(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `ratio:`."""
    site = f"{site}.ratio"
    parts = shape.fields(fields["ratio"], "ratio", ["of", "by", "zero"])
    if parts is None:
        return None
    of, by = shape.cel(parts.get("of"), f"{site}.of"), shape.cel(parts.get("by"), f"{site}.by")
    zero = shape.give(parts.get("zero"), f"{site}.zero")
    return None if of is None or by is None or zero is None else doc.Ratio(of, by, zero)


def _blend(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `blend:`; the parts keep the order they are written in."""
    node = fields["blend"]
    if not isinstance(node, Mapping):
        shape.wrong(node, "指标到权重的表", "A map from measures to weights")
        return None
    parts = []
    for index, (key, value) in enumerate(node.entries):
        part = shape.cel(key, f"{site}.blend.{index}.part")
        weight = shape.cel(value, f"{site}.blend.{index}.weight")
        if part is not None and weight is not None:
            parts.append((part, weight))
    return doc.Blend(tuple(parts)) if parts else None


def _curve(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `curve:`."""
    site = f"{site}.curve"
    parts = shape.fields(fields["curve"], "curve", ["places"], ["ln", "log", "sqrt", "base"])
    chosen = [name for name in ("ln", "log", "sqrt") if name in (parts or {})]
    if parts is None or len(chosen) != 1 or ((chosen[0] == "log") != ("base" in parts)):
        shape.note("KEY_MISSING", fields["curve"].place, where="curve", key="ln | sqrt | log + base")
        return None
    of = shape.cel(parts[chosen[0]], f"{site}.of")
    base = shape.cel(parts.get("base"), f"{site}.base")
    return None if of is None else doc.Curve(chosen[0], of, base, shape.places(parts.get("places")))


def _rank(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `rank:`."""
    site = f"{site}.rank"
    parts = shape.fields(fields["rank"], "rank", ["by", "from", "ties"], ["within", "where"])
    if parts is None:
        return None
    keys = []
    for index, item in enumerate(shape.items(parts.get("by"))):
        pair = shape.fields(item, "by", ["key", "first"]) or {}
        key = shape.cel(pair.get("key"), f"{site}.by.{index}")
        first = shape.choice(pair.get("first"), ["high", "low"])
        if key is not None and first:
            keys.append((key, first))
    start = shape.choice(parts.get("from"), ["best", "worst"])
    ties = shape.choice(parts.get("ties"), ["competition", "dense", "last", "mid"])
    within = shape.cels(parts.get("within"), f"{site}.within")
    where = shape.cel(parts.get("where"), f"{site}.where")
    return doc.Rank(tuple(keys), within, where, start, ties) if keys and start and ties else None


def _running(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `running:`."""
    site = f"{site}.running"
    parts = shape.fields(fields["running"], "running", ["per", "by"], ["sum", "count", "within", "where"])
    chosen = [name for name in ("sum", "count") if name in (parts or {})]
    if parts is None or len(chosen) != 1:
        _tell_one_of(shape, fields["running"].place, "running", chosen, ("sum", "count"))
        return None
    operand = shape.cel(parts["sum"], f"{site}.sum") if chosen[0] == "sum" else None
    if chosen[0] == "count":
        shape.choice(parts["count"], ["rows"])
    by = shape.cel(parts.get("by"), f"{site}.by")
    within, where = shape.cel(parts.get("within"), f"{site}.within"), shape.cel(parts.get("where"), f"{site}.where")
    per = shape.cels(parts.get("per"), f"{site}.per")
    return None if by is None else doc.Running(chosen[0], operand, per, by, within, where)


def _previous(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `previous:`."""
    parts = shape.fields(fields["previous"], "previous", ["of", "back", "otherwise"])
    if parts is None:
        return None
    of, otherwise = shape.text(parts.get("of")), shape.give(parts.get("otherwise"), f"{site}.previous.otherwise")
    back = shape.whole(parts.get("back"), 1, PERIODS_MOST)
    if of is None or otherwise is None:
        return None
    return doc.Previous(of, back, otherwise, fields["previous"].place)


def _run(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `run:`."""
    parts = shape.fields(fields["run"], "run", ["of"], ["reset"])
    of = None if parts is None else shape.text(parts.get("of"))
    if parts is None or of is None:
        return None
    return doc.Run(of, shape.choice(parts.get("reset"), UNITS) or None, fields["run"].place)


def _window(shape: Shape, fields: dict[str, Node], site: str) -> doc.Operator | None:
    """Read `window:`."""
    parts = shape.fields(fields["window"], "window", ["of", "last", "take"], ["reset", "empty"])
    of = None if parts is None else shape.text(parts.get("of"))
    take = "" if parts is None else shape.choice(parts.get("take"), TAKES)
    if parts is None or of is None or not take:
        return None
    if take in EMPTY_NEEDED and "empty" not in parts:
        why = ("窗口内可能没有结果", "the window may hold no result")
        shape.note("STATED_CHOICE", fields["window"].place, key="empty", why_zh=why[0], why_en=why[1])
    empty = shape.give(parts.get("empty"), f"{site}.window.empty")
    reset = shape.choice(parts.get("reset"), UNITS) or None
    return doc.Window(of, shape.whole(parts.get("last"), 1, PERIODS_MOST), take, reset, empty, fields["window"].place)


READERS: Final[dict[str, Callable[[Shape, dict[str, Node], str], doc.Operator | None]]] = {
    "value": _value,
    "flags": _flags,
    "table": _table,
    "steps": _steps,
    "lookup": _lookup,
    "over": _aggregate,
    "ratio": _ratio,
    "blend": _blend,
    "curve": _curve,
    "rank": _rank,
    "running": _running,
    "previous": _previous,
    "run": _run,
    "window": _window,
}
AGGREGATE_KEYS: Final = (*HOWS, "where", "weight", "empty", "once", "last", "places")


def read_round(shape: Shape, node: Node | None) -> doc.Rounding | None:
    """Read `round: places mode`.

    >>> from scoring.rulebook.source import parse
    >>> one = read_round(Shape(), parse("2 half_up", "a.yaml")[0])
    >>> one.places, one.mode
    (2, 'half_up')
    """
    text = shape.text(node)
    if text is None or node is None:
        return None
    words = text.split()
    if len(words) != 2 or not words[0].isdecimal() or len(words[0]) > 2 or int(words[0]) > PLACES_MOST:
        shape.wrong(node, "小数位和舍入方式,例如 2 half_up", "Places and mode, such as `2 half_up`,")
        return None
    known_mode = words[1] in MODES or words[1].islower()
    if not known_mode:
        shape.note("CHOICE_WRONG", node.place, got=words[1], known=", ".join(MODES))
        return None
    return doc.Rounding(int(words[0]), words[1], node.place)
