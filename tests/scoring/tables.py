"""Reads the facts of hand-worked cases: columns of words into rows the engine takes."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CASES = Path(__file__).resolve().parents[1] / "cases"


def words(node: Any) -> Any:
    """Turn a YAML tree into plain lists, maps and words; nothing is taken for a number or a date."""
    if isinstance(node, dict):
        return {str(key): words(value) for key, value in node.items()}
    if isinstance(node, list):
        return [words(item) for item in node]
    return str(node)


def load(name: str) -> Any:
    """Return a case file as words."""
    reader = YAML(typ="base", pure=True)
    return words(reader.load((CASES / name).read_text(encoding="utf-8")))


def rows(columns: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the rows of a table written as columns; `none` is no value, `true` and `false` are truths."""
    known = {"none": None, "true": True, "false": False}
    lengths = {len(column) for column in columns.values()}
    assert len(lengths) == 1, f"columns of different length: {columns}"
    return [
        {name: known.get(column[at], column[at]) for name, column in columns.items()} for at in range(lengths.pop())
    ]
