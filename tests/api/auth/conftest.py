"""A district with a company and a street, whose accounts the tests make, and a gate in front of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from starlette.datastructures import Headers

from api import clock
from api.audit.leaf import unseal
from api.auth import passwords
from api.auth.accounts import NewAccount, add_account, grant
from api.auth.gate import Admission, Gate, Secrets, secrets_of
from api.auth.issuer import CONSOLE, LocalIssuer
from api.auth.unidentified import Unidentified
from api.database import Database
from api.desk import Actor, desk
from api.settings import Settings
from schema import tables
from schema.directives import Role
from tests.factories import World

KEEPER = Actor("console:keeper", "keeper", "SECURITY_ADMIN")
NOON = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
HOME = "192.0.2.7"


@dataclass
class Town:
    """One district, the settings of its installation, and who administers its security."""

    database: Database
    district_id: UUID
    settings: Settings
    company_id: UUID
    street_id: UUID
    uscc: str
    street: str
    made: list[str] = field(default_factory=list)

    async def account(self, *roles: Role, **given: Any) -> str:
        """The login of a new account with these roles, in a company and a street where they need them."""
        login = f"user{len(self.made) + 1}"
        self.made.append(login)
        links = {"company": self.uscc} if Role.COMPANY in roles else {}
        areas = (self.street,) if Role.INSPECTOR in roles else ()
        await add_account(self.database, KEEPER, NewAccount(login, login, areas=areas, **{**links, **given}))
        for role in roles:
            await grant(self.database, KEEPER, login, role)
        return login

    async def id_of(self, login: str) -> UUID:
        """The id of an account."""
        return UUID(str((await self.rows("SELECT id FROM account WHERE login = $1", login))[0]["id"]))

    async def rows(self, statement: str, *given: Any) -> list[Any]:
        """What a statement finds, within an act so that every policy lets it."""
        async with desk(self.database, actor=KEEPER) as d:
            return list(await (await d.driver()).fetch(statement, *given))

    async def actions(self) -> list[str]:
        """The log, oldest first."""
        return [row["action"] for row in await self.rows("SELECT action FROM audit_leaf ORDER BY seq")]

    async def payloads(self) -> list[str]:
        """What the log holds in the clear, to whoever may read it."""
        rows = await self.rows(
            "SELECT p.seq, p.sealed, k.secret FROM audit_payload p JOIN erasable_key k ON k.id = p.key_id ORDER BY seq"
        )
        return [unseal(row["secret"], row["seq"], row["sealed"])[1].decode("utf-8") for row in rows]

    def gate(self, proofs: Secrets | None = None) -> Gate:
        """A gate that looks for changes at every request."""
        return Gate(self.database, self.district_id, proofs or secrets_of(self.settings, local=True), look_seconds=0)

    async def token(self, login: str, *ways: str) -> str:
        """A token of our own issuer for a login, by default as strong as can be."""
        issuer = LocalIssuer.of(self.settings.state)
        return issuer.signed(await self.id_of(login), clock.now(), *(ways or (CONSOLE,)))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed for tests cost little; what the product takes is looked at by a test of its own."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


async def admitted(gate: Gate, bearer: str | None, address: str = HOME, **headers: str) -> Admission | Unidentified:
    """What the gate says to a request with this proof."""
    given = headers if bearer is None else {"Authorization": f"Bearer {bearer}", **headers}
    return await gate.admit(Headers(given), address)


async def roles_of(gate: Gate, bearer: str, address: str = HOME) -> set[str] | str:
    """The roles a proof gives, or the code it is refused with."""
    found = await admitted(gate, bearer, address)
    return found.code if isinstance(found, Unidentified) else {role.name for role in found.viewer.roles}


async def town_of(database: Database, state: Path) -> Town:
    """A district in an empty database."""
    district_id = clock.new_id()
    async with desk(database, actor=KEEPER) as d:
        d.session.add(tables.District(id=district_id, code="430304", name="岳塘区"))
        await d.session.flush()
        await d.record("district.added")
    world = World(database, district_id)
    street_id, company_id = world.street(code="430304001"), world.company(uscc="91430304MA00000001")
    await world.save()
    settings = Settings(state=state)
    return Town(database, district_id, settings, company_id, street_id, "91430304MA00000001", "430304001")


@pytest_asyncio.fixture(scope="module")
async def town(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The district of one module's tests."""
    yield await town_of(database, tmp_path_factory.mktemp("state"))


@pytest_asyncio.fixture
async def fresh_town(fresh_database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    """The district of one test."""
    yield await town_of(fresh_database, tmp_path)
