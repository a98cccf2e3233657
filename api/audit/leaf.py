"""An act as the log keeps it: the leaf with its hashes, and the sealed payload beside it. Pure.

The salt is part of what is sealed. So erasing one key takes away payload, actor and subject together, and nobody can
try out guesses against the hashes that stay.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.audit.canonical import canonical, instant

ALGORITHM: Final = "SHA-256"
VERSION: Final = 1
SALT_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as of that moment: a stable reference, and name, role and body as shown."""

    ref: str
    name: str
    role: str
    organisation: str | None = None


SYSTEM: Final = Actor("system", "系统", "SYSTEM")
"""Acts of the clock and of the command line's own start."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be logged."""

    action: str
    actor: Actor
    district: UUID | None
    subject: str | None
    occurred_at: datetime
    detail: Mapping[str, object]

    def payload(self) -> bytes:
        """Everything a reader of the log with the right to it may see, canonical."""
        actor = {"ref": self.actor.ref, "name": self.actor.name, "role": self.actor.role}
        return canonical(
            {
                "actor": actor | {"organisation": self.actor.organisation},
                "detail": dict(self.detail),
                "district": self.district,
                "subject": self.subject,
            }
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the log; `data` is what is hashed."""

    seq: int
    recorded_at: datetime
    occurred_at: datetime
    action: str
    actor_hash: bytes
    subject_hash: bytes
    payload_hash: bytes

    @property
    def data(self) -> bytes:
        """The leaf's canonical JSON."""
        return canonical(
            {
                "v": VERSION,
                "seq": self.seq,
                "action": self.action,
                "occurredAt": instant(self.occurred_at),
                "recordedAt": instant(self.recorded_at),
                "actor": self.actor_hash.hex(),
                "subject": self.subject_hash.hex(),
                "payloadHash": self.payload_hash.hex(),
            }
        )

    @property
    def leaf_hash(self) -> bytes:
        """SHA-256(0x00 ‖ data), as in RFC 6962."""
        return hashlib.sha256(b"\x00" + self.data).digest()


def leaf_of(act: Act, seq: int, recorded_at: datetime, salt: bytes) -> Leaf:
    """The leaf of an act; equal acts with different salts have nothing in common that shows."""
    return Leaf(
        seq=seq,
        recorded_at=recorded_at,
        occurred_at=act.occurred_at,
        action=act.action,
        actor_hash=salted(salt, "actor", act.actor.ref),
        subject_hash=salted(salt, "subject", act.subject or ""),
        payload_hash=hashlib.sha256(salt + act.payload()).digest(),
    )


def salted(salt: bytes, role: str, reference: str) -> bytes:
    """SHA-256 of a reference, not comparable between entries nor between the places it stands in."""
    return hashlib.sha256(salt + role.encode() + b"\x00" + reference.encode()).digest()


def seal(secret: bytes, seq: int, salted_payload: bytes, nonce: bytes) -> bytes:
    """Encrypt salt ‖ payload for one entry (AES-256-GCM, bound to its number)."""
    assert (len(nonce), len(secret)) == (NONCE_BYTES, KEY_BYTES), "sizes of AES-256-GCM"
    return nonce + AESGCM(secret).encrypt(nonce, salted_payload, _bound_to(seq))


def unseal(secret: bytes, seq: int, sealed: bytes) -> tuple[bytes, bytes]:
    """Salt and payload of an entry. Raises `cryptography.exceptions.InvalidTag` if any of it was changed."""
    plain = AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(seq))
    return plain[:SALT_BYTES], plain[SALT_BYTES:]


def _bound_to(seq: int) -> bytes:
    return b"zhunze audit payload %d" % seq
