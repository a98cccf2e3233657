"""From raw cells to values: one converter per column, made once per reading and asked once per distinct content.

A converter returns the value, or a `Flaw` that carries the value if the cell could be read after all. Columns repeat
themselves (a year has 365 days, a checklist 40 items), and most text is tidy already, so a column is looked at as a
whole first and cell by cell only where something is out of the ordinary.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from api.workbook.cells import Cell, Fault, Formula, is_blank, plain, squeeze
from api.workbook.columns import Choice, Column, Day, Integer, Need, Number, Period, Text, Value
from api.workbook.dates import EPOCH_1900, day_of_serial, day_of_text, within_span
from api.workbook.diagnostics import Action
from api.workbook.flaws import Flaw, accept, reject, warn
from api.workbook.numbers import number_converter
from api.workbook.periods import in_workbook, label_of
from api.workbook.texts import is_tidy, shaping, text_converter

Outcome = Value | Flaw
Converter = Callable[[Cell], Outcome]


def _choice_converter(kind: Choice) -> Converter:
    known = {squeeze(label): (label, value) for label, value in kind.labels.items()}
    allowed = "、".join(kind.labels), ", ".join(kind.labels)

    def convert(cell: Cell) -> Outcome:
        found = known.get(squeeze(cell)) if isinstance(cell, str) else None
        if found is None or not isinstance(cell, str):
            return reject("unknown_enum", *allowed)
        label, value = found
        shaped = shaping(cell, label)
        return accept(shaped, value, label) if shaped else value

    return convert


def _day_converter(epoch: date) -> Converter:
    def convert(cell: Cell) -> Outcome:
        found: date | str = "not_a_date"
        cause = ""
        match cell:
            case datetime():
                found = within_span(cell.date())
            case date():
                found = within_span(cell)
            case str():
                found, cause = day_of_text(plain(cell), epoch), "date_as_text"
            case float() | int() if not isinstance(cell, bool):
                found, cause = day_of_serial(cell, epoch), "date_as_serial"
        if isinstance(found, str):
            return reject(found)
        return accept(cause, found, found.isoformat()) if cause else found

    return convert


def _period_converter(kind: Period) -> Converter:
    half = kind.unit == "H"
    wanted_zh = "半年(例如 2026H1)" if half else "季度(例如 2026Q3)"
    wanted_en = "a half-year (e.g. 2026H1)" if half else "a quarter (e.g. 2026Q3)"

    def convert(cell: Cell) -> Outcome:
        label = label_of(plain(cell), kind.unit) if isinstance(cell, str) else None
        if label is None or not isinstance(cell, str):
            return reject("invalid_period", wanted_zh, wanted_en)
        shaped = shaping(cell, plain(cell))
        return accept(shaped, label, in_workbook(label)) if shaped else label

    return convert


def _content_converter(column: Column, epoch: date) -> Converter:
    match column.type:
        case Text() as kind:
            return text_converter(kind)
        case Integer() | Number() as kind:
            return number_converter(kind)
        case Day():
            return _day_converter(epoch)
        case Choice() as kind:
            return _choice_converter(kind)
        case Period() as kind:
            return _period_converter(kind)


def _blank(need: Need) -> Flaw | None:
    if need is Need.REQUIRED:
        return reject("missing_required")
    return warn("missing_optional", None, "") if need is Need.EXPECTED else None


def converter(column: Column, epoch: date = EPOCH_1900) -> Converter:
    """Make the converter of a column; `epoch` is day 0 of the file's date system.

    A cell that cannot be read takes its row out, except in a column where empty means not known: there it is reported
    and imported as not known. Where empty says something (a day of leaving), reading it as empty would be a guess.

    >>> from api.workbook.sheets import BY_NOUN
    >>> converter(BY_NOUN["finding"].by_field["place"])("室外")
    'OUTDOOR'
    """
    content, blank = _content_converter(column, epoch), _blank(column.need)

    def convert(cell: Cell) -> Outcome:
        if is_blank(cell):
            return blank
        if isinstance(cell, Formula):
            outcome: Outcome = reject("formula_no_cached_value")
        else:
            outcome = reject("error_value") if isinstance(cell, Fault) else content(cell)
        if column.need is Need.EXPECTED and isinstance(outcome, Flaw) and outcome.rejects:
            return replace(outcome, action=Action.WARN)
        return outcome

    return convert


def convert_column(
    column: Column, cells: Sequence[Cell], epoch: date = EPOCH_1900
) -> tuple[list[Value], list[tuple[int, Flaw]]]:
    """Convert all cells of a column: their values in order, and the flaws with the index of their cell."""
    if isinstance(column.type, Text) and cells and is_tidy(column.type, cells):
        tidy: list[Value] = [cell or None for cell in cells]  # type: ignore[misc]  # all texts
        blank = _blank(column.need) if "" in cells else None
        return tidy, [(index, blank) for index, cell in enumerate(cells) if not cell] if blank else []
    memo: dict[Cell, Outcome]
    convert = converter(column, epoch)
    if bool in set(map(type, cells)):  # True and 1.0 are one key of a dictionary, but not one content
        outcomes = [convert(cell) for cell in cells]
    else:
        memo = dict.fromkeys(cells)
        for cell in memo:
            memo[cell] = convert(cell)
        outcomes = list(map(memo.__getitem__, cells))
        if Flaw not in set(map(type, memo.values())):
            return outcomes, []  # type: ignore[return-value]  # no flaw among them
    flaws = [(index, outcome) for index, outcome in enumerate(outcomes) if isinstance(outcome, Flaw)]
    for index, flaw in flaws:
        outcomes[index] = flaw.value
    return outcomes, flaws  # type: ignore[return-value]  # flaws have become their values


def shown(column: Column, value: Value) -> str:
    """Write a value the way the workbook does: periods without hyphen, everything else as it is."""
    return in_workbook(str(value)) if isinstance(column.type, Period) else str(value)
