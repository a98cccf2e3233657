"""Why a decision came out as it did."""

from decimal import Decimal

from scoring.explain import Consideration, why
from scoring.values import NonValue
from tests.scoring.test_yuetang import halves
from tests.scoring.tiny import of_teams

YELLOW, VETOED = "91430399MA90P00269", "91430399MAPRYP7F88"


def test_the_row_that_held_and_those_above_it() -> None:
    got = why(halves()["2026H1"], "company", YELLOW, "recommendation")
    assert [(one.role, one.clause, one.holds, one.gives) for one in got] == [
        ("ROW", "8.1", False, None),
        ("ROW", "8.2", False, None),
        ("ROW", "8.3", False, None),
        ("ROW", "8.4", True, "INTERVIEW"),
        ("ROW", "8.5", None, None),
        ("ELSE", "8.6", None, None),
    ]
    assert got[1].condition == "(present(grade) && grade == 'D') || listed == 'BLACK'"
    assert got[1].figures == "((true) ∧ (C = D)) ∨ (YELLOW = BLACK)"


def test_the_step_that_was_met_with_its_distance_in_figures() -> None:
    got = why(halves()["2026H1"], "company", YELLOW, "points_grade")
    assert [(one.figures, one.holds, one.gives) for one in got] == [
        ("73.86 ≥ 90", False, None),
        ("73.86 ≥ 80", False, None),
        ("73.86 ≥ 70", True, "C"),
        (None, None, None),
    ]
    rate = why(halves()["2026H1"], "company", YELLOW, "rate_points")
    assert [one.condition for one in rate][:2] == ["rate < 1", "rate < 2"]
    assert (rate[-1].role, rate[-1].holds, rate[-1].gives) == ("ELSE", True, Decimal(45))


def test_requirements_that_failed_and_held() -> None:
    got = why(halves()["2026H1"], "company", VETOED, "composite")
    assert got == [
        Consideration("REQUIREMENT", "6.2", "inspections >= few_inspections", "2 ≥ 2", True, None),
        Consideration("REQUIREMENT", "6.2", "days >= few_days", "42 ≥ 60", False, NonValue("NO_RESULT", ("FEW_DAYS",))),
    ]


def test_steps_without_a_figure_and_other_operators_have_no_rows() -> None:
    assert why(halves()["2026H1"], "company", VETOED, "points_grade") == []
    assert why(halves()["2026H1"], "company", YELLOW, "cases") == []


def test_a_need_that_is_missing_stops_the_measure_before_its_rows() -> None:
    rule = "{law: '9', needs: [absent_rank], table: [{when: 'absent_rank > 1', give: LATER}, {else: FIRST}]}"
    evaluation = of_teams(
        "games: {over: game, count: rows}",
        "absent_rank: {rank: {by: [{key: games, first: high}], where: 'games > 0', from: best, ties: competition}}",
        f"turn: {rule}",
    )
    outside = NonValue("NOT_APPLICABLE", ("OUTSIDE",))
    assert why(evaluation, "team", "C", "turn") == [
        Consideration("REQUIREMENT", "9", "present(absent_rank)", "NOT_APPLICABLE(OUTSIDE)", False, outside)
    ]
    assert [one.gives for one in why(evaluation, "team", "A", "turn")] == [None, "FIRST"]
