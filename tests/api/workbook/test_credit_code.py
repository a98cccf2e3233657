"""GB 32100-2015: the check character, and what a code may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workbook.credit_code import ALPHABET, check_character, fault


@pytest.mark.parametrize(
    "code", ["91430399MABDY26T5K", "91430399MAQP79L2XF", "91430399MAYKB0JAX5", "91350100M000100Y43"]
)
def test_a_right_code_has_no_fault(code: str) -> None:
    assert fault(code) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91430399MADY87F85J", "bad_check_digit"),
        ("91430399MABDY26T5", "malformed_code"),
        ("91430399MABDY26T5KK", "malformed_code"),
        ("91430399MABDY26T5I", "malformed_code"),
        ("91430399MABDY26T5k", "malformed_code"),
        ("", "malformed_code"),
    ],
)
def test_a_wrong_code_is_told_apart(code: str, expected: str) -> None:
    assert fault(code) == expected


bodies = st.text(ALPHABET, min_size=17, max_size=17)


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_every_single_slip_is_found(body: str, place: int, other: str) -> None:
    slipped = body[:place] + other + body[place + 1 :]
    assert (check_character(slipped) == check_character(body)) == (slipped == body)


@given(bodies)
def test_a_code_made_up_with_its_check_character_is_right(body: str) -> None:
    assert fault(body + check_character(body)) is None
