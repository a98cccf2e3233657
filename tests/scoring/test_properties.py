"""Laws: rounding, order of facts, splitting of facts, and the same bytes for the same evidence."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.decimals import MODES, as_decimal, exact, logarithm, plain, rescale, root, round_div, round_fraction
from scoring.evaluate import Run, evaluate
from scoring.explain.draft import spread
from scoring.periods import UNITS, Period, add_months
from scoring.values import NonValue, decode, encode
from tests.scoring.tables import load, rows
from tests.scoring.test_yuetang import district_plan

NUMBERS = st.integers(-(10**12), 10**12)
DIVISORS = NUMBERS.filter(bool)


@given(NUMBERS, DIVISORS, st.sampled_from(MODES))
def test_rounding_goes_to_a_neighbour(n: int, d: int, mode: str) -> None:
    assert abs(Fraction(n, d) - round_div(n, d, mode)) < 1


@given(NUMBERS, DIVISORS)
def test_every_mode_keeps_its_promise(n: int, d: int) -> None:
    x = Fraction(n, d)
    got = {mode: round_div(n, d, mode) for mode in MODES}
    assert got["floor"] <= x <= got["ceiling"]
    assert abs(got["down"]) <= abs(x) <= abs(got["up"])
    for mode in ("half_up", "half_down", "half_even"):
        assert abs(x - got[mode]) <= Fraction(1, 2)
    if abs(x - got["floor"]) == Fraction(1, 2):
        assert abs(got["half_up"]) > abs(got["half_down"])
        assert got["half_even"] % 2 == 0


@given(NUMBERS, DIVISORS, st.sampled_from(["up", "down", "half_up", "half_down", "half_even"]))
def test_rounding_mirrors_at_zero(n: int, d: int, mode: str) -> None:
    assert round_div(-n, d, mode) == -round_div(n, d, mode) == round_div(n, -d, mode)


@given(NUMBERS, st.integers(0, 6), st.integers(0, 6), st.sampled_from(MODES))
def test_rescaling_is_rounding(n: int, places: int, to: int, mode: str) -> None:
    assert rescale(n, places, to, mode) == round_fraction(Fraction(n, 10**places), to, mode)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_decimal_survives_being_scaled_and_written(value: Decimal) -> None:
    assert as_decimal(exact(value, 4), 4) == value == Decimal(plain(value))


@given(st.fractions(min_value=0, max_value=10**6), st.integers(0, 8))
def test_a_root_is_the_nearest(x: Fraction, places: int) -> None:
    got = Fraction(root(x, places), 10**places)
    half = Fraction(1, 2 * 10**places)
    assert max(got - half, Fraction(0)) ** 2 <= x <= (got + half) ** 2


@given(st.integers(1, 8), st.integers(-6, 6), st.integers(0, 6))
def test_a_logarithm_of_a_power_is_exact(base: int, power: int, places: int) -> None:
    assert logarithm(Fraction(base + 1) ** power, places, Fraction(base + 1)) == power * 10**places


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(UNITS))
def test_a_period_holds_its_days_and_reads_its_label(day: date, unit: str) -> None:
    period = Period.of(day, unit)
    assert period.holds(day)
    assert Period.parse(period.label) == period
    assert period.shift(3).shift(-3) == period
    assert (period.shift(1).first - period.last).days == 1


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-500, 500))
def test_months_end_on_a_day_that_exists(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or add_months(moved.replace(day=1), 1).toordinal() - moved.toordinal() == 1


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(),
        st.text(),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.fractions().filter(lambda x: x.denominator > 1),
        st.dates(date(1, 1, 1)),
        st.sampled_from([Period.parse("2025H2"), NonValue("PENDING", ("A", "B"))]),
    ),
    lambda inner: st.lists(inner).map(tuple),
    max_leaves=5,
)


@given(VALUES)
def test_values_survive_being_stored(value: Any) -> None:
    assert decode(encode(value)) == value


@given(st.lists(st.fractions(max_denominator=50), min_size=1, max_size=8), st.booleans())
def test_whole_units_add_up_and_stay_next_to_their_share(shares: list[Fraction], up: bool) -> None:
    total = sum(shares)
    whole = -((-total).numerator // total.denominator) if up else total.numerator // total.denominator
    parts = spread(whole, shares)
    assert sum(parts) == whole
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))


def district() -> dict[str, list[dict[str, Any]]]:
    return {name: rows(columns) for name, columns in load("yuetang/district.yaml")["facts"].items()}


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_facts_changes_no_byte(random: Random) -> None:
    facts = district()
    turned = {name: random.sample(many, len(many)) for name, many in facts.items()}
    one, two = (evaluate(district_plan(), each, Run("2026H1")) for each in (facts, turned))
    assert (one.result_hash, one.evidence_hash) == (two.result_hash, two.evidence_hash)


@given(st.integers(1, 4))
@settings(max_examples=4, deadline=None)
def test_a_finding_counted_twice_is_two_findings_counted_once(count: int) -> None:
    whole, split = district(), district()
    whole["finding"][2]["count"] = str(count + 1)
    split["finding"][2]["count"] = str(count)
    split["finding"].append(split["finding"][2] | {"id": "F9", "count": "1"})
    one, two = (evaluate(district_plan(), facts, Run("2026H1")) for facts in (whole, split))
    assert one.measure("company", "K1", "composite") == two.measure("company", "K1", "composite")
    assert one.evidence_hash != two.evidence_hash


@given(st.integers(0, 60))
@settings(max_examples=8, deadline=None)
def test_one_more_finding_never_raises_the_score(count: int) -> None:
    worse = district()
    if count:
        worse["finding"].append(worse["finding"][1] | {"id": "F9", "inspection": "I1", "count": str(count)})
    before = evaluate(district_plan(), district(), Run("2026H1")).measure("company", "K1", "composite")
    after = evaluate(district_plan(), worse, Run("2026H1")).measure("company", "K1", "composite")
    assert after <= before  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["sideways", ""])
def test_an_unknown_mode_is_no_mode(mode: str) -> None:
    with pytest.raises(ValueError, match="unknown rounding mode"):
        round_div(5, 2, mode)
