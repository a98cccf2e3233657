"""What a request says of its own price."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api import clock
from tests.api.front.conftest import Callers
from tests.api.front.strict import Strict

PRICE = "rateLimit%s { cost nodeCount limit remaining resetAt }"
DEAR = "companies(first: 100) { nodes { engagements(first: 48) { nodes { id } } } }"
COST = 1 + 100 * (1 + 1 + 48) + 1
TOO_DEAR = "companies(first: 100) { nodes { engagements(first: 100) { nodes { id } } } }"


async def test_beside_what_it_prices(caller: Callers) -> None:
    client = caller()
    answer = await client.ask("{ " + PRICE % "" + " coverage { total } }")
    told, cost = answer.body["data"]["rateLimit"], answer.body["extensions"]["cost"]
    assert (told["cost"], told["nodeCount"], told["limit"]) == (7, 0, 5_000)
    assert (cost["requested"], cost["actual"], told["remaining"]) == (7, 7, cost["remaining"])
    full = datetime.fromisoformat(told["resetAt"])
    assert clock.now() - timedelta(seconds=5) < full < clock.now() + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ " + PRICE % "(dryRun: true)" + f" {DEAR} }}", {}),
        ("query($d: Boolean) { " + PRICE % "(dryRun: $d)" + f" {DEAR} }}", {"d": True}),
        ("query($d: Boolean = true) { " + PRICE % "(dryRun: $d)" + f" {DEAR} }}", {}),
    ],
)
async def test_without_running_the_rest(
    caller: Callers, monkeypatch: pytest.MonkeyPatch, query: str, variables: dict[str, Any]
) -> None:
    client = caller()
    monkeypatch.delattr("schema.loaders.Turn.fetch")
    answer = await client.ask(query, variables=variables)
    assert (answer.brief, list(answer.body["data"])) == ((200, []), ["rateLimit"])
    told = answer.body["data"]["rateLimit"]
    assert (told["cost"], told["nodeCount"], told["remaining"]) == (COST, 4_900, 4_999)
    assert answer.body["extensions"]["cost"]["requested"] == 1


async def test_what_is_too_dear_can_be_priced_but_not_run(staff: Strict) -> None:
    assert (await staff.ask(f"{{ {TOO_DEAR} }}")).codes == ["COST_LIMIT_EXCEEDED"]
    answer = await staff.ask("{ " + PRICE % "(dryRun: true)" + f" {TOO_DEAR} }}")
    assert answer.body["data"]["rateLimit"]["cost"] == 10_202
    real = await staff.ask("query($d: Boolean) { " + PRICE % "(dryRun: $d)" + f" {TOO_DEAR} }}", variables={"d": False})
    assert real.codes == ["COST_LIMIT_EXCEEDED"]
    unlike = "query($d: Boolean = true) { " + PRICE % "(dryRun: $d)" + f" {TOO_DEAR} }}"
    assert (await staff.ask(unlike, variables={"d": False})).codes == ["COST_LIMIT_EXCEEDED"]


async def test_a_price_is_for_documents_that_may_be_run(anybody: Strict) -> None:
    for rest, code in (("findings(first: 1) { nodes { id } }", "FORBIDDEN"), ("nothing", "GRAPHQL_VALIDATION_FAILED")):
        assert (await anybody.ask("{ " + PRICE % "(dryRun: true)" + f" {rest} }}")).codes == [code]
