"""Gate and local sign-in of one serving process, put together from the settings."""

from dataclasses import dataclass
from uuid import UUID

from starlette.routing import Route

from api.auth import secret_files
from api.auth.endpoint import Entrance
from api.auth.gate import Gate, secrets_of
from api.auth.issuer import LocalIssuer
from api.auth.listening import local_sign_in
from api.auth.login import SignIn
from api.database import Database
from api.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """What the HTTP layer needs: the gate, and the routes of local sign-in (none where it is closed)."""

    gate: Gate
    routes: tuple[Route, ...]


async def house_of(database: Database, settings: Settings, district: tuple[UUID, str], host: str) -> House:
    """The house of a district (id and code) that listens on `host`. Raises `Obstacle` where it may not."""
    district_id, code = district
    local = await local_sign_in(database, settings, host)
    gate = Gate(database, district_id, secrets_of(settings, local=local))
    if not local:
        return House(gate, ())
    keys = (LocalIssuer.of(settings.state), secret_files.kept(settings.state, secret_files.FACTORS))
    sign_in = SignIn(database, district_id, keys, gate.throttle)
    return House(gate, tuple(Entrance(sign_in, database, settings.state, gate.throttle, code).routes()))
