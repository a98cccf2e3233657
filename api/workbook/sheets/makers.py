"""Kinds of columns that come back on many sheets, and the columns that are the same everywhere."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from api.workbook.columns import Choice, Column, Day, Integer, Need, Number, Period, Text, Value

REQUIRED, EXPECTED, OPTIONAL = Need.REQUIRED, Need.EXPECTED, Need.OPTIONAL
ZERO, CENT, HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)
YUAN_MAX = Decimal(99_999_999)


def code(header: str, field: str, english: str, need: Need = REQUIRED, refers: str | None = None) -> Column:
    """A number or code given by an office, or the key of another sheet."""
    return Column(header, field, english, Text(length_max=64, code=True), need, refers=refers)


def uscc(need: Need = REQUIRED) -> Column:
    """The credit code of a company of the sheet 物业企业."""
    kind = Text(length_max=64, code=True, upper=True)
    return Column("统一社会信用代码", "uscc", "unified social credit code", kind, need, refers="company")


def words(header: str, field: str, english: str, need: Need = EXPECTED, length_max: int = 200) -> Column:
    """Words for people."""
    return Column(header, field, english, Text(length_max), need)


def person(header: str, field: str, english: str, need: Need = EXPECTED) -> Column:
    """A person's name."""
    return Column(header, field, english, Text(50), need, personal="name")


def phone() -> Column:
    """A telephone number: mobile or landline."""
    return Column("联系电话", "phone", "phone", Text(50, code=True, phone=True), EXPECTED, personal="phone")


def day(header: str, field: str, english: str, need: Need = REQUIRED) -> Column:
    """A calendar day."""
    return Column(header, field, english, Day(), need)


def choice(header: str, field: str, english: str, labels: Mapping[str, Value]) -> Column:
    """One of the words listed; there is no word for nothing, so the cell is required."""
    return Column(header, field, english, Choice(labels), REQUIRED)


def count(header: str, field: str, english: str, low: int, need: Need = REQUIRED) -> Column:
    """How many."""
    return Column(header, field, english, Integer(low), need)


def money(header: str, field: str, english: str, need: Need) -> Column:
    """Yuan with two places; stored as whole fen."""
    return Column(header, field, english, Number(2, ZERO, YUAN_MAX, scale=2, whole=True), need)


def points(header: str, field: str, english: str, need: Need = REQUIRED) -> Column:
    """Points of a checklist or of credit information, 0 to 100, two places."""
    return Column(header, field, english, Number(2, ZERO, HUNDRED), need)


def score(header: str, field: str, english: str, need: Need) -> Column:
    """A mark from 0 to 100, two places."""
    return Column(header, field, english, Number(2, ZERO, HUNDRED, score=True), need)


def degrees(header: str, field: str, english: str) -> Column:
    """Degrees of WGS 84, six places; where a position may lie is judged for the pair."""
    bound = Decimal(180)
    return Column(header, field, english, Number(6, -bound, bound, coarse=True), EXPECTED)


def period(header: str, english: str, field: str, unit: Literal["H", "Q"]) -> Column:
    """A half-year or a quarter."""
    return Column(header, field, english, Period(unit), REQUIRED)


COMPOUND = code("小区编码", "compound_code", "compound code", refers="compound")
MANAGER = code("项目经理编号", "manager_no", "manager id", OPTIONAL, refers="appointment")
