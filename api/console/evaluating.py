"""A rulebook on plain files, without a database: facts in, one row per subject out, and where a result comes from."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from api.console.edge import ERRORS, OUTPUT, tell_diagnostics, tell_words
from api.console.evaluators import Evaluator, evaluator_of
from api.console.telling import Subject, Teller, errors_told
from api.facts.answers import answers, as_csv, runs
from api.facts.folder import read_folder
from api.facts.history import read_history
from api.facts.sentences import wrong
from api.refusals import Refused
from api.rulebooks import text_of
from scoring.diagnostics import Diagnostic, FactsRefused, Place
from scoring.diagnostics import Refused as ContentRefused
from scoring.evaluation import Evaluation, Run
from scoring.inputs import unseen
from scoring.periods import Period
from scoring.plan import Plan, plan
from scoring.rulebook import document as doc
from scoring.rulebook import read
from scoring.subjects import joined

T = TypeVar("T")
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
    evaluator: Evaluator = Evaluator.REFERENCE


def evaluated(order: Order) -> Evaluation:
    """Evaluate; raises Refused for no rulebook, and the engine's refusals with every finding in files and settings."""
    text = text_of(order.rulebook)
    return judged(plan(read(text.source, text.name)), order)


def judged(made: Plan, order: Order) -> Evaluation:
    """Evaluate by a checked rulebook; raises FactsRefused with every finding in files and settings."""
    found: list[Diagnostic] = []
    settings = _settings(made.document, order.settings, found)
    period = order.period or _period_of(made.document, order.as_of, found)
    facts = _told(lambda: read_folder(made, order.facts), found)
    history = _told(lambda: read_history(made, order.history), found)
    if found or facts is None or history is None:
        raise FactsRefused(found)
    run = Run(period, history=history, settings=settings, as_of=order.as_of)
    return evaluator_of(order.evaluator)(made, facts, run)


def _told(read: Callable[[], T], found: list[Diagnostic]) -> T | None:
    """Read files; what is wrong with them is added to what was found before."""
    try:
        return read()
    except FactsRefused as refused:
        found.extend(refused.diagnostics)
        return None


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
        _writable(order, out)
        evaluation = evaluated(order)
        told = [] if subject is None else list(explanation(evaluation, subject))
    except ContentRefused as refused:
        tell_diagnostics(refused)
        _refuse()
    except Refused as refused:
        for each in refused.refusals:
            tell_words(each.code, each.message, each.remedy)
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
    for line in errors_told(rows):
        OUTPUT.print(line, markup=False)
    if unread := _unread(evaluation):
        OUTPUT.print(f"没有给出往期结果 / without the earlier results of {', '.join(unread)}", markup=False)
    OUTPUT.print(f"已写入 {out} / written; {evaluation.result_hash}", markup=False)


def _writable(order: Order, out: Path) -> None:
    """Refuse an output that has no folder, or that would replace what this evaluation reads."""
    place = Place("--out", 1, 1)
    if not out.absolute().parent.is_dir():
        raise FactsRefused([wrong("OUT_WITHOUT_FOLDER", place, folder=out.absolute().parent)])
    read = [Path(order.rulebook), *order.history, *(order.facts.iterdir() if order.facts.is_dir() else ())]
    if out.exists() and any(each.exists() and out.samefile(each) for each in read):
        raise FactsRefused([wrong("OUT_IS_INPUT", place, file=out.name)])


def _unread(evaluation: Evaluation) -> list[str]:
    """Return the earlier periods looked back on that were not given: the last one, or gaps among those given."""
    found = list[Period]()
    for each in runs(evaluation):
        missing = unseen(each.plan, each.period, each.past)
        oldest = min(each.past, default=missing[-1] if missing else each.period)
        found += [period for period in missing if period.first >= oldest.first]
    return [period.label for period in sorted(set(found), key=lambda period: (period.first, period.last))]


def _refuse() -> NoReturn:
    ERRORS.print("什么都没有写入。 Nothing was written.")
    raise typer.Exit(os.EX_DATAERR)


def explanation(evaluation: Evaluation, subject: str) -> Iterator[str]:
    """Yield the lines that tell where a subject's result comes from: its points, then every choice made about it.

    Raises FactsRefused for a name that is no subject of the results.
    """
    found = [
        Subject(run, grain, key, tuple(runs(evaluation)))
        for run in runs(evaluation)
        for grain in run.grains()
        for key in run.rows(grain)
        if joined(key) == subject
    ]
    if not found:
        known = [joined(key) for grain in evaluation.grains() for key in evaluation.rows(grain)][:SUBJECTS_SHOWN]
        words = {"subject": subject, "known": ", ".join(known)}
        raise FactsRefused([wrong("SUBJECT_UNKNOWN", Place("--explain", 1, 1), **words)])
    for each in found:
        yield from Teller(each).lines()
