"""The `Purpose` header: why clear personal data are asked for.

Header values are ASCII, so the reason is written as percent-encoded UTF-8 (RFC 3986); plain ASCII stands for itself.
"""

import unicodedata
from typing import Final
from urllib.parse import unquote_to_bytes

LENGTH_MIN: Final = 10
LENGTH_MAX: Final = 200
ENCODED_MAX: Final = LENGTH_MAX * 12
"""Longest header that can hold so many characters: four bytes each, three characters a byte."""


class BadPurpose(Exception):  # noqa: N818 (no error: an answer)
    """The header is there, and is no purpose."""


def purpose_of(value: str | None) -> str | None:
    """The reason given, None if there is none. Raises `BadPurpose` where the header is no reason.

    >>> purpose_of("%E5%A4%84%E7%90%86%E4%BF%A1%E8%AE%BF%EF%BC%8C%E6%A0%B8%E5%AF%B9%E8%81%94%E7%B3%BB%E4%BA%BA")
    '处理信访，核对联系人'
    >>> purpose_of("check of a complaint")
    'check of a complaint'
    """
    if value is None:
        return None
    if len(value) > ENCODED_MAX or not value.isascii():
        raise BadPurpose
    try:
        text = unicodedata.normalize("NFC", unquote_to_bytes(value).decode("utf-8")).strip()
    except UnicodeDecodeError:
        raise BadPurpose from None
    if not LENGTH_MIN <= len(text) <= LENGTH_MAX or any(unicodedata.category(each)[0] == "C" for each in text):
        raise BadPurpose
    return text
