"""Rulebooks examined and compared at the terminal."""

import os
from collections.abc import Sequence
from typing import Any, NoReturn

import orjson
import typer

from api.console.edge import OUTPUT, tell_diagnostics, tell_words
from api.refusals import Refused
from api.rulebooks import Text, text_of
from schema.evidence import SOURCES
from scoring.diagnostics import Refused as ContentRefused
from scoring.differences import differences
from scoring.lint import Finding, examine, published, ranges_of
from scoring.plan import plan
from scoring.rulebook import read

COLLECTED = {name: ("id", *source.columns) for name, source in SOURCES.items()}
"""The facts this product can give a rulebook."""


def show_findings(rulebooks: Sequence[str], *, collected: bool, as_json: bool) -> bool:
    """Examine rulebooks and print what is found; tell whether anything blocks."""
    texts = [_text(name) for name in rulebooks]
    found = [(text, examine(text.source, text.name, COLLECTED if collected else None)) for text in texts]
    if as_json:
        every = [as_data(one) for _, findings in found for one in findings]
        OUTPUT.print(orjson.dumps(every, option=orjson.OPT_INDENT_2).decode(), markup=False)
    else:
        for text, findings in found:
            _show(text, findings)
    return any(one.blocks for _, findings in found for one in findings)


def _show(text: Text, findings: Sequence[Finding]) -> None:
    """Print the findings of one rulebook, the count of both kinds, and the ranges of its scores."""
    for one in findings:
        OUTPUT.print("\n".join(lines_of(one)), markup=False)
    blocking = sum(one.blocks for one in findings)
    if not blocking:
        for name, span in published(ranges_of(plan(read(text.source, text.name)))).items():
            OUTPUT.print(f"{name}: {span}", markup=False)
    counts = f"{blocking} 项不可采用,{len(findings) - blocking} 项提示"
    OUTPUT.print(f"{text.name}: {counts} / {blocking} block, {len(findings) - blocking} notes", markup=False)


def lines_of(one: Finding) -> list[str]:
    """The lines of one finding: head, both languages with their remedies, the example."""
    told = one.diagnostic
    lines = [f"{'BLOCK' if one.blocks else 'note'}  {one.code}  {one.place}"]
    lines += [f"  {told.zh}{told.remedy_zh}", f"  {told.en} {told.remedy_en}"]
    return [*lines, f"  例 e.g. {one.example}"] if one.example is not None and str(one.example) else lines


def as_data(one: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    told = one.diagnostic
    return {
        "code": one.code,
        "blocks": one.blocks,
        "file": one.place.file,
        "line": one.place.line,
        "column": one.place.column,
        "message": {"zh": told.zh, "en": told.en},
        "remedy": {"zh": told.remedy_zh, "en": told.remedy_en},
        "example": None if one.example is None else str(one.example),
    }


def show_differences(before: str, after: str) -> None:
    """Print every change from one rulebook to another, in both languages."""
    try:
        old, new = (read(text.source, text.name) for text in (_text(before), _text(after)))
    except ContentRefused as refused:
        tell_diagnostics(refused)
        raise typer.Exit(os.EX_DATAERR) from None
    changes = differences(old, new)
    for one in changes:
        OUTPUT.print(f"{one.zh}\n  {one.en}", markup=False)
    OUTPUT.print(f"共 {len(changes)} 处改动 / {len(changes)} changes", markup=False)


def _text(name: str) -> Text:
    """The text of a rulebook, by file or shipped name."""
    try:
        return text_of(name)
    except Refused as refused:
        _refuse(refused)


def _refuse(refused: Refused) -> NoReturn:
    for each in refused.refusals:
        tell_words(each.code, each.message, each.remedy)
    raise typer.Exit(refused.exit_status) from None
