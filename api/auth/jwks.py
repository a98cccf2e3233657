"""The keys an identity provider publishes (JWKS, from a file or over HTTPS), read in a task of their own.

A caller never waits longer than `WAIT_SECONDS`, whatever the provider does; keys once read serve on for an hour while
the provider is away, longer than any token lives.
"""

import asyncio
import json
import logging
import time
import urllib.request
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from api.auth.tokens import VerifyingKey

FRESH_SECONDS: Final = 600
"""After this the keys are read again, while the old ones serve on."""
KEPT_SECONDS: Final = 3600
AGAIN_SECONDS: Final = 60
"""The provider is asked at most this often, whatever key ids callers name."""
WAIT_SECONDS: Final = 3
READ_SECONDS: Final = 5
BYTES_MAX: Final = 262_144
RSA_BITS_MIN: Final = 2048
KEYS_MAX: Final = 100

log = logging.getLogger("zhunze.auth")
Read = Callable[[], Awaitable[bytes]]


class PublishedKeys:
    """The keys of one provider."""

    def __init__(self, read: Read, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._read, self._elapsed = read, elapsed
        self._keys: Mapping[str, VerifyingKey] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._task: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> VerifyingKey | None:
        """The key of this id, after one more look at the provider if it is not known and a look is due."""
        age = self._since(self._read_at)
        if age is None or age > KEPT_SECONDS:
            self._keys = {}
        known = self._keys.get(kid)
        if known is None or age is None or age > FRESH_SECONDS:
            task = self._look()
            if known is None and task is not None:
                await asyncio.wait({task}, timeout=WAIT_SECONDS)
                known = self._keys.get(kid)
        return known

    def _since(self, moment: float | None) -> float | None:
        return None if moment is None else self._elapsed() - moment

    def _look(self) -> asyncio.Task[None] | None:
        """The look under way, or a new one if it is due."""
        if self._task is not None and not self._task.done():
            return self._task
        tried = self._since(self._tried_at)
        if tried is not None and tried < AGAIN_SECONDS:
            return None
        self._tried_at = self._elapsed()
        self._task = asyncio.create_task(self._refresh())
        return self._task

    async def _refresh(self) -> None:
        try:
            self._keys = keys_in(await self._read())
        except (OSError, ValueError) as error:
            log.warning("the keys of the identity provider could not be read: %s", type(error).__name__)
        else:
            self._read_at = self._elapsed()


def keys_in(text: bytes) -> Mapping[str, VerifyingKey]:
    """The signing keys of a JWKS by id: Ed25519, P-256, RSA of 2048 bits and more; others are left out.

    Raises `ValueError` if the text is no JWKS.
    """
    document = json.loads(text)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > KEYS_MAX:
        raise ValueError("no key set")
    found = {each["kid"]: _verifying(each) for each in entries if isinstance(each, dict) and _signs(each)}
    return {kid: key for kid, key in found.items() if key is not None}


def _signs(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("kid"), str) and entry.get("use", "sig") == "sig"


def _verifying(entry: dict[str, Any]) -> VerifyingKey | None:
    """One key of the set, its public half; None if it is none of ours."""
    kind = (entry.get("kty"), entry.get("crv"))
    try:
        found = _read_key(kind, {name: entry[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in entry})
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return found if found and entry.get("alg", found.algorithm) == found.algorithm else None


def _read_key(kind: tuple[Any, Any], public: dict[str, Any]) -> VerifyingKey | None:
    if kind == ("OKP", "Ed25519"):
        return VerifyingKey("EdDSA", OKPKey.import_key(public))
    if kind == ("EC", "P-256"):
        return VerifyingKey("ES256", ECKey.import_key(public))
    if kind == ("RSA", None) and _bits(public["n"]) >= RSA_BITS_MIN:
        return VerifyingKey("RS256", RSAKey.import_key(public))
    return None


def _bits(number: str) -> int:
    """Length of a base64url number, rounded up to whole bytes."""
    return len(number.rstrip("=")) * 6 // 8 * 8


def reader(place: str) -> Read:
    """Reads the key set from an `https:` address or a file."""

    def read() -> bytes:
        return _fetched(place) if place.startswith("https://") else Path(place).read_bytes()

    async def apart() -> bytes:
        return await asyncio.to_thread(read)

    return apart


class _Stay(urllib.request.HTTPRedirectHandler):
    """The address in the settings is the one that is trusted: nobody is sent elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing; the answer then counts as a failure."""


def _fetched(address: str) -> bytes:
    until = time.monotonic() + READ_SECONDS
    opener = urllib.request.build_opener(_Stay)
    with opener.open(
        urllib.request.Request(address, headers={"Accept": "application/json"}), timeout=READ_SECONDS
    ) as got:
        body = b""
        while chunk := got.read1(65_536):
            body += chunk
            if len(body) > BYTES_MAX or time.monotonic() > until:
                raise ValueError("too much, or too slow")
    return body
