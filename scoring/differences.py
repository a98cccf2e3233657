"""What changed between two rulebooks, place by place, in words.

The canonical texts are compared, so layout never counts. Lists of maps (rows of a decision table) are matched by their
content: a row that moved is told as moved, not as removed and added.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final, TypeAlias

from scoring.labels import label_of
from scoring.rulebook import Rulebook

Path: TypeAlias = tuple[str, ...]
_NOTHING: Final = object()
_SECTIONS: Final = {
    "measures": "指标",
    "facts": "事实表",
    "tables": "常数表",
    "grains": "粒度",
    "settings": "参数",
    "results": "结果",
    "labels": "标签",
    "period": "期间",
    "in_force": "施行期",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: `before` None where something was added, `after` None where it was removed."""

    path: str
    law: str | None
    before: str | None
    after: str | None
    zh: str
    en: str


def differences(before: Rulebook, after: Rulebook) -> tuple[Difference, ...]:
    """Return what changed from one rulebook to another, in the order of the document.

    >>> from scoring.example import league
    >>> old, new = (league("{over: game, sum: points, cap: '%s'}" % cap).rulebook for cap in (5, 6))
    >>> [(one.path, one.before, one.after) for one in differences(old, new)]
    [('measures.team.x.cap', '5', '6')]
    """
    old, new = (json.loads(book.canonical, parse_float=Decimal) for book in (before, after))
    changes = _changes((), old, new)
    return tuple(_told(path, one, other, (before, after), (old, new)) for path, one, other in changes)


def _changes(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the smallest parts that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        renamed = _renamed(old, new)
        for key in [*old, *(key for key in new if key not in old)]:
            if key in renamed:
                yield (*path, "(key)"), key, renamed[key]
            elif key not in renamed.values():
                yield from _changes((*path, key), old.get(key, _NOTHING), new.get(key, _NOTHING))
        shared = [key for key in old if key in new]
        if shared != [key for key in new if key in old]:
            yield (*path, "(order)"), " ".join(shared), " ".join(key for key in new if key in old)
    elif isinstance(old, list) and isinstance(new, list) and any(isinstance(item, dict) for item in (*old, *new)):
        yield from _rows(path, old, new)
    elif old != new or type(old) is not type(new):
        yield path, old, new


def _renamed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Return keys that gave way to another with the same content: a limit moved, a name changed."""
    gone, come = ([key for key in one if key not in other] for one, other in ((old, new), (new, old)))
    pairs = [(key, [other for other in come if new[other] == old[key]]) for key in gone]
    taken = [matches[0] for _, matches in pairs if len(matches) == 1]
    return {key: matches[0] for key, matches in pairs if len(matches) == 1 and taken.count(matches[0]) == 1}


def _rows(path: Path, old: list[Any], new: list[Any]) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the changes of a list of maps: rows moved, changed in place, removed, added."""
    mine, theirs = ([json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows] for rows in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(b - a, d - c) if tag == "replace" and b - a == d - c else 0
        for at in range(paired):
            yield from _row(
                (*path, str(c + at + 1)), (old[a + at], mine[a + at]), (new[c + at], theirs[c + at]), theirs
            )
        for at in range(a + paired, b):
            where = theirs.index(mine[at]) + 1 if mine[at] in theirs else None
            yield (*path, str(at + 1)), old[at] if where is None else f"→ {where}", _NOTHING
        for at in range(c + paired, d):
            if theirs[at] not in mine:
                yield (*path, str(at + 1)), _NOTHING, new[at]


def _row(path: Path, old: tuple[Any, str], new: tuple[Any, str], theirs: list[str]) -> Iterator[tuple[Path, Any, Any]]:
    """Yield the changes of one row against the row now in its place."""
    if old[1] in theirs:
        yield path, old[0], new[0]
    else:
        yield from _changes(path, old[0], new[0])


def _told(path: Path, old: Any, new: Any, books: tuple[Rulebook, Rulebook], trees: tuple[Any, Any]) -> Difference:
    """Put one change into words, with the clause it belongs to."""
    law = _law(path, trees[1]) or _law(path, trees[0])
    before, after = _text(old), _text(new)
    where = ".".join(path)
    zh, en = _label(path, books)
    section = _SECTIONS.get(path[0], "文档")
    clause_zh, clause_en = (f"(第 {law} 条)", f" (clause {law})") if law else ("", "")
    named_zh, named_en = (f"「{zh}」", f" “{en}”") if zh else ("", "")
    head_zh, head_en = f"{section} {where}{named_zh}{clause_zh}", f"{where}{named_en}{clause_en}"
    if before is None:
        return Difference(where, law, None, after, f"{head_zh}:新增 {after}。", f"{head_en}: {after} was added.")
    if after is None and before.startswith("→ "):
        row = before.removeprefix("→ ")
        words = (f"{head_zh}:移到第 {row} 行。", f"{head_en}: moved to row {row}.")
        return Difference(where, law, path[-1], row, *words)
    if after is None:
        return Difference(where, law, before, None, f"{head_zh}:删去 {before}。", f"{head_en}: {before} was removed.")
    words = (f"{head_zh}:由 {before} 改为 {after}。", f"{head_en}: {before} became {after}.")
    return Difference(where, law, before, after, *words)


def _law(path: Path, tree: Any) -> str | None:
    """Return the nearest clause named above a place."""
    found, at = None, tree
    for key in path:
        if isinstance(at, dict) and isinstance(at.get("law"), str | int):
            found = str(at["law"])
        if isinstance(at, list):
            at = at[int(key) - 1] if key.isdecimal() and int(key) <= len(at) else None
        else:
            at = at.get(key) if isinstance(at, dict) else None
    if isinstance(at, dict) and isinstance(at.get("law"), str | int):
        found = str(at["law"])
    return found


def _label(path: Path, books: tuple[Rulebook, Rulebook]) -> tuple[str, str]:
    """Return the label of the measure or setting a place belongs to."""
    wanted = [".".join(path[1:3]), *path[2:3]] if path[0] == "measures" else list(path[1:2])
    if path[0] not in ("measures", "settings") or not wanted:
        return "", ""
    for book in reversed(books):
        pair = label_of(book.document, *wanted)
        if pair != (wanted[-1], wanted[-1]):
            return pair
    return "", ""


def _text(value: Any) -> str | None:
    """Write a value as a rulebook does; None for nothing."""
    if value is _NOTHING:
        return None
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(str(_text(inner)) for inner in value) + "]"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
