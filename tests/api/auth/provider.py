"""An identity provider for tests: three keys, a key set, and tokens as right or as wrong as wanted."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.api.auth.conftest import NOON

ISSUER = "https://id.example/realms/district"
AUDIENCE = "zhunze-api"


@dataclass(frozen=True)
class Provider:
    """Signs without a library that could refuse what is wrong."""

    rsa: rsa.RSAPrivateKey
    p256: ec.EllipticCurvePrivateKey
    edwards: ed25519.Ed25519PrivateKey

    @classmethod
    def made(cls) -> "Provider":
        return cls(
            rsa.generate_private_key(65537, 2048),
            ec.generate_private_key(ec.SECP256R1()),
            ed25519.Ed25519PrivateKey.generate(),
        )

    def key_set(self, *names: str) -> bytes:
        """The JWKS with these of its keys (RS256, ES256, EdDSA), by default all."""
        public: dict[str, Any] = {
            "RS256": RSAKey.import_key(self.rsa.public_key()).as_dict(private=False),
            "ES256": ECKey.import_key(self.p256.public_key()).as_dict(private=False),
            "EdDSA": OKPKey.import_key(self.edwards.public_key()).as_dict(private=False),
        }
        keys = [{**public[name], "kid": name, "use": "sig"} for name in names or public]
        return json.dumps({"keys": keys}).encode()

    def signature(self, algorithm: str, text: bytes) -> bytes:
        """The signature by an algorithm; HS256 takes the RSA key's public text for its secret."""
        if algorithm == "RS256":
            return self.rsa.sign(text, padding.PKCS1v15(), hashes.SHA256())
        if algorithm == "RS512":
            return self.rsa.sign(text, padding.PKCS1v15(), hashes.SHA512())
        if algorithm == "ES256":
            r, s = decode_dss_signature(self.p256.sign(text, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        if algorithm == "EdDSA":
            return self.edwards.sign(text)
        if algorithm == "HS256":
            return hmac.digest(self.public_text(), text, hashlib.sha256)
        return b""

    def public_text(self) -> bytes:
        """The RSA key as everybody can have it."""
        return self.rsa.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def token(
        self, claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None, *, by: str | None = None
    ) -> str:
        """A right token of an unknown subject, changed by `claims` and `header` (None takes a member out)."""
        given = {"alg": "EdDSA", "typ": "at+jwt", **(header or {})}
        head = changed({"kid": given["alg"]}, given)
        text = f"{encoded(head)}.{encoded(changed(right_claims(), claims))}"
        signed = self.signature(by or str(head.get("alg")), text.encode("ascii"))
        return f"{text}.{urlsafe_b64encode(signed).decode().rstrip('=')}"


def right_claims(moment: datetime = NOON) -> dict[str, Any]:
    """What a right token says."""
    now = int(moment.timestamp())
    who = {"iss": ISSUER, "aud": AUDIENCE, "sub": "li.ming", "jti": "t-1"}
    return who | {"iat": now, "nbf": now, "exp": now + 900}


def changed(what: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
    """A mapping with some members set anew, and those set to None taken out."""
    return {name: value for name, value in {**what, **(changes or {})}.items() if value is not None}


def encoded(what: dict[str, Any]) -> str:
    """A part of a token."""
    return urlsafe_b64encode(json.dumps(what).encode()).decode().rstrip("=")
