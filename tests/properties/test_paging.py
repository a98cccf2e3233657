"""Paging while others write: nothing that was there at the first page is repeated or left out.

ZHUNZE_PAGING_RUNS sets the number of interleavings; a failure names the seed of its own.
"""

import os
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import pytest

from api.database import Database
from benchmarks.page_depth import measured
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import MOMENT, World, founded

RUNS = int(os.environ.get("ZHUNZE_PAGING_RUNS", "40"))
BASE = 20_260_722
FIRST_DAY = date(2026, 1, 1)
COMPLAINTS = """query($first: Int!, $after: String, $filter: ComplaintFilter) {
    complaints(first: $first, after: $after, filter: $filter) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }"""
COMPANIES = """query($first: Int!, $after: String) { companies(first: $first, after: $after, sort: COMPLAINTS_DESC) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }"""


@dataclass
class Run:
    """One reader among writers: what was there when it began, what it has been shown."""

    world: World
    chance: random.Random
    ask: Asker
    there: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Some cases, many on the same day, so that ties are common."""
        for _ in range(self.chance.randint(0, 30)):
            self.there.add(ids.encode("Cm", self.add()))
        await self.world.save()

    def add(self) -> UUID:
        """A case on one of a few days."""
        day = FIRST_DAY + timedelta(days=self.chance.randint(0, 4))
        return self.world.add(tables.Complaint, external_ref=f"{self.chance.random()}", received_on=day)

    async def write(self, moment: int) -> None:
        """Somebody adds cases, or learns something of one that is there."""
        for _ in range(self.chance.randint(0, 3)):
            self.add()
        await self.world.save()
        if self.there and self.chance.random() < 0.5:
            known = ids.decode(self.chance.choice(sorted(self.there))).uuid
            when = MOMENT + timedelta(minutes=moment)
            await self.world.supersede(tables.Complaint, known, when, state=self.chance.choice(["CLOSED", "REPLIED"]))

    async def read(self) -> None:
        """All pages, with writes between them."""
        first = self.chance.randint(1, 7)
        after, moment = None, 0
        while True:
            page = (await self.ask.data(COMPLAINTS, first=first, after=after))["complaints"]
            self.check(page, first, after)
            self.shown += [edge["node"]["id"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
            moment += 1
            await self.write(moment)

    def check(self, page: Any, first: int, after: str | None) -> None:
        """What a page says of itself."""
        info, edges = page["pageInfo"], page["edges"]
        assert len(edges) <= first
        assert info["hasNextPage"] is False or len(edges) == first
        assert info["hasPreviousPage"] is (after is not None)
        cursors = [edge["cursor"] for edge in edges]
        assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
        assert page["totalCount"] >= len(self.there)


async def test_what_was_there_is_shown_once(fresh_database: Database) -> None:
    for seed in range(BASE, BASE + RUNS):
        world = await founded(fresh_database, f"{seed}")
        run = Run(world, random.Random(seed), asker(world))
        await run.begin()
        await run.read()
        assert len(run.shown) == len(set(run.shown)), f"seed {seed}: a row is shown twice"
        assert run.there <= set(run.shown), f"seed {seed}: a row is left out"


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_without_writes_the_pages_are_the_list(fresh_database: Database, size: int) -> None:
    """Also in an order whose key is worked out for each row."""
    world = await founded(fresh_database)
    companies = [world.company() for _ in range(7)]
    for place, company in enumerate(companies):
        for _ in range(place // 2):
            world.add(tables.Complaint, company_id=company, received_on=date(2026, 7, 1))
    await world.save()
    found: list[str] = []
    after, ask = None, asker(world)
    while True:
        page = (await ask.data(COMPANIES, first=size, after=after))["companies"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    by_cases = sorted(enumerate(companies), key=lambda each: (each[0] // 2, each[1]), reverse=True)
    assert found == [ids.encode("Co", company) for _, company in by_cases]


async def test_a_deep_page_costs_about_what_the_first_costs(fresh_database: Database) -> None:
    """The smoke of `benchmarks/page_depth.py`, which measures page 10,000."""
    deep, first, last = await measured(fresh_database, 20_100, 15)
    assert deep == 201
    assert median(last) <= 2 * median(first)
