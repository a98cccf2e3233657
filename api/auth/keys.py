"""The form of an API key: `zhunze_<environment>_<id>_<secret>_<check>`, so that scanners find it and slips show.

The secret has 192 random bits; the check is the CRC-32 of all before it. Stored is HMAC-SHA-256(pepper, secret).
"""

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

PREFIX: Final = "zhunze"
SECRET_BYTES: Final = 24
_FORM: Final = re.compile(r"(zhunze_[a-z0-9]{2,12}_([0-9a-f]{32})_([0-9a-f]{48}))_([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its bearer holds it."""

    id: UUID
    secret: str

    def written(self, environment: str) -> str:
        """The key as it is shown, once.

        >>> Key(UUID(int=7), "ab" * 24).written("dev")[:44]
        'zhunze_dev_00000000000000000000000000000007_'
        """
        text = f"{PREFIX}_{environment}_{self.id.hex}_{self.secret}"
        return f"{text}_{zlib.crc32(text.encode('ascii')):08x}"

    def digest(self, pepper: bytes) -> bytes:
        """What is stored of the secret."""
        return hmac.digest(pepper, self.secret.encode("ascii"), hashlib.sha256)

    def __repr__(self) -> str:
        return f"Key({self.id})"


def made(key_id: UUID) -> Key:
    """A fresh key of this id."""
    return Key(key_id, secrets.token_hex(SECRET_BYTES))


def read(text: str, environment: str) -> Key | None:
    """The key a text is, if its form, check and environment are right; no database is asked for less.

    >>> text = Key(UUID(int=7), "ab" * 24).written("dev")
    >>> read(text, "dev"), read(text, "live"), read(text.replace("ab", "ac", 1), "dev")
    (Key(00000000-0000-0000-0000-000000000007), None, None)
    """
    found = _FORM.fullmatch(text)
    if found is None or not text.startswith(f"{PREFIX}_{environment}_"):
        return None
    body, key_id, secret, check = found.groups()
    return Key(UUID(hex=key_id), secret) if int(check, 16) == zlib.crc32(body.encode("ascii")) else None
