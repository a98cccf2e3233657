"""Checks of what a run is given besides facts: its period, settings, earlier results and parts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scoring.diagnostics import Diagnostic, Place, diagnostic
from scoring.evaluation import Evaluation, Run
from scoring.facts import WrongValue, converter
from scoring.past import PastResult
from scoring.periods import Period, add_days
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
    if run.as_of is not None and run.as_of < period.first:
        words = {"period": period.label, "day": run.as_of.isoformat(), "first": period.first.isoformat()}
        found.append(diagnostic("AS_OF_EARLY", nowhere, **words))
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
    """Return the earlier results by period; each must be earlier, of the rulebook and its units, and come once.

    Of a run of the whole only earlier wholes are returned, of a part only earlier parts: `part_history` hands the
    earlier parts on to the parts a run computes itself.

    >>> from scoring.example import league, season
    >>> made, before = league("{over: game, count: rows}"), season("{over: game, count: rows}").remembered()
    >>> found = []
    >>> list(history_of(made, Run("2025", history=[before]), Period.parse("2025"), found)), found[0].code
    ([Period(year=2026, unit='year', index=1)], 'HISTORY_WRONG')
    """
    out: dict[Period, PastResult] = {}
    for past in run.history:
        why = None if period is None else misfit(plan, period, past)
        if why is None and past.period in out:
            why = ("同一期间给出两次", "the same period is given twice")
        if why is not None:
            words = {"period": past.period.label, "why_zh": why[0], "why_en": why[1]}
            found.append(diagnostic("HISTORY_WRONG", past.place or Place(plan.document.name, 1, 1), **words))
        out[past.period] = past
    if period is None:
        return out
    mine = {each: past for each, past in out.items() if each.unit == period.unit}
    if plan.document.period.history is not None:
        missing = unseen(plan, period, mine)
        if missing:
            words = {"period": period.label, "missing": ", ".join(each.label for each in missing)}
            found.append(diagnostic("HISTORY_MISSING", Place(plan.document.name, 1, 1), **words))
    return mine


def misfit(plan: Plan, period: Period, past: PastResult) -> tuple[str, str] | None:
    """Return why an earlier result does not belong to a run of a period, in both languages.

    >>> from scoring.example import season
    >>> made = season("{over: game, count: rows}")
    >>> misfit(made.plan, Period.parse("2027"), made.remembered()), misfit(made.plan, made.period, made.remembered())[1]
    (None, 'it is no earlier period of the same unit')
    """
    rule = plan.document.period
    if past.period.unit not in (rule.unit, rule.parts) or past.period.last >= period.first:
        return "不是更早的同类期间", "it is no earlier period of the same unit"
    if past.rulebook != plan.document.name:
        return "属于另一部规则", "it comes from another rulebook"
    return None


def unseen(plan: Plan, period: Period, past: Mapping[Period, PastResult]) -> list[Period]:
    """Return the earlier periods a run looks back on and is not given, oldest first; none from before the regime.

    >>> from scoring.example import season
    >>> made = season("{window: {of: games, last: 3, take: sum}}")
    >>> [one.label for one in unseen(made.plan, Period.parse("2028"), {})]
    ['2026', '2027']
    """
    rule, found = plan.document.period, list[Period]()
    first = date.min if rule.history is None else rule.history.first
    for step in range(1, plan.reach(period) + 1):
        then = period.before(step)
        if then is None or then.first < first:
            break
        if then not in past:
            found.append(then)
    return found[::-1]


def part_days(plan: Plan, period: Period, as_of: date) -> tuple[tuple[Period, date], ...]:
    """Return the parts of a period that have begun on the day it is evaluated, each with its own day of evaluation.

    What is judged on a day inside the period knows no later part, and judges none later than on that day.

    >>> from scoring.example import league
    >>> made = league("{over: game, count: rows}")
    >>> part_days(made, Period.parse("2026"), date(2026, 5, 15))
    ()
    """
    unit, after = plan.document.period.parts, plan.document.period.evaluate_after
    begun = [part for part in period.split(unit) if part.first <= as_of] if unit is not None else []
    return tuple((part, min(as_of, add_days(part.last, after))) for part in begun)


def part_history(plan: Plan, given: Sequence[PastResult], done: Sequence[Evaluation]) -> tuple[PastResult, ...]:
    """Return what the next part of a period looks back on: earlier parts as given, and those just computed.

    >>> from scoring.example import season
    >>> made = season("{over: game, count: rows}")
    >>> part_history(made.plan, (), [made])
    ()
    """
    if not plan.remembers_parts:
        return ()
    unit = plan.document.period.parts
    return (*(past for past in given if past.period.unit == unit), *(part.remembered() for part in done))


def part_findings(plan: Plan, run: Run, period: Period) -> list[Diagnostic]:
    """Return what is wrong with the parts given: each must lie in the period, come from the rulebook, and come once.

    None may begin after the day the run is evaluated.

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
        elif run.as_of is not None and part.period.first > run.as_of:
            why = ("在考评日之后才开始", "it begins after the day of evaluation")
        elif part.period in seen:
            why = ("同一期给出两次", "it is given twice")
        seen.add(part.period)
        if why is not None:
            words = {"period": part.period.label, "why_zh": why[0], "why_en": why[1]}
            found.append(diagnostic("PART_WRONG", Place(plan.document.name, 1, 1), **words))
    return found
