"""Run revisions: on the connection `api.database.migrate` hands over, or from Alembic's own command line.

By hand: `alembic -c migrations/alembic.ini upgrade head` (or `revision --autogenerate -m "…"`) works on
`DATABASE_OWNER_URL`, or on the embedded server of the state folder.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run the revisions asked for, each in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def by_hand() -> None:
    """Connect as the owner and run."""
    from api.database import engine_for
    from api.postgres import running
    from api.settings import load
    from schema.tables import METADATA

    context.config.attributes["metadata"] = METADATA
    settings = load()
    with running(settings) as server:
        assert server.owner_url, "set DATABASE_OWNER_URL to the address of the owner role"
        engine = engine_for(server.owner_url)
        async with engine.connect() as connection:
            await connection.run_sync(run)
        await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(by_hand())
else:
    run(given)
