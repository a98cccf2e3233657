"""Checks of what a run is given besides facts: its period, settings, earlier results and parts."""

from collections.abc import Mapping
from typing import Any

from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.evaluation import Run
from scoring.facts import WrongValue, converter
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.rulebook import document as doc


def period_of(plan: Plan, run: Run, found: list[Diagnostic]) -> Period | None:
    """Return the run's period when it is one of the rulebook's and the rulebook is in force when it is judged.

    That is its last day, or an earlier day on which the run is asked for.

    >>> from scoring.example import league
    >>> found = []
    >>> period_of(league("{over: game, count: rows}"), Run("2026Q1"), found), found[0].code
    (Period(year=2026, unit='quarter', index=1), 'PERIOD_WRONG')
    """
    rule, document = plan.document.period, plan.document
    want = rule.unit if rule.parts is None else f"{rule.unit} | {rule.parts}"
    nowhere = Place(document.name, 1, 1)
    try:
        period = Period.parse(run.period)
    except ValueError:
        found.append(diagnostic("PERIOD_WRONG", nowhere, period=run.period, want=want))
        return None
    if period.unit not in (rule.unit, rule.parts):
        found.append(diagnostic("PERIOD_WRONG", nowhere, period=period.label, want=want))
    day = period.last if run.as_of is None else min(period.last, run.as_of)
    if day < document.start or (document.until is not None and day > document.until):
        words = {"rulebook": document.name, "version": document.version, "day": day.isoformat()}
        found.append(diagnostic("NO_RULEBOOK", nowhere, **words))
    return period


def settings_of(document: doc.Document, given: Mapping[str, Any], found: list[Diagnostic]) -> dict[str, Any]:
    """Return every setting typed: as entered, else as the rulebook has it.

    >>> from scoring.example import league
    >>> found = []
    >>> settings_of(league("{over: game, count: rows}").document, {"limit": 3}, found), found[0].code
    ({}, 'SETTING_UNKNOWN')
    """
    place = Place(document.name, 1, 1)
    for name in given:
        if name not in document.settings:
            known = ", ".join(document.settings)
            found.append(diagnostic("SETTING_UNKNOWN", place, name=name, known=known))
    out = {}
    for setting in document.settings.values():
        value = given.get(setting.name, setting.value)
        if value is None:
            found.append(diagnostic("SETTING_MISSING", setting.place, name=setting.name))
            continue
        try:
            out[setting.name] = converter(setting.type)(value)
        except WrongValue as wrong:
            words = {"name": setting.name, "value": value, "want": setting.type, "why_zh": wrong.zh, "why_en": wrong.en}
            found.append(diagnostic("SETTING_WRONG", setting.place, **words))
    return out


def history_of(plan: Plan, run: Run, period: Period | None, found: list[Diagnostic]) -> dict[Period, PastResult]:
    """Return the earlier results by period; each must be earlier, of the same unit and rulebook, and come once.

    >>> from scoring.example import league, season
    >>> made, before = league("{over: game, count: rows}"), season("{over: game, count: rows}").remembered()
    >>> found = []
    >>> list(history_of(made, Run("2025", history=[before]), Period.parse("2025"), found)), found[0].code
    ([Period(year=2026, unit='year', index=1)], 'HISTORY_WRONG')
    """
    out: dict[Period, PastResult] = {}
    for past in run.history:
        why = None
        if period is not None and (past.period.unit != period.unit or past.period.first >= period.first):
            why = ("不是更早的同类期间", "it is no earlier period of the same unit")
        elif past.rulebook != plan.document.name:
            why = ("属于另一部规则", "it comes from another rulebook")
        elif past.period in out:
            why = ("同一期间给出两次", "the same period is given twice")
        if why is not None:
            words = {"period": past.period.label, "why_zh": why[0], "why_en": why[1]}
            found.append(diagnostic("HISTORY_WRONG", Place(plan.document.name, 1, 1), **words))
        out[past.period] = past
    return out


def part_findings(plan: Plan, run: Run, period: Period) -> list[Diagnostic]:
    """Return what is wrong with the parts given: each must lie in the period, come from the rulebook, and come once.

    >>> from scoring.example import league, season
    >>> part = season("{over: game, count: rows}")
    >>> [one.code for one in part_findings(part.plan, Run("2026", parts=[part]), Period.parse("2026"))]
    ['PART_WRONG']
    """
    unit = plan.document.period.parts
    found, seen = [], set()
    for part in run.parts or ():
        why = None
        rulebook = part.rulebook if isinstance(part, PastResult) else part.plan.document.name
        if part.period.unit != unit or not period.covers(part.period):
            why = ("不在本期间内", "it lies outside the period")
        elif rulebook != plan.document.name:
            why = ("属于另一部规则", "it comes from another rulebook")
        elif part.period in seen:
            why = ("同一期给出两次", "it is given twice")
        seen.add(part.period)
        if why is not None:
            words = {"period": part.period.label, "why_zh": why[0], "why_en": why[1]}
            found.append(diagnostic("PART_WRONG", Place(plan.document.name, 1, 1), **words))
    return found
