"""The roles and the database: made in the embedded server, told as SQL for an external one.

`zhunze_owner` owns the database and its tables and only migrates. `zhunze_app` is what the program works as: it owns
nothing and bypasses nothing. Rights are granted to it, so other login roles may do the work as members of it.
"""

from typing import Final

import asyncpg

DATABASE: Final = "zhunze"
OWNER: Final = "zhunze_owner"
APP: Final = "zhunze_app"
PLAIN: Final = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


async def settle(server: asyncpg.Connection) -> None:
    """Make roles and database where they are missing; `server` is a superuser's connection to the embedded server."""
    known = await server.fetchrow(
        "SELECT array(SELECT rolname::text FROM pg_roles) AS roles, (SELECT datacl IS NOT NULL FROM pg_database"
        " WHERE datname = $1) AS settled",
        DATABASE,
    )
    for role in (OWNER, APP):
        if role not in known["roles"]:
            await server.execute(f"CREATE ROLE {role} {PLAIN}")
    if known["settled"] is None:
        await server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
    if not known["settled"]:
        await server.execute(fence(DATABASE))


def fence(database: str, app: str = APP) -> str:
    """SQL that lets in nobody but the owner and the application role."""
    return f"REVOKE ALL ON DATABASE {database} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}"


def recipe(database: str = DATABASE) -> tuple[str, ...]:
    """SQL by which an administrator makes roles and database in an external server."""
    return (
        f"CREATE ROLE {OWNER} {PLAIN} PASSWORD '…';",
        f"CREATE ROLE {APP} {PLAIN} PASSWORD '…';",
        f"CREATE DATABASE {database} OWNER {OWNER} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {APP};",
    )
