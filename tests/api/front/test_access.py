"""Who may select what, decided before anything is executed."""

import json
import random
import string
from pathlib import Path
from typing import Any

import pytest

from api.front.admission import RATES
from schema.directives import Role
from tests.api.front.conftest import Callers
from tests.api.front.strict import Strict

FINDING = '{ node(id: "x") { %s } }'
ABBREVIATED = {
    "PU": Role.PUBLIC,
    "CO": Role.COMPANY,
    "IN": Role.INSPECTOR,
    "AU": Role.AUDITOR,
    "TA": Role.TRAINING_ADMIN,
    "RD": Role.RULE_DRAFTER,
    "RA": Role.RULE_APPROVER,
    "DO": Role.DECISION_OFFICER,
    "BA": Role.BUREAU_ADMIN,
    "SA": Role.SECURITY_ADMIN,
    "AA": Role.AUDIT_ADMIN,
}
COUNTED = "{ %s(first: 1) { totalCount } }"
ASKED = {
    "node": '{ node(id: "Q28BjwAAAABwAIAAAAAAAAAB") { id } }',
    "viewer": "{ viewer { roles } }",
    "rateLimit": "{ rateLimit { cost } }",
    "areas": COUNTED % "areas",
    "company": '{ company(by: { uscc: "91430399MA90P00269" }) { id } }',
    "companies": COUNTED % "companies",
    "compound": '{ compound(by: { code: "XQ0001" }) { id } }',
    "compounds": COUNTED % "compounds",
    "compoundPins": "{ compoundPins(box: { south: 27.7, west: 112.8, north: 27.9, east: 113.1 }) { id } }",
    "coverage": "{ coverage { total } }",
    "bundles": COUNTED % "bundles",
    "complaintTaxonomy": "{ complaintTaxonomy { categories { code } } }",
    "cycles": COUNTED % "cycles",
    "rulebooks": COUNTED % "rulebooks",
    "listings": COUNTED % "listings",
    "report": '{ report(range: { from: "2026-01-01", to: "2026-06-30" }) { complaints { total } } }',
    "complaints": COUNTED % "complaints",
    "inspections": COUNTED % "inspections",
    "findings": COUNTED % "findings",
    "meetings": COUNTED % "meetings",
    "trainingSessions": COUNTED % "trainingSessions",
    "auditLog": "{ auditLog(first: 1) { nodes { seq action } } }",
}
"""The least that can be asked of each operation that is served."""


def matrix() -> dict[str, dict[Role, bool]]:
    """Operation → may a role use it? As written down by hand."""
    text = (Path(__file__).parents[2] / "cases" / "access" / "matrix.txt").read_text("utf-8")
    head, *lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    roles = [ABBREVIATED[each] for each in head[1:]]
    return {name: dict(zip(roles, (cell == "x" for cell in cells), strict=True)) for name, *cells in lines}


MATRIX = matrix()


@pytest.mark.parametrize(
    "selected",
    [
        "... on Finding { id }",
        "... on Finding { __typename }",
        "... { ... on Finding { severity } }",
        "... on Company { findings(first: 1) { nodes { id } } }",
        "... on Company { findings(first: 1) { edges { node { id } } } }",
        "...f",
        "...g",
    ],
)
async def test_a_finding_by_any_path_is_not_for_everybody(
    anybody: Strict, staff: Strict, monkeypatch: pytest.MonkeyPatch, selected: str
) -> None:
    more = " fragment f on Node { ... on Finding { id } } fragment g on Node { ...f }"
    query = FINDING % selected + (more if selected in {"...f", "...g"} else "")
    if selected == "...f":
        query = query.replace(" fragment g on Node { ...f }", "")
    assert (await staff.ask(query)).brief == (200, ["BAD_USER_INPUT"])
    monkeypatch.delattr("schema.loaders.Turn.fetch")
    assert (await anybody.ask(query)).brief == (403, ["FORBIDDEN"])
    loose = await anybody.post(json.dumps({"query": query}), Accept="application/json")
    assert loose.brief == (403, ["FORBIDDEN"])


def test_the_matrix_is_whole() -> None:
    assert len(MATRIX) == 70
    assert {tuple(cells) for cells in MATRIX.values()} == {tuple(Role)}
    assert set(RATES.kinds["Query"].fields) == set(ASKED)
    assert set(ASKED) <= set(MATRIX)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
