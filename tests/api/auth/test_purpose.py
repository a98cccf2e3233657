"""The Purpose header: a reason of 10 to 200 characters, percent-encoded."""

from urllib.parse import quote

import pytest

from api.auth.purpose import BadPurpose, purpose_of


@pytest.mark.parametrize("text", ["核" * 10, "核" * 200, "𠮷" * 200, "ten letter", "a" * 200])
def test_reasons_are_read(text: str) -> None:
    assert purpose_of(quote(text)) == text


def test_no_header_is_no_reason() -> None:
    assert purpose_of(None) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "too short",
        quote("核" * 9),
        quote("核" * 201),
        "a" * 201,
        "核对企业负责人的联系电话",
        "%FF%FE" * 10,
        quote("核对联系人\n核对联系人"),
        quote("核对联系人\u202e核对联系人"),
        quote("核对联系人\u200b核对联系人"),
        " " * 20,
        "%41" * 801,
    ],
)
def test_what_is_no_reason_is_refused(value: str) -> None:
    with pytest.raises(BadPurpose):
        purpose_of(value)
