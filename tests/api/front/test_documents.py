"""Listed documents: asked for by their digest, required of some, kept by others where they are public."""

import json
from pathlib import Path

import pytest
from graphql import parse

from api.front.admission import RATES
from api.front.analysis import size_of
from api.front.documents import FOLDER, Listed, client_of, shipped
from api.front.plans import digest_of
from api.front.policy import Policy
from api.front.validation import errors_of
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.conftest import Callers
from tests.api.front.strict import FORM, Strict
from tests.api.front.test_buckets import DISTRICT

COVERAGE = digest_of((FOLDER / "public_coverage.graphql").read_text(encoding="utf-8"))
FINDINGS = digest_of((FOLDER / "staff_findings.graphql").read_text(encoding="utf-8"))
CONTRACT = Path(__file__).parents[4] / "shared" / "graphql" / "operations"


def test_every_shipped_document_is_valid() -> None:
    assert {path.stem: errors_of(parse(path.read_text("utf-8"))) for path in FOLDER.glob("*.graphql")} == {
        path.stem: [] for path in FOLDER.glob("*.graphql")
    }
    assert len(shipped()) >= 6


def test_public_documents_are_for_everybody() -> None:
    for path in FOLDER.glob("public_*.graphql"):
        document = parse(path.read_text("utf-8"))
        size = size_of(RATES, document, document.definitions[0], {})  # type: ignore[arg-type]
        assert size is not None
        assert (path.stem, dict(size.price.needs)) == (path.stem, {})


def test_operations_of_the_contract_are_listed_as_soon_as_they_can_be_served() -> None:
    if not CONTRACT.exists():
        pytest.skip(f"the contract is not at {CONTRACT}")
    served = {path.name for path in CONTRACT.glob("*.graphql") if not errors_of(parse(path.read_text("utf-8")))}
    assert {name for name in served if not (FOLDER / name).exists()} == set()
    assert {name for name in served if (FOLDER / name).read_bytes() != (CONTRACT / name).read_bytes()} == set()


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ((), "public"),
        ((Role.COMPANY,), "tools"),
        ((Role.TRAINING_ADMIN,), "tools"),
        ((Role.INSPECTOR,), "bureau"),
        ((Role.BUREAU_ADMIN, Role.TRAINING_ADMIN), "bureau"),
        ((Role.AUDITOR,), "auditor"),
    ],
)
def test_kinds_of_client(roles: tuple[Role, ...], kind: str) -> None:
    assert client_of(Viewer(DISTRICT, frozenset({Role.PUBLIC, *roles}))) == kind


def test_who_is_bound_to_the_list() -> None:
    assert Policy(mode="production").documents == {
        "public": "required",
        "bureau": "required",
        "tools": "required",
        "auditor": "optional",
    }
    assert set(Policy().documents.values()) == {"optional"}
    assert Policy(documents_auditor=Listed.REQUIRED).documents["auditor"] == "required"


@pytest.mark.parametrize("roles", [(), (Role.COMPANY,), (Role.BUREAU_ADMIN,), (Role.AUDITOR,)])
async def test_in_production_only_auditors_write_their_own(caller: Callers, roles: tuple[Role, ...]) -> None:
    client = caller(*roles, mode="production")
    expected = (200, []) if Role.AUDITOR in roles else (400, ["PERSISTED_QUERY_REQUIRED"])
    assert (await client.ask("{ __typename }")).brief == expected
    answer = await client.post(json.dumps({"documentId": COVERAGE}))
    assert (answer.brief, answer.body["data"]["coverage"]["total"]) == ((200, []), 0)


@pytest.mark.parametrize(
    "name", ["sha256:" + "0" * 64, "sha256:x", "", COVERAGE.upper(), COVERAGE.removeprefix("sha256:")]
)
async def test_an_unknown_document(staff: Strict, name: str) -> None:
    assert (await staff.post(json.dumps({"documentId": name}))).brief == (400, ["PERSISTED_QUERY_NOT_FOUND"])


async def test_a_public_answer_may_be_kept_and_asked_after(caller: Callers) -> None:
    client = caller(mode="production")
    first = await client.request("GET", params={"documentId": COVERAGE}, headers={"Accept": FORM})
    assert (first.status, first.headers["cache-control"]) == (200, "public, max-age=0, must-revalidate")
    assert first.headers["vary"] == "Accept, Accept-Language, Authorization"
    again = await client.request(
        "GET", params={"documentId": COVERAGE}, headers={"Accept": FORM, "If-None-Match": first.headers["etag"]}
    )
    # The moment counted stands in the answer, so a second one differs; the same document without it does not.
    assert again.status == 200
    rules = digest_of((FOLDER / "public_rulebooks.graphql").read_text(encoding="utf-8"))
    tag = (await client.request("GET", params={"documentId": rules}, headers={"Accept": FORM})).headers["etag"]
    kept = await client.request("GET", params={"documentId": rules}, headers={"Accept": FORM, "If-None-Match": tag})
    assert (kept.status, kept.body, kept.headers["etag"]) == (304, "", tag)


async def test_what_is_not_public_is_not_kept(caller: Callers, staff: Strict, anybody: Strict) -> None:
    for client, options in (
        (staff, {"params": {"documentId": COVERAGE}}),
        (anybody, {"params": {"documentId": "sha256:x"}}),
        (anybody, {"params": {"documentId": FINDINGS}}),
        (anybody, {"params": {"query": "{ __typename }"}}),
    ):
        answer = await client.request("GET", **options, headers={"Accept": FORM})
        assert answer.headers["cache-control"] == "no-store"
    assert (await anybody.request("GET", params={"documentId": FINDINGS}, headers={"Accept": FORM})).brief == (
        *(403,),
        ["FORBIDDEN"],
    )


async def test_by_get_only_listed_documents_in_production(caller: Callers) -> None:
    client = caller(Role.AUDITOR, mode="production")
    answer = await client.request("GET", params={"query": "{ __typename }"})
    assert (answer.status, answer.codes, answer.headers["allow"]) == (405, ["BAD_REQUEST"], "GET, POST")
    page = await client.request(
        "GET", params={"documentId": digest_of("x"), "variables": "{"}, headers={"Accept": FORM}
    )
    assert page.brief == (400, ["JSON_PARSE_FAILED"])


async def test_variables_by_get(staff: Strict) -> None:
    company = digest_of((FOLDER / "public_company.graphql").read_text(encoding="utf-8"))
    given = {"documentId": company, "variables": '{"uscc": "91430300MA4L000001"}'}
    answer = await staff.request("GET", params=given, headers={"Accept": FORM})
    assert (answer.brief, answer.body["data"]) == ((200, []), {"company": None})
    twice = await staff.request("GET", params=[*given.items(), ("variables", "{}")], headers={"Accept": FORM})
    assert twice.brief == (400, ["BAD_REQUEST"])