@pytest.mark.parametrize("operation", list(ASKED))
async def test_operations_by_role(caller: Callers, monkeypatch: pytest.MonkeyPatch, role: Role, operation: str) -> None:
    client = caller(*(() if role is Role.PUBLIC else (role,)))
    if MATRIX[operation][role]:
        assert (await client.ask(ASKED[operation])).brief == (200, [])
        return
    monkeypatch.delattr("schema.loaders.Turn.fetch")
    assert (await client.ask(ASKED[operation])).brief == (403, ["FORBIDDEN"])


def test_every_root_field_says_who_may_select_it() -> None:
    assert [name for name, rate in RATES.kinds["Query"].fields.items() if not rate.roles] == []


def test_every_node_type_says_who_may_reach_it() -> None:
    assert [name for name in RATES.kinds["Node"].members if not RATES.kinds[name].roles] == []


INTROSPECTION = (
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Finding") { name } }',
    "{ ...f } fragment f on Query { __schema { __typename } }",
)
SEES = {
    "INSPECTOR",
    "AUDITOR",
    "RULE_DRAFTER",
    "RULE_APPROVER",
    "DECISION_OFFICER",
    "BUREAU_ADMIN",
    "SECURITY_ADMIN",
    "AUDIT_ADMIN",
}
"""Auditors and staff."""


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
async def test_the_schema_is_for_auditors_and_staff(caller: Callers, role: Role) -> None:
    client = caller(*(() if role is Role.PUBLIC else (role,)), introspection="closed")
    for query in INTROSPECTION:
        assert (await client.ask(query)).brief == ((200, []) if role.name in SEES else (403, ["FORBIDDEN"]))
    assert (await client.ask("{ __typename coverage { __typename } }")).brief == (200, [])


async def test_the_schema_can_be_open_to_all(caller: Callers) -> None:
    assert (await caller(introspection="open").ask(INTROSPECTION[0])).brief == (200, [])


def words() -> list[str]:
    """Two hundred names: of hidden fields and types, and as many that are none."""
    hidden = [
        name
        for kind in ("Query", "Company", "Compound", "Finding", "Inspection")
        for name, rate in RATES.kinds[kind].fields.items()
        if kind in {"Finding", "Inspection"} or (rate.roles is not None and "PUBLIC" not in rate.roles)
    ][:100]
    source = random.Random(7)
    made = ["".join(source.choices(string.ascii_lowercase, k=8)) for _ in range(200 - len(hidden))]
    return [*hidden, *made]


PROBES = (
    "{ %s }",
    "{ %s { __typename } }",
    "{ %s { id } }",
    "{ %s(first: 1) }",
    "{ company { %s } }",
    "{ companies { nodes { %s } } }",
)


async def test_a_word_list_finds_no_hidden_name(anybody: Strict) -> None:
    """Every probe is answered like the probe with a name that is none, byte for byte."""
    names = words()
    assert len(names) == 200
    assert {"findings", "inspections", "rectifyBy"} <= set(names)
    recovered = set()
    for probe in PROBES:
        nothing = (await anybody.ask(probe % "qzxwvk")).body["errors"][0]
        for name in names:
            answer = await anybody.ask(probe % name)
            (error,) = answer.body["errors"]
            differs = {**error, "extensions": error["extensions"]["code"]} != {
                **nothing,
                "extensions": nothing["extensions"]["code"],
            }
            if answer.status != 400 or differs or name in error["message"]:
                recovered.add(name)
    assert recovered == set()


async def test_where_documents_are_listed_no_name_is_told_at_all(caller: Callers) -> None:
    client = caller(mode="production")
    for name in words():
        for query in (f"{{ {name} }}", f"{{ {name}(first: 1) {{ totalCount }} }}", "{ __typename }", INTROSPECTION[0]):
            assert (await client.ask(query)).codes in (["PERSISTED_QUERY_REQUIRED"], ["RATE_LIMITED"])


@pytest.mark.parametrize(
    ("variables", "told"), [({"f": {"nothing": 1}}, False), ({"f": 5}, False), ({"f": {"text": ["a", {}]}}, False)]
)
async def test_variables_tell_no_names_either(anybody: Strict, staff: Strict, variables: Any, told: bool) -> None:
    query = "query($f: CompanyFilter) { companies(first: 1, filter: $f) { totalCount } }"
    answer, open_ = await anybody.ask(query, variables=variables), await staff.ask(query, variables=variables)
    assert (answer.brief[0], set(answer.codes), set(open_.codes)) == (400, {"BAD_USER_INPUT"}, {"BAD_USER_INPUT"})
    assert ("CompanyFilter" in str(answer.body)) is told
