"""The operations of the three clients, cut down to what is served, on the sample district: answers and statements."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from graphql import ArgumentNode, IntValueNode, Visitor, build_schema, parse, print_ast, visit

from api import sample
from api.actions.import_workbook import Order, import_workbook
from api.actions.score_period import Order as ScoreOrder
from api.actions.score_period import score_period
from api.database import Database
from api.desk import SYSTEM
from schema import ids
from schema.directives import Role
from schema.query import sdl
from schema.viewer import Viewer
from tests.asking import Asker, asker
from tests.factories import World
from tests.golden.reduction import reduced
from tests.golden.waiting import WAITING, missing

HERE = Path(__file__).parent
OPERATIONS = HERE.parent.parent.parent / "shared" / "graphql" / "operations"

STATEMENTS = {
    "auditor_as_of": 5,
    "auditor_assignments": 3,
    "auditor_fairness": 1,
    "auditor_offline_package": 5,
    "auditor_rulebook_diff": 4,
    "auditor_trail": 1,
    "auditor_verify_run": 58,
    "bureau_company_dossier": 17,
    "bureau_company_list": 3,
    "bureau_compare_runs": 4,
    "bureau_compound_sheet": 17,
    "bureau_explain_rating": 1,
    "bureau_home": 9,
    "bureau_map": 3,
    "probe_companies": 22,
    "probe_compounds": 16,
    "probe_results": 70,
    "training_gap": 3,
    "training_ledger_and_expiry": 2,
    "training_open_sessions": 2,
    "training_plan_next_half": 1,
    "training_roster": 7,
}
"""SQL statements of each operation, whatever the sizes of its pages; explanations read all evidence of their run."""


@dataclass(frozen=True)
class Sample:
    """The sample district, imported and scored, and what the operations are about."""

    ask: Asker
    variables: dict[str, Any]


@pytest_asyncio.fixture(scope="module")
async def district(database: Database) -> AsyncIterator[Sample]:
    order = Order(sample.NAME, sample.data(), sample.AS_OF, district_name=sample.DISTRICT_NAME)
    await import_workbook(database, SYSTEM, order)
    for period in sample.PERIODS:
        await score_period(database, SYSTEM, ScoreOrder(period))
    async with database.reading_everything() as connection:
        district_id = await (await database.driver(connection)).fetchval("SELECT id FROM district")
    ask = asker(World(database, district_id))
    yield Sample(await as_inspector(ask), await about(ask))


async def as_inspector(ask: Asker) -> Asker:
    """The bureau's clerk who is also the inspector of a visit that is not sent in yet."""
    cycle = (await ask.data('{ cycles(first: 1, label: "2026-Q2") { nodes { id } } }'))["cycles"]["nodes"][0]["id"]
    document = """query($cycle: ID!) { inspections(first: 1, filter: {cycleId: $cycle, states: [ACCEPTED]}) {
        nodes { inspectors { id } } } }"""
    (visit,) = (await ask.data(document, cycle=cycle))["inspections"]["nodes"]
    person = ids.decode(visit["inspectors"][0]["id"]).uuid
    roles = frozenset({Role.PUBLIC, Role.BUREAU_ADMIN})
    return Asker(ask.source, viewer=Viewer(ask.source.district_id, roles, person_id=person))


async def about(ask: Asker) -> dict[str, Any]:
    """Values for the variables of the operations."""
    data = await ask.data("""{
        companies(first: 1, sort: RANK) { nodes { id uscc } }
        compounds(first: 1, filter: {withoutCompany: false}) { nodes { code } }
        inspections(first: 20) { nodes { id } }
        rulebooks(first: 1) { nodes { versions(first: 1) { nodes { id } } } }
        cycles(first: 1, label: "2026-H1") { nodes { id runs(first: 1) { nodes { id } } } }
        quarters: cycles(first: 1, label: "2026-Q2") { nodes { id } }
        trainingSessions(first: 1) { nodes { id enrollments(first: 1) { nodes { person { id } } } } } }""")
    company, cycle = data["companies"]["nodes"][0], data["cycles"]["nodes"][0]
    session = data["trainingSessions"]["nodes"][0]
    return {
        "uscc": company["uscc"],
        "companyId": company["id"],
        "code": data["compounds"]["nodes"][0]["code"],
        "ids": [each["id"] for each in data["inspections"]["nodes"]],
        "newId": data["rulebooks"]["nodes"][0]["versions"]["nodes"][0]["id"],
        "oldId": data["rulebooks"]["nodes"][0]["versions"]["nodes"][0]["id"],
        "runId": cycle["runs"]["nodes"][0]["id"],
        "cycleId": data["quarters"]["nodes"][0]["id"],
        "label": "2026-H1",
        "asOf": {"validAt": "2026-06-30T12:00:00+08:00"},
        "filter": {"standings": ["ADMITTED"]},
        "half": "2026-H1",
        "quarter": {"from": "2026-04-01", "to": "2026-06-30"},
        "range": {"from": "2026-01-01", "to": "2026-06-30"},
        "box": {"south": 27.0, "north": 28.5, "west": 112.0, "east": 114.0},
        "sessionId": session["id"],
        "personId": session["enrollments"]["nodes"][0]["person"]["id"],
    }


