"""What a result file says is read back as the value it was written from."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.facts.answers import written
from api.facts.history import read_history, read_value
from scoring.diagnostics import FactsRefused
from scoring.periods import Period
from scoring.rulebook.types import Type
from scoring.values import KINDS, NonValue
from tests.scoring.test_chains import cards
from tests.scoring.tiny import make

MONEY = Type("number", places=2)
QUOTIENT = Type("number")
REASONS = st.lists(st.sampled_from(["A", "FEW_DAYS", "X9"]), max_size=3).map(tuple)


@given(st.integers(-(10**15), 10**15))
def test_decimals_come_back(cents: int) -> None:
    value = Decimal(cents).scaleb(-2)
    assert read_value(written(value), MONEY) == value


@given(st.fractions(max_denominator=10**6))
def test_quotients_come_back_whether_they_end_or_not(value: Fraction) -> None:
    assert read_value(written(value), QUOTIENT) == value


def test_long_numbers_keep_every_digit() -> None:
    assert written(Fraction(10**28 + 1)) == "10000000000000000000000000001"
    assert written(Fraction(-(10**28) - 1, 8)) == "-1250000000000000000000000000.125"


@given(st.builds(NonValue, st.sampled_from(KINDS), REASONS))
def test_absences_come_back_whatever_the_type(value: NonValue) -> None:
    for kind in (MONEY, QUOTIENT, Type("bool"), Type("code", codes=("A",))):
        assert read_value(written(value), kind) == value


@given(st.dates())
def test_days_and_truths_come_back(day: date) -> None:
    assert read_value(written(day), Type("date")) == day
    assert [read_value(written(truth), Type("bool")) for truth in (True, False)] == [True, False]


def test_codes_periods_and_sets_of_codes_come_back() -> None:
    assert read_value(written("RED"), Type("code", codes=("RED",))) == "RED"
    assert read_value(written(Period.parse("2026-H1")), Type("period", period="half")) == Period.parse("2026H1")
    assert read_value(written(("TOP", "BOTTOM")), Type("codes")) == ("TOP", "BOTTOM")
    assert read_value(written(()), Type("codes")) == ()


WRONG = [
    ("", MONEY),
    ("1/3", MONEY),
    ("1.005", MONEY),
    ("1e3", MONEY),
    ("\uff11", MONEY),
    ("1/0", QUOTIENT),
    ("maybe", Type("bool")),
    ("GREEN", Type("code", codes=("RED",))),
    ("LOST(A)", Type("bool")),
    ("2026Q1", Type("period", period="half")),
    ("2026-02-30", Type("date")),
]


@pytest.mark.parametrize(("text", "kind"), WRONG)
def test_what_fits_no_type_is_no_value(text: str, kind: Type) -> None:
    assert read_value(text, kind) is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("P|2024Q4,2024Q4,true,3", None),
        ("P|2024Q3,2024,true,3", None),
        ("P,2024Q4,true,3", "HISTORY_SUBJECT"),
        ("P|2024Q3,2024Q4,true,3", "HISTORY_PERIOD"),
        ("P|soon,2024Q4,true,3", "HISTORY_PERIOD"),
    ],
)
def test_a_subject_fits_its_grain_and_its_period(tmp_path: Path, row: str, code: str | None) -> None:
    plan = make(cards(), "year", "quarter")
    file = tmp_path / "earlier.csv"
    head = "grain,subject,period,compound_quarter.yellow,compound_quarter.cards,compound.cards"
    file.write_text(f"{head}\ncompound_quarter,{row},\n", encoding="utf-8")
    if code is None:
        [past] = read_history(plan, [file])
        assert past.value("compound_quarter", ("P", row[2:8]), "yellow") is True
        return
    with pytest.raises(FactsRefused) as refused:
        read_history(plan, [file])
    assert [(one.code, one.place.line) for one in refused.value.diagnostics] == [(code, 2)]
