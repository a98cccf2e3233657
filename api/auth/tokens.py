"""An access token to its claims: signature, issuer, audience and times, and no key that the token brings itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("EdDSA", "ES256", "RS256")
LEEWAY: Final = timedelta(seconds=60)
LIFETIME_MAX: Final = timedelta(minutes=15)
LENGTH_MAX: Final = 8192
TEXT_MAX: Final = 255
BRINGS_ITS_OWN: Final = frozenset({"crit", "jku", "x5u", "x5c", "jwk"})
"""Header members that would make us fetch or trust what the token says."""
TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})


class WrongToken(Exception):  # noqa: N818 (no error: an answer)
    """The token proves nothing; the reason is for our own log, never for the caller.

    `genuine`: it was ours or our provider's, and is of no use any more; nobody guessed, so it is not held against the
    address it came from.
    """

    def __init__(self, reason: str, *, genuine: bool = False) -> None:
        super().__init__(reason)
        self.genuine = genuine


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key and the one algorithm it is good for."""

    algorithm: str
    key: OKPKey | ECKey | RSAKey


class Keys(Protocol):
    """Where an issuer's keys are found."""

    async def key(self, kid: str) -> VerifyingKey | None:
        """The key of this id; None = the issuer has none such."""


@dataclass(frozen=True, slots=True)
class Trust:
    """An issuer we believe: its keys, what it calls us, and how it says that a second factor was shown."""

    issuer: str
    audience: str
    keys: Keys
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token is believed for: who it is, from when to when, and whether a second factor was shown."""

    issuer: str
    subject: str
    valid_from: datetime
    expires_at: datetime
    second_factor: bool


class Algorithms(JWSRegistry):
    """The algorithms on our list and no other, each without a remark on its name."""

    def get_alg(self, name: str) -> Any:
        """The algorithm of this name, if it is on the list."""
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError("not on the list")
        return self.algorithms[name]


REGISTRY: Final = Algorithms(algorithms=ALGORITHMS)


async def claims_of(text: str, trusted: Mapping[str, Trust], now: datetime) -> Claims:
    """The claims of a token. Raises `WrongToken` for whatever is wrong with it."""
    header, said = _opened(text)
    algorithm, kid = header.get("alg"), header.get("kid")
    trust = trusted.get(said["iss"]) if isinstance(said.get("iss"), str) else None
    if trust is None:
        raise WrongToken("issuer")
    if not isinstance(kid, str) or not 0 < len(kid) <= TEXT_MAX:
        raise WrongToken("key id")
    found = await trust.keys.key(kid)
    if found is None:
        raise WrongToken("unknown key")
    if found.algorithm != algorithm:
        raise WrongToken("algorithm of the key")
    try:
        token = jwt.decode(text, found.key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise WrongToken("signature") from None
    return _judged(token.claims, trust, now)


def _opened(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and payload before anything is believed; refused for what no token of ours has."""
    if len(text) > LENGTH_MAX or not text.isascii():
        raise WrongToken("size")
    try:
        found = jws.extract_compact(text.encode("ascii"), registry=REGISTRY)
        header, said = found.headers(), json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise WrongToken("form") from None
    if not isinstance(header, dict) or not isinstance(said, dict):
        raise WrongToken("form")
    if not BRINGS_ITS_OWN.isdisjoint(header):
        raise WrongToken("header")
    if header.get("alg") not in ALGORITHMS:
        raise WrongToken("algorithm")
    if str(header.get("typ", "JWT")).lower() not in TYPES:
        raise WrongToken("type")
    return header, said


def _judged(said: Mapping[str, Any], trust: Trust, now: datetime) -> Claims:
    if said.get("iss") != trust.issuer:
        raise WrongToken("issuer")
    audience = said.get("aud")
    if trust.audience not in (audience if isinstance(audience, list) else [audience]):
        raise WrongToken("audience")
    subject = _text(said, "sub")
    _text(said, "jti")
    begins, ends = _instant(said, "nbf"), _instant(said, "exp")
    issued = _instant(said, "iat") if "iat" in said else begins
    if now < max(begins, issued) - LEEWAY:
        raise WrongToken("not yet valid")
    if now >= ends + LEEWAY:
        raise WrongToken("expired", genuine=True)
    if not timedelta() < ends - min(begins, issued) <= LIFETIME_MAX:
        raise WrongToken("lifetime")
    return Claims(trust.issuer, subject, begins, ends, _second_factor(said, trust))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= TEXT_MAX:
        raise WrongToken(name)
    return value


def _instant(said: Mapping[str, Any], name: str) -> datetime:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 36:
        raise WrongToken(name)
    return datetime.fromtimestamp(value, UTC)


def _second_factor(said: Mapping[str, Any], trust: Trust) -> bool:
    ways = said.get("amr")
    shown = {each for each in ways if isinstance(each, str)} if isinstance(ways, list) else set()
    acr = said.get("acr")
    return bool(shown & trust.amr) or (isinstance(acr, str) and acr in trust.acr)
