"""Acts on accounts and role grants, by whoever administers security; each with its entry in the log.

The entries name accounts by their ids and roles by their codes: no login, no name, no secret.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from api import clock
from api.auth import rules
from api.auth.found import account_named, area_ids_of, company_id_of, person_of
from api.database import Database
from api.desk import Actor, Desk, desk
from api.districts import the_district
from api.refusals import Code, Refusal, Refused, Words
from schema.directives import Role

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
TEXT_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made: with a login of our own, or as a subject of an identity provider."""

    name: str
    login: str | None = None
    issuer: str | None = None
    subject: str | None = None
    person: str | None = None
    """The person's id, as the API or the database writes it."""
    company: str | None = None
    """Credit code."""
    areas: tuple[str, ...] = ()
    """Division codes."""
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a role is held; `begins` null = from now, `ends` null = open."""

    begins: datetime | None = None
    ends: datetime | None = None


async def add_account(database: Database, actor: Actor, wanted: NewAccount, district: str | None = None) -> UUID:
    """Make an account, without any role. Raises `Refused` INVALID, DUPLICATE, NOT_FOUND."""
    async with desk(database, actor=actor) as d:
        d.district = (await the_district(await d.driver(), district)).id
        return await added(d, wanted)


async def added(d: Desk, wanted: NewAccount) -> UUID:
    """The same within an act that is under way."""
    home = d.district
    assert home is not None, "an account belongs to a district"
    plain = _checked(wanted)
    connection = await d.driver()
    await _refuse_known(connection, plain)
    account_id = clock.new_id()
    person_id = await person_of(connection, home, plain.person) if plain.person else None
    company_id = await company_id_of(connection, plain.company) if plain.company else None
    area_ids = await area_ids_of(connection, home, plain.areas)
    await connection.execute(
        "INSERT INTO account (id, district_id, holder_id, name, login, issuer, subject, person_id, company_id,"
        " area_ids, organisation, active, tokens_from, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true, $12, $12)",
        *(account_id, home, person_id or account_id, plain.name, plain.login, plain.issuer, plain.subject),
        *(person_id, company_id, area_ids, plain.organisation, d.moment),
    )
    await connection.execute("INSERT INTO credential (account_id) VALUES ($1)", account_id)
    detail = {"way": "LOGIN" if plain.login else "OIDC", "person": person_id, "company": company_id, "areas": area_ids}
    await d.record("person.account_added", subject=subject_of(account_id), payload=detail)
    return account_id


async def set_active(database: Database, actor: Actor, who: str, *, active: bool) -> UUID:
    """Lock an account, or unlock it; tokens of before a lock stay worthless. Locking twice changes nothing."""
    async with desk(database, actor=actor) as d:
        connection, account = await the_account(d, who)
        if account["active"] != active:
            await connection.execute(
                "UPDATE account SET active = $2, tokens_from = $3 WHERE id = $1", account["id"], active, d.moment
            )
            done = "person.account_unlocked" if active else "person.account_locked"
            await d.record(done, subject=subject_of(account["id"]))
        elif active:
            await _lift_lockout(d, connection, account)
        return UUID(str(account["id"]))


async def grant(database: Database, actor: Actor, who: str, role: Role, span: Span = Span()) -> UUID:
    """Grant a role for a span of time. Raises `Refused` where it may not meet a role held, or something is missing."""
    async with desk(database, actor=actor) as d:
        _, account = await the_account(d, who)
        return await granted(d, account, role, span)


async def granted(d: Desk, account: Any, role: Role, span: Span = Span()) -> UUID:
    """The same within an act that is under way."""
    connection = await d.driver()
    begins = max(span.begins or d.moment, d.moment)
    _check_grant(account, role, begins, span.ends)
    held = await connection.fetch(
        "SELECT account_id, role FROM role_grant WHERE holder_id = $1"
        " AND tstzrange(valid_from, valid_to) && tstzrange($2, $3)",
        *(account["holder_id"], begins, span.ends),
    )
    _check_beside(account, role, held)
    grant_id = clock.new_id()
    await connection.execute(
        "INSERT INTO role_grant (id, account_id, holder_id, role, valid_from, valid_to, granted_by, granted_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(grant_id, account["id"], account["holder_id"], role.name, begins, span.ends, d.actor.ref, d.moment),
    )
    detail = {"role": role.name, "from": begins, "to": span.ends}
    await d.record("role.granted", subject=subject_of(account["id"]), payload=detail)
    return grant_id


async def revoke(database: Database, actor: Actor, who: str, role: Role) -> int:
    """End a role now, and grants of it that would begin later; returns how many grants ended."""
    async with desk(database, actor=actor) as d:
        connection, account = await the_account(d, who)
        ended = await connection.fetch(
            "UPDATE role_grant SET valid_to = greatest($3, valid_from), revoked_by = $4 WHERE account_id = $1"
            " AND role = $2 AND (valid_to IS NULL OR valid_to > $3) RETURNING id",
            *(account["id"], role.name, d.moment, d.actor.ref),
        )
        if not ended:
            raise Refused(
                Refusal(
                    Code.NOT_FOUND,
                    Words(f"该账号没有角色 {role.name}。", f"This account does not hold {role.name}."),
                    Words("请用 zhunze account show 查看。", "See zhunze account show."),
                    ("role",),
                )
            )
        await d.record("role.revoked", subject=subject_of(account["id"]), payload={"role": role.name})
        return len(ended)


def subject_of(account_id: UUID) -> str:
    """How the log refers to an account."""
    return f"account:{account_id}"


async def the_account(d: Desk, who: str) -> tuple[asyncpg.Connection, Any]:
    """The account named, whose district the act is then about, and the connection it was read on."""
    connection = await d.driver()
    account = await account_named(connection, who)
    d.district = account["district_id"]
    return connection, account


def _checked(wanted: NewAccount) -> NewAccount:
    """The account in plain form; `Refused` INVALID with everything that is wrong."""
    name = unicodedata.normalize("NFC", wanted.name).strip()
    login = wanted.login.strip().lower() if wanted.login else None
    wrong = []
    if not 0 < len(name) <= TEXT_MAX or any(unicodedata.category(each)[0] == "C" for each in name):
        wrong.append(
            _invalid("name", f"姓名或名称须为 1 至 {TEXT_MAX} 个字符。", f"A name has 1 to {TEXT_MAX} characters.")
        )
    if login is not None and not LOGIN.fullmatch(login):
        wrong.append(
            _invalid(
                "login",
                "登录名须为 2 至 64 个小写字母、数字、点、横线或下划线，以字母或数字开头。",
                "A login has 2 to 64 lower-case letters, digits, dots, hyphens or underscores, no sign first.",
            )
        )
    if bool(wanted.issuer) != bool(wanted.subject) or (login is None) == (not wanted.issuer):
        wrong.append(
            _invalid(
                "login",
                "请给出登录名，或给出身份提供方及其 subject，二者取一。",
                "Give a login, or an identity provider's issuer and subject: one of the two.",
            )
        )
    if wrong:
        raise Refused(*wrong)
    return NewAccount(
        *(name, login, wanted.issuer or None, wanted.subject or None, wanted.person, wanted.company),
        *(wanted.areas, wanted.organisation),
    )


def _invalid(field: str, zh: str, en: str) -> Refusal:
    return Refusal(Code.INVALID, Words(zh, en), Words("请改正后重试。", "Correct it and try again."), (field,))


async def _refuse_known(connection: asyncpg.Connection, wanted: NewAccount) -> None:
    taken = await connection.fetchval(
        "SELECT count(*) FROM account WHERE login = $1 OR (issuer = $2 AND subject = $3)",
        *(wanted.login, wanted.issuer, wanted.subject),
    )
    if taken:
        raise Refused(
            Refusal(
                Code.DUPLICATE,
                Words("已有这样的账号。", "There is such an account already."),
                Words(
                    "请用 zhunze account list 查看，或换一个登录名。", "See zhunze account list, or take another login."
                ),
                ("login",),
            )
        )


async def _lift_lockout(d: Desk, connection: asyncpg.Connection, account: Any) -> None:
    """Forget failed attempts, so that an account locked out by them may try again at once."""
    lifted = await connection.fetchval(
        "UPDATE credential SET failures = 0, locked_until = NULL"
        " WHERE account_id = $1 AND (failures > 0 OR locked_until IS NOT NULL) RETURNING account_id",
        account["id"],
    )
    if lifted:
        await d.record("session.lockout_lifted", subject=subject_of(account["id"]))


def _check_grant(account: Any, role: Role, begins: datetime, ends: datetime | None) -> None:
    wrong = []
    if role is Role.PUBLIC:
        wrong.append(_invalid("role", "PUBLIC 人人都有，不授予。", "PUBLIC is everybody's; it is not granted."))
    if ends is not None and ends <= begins:
        wrong.append(_invalid("to", "结束须晚于开始和现在。", "The end lies after the beginning and after now."))
    if role is Role.COMPANY and account["company_id"] is None:
        wrong.append(
            _invalid(
                "role",
                "角色 COMPANY 需要所属企业：请以 --company 另建账号。",
                "COMPANY needs a company: make an account with --company.",
            )
        )
    if role is Role.INSPECTOR and not account["area_ids"] and not account["organisation"]:
        wrong.append(
            _invalid(
                "role",
                "角色 INSPECTOR 需要街道社区或单位：请以 --area 或 --organisation 另建账号。",
                "INSPECTOR needs areas or a body: make an account with --area or --organisation.",
            )
        )
    if wrong:
        raise Refused(*wrong)


def _check_beside(account: Any, role: Role, held: Sequence[Any]) -> None:
    """Refuse a role twice in one account, and roles that may not meet in one person, whatever account they are in."""
    if any(each["account_id"] == account["id"] and each["role"] == role.name for each in held):
        raise Refused(
            Refusal(
                Code.DUPLICATE,
                Words(f"该账号在此期间已有角色 {role.name}。", f"The account holds {role.name} in that time already."),
                Words("请先撤销原有授权，或另选时间。", "Revoke that grant first, or choose another time."),
                ("role",),
            )
        )
    apart = rules.conflicts((Role[each["role"]] for each in held), role)
    if apart:
        names = "、".join(each.name for each in apart)
        raise Refused(
            Refusal(
                Code.CONFLICT_OF_INTEREST,
                Words(
                    f"{role.name} 与 {names} 不得由同一人担任。",
                    f"{role.name} and {names.replace('、', ', ')} may not meet in one person.",
                ),
                Words(
                    "请授予另一人，或先撤销冲突的角色。", "Grant it to another person, or revoke the other role first."
                ),
                ("role",),
            )
        )
