"""The district's own rules and data: both evaluators agree on every quarter and both half-years, to the byte."""

from functools import lru_cache

import pytest

from scoring.batch.evaluate import evaluate, load_facts
from scoring.batch.facts import Columns
from scoring.evaluate import Evaluation, Run
from scoring.explain import Explainer, why
from tests.scoring import test_yuetang
from tests.scoring.batch.same import assert_same, counted
from tests.scoring.workbook import district_facts

QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2")


@lru_cache(maxsize=1)
def facts() -> Columns:
    return load_facts(test_yuetang.district_plan(), district_facts())


@lru_cache(maxsize=1)
def quarters() -> dict[str, Evaluation]:
    return {name: evaluate(test_yuetang.district_plan(), facts(), Run(name)) for name in QUARTERS}


@lru_cache(maxsize=1)
def halves() -> dict[str, Evaluation]:
    plan, parts = test_yuetang.district_plan(), quarters()
    first = evaluate(plan, facts(), Run("2025H2", parts=[parts["2025Q3"], parts["2025Q4"]]))
    run = Run("2026H1", parts=[parts["2026Q1"], parts["2026Q2"]], history=[first.remembered()])
    return {"2025H2": first, "2026H1": evaluate(plan, facts(), run)}


@pytest.mark.parametrize("name", QUARTERS)
def test_a_quarter(name: str) -> None:
    assert_same(test_yuetang.quarters()[name], quarters()[name])
    assert counted(quarters()[name])["finding"] > 1000


@pytest.mark.parametrize("name", ["2025H2", "2026H1"])
def test_a_half_year_made_of_its_quarters(name: str) -> None:
    assert_same(test_yuetang.halves()[name], halves()[name])
    assert len(halves()[name].rows("company")) == 112


@pytest.mark.parametrize("stored", [False, True])
def test_a_half_year_made_of_parts_that_come_from_elsewhere(stored: bool) -> None:
    theirs = test_yuetang.quarters()
    parts = [theirs[name].part() if stored else theirs[name] for name in ("2026Q1", "2026Q2")]
    run = Run("2026H1", parts=parts, history=[test_yuetang.halves()["2025H2"].remembered()])
    mixed = evaluate(test_yuetang.district_plan(), facts(), run)
    assert mixed.result_hash == test_yuetang.halves()["2026H1"].result_hash == halves()["2026H1"].result_hash


def test_explanations_read_a_columnar_run_like_any_other() -> None:
    theirs, mine = test_yuetang.halves()["2026H1"], halves()["2026H1"]
    one, two = Explainer(theirs), Explainer(mine)
    for key in mine.rows("company")[::28]:
        assert two.explain("company", key) == one.explain("company", key)
        for name in ("recommendation", "listed", "grade", "composite"):
            assert why(mine, "company", key, name) == why(theirs, "company", key, name)


def test_a_half_year_that_computes_its_quarters_itself() -> None:
    inside = evaluate(test_yuetang.district_plan(), facts(), Run("2025H2"))
    assert inside.result_hash == halves()["2025H2"].result_hash
    assert inside.evidence_hash == halves()["2025H2"].evidence_hash
