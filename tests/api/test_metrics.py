"""Figures for Prometheus: what is counted, and who may read it."""

import httpx
import pytest

from api.app import Shell, application
from api.front.policy import Policy
from api.graphql import Source
from tests.api.front.conftest import source  # noqa: F401 (fixture)


def client_of(source: Source, metrics: str, address: str) -> httpx.AsyncClient:  # noqa: F811
    shell = Shell(Policy(metrics=metrics))
    transport = httpx.ASGITransport(application(source, shell=shell), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_answers_are_counted_by_wire_and_code(source: Source) -> None:  # noqa: F811
    async with client_of(source, "loopback", "127.0.0.1") as client:
        for query in ("{ areas(first: 3) { nodes { code } } }", "{ nothing }", "{ nothing }"):
            await client.post("/graphql", json={"query": query})
        page = await client.get("/metrics")
    told = dict(line.rsplit(" ", 1) for line in page.text.splitlines() if not line.startswith("#"))
    assert told['zhunze_graphql_requests_total{code="OK",wire="http"}'] == "1.0"
    assert told['zhunze_graphql_requests_total{code="GRAPHQL_VALIDATION_FAILED",wire="http"}'] == "2.0"
    assert told["zhunze_graphql_cost_points_total"] == "6.0"
    assert told['zhunze_graphql_seconds_count{wire="http"}'] == "3.0"
    assert told["zhunze_database_connections"] == "0.0"
    assert page.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("metrics", "address", "status"),
    [
        ("loopback", "127.0.0.1", 200),
        ("loopback", "::1", 200),
        ("loopback", "10.0.0.7", 404),
        ("open", "10.0.0.7", 200),
        ("off", "127.0.0.1", 404),
    ],
)
async def test_who_may_read_them(source: Source, metrics: str, address: str, status: int) -> None:  # noqa: F811
    async with client_of(source, metrics, address) as client:
        assert (await client.get("/metrics")).status_code == status
