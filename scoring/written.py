"""Values the rulebook itself holds, in its tables of constants and as its settings: do they fit their types?"""

from collections.abc import Iterator
from typing import Any, Final

from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.facts import WrongValue, converter
from scoring.rulebook import document as doc
from scoring.rulebook.types import Type
from scoring.rulebook.wording import remedy

_OTHERWISE: Final = (
    "请更正该值或该列的类型;文字形式的数字请加引号。",
    "Correct the value or the column's type; put digits that are meant as text in quotes.",
)


def written_findings(document: doc.Document) -> Iterator[Diagnostic]:
    """Yield every cell of a table, and every setting's value, that is not what its type says.

    >>> from scoring.example import league
    >>> list(written_findings(league("{over: game, count: rows}").document))
    []
    """
    for setting in document.settings.values():
        if setting.type.absent or setting.type.kind == "ref":
            yield diagnostic("SETTING_TYPE", setting.place, name=setting.name, got=str(setting.type))
        elif setting.value is not None and (wrong := _wrong(setting.value, setting.type)):
            words = {"name": setting.name, "value": setting.value, "want": setting.type}
            yield diagnostic("SETTING_WRONG", setting.place, **words, why_zh=wrong.zh, why_en=wrong.en)
    for table in document.tables.values():
        yield from _cells(document, table)


def _cells(document: doc.Document, table: doc.Constants) -> Iterator[Diagnostic]:
    """Yield the wrong cells of one table."""
    for key, cells in table.rows:
        for (column, kind), cell in zip(table.columns, cells, strict=False):
            wrong = _wrong(cell, kind) or _lost(document, cell, kind)
            if wrong is not None:
                place: Place = table.cell_places.get((key, column), table.place)
                words = {"table": table.name, "row": "/".join(key), "column": column, "value": _text(cell)}
                words |= {"want": str(kind), "why_zh": wrong.zh, "why_en": wrong.en}
                words["do_zh"], words["do"] = remedy(_text(cell), _OTHERWISE)
                yield diagnostic("CELL_WRONG", place, **words)


def _wrong(value: Any, kind: Type) -> WrongValue | None:
    """Return why a value does not fit a type."""
    try:
        converter(kind)(value)
    except WrongValue as wrong:
        return wrong
    return None


def _lost(document: doc.Document, value: Any, kind: Type) -> WrongValue | None:
    """Return why a reference leads nowhere; references to facts are known when these are."""
    target = document.tables.get(kind.table or "")
    if target is None or (str(value),) in {key for key, _ in target.rows}:
        return None
    return WrongValue(f"「{target.name}」没有这一行", f"`{target.name}` has no such row")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
