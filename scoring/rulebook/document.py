"""A rulebook as typed, frozen values: what the YAML says, before anything is looked up or checked for meaning.

Every formula is a `Cel` with the site it stands at (`measures.company.low.value`) and its place in the file. Places
take no part in comparison: two documents that say the same are equal wherever they say it.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from scoring.diagnostics import NOWHERE, Place
from scoring.periods import Period
from scoring.rulebook.types import Type


@dataclass(frozen=True, slots=True)
class Cel:
    """The text of a condition or formula."""

    text: str
    site: str
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Give:
    """A value given: a literal, a formula, or an absence; a reason beside a value marks it as counted for a gap."""

    literal: Decimal | str | bool | None = None
    cel: Cel | None = None
    none: str | None = None
    reason: str | None = None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """An expression."""

    cel: Cel


@dataclass(frozen=True, slots=True)
class Flags:
    """The set of codes whose conditions hold."""

    codes: tuple[tuple[str, Cel], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a decision table; the last has no condition."""

    when: Cel | None
    give: Give
    law: str | None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table: the first row that holds gives the value."""

    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A step table; `limits` per class, the class None where one set serves all."""

    of: Cel
    compare: str
    limits: tuple[tuple[str | None, tuple[tuple[Decimal, Give], ...]], ...]
    otherwise: Give
    by: Cel | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column of the one row of another table with the given key, on the given day where rows hold for intervals."""

    source: str
    key: tuple[Cel, ...]
    day: Cel | None
    give: str
    otherwise: Give
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A summary of the finer rows that belong to each row."""

    over: str
    how: str
    operand: Cel | None
    where: Cel | None
    weight: Cel | None
    empty: Give | None
    once: "Once | None"
    last: "Last | None"
    share: Cel | None
    places: int | None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Once:
    """Keep one row per key: the one with the highest (or lowest) value, the first row id among equals."""

    per: tuple[Cel, ...]
    first: str
    of: Cel


@dataclass(frozen=True, slots=True)
class Last:
    """Keep the newest rows by a date; the later row id counts as newer."""

    rows: int
    by: Cel


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact quotient; `zero` is given when the divisor is zero."""

    of: Cel
    by: Cel
    zero: Give


@dataclass(frozen=True, slots=True)
class Blend:
    """A weighted mean of named parts over those that apply."""

    parts: tuple[tuple[Cel, Cel], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A logarithm or root, correctly rounded half even to `places`."""

    kind: str
    of: Cel
    base: Cel | None
    places: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in an order; keys compared one after another."""

    by: tuple[tuple[Cel, str], ...]
    within: tuple[Cel, ...]
    where: Cel | None
    start: str
    ties: str


@dataclass(frozen=True, slots=True)
class Running:
    """A total over the rows of the same keys, up to and including this row."""

    how: str
    operand: Cel | None
    per: tuple[Cel, ...]
    by: Cel
    within: Cel | None
    where: Cel | None


@dataclass(frozen=True, slots=True)
class Previous:
    """A remembered measure, `back` periods ago."""

    of: str
    back: int
    otherwise: Give
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Run:
    """How many periods in a row, this one included, a remembered condition has held."""

    of: str
    reset: str | None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Window:
    """A summary of a remembered measure over the last periods, this one included."""

    of: str
    last: int
    take: str
    reset: str | None
    empty: Give | None
    place: Place = field(compare=False, default=NOWHERE)


Operator: TypeAlias = (
    ValueOf
    | Flags
    | Table
    | Steps
    | Lookup
    | Aggregate
    | Ratio
    | Blend
    | Curve
    | Rank
    | Running
    | Previous
    | Run
    | Window
)


@dataclass(frozen=True, slots=True)
class Require:
    """Conditions that must all hold; the reasons of those that fail make the absence."""

    that: tuple[tuple[str, Cel], ...]
    kind: str
    law: str | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many places, and by which mode (a mode, or the setting that holds one)."""

    places: int
    mode: str
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Measure:
    """One named number, code or condition at a grain."""

    grain: str
    name: str
    law: str | None
    operator: Operator
    require: Require | None
    needs: tuple[str, ...]
    floor: Cel | None
    cap: Cel | None
    round: Rounding | None
    unit: str | None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter the district may enter; `value` None means it must."""

    name: str
    value: Decimal | str | bool | None
    type: Type
    law: str | None
    reading: bool
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of facts the rulebook reads."""

    name: str
    key: str | None
    most: int
    columns: tuple[tuple[str, Type], ...]
    unique: tuple[str, ...]
    during: tuple[str, str] | None
    keep: Cel | None
    law: str | None
    place: Place = field(compare=False, default=NOWHERE)
    column_places: dict[str, Place] = field(compare=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Constants:
    """A table of constants inside the rulebook: rows by one key or two."""

    name: str
    columns: tuple[tuple[str, Type], ...]
    keys: int
    rows: tuple[tuple[tuple[str, ...], tuple[Decimal | str | bool, ...]], ...]
    law: str | None
    place: Place = field(compare=False, default=NOWHERE)
    cell_places: dict[tuple[tuple[str, ...], str], Place] = field(compare=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grain:
    """A tuple of keys: the distinct ones of `rows`, every combination, or one row per unit of an interval."""

    name: str
    keys: tuple[str, ...]
    rows: str | None
    over: str | None
    each: str | None
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which measures of a grain are its score, grade, rank, lists, recommendation, and the dates of its actions."""

    grain: str
    score: str | None
    grade: str | None
    rank: str | None
    lists: tuple[str, ...]
    recommendation: str | None
    actions: tuple[tuple[str, str], ...]
    remember: tuple[str, ...]
    shadow: bool
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """The unit of one run, how many days later it is evaluated, and the finer unit whose results are fixed first."""

    unit: str
    evaluate_after: int
    parts: str | None
    history: Period | None = None
    """The first period of the regime: a later one is refused without the results before it."""
    optional: bool = False
    """Whether it is stated that a run may go without earlier results."""
    place: Place = field(compare=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole rulebook."""

    name: str
    version: str
    title: tuple[str, str]
    source: str | None
    supersedes: str | None
    start: date
    until: date | None
    period: PeriodRule
    labels: dict[str, tuple[str, str]]
    settings: dict[str, Setting]
    facts: dict[str, Facts]
    tables: dict[str, Constants]
    grains: dict[str, Grain]
    measures: dict[str, dict[str, Measure]]
    results: dict[str, Outcome]
    label_places: dict[str, Place] = field(compare=False, default_factory=dict)
