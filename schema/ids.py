"""Global ids: two bytes that name the type and the record's UUID, 24 characters of base64url.

An id says nothing to a client and lasts as long as the record. A text that cannot be an id is refused; a well-formed id
of nothing is simply unknown.
"""

from base64 import b64decode, urlsafe_b64encode
from typing import NamedTuple
from uuid import UUID

from schema.problems import BadInput

LENGTH = 24
ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class GlobalId(NamedTuple):
    """The type tag (two ASCII letters) and the record's UUID."""

    tag: str
    uuid: UUID


def encode(tag: str, uuid: UUID) -> str:
    """The global id of a record.

    >>> encode("Co", UUID("018f0000-0000-7000-8000-000000000001"))
    'Q28BjwAAAABwAIAAAAAAAAAB'
    """
    return urlsafe_b64encode(tag.encode("ascii") + uuid.bytes).decode("ascii")


def decode(text: str) -> GlobalId:
    """Tag and UUID of a global id; BAD_USER_INPUT if the text cannot be one.

    >>> decode("Q28BjwAAAABwAIAAAAAAAAAB")
    GlobalId(tag='Co', uuid=UUID('018f0000-0000-7000-8000-000000000001'))
    """
    if len(text) != LENGTH or not ALPHABET.issuperset(text):
        raise _malformed()
    raw = b64decode(text, altchars=b"-_")
    if not raw[:2].isalpha():
        raise _malformed()
    return GlobalId(raw[:2].decode("ascii"), UUID(bytes=raw[2:]))


def _malformed() -> BadInput:
    return BadInput(
        f"标识无效：标识由 {LENGTH} 个字符组成，请原样使用接口给出的 id。",
        f"This is no id: ids have {LENGTH} characters; use them exactly as the API returned them.",
    )
