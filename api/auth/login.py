"""Local sign-in: login, password and one-time code for a token of our own; for set-ups without an identity provider.

Whatever is wrong, the answer is the same and costs the same. Five failures lock the account for ten minutes; wrong
attempts also count against the address, together with wrong tokens.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api import clock
from api.auth import passwords, secret_files, totp
from api.auth.accounts import subject_of
from api.auth.asking import asking
from api.auth.issuer import OTP, PASSWORD, LocalIssuer
from api.auth.throttle import Throttle
from api.auth.tokens import LIFETIME_MAX
from api.auth.unidentified import UNAUTHENTICATED, Unidentified, too_many
from api.database import Database
from api.desk import SYSTEM, Actor, desk

FAILURES_MAX: Final = 5
LOCKED: Final = timedelta(minutes=10)

log = logging.getLogger("zhunze.auth")

_ASKED: Final = """
    SELECT a.id, a.active, c.password_hash, c.totp_sealed, c.totp_step, c.locked_until
    FROM account a JOIN credential c ON c.account_id = a.id WHERE a.login = lower($1) AND a.district_id = $2
"""
_FAILED: Final = """
    UPDATE credential SET failures = CASE WHEN failures + 1 < $3 THEN failures + 1 ELSE 0 END,
        locked_until = CASE WHEN failures + 1 < $3 THEN NULL ELSE $2::timestamptz + $4::interval END
    WHERE account_id = $1 AND (locked_until IS NULL OR locked_until <= $2) RETURNING locked_until
"""
_OPENED: Final = """
    UPDATE credential SET failures = 0, locked_until = NULL, totp_step = coalesce($3, totp_step)
    WHERE account_id = $1 AND (locked_until IS NULL OR locked_until <= $2)
        AND ($3::bigint IS NULL OR totp_step IS NULL OR totp_step < $3) RETURNING account_id
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody who signs in gives."""

    login: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and when it ends."""

    text: str = field(repr=False)
    expires_at: datetime


class SignIn:
    """Where local users sign in; one per process, sharing the gate's count of wrong attempts."""

    def __init__(
        self, database: Database, district_id: UUID, keys: tuple[LocalIssuer, bytes], throttle: Throttle
    ) -> None:
        self._database, self._district_id, self._throttle = database, district_id, throttle
        self._issuer, self._sealing = keys
        self._turn = asyncio.Semaphore(passwords.AT_ONCE)

    async def sign_in(self, attempt: Attempt, address: str) -> Token | Unidentified:
        """A token for whoever proves to be the login's owner."""
        now = clock.now()
        seconds = self._throttle.refused_for(address, now)
        if seconds is not None:
            return too_many(seconds)
        row = await self._row(attempt.login)
        right = await passwords.matches(row["password_hash"] if row else None, attempt.password, self._turn)
        ways = self._ways(row, attempt.code, now) if row and right else None
        if row is not None and ways is not None and await self._opened(row["id"], now, ways):
            shown = (PASSWORD, OTP) if ways.step is not None else (PASSWORD,)
            return Token(self._issuer.signed(row["id"], now, *shown), now.replace(microsecond=0) + LIFETIME_MAX)
        self._throttle.wrong(address, now)
        if row is not None:
            await self._failed(row["id"], now)
        return UNAUTHENTICATED

    async def _row(self, login: str) -> Mapping[str, Any] | None:
        async with asking(self._database) as connection:
            found: Mapping[str, Any] | None = await connection.fetchrow(_ASKED, login, self._district_id)
            return found

    def _ways(self, row: Mapping[str, Any], code: str | None, now: datetime) -> "_Ways | None":
        """How the login was proved beside the password; None = it was not."""
        if not row["active"]:
            return None
        if row["totp_sealed"] is None:
            return _Ways(None)
        secret = secret_files.unsealed(self._sealing, row["id"], row["totp_sealed"])
        if secret is None:
            log.error("a second factor cannot be unsealed: the key in the state folder is another one")
            return None
        step = totp.matched_step(secret, (code or "").strip(), now, row["totp_step"])
        return None if step is None else _Ways(step)

    async def _opened(self, account_id: UUID, now: datetime, ways: "_Ways") -> bool:
        """Keep the sign-in, unless the account is locked out or the code was used by somebody quicker."""
        me = Actor(subject_of(account_id), str(account_id), "ACCOUNT")
        async with desk(self._database, actor=me, district=self._district_id) as d:
            driver = await d.driver()
            kept = await driver.fetchval(_OPENED, account_id, now, ways.step)
            if kept is not None:
                detail = {"secondFactor": ways.step is not None}
                await d.record("session.opened", subject=subject_of(account_id), payload=detail)
        return kept is not None

    async def _failed(self, account_id: UUID, now: datetime) -> None:
        """Count a failure. The count is no act and has no entry; that an account locks is one."""
        async with asking(self._database) as connection:
            until = await connection.fetchval(_FAILED, account_id, now, FAILURES_MAX, LOCKED)
        if until is not None:
            async with desk(self._database, actor=SYSTEM, district=self._district_id) as d:
                await d.record("session.locked_out", subject=subject_of(account_id), payload={"until": until})


@dataclass(frozen=True, slots=True)
class _Ways:
    """What was shown beside the password: the time step of a one-time code; None = no code is bound."""

    step: int | None
