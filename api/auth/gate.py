"""A request to its viewer: who calls, proved by a token or a key, with the roles our own tables give at this moment.

    no Authorization header                    → the PUBLIC viewer
    Bearer <token of an issuer we believe>     → the account of its subject
    Bearer zhunze_<…>                          → the account of the key, narrowed to the key's roles and cycle
    anything else                              → Unidentified, one text for all

Roles that need a second factor are left out where none was shown. Where that leaves nothing of what the account holds,
the caller is not let in: signing in with the second factor is the remedy, and PUBLIC rows alone would mislead.
"""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from starlette.datastructures import Headers

from api import clock
from api.addresses import within
from api.auth import keys, secret_files
from api.auth.issuer import NAME as OWN
from api.auth.issuer import LocalIssuer
from api.auth.jwks import PublishedKeys, reader
from api.auth.memory import LOOK_SECONDS, Known, Memory
from api.auth.purpose import BadPurpose, purpose_of
from api.auth.rules import KEY_ROLES, conflicts, counted
from api.auth.standings import Standing, Standings
from api.auth.throttle import Throttle
from api.auth.tokens import LEEWAY, LENGTH_MAX, Claims, Trust, WrongToken, claims_of
from api.auth.unidentified import BAD_PURPOSE, UNAUTHENTICATED, Unidentified, too_many
from api.database import FAILED, Database
from api.settings import Settings
from schema.directives import Role
from schema.viewer import Viewer

KEPT: Final = timedelta(minutes=1)
"""After this a token's signature is checked again, so that a key taken back by its provider goes."""

log = logging.getLogger("zhunze.auth")


class Caller(Enum):
    """How a caller was let in: buckets and trusted documents go by it."""

    ANONYMOUS = "anonymous"
    PERSON = "token"
    PROGRAM = "key"


