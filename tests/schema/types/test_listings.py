"""List entries: those of the newest official runs, the rule behind each, cycles in a row."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from schema.directives import Role
from schema.viewer import Viewer
from tests.asking import Asker, asker
from tests.factories import MOMENT, RULES, World, founded

RULED = {
    **RULES,
    "measures": {
        "company": {
            **RULES["measures"]["company"],
            "listed": {
                "table": [
                    {"law": "7.2", "when": "low && was_low", "give": "BLACK"},
                    {"law": "7.4", "when": "rank <= 10", "give": "RED"},
                    {"law": "7.1", "else": "NONE"},
                ]
            },
        }
    },
    "results": {"company": {**RULES["results"]["company"], "lists": ["listed"]}},
    "labels": {**RULES["labels"], "RED": ["红榜", "Red list"], "BLACK": ["黑榜", "Black list"]},
}
HALVES = ("2025-H1", "2025-H2", "2026-H1")
LISTINGS = """query($filter: ListingFilter) { listings(first: 20, filter: $filter) { totalCount nodes {
    id colour state streak company { name } compound { code } cycle { label }
    clause { code label(lang: EN) expression effect legalBasis } } } }"""


@pytest_asyncio.fixture(scope="module")
async def listed(database: Database) -> AsyncIterator[tuple[Asker, World, dict[str, UUID]]]:
    """甲 is on the red list in the first and the last two half-years, 乙 once on each list; one run is outdated."""
    world = await founded(database)
    companies = {name: world.company(name=name) for name in ("甲物业", "乙物业")}
    rulebook = world.add(tables.Rulebook)
    version = world.add(tables.RulebookVersion, rulebook_id=rulebook, text=json.dumps(RULED))
    entries = {
        "2025-H1": [("甲物业", "RED")],
        "2025-H2": [("乙物业", "RED"), ("甲物业", "RED")],
        "2026-H1": [("甲物业", "RED"), ("乙物业", "BLACK")],
    }
    for place, half in enumerate(HALVES):
        cycle = world.add(
            tables.Cycle, rulebook_id=rulebook, label=half, last_day=date(2025 + place // 2, 6 + 6 * (place % 2), 30)
        )
        run = {"cycle_id": cycle, "rulebook_version_id": version}
        if half == "2026-H1":
            outdated = world.add(tables.ScoreRun, **run, recorded_at=MOMENT.replace(hour=0))
            put(world, (cycle, outdated), companies["乙物业"], "RED")
        official = world.add(tables.ScoreRun, **run)
        for name, colour in entries[half]:
            put(world, (cycle, official), companies[name], colour)
        companies[half] = cycle
    await world.save()
    yield asker(world), world, companies


def put(world: World, where: tuple[UUID, UUID], company: UUID, colour: str) -> None:
    """An entry and the result behind it."""
    cycle, run = where
    result = world.add(tables.ScoreResult, run_id=run, company_id=company)
    world.add(
        tables.Listing, cycle_id=cycle, run_id=run, result_id=result, company_id=company, colour=colour, clause="7"
    )


def said(page: Any) -> set[tuple[str, str, str, int]]:
    """Company, colour, half-year and streak of each entry."""
    return {(each["company"]["name"], each["colour"], each["cycle"]["label"], each["streak"]) for each in page["nodes"]}


async def test_entries_of_the_newest_runs_with_their_streaks(listed: tuple[Asker, World, dict[str, UUID]]) -> None:
    ask, _, _ = listed
    page = (await ask.data(LISTINGS))["listings"]
    assert (page["totalCount"], len(page["nodes"])) == (5, 5)
    assert said(page) == {
        ("甲物业", "RED", "2025-H1", 1),
        ("甲物业", "RED", "2025-H2", 2),
        ("乙物业", "RED", "2025-H2", 1),
        ("甲物业", "RED", "2026-H1", 3),
        ("乙物业", "BLACK", "2026-H1", 1),
    }
    black = next(each for each in page["nodes"] if each["colour"] == "BLACK")
    assert black["clause"] == {
        "code": "BLACK",
        "label": "Black list",
        "expression": "low && was_low",
        "effect": "BLACK",
        "legalBasis": "7.2",
    }
    assert (black["state"], black["compound"]) == ("PROPOSED", None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [({"colours": ["BLACK"]}, 1), ({"cycleId": "2025-H2"}, 2), ({"states": ["PUBLISHED"]}, 0), ({}, 5)],
)
async def test_each_condition_narrows_the_lists(
    listed: tuple[Asker, World, dict[str, UUID]], wanted: dict[str, Any], found: int
) -> None:
    ask, _, known = listed
    given = {name: ids.encode("Cy", known[value]) if name == "cycleId" else value for name, value in wanted.items()}
    assert (await ask.data(LISTINGS, filter=given))["listings"]["totalCount"] == found


async def test_a_company_shows_its_entries_and_an_outdated_one_is_no_record(
    listed: tuple[Asker, World, dict[str, UUID]],
) -> None:
    ask, _, known = listed
    document = "query($id: ID!) { company(by: {id: $id}) { listings(first: 5) { nodes { id colour } } } }"
    nodes = (await ask.data(document, id=ids.encode("Co", known["乙物业"])))["company"]["listings"]["nodes"]
    assert sorted(each["colour"] for each in nodes) == ["BLACK", "RED"]
    by_id = "query($id: ID!) { node(id: $id) { ... on Listing { colour } } }"
    assert (await ask.data(by_id, id=nodes[0]["id"]))["node"] == {"colour": nodes[0]["colour"]}


async def test_nobody_outside_sees_what_is_only_put_forward(listed: tuple[Asker, World, dict[str, UUID]]) -> None:
    _, world, known = listed
    for role in (Role.PUBLIC, Role.COMPANY, Role.INSPECTOR):
        roles = frozenset({Role.PUBLIC, role})
        ask = asker(world, viewer=Viewer(world.district_id, roles, company_id=known["甲物业"]))
        assert (await ask.data(LISTINGS))["listings"] == {"totalCount": 0, "nodes": []}
