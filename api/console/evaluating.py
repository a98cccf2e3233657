"""A rulebook on plain files, without a database: facts in, one row per subject out, and where a result comes from."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from api.console.edge import ERRORS, OUTPUT, tell_diagnostics, tell_words
from api.facts.answers import answers, as_csv, runs
from api.facts.folder import read_folder
from api.facts.history import read_history
from api.facts.sentences import wrong
from api.refusals import Refused
from api.rulebooks import text_of
from scoring.diagnostics import Diagnostic, FactsRefused, Place
from scoring.diagnostics import Refused as ContentRefused
from scoring.evaluate import Evaluation, Run, evaluate
from scoring.explain import PLACES, Line, explain, why
from scoring.periods import Period
from scoring.plan import Plan, plan
from scoring.rulebook import document as doc
from scoring.rulebook import read
from scoring.values import NonValue, Value, shown

SUBJECTS_SHOWN = 5
"""Subjects named when the one asked for is none."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one evaluation is asked for: a rulebook (file or shipped name), a folder of facts, and what goes along."""

    rulebook: str
    facts: Path
    period: str | None = None
    as_of: date | None = None
    history: tuple[Path, ...] = ()
    settings: tuple[str, ...] = ()


def evaluated(order: Order) -> Evaluation:
    """Evaluate; raises Refused for no rulebook, and the engine's refusals with every finding in files and settings."""
    text = text_of(order.rulebook)
    return judged(plan(read(text.source, text.name)), order)


def judged(made: Plan, order: Order) -> Evaluation:
    """Evaluate by a checked rulebook; raises FactsRefused with every finding in files and settings."""
    found: list[Diagnostic] = []
    settings = _settings(made.document, order.settings, found)
    period = order.period or _period_of(made.document, order.as_of, found)
    if found:
        raise FactsRefused(found)
    facts = read_folder(made, order.facts)
    history = read_history(made, order.history)
    return evaluate(made, facts, Run(period, history=history, settings=settings, as_of=order.as_of))


def _settings(document: doc.Document, given: Sequence[str], found: list[Diagnostic]) -> dict[str, str | bool]:
    """Read NAME=VALUE; `true` and `false` are truths where the setting is one."""
    out: dict[str, str | bool] = {}
    for text in given:
        name, mark, value = text.partition("=")
        if not mark:
            found.append(wrong("SET_WRONG", Place("--set", 1, 1), text=text))
            continue
        declared = document.settings.get(name)
        truth = declared is not None and declared.type.kind == "bool"
        out[name] = {"true": True, "false": False}.get(value, value) if truth else value
    return out


def _period_of(document: doc.Document, as_of: date | None, found: list[Diagnostic]) -> str:
    """Return the period that holds the day asked for."""
    if as_of is None:
        found.append(wrong("PERIOD_NEEDED", Place("--period", 1, 1)))
        return ""
    return Period.of(as_of, document.period.unit).label


def run(order: Order, out: Path, subject: str | None) -> None:
    """Evaluate, write the results, say how many there are, and explain one subject if asked."""
    try:
        evaluation = evaluated(order)
        told = [] if subject is None else list(explanation(evaluation, subject))
    except ContentRefused as refused:
        tell_diagnostics(refused)
        _refuse()
    except Refused as refused:
        for each in refused.refusals:
            tell_words(f"[bold red]{each.code}[/]", each.message, each.remedy)
        _refuse()
    rows = answers(evaluation)
    out.write_text(as_csv(rows), encoding="utf-8")
    for line in told:
        OUTPUT.print(line, markup=False)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    words = ", ".join(f"{status} {count}" for status, count in counts.items())
    document = evaluation.plan.document
    OUTPUT.print(f"{document.name} {document.version} {evaluation.period.label}: {words or '–'}", markup=False)
    OUTPUT.print(f"已写入 {out} / written; {evaluation.result_hash}", markup=False)


def _refuse() -> NoReturn:
    ERRORS.print("什么都没有写入。 Nothing was written.")
    raise typer.Exit(os.EX_DATAERR)


def explanation(evaluation: Evaluation, subject: str) -> Iterator[str]:
    """Yield the lines that tell where a subject's result comes from: its points, then every choice made about it.

    Raises FactsRefused for a name that is no subject of the results.
    """
    found = [
        (run, grain, key)
        for run in runs(evaluation)
        for grain in run.grains()
        for key in run.rows(grain)
        if "|".join(key) == subject
    ]
    if not found:
        known = ["|".join(key) for grain in evaluation.grains() for key in evaluation.rows(grain)][:SUBJECTS_SHOWN]
        words = {"subject": subject, "known": ", ".join(known)}
        raise FactsRefused([wrong("SUBJECT_UNKNOWN", Place("--explain", 1, 1), **words)])
    for run, grain, key in found:
        outcome = run.plan.document.results[grain]
        yield f"{grain} {subject} {run.period.label}"
        if outcome.score is not None and outcome.score in run.plan.document.measures.get(grain, {}):
            yield from _points(explain(run, grain, key))
        for name in dict.fromkeys([outcome.grade, *outcome.lists, outcome.recommendation]):
            if name is not None and name in run.plan.document.measures.get(grain, {}):
                yield from _choice(run, (grain, key, name))


def _points(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the tree of points, one line each, children indented."""
    depth: dict[str, int] = {}
    for line in lines:
        level = depth.get(line.parent or "", -1) + 1
        depth[line.path] = level
        told = f"{line.none.kind}({', '.join(line.none.reasons)})" if line.none is not None else _points_of(line.points)
        clause = f"  [{line.clause}]" if line.clause else ""
        yield f"  {'  ' * level}{told}  {line.label[0]} / {line.label[1]}  {line.formula or ''}{clause}".rstrip()


def _points_of(millionths: int) -> str:
    whole, rest = divmod(abs(millionths), 10**PLACES)
    text = f"{whole}.{rest:0{PLACES}d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text


def _choice(run: Evaluation, measure: tuple[str, tuple[str, ...], str]) -> Iterator[str]:
    """Yield why a choice came out as it did."""
    grain, key, name = measure
    yield f"  {name} = {_shown(run.measure(grain, key, name))}"
    for each in why(run, grain, key, name):
        mark = {True: "✓", False: "✗", None: "·"}[each.holds]
        figures = each.figures or each.condition or "else"
        gives = "" if each.gives is None else f" → {_shown(each.gives)}"
        yield f"    {mark} {figures}{gives}" + (f"  [{each.clause}]" if each.clause else "")


def _shown(value: Value) -> str:
    return f"{value.kind}({', '.join(value.reasons)})" if isinstance(value, NonValue) else shown(value)