OF_OPERATION: Mapping[str, Mapping[str, Any]] = {
    "auditor_trail": {"filter": {"actions": ["import."]}},
    "bureau_map": {"filter": {"covered": True}},
}
"""Variables of one operation that are called like those of another."""


class Resized(Visitor):
    """Gives all pages of a document another size."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.first = first

    def enter_argument(self, node: Any, *_: Any) -> Any:
        """`first` of whatever field."""
        if node.name.value != "first":
            return None
        return ArgumentNode(name=node.name, value=IntValueNode(value=str(self.first)))


def resized(document: str, first: int) -> str:
    """The document with pages of this size."""
    return print_ast(visit(parse(document), Resized(first)))


def asked(document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables a document declares."""
    (operation,) = parse(document).definitions
    names = [each.variable.name.value for each in operation.variable_definitions or ()]  # type: ignore[attr-defined]
    return {name: variables[name] for name in names if name in variables}


def test_the_operations_are_those_of_the_clients() -> None:
    assert sorted(path.stem for path in HERE.glob("*.graphql")) == sorted(STATEMENTS)
    if not OPERATIONS.exists():
        pytest.skip(f"the clients' operations are not at {OPERATIONS}")
    schema = build_schema(sdl())
    found = {path.stem: reduced(path.read_text(encoding="utf-8"), schema) for path in OPERATIONS.glob("*.graphql")}
    served = {name: text for name, text in found.items() if text is not None}
    ours = {name for name in STATEMENTS if name.startswith("probe_")}
    assert served == {name: text_of(name) for name in STATEMENTS if name not in ours}


def test_what_the_operations_wait_for_is_written_down() -> None:
    if not OPERATIONS.exists():
        pytest.skip(f"the clients' operations are not at {OPERATIONS}")
    contract = build_schema((OPERATIONS.parent / "schema.graphql").read_text(encoding="utf-8"))
    served = build_schema(sdl())
    texts = [path.read_text(encoding="utf-8") for path in OPERATIONS.glob("*.graphql")]
    assert set().union(*(missing(text, contract, served) for text in texts)) == set(WAITING)


def text_of(name: str) -> str:
    """The text of an operation."""
    return (HERE / f"{name}.graphql").read_text(encoding="utf-8")


def rows(data: Any) -> int:
    """How many objects stand in lists."""
    if isinstance(data, list):
        return len(data) + sum(map(rows, data))
    return sum(map(rows, data.values())) if isinstance(data, dict) else 0


SINGLE = {"bureau_explain_rating", "training_ledger_and_expiry"}
"""Operations of which only a record without lists is left."""


@pytest.mark.parametrize("name", sorted(STATEMENTS))
async def test_an_operation_takes_the_same_statements_whatever_its_pages(district: Sample, name: str) -> None:
    document = text_of(name)
    variables = asked(document, {**district.variables, **OF_OPERATION.get(name, {})})
    counts = []
    for text in (resized(document, 20), resized(document, 50)):
        answer = await district.ask.answer(text, **variables)
        assert answer.errors == ()
        assert None not in answer.data.values()
        assert (rows(answer.data) > 0) is (name not in SINGLE)
        counts.append(len(answer.statements))
    assert counts == [STATEMENTS[name]] * 2


