"""Reads the sections of a rulebook document into typed values."""

from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from scoring.diagnostics import NOWHERE, Place
from scoring.periods import UNITS, Period
from scoring.rulebook import document as doc
from scoring.rulebook.operators import AGGREGATE_KEYS, READERS, read_coded, read_round
from scoring.rulebook.shape import Shape
from scoring.rulebook.source import Mapping, Node, Scalar
from scoring.rulebook.types import Type

_AFTER_MOST: Final = 3660
_MODIFIERS: Final = ("law", "require", "needs", "floor", "cap", "round", "unit")


def _setting(shape: Shape, key: Scalar, node: Node) -> doc.Setting | None:
    """Read one setting; without a value it must be entered by the district."""
    parts = shape.fields(node, f"settings.{key.text}", ["type"], ["value", "law", "reading"])
    if parts is None:
        return None
    kind = shape.type(parts.get("type"))
    value, reading = shape.literal(parts.get("value")), shape.truth(parts.get("reading"))
    if kind is None:
        return None
    return doc.Setting(key.text, value, kind, shape.text(parts.get("law")), reading, key.place)


def _facts(shape: Shape, key: Scalar, node: Node) -> doc.Facts | None:
    """Read one fact table."""
    where = f"facts.{key.text}"
    parts = shape.fields(node, where, ["most", "columns"], ["key", "unique", "during", "keep", "law"])
    if parts is None:
        return None
    columns = shape.named(parts.get("columns"), lambda _, column: shape.type(column))
    during = shape.names(parts.get("during"))
    named = {"key": shape.text(parts.get("key"))}
    unique = shape.names(parts.get("unique"))
    for column in (*unique, *during, *([named["key"]] if named["key"] else [])):
        if column not in columns:
            shape.note("NAME_UNKNOWN", key.place, name=column, where=where, known=", ".join(columns))
    if "during" in parts and len(during) != 2:
        shape.wrong(parts["during"], "[起始列, 终止列]", "[from, until]")
    return doc.Facts(
        name=key.text,
        key=named["key"],
        most=shape.whole(parts.get("most")),
        columns=tuple(columns.items()),
        unique=unique,
        during=(during[0], during[1]) if len(during) == 2 else None,
        keep=shape.cel(parts.get("keep"), f"{where}.keep"),
        law=shape.text(parts.get("law")),
        place=key.place,
        column_places=_key_places(parts.get("columns")),
    )


def _key_places(node: Node | None) -> dict[str, Place]:
    """Return where each key of a map stands."""
    return {key.text: key.place for key, _ in node.entries} if isinstance(node, Mapping) else {}


def _constants(shape: Shape, key: Scalar, node: Node) -> doc.Constants | None:
    """Read one table of constants: code → value, two nested keys → value, or code → {column: value}."""
    parts = shape.fields(node, f"tables.{key.text}", ["type", "rows"], ["gives", "law"])
    rows = None if parts is None else parts.get("rows")
    if parts is None or not isinstance(rows, Mapping):
        if rows is not None:
            shape.wrong(rows, "代码到取值的表", "A map from codes to values")
        return None
    gives = shape.name(parts["gives"]) if "gives" in parts else None
    nested = any(isinstance(value, Mapping) for _, value in rows.entries)
    columns = _constant_columns(shape, parts, gives, rows)
    read: list[_Row] = []
    places: dict[tuple[tuple[str, ...], str], Place] = {}
    for row_key, value in rows.entries:
        cells: dict[tuple[str, ...], dict[str, Node]]
        if gives is not None and not nested:
            cells = {(row_key.text,): {gives: value}}
        elif gives is not None and isinstance(value, Mapping):
            cells = {(row_key.text, second.text): {gives: cell} for second, cell in value.entries}
        else:
            where = f"tables.{key.text}.{row_key.text}"
            cells = {(row_key.text,): shape.fields(value, where, [name for name, _ in columns]) or {}}
        for row, nodes in cells.items():
            read += _row(row, tuple(shape.literal(nodes.get(name)) for name, _ in columns))
            places |= {(row, name): node.place for name, node in nodes.items()}
    keys = 2 if gives is not None and nested else 1
    return doc.Constants(key.text, columns, keys, tuple(read), shape.text(parts.get("law")), key.place, places)


def _constant_columns(
    shape: Shape, parts: dict[str, Node], gives: str | None, rows: Mapping
) -> tuple[tuple[str, Type], ...]:
    """Read the names and types of the columns of a table of constants."""
    node = parts.get("type")
    if gives is not None:
        kind = shape.type(node)
        return () if kind is None else ((gives, kind),)
    if isinstance(node, Mapping):
        return tuple(shape.named(node, lambda _, column: shape.type(column)).items())
    kind = shape.type(node)
    first = rows.entries[0][1] if rows.entries else None
    if kind is None or not isinstance(first, Mapping):
        return ()
    return tuple((name.text, kind) for name, _ in first.entries if shape.name(name) is not None)


