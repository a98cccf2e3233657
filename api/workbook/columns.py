"""Words with which a sheet is declared: what a column holds, how much it is needed, and what it refers to.

A type says what a cell of the column means and in which unit; it knows nothing of spreadsheets. Limits are inclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

Value = str | int | Decimal | date | bool | None
"""A value ready to be stored: codes as text, money as whole fen, days as dates."""

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
"""Days outside this span are typing errors: the first is the founding of the state, the last is far enough."""


class Need(Enum):
    """How much a row needs the cell."""

    REQUIRED = "required"
    EXPECTED = "expected"
    """Every such thing has one, so an empty cell means that it is not known: reported, imported all the same. A cell
    that cannot be read is imported as not known too."""
    OPTIONAL = "optional"
    """May have nothing to say, as the day of leaving of a manager who is still there: empty is an answer."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words or a code. A code is compared by machine, so full-width letters and digits are made plain."""

    length_max: int = 200
    code: bool = False
    upper: bool = False
    credit: bool = False
    """A unified social credit code whose own check character is examined here."""
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number."""

    low: int
    high: int = 99_999


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal of at most `places` places in the unit of the header; stored times `10 ** scale`, whole if `whole`."""

    places: int
    low: Decimal
    high: Decimal
    scale: int = 0
    whole: bool = False
    score: bool = False
    coarse: bool = False
    """More places than needed are cut without a word: a position to a tenth of a metre."""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, each standing for a stored value."""

    labels: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Period:
    """A half-year `2026H1` or a quarter `2026Q3`; stored as the interface writes it, `2026-H1`."""

    unit: Literal["H", "Q"]


Type = Text | Integer | Number | Day | Choice | Period


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in the file, its English name and the field it fills."""

    header: str
    field: str
    english: str
    type: Type
    need: Need = Need.OPTIONAL
    refers: str | None = None
    """Noun whose key the cell repeats."""
    refers_if: tuple[str, str] | None = None
    """Only rows in which this field has this value are looked up."""
    personal: Literal["name", "phone"] | None = None
    shadow: bool = False
    """Reads the cell of another column once more and reports nothing itself."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the noun of its rows, its key and what must hold inside a row."""

    name: str
    noun: str
    english: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    spans: tuple[tuple[str, str], ...] = ()
    """Pairs of days, the second not before the first."""
    by_field: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_field", {column.field: column for column in self.columns})

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields in the order of the columns."""
        return tuple(column.field for column in self.columns)

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns as the file has them, each heading once."""
        return tuple(column for column in self.columns if not column.shadow)
