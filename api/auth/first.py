"""The first administrator: a code printed when the program starts without any account, good once.

Only its hash is kept, in the state folder, so that the server and the command line know the same code. A new start
without an account makes a new code.
"""

import hashlib
import hmac
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from api.auth import passwords
from api.auth.accounts import NewAccount, added, granted
from api.auth.asking import asking
from api.database import Database
from api.desk import Actor, desk
from api.districts import the_district
from api.refusals import Code, Refusal, Refused, Words
from schema.directives import Role

FILE: Final = "first.code"
GROUPS: Final = 4
GROUP_DIGITS: Final = 5
"""Four groups of five characters out of 32: 100 bits, too many to guess."""
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FIRST: Final = Actor("console:first", "first", "SECURITY_ADMIN")


@dataclass(frozen=True, slots=True)
class First:
    """Who becomes the first administrator, and the code that allows it."""

    code: str = field(repr=False)
    login: str
    name: str
    password: str = field(repr=False)


async def announced(database: Database, state: Path) -> str | None:
    """A fresh code if there is no account yet, else None."""
    async with asking(database) as connection:
        if await connection.fetchval("SELECT EXISTS (SELECT 1 FROM account)"):
            _forget(state)
            return None
    return _new_code(state)


async def redeem(database: Database, state: Path, first: First, district: str | None = None) -> UUID:
    """Make the first account, a security administrator. Raises `Refused` where the code is wrong or it is too late."""
    if not hmac.compare_digest(_stored(state), _hashed(first.code)):
        raise Refused(
            Refusal(
                Code.FORBIDDEN,
                Words(
                    "首位管理员代码不对或已失效。", "This is not the code of the first administrator, or it is used up."
                ),
                Words("请重启服务，用新打印的代码。", "Start the server again and use the code it prints."),
                ("code",),
            )
        )
    stored_hash = passwords.hashed(passwords.checked(first.password, first.login))
    async with desk(database, actor=FIRST) as d:
        driver = await d.driver()
        if await driver.fetchval("SELECT EXISTS (SELECT 1 FROM account)"):
            raise Refused(
                Refusal(
                    Code.ILLEGAL_TRANSITION,
                    Words("已有账号，首位管理员代码不再有效。", "There are accounts already: the code is void."),
                    Words(
                        "请在本机用 zhunze account add、password 和 grant 添加。",
                        "Add more on this machine: zhunze account add, password and grant.",
                    ),
                )
            )
        d.district = (await the_district(driver, district)).id
        account_id = await added(d, NewAccount(name=first.name, login=first.login))
        await driver.execute("UPDATE credential SET password_hash = $2 WHERE account_id = $1", account_id, stored_hash)
        account = await driver.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
        await granted(d, account, Role.SECURITY_ADMIN)
    _forget(state)
    return account_id


def _new_code(state: Path) -> str:
    """A code of four groups; its hash replaces that of any before."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_DIGITS)) for _ in range(GROUPS))
    code = "-".join(groups)
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=state, delete=False) as fresh:
        fresh.write(_hashed(code))
    Path(fresh.name).replace(state / FILE)
    return code


def _stored(state: Path) -> str:
    path = state / FILE
    return path.read_text(encoding="ascii") if path.exists() else ""


def _forget(state: Path) -> None:
    (state / FILE).unlink(missing_ok=True)


def _hashed(code: str) -> str:
    plain = "".join(each for each in code.upper() if each in ALPHABET)
    return hashlib.sha256(f"zhunze first {plain}".encode()).hexdigest()
