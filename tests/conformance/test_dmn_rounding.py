"""Roundings of the DMN Technology Compatibility Kit: by our one primitive, by a rule, by the third evaluator's SQL.

The figures are those of the kit's test cases; where a case rounds a quotient, the quotient stands in the table.
"""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scoring.decimals import MODES, round_fraction
from scoring.evaluate import Run, evaluate
from scoring.plan import Plan
from scoring.rulebook.types import PLACES_MOST
from tests.properties.third.cells import number, text
from tests.properties.third.spaces import connect
from tests.scoring.tiny import make

TABLE = Path(__file__).with_name("dmn_rounding.csv")
with TABLE.open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
IDS = [f"{case['folder'][:4]}-{case['test']}" for case in CASES]
BOTH_SIGNS = ("up", "down", "floor", "ceiling", "half_up", "half_down")


def test_the_table_is_whole() -> None:
    assert len(CASES) == 45
    assert {case["mode"] for case in CASES} == set(MODES)
    assert {case["mode"] for case in CASES if case["expected"].startswith("-")} == set(BOTH_SIGNS)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_primitive(case: dict[str, str]) -> None:
    places = int(case["places"])
    found = Fraction(round_fraction(Fraction(case["number"]), places, case["mode"]), 10**places)
    assert found == Fraction(case["expected"])


SHORT = [(case, at) for case, at in zip(CASES, IDS, strict=True) if int(case["places"]) <= PLACES_MOST]


def rule(places: str, mode: str) -> Plan:
    """A rule that divides and rounds once, as the case says."""
    return make(f"""
facts: {{one: {{most: 1, columns: {{over: number 6 -999..999, under: number 0 1..999}}}}}}
measures: {{one: {{x: {{ratio: {{of: over, by: under, zero: 0}}, round: {places} {mode}}}}}}}
results: {{one: {{}}}}
""")


@pytest.mark.parametrize("case", [case for case, _ in SHORT], ids=[at for _, at in SHORT])
def test_a_rule(case: dict[str, str]) -> None:
    over, _, under = case["number"].partition("/")
    facts = {"one": [{"id": "1", "over": Decimal(over), "under": Decimal(under or 1)}]}
    found = evaluate(rule(case["places"], case["mode"]), facts, Run("2025")).measure("one", "1", "x")
    assert found == Decimal(case["expected"])
    assert isinstance(found, Decimal)
    assert found.as_tuple().exponent == -int(case["places"])


def test_the_roundings_of_the_third_evaluator() -> None:
    with connect() as database:
        for case, _ in SHORT:
            x, scale = number(Fraction(case["number"])), 10 ** int(case["places"])
            sql = f"rounded({x}, {scale}::HUGEINT, {text(case['mode'])})"
            [(found,)] = database.execute(f"SELECT {sql}").fetchall()
            assert Fraction(found["n"], found["d"]) == Fraction(case["expected"]), case
    assert len(SHORT) == 41
