"""Serve the API until the clerk stops it."""

from api.app import Listening, cursor_secret, loopback, serve
from api.console.edge import OUTPUT
from api.database import Database
from api.districts import the_district
from api.graphql import Source
from api.settings import Settings


async def serve_until_stopped(
    database: Database, chosen: Settings, address: tuple[str, int], district: str | None
) -> None:
    """Serve one district on a loopback address."""
    host, port = loopback(address[0]), address[1]
    async with database.reading() as reading:
        found = await the_district(await Database.driver(reading), district)
    chosen.state.mkdir(parents=True, exist_ok=True)
    source = Source(database, found.id, cursor_secret(chosen.state))
    await serve(
        *(source, Listening(host, port)),
        lambda url: OUTPUT.print(f"{url}/graphql  {found.name} — Ctrl+C 停止 stops", markup=False),
    )
