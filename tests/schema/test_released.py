"""Clients of the last release find everything they used."""

import pytest

from schema.query import sdl
from tests.schema.released import RELEASED, complaints, noted

OLD = 'type Query { "A." a(x: Int): Int "B." b: E } "E." enum E { ONE } input I { c: Int }'


def test_the_served_schema_takes_nothing_away() -> None:
    released = (RELEASED / "schema.graphql").read_text(encoding="utf-8")
    notes = noted((RELEASED / "notes.txt").read_text(encoding="utf-8"))
    assert [*complaints(released, sdl(), notes)] == []


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (OLD.replace('"B." b: E', ""), "breaks: Field Query.b was removed."),
        (
            OLD.replace("a(x: Int): Int", "a(x: Int!): Int"),
            "breaks: Argument Query.a(x:) has changed type from Int to Int!.",
        ),
        (OLD.replace("a(x: Int): Int", "a(x: Int): String"), "breaks: Field Query.a changed type from Int to String."),
        (OLD.replace("{ ONE }", "{ ONE TWO }"), "dangerous, without a note: Enum value E.TWO was added."),
        (OLD.replace('"A."', '"Another."'), "differs: Query.a: "),
        (OLD.replace("c: Int }", "c: Int d: Int! }"), "breaks: A required field I.d was added."),
    ],
)
def test_each_kind_of_change_is_told(new: str, told: str) -> None:
    assert any(each.startswith(told) for each in complaints(OLD, new, {}))


def test_an_addition_is_no_complaint_and_a_stale_note_is_one() -> None:
    assert [*complaints(OLD, OLD + " type T { x: Int }", {})] == []
    (found,) = complaints(OLD, OLD, {"Enum value E.TWO was added.": "asked for"})
    assert found == "a note for what has not changed: Enum value E.TWO was added."
