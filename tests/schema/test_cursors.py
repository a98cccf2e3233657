"""A cursor opens in the list it was made for and nowhere else."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schema.cursors import LENGTH_MAX, list_key, open_, seal
from schema.problems import BadInput

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)
KEY = list_key(b"secret", "Query.companies|NAME|()||district")


def opens(key: bytes, cursor: str, parts: int) -> bool:
    try:
        open_(key, cursor, parts)
    except BadInput as refusal:
        return refusal.extensions != {"code": "BAD_USER_INPUT", "reason": "INVALID_CURSOR"}
    return True


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_a_cursor_is_the_position_it_was_made_of(position: list[str]) -> None:
    assert open_(KEY, seal(KEY, position), len(position)) == position


@given(TEXTS, TEXTS)
def test_another_list_has_another_key(context: str, other: str) -> None:
    assume(context != other)
    mine, theirs = list_key(b"secret", context), list_key(b"secret", other)
    assert opens(mine, seal(mine, ["a", "b"]), 2)
    assert not opens(theirs, seal(mine, ["a", "b"]), 2)


def test_another_server_has_another_key() -> None:
    assert not opens(list_key(b"other", "x"), seal(list_key(b"secret", "x"), ["a"]), 1)


@given(st.data())
def test_any_changed_character_closes_it(data: st.DataObject) -> None:
    cursor = seal(KEY, ["wu4 ye4", "018f"])
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_=+ é"))
    assume(cursor[place] != other)
    assert not opens(KEY, cursor[:place] + other + cursor[place + 1 :], 2)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    assert not opens(KEY, text, 2)


@pytest.mark.parametrize(
    "cursor", ["", "A", "A" * (LENGTH_MAX + 1), seal(KEY, ["a", "b"]) + "=", seal(KEY, ["a", "b"])[:-1]]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert not opens(KEY, cursor, 2)
