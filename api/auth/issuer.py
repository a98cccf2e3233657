"""Our own issuer, for a set-up without an identity provider: short tokens under the key in the state folder."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import OKPKey

from api.auth import secret_files
from api.auth.tokens import LIFETIME_MAX, REGISTRY, Trust, VerifyingKey

NAME: Final = "urn:zhunze:local"
AUDIENCE: Final = "zhunze"
CONSOLE: Final = "console"
"""Way of the machine's own user, who could read the signing key: counts as a second factor."""
OTP: Final = "otp"
PASSWORD: Final = "pwd"


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """Signs tokens and is their only key."""

    kid: str
    private: OKPKey
    public: OKPKey

    @classmethod
    def of(cls, state: Path) -> "LocalIssuer":
        """The issuer of a state folder; its key is made at first use."""
        private = Ed25519PrivateKey.from_private_bytes(secret_files.kept(state, secret_files.ISSUER))
        public = private.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(hashlib.sha256(raw).hexdigest()[:16], OKPKey.import_key(private), OKPKey.import_key(public))

    def signed(self, account_id: UUID, now: datetime, *ways: str, lifetime: timedelta = LIFETIME_MAX) -> str:
        """A token for an account; `ways` is how it was proved (`pwd`, `otp`, `console`)."""
        assert timedelta() < lifetime <= LIFETIME_MAX, "no token lives longer than a quarter of an hour"
        begins = int(now.timestamp())
        claims = {
            "iss": NAME,
            "aud": AUDIENCE,
            "sub": str(account_id),
            "iat": begins,
            "nbf": begins,
            "exp": begins + int(lifetime.total_seconds()),
            "jti": secrets.token_urlsafe(16),
            "amr": list(ways),
        }
        return jwt.encode({"alg": "EdDSA", "kid": self.kid, "typ": "at+jwt"}, claims, self.private, registry=REGISTRY)

    async def key(self, kid: str) -> VerifyingKey | None:
        """Our own key, if that is the one named."""
        return VerifyingKey("EdDSA", self.public) if kid == self.kid else None

    @property
    def trust(self) -> Trust:
        """How tokens of ours are believed."""
        return Trust(NAME, AUDIENCE, self, amr=frozenset({OTP, CONSOLE}))
