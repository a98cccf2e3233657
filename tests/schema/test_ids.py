"""Global ids go out and come back; what cannot be one is refused."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import ids
from schema.fields import TYPES
from schema.problems import BadInput
from schema.query import SCHEMA

assert SCHEMA, "all types are declared"
KNOWN = UUID("018f0000-0000-7000-8000-000000000001")
TAGS = st.sampled_from(sorted(stored.tag for stored in TYPES.values() if stored.tag))


@given(TAGS, st.uuids())
def test_an_id_names_its_type_and_record(tag: str, uuid: UUID) -> None:
    text = ids.encode(tag, uuid)
    assert len(text) == 24
    assert ids.decode(text) == (tag, uuid)


@given(TAGS, st.uuids(), TAGS, st.uuids())
def test_different_records_have_different_ids(tag: str, uuid: UUID, other_tag: str, other: UUID) -> None:
    assert (ids.encode(tag, uuid) == ids.encode(other_tag, other)) == ((tag, uuid) == (other_tag, other))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q28BjwAAAABwAIAAAAAAAAA",
        "Q28BjwAAAABwAIAAAAAAAAABB",
        "Q28BjwAAAABwAIAAAAAAAAA=",
        "Q28BjwAAAABwAIAAAAAAAAA+",
        "Q28BjwAAAABwAIAAAAAAAAA/",
        "Q28BjwAAAABwAIAAAAAAAA\n ",
        "__________________Q28Bjw",
        "018f0000-0000-7000-8000-0",
        "ｑ28BjwAAAABwAIAAAAAAAAAB",
    ],
)
def test_what_cannot_be_an_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        ids.decode(text)
    assert refusal.value.extensions == {"code": "BAD_USER_INPUT"}
    assert "24" in refusal.value.message


def test_an_id_is_written_one_way() -> None:
    assert ids.encode("Co", KNOWN) == "Q28BjwAAAABwAIAAAAAAAAAB"
