"""Bands, labels and clauses are what the canonical text says."""

import json
from decimal import Decimal
from typing import Any

import pytest

from schema.wording import Grade, Wording, wording
from schema.words import Words
from tests.factories import RULES


def graded(**measure: Any) -> list[tuple[str, Decimal | None, str | None]]:
    """Code, floor and condition of the bands that a grade measure makes."""
    steps = {"steps": {"of": "total", "at_least": {"60": "B"}, "else": "C"}}
    document = {
        "measures": {"company": {"grade": measure, "by_points": steps}},
        "results": {"company": {"grade": "grade"}},
    }
    return [(each.code, each.total_min, each.predicate) for each in Wording(document).grades("company")]


def test_a_table_over_steps_gives_the_bands_of_the_steps() -> None:
    words = wording(json.dumps(RULES))
    assert [(each.code, each.total_min) for each in words.grades("company")] == [
        ("A", Decimal(90)),
        ("B", Decimal(80)),
        ("D", None),
    ]
    assert words.grain_of_grades() == "company"
    assert words.grades("compound_quarter") == ()
    assert words.grades(None) == ()


@pytest.mark.parametrize(
    ("measure", "bands"),
    [
        (
            {"steps": {"of": "t", "at_least": {"60": "C", "89.5": "A", "75": "B"}, "else": "D"}},
            [("A", Decimal("89.5"), None), ("B", Decimal(75), None), ("C", Decimal(60), None), ("D", None, None)],
        ),
        (
            {"steps": {"of": "t", "below": {"60": "C", "80": "B"}, "else": "A"}},
            [("A", Decimal(80), None), ("B", Decimal(60), None), ("C", None, None)],
        ),
        (
            {"steps": {"of": "t", "above": {"60": "A"}, "else": "B"}},
            [("A", None, None), ("B", None, None)],
        ),
        (
            {"steps": {"of": "t", "by": "kind", "at_least": {"OLD": {"70": "A"}, "NEW": {"80": "A"}}, "else": "B"}},
            [("A", None, None), ("B", None, None)],
        ),
        (
            {
                "table": [
                    {"when": "absent(score)", "give": {"none": "NO_RESULT", "reason": "NO_SCORE"}},
                    {"when": "score >= 95", "give": "AAA"},
                    {"when": "bad", "give": "C"},
                    {"else": "B"},
                ]
            },
            [("AAA", None, "score >= 95"), ("C", None, "bad"), ("B", None, None)],
        ),
        (
            {"table": [{"when": "missing", "give": "C_MISSING"}, {"else": {"value": "by_points"}}]},
            [("B", Decimal(60), None), ("C", None, None), ("C_MISSING", None, "missing")],
        ),
        ({"value": "'A'"}, []),
    ],
)
def test_bands_of_a_grade(measure: dict[str, Any], bands: list[tuple[str, Decimal | None, str | None]]) -> None:
    assert graded(**measure) == bands


def test_words_fall_back_to_the_code() -> None:
    words = wording(json.dumps(RULES))
    assert words.words("A") == Words("优秀", "Excellent")
    assert words.words("company.composite", "composite") == Words("composite", "composite")
    assert words.grade("company", "X") == Grade("X", Words("X", "X"))


@pytest.mark.parametrize(
    ("code", "clause"),
    [("FEW_DAYS", "6.2"), ("PROPOSE_EXIT", "8.1"), ("NONE", "8.6"), ("D", "6.3"), ("UNHEARD_OF", None)],
)
def test_the_clause_under_which_a_code_is_given(code: str, clause: str | None) -> None:
    assert wording(json.dumps(RULES)).clause("company", code) == clause


def test_a_rulebook_without_source_names_no_document() -> None:
    assert Wording({"results": {}}).legal_basis == []
