"""What an account may do now, and what proves it: read from our tables, in one statement each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.auth.asking import ASK_SECONDS, asking
from api.auth.keys import Key
from api.database import Database
from schema.directives import Role

USE_STEP: Final = timedelta(minutes=1)

_STANDING = """
    SELECT a.id, a.district_id, a.name, a.login, a.person_id, a.company_id, a.area_ids, a.organisation, a.active,
        a.tokens_from,
        array(SELECT g.role FROM role_grant g WHERE g.account_id = a.id AND g.valid_from <= $1
            AND (g.valid_to IS NULL OR g.valid_to > $1)) AS roles,
        (SELECT min(edge) FROM role_grant g, LATERAL (VALUES (g.valid_from), (g.valid_to)) AS edges (edge)
            WHERE g.account_id = a.id AND edge > $1) AS changes_at
"""
_BY_ID = f"{_STANDING} FROM account a WHERE a.id = $2 AND a.issuer IS NULL"
_BY_SUBJECT = f"{_STANDING} FROM account a WHERE a.issuer = $2 AND a.subject = $3"
_BY_KEY = f"""{_STANDING}, k.digest, k.roles AS key_roles, k.cycle_id, k.addresses, k.expires_at
    FROM api_key k JOIN account a ON a.id = k.account_id
    WHERE k.id = $2 AND k.revoked_at IS NULL"""
_USED = """
    INSERT INTO key_use AS u (key_id, used_at) VALUES ($1, $2)
    ON CONFLICT (key_id) DO UPDATE SET used_at = excluded.used_at WHERE u.used_at <= excluded.used_at - $3::interval
"""


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What narrows a key, and what its secret is checked against."""

    id: UUID
    digest: bytes
    roles: frozenset[Role]
    cycle_id: UUID | None
    addresses: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it stands."""

    account_id: UUID
    district_id: UUID
    name: str
    login: str | None
    roles: frozenset[Role]
    person_id: UUID | None
    company_id: UUID | None
    area_ids: frozenset[UUID]
    organisation: str | None
    active: bool
    tokens_from: datetime
    changes_at: datetime | None
    """When a grant begins or ends next."""
    key: KeyTerms | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """Reads standings; the database's own errors pass through to whoever answers the request."""

    database: Database

    async def number(self) -> int:
        """How often accounts, grants or keys have changed."""
        async with self.database.engine.connect() as connection:
            raw = await Database.driver(connection)
            return int(await raw.fetchval("SELECT number FROM account_change WHERE id = 1", timeout=ASK_SECONDS))

    async def of_account(self, account_id: UUID, now: datetime) -> Standing | None:
        """The account of a subject of our own issuer."""
        return _standing(await self._row(_BY_ID, now, account_id))

    async def of_subject(self, issuer: str, subject: str, now: datetime) -> Standing | None:
        """The account of a subject of an identity provider."""
        return _standing(await self._row(_BY_SUBJECT, now, issuer, subject))

    async def of_key(self, key: Key, now: datetime) -> Standing | None:
        """The account behind a key that is not revoked; whether secret, day and address are right is not looked at."""
        row = await self._row(_BY_KEY, now, key.id)
        if row is None:
            return None
        roles = frozenset(Role[code] for code in row["key_roles"])
        terms = KeyTerms(key.id, row["digest"], roles, row["cycle_id"], tuple(row["addresses"]), row["expires_at"])
        return _standing(row, terms)

    async def used(self, key_id: UUID, now: datetime) -> None:
        """Note that a key was used; one note a minute. No act, so it has no entry in the log."""
        async with asking(self.database) as connection:
            await connection.execute(_USED, key_id, now, USE_STEP)

    async def _row(self, statement: str, *given: Any) -> Mapping[str, Any] | None:
        async with asking(self.database) as connection:
            found: Mapping[str, Any] | None = await connection.fetchrow(statement, *given)
            return found


def _standing(row: Mapping[str, Any] | None, key: KeyTerms | None = None) -> Standing | None:
    if row is None:
        return None
    return Standing(
        account_id=row["id"],
        district_id=row["district_id"],
        name=row["name"],
        login=row["login"],
        roles=frozenset(Role[code] for code in row["roles"]),
        person_id=row["person_id"],
        company_id=row["company_id"],
        area_ids=frozenset(row["area_ids"]),
        organisation=row["organisation"],
        active=row["active"],
        tokens_from=row["tokens_from"],
        changes_at=row["changes_at"],
        key=key,
    )
