"""Signed positions in an ordered list.

A cursor is the sort key and id of a row, sealed with a key made from the field, the order, the filter and the viewer's
scope. None of these stands in the text, yet a cursor of another list, another order, another filter or another caller
does not open.
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from schema.problems import BadInput

SEAL = 16
"""Bytes of the seal: HMAC-SHA-256 cut to 128 bits."""
SEPARATOR = "\x1f"
LENGTH_MAX = 4096


@lru_cache(maxsize=1024)
def list_key(master: bytes, context: str) -> bytes:
    """The key good for one list only; `context` names field, order, filter and viewer scope.

    >>> list_key(b"m", "companies|NAME||") == list_key(b"m", "companies|RANK||")
    False
    """
    return hmac.new(master, context.encode(), sha256).digest()


def seal(key: bytes, position: Sequence[str]) -> str:
    """The cursor of the row at this position (sort keys, then the row's own key).

    >>> open_(b"k", seal(b"k", ["hua", "018f"]), 2)
    ['hua', '018f']
    """
    payload = SEPARATOR.join(position).encode()
    return urlsafe_b64encode(payload + _tag(key, payload)).decode("ascii").rstrip("=")


def open_(key: bytes, cursor: str, parts: int) -> list[str]:
    """The position a cursor names, `parts` texts; BAD_USER_INPUT with INVALID_CURSOR if it is not one of this list."""
    payload = _payload(cursor)
    if not hmac.compare_digest(_tag(key, payload[:-SEAL]), payload[-SEAL:]):
        raise _invalid()
    position = payload[:-SEAL].decode().split(SEPARATOR)
    assert len(position) == parts, "only sealed positions of this list come here"
    return position


def _payload(cursor: str) -> bytes:
    if not cursor or len(cursor) > LENGTH_MAX or len(cursor) % 4 == 1:
        raise _invalid()
    try:
        payload = b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise _invalid() from None
    canonical = urlsafe_b64encode(payload).decode("ascii").rstrip("=")
    if len(payload) < SEAL or canonical != cursor:
        raise _invalid()
    return payload


def _tag(key: bytes, payload: bytes) -> bytes:
    return hmac.new(key, payload, sha256).digest()[:SEAL]


def _invalid() -> BadInput:
    return BadInput(
        "游标无效：请使用同一字段、同一筛选和排序下返回的 endCursor。",
        "The cursor is not valid here: use the endCursor returned for the same field, filter and order.",
        reason="INVALID_CURSOR",
    )
