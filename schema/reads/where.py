"""Conditions as text: knowledge time, days, district, filters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from schema import scopes
from schema.kinds import Sql, day_start
from schema.moments import Moment
from schema.reads.statement import Statement, conjunction
from schema.shapes import (
    Absent,
    All,
    AnyOf,
    AtLeast,
    Before,
    Beginning,
    Condition,
    Containing,
    DuringCycle,
    Equal,
    Holds,
    InForce,
    Not,
    OfCaller,
    OfficialRun,
    OfParent,
    PartOfResult,
    Running,
    Source,
    Through,
    Value,
    Within,
    source_named,
)

Given = tuple[Condition, object]
"""A condition and what the caller gave for it."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where conditions are written: the statement, the moment, the row's name, the parent's key if there is one."""

    out: Statement
    at: Moment
    row: str = "t"
    parent: str = "k.key"

    def at_row(self, row: str) -> "Where":
        """The same place for another row."""
        return Where(self.out, self.at, row, self.parent)


def visible(source: Source, place: Where) -> list[str]:
    """The viewer may see the row."""
    return scopes.visible(source.table, place.row, place.at.viewer, place.out.parameter)


def columns(source: Source, names: Iterable[str], place: Where) -> str:
    """Columns of the row as the viewer may read them, each under its own name."""
    viewer, write = place.at.viewer, place.out.parameter
    return ", ".join(scopes.shown(source.table, name, place.row, viewer, write) for name in names)


def known(source: Source, place: Where) -> list[str]:
    """The viewer may see the row, and it is what was known at the moment."""
    terms = visible(source, place)
    if source.versioned and place.at.known_at is None:
        terms.append(f"{place.row}.superseded_at = 'infinity'")
    elif source.versioned:
        instant = place.out.parameter(place.at.known_at, "timestamptz")
        terms.append(f"{place.row}.recorded_at <= {instant} AND {place.row}.superseded_at > {instant}")
    return terms


def holds(source: Source, place: Where) -> list[str]:
    """The row holds on the day asked about."""
    if not source.dated:
        return []
    day = place.out.parameter(place.at.valid_on, "date")
    return [f"{place.row}.valid_from <= {day} AND {place.row}.valid_to > {day}"]


def conditions(some: Iterable[Condition], place: Where) -> list[str]:
    """Conditions that need nothing from the caller."""
    return [render(each, None, place) for each in some]


def filters(some: Iterable[Given], place: Where) -> list[str]:
    """Conditions with what the caller gave."""
    return [render(condition, value, place) for condition, value in some]


def render(condition: Condition, given: object, place: Where) -> str:
    """One condition as text that is true or false, never null for rows whose columns are not."""
    return RENDERERS[type(condition)](condition, given, place)


def _value(stated: object, given: object, place: Where) -> object:
    if stated is Value.GIVEN:
        return given
    return place.at.today if stated is Value.TODAY else stated


def _equal(condition: Equal, given: object, place: Where) -> str:
    value = _value(condition.value, given, place)
    return f"{place.row}.{condition.column.name} = {place.out.parameter(value, condition.column.sql.value)}"


def _any_of(condition: AnyOf, given: object, place: Where) -> str:
    values = _value(condition.values, given, place)
    assert isinstance(values, list | tuple), "a list condition has a list"
    one = place.out.parameter(list(values), f"{condition.columns[0].sql.value}[]")
    return _either(f"{place.row}.{column.name} = ANY({one})" for column in condition.columns)


def _before(condition: Before, given: object, place: Where) -> str:
    value = _value(condition.value, given, place)
    return f"{place.row}.{condition.column.name} < {place.out.parameter(value, condition.column.sql.value)}"


def _within(condition: Within, given: object, place: Where) -> str:
    assert isinstance(given, tuple), "a range has two days"
    column = f"{place.row}.{condition.column.name}"
    if condition.column.sql is Sql.INSTANT:
        begin, end = day_start(given[0]), day_start(given[1] + timedelta(days=1))
        first, after = (place.out.parameter(instant, "timestamptz") for instant in (begin, end))
        return f"coalesce({column} >= {first} AND {column} < {after}, false)"
    first, last = (place.out.parameter(day, "date") for day in given)
    return f"coalesce({column} BETWEEN {first} AND {last}, false)"


def _at_least(condition: AtLeast, given: object, place: Where) -> str:
    column = condition.column
    return f"coalesce({place.row}.{column.name} >= {place.out.parameter(given, column.sql.value)}, false)"


def _beginning(condition: Beginning, given: object, place: Where) -> str:
    assert isinstance(given, list | tuple), "a list condition has a list"
    column = f"{place.row}.{condition.column.name}"
    whole = [each for each in given if not each.endswith(".")]
    begun = [each for each in given if each.endswith(".")]
    texts = place.out.parameter(whole, "text[]")
    groups = [f"starts_with({column}, {place.out.parameter(each, 'text')})" for each in begun]
    return _either([f"{column} = ANY({texts})", *groups])


