"""One word for several keys, and back."""

from hypothesis import given
from hypothesis import strategies as some

from scoring.subjects import joined, parted

KEYS = some.lists(some.text(alphabet="AB|\\ ", max_size=4), min_size=2, max_size=3)


@given(KEYS, KEYS)
def test_different_keys_have_different_words(one: list[str], other: list[str]) -> None:
    assert (joined(one) == joined(other)) == (one == other) or len(one) != len(other)


@given(KEYS)
def test_a_word_is_read_back_as_the_key_it_was_made_of(key: list[str]) -> None:
    assert parted(joined(key), len(key)) == tuple(key)


def test_plain_words_stay_as_they_are() -> None:
    assert joined(["A", "2025Q1"]) == "A|2025Q1"
    assert [joined([word]) for word in ("A|B", "A\\B")] == ["A|B", "A\\B"]
    assert (parted("A|B", 3), parted("A", 2), parted("A\\B|C", 2), parted("", 0)) == (None, None, None, ())
