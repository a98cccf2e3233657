"""Serve the API until the clerk stops it."""

from pathlib import Path

from api.app import Listening, Shell, cursor_secret, serve
from api.auth import house_of
from api.auth.first import announced
from api.auth.listening import local_sign_in
from api.console.edge import ERRORS, OUTPUT
from api.database import Database
from api.districts import the_district
from api.front.policy import Policy, read
from api.graphql import Source
from api.settings import Settings


async def serve_until_stopped(
    database: Database, chosen: Settings, address: tuple[str, int], district: str | None
) -> None:
    """Serve one district; on addresses other than loopback only where callers can prove who they are."""
    host, port = address
    await local_sign_in(database, chosen, host)  # the address first: it is what was typed
    policy: Policy = read()
    async with database.reading_everything() as reading:
        found = await the_district(await Database.driver(reading), district)
    chosen.state.mkdir(parents=True, exist_ok=True)
    house = await house_of(database, chosen, (found.id, found.code), host)
    shell = Shell(policy, house.gate.identify, house.routes)
    if house.routes:
        await tell_first_code(database, chosen.state)
    source = Source(database, found.id, cursor_secret(chosen.state))
    await serve(
        source,
        Listening(host, port),
        lambda url: OUTPUT.print(f"{url}/graphql  {found.name} — Ctrl+C 停止 stops", markup=False),
        shell,
    )


async def tell_first_code(database: Database, state: Path) -> None:
    """Show the code for the first administrator, as long as there is no account."""
    code = await announced(database, state)
    if code is not None:
        ERRORS.print(
            f"首位管理员代码 Code for the first administrator: {code}\n"
            f"  zhunze account first {code} --login … --name …",
            markup=False,
        )
