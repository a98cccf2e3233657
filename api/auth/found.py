"""Find what an account is linked to, by the names people know it by."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from api.refusals import Code, Refusal, Refused, Words
from schema import ids
from schema.problems import BadInput


async def account_named(connection: asyncpg.Connection, who: str) -> Any:
    """The account with this login, id, or subject of an identity provider. Raises `Refused` NOT_FOUND."""
    found = await connection.fetch(
        "SELECT * FROM account WHERE login = lower($1) OR id = $2 OR subject = $1 LIMIT 2", who, _uuid(who)
    )
    if len(found) == 1:
        return found[0]
    raise _not_found(
        "account",
        Words("没有这个账号，或所指不止一个。", "There is no such account, or more than one is meant."),
        Words("请用 zhunze account list 查看编号。", "See zhunze account list for its id."),
    )


async def company_id_of(connection: asyncpg.Connection, uscc: str) -> UUID:
    """The company with this credit code."""
    found = await connection.fetchval("SELECT id FROM company WHERE uscc = $1 AND superseded_at = 'infinity'", uscc)
    if found is None:
        raise _not_found(
            "company",
            Words(f"没有统一社会信用代码为 {uscc} 的企业。", f"No company has the credit code {uscc}."),
            Words("请核对代码，或先导入企业。", "Check the code, or import the company first."),
        )
    return UUID(str(found))


async def area_ids_of(connection: asyncpg.Connection, district_id: UUID, codes: Sequence[str]) -> list[UUID]:
    """The streets and communities with these division codes."""
    rows = await connection.fetch(
        "SELECT code, id FROM area WHERE district_id = $1 AND code = ANY($2::text[]) AND superseded_at = 'infinity'",
        *(district_id, list(codes)),
    )
    known = {row["code"]: UUID(str(row["id"])) for row in rows}
    missing = sorted(set(codes) - known.keys())
    if missing:
        raise _not_found(
            "area",
            Words(f"没有区划 {'、'.join(missing)}。", f"There is no area {', '.join(missing)}."),
            Words(
                "请核对街道、社区代码，或先导入。", "Check the codes of streets and communities, or import them first."
            ),
        )
    return sorted(known.values())


async def person_of(connection: asyncpg.Connection, district_id: UUID, text: str) -> UUID:
    """The person of this id."""
    found = await connection.fetchval(
        "SELECT id FROM person WHERE id = $1 AND district_id = $2 AND superseded_at = 'infinity'",
        *(_uuid(text), district_id),
    )
    if found is None:
        raise _not_found(
            "person",
            Words("没有这个人员。", "There is no such person."),
            Words("请用接口给出的人员 id。", "Use the person's id as the API gives it."),
        )
    return UUID(str(found))


async def cycle_of(connection: asyncpg.Connection, district_id: UUID, label: str) -> UUID:
    """The assessment cycle of this period."""
    found = await connection.fetchval(
        "SELECT id FROM cycle WHERE district_id = $1 AND replace(label, '-', '') = replace($2, '-', '')"
        " ORDER BY id DESC LIMIT 1",
        *(district_id, label),
    )
    if found is None:
        raise _not_found(
            "cycle",
            Words(f"没有考评周期 {label}。", f"There is no cycle {label}."),
            Words("周期在首次评分时建立。", "A cycle is made when its period is first scored."),
        )
    return UUID(str(found))


def _uuid(text: str) -> UUID | None:
    """A UUID, plain or inside a global id; None if the text is neither."""
    try:
        return ids.decode(text).uuid
    except BadInput:
        pass
    try:
        return UUID(text)
    except ValueError:
        return None


def _not_found(field: str, message: Words, remedy: Words) -> Refused:
    return Refused(Refusal(Code.NOT_FOUND, message, remedy, (field,)))
