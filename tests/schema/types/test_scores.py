"""Cycles, runs and results in the words of their rulebook."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest_asyncio

from api.database import Database
from schema import ids, tables
from tests.asking import Asker, asker
from tests.factories import HASH, MOMENT, RULES, founded

RESULTS = """
query($run: ID!, $bands: [String!]) { node(id: $run) { ... on ScoreRun {
  notRated distribution { band { code label totalMin } count }
  results(first: 10, bands: $bands) { totalCount nodes {
    total rank nonValue list company { name } compound { code }
    band { code label(lang: EN) totalMin predicate } bandByScore { code }
    notRatedReasons { code label clause } recommendation { code label clause }
    cohort { label size median percentile } } } } } }
"""


@dataclass(frozen=True)
class Scored:
    """A half-year over two quarters, all scored."""

    ask: Asker
    records: dict[str, UUID]


@pytest_asyncio.fixture(scope="module")
async def scored(database: Database) -> AsyncIterator[Scored]:
    world = await founded(database)
    street = world.street()
    area = (street, world.community(street))
    compound, kept = world.compound(area, code="YT0001"), world.compound(area, code="YT0002")
    best, worst, new = (world.company(name=name) for name in ("甲物业", "乙物业", "丙物业"))
    rulebook = world.add(tables.Rulebook, code="probe")
    version = world.add(
        tables.RulebookVersion,
        rulebook_id=rulebook,
        text=json.dumps(RULES, ensure_ascii=False),
        in_force_from=date(2025, 7, 1),
        in_force_until=date(2026, 12, 31),
        number=1,
    )
    world.add(
        tables.RulebookVersion,
        rulebook_id=rulebook,
        state="DRAFT",
        ground=None,
        text=json.dumps(RULES, ensure_ascii=False),
        in_force_from=date(2027, 1, 1),
        number=2,
    )
    half = world.add(tables.Cycle, rulebook_id=rulebook)
    quarter = world.add(
        tables.Cycle,
        rulebook_id=rulebook,
        label="2026-Q2",
        kind="QUARTER",
        first_day=date(2026, 4, 1),
        last_day=date(2026, 6, 30),
        whole_id=half,
    )
    of_version = {"rulebook_version_id": version}
    earlier = world.add(
        tables.ScoreRun, cycle_id=quarter, **of_version, recorded_at=MOMENT - timedelta(days=1), result_hash=HASH
    )
    part = world.add(tables.ScoreRun, cycle_id=quarter, **of_version)
    preview = world.add(
        tables.ScoreRun, cycle_id=quarter, **of_version, kind="PREVIEW", recorded_at=MOMENT + timedelta(days=1)
    )
    run = world.add(tables.ScoreRun, cycle_id=half, **of_version, part_ids=[str(part)])
    world.add(
        tables.ScoreResult,
        run_id=run,
        company_id=worst,
        total=Decimal("85.250000"),
        band="D",
        band_by_score="B",
        rank=2,
        sort_rank=2,
        listed="BLACK",
        recommendation="PROPOSE_EXIT",
    )
    result = world.add(
        tables.ScoreResult,
        run_id=run,
        company_id=best,
        total=Decimal("91.5"),
        band="A",
        band_by_score="A",
        rank=1,
        sort_rank=1,
        recommendation="NONE",
    )
    world.add(
        tables.ScoreResult, run_id=run, company_id=new, non_value="NOT_RATED", reasons=["FEW_DAYS"], sort_rank=9999
    )
    unit = {"grain": "unit_quarter", "company_id": best, "total": Decimal("88.12")}
    for of_run in (earlier, part, preview):
        world.add(tables.ScoreResult, run_id=of_run, **unit, compound_id=compound)
        world.add(tables.ScoreResult, run_id=of_run, grain="compound_quarter", compound_id=kept, total=Decimal("77.77"))
    world.add(tables.ScoreResult, run_id=part, grain="unit_quarter", company_id=worst, compound_id=kept)
    await world.save()
    runs = {"run": run, "part": part, "earlier": earlier, "preview": preview}
    yield Scored(asker(world), {**runs, "half": half, "quarter": quarter, "result": result, "version": version})


async def test_results_come_by_rank_in_the_words_of_the_rulebook(scored: Scored) -> None:
    answer = await scored.ask.answer(RESULTS, run=ids.encode("Sr", scored.records["run"]))
    assert answer.errors == ()
    run = answer.data["node"]
    assert run["notRated"] == 1
    assert run["distribution"] == [
        {"band": {"code": "A", "label": "优秀", "totalMin": "90"}, "count": 1},
        {"band": {"code": "B", "label": "良好", "totalMin": "80"}, "count": 0},
        {"band": {"code": "D", "label": "不合格", "totalMin": None}, "count": 1},
    ]
    first, second, third = run["results"]["nodes"]
    cohort = {"label": "企业", "size": 2, "median": "88.375"}
    assert first == {
        "total": "91.5",
        "rank": 1,
        "nonValue": None,
        "list": None,
        "company": {"name": "甲物业"},
        "compound": None,
        "band": {"code": "A", "label": "Excellent", "totalMin": "90", "predicate": None},
        "bandByScore": {"code": "A"},
        "notRatedReasons": [],
        "recommendation": {"code": "NONE", "label": "NONE", "clause": "8.6"},
        "cohort": {**cohort, "percentile": "75"},
    }
    assert (second["list"], second["band"]["code"], second["bandByScore"]) == ("BLACK", "D", {"code": "B"})
    assert second["recommendation"] == {"code": "PROPOSE_EXIT", "label": "建议退出", "clause": "8.1"}
    assert third == {
        "total": None,
        "rank": None,
        "nonValue": "NOT_RATED",
        "list": None,
        "company": {"name": "丙物业"},
        "compound": None,
        "band": None,
        "bandByScore": None,
        "notRatedReasons": [{"code": "FEW_DAYS", "label": "在管天数不足", "clause": "6.2"}],
        "recommendation": None,
        "cohort": {**cohort, "percentile": None},
    }
    assert len(answer.statements) == 10


async def test_results_of_some_bands(scored: Scored) -> None:
    for bands, count in ((["D"], 1), (["A", "D"], 2), (["C"], 0), ([], 0), (None, 3)):
        data = await scored.ask.data(RESULTS, run=ids.encode("Sr", scored.records["run"]), bands=bands)
        assert data["node"]["results"]["totalCount"] == count


async def test_a_result_is_made_of_the_units_of_the_quarters_its_run_took_over(scored: Scored) -> None:
    document = """query($id: ID!) { node(id: $id) { ... on ScoreResult {
        run { kind } parts(first: 5) { totalCount nodes { total run { id } company { name } compound { code }
          parts(first: 5) { totalCount } } } } } }"""
    data = await scored.ask.data(document, id=ids.encode("Re", scored.records["result"]))
    assert data["node"] == {
        "run": {"kind": "OFFICIAL"},
        "parts": {
            "totalCount": 1,
            "nodes": [
                {
                    "total": "88.12",
                    "run": {"id": ids.encode("Sr", scored.records["part"])},
                    "company": {"name": "甲物业"},
                    "compound": {"code": "YT0001"},
                    "parts": {"totalCount": 0},
                }
            ],
        },
    }


async def test_a_compound_run_by_nobody_has_scores_of_the_newest_official_run(scored: Scored) -> None:
    document = """query($cycle: ID) { compound(by: {code: "YT0002"}) {
        scores(first: 5, cycleId: $cycle) { totalCount nodes { total company { name } run { id kind } } } } }"""
    expected = {
        "totalCount": 1,
        "nodes": [
            {
                "total": "77.77",
                "company": None,
                "run": {"id": ids.encode("Sr", scored.records["part"]), "kind": "OFFICIAL"},
            }
        ],
    }
    assert (await scored.ask.data(document))["compound"]["scores"] == expected
    quarter = ids.encode("Cy", scored.records["quarter"])
    assert (await scored.ask.data(document, cycle=quarter))["compound"]["scores"] == expected
    half = ids.encode("Cy", scored.records["half"])
    assert (await scored.ask.data(document, cycle=half))["compound"]["scores"] == {"totalCount": 0, "nodes": []}


async def test_cycles_and_their_runs(scored: Scored) -> None:
    document = """query($label: PeriodLabel, $states: [CycleState!], $kinds: [RunKind!]) {
        cycles(first: 5, label: $label, states: $states) { totalCount nodes { label kind state ground
          range { from to } parts { label parts { label } } runs(first: 5, kinds: $kinds) { nodes { id kind } } } } }"""
    data = await scored.ask.data(document)
    assert sorted(each["label"] for each in data["cycles"]["nodes"]) == ["2026-H1", "2026-Q2"]
    (half,) = (await scored.ask.data(document, label="2026H1"))["cycles"]["nodes"]
    assert half == {
        "label": "2026-H1",
        "kind": "HALF_YEAR",
        "state": "SCORING",
        "ground": "IMPORTED",
        "range": {"from": "2026-01-01", "to": "2026-06-30"},
        "parts": [{"label": "2026-Q2", "parts": []}],
        "runs": {"nodes": [{"id": ids.encode("Sr", scored.records["run"]), "kind": "OFFICIAL"}]},
    }
    (quarter,) = (await scored.ask.data(document, label="2026-Q2", kinds=["OFFICIAL"]))["cycles"]["nodes"]
    official = [ids.encode("Sr", scored.records[name]) for name in ("part", "earlier")]
    assert [each["id"] for each in quarter["runs"]["nodes"]] == official
    assert (await scored.ask.data(document, states=["FINAL"]))["cycles"]["totalCount"] == 0


async def test_a_run_says_what_it_was_made_of(scored: Scored) -> None:
    document = """query($id: ID!) { node(id: $id) { ... on ScoreRun {
        validAt knownAt engineVersion inputHash resultHash
        cycle { label } rulebookVersion { number rulebook { code } } } } }"""
    data = await scored.ask.data(document, id=ids.encode("Sr", scored.records["run"]))
    node = data["node"]
    assert node.pop("inputHash").startswith("sha256:")
    assert node == {
        "validAt": "2026-07-11T01:02:03.456Z",
        "knownAt": "2026-07-11T01:02:03.456Z",
        "engineVersion": "1",
        "resultHash": HASH,
        "cycle": {"label": "2026-H1"},
        "rulebookVersion": {"number": 1, "rulebook": {"code": "probe"}},
    }


async def test_companies_by_rank_unrated_last(scored: Scored) -> None:
    document = """query($after: String) { companies(first: 2, after: $after, sort: RANK) {
        pageInfo { hasNextPage endCursor } nodes { name } } }"""
    page = (await scored.ask.data(document))["companies"]
    assert [each["name"] for each in page["nodes"]] == ["甲物业", "乙物业"]
    rest = (await scored.ask.data(document, after=page["pageInfo"]["endCursor"]))["companies"]
    assert ([each["name"] for each in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == (["丙物业"], False)


async def test_a_rulebook_and_the_version_in_force(scored: Scored) -> None:
    document = """query($asOf: AsOf, $codes: [String!]) { rulebooks(first: 5, codes: $codes) { totalCount nodes {
        code zh: name en: name(lang: EN) tw: name(lang: ZH_TW)
        inForce(asOf: $asOf) { number state ground validity { from to recordedAt supersededAt } legalBasis
          bands { code label(lang: EN) totalMin predicate } }
        versions(first: 5) { nodes { number state } } } } }"""
    data: Any = await scored.ask.data(document, codes=["probe"])
    (rulebook,) = data["rulebooks"]["nodes"]
    assert rulebook == {
        "code": "probe",
        "zh": "考评办法",
        "en": "Assessment rules",
        "tw": "考评办法",
        "inForce": {
            "number": 1,
            "state": "IN_FORCE",
            "ground": "IMPORTED",
            "validity": {
                "from": "2025-06-30T16:00:00.000Z",
                "to": "2026-12-31T16:00:00.000Z",
                "recordedAt": "2026-07-11T01:02:03.456Z",
                "supersededAt": None,
            },
            "legalBasis": ["考评办法"],
            "bands": [
                {"code": "A", "label": "Excellent", "totalMin": "90", "predicate": None},
                {"code": "B", "label": "Good", "totalMin": "80", "predicate": None},
                {"code": "D", "label": "Fail", "totalMin": None, "predicate": None},
            ],
        },
        "versions": {"nodes": [{"number": 2, "state": "DRAFT"}, {"number": 1, "state": "IN_FORCE"}]},
    }
    assert (await scored.ask.data(document, codes=[]))["rulebooks"]["totalCount"] == 0
    for as_of, number in (
        ({"validAt": "2025-06-30T12:00:00+08:00"}, None),
        ({"validAt": "2025-07-01T00:00:00+08:00"}, 1),
        ({"validAt": "2026-12-31T23:00:00+08:00"}, 1),
        ({"validAt": "2027-01-01T00:00:00+08:00"}, None),
        ({"knownAt": datetime(2026, 7, 11, tzinfo=UTC).isoformat()}, None),
        ({"knownAt": MOMENT.isoformat()}, 1),
    ):
        found = (await scored.ask.data(document, asOf=as_of))["rulebooks"]["nodes"][0]["inForce"]
        assert (found and found["number"]) == number
