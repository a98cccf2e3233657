"""Areas, compounds, governance and bundles."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import World, founded


@dataclass(frozen=True)
class District:
    """Two streets, three compounds, one company, one bundle."""

    world: World
    ask: Asker
    streets: tuple[UUID, UUID]
    communities: tuple[UUID, UUID]
    company: UUID
    bundle: UUID


@pytest_asyncio.fixture(scope="module")
async def district(database: Database) -> AsyncIterator[District]:
    world = await founded(database)
    streets = (world.street(code="430399001", name="书院路街道"), world.street(code="430399002", name="临江路街道"))
    communities = (
        world.community(streets[0], code="430399001001", name="新塘社区"),
        world.community(streets[1], code="430399002001", name="江滨社区"),
    )
    full = world.compound(
        (streets[0], communities[0]),
        {"regime": "SERVICE_CONTRACT", "valid_from": date(2026, 1, 1)},
        code="YT0001",
        name="月华小区",
        address="书院路1号",
        built_year=2003,
        households=120,
        gross_floor_area=Decimal("8000.50"),
        owners_committee=True,
        latitude=Decimal("27.784933"),
        longitude=Decimal("112.905346"),
    )
    world.add(
        tables.GovernanceSpell,
        compound_id=full,
        street_id=streets[0],
        community_id=communities[0],
        form="UNMANAGED",
        covered=False,
        kind="UNMANAGED",
        source="普查",
        valid_from=date(2020, 1, 1),
        valid_to=date(2026, 1, 1),
    )
    other = world.compound(
        (streets[1], communities[1]),
        {"form": "COMMUNITY_RUN", "covered": False, "kind": "OLD_COMPOUND", "regime": "GOVERNMENT_BACKSTOP"},
        code="YT0002",
        name="江景小区",
        households=80,
    )
    world.compound((streets[1], communities[1]), {"kind": "AFFORDABLE"}, code="YT0003", name="临江一期_甲", latitude=1)
    company = world.company(name="甲物业")
    bundle = world.add(tables.Bundle, code="LP01", name="书院片")
    for compound, street, community in (
        (full, *_pair(streets, communities, 0)),
        (other, *_pair(streets, communities, 1)),
    ):
        world.add(
            tables.Engagement,
            company_id=company,
            compound_id=compound,
            street_id=street,
            community_id=community,
            bundle_id=bundle,
            state="ACTIVE" if compound == full else "FILED",
        )
    await world.save()
    yield District(world, asker(world), streets, communities, company, bundle)


def _pair(streets: tuple[UUID, UUID], communities: tuple[UUID, UUID], index: int) -> tuple[UUID, UUID]:
    return streets[index], communities[index]


async def test_a_compound_shows_what_is_known_of_it(district: District) -> None:
    document = """{ compound(by: {code: "YT0001"}) {
        version code name address kind builtYear households grossFloorArea ownersCommittee location { lat lng }
        street { name level } community { name parent { code } }
        governance { form regime covered source validity { from to } }
        engagement { company { name } bundle { code } } } }"""
    assert (await district.ask.data(document))["compound"] == {
        "version": 1,
        "code": "YT0001",
        "name": "月华小区",
        "address": "书院路1号",
        "kind": "COMMODITY",
        "builtYear": 2003,
        "households": 120,
        "grossFloorArea": "8000.5",
        "ownersCommittee": True,
        "location": {"lat": 27.784933, "lng": 112.905346},
        "street": {"name": "书院路街道", "level": "STREET"},
        "community": {"name": "新塘社区", "parent": {"code": "430399001"}},
        "governance": {
            "form": "PROPERTY_COMPANY",
            "regime": "SERVICE_CONTRACT",
            "covered": True,
            "source": "小区台账",
            "validity": {"from": "2025-12-31T16:00:00.000Z", "to": None},
        },
        "engagement": {"company": {"name": "甲物业"}, "bundle": {"code": "LP01"}},
    }


async def test_governance_of_another_day(district: District) -> None:
    document = """query($at: DateTime!) { compound(by: {code: "YT0001"}) {
        governance(asOf: {validAt: $at}) { form source validity { to } } } }"""
    before = await district.ask.data(document, at="2025-12-31T23:59:59+08:00")
    assert before["compound"]["governance"] == {
        "form": "UNMANAGED",
        "source": "普查",
        "validity": {"to": "2025-12-31T16:00:00.000Z"},
    }
    assert (await district.ask.data(document, at="2019-12-31T12:00:00+08:00"))["compound"] == {"governance": None}


async def test_a_paper_contract_puts_nobody_in_charge(district: District) -> None:
    document = '{ compound(by: {code: "YT0002"}) { engagement { id } engagements(first: 5) { nodes { state } } } }'
    assert (await district.ask.data(document))["compound"] == {
        "engagement": None,
        "engagements": {"nodes": [{"state": "FILED"}]},
    }


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ({}, ["YT0001", "YT0002", "YT0003"]),
        ({"text": "江"}, None),
        ({"text": "江景"}, ["YT0002"]),
        ({"text": "书院"}, ["YT0001"]),
        ({"text": "yt000"}, ["YT0001", "YT0002", "YT0003"]),
        ({"text": "期_"}, ["YT0003"]),
        ({"text": "_%"}, []),
        ({"text": "\\d"}, []),
        ({"text": "长" * 51}, None),
        ({"kinds": ["COMMODITY"]}, ["YT0001"]),
        ({"kinds": []}, []),
        ({"forms": ["PROPERTY_COMPANY"], "kinds": ["AFFORDABLE", "OLD_COMPOUND"]}, ["YT0003"]),
        ({"regimes": ["GOVERNMENT_BACKSTOP"]}, ["YT0002"]),
        ({"covered": False}, ["YT0002"]),
        ({"withoutCompany": True}, ["YT0002", "YT0003"]),
        ({"withoutCompany": False}, ["YT0001"]),
        ({"covered": None, "text": None}, ["YT0001", "YT0002", "YT0003"]),
    ],
)
async def test_compounds_wanted(district: District, condition: dict[str, Any], codes: list[str] | None) -> None:
    document = "query($f: CompoundFilter) { compounds(first: 10, filter: $f) { totalCount nodes { code } } }"
    if codes is None:
        assert await district.ask.refused(document, f=condition) == ("BAD_USER_INPUT", None)
        return
    found = (await district.ask.data(document, f=condition))["compounds"]
    assert ([each["code"] for each in found["nodes"]], found["totalCount"]) == (codes, len(codes))


async def test_compounds_in_areas_and_bundles(district: District) -> None:
    document = "query($f: CompoundFilter) { compounds(first: 10, filter: $f) { nodes { code } } }"

    async def codes(**condition: Any) -> list[str]:
        data = await district.ask.data(document, f=condition)
        return [each["code"] for each in data["compounds"]["nodes"]]

    street, community = ids.encode("Aa", district.streets[1]), ids.encode("Aa", district.communities[0])
    assert await codes(areaIds=[street]) == ["YT0002", "YT0003"]
    assert await codes(areaIds=[community]) == ["YT0001"]
    assert await codes(areaIds=[street, community]) == ["YT0001", "YT0002", "YT0003"]
    assert await codes(areaIds=[ids.encode("Co", district.company)]) == []
    assert await codes(bundleId=ids.encode("Bu", district.bundle)) == ["YT0001"]
    assert await district.ask.refused(document, f={"areaIds": ["4303"]}) == ("BAD_USER_INPUT", None)
    assert await district.ask.refused(document, f={"areaIds": [street] * 101}) == ("BAD_USER_INPUT", None)


async def test_areas_by_level_and_parent(district: District) -> None:
    document = """query($level: AreaLevel, $parent: ID) {
        areas(first: 10, level: $level, parentId: $parent) { totalCount nodes { code parent { code } } } }"""
    streets = await district.ask.data(document, level="STREET")
    assert streets["areas"] == {
        "totalCount": 2,
        "nodes": [{"code": "430399001", "parent": None}, {"code": "430399002", "parent": None}],
    }
    inside = await district.ask.data(document, parent=ids.encode("Aa", district.streets[1]))
    assert inside["areas"] == {
        "totalCount": 1,
        "nodes": [{"code": "430399002001", "parent": {"code": "430399002"}}],
    }


async def test_a_bundle_shows_its_company_and_households(district: District) -> None:
    document = """query($areas: [ID!]) { bundles(first: 5, areaIds: $areas) {
        totalCount nodes { version code name households company { name } engagements(first: 5) { totalCount } } } }"""
    expected = {
        "totalCount": 1,
        "nodes": [
            {
                "version": 1,
                "code": "LP01",
                "name": "书院片",
                "households": 200,
                "company": {"name": "甲物业"},
                "engagements": {"totalCount": 2},
            }
        ],
    }
    assert (await district.ask.data(document))["bundles"] == expected
    here = [ids.encode("Aa", district.communities[1])]
    assert (await district.ask.data(document, areas=here))["bundles"] == expected
    nowhere = await district.ask.data(document, areas=[ids.encode("Aa", district.bundle)])
    assert nowhere["bundles"] == {"totalCount": 0, "nodes": []}


async def test_a_position_is_whole_or_absent(district: District) -> None:
    found = await district.ask.data("{ compounds(first: 10) { nodes { code location { lat } } } }")
    assert [each["location"] for each in found["compounds"]["nodes"]] == [{"lat": 27.784933}, None, None]
