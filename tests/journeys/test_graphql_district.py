"""The whole district through GraphQL: what the files say is what the API says."""

from collections import Counter
from typing import Any

from sqlalchemy import text

from api.graphql import Source
from schema.context import Context
from schema.query import SCHEMA
from tests.asking import bureau
from tests.journeys.conftest import District

RESULTS = """query($after: String) { cycles(first: 1, label: "2026-H1") { nodes { runs(first: 1) { nodes {
    notRated distribution { band { code } count }
    results(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
      nodes { total rank company { uscc } band { code } recommendation { code clause } } } } } } } }"""


async def ask(district: District, document: str, **variables: Any) -> Any:
    async with district.database.reading_everything() as connection:
        district_id = (await connection.execute(text("SELECT id FROM district"))).scalar_one()
    source = Source(district.database, district_id, b"s" * 32)
    context = Context(source.reader(bureau(district_id)), "t")
    result: Any = await SCHEMA.execute(document, variable_values=variables, context_value=context)
    assert result.errors is None
    return result.data


async def half_year(district: District) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The run of 2026-H1 and all of its results, page by page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        run = (await ask(district, RESULTS, after=after))["cycles"]["nodes"][0]["runs"]["nodes"][0]
        found += run["results"]["nodes"]
        if not run["results"]["pageInfo"]["hasNextPage"]:
            return run, found
        after = run["results"]["pageInfo"]["endCursor"]


async def test_each_recommendation_cites_its_own_clause(clean: District) -> None:
    _, results = await half_year(clean)
    assert Counter((each["recommendation"]["code"], each["recommendation"]["clause"]) for each in results) == {
        ("PROPOSE_EXIT", "8.1"): 7,
        ("WATCH_NO_NEW_CONTRACTS", "8.2"): 1,
        ("NOT_RATED", "8.3"): 3,
        ("INTERVIEW", "8.4"): 3,
        ("COMMEND", "8.5"): 10,
        ("NONE", "8.6"): 88,
    }


async def test_bands_and_not_rated_add_up_to_all_companies(clean: District) -> None:
    run, results = await half_year(clean)
    assert {each["band"]["code"]: each["count"] for each in run["distribution"]} == {"A": 38, "B": 36, "C": 28, "D": 7}
    assert run["notRated"] == 3
    assert len(results) == 112


async def test_scores_of_a_compound_come_newest_period_first(clean: District) -> None:
    document = '{ compound(by: {code: "YT0001"}) { scores(first: 10) { nodes { run { cycle { label } } } } } }'
    nodes = (await ask(clean, document))["compound"]["scores"]["nodes"]
    assert [each["run"]["cycle"]["label"] for each in nodes] == ["2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3"]


async def test_coverage_at_the_day_of_the_file_and_before(clean: District) -> None:
    document = "query($at: DateTime) { coverage(asOf: {validAt: $at}) { total covered rate byForm { form total } } }"
    now = (await ask(clean, document, at="2026-07-10T12:00:00+08:00"))["coverage"]
    assert (now["total"], now["covered"], now["rate"]) == (565, 457, "0.8088")
    assert {each["form"]: each["total"] for each in now["byForm"]} == {
        "PROPERTY_COMPANY": 303,
        "OWNER_SELF_GOVERNED": 128,
        "COMMUNITY_RUN": 110,
        "WORK_UNIT_RUN": 24,
    }
    before = (await ask(clean, document, at="2026-07-09T12:00:00+08:00"))["coverage"]
    assert (before["total"], before["covered"]) == (565, 0)


async def test_the_report_of_the_year_is_the_published_one(clean: District) -> None:
    """Cases and mediations of the twelve months in the workbook; totals.csv has the same figures."""
    document = """query($range: DateRange!) { report(range: $range) {
        complaints { total duplicates byCategory { category { code } count } }
        mediations { preLitigationSucceeded oralSucceeded amount arrearsRecovered } } }"""
    year = {"from": "2025-07-01", "to": "2026-06-30"}
    report = (await ask(clean, document, range=year))["report"]
    cases = report["complaints"]
    assert (cases["total"], cases["duplicates"]) == (3000, 682)
    assert sum(each["count"] for each in cases["byCategory"]) == 3000 - 682
    assert report["mediations"] == {
        "preLitigationSucceeded": 26,
        "oralSucceeded": 38,
        "amount": "302600.00",
        "arrearsRecovered": "39271.00",
    }


async def test_the_lists_are_those_of_the_files(clean: District) -> None:
    document = """query($cycle: ID!) { listings(first: 100, filter: {cycleId: $cycle}) { totalCount
        nodes { colour state streak clause { legalBasis } } } }"""
    cycles = (await ask(clean, '{ cycles(first: 1, label: "2026-H1") { nodes { id } } }'))["cycles"]["nodes"]
    page = (await ask(clean, document, cycle=cycles[0]["id"]))["listings"]
    assert Counter(each["colour"] for each in page["nodes"]) == {"BLACK": 8, "RED": 10, "YELLOW": 3}
    assert {each["state"] for each in page["nodes"]} == {"PROPOSED"}
    assert {(each["colour"], each["clause"]["legalBasis"]) for each in page["nodes"]} == {
        ("BLACK", "7.2"),
        ("RED", "7.4"),
        ("YELLOW", "7.3"),
    }
    assert max(each["streak"] for each in page["nodes"]) == 2
