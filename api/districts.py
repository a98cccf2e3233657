"""Find the district an act is about."""

import asyncpg

from api import clock
from api.refusals import Code, Refusal, Refused, Words
from schema.tables import District


async def stored_districts(connection: asyncpg.Connection) -> list[District]:
    """Every district of the database, by code."""
    return [District(**dict(each)) for each in await connection.fetch("SELECT id, code, name FROM district ORDER BY 1")]


async def the_district(connection: asyncpg.Connection, code: str | None) -> District:
    """The district with this code; without one, the only district there is. Refused if that is not one."""
    found = [each for each in await stored_districts(connection) if code in {None, each.code}]
    if len(found) == 1:
        return found[0]
    if found:
        codes = "、".join(each.code for each in found)
        raise Refused(
            Refusal(
                Code.INVALID,
                Words(f"数据库里有多个区:{codes}。", f"The database holds several districts: {codes}."),
                Words("用 --district 指明其一。", "Name one with --district."),
            )
        )
    raise Refused(
        Refusal(
            Code.NOT_FOUND,
            Words(f"没有区 {code or ''}。".replace(" 。", "。"), f"There is no district {code or 'yet'}."),
            Words(
                "先用 zhunze import 导入工作簿,其中「街道社区」表须有数据行。",
                "Import a workbook first; its sheet 街道社区 (areas) must hold rows.",
            ),
        )
    )


async def founded(connection: asyncpg.Connection, code: str, name: str | None) -> District:
    """The district with this code, founded now if need be."""
    for each in await stored_districts(connection):
        if each.code == code:
            return each
    district = District(id=clock.new_id(), code=code, name=name or code)
    await connection.execute(
        "INSERT INTO district (id, code, name) VALUES ($1, $2, $3)", district.id, district.code, district.name
    )
    return district
