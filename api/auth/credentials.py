"""Acts on what proves a login: its password and its second factor."""

import asyncio
import secrets
from typing import Any

from api import clock
from api.auth import passwords, secret_files, totp
from api.auth.accounts import subject_of, the_account
from api.auth.asking import asking
from api.auth.found import account_named
from api.database import Database
from api.desk import Actor, desk
from api.refusals import Code, Refusal, Refused, Words


async def set_password(database: Database, actor: Actor, who: str, password: str) -> None:
    """Set a login's password; tokens given out before are worthless from then on."""
    async with asking(database) as connection:
        login = _login(await account_named(connection, who))
    plain = passwords.checked(password, login)
    stored = await asyncio.to_thread(passwords.hashed, plain)
    async with desk(database, actor=actor) as d:
        driver, account = await the_account(d, who)
        await driver.execute(
            "UPDATE credential SET password_hash = $2, failures = 0, locked_until = NULL WHERE account_id = $1",
            *(account["id"], stored),
        )
        await driver.execute("UPDATE account SET tokens_from = $2 WHERE id = $1", account["id"], d.moment)
        await d.record("session.password_set", subject=subject_of(account["id"]))


def fresh_factor() -> bytes:
    """A secret for an authenticator."""
    return secrets.token_bytes(totp.SECRET_BYTES)


async def set_factor(database: Database, actor: Actor, who: str, factor: tuple[bytes, str], sealing: bytes) -> None:
    """Bind an authenticator to a login, once it has shown a code. `factor` is its secret and that code."""
    secret, code = factor
    async with desk(database, actor=actor) as d:
        driver, account = await the_account(d, who)
        _login(account)
        step = totp.matched_step(secret, code.strip(), clock.now(), None)
        if step is None:
            raise Refused(
                Refusal(
                    Code.INVALID,
                    Words("动态口令不符，未启用。", "That is not the code of this moment; nothing was changed."),
                    Words("请核对设备时间后重试。", "Check the clock of the device and try again."),
                    ("code",),
                )
            )
        await driver.execute(
            "UPDATE credential SET totp_sealed = $2, totp_step = $3 WHERE account_id = $1",
            *(account["id"], secret_files.sealed(sealing, account["id"], secret), step),
        )
        await driver.execute("UPDATE account SET tokens_from = $2 WHERE id = $1", account["id"], d.moment)
        await d.record("session.factor_set", subject=subject_of(account["id"]))


async def drop_factor(database: Database, actor: Actor, who: str) -> None:
    """Take an authenticator off a login (a lost device); tokens of before are worthless then."""
    async with desk(database, actor=actor) as d:
        driver, account = await the_account(d, who)
        gone = await driver.fetchval(
            "UPDATE credential SET totp_sealed = NULL, totp_step = NULL WHERE account_id = $1"
            " AND totp_sealed IS NOT NULL RETURNING account_id",
            account["id"],
        )
        if gone is None:
            raise Refused(
                Refusal(
                    Code.NOT_FOUND,
                    Words("该账号没有绑定动态口令。", "No authenticator is bound to this account."),
                    Words("无需解除。", "There is nothing to take off."),
                )
            )
        await driver.execute("UPDATE account SET tokens_from = $2 WHERE id = $1", account["id"], d.moment)
        await d.record("session.factor_dropped", subject=subject_of(account["id"]))


def _login(account: Any) -> str:
    """The login of an account that signs in here; an identity provider looks after its own."""
    login: str | None = account["login"]
    if login is None:
        raise Refused(
            Refusal(
                Code.GUARD_FAILED,
                Words("该账号由身份提供方登录。", "This account signs in at an identity provider."),
                Words("请在身份提供方处设置密码和第二因素。", "Set password and second factor there."),
            )
        )
    return login
