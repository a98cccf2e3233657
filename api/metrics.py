"""Figures of the running server, for Prometheus: requests by wire and code, their time and cost, connections in use."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import AsyncAdaptedQueuePool
from starlette.requests import Request
from starlette.responses import Response

from api.database import Database
from api.front.execution import Outcome
from api.front.policy import Policy

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one application."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self._local = policy.metrics != "open"
        self._registry = CollectorRegistry()
        named: dict[str, Any] = {"registry": self._registry}
        self._requests = Counter("zhunze_graphql_requests", "Operations answered.", ["wire", "code"], **named)
        self._cost = Counter("zhunze_graphql_cost_points", "Points charged.", **named)
        self._seconds = Histogram("zhunze_graphql_seconds", "Time to the answer.", ["wire"], buckets=SECONDS, **named)
        pool = Gauge("zhunze_database_connections", "Database connections in use.", **named)
        pool.set_function(lambda: _in_use(database))

    def note(self, outcome: Outcome, wire: str) -> None:
        """Count one answer."""
        code = outcome.codes[0] if outcome.codes else "OK"
        self._requests.labels(wire, code).inc()
        self._cost.inc(max(outcome.requested, outcome.actual))
        self._seconds.labels(wire).observe(outcome.seconds)

    async def page(self, request: Request) -> Response:
        """The figures as text; on most installations only for programs on the same machine."""
        host = request.client.host if request.client else ""
        if self._local and host not in {"127.0.0.1", "::1"}:
            return Response(status_code=404)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


def _in_use(database: Database) -> int:
    pool = database.engine.pool
    return pool.checkedout() if isinstance(pool, AsyncAdaptedQueuePool) else 0
