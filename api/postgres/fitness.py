"""Does a server, and the role the program works as, fit? Each refusal brings the SQL that mends it."""

from typing import Any, Final

import asyncpg

from api.postgres.binaries import MAJORS
from api.postgres.roles import APP, OWNER, PLAIN, VIEWERS, recipe, viewer_roles
from api.refusals import Obstacle, Words

STRONG: Final = (
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_write_all_data",
)
"""Predefined roles whose members get around grants or the server itself."""

_RIGHTS = """
    WITH me AS (SELECT oid, rolname FROM pg_roles WHERE rolname IN (session_user, current_user))
    SELECT DISTINCT me.rolname::text AS me, quote_ident(me.rolname) AS me_quoted, r.oid = me.oid AS self,
           r.rolname::text AS role, quote_ident(r.rolname) AS quoted,
           r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication, r.rolname = ANY($1::text[]) AS strong,
           EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relnamespace = to_regnamespace('public')) AS tables,
           EXISTS (SELECT FROM pg_database WHERE datdba = r.oid AND datname = current_database()) AS database
    FROM me JOIN pg_roles r ON pg_has_role(me.oid, r.oid, 'MEMBER')
    ORDER BY self DESC, rolsuper DESC, role
"""
_VIEWERS = """
    SELECT rolname::text AS role, pg_has_role($2, oid, 'MEMBER') AS usable
    FROM pg_roles WHERE rolname = ANY($1::text[]) ORDER BY role
"""
_ATTRIBUTES: Final = {
    "rolsuper": ("NOSUPERUSER", "是超级用户", "is a superuser"),
    "rolbypassrls": ("NOBYPASSRLS", "可绕过行级安全", "bypasses row-level security"),
    "rolcreaterole": ("NOCREATEROLE", "可给自己授予角色", "can grant itself roles"),
    "rolreplication": ("NOREPLICATION", "可复制整个服务器的数据", "can copy the whole server"),
}


async def check_server(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` SERVER_VERSION or SERVER_ENCODING."""
    major = connection.get_server_version().major
    if major not in MAJORS:
        span = f"{MAJORS[0]}–{MAJORS[-1]}"
        raise Obstacle(
            "SERVER_VERSION",
            Words(
                f"数据库是 PostgreSQL {major},本程序需要 {span}。",
                f"The server is PostgreSQL {major}; {span} is needed.",
            ),
            Words("请换用合适版本的服务器。", "Use a server of such a version."),
        )
    encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise Obstacle(
            "SERVER_ENCODING",
            Words(f"数据库编码是 {encoding},应为 UTF8。", f"The database's encoding is {encoding}; it must be UTF8."),
            Words("请用下列语句另建数据库:", "Create another database so:"),
            (recipe()[2],),
        )


async def check_app_role(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` ROLE_MISSING unless the role that rights are granted to exists."""
    if not await connection.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", APP):
        raise Obstacle(
            "ROLE_MISSING",
            Words(f"服务器中没有应用角色 {APP}。", f"The server has no application role {APP}."),
            Words("请由管理员执行:", "An administrator runs:"),
            (recipe()[1], recipe()[4]),
        )
    await _check_viewer_roles(connection)


async def check_role(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` ROLE_UNFIT if the role in use, or one it can become, has more rights than the program may have.

    Row-level security does not bind superusers, roles with BYPASSRLS and owners of tables; so it may be none of them,
    nor a member of one.
    """
    rows = await connection.fetch(_RIGHTS, list(STRONG))
    if rows[0]["rolsuper"]:
        found = [("是超级用户,可绕过行级安全", "is a superuser and so bypasses row-level security", recipe()[1])]
    else:
        found = [reason for row in rows for reason in _reasons(row)]
        if all(row["role"] != APP for row in rows):
            grant = f"GRANT {APP} TO {rows[0]['me_quoted']};"
            found.append((f"不属于 {APP},没有所需权限", f"is not {APP} nor a member of it", grant))
    if found:
        name = rows[0]["me"]
        raise Obstacle(
            "ROLE_UNFIT",
            Words(
                f"数据库角色 {name} 不能使用:{';'.join(zh for zh, _, _ in found)}。",
                f"The database role {name} may not be used: it {'; it '.join(en for _, en, _ in found)}.",
            ),
            Words(
                f"请把 DATABASE_URL 改为 {APP}(没有时先建立:CREATE ROLE {APP} {PLAIN} …),或由管理员执行:",
                f"Let DATABASE_URL connect as {APP} (CREATE ROLE {APP} {PLAIN} … if there is none), or have an"
                " administrator run:",
            ),
            tuple(dict.fromkeys(sql for _, _, sql in found)),
        )
    await _check_viewer_roles(connection)


async def _check_viewer_roles(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` ROLE_MISSING unless the roles that reads work as are there and the program may become them."""
    rows = await connection.fetch(_VIEWERS, list(VIEWERS), APP)
    there = [row["role"] for row in rows]
    sql = viewer_roles(there) or tuple(f"GRANT {row['role']} TO {APP};" for row in rows if not row["usable"])
    if sql:
        raise Obstacle(
            "ROLE_MISSING",
            Words(
                "服务器中缺少按查看者读取所用的角色,或应用角色不能使用它们。",
                "The roles that reads work as, one for each kind of viewer, are missing or not granted.",
            ),
            Words("请由管理员执行:", "An administrator runs:"),
            sql,
        )


async def check_trigrams(connection: asyncpg.Connection) -> None:
    """Raise `Obstacle` NO_TRIGRAMS unless text search finds Chinese: with LC_CTYPE=C it silently finds none."""
    there = await connection.fetchval("SELECT to_regprocedure('show_trgm(text)') IS NOT NULL")
    if not there:
        raise Obstacle(
            "NO_TRIGRAMS",
            Words("数据库缺少扩展 pg_trgm。", "The database lacks the extension pg_trgm."),
            Words("请由数据库所有者执行:", "The owner of the database runs:"),
            ("CREATE EXTENSION pg_trgm;",),
        )
    if not await connection.fetchval("SELECT show_trgm('湘潭')"):
        raise Obstacle(
            "NO_TRIGRAMS",
            Words(
                "数据库的区域设置使中文检索无效。", "With the locale of this database, text search finds no Chinese."
            ),
            Words("请用下列语句另建数据库:", "Create another database so:"),
            (recipe()[2],),
        )


def _reasons(row: Any) -> list[tuple[str, str, str]]:
    """What speaks against one role that the program's role is or can become: zh, en, SQL."""
    me = row["me_quoted"]
    found = []
    for column, (word, zh, en) in _ATTRIBUTES.items():
        if row[column]:
            found.append((zh, en, f"ALTER ROLE {me} {word};"))
    if row["tables"] or row["database"]:
        what = ("库", "the database") if row["database"] else ("表", "tables")
        found.append((f"拥有{what[0]}", f"owns {what[1]}", f"REASSIGN OWNED BY {me} TO {OWNER};"))
    if not row["self"] and (found or row["strong"]):
        return [(f"可成为角色 {row['role']}", f"can become {row['role']}", f"REVOKE {row['quoted']} FROM {me};")]
    return found
