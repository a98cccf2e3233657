"""The roles and the database: made in the embedded server, told as SQL for an external one.

`zhunze_owner` owns the database and its tables and only migrates. `zhunze_app` is what the program works as: it owns
nothing and bypasses nothing. Rights are granted to it, so other login roles may do the work as members of it.

Beside them stand roles nobody logs in as, one for each kind of viewer: a read works as the viewer's, for its
transaction alone. `zhunze_app` may become each of them and has none of their rights by itself.
"""

from collections.abc import Collection
from typing import Final

import asyncpg

DATABASE: Final = "zhunze"
OWNER: Final = "zhunze_owner"
APP: Final = "zhunze_app"
PLAIN: Final = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
PUBLIC: Final = "zhunze_public"
MIXED: Final = "zhunze_mixed"
MIXABLE: Final = ("zhunze_company", "zhunze_inspector", "zhunze_agency", "zhunze_training", "zhunze_rules")
"""Kinds that one person may be several of: such a person reads as the member of all of them."""
ABOVE_PUBLIC: Final = (*MIXABLE, "zhunze_security", "zhunze_audit")
"""They see what the public sees, and more."""
WHOLE: Final = ("zhunze_auditor", "zhunze_cycle_auditor", "zhunze_bureau")
"""They see the whole district, by policies of their own."""
VIEWERS: Final = (PUBLIC, *ABOVE_PUBLIC, MIXED, *WHOLE)
VIEWER_ROLES: Final = (
    *(f"CREATE ROLE {name} {PLAIN.replace('LOGIN', 'NOLOGIN', 1)};" for name in VIEWERS),
    f"GRANT {PUBLIC} TO {', '.join(ABOVE_PUBLIC)};",
    f"GRANT {', '.join(MIXABLE)} TO {MIXED};",
    f"ALTER ROLE {APP} NOINHERIT;",
    f"GRANT {', '.join(VIEWERS)} TO {APP};",
)
"""SQL that makes them. NOINHERIT comes before the grant: it decides that membership gives no rights by itself."""


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
    for statement in viewer_roles(known["roles"]):
        await server.execute(statement)
    if known["settled"] is None:
        await server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
    if not known["settled"]:
        await server.execute(fence(DATABASE))


def viewer_roles(there: Collection[str]) -> tuple[str, ...]:
    """SQL that makes those viewers' roles that are not there yet, and what they are members of.

    >>> viewer_roles(VIEWERS)
    ()
    """
    made = {f"CREATE ROLE {name} " for name in VIEWERS if name in there}
    missing = tuple(line for line in VIEWER_ROLES if not line.startswith(tuple(made)))
    return missing if len(made) < len(VIEWERS) else ()


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
        *VIEWER_ROLES,
    )
