"""What must hold inside a row and between a row and those it refers to."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from api.workbook.catalogue import KEPT, UNKNOWN
from api.workbook.cells import number_text
from api.workbook.columns import Column
from api.workbook.draft import Draft
from api.workbook.flaws import Flaw, accept, reject, warn
from api.workbook.overlaps import check_overlaps
from api.workbook.positions import check_positions
from api.workbook.registry import Registry


def check_rows(draft: Draft, registry: Registry) -> None:
    """Check the rows of a sheet; everything they may refer to is in the registry already."""
    for start, end in draft.sheet.spans:
        _check_span(draft, draft.sheet.by_field[start], draft.sheet.by_field[end])
    for column in draft.sheet.shown:
        if column.refers and draft.has(column.field) and column.refers not in registry.refused:
            _check_references(draft, column, registry)
    if special := SPECIAL.get(draft.sheet.noun):
        special(draft, registry)


def _check_span(draft: Draft, start: Column, end: Column) -> None:
    for row, (first, last) in enumerate(zip(draft.values[start.field], draft.values[end.field], strict=True)):
        if last is not None and first is not None and last < first:  # type: ignore[operator]  # spans are of two dates
            seen = f"「{start.header}」{first}", f"{start.header} ({start.english}) {first}"
            draft.flag(row, end.field, reject("end_before_start", *seen))


def _check_references(draft: Draft, column: Column, registry: Registry) -> None:
    """Look up a column; where rows refer to rows of their own sheet, one that goes may take others along."""
    assert column.refers is not None, "only columns that refer are looked up"
    if column.refers != draft.sheet.noun:
        _look_up(draft, column, registry.of(column.refers), registry)
        return
    before = -1
    while before < len(draft.rejected):
        before = len(draft.rejected)
        own = set(draft.accepted(draft.sheet.key[0])) | registry.of(column.refers)
        _look_up(draft, column, own, registry)


def _look_up(draft: Draft, column: Column, allowed: set[object], registry: Registry) -> None:
    values = draft.values[column.field]
    strange = set(values) - allowed - {None}
    if not strange:
        return
    for row, value in enumerate(values):
        if value in strange and _is_looked_up(draft, row, column):
            capital = str(value).upper()
            if capital in allowed:
                values[row] = capital
                draft.flag(row, column.field, accept("lower_case_code", capital, capital))
            else:
                draft.flag(row, column.field, _unknown(column, str(value), registry))


def _is_looked_up(draft: Draft, row: int, column: Column) -> bool:
    if column.refers_if is None:
        return True
    name, value = column.refers_if
    return draft.values[name][row] == value


def _unknown(column: Column, value: str, registry: Registry) -> Flaw:
    assert column.refers is not None, "only columns that refer are looked up"
    kind = UNKNOWN[column.refers][0]
    if column.refers in KEPT:
        return warn(kind, value, value)
    if value in registry.lost.get(column.refers, ()):
        return reject(kind, "(文件中有这一条,但它本身已被拒收)", " (the file has it, but that row was left out itself)")
    return reject(kind)


def _check_finding(draft: Draft, registry: Registry) -> None:
    """The compound is that of the inspection; points noted above the item's cap are reported."""
    inspections, compounds = draft.values["inspection_number"], draft.values["compound_code"]
    for row in _odd(inspections, compounds, lambda pair: registry.compounds.get(pair[0], pair[1]) != pair[1]):
        draft.flag(row, "compound_code", reject("compound_mismatch", str(registry.compounds[inspections[row]])))
    items, points = draft.values["item_code"], draft.values["recorded_points"]
    for row in _odd(items, points, lambda pair: _above(pair[1], registry.item_caps.get(pair[0]))):
        text, cap = (number_text(Decimal(str(each))) for each in (points[row], registry.item_caps[items[row]]))
        draft.flag(row, "recorded_points", warn("score_beyond_cap", points[row], text, cap))


def _above(points: object, cap: object) -> bool:
    return isinstance(points, Decimal) and isinstance(cap, Decimal) and points > cap


def _odd(left: Sequence[object], right: Sequence[object], is_odd: Callable[[tuple[object, object]], bool]) -> list[int]:
    """Rows whose pair is odd; each distinct pair is judged once."""
    odd = {pair for pair in set(zip(left, right, strict=True)) if None not in pair and is_odd(pair)}
    if not odd:
        return []
    return [row for row, pair in enumerate(zip(left, right, strict=True)) if pair in odd]


def _check_survey(draft: Draft, _registry: Registry) -> None:
    for row, (sample, responses) in enumerate(zip(draft.values["sample"], draft.values["responses"], strict=True)):
        if isinstance(sample, int) and isinstance(responses, int) and responses > sample:
            draft.flag(row, "responses", reject("valid_beyond_sample", str(sample)))


SPECIAL: Mapping[str, Callable[[Draft, Registry], None]] = {
    "compound": lambda draft, _registry: check_positions(draft),
    "engagement": check_overlaps,
    "finding": _check_finding,
    "survey_round": _check_survey,
}
