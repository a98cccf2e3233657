"""Accounts, grants and keys as a security administrator sees them; secrets are not even read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.markup import escape

from api import clock
from api.auth.asking import asking
from api.auth.found import account_named
from api.console.edge import OUTPUT
from api.console.reports import table
from api.database import Database

Row = Mapping[str, Any]

_ACCOUNTS = """
    SELECT a.id, coalesce(a.login, a.subject) AS login, a.name, a.active, c.totp_sealed IS NOT NULL AS factor,
        array(SELECT g.role FROM role_grant g WHERE g.account_id = a.id AND g.valid_from <= $1
            AND (g.valid_to IS NULL OR g.valid_to > $1) ORDER BY 1) AS roles
    FROM account a JOIN credential c ON c.account_id = a.id ORDER BY a.id
"""
_KEYS = """
    SELECT k.id, k.label, coalesce(a.login, a.subject) AS login, k.roles, k.expires_at, k.revoked_at, u.used_at,
        k.addresses
    FROM api_key k JOIN account a ON a.id = k.account_id LEFT JOIN key_use u ON u.key_id = k.id
    WHERE $1::uuid IS NULL OR a.id = $1 ORDER BY k.id
"""
_GRANTS = "SELECT role, valid_from, valid_to, granted_by, revoked_by FROM role_grant WHERE account_id = $1 ORDER BY id"


@dataclass(frozen=True, slots=True)
class Shown:
    """One account with all that hangs on it."""

    account: Row
    grants: Sequence[Row]
    keys: Sequence[Row]


async def accounts(database: Database) -> Sequence[Row]:
    """Every account, oldest first."""
    async with asking(database) as connection:
        found: Sequence[Row] = await connection.fetch(_ACCOUNTS, clock.now())
        return found


async def keys(database: Database) -> Sequence[Row]:
    """Every key, oldest first."""
    async with asking(database) as connection:
        found: Sequence[Row] = await connection.fetch(_KEYS, None)
        return found


async def one_account(database: Database, who: str) -> Shown:
    """One account with its grants and keys."""
    async with asking(database) as connection:
        account = await account_named(connection, who)
        grants, held = await connection.fetch(_GRANTS, account["id"]), await connection.fetch(_KEYS, account["id"])
        return Shown(account, grants, held)


def show_accounts(rows: Sequence[Row]) -> None:
    """One line per account."""
    shown = table("编号 id", "登录名 login", "名称 name", "角色 roles", "动态口令 factor", "状态 state")
    for each in rows:
        state = "启用 active" if each["active"] else "停用 locked"
        factor = "✓" if each["factor"] else "–"
        shown.add_row(
            str(each["id"]), escape(each["login"]), escape(each["name"]), ", ".join(each["roles"]) or "–", factor, state
        )
    OUTPUT.print(shown)


def show_account(found: Shown) -> None:
    """The account, then its grants, then its keys."""
    account = found.account
    show_facts(
        ("编号 id", account["id"]),
        ("登录 sign-in", account["login"] or f"{account['issuer']} {account['subject']}"),
        ("名称 name", account["name"]),
        ("人员 person", account["person_id"]),
        ("企业 company", account["company_id"]),
        ("区域 areas", ", ".join(map(str, account["area_ids"]))),
        ("单位 body", account["organisation"]),
        ("状态 state", "启用 active" if account["active"] else "停用 locked"),
    )
    grants = table("角色 role", "起 from", "止 to", "授予 by", "撤销 revoked")
    for each in found.grants:
        ends = written(each["valid_to"])
        grants.add_row(each["role"], written(each["valid_from"]), ends, each["granted_by"], each["revoked_by"] or "–")
    OUTPUT.print(grants)
    if found.keys:
        show_keys(found.keys)


def show_keys(rows: Sequence[Row]) -> None:
    """One line per key."""
    shown = table("编号 id", "用途 label", "账号 account", "角色 roles", "到期 until", "上次使用 used", "状态 state")
    for each in rows:
        state = "已撤销 revoked" if each["revoked_at"] else "有效 living"
        if each["revoked_at"] is None and each["expires_at"] <= clock.now():
            state = "已过期 expired"
        dates = (written(each["expires_at"]), written(each["used_at"]))
        who = (escape(each["label"]), escape(each["login"]))
        shown.add_row(str(each["id"]), *who, ", ".join(each["roles"]), *dates, state)
    OUTPUT.print(shown)


def show_facts(*facts: tuple[str, object]) -> None:
    """Label and value, line by line; what is not known is a dash."""
    for label, value in facts:
        OUTPUT.print(f"{label}: {value or '–'}", markup=False)


def written(moment: datetime | None) -> str:
    """An instant in Asia/Shanghai, to the minute; a dash for none."""
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else "–"
