"""The form of API keys: any slip shows before a database is asked."""

import re
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from api import clock
from api.auth import keys

KEY = keys.Key(UUID("01980000-0000-7000-8000-000000000001"), "0f" * 24)
TEXT = KEY.written("live")


def test_the_form_is_the_agreed_one() -> None:
    assert re.fullmatch(r"zhunze_live_[0-9a-f]{32}_[0-9a-f]{48}_[0-9a-f]{8}", TEXT)
    assert keys.read(TEXT, "live") == KEY


def test_the_secret_has_at_least_160_bits_and_never_repeats() -> None:
    made = {keys.made(clock.new_id()).secret for _ in range(100)}
    assert len(made) == 100
    assert {len(bytes.fromhex(each)) * 8 for each in made} == {192}


@settings(max_examples=300, derandomize=True)
@given(st.integers(0, len(TEXT) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_single_wrong_character_is_noticed(place: int, letter: str) -> None:
    wrong = TEXT[:place] + letter + TEXT[place + 1 :]
    assert keys.read(wrong, "live") == (KEY if wrong == TEXT else None)


def test_another_environment_or_form_is_no_key() -> None:
    assert [keys.read(each, "live") for each in (KEY.written("test"), TEXT.upper(), TEXT[:-1], TEXT + "0", "")] == [
        None
    ] * 5


def test_neither_digest_nor_printout_shows_the_secret() -> None:
    assert KEY.secret not in repr(KEY)
    assert KEY.digest(b"a" * 32) != KEY.digest(b"b" * 32)
    assert len(KEY.digest(b"a" * 32)) == 32


def test_every_letter_of_the_secret_counts() -> None:
    others = {KEY.secret[:place] + "a" + KEY.secret[place + 1 :] for place in range(len(KEY.secret))}
    assert len({keys.Key(KEY.id, each).digest(b"a" * 32) for each in [KEY.secret, *others]}) == 1 + len(KEY.secret)