@dataclass(frozen=True, slots=True)
class Admission:
    """A viewer, how it was let in, and until when that holds (null = for ever)."""

    viewer: Viewer
    caller: Caller
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A bearer's proof after everything that our tables do not know was checked."""

    standing: Standing
    expires_at: datetime
    second_factor: bool
    claims: Claims | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What proofs are checked by: issuers by name, and how API keys are read."""

    trusted: Mapping[str, Trust]
    pepper: bytes
    environment: str


def secrets_of(settings: Settings, *, local: bool) -> Secrets:
    """The issuers and the pepper of these settings; our own issuer only where `local` sign-in is open."""
    trusted = {}
    if local:
        own = LocalIssuer.of(settings.state).trust
        trusted[own.issuer] = own
    if settings.oidc_issuer and settings.oidc_audience and settings.oidc_jwks:
        published = PublishedKeys(reader(settings.oidc_jwks))
        acr = frozenset(settings.oidc_second_factor)
        trusted[settings.oidc_issuer] = Trust(settings.oidc_issuer, settings.oidc_audience, published, acr)
    return Secrets(trusted, pepper_of(settings), settings.key_environment)


def pepper_of(settings: Settings) -> bytes:
    """What API keys are hashed with: from the settings, else from the state folder."""
    if settings.key_pepper is not None:
        return settings.key_pepper.get_secret_value().encode("utf-8")
    return secret_files.kept(settings.state, secret_files.PEPPER)


def every(headers: Mapping[str, str], name: str) -> list[str]:
    """All headers of a name (lower case); a plain mapping has one at most.

    >>> every(Headers(raw=[(b"purpose", b"a"), (b"purpose", b"b")]), "purpose"), every({}, "purpose")
    (['a', 'b'], [])
    """
    if isinstance(headers, Headers):
        return headers.getlist(name)
    return [headers[name]] if name in headers else []


class Gate:
    """The gate of one district in one process."""

    def __init__(
        self, database: Database, district_id: UUID, proofs: Secrets, *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self.district_id = district_id
        self.throttle = Throttle()
        self._proofs = proofs
        self._standings = Standings(database)
        self._memory: Memory[Proof] = Memory(self._standings.number, look_seconds)
        self._used: dict[UUID, datetime] = {}

    async def identify(self, headers: Mapping[str, str], address: str) -> Viewer | Unidentified:
        """The viewer of a request. Errors of the database pass through: nobody is then known or refused."""
        admission = await self.admit(headers, address)
        return admission if isinstance(admission, Unidentified) else admission.viewer

    async def admit(self, headers: Mapping[str, str], address: str) -> Admission | Unidentified:
        """The viewer of a request, how it was let in, and for how long."""
        given, purposes = every(headers, "authorization"), every(headers, "purpose")
        try:
            purpose = purpose_of(", ".join(purposes) if purposes else None)
        except BadPurpose:
            return BAD_PURPOSE
        if not given:
            return await self.admit_bearer(None, address)
        scheme, _, bearer = given[0].strip().partition(" ")
        one = len(given) == 1 and scheme.lower() == "bearer"
        return await self.admit_bearer(bearer.strip() if one else "", address, purpose)

    async def admit_bearer(
        self, bearer: str | None, address: str, purpose: str | None = None
    ) -> Admission | Unidentified:
        """The same for a proof that came another way (the first message of a stream); None = nobody signed in."""
        if bearer is None:
            return Admission(Viewer(self.district_id), Caller.ANONYMOUS)
        now = clock.now()
        seconds = self.throttle.refused_for(address, now)
        if seconds is not None:
            return too_many(seconds)
        try:
            proof = await self._proof(bearer, address, now)
            admission = self._admitted(proof, purpose)
        except WrongToken as wrong:
            log.info("a proof of identity was refused: %s", wrong)
            if not wrong.genuine:
                self.throttle.wrong(address, now)
            return UNAUTHENTICATED
        if proof.standing.key is not None:
            await self._note_use(proof.standing.key.id, now)
        return admission

    async def _proof(self, bearer: str, address: str, now: datetime) -> Proof:
        """The proof, as good at this instant and from this address. Raises `WrongToken`."""
        if not bearer or len(bearer) > LENGTH_MAX:
            raise WrongToken("size")
        load = self._from_key if bearer.startswith(f"{keys.PREFIX}_") else self._from_token
        digest = hashlib.sha256(bearer.encode("utf-8", "surrogateescape")).digest()
        proof = await self._memory.recall(digest, now, lambda: load(bearer, now))
        if proof is None:
            raise WrongToken("account", genuine=True)
        standing = proof.standing
        if now >= proof.expires_at:
            raise WrongToken("expired", genuine=True)
        if not standing.active or standing.district_id != self.district_id:
            raise WrongToken("account", genuine=True)
        if proof.claims is not None and proof.claims.valid_from < standing.tokens_from.replace(microsecond=0):
            raise WrongToken("signed out", genuine=True)
        if standing.key is not None and not within(address, list(standing.key.addresses)):
            raise WrongToken("address", genuine=True)
        return proof

    async def _from_token(self, bearer: str, now: datetime) -> Known[Proof] | None:
        claims = await claims_of(bearer, self._proofs.trusted, now)
        standing = await self._standing_of(claims, now)
        if standing is None:
            return None
        ends = [now + KEPT, *([standing.changes_at] if standing.changes_at else [])]
        return Known(Proof(standing, claims.expires_at + LEEWAY, claims.second_factor, claims), min(ends))

    async def _standing_of(self, claims: Claims, now: datetime) -> Standing | None:
        if claims.issuer != OWN:
            return await self._standings.of_subject(claims.issuer, claims.subject, now)
        try:
            return await self._standings.of_account(UUID(claims.subject), now)
        except ValueError:
            return None

    async def _from_key(self, bearer: str, now: datetime) -> Known[Proof] | None:
        key = keys.read(bearer, self._proofs.environment)
        if key is None:
            raise WrongToken("form of a key")
        standing = await self._standings.of_key(key, now)
        terms = standing.key if standing else None
        stored = terms.digest if terms else bytes(hashlib.sha256().digest_size)
        right = hmac.compare_digest(stored, key.digest(self._proofs.pepper))
        if standing is None or terms is None or not right:
            raise WrongToken("key")
        return Known(Proof(standing, terms.expires_at, second_factor=False), standing.changes_at)

    def _admitted(self, proof: Proof, purpose: str | None) -> Admission:
        standing, key = proof.standing, proof.standing.key
        held = standing.roles if key is None else standing.roles & key.roles & KEY_ROLES
        roles = counted(held, second_factor=proof.second_factor)
        if roles == {Role.PUBLIC} and (held or key is not None):
            raise WrongToken("second factor" if held else "key without a role", genuine=True)
        if key is not None and key.cycle_id is not None and held != {Role.AUDITOR}:
            # What other roles see is not parted by cycles: such a key would open more than it says.
            raise WrongToken("key for a cycle with other roles", genuine=True)
        if any(conflicts(roles, role) for role in roles):
            # The database lets nobody be granted both; whoever has them all the same is not let in as either.
            log.error("account %s holds roles that may not meet in one person", standing.account_id)
            raise WrongToken("roles that may not meet", genuine=True)
        viewer = Viewer(
            district_id=self.district_id,
            roles=roles,
            account_id=standing.account_id,
            person_id=standing.person_id,
            company_id=standing.company_id if Role.COMPANY in roles else None,
            area_ids=standing.area_ids if Role.INSPECTOR in roles else frozenset(),
            organisation=standing.organisation,
            name=standing.name,
            cycle_id=key.cycle_id if key else None,
            purpose=purpose,
        )
        return Admission(viewer, Caller.PROGRAM if key else Caller.PERSON, proof.expires_at)

    async def _note_use(self, key_id: UUID, now: datetime) -> None:
        """Note the use of a key at most once a minute; a note that fails keeps nobody out."""
        last = self._used.get(key_id)
        if last is not None and last <= now < last + timedelta(minutes=1):
            return
        self._used[key_id] = now
        try:
            await self._standings.used(key_id, now)
        except (*FAILED, TimeoutError) as error:
            log.warning("the use of a key could not be noted: %s", type(error).__name__)