_Row: TypeAlias = tuple[tuple[str, ...], tuple[Decimal | str | bool, ...]]


def _row(key: tuple[str, ...], cells: tuple[Decimal | str | bool | None, ...]) -> list[_Row]:
    """Return the row when all of its cells could be read."""
    read = tuple(cell for cell in cells if cell is not None)
    return [(key, read)] if len(read) == len(cells) else []


def _grain(shape: Shape, key: Scalar, node: Node) -> doc.Grain | None:
    """Read one grain: keys and rows, or the units of an interval."""
    where = f"grains.{key.text}"
    if isinstance(node, Mapping) and node.get("expand") is not None:
        parts = shape.fields(node, where, ["expand"]) or {}
        inner = shape.fields(parts["expand"], f"{where}.expand", ["over", "each"]) or {}
        over, each = shape.text(inner.get("over")), shape.choice(inner.get("each"), UNITS)
        return doc.Grain(key.text, (over, each), None, over, each, key.place) if over and each else None
    fields = shape.fields(node, where, ["keys", "rows"])
    if fields is None:
        return None
    rows = shape.text(fields.get("rows"))
    keys = tuple(text for item in shape.items(fields.get("keys")) if (text := shape.text(item)) is not None)
    return None if rows is None else doc.Grain(key.text, keys, rows, None, None, key.place)


def _measure(shape: Shape, grain: str, key: Scalar, node: Node) -> doc.Measure | None:
    """Read one measure: one operator and the modifiers every measure may have."""
    site = f"measures.{grain}.{key.text}"
    fields = shape.fields(node, f"{grain}.{key.text}", [], [*READERS, *AGGREGATE_KEYS, *_MODIFIERS])
    if fields is None:
        return None
    found = [name for name in READERS if name in fields]
    if len(found) != 1:
        words = {"measure": f"{grain}.{key.text}", "count": len(found), "found": ", ".join(found) or "–"}
        shape.note("OPERATOR_COUNT", key.place, **words)
        return None
    if found[0] != "over":
        _refuse_strays(shape, node, found[0])
    before = len(shape.found)
    operator = READERS[found[0]](shape, fields, site)
    if operator is None:
        if len(shape.found) == before:
            shape.note("NOTHING_WRITTEN", fields[found[0]].place, key=found[0])
        return None
    return doc.Measure(
        grain=grain,
        name=key.text,
        law=shape.text(fields.get("law")),
        operator=operator,
        require=_require(shape, fields.get("require"), site),
        needs=shape.names(fields.get("needs")),
        floor=shape.cel(fields.get("floor"), f"{site}.floor"),
        cap=shape.cel(fields.get("cap"), f"{site}.cap"),
        round=read_round(shape, fields.get("round")),
        unit=shape.text(fields.get("unit")),
        place=key.place,
    )


def _refuse_strays(shape: Shape, node: Node, operator: str) -> None:
    """Note keys that belong to an aggregate and stand beside another operator."""
    assert isinstance(node, Mapping), "fields were read from a map"
    for key, _ in node.entries:
        if key.text in AGGREGATE_KEYS:
            words = {"where": operator, "key": key.text, "known": ", ".join(_MODIFIERS)}
            do = f"`{key.text}` belongs to an aggregate with `over`."
            shape.note("KEY_UNKNOWN", key.place, **words, do_zh=f"「{key.text}」只用于 over 汇总。", do=do)


def _require(shape: Shape, node: Node | None, site: str) -> doc.Require | None:
    """Read `require:`."""
    parts = None if node is None else shape.fields(node, "require", ["that", "else"], ["law"])
    if parts is None:
        return None
    kind = shape.kind(parts.get("else"))
    before = len(shape.found)
    that = read_coded(shape, parts["that"], f"{site}.require") if "that" in parts else ()
    if "that" in parts and not that and len(shape.found) == before:
        shape.note("NOTHING_WRITTEN", parts["that"].place, key="that")
    return None if kind is None or not that else doc.Require(that, kind, shape.text(parts.get("law")))


def _outcome(shape: Shape, key: Scalar, node: Node) -> doc.Outcome | None:
    """Read which measures of a grain are its result."""
    names = ["score", "grade", "rank", "recommendation"]
    parts = shape.fields(node, f"results.{key.text}", [], [*names, "lists", "actions", "remember", "shadow"])
    if parts is None:
        return None
    score, grade, rank, recommendation = (shape.text(parts.get(name)) for name in names)
    lists, remember = shape.names(parts.get("lists")), shape.names(parts.get("remember"))
    shadow = shape.truth(parts.get("shadow"))
    return doc.Outcome(
        grain=key.text,
        score=score,
        grade=grade,
        rank=rank,
        lists=lists,
        recommendation=recommendation,
        actions=_actions(shape, parts.get("actions")),
        remember=remember,
        shadow=shadow,
        place=key.place,
    )


