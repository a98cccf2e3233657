"""Who may select what, decided before anything is executed."""

import json
import random
import string
from typing import Any

import pytest

from api.front.admission import RATES
from schema.directives import Role
from tests.api.front.conftest import Callers
from tests.api.front.strict import Strict

FINDING = '{ node(id: "x") { %s } }'
ROOTS = {
    "findings": (
        {"COMPANY", "INSPECTOR", "AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN"},
        "{ findings(first: 1) { totalCount } }",
    ),
    "inspections": (
        {"COMPANY", "INSPECTOR", "AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN"},
        "{ inspections(first: 1) { totalCount } }",
    ),
    "companies": ({role.name for role in Role}, "{ companies(first: 1) { totalCount } }"),
    "coverage": ({role.name for role in Role}, "{ coverage { total } }"),
}
"""Rows of the table of roles and operations, by hand."""


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


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
@pytest.mark.parametrize("root", list(ROOTS))
async def test_roots_by_role(caller: Callers, monkeypatch: pytest.MonkeyPatch, role: Role, root: str) -> None:
    allowed, query = ROOTS[root]
    client = caller(*(() if role is Role.PUBLIC else (role,)))
    if role.name not in allowed:
        monkeypatch.delattr("schema.loaders.Turn.fetch")
    expected: Any = (200, []) if role.name in allowed else (403, ["FORBIDDEN"])
    assert (await client.ask(query)).brief == expected


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