LINES = """
query($run: ID!, $first: Int!, $after: String, $facts: Int!) { node(id: $run) { ... on ScoreRun {
  results(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { id total nonValue lines {
    path parent kind value nonValue points
    facts(first: $facts) { totalCount nodes { __typename ... on Node { id } } } } } } } } }
"""


async def test_the_lines_of_every_result_add_up_exactly(district: Sample) -> None:
    """All companies of the half-year: the total is the sum of the parts, down to the last line shown."""
    after, seen = None, 0
    while True:
        data = await district.ask.data(LINES, run=district.variables["runId"], first=60, facts=1, after=after)
        page = data["node"]["results"]
        for result in page["nodes"]:
            check_sums(result)
            seen += 1
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == 112


def check_sums(result: dict[str, Any]) -> None:
    """What a line gives is what the lines below it give; nothing is shown that is one fact only."""
    lines = result["lines"]
    root = lines[0]
    assert (root["parent"], root["kind"], root["nonValue"] is None) == (None, "TOTAL", result["nonValue"] is None)
    assert result["total"] is None or Decimal(root["points"]) == Decimal(result["total"])
    below: dict[str, list[Decimal]] = {}
    shown = set()
    for line in lines:
        assert line["parent"] is None or line["parent"] in shown, "preorder"
        shown.add(line["path"])
        below.setdefault(line["parent"], []).append(Decimal(line["points"]))
        assert "finding:" not in line["path"]
    for line in lines:
        if line["path"] in below and line["nonValue"] is None:
            assert sum(below[line["path"]]) == Decimal(line["points"]), line["path"]
    assert len(lines) <= 400


async def test_all_facts_behind_a_line_can_be_paged_through(district: Sample) -> None:
    document = """query($id: ID!, $after: String) { node(id: $id) { ... on ScoreResult { lines {
        path facts(first: 7, after: $after) { totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          edges { cursor node { ... on Node { id } } } nodes { __typename ... on Node { id } } } } } } }"""
    data = await district.ask.data(LINES, run=district.variables["runId"], first=1, facts=100)
    result = data["node"]["results"]["nodes"][0]
    every = [each["id"] for each in result["lines"][0]["facts"]["nodes"]]
    assert len(every) == result["lines"][0]["facts"]["totalCount"] == len(set(every)) == 53
    found: list[str] = []
    after, more = None, True
    while more:
        page = (await district.ask.data(document, id=result["id"], after=after))["node"]["lines"][0]["facts"]
        more = page["pageInfo"]["hasNextPage"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert [each["node"]["id"] for each in page["edges"]] == [each["id"] for each in page["nodes"]]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        found += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert found == every
    codes = set((await district.ask.answer(document, id=result["id"], after="x")).codes)
    assert codes == {("BAD_USER_INPUT", "INVALID_CURSOR")}


async def test_points_lost_lead_to_the_findings_of_that_compound(district: Sample) -> None:
    """Every finding behind the line of a compound was found at that compound."""
    document = """query($run: ID!) { node(id: $run) { ... on ScoreRun { results(first: 5) { nodes { lines {
        path facts(first: 50) { nodes { ... on Finding { compound { code } company { uscc } } } } } } } } } }"""
    results = (await district.ask.data(document, run=district.variables["runId"]))["node"]["results"]["nodes"]
    units = [line for result in results for line in result["lines"] if "/unit_quarter:" in line["path"]]
    checked = 0
    for line in units:
        uscc, code, _ = line["path"].rsplit(":", 1)[-1].split("|")
        for fact in line["facts"]["nodes"]:
            assert fact == {"compound": {"code": code}, "company": {"uscc": uscc}}
            checked += 1
    assert (len(units) > 10, checked > 50) == (True, True)


async def test_the_summary_says_the_total_and_its_components(district: Sample) -> None:
    document = """query($run: ID!) { node(id: $run) { ... on ScoreRun { results(first: 1) { nodes {
        total zh: summary en: summary(lang: EN) lines { path text } } } } } }"""
    (result,) = (await district.ask.data(document, run=district.variables["runId"]))["node"]["results"]["nodes"]
    upper = [line["text"] for line in result["lines"] if line["path"].count("/") <= 2]
    assert result["zh"] == "".join(upper)
    assert len(upper) == 9
    assert result["en"].startswith(f"Composite: {result['total']}0000 points of the total; ")
