"""A key for one cycle, asked with over HTTP: that cycle and what happened in its days, by list, by id and by count."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from api.app import Shell, application
from api.auth.api_keys import revoke_key
from api.graphql import Source
from schema import ids, tables
from schema.directives import Role
from schema.fields import TYPES
from tests.api.auth.conftest import KEEPER, Town
from tests.api.auth.test_gate import key_for
from tests.factories import World

HALF_YEARS = {"2025-H2": (date(2025, 7, 1), date(2025, 12, 31)), "2026-H1": (date(2026, 1, 1), date(2026, 6, 30))}
LISTS = """{
    cycles(first: 10) { totalCount nodes { label runs(first: 10) { totalCount } } }
    findings(first: 10, filter: {}) { totalCount nodes { number } }
    inspections(first: 10, filter: {}) { totalCount nodes { number } }
    complaints(first: 10, filter: {}) { totalCount nodes { externalRef } }
    meetings(first: 10) { totalCount nodes { id } }
}"""

JSON = {"Accept": "application/graphql-response+json"}


def global_id(noun: str, record: UUID) -> str:
    """The id of a record of a noun as clients know it."""
    table = getattr(tables, noun).__table__.name
    return ids.encode(next(each.tag for each in TYPES.values() if each.tag and each.source.table == table), record)


@dataclass(frozen=True)
class Year:
    """A district with two half-years, the ids of what happened in each, and a client of its API."""

    town: Town
    ids: dict[str, dict[str, UUID]]
    client: httpx.AsyncClient

    async def asked(self, key: str, query: str, **variables: Any) -> httpx.Response:
        body = {"query": query, "variables": variables}
        return await self.client.post("/graphql", json=body, headers={**JSON, "Authorization": f"Bearer {key}"})

    async def reached(self, key: str) -> dict[str, set[str]]:
        """The half-years of which a key reaches each kind of record by its id."""
        found: dict[str, set[str]] = {}
        for label, records in self.ids.items():
            for kind, identity in records.items():
                node = "query($id: ID!) { node(id: $id) { __typename } }"
                answer = await self.asked(key, node, id=global_id(kind, identity))
                if answer.json()["data"]["node"] is not None:
                    found.setdefault(kind, set()).add(label)
        return found


@pytest_asyncio.fixture(scope="module")
async def year(town: Town) -> AsyncIterator[Year]:
    world = World(town.database, town.district_id)
    place = (town.street_id, world.community(town.street_id))
    compound, item, rulebook = world.compound(place), world.add(tables.ChecklistItem), world.add(tables.Rulebook)
    at = {"compound_id": compound, "street_id": place[0], "community_id": place[1], "company_id": town.company_id}
    version = world.add(tables.RulebookVersion, rulebook_id=rulebook)
    made = {}
    for label, (first, last) in HALF_YEARS.items():
        cycle = world.add(tables.Cycle, rulebook_id=rulebook, label=label, first_day=first, last_day=last)
        visit = world.add(tables.Inspection, **at, number=f"XC {label}", inspected_on=last)
        found = world.add(tables.Finding, **at, number=f"WT {label}", inspection_id=visit, item_id=item, found_on=first)
        made[label] = {
            "Cycle": cycle,
            "Inspection": visit,
            "Finding": found,
            "Complaint": world.add(tables.Complaint, **at, external_ref=f"GD {label}", received_on=first),
            "Meeting": world.add(tables.Meeting, number=f"HY {label}", held_on=last),
            "ScoreRun": world.add(tables.ScoreRun, cycle_id=cycle, rulebook_version_id=version),
        }
    await world.save()
    source, shell = Source(town.database, town.district_id, b"s" * 32), Shell(identify=town.gate().identify)
    transport = httpx.ASGITransport(application(source, shell=shell))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Year(town, made, client)


async def keys_of(year: Year) -> tuple[tuple[UUID, str], str]:
    """A key for 2026-H1 and one for everything, of the same auditor."""
    login = await year.town.account(Role.AUDITOR)
    _, whole = await key_for(year.town, login, Role.AUDITOR)
    return await key_for(year.town, login, Role.AUDITOR, cycle="2026-H1"), whole


async def test_lists_and_counts_hold_that_cycle_alone(year: Year) -> None:
    (_, narrowed), whole = await keys_of(year)
    for key, labels in ((narrowed, ["2026-H1"]), (whole, ["2025-H2", "2026-H1"])):
        answer = await year.asked(key, LISTS)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        assert {name: page["totalCount"] for name, page in data.items()} == dict.fromkeys(data, len(labels))
        assert sorted(node["label"] for node in data["cycles"]["nodes"]) == labels
        assert [node["runs"]["totalCount"] for node in data["cycles"]["nodes"]] == [1] * len(labels)
        if key == narrowed:
            assert "2025-H2" not in json.dumps(data)


async def test_by_id_the_other_cycle_is_unknown(year: Year) -> None:
    (_, narrowed), whole = await keys_of(year)
    kinds = set(year.ids["2026-H1"])
    assert await year.reached(narrowed) == {kind: {"2026-H1"} for kind in kinds}
    assert await year.reached(whole) == {kind: set(HALF_YEARS) for kind in kinds}


async def test_no_filter_reaches_the_other_cycle(year: Year) -> None:
    (_, narrowed), whole = await keys_of(year)
    other = global_id("Cycle", year.ids["2025-H2"]["Cycle"])
    query = "query($c: ID!) { findings(first: 10, filter: {cycleId: $c}) { totalCount nodes { number } } }"
    seen = {"totalCount": 1, "nodes": [{"number": "WT 2025-H2"}]}
    assert (await year.asked(whole, query, c=other)).json()["data"] == {"findings": seen}
    assert (await year.asked(narrowed, query, c=other)).json()["data"] == {"findings": {"totalCount": 0, "nodes": []}}


async def test_a_revoked_key_sees_no_cycle_at_the_next_request(year: Year) -> None:
    (identity, narrowed), _ = await keys_of(year)
    assert (await year.asked(narrowed, LISTS)).status_code == 200
    await revoke_key(year.town.database, KEEPER, identity)
    assert (await year.asked(narrowed, LISTS)).status_code == 401
