"""Earlier results read back from the files earlier runs wrote (or a clerk typed): what later periods look back on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

from api.facts.csv_text import read_csv
from api.facts.sentences import wrong
from api.facts.sheet import Sheet, source_of
from scoring.diagnostics import Diagnostic, FactsRefused, Place
from scoring.facts import WrongValue, converter
from scoring.hashing import digest
from scoring.past import PastResult
from scoring.periods import Period
from scoring.plan import Plan
from scoring.rulebook.types import Type
from scoring.subjects import parted
from scoring.typed import public, typed
from scoring.values import KINDS, NonValue, Value, encode

_ABSENCE: Final = re.compile(rf"({'|'.join(KINDS)})\(((?:[A-Z][A-Z0-9_]*(?:;[A-Z][A-Z0-9_]*)*)?)\)")
_QUOTIENT: Final = re.compile(r"-?[0-9]+/[1-9][0-9]*")
_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NEEDED: Final = ("grain", "subject", "period")

Rows = dict[str, dict[tuple[str, ...], dict[str, Value]]]


@dataclass(frozen=True, slots=True)
class Told:
    """The rulebook that gave the results of a period, and where that period first stands."""

    rulebook: str
    place: Place


def read_history(plan: Plan, files: Iterable[Path]) -> tuple[PastResult, ...]:
    """Return the results of earlier periods found in result files, one per period, oldest first.

    Only what the rulebook remembers is read. Raises FactsRefused with everything wrong, by file, line and column.
    """
    found: list[Diagnostic] = []
    periods: dict[Period, Rows] = {}
    owner: dict[Period, Told] = {}
    for path in files:
        source = source_of(path, found)
        if source is None:
            continue
        sheet = read_csv(source)
        found.extend(sheet.found or _missing(plan, sheet))
        if not sheet.found:
            _take(plan, sheet, periods, owner, found)
    if found:
        raise FactsRefused(found)
    return tuple(_past(plan, period, periods[period], owner[period]) for period in sorted(periods))


def _past(plan: Plan, period: Period, rows: Rows, told: "Told") -> PastResult:
    plain = {
        grain: [[list(key), {one: encode(value) for one, value in values.items()}] for key, values in many.items()]
        for grain, many in rows.items()
    }
    return PastResult(period, told.rulebook, plan.rulebook.hash, digest(plain), rows, told.place)


def _remembered(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {grain: outcome.remember for grain, outcome in plan.document.results.items() if outcome.remember}


def _missing(plan: Plan, sheet: Sheet) -> list[Diagnostic]:
    """Return the columns that are needed and not there."""
    wanted = [*_NEEDED, *(f"{grain}.{name}" for grain, names in _remembered(plan).items() for name in names)]
    place = sheet.source.place(0)
    return [wrong("HISTORY_COLUMN", place, column=name) for name in wanted if name not in sheet.header]


def _take(
    plan: Plan, sheet: Sheet, periods: dict[Period, Rows], owner: "dict[Period, Told]", found: list[Diagnostic]
) -> None:
    """Add the rows of one file."""
    remembered = _remembered(plan)
    for number, row in enumerate(sheet.rows):
        cells = {name: str(value) for name, value in row.items()}
        if not all(name in cells for name in _NEEDED):
            continue
        grain = cells["grain"]
        names = remembered.get(grain)
        if names is None:
            if grain not in plan.document.results:
                known = ", ".join(plan.document.results)
                found.append(wrong("HISTORY_GRAIN", sheet.place(number, "grain"), grain=grain, known=known))
            continue
        try:
            period = Period.parse(cells["period"])
        except ValueError:
            words = {"column": "period", "value": cells["period"], "want": plan.document.period.unit}
            found.append(wrong("HISTORY_VALUE", sheet.place(number, "period"), **words))
            continue
        key = _subject(plan, grain, period, cells["subject"])
        if isinstance(key, Unfit):
            found.append(wrong(key.code, sheet.place(number, "subject"), **key.words))
            continue
        values: dict[str, Value] = {}
        for name in names:
            kind = plan.type_of(grain, name)
            value = read_value(cells.get(f"{grain}.{name}", ""), kind)
            if value is None:
                words = {"column": f"{grain}.{name}", "value": cells.get(f"{grain}.{name}", ""), "want": str(kind)}
                found.append(wrong("HISTORY_VALUE", sheet.place(number, f"{grain}.{name}"), **words))
            else:
                values[name] = value
        rows = periods.setdefault(period, {}).setdefault(grain, {})
        if key in rows:
            words = {"subject": cells["subject"], "period": period.label, "grain": grain}
            found.append(wrong("HISTORY_TWICE", sheet.place(number, "subject"), **words))
        rows[key] = values
        told = Told(cells.get("rulebook") or plan.document.name, sheet.place(number, "period"))
        owner.setdefault(period, told)


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a subject is none of its grain and period."""

    code: str
    words: dict[str, str]


def _subject(plan: Plan, grain: str, period: Period, text: str) -> tuple[str, ...] | Unfit:
    """Return the keys a subject names, or why it cannot be read by any later run."""
    space = plan.scope.spaces[grain]
    key = parted(text, len(space.keys))
    if key is None:
        return Unfit("HISTORY_SUBJECT", {"value": text, "want": "|".join(space.keys), "grain": grain})
    at = [at for at, kind in enumerate(space.key_types) if kind.unit_of_time == plan.document.period.parts]
    for word in (key[place] for place in at if grain in plan.part_grains and period.unit == plan.document.period.parts):
        if word != period.label:
            return Unfit("HISTORY_PERIOD", {"subject": text, "period": period.label, "key": word})
    return key


def read_value(text: str, kind: Type) -> Value | None:
    """Return the value a result file holds, None where it does not fit the type.

    >>> read_value("95.80", Type("number", places=2)), read_value("1/3", Type("number"))
    (Decimal('95.80'), Fraction(1, 3))
    >>> read_value("NO_RESULT(FEW_DAYS)", Type("bool")), read_value("maybe", Type("bool"))
    (NonValue(kind='NO_RESULT', reasons=('FEW_DAYS',)), None)
    """
    if found := _ABSENCE.fullmatch(text):
        return NonValue(found[1], tuple(found[2].split(";")) if found[2] else ())
    if kind.kind == "number":
        return _number(text, kind)
    if kind.kind == "bool":
        return {"true": True, "false": False}.get(text)
    if kind.kind in ("codes", "values"):
        return tuple(text.split(";")) if text else ()
    try:
        value: str | date | Period = converter(kind.present())(text)
    except WrongValue:
        return None
    return value


def _number(text: str, kind: Type) -> Value | None:
    """Return a number that fits the type's places."""
    if not (_DECIMAL.fullmatch(text) or (kind.places is None and _QUOTIENT.fullmatch(text))):
        return None
    value: Value = Fraction(text) if kind.places is None else Decimal(text)
    try:
        return public(typed(value, kind), kind)
    except ValueError:
        return None
