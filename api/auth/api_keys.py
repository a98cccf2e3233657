"""Acts on API keys: made, shown once, revoked; each with its entry in the log, which never holds the secret."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from api import clock
from api.auth import keys
from api.auth.accounts import subject_of, the_account
from api.auth.found import cycle_of
from api.auth.rules import KEY_ROLES
from api.database import Database
from api.desk import Actor, desk
from api.refusals import Code, Refusal, Refused, Words
from schema.directives import Role

DAYS_MAX: Final = 180
LABEL_MAX: Final = 60
ADDRESSES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made for an account."""

    who: str
    label: str
    roles: tuple[Role, ...]
    days: int = DAYS_MAX
    cycle: str | None = None
    """The only cycle it may see, 2026-H1."""
    addresses: tuple[str, ...] = ()
    """Networks it may be used from, 10.1.0.0/16; none = any."""


@dataclass(frozen=True, slots=True)
class Hashing:
    """How keys of this installation are written and hashed."""

    pepper: bytes
    environment: str


async def add_key(database: Database, actor: Actor, wanted: NewKey, hashing: Hashing) -> tuple[UUID, str]:
    """Make a key and return its id and its text, which nobody can show again."""
    networks = _checked(wanted)
    async with desk(database, actor=actor) as d:
        connection, account = await the_account(d, wanted.who)
        held = await connection.fetch(
            "SELECT role FROM role_grant WHERE account_id = $1 AND valid_from <= $2"
            " AND (valid_to IS NULL OR valid_to > $2)",
            *(account["id"], d.moment),
        )
        _refuse_more_than_held(wanted, {Role[each["role"]] for each in held})
        cycle_id = await cycle_of(connection, account["district_id"], wanted.cycle) if wanted.cycle else None
        key = keys.made(clock.new_id())
        expires_at = d.moment + timedelta(days=wanted.days)
        roles = sorted(role.name for role in wanted.roles)
        await connection.execute(
            "INSERT INTO api_key (id, account_id, digest, label, roles, cycle_id, addresses, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            *(key.id, account["id"], key.digest(hashing.pepper), wanted.label.strip(), roles, cycle_id, networks),
            *(d.moment, expires_at),
        )
        detail = {"account": account["id"], "roles": roles, "cycle": cycle_id, "until": expires_at, "from": networks}
        await d.record("key.created", subject=f"key:{key.id}", payload=detail)
        return key.id, key.written(hashing.environment)


async def revoke_key(database: Database, actor: Actor, key_id: UUID) -> None:
    """Make a key worthless. Raises `Refused` NOT_FOUND, ILLEGAL_TRANSITION."""
    async with desk(database, actor=actor) as d:
        connection = await d.driver()
        row = await connection.fetchrow(
            "SELECT k.revoked_at, a.id, a.district_id FROM api_key k JOIN account a ON a.id = k.account_id"
            " WHERE k.id = $1",
            key_id,
        )
        _refuse_unless_alive(row)
        d.district = row["district_id"]
        await connection.execute("UPDATE api_key SET revoked_at = $2 WHERE id = $1", key_id, d.moment)
        await d.record("key.revoked", subject=f"key:{key_id}", payload={"account": subject_of(row["id"])})


def _checked(wanted: NewKey) -> list[str]:
    """The networks in plain form; `Refused` INVALID with everything that is wrong."""
    wrong = []
    if not 0 < len(wanted.label.strip()) <= LABEL_MAX:
        wrong.append(
            _invalid("label", f"用途须为 1 至 {LABEL_MAX} 个字符。", f"A label has 1 to {LABEL_MAX} characters.")
        )
    if not 1 <= wanted.days <= DAYS_MAX:
        wrong.append(_invalid("days", f"有效期须为 1 至 {DAYS_MAX} 天。", f"A key lives 1 to {DAYS_MAX} days."))
    if not wanted.roles or not KEY_ROLES.issuperset(wanted.roles):
        allowed = sorted(role.name for role in KEY_ROLES)
        wrong.append(
            _invalid(
                "roles",
                f"密钥只能用于 {'、'.join(allowed)}；其他角色需要动态口令，密钥无法提供。",
                f"A key carries {', '.join(allowed)}; other roles need a second factor, which a key cannot show.",
            )
        )
    if wanted.cycle and set(wanted.roles) != {Role.AUDITOR}:
        wrong.append(
            _invalid(
                "cycle",
                "只有仅用于 AUDITOR 的密钥可以限定考核周期；其他角色所见的行不按周期划分。",
                "Only a key for AUDITOR alone can be narrowed to a cycle; rows of others are not parted by cycles.",
            )
        )
    networks = [_network(each) for each in wanted.addresses]
    if None in networks or len(networks) > ADDRESSES_MAX:
        wrong.append(
            _invalid(
                "addresses",
                f"地址须为 IP 或网段（如 10.1.0.0/16），至多 {ADDRESSES_MAX} 个。",
                f"Addresses are IP addresses or networks (10.1.0.0/16), {ADDRESSES_MAX} at most.",
            )
        )
    if wrong:
        raise Refused(*wrong)
    return [each for each in networks if each is not None]


def _network(text: str) -> str | None:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        return None


def _invalid(field: str, zh: str, en: str) -> Refusal:
    return Refusal(Code.INVALID, Words(zh, en), Words("请改正后重试。", "Correct it and try again."), (field,))


def _refuse_more_than_held(wanted: NewKey, held: set[Role]) -> None:
    missing = sorted(role.name for role in set(wanted.roles) - held)
    if missing:
        raise Refused(
            Refusal(
                Code.GUARD_FAILED,
                Words(
                    f"账号本身没有角色 {'、'.join(missing)}。",
                    f"The account itself does not hold {', '.join(missing)}.",
                ),
                Words("请先用 zhunze account grant 授予。", "Grant it first: zhunze account grant."),
                ("roles",),
            )
        )


def _refuse_unless_alive(row: Any) -> None:
    if row is None:
        raise Refused(
            Refusal(
                Code.NOT_FOUND,
                Words("没有这把密钥。", "There is no such key."),
                Words("请用 zhunze key list 查看编号。", "See zhunze key list for its id."),
                ("key",),
            )
        )
    if row["revoked_at"] is not None:
        raise Refused(
            Refusal(
                Code.ILLEGAL_TRANSITION,
                Words("该密钥早已撤销。", "The key has been revoked already."),
                Words("无需再做什么。", "Nothing more is to be done."),
                ("key",),
            )
        )
