"""The names of evidence and results: sha256 over canonical JSON."""

import json
from hashlib import sha256
from typing import Any


def canonical_bytes(data: Any) -> bytes:
    """Return JSON with sorted keys and no layout, in UTF-8.

    >>> canonical_bytes({"b": 1, "a": "湘"})
    b'{"a":"\\xe6\\xb9\\x98","b":1}'
    """
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data: Any) -> str:
    """Return the name of some plain JSON.

    >>> digest({})[:19]
    'sha256:44136fa355b3'
    """
    return f"sha256:{sha256(canonical_bytes(data)).hexdigest()}"