def _actions(shape: Shape, node: Node | None) -> tuple[tuple[str, str], ...]:
    """Read which measure holds the date of each action."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        shape.wrong(node, "处理代码到日期指标的表", "A map from codes of actions to measures")
        return ()
    pairs = ((shape.code(key), shape.name(value)) for key, value in node.entries)
    return tuple((code, name) for code, name in pairs if code is not None and name is not None)


def _period(shape: Shape, node: Node | None) -> doc.PeriodRule:
    """Read the unit of a run, the days until its evaluation, and the parts fixed on their own."""
    known = ["evaluate_after", "parts", "history"]
    parts = {} if node is None else shape.fields(node, "period", ["unit"], known) or {}
    unit = shape.choice(parts.get("unit"), UNITS, "year")
    finer = shape.choice(parts.get("parts"), UNITS) or None
    if finer is not None and UNITS.index(finer) >= UNITS.index(unit):
        shape.note("PARTS_UNIT", parts["parts"].place, unit=unit, parts=finer)
    after, since = shape.whole(parts.get("evaluate_after"), most=_AFTER_MOST), parts.get("history")
    optional = shape.text(since) == "optional"
    first = None if since is None or optional else _first_period(shape, since, unit)
    return doc.PeriodRule(unit, after, finer, first, optional, NOWHERE if node is None else node.place)


def _first_period(shape: Shape, node: Node, unit: str) -> Period | None:
    """Read the first period of a regime."""
    try:
        first = Period.parse(shape.text(node) or "")
    except ValueError:
        first = None
    if first is None or first.unit != unit:
        shape.wrong(node, f"首个期间({unit})或 optional", f"The first {unit}, or `optional`,")
        return None
    return first


def _labels(shape: Shape, node: Node | None) -> tuple[dict[str, tuple[str, str]], dict[str, Place]]:
    """Read the labels and where each stands."""
    labels: dict[str, tuple[str, str]] = {}
    places = {}
    if node is not None and not isinstance(node, Mapping):
        shape.wrong(node, "名称到标签的表", "A map from names to labels")
    for key, value in node.entries if isinstance(node, Mapping) else ():
        pair = shape.pair(value)
        if pair is not None:
            labels[key.text] = pair
            places[key.text] = key.place
    return labels, places


def read_document(shape: Shape, root: Node) -> doc.Document | None:
    """Read the whole document; what cannot be read is noted and left out.

    >>> from scoring.rulebook.source import parse
    >>> shape = Shape()
    >>> read_document(shape, parse("rulebook: x", "a.yaml")[0]).name, len(shape.found)
    ('x', 7)
    """
    must = ["rulebook", "version", "name", "in_force", "period", "facts", "measures", "results"]
    parts = shape.fields(root, "rulebook", must, ["labels", "source", "supersedes", "settings", "tables", "grains"])
    if parts is None:
        return None
    force = shape.fields(parts["in_force"], "in_force", ["from"], ["until"]) if "in_force" in parts else None
    start, until = (None, None) if force is None else (shape.day(force.get("from")), shape.day(force.get("until")))
    if start is not None and until is not None and until < start:
        shape.note("VERSION_DATES", parts["in_force"].place)
    name = shape.name(parts["rulebook"]) if "rulebook" in parts else None
    labels, places = _labels(shape, parts.get("labels"))
    measures = shape.named(
        parts.get("measures"),
        lambda grain, node: shape.named(node, lambda key, value: _measure(shape, grain.text, key, value)),
    )
    return doc.Document(
        name=name or "",
        version=shape.text(parts.get("version")) or "",
        title=shape.pair(parts.get("name")) or ("", ""),
        source=shape.text(parts.get("source")),
        supersedes=shape.text(parts.get("supersedes")),
        start=start or date.min,
        until=until,
        period=_period(shape, parts.get("period")),
        labels=labels,
        settings=shape.named(parts.get("settings"), lambda key, node: _setting(shape, key, node)),
        facts=shape.named(parts.get("facts"), lambda key, node: _facts(shape, key, node)),
        tables=shape.named(parts.get("tables"), lambda key, node: _constants(shape, key, node)),
        grains=shape.named(parts.get("grains"), lambda key, node: _grain(shape, key, node)),
        measures=measures,
        results=shape.named(parts.get("results"), lambda key, node: _outcome(shape, key, node)),
        label_places=places,
    )
