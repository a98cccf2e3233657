"""Arguments of fields: pages, moments, languages, filters, and how what was given becomes conditions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from schema import ids
from schema.codes import codes
from schema.kinds import Sql
from schema.moments import Moment
from schema.problems import BadInput
from schema.reads.where import Given
from schema.shapes import (
    All,
    AnyOf,
    Condition,
    Containing,
    DuringCycle,
    Equal,
    Holds,
    Not,
    OfficialRun,
    Through,
)
from schema.shapes import Value as Stated

FIRST_MAX = 100
RANGE_YEARS_MAX = 5
ITEMS_MAX = 100
TEXT_LENGTHS = range(2, 51)


@codes("Language of labels and messages.")
class Lang(Enum):
    """Languages by code."""

    ZH_CN = "Simplified Chinese (简体中文)."
    ZH_TW = "Traditional Chinese (繁體中文)."
    EN = "English."


Language = Annotated[Lang | None, strawberry.argument(description="Language.")]
"""The `lang` argument of a method."""


@strawberry.input(description="Moment of a question about an interval fact. Both default to now.")
class AsOf:
    """What was true then, as known then."""

    valid_at: datetime | None = strawberry.field(default=strawberry.UNSET, description="True at that moment.")
    known_at: datetime | None = strawberry.field(default=strawberry.UNSET, description="As the system knew then.")


@strawberry.input(description="Closed range of days, at most 5 years.")
class DateRange:
    """Days, both ends included."""

    from_: date = strawberry.field(name="from", description="First day.")
    to: date = strawberry.field(description="Last day, not before `from`.")


def days_of(given_range: DateRange) -> tuple[date, date]:
    """First and last day of a range; one that runs backwards or is too long is refused."""
    first, last = given_range.from_, given_range.to
    if last < first:
        raise BadInput(
            f"日期范围从 {first} 到 {last}，终止日早于起始日。", f"The range from {first} ends before it, on {last}."
        )
    if (last.year - first.year, last.month, last.day) >= (RANGE_YEARS_MAX, first.month, first.day):
        raise BadInput(
            f"日期范围最多 {RANGE_YEARS_MAX} 年，请缩小。",
            f"A range has at most {RANGE_YEARS_MAX} years; ask less.",
        )
    return first, last


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a field; with a condition it narrows the rows."""

    name: str
    type: object
    description: str
    default: object = strawberry.UNSET
    condition: Condition | None = None

    def declared(self) -> StrawberryArgument:
        """The argument as Strawberry wants it."""
        return StrawberryArgument(
            self.name, None, StrawberryAnnotation(self.type), description=self.description, default=self.default
        )


FIRST = Argument("first", int, "Page size, 1 to 100.")
AFTER = Argument("after", str | None, "`endCursor` of the page before.")
AS_OF = Argument("as_of", AsOf | None, "Moment; null = now.")
LANG = Argument("lang", Lang | None, "Language.", Lang.ZH_CN)


def filtered(type_: object) -> Argument:
    """The `filter` argument of this input type."""
    return Argument("filter", type_ | None, "Conditions, joined by AND.")  # type: ignore[operator]  # a class


def where(condition: Condition, description: str) -> Any:
    """A field of a filter and what it demands of a row."""
    return strawberry.field(default=strawberry.UNSET, description=description, metadata={"condition": condition})


def given(value: object) -> bool:
    """Whether the caller gave a value; null asks for nothing."""
    return value is not None and value is not strawberry.UNSET


def page_size(value: int) -> int:
    """`first`, 1 to 100; anything else is refused, never clamped."""
    if not 1 <= value <= FIRST_MAX:
        raise BadInput(
            f"first 为 {value}，须在 1 到 {FIRST_MAX} 之间。", f"first is {value}; it must be from 1 to {FIRST_MAX}."
        )
    return value


def moment(at: Moment, as_of: AsOf | None) -> Moment:
    """The moment asked about: what was true at `validAt`, as known at `knownAt`, both now unless given."""
    if as_of is None or as_of is strawberry.UNSET:
        return at
    valid_at, known_at = as_of.valid_at, as_of.known_at
    if known_at and known_at > at.now:
        raise BadInput("asOf.knownAt 不能晚于现在。", "asOf.knownAt cannot be later than now.")
    return Moment(at.viewer, at.now, valid_at or at.valid_at, known_at or at.known_at)


def conditions(stated: Mapping[str, Condition], arguments: Mapping[str, object]) -> tuple[Given, ...]:
    """What the caller asks of the rows, from single arguments and from the filter."""
    direct = ((condition, arguments.get(name)) for name, condition in stated.items())
    return tuple(
        (condition, _fit(condition, value))
        for condition, value in (*direct, *_filter(arguments.get("filter")))
        if given(value)
    )


def _filter(value: object) -> Iterator[tuple[Condition, object]]:
    if given(value):
        for field in _fields(value):
            yield field.metadata["condition"], getattr(value, field.python_name)


def _fit(condition: Condition, value: Any) -> object:
    """The value as it is compared with the column: codes for enums, UUIDs for ids, within the limits."""
    if isinstance(value, list):
        if len(value) > ITEMS_MAX:
            raise BadInput(f"列表最多 {ITEMS_MAX} 项。", f"A list in a filter has at most {ITEMS_MAX} items.")
        return tuple(_fit(condition, each) for each in value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, DateRange):
        return days_of(value)
    if isinstance(condition, Containing) and len(value) not in TEXT_LENGTHS:
        raise BadInput("搜索文字须为 2 到 50 个字符。", "Text to search for has 2 to 50 characters.")
    return ids.decode(value).uuid if isinstance(value, str) and takes_ids(condition) else value


def takes_ids(condition: Condition) -> bool:
    """Whether what the caller gives for the condition are global ids."""
    match condition:
        case DuringCycle() | OfficialRun():
            return True
        case Equal(column, Stated.GIVEN) | AnyOf((column, *_), Stated.GIVEN):
            return column.sql is Sql.UUID
        case All(inner) | Through(conditions=inner):
            return any(map(takes_ids, inner))
        case Not(one) | Holds(one):
            return takes_ids(one)
        case _:
            return False


NOT_OF_LIST = frozenset({"first", "after", "sort", "lang"})
"""Arguments that say which part of a list is shown, and how, not what is in it."""


def digest(arguments: Mapping[str, object]) -> str:
    """What is asked of a list as canonical text, for cursors to be bound to: the same text for the same rows.

    >>> digest({"first": 5, "states": ["OPEN", "CLOSED"], "after": None}) == digest({"states": ["CLOSED", "OPEN"]})
    True
    """
    asked = {name: value for name, value in arguments.items() if name not in NOT_OF_LIST}
    return json.dumps(_canonical(asked), ensure_ascii=False, sort_keys=True)


def _canonical(value: Any) -> Any:
    """A value without what was not given; lists are sorted, because a row is asked to be in them, wherever."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        told = {name: _canonical(each) for name, each in value.items() if given(each)}
        return {name: each for name, each in told.items() if each != {}}
    if hasattr(value, "__strawberry_definition__"):
        return _canonical({field.python_name: getattr(value, field.python_name) for field in _fields(value)})
    if isinstance(value, list):
        return sorted({json.dumps(_canonical(each), ensure_ascii=False, sort_keys=True) for each in value})
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, bool | int) else str(value)


def _fields(value: Any) -> Any:
    return type(value).__strawberry_definition__.fields