def _of_caller(condition: OfCaller, _given: object, place: Where) -> str:
    person = place.out.parameter(place.at.viewer.person_id, "uuid")
    return f"coalesce({place.row}.{condition.column.name} = {person}, false)"


def _of_parent(condition: OfParent, _given: object, place: Where) -> str:
    return f"{place.row}.{condition.column.name} = {place.parent}"


def _absent(condition: Absent, _given: object, place: Where) -> str:
    return f"{place.row}.{condition.column.name} IS NULL"


def _containing(condition: Containing, given: object, place: Where) -> str:
    escaped = str(given).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = place.out.parameter(f"%{escaped}%", "text")
    return _either(f"coalesce({place.row}.{column.name} ILIKE {pattern}, false)" for column in condition.columns)


def _all(condition: All, given: object, place: Where) -> str:
    return f"({' AND '.join(render(each, given, place) for each in condition.conditions)})"


def _not(condition: Not, given: object, place: Where) -> str:
    return f"NOT {render(condition.condition, given, place)}"


def _holds(condition: Holds, given: object, place: Where) -> str:
    text = render(condition.condition, given, place)
    return text if given else f"NOT {text}"


def _running(condition: Running, given: object, place: Where) -> str:
    return " AND ".join(holds(condition.source, place)) if given else "true"


def _in_force(condition: InForce, _given: object, place: Where) -> str:
    day = place.out.parameter(place.at.valid_on, "date")
    first, last = (f"{place.row}.{column.name}" for column in (condition.first, condition.last))
    text = f"{first} <= {day} AND coalesce({last} >= {day}, true)"
    if place.at.known_at is None:
        return text
    instant = place.out.parameter(place.at.known_at, "timestamptz")
    return f"{text} AND {place.row}.{condition.recorded_at.name} <= {instant}"


def _through(condition: Through, given: object, place: Where) -> str:
    other = place.at_row(place.out.alias())
    terms = [
        f"{other.row}.{condition.key.name} = {place.row}.{condition.local}",
        *known(condition.source, other),
        *([] if condition.whenever else holds(condition.source, other)),
        *(render(each, given, other) for each in condition.conditions),
    ]
    return f"EXISTS (SELECT 1 FROM {condition.source.table} {other.row} {conjunction(terms)})"


def _during_cycle(condition: DuringCycle, given: object, place: Where) -> str:
    cycle = place.at_row(place.out.alias())
    terms = [
        f"{cycle.row}.id = {place.out.parameter(given, 'uuid')}",
        *visible(source_named("cycle"), cycle),
        f"{place.row}.{condition.column.name} BETWEEN {cycle.row}.first_day AND {cycle.row}.last_day",
    ]
    return f"EXISTS (SELECT 1 FROM cycle {cycle.row} {conjunction(terms)})"


def official_runs(place: Where, of_cycle: str = "") -> str:
    """The newest official run of each cycle that the viewer may see."""
    terms = [*visible(source_named("score_run"), place.at_row("r")), "r.kind = 'OFFICIAL'", "r.state = 'SUCCEEDED'"]
    return (
        f"SELECT DISTINCT ON (r.cycle_id) r.id FROM score_run r {conjunction(terms)}{of_cycle}"
        " ORDER BY r.cycle_id, r.recorded_at DESC, r.id DESC"
    )


def _official_run(condition: OfficialRun, given: object, place: Where) -> str:
    of_cycle = f" AND r.cycle_id = {place.out.parameter(given, 'uuid')}" if condition.of_given_cycle else ""
    return f"{place.row}.{condition.run_id.name} IN ({official_runs(place, of_cycle)})"


def _part_of_result(_condition: PartOfResult, _given: object, place: Where) -> str:
    whole = f"FROM score_result w JOIN score_run wr ON wr.id = w.run_id WHERE w.id = {place.parent}"
    return (
        f"{place.row}.compound_id IS NOT NULL"
        f" AND {place.row}.company_id = (SELECT w.company_id {whole} AND w.compound_id IS NULL)"
        f" AND {place.row}.run_id IN (SELECT w.run_id {whole}"
        f" UNION ALL SELECT part::uuid FROM (SELECT jsonb_array_elements_text(wr.part_ids) AS part {whole}) parts)"
    )


def _either(texts: Iterable[str]) -> str:
    return f"({' OR '.join(texts)})"


RENDERERS: dict[type[Condition], Callable[[Any, object, Where], str]] = {
    Equal: _equal,
    AnyOf: _any_of,
    Before: _before,
    Within: _within,
    AtLeast: _at_least,
    Beginning: _beginning,
    OfCaller: _of_caller,
    OfParent: _of_parent,
    Absent: _absent,
    Containing: _containing,
    All: _all,
    Not: _not,
    Holds: _holds,
    Running: _running,
    InForce: _in_force,
    Through: _through,
    DuringCycle: _during_cycle,
    OfficialRun: _official_run,
    PartOfResult: _part_of_result,
}
