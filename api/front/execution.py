"""One operation from asking to answer, whatever wire it came over."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError

from api import clock
from api.audit.reading import LogReading
from api.front import limits, refusals
from api.front.admission import RATES, Invalid, Order, ordered, permit
from api.front.buckets import Balance, Buckets, name_of
from api.front.callers import Caller
from api.front.documents import Documents, shipped
from api.front.errors import DEADLINE, INTERNAL, UNAVAILABLE, code_of, log, public
from api.front.plans import Plans
from api.front.policy import Policy
from api.front.refusals import Inadmissible
from api.front.requests import Asked
from api.front.turns import Turns
from api.graphql import Source
from api.refusals import Obstacle, Refused
from schema.context import Budget, Context
from schema.loaders import Reader
from schema.query import SCHEMA

EXPLAINING_MAX: Final = 3
"""Requests that explain results at once: each holds its connection for seconds, others need theirs for moments."""
LOG_READERS_MAX: Final = 2
"""Requests that read the log at once: each holds its snapshot's connection while its entry takes a second one."""
LOG_ROLES: Final = RATES.kinds["AuditEntry"].roles
"""What a document needs that reaches an entry of the log by any path."""
STATUS: Final[Mapping[str, int]] = {UNAVAILABLE: 503, DEADLINE: 503, INTERNAL: 500}
"""Status of an answer without data, by what took the data away; anything else is the caller's, found late."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request."""

    body: dict[str, Any]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    operation: str | None = None
    document: str | None = None
    """Digest of the document."""
    public: bool = False
    """A listed query, answered to nobody in particular: others may keep it."""
    requested: int = 0
    actual: int = 0
    seconds: float = 0.0

    @property
    def executed(self) -> bool:
        """Whether execution began."""
        return "data" in self.body

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the errors."""
        return tuple(each["extensions"]["code"] for each in self.body.get("errors", ()))


@dataclass(slots=True)
class Meter:
    """Counts what is answered, in points."""

    actual: int = 0
    _met: set[tuple[str, str]] = field(default_factory=set)

    def spend(self, parent: str, name: str, target: str) -> None:
        """One object: of this type, in this field of that type; an edge is its row."""
        rate = RATES.kinds[parent].fields.get(name) if parent in RATES.kinds else None
        if rate is None or target not in RATES.kinds:
            return
        self.actual += 0 if name == "edges" else RATES.kinds[target].weight
        if rate.weight and (parent, name) not in self._met:
            self._met.add((parent, name))
            self.actual += rate.weight


Unmasked = Callable[[Caller, Reader], Awaitable[None]]
"""Told before an answer leaves in which personal data stand in the clear."""


class Engine:
    """Answers operations over one source under one policy."""

    def __init__(self, source: Source, policy: Policy, unmasked: Unmasked | None = None) -> None:
        self.source = source
        self.policy = policy
        self.documents = Documents(shipped(), policy.documents)
        self.buckets = Buckets(policy.rate_factor)
        self._plans = Plans()
        self._explaining = Turns(EXPLAINING_MAX)
        self._log_reading = Turns(LOG_READERS_MAX)
        self._unmasked = unmasked

    async def answer(self, asked: Asked, caller: Caller, *, by_get: bool = False) -> Outcome:
        """The answer to one operation, right or wrong; it never raises but for bugs."""
        begun = time.monotonic()
        enough, balance = self.buckets.take(caller.viewer, caller.address, 1)
        if not enough:
            return self._refused(refusals.rate_limited(balance.seconds_to(1)), caller, balance, (0, begun))
        try:
            order = self._order(asked, caller, by_get=by_get)
        except Inadmissible as wrong:
            return self._refused(wrong.refusal, caller, balance, (1, begun))
        except Invalid as wrong:
            return self._mistaken(wrong.errors, caller, balance, begun)
        except GraphQLSyntaxError as error:
            return self._mistaken((error,), caller, balance, begun)
        enough, balance = self.buckets.take(caller.viewer, caller.address, order.points - 1)
        if not enough:
            wait = refusals.rate_limited(balance.seconds_to(order.points))
            return self._refused(wait, caller, balance, (order.points, begun), order)
        return await self._executed(order, asked, caller, (balance, begun))

    def _order(self, asked: Asked, caller: Caller, *, by_get: bool) -> Order:
        text = self.documents.text_of(asked, caller.viewer)
        order = ordered(self._plans.of(text), asked)
        if by_get and order.mutates:
            raise Inadmissible(refusals.NO_SUCH_METHOD)
        permit(order, caller.viewer, self.policy)
        return order

    async def _executed(self, order: Order, asked: Asked, caller: Caller, at: tuple[Balance, float]) -> Outcome:
        balance, begun = at
        meter = Meter()
        reader = self.source.reader(caller.viewer)
        journal = LogReading(self.source.database, caller.viewer)
        context = Context(reader, caller.request_id, order.document, _budget(order, balance), meter.spend, journal)
        try:
            async with asyncio.timeout(limits.REQUEST_SECONDS), AsyncExitStack() as held:
                for turns in self._turns(order):
                    await held.enter_async_context(turns.of(name_of(caller.viewer, caller.address)))
                result = await SCHEMA.execute(
                    order.plan.text,
                    variable_values=dict(asked.variables),
                    context_value=context,
                    operation_name=asked.operation_name,
                )
                await journal.enter(reader.asked)
                if self._unmasked is not None and reader.unmasked:
                    await self._unmasked(caller, reader)
        except TimeoutError:
            return self._refused(refusals.TOO_SLOW, caller, balance, (order.points, begun), order)
        except (Obstacle, Refused) as error:
            # What cannot be entered in the log is not shown.
            log.warning("request %s: a read could not be logged: %s", caller.request_id, type(error).__name__)
            return self._refused(refusals.UNAVAILABLE, caller, balance, (order.points, begun), order)
        if meter.actual > order.points:
            balance = self.buckets.correct(caller.viewer, caller.address, meter.actual - order.points)
        errors = result.errors or []
        if result.data is None and errors and errors[0].path is None and _is_callers(errors[0]):
            return self._misfit(errors, order, caller, (balance, begun))
        body: dict[str, Any] = {"data": result.data}
        if errors:
            body["errors"] = [
                public(each, caller.request_id, before=False, language=caller.language) for each in errors
            ]
        status = 200
        if result.data is None and errors:
            status = max(STATUS.get(each["extensions"]["code"], 200) for each in body["errors"])
        headers = (("Retry-After", "1"),) if status == 503 else ()
        outcome = Outcome(body, status, headers, *_named(order), public=_public(asked, order, caller))
        return _priced(outcome, balance, (order.points, meter.actual), begun)

    def _turns(self, order: Order) -> list[Turns]:
        """What an operation has to wait for before it takes a connection, always in this order."""
        if order.dry:
            return []
        reads_log, explains = LOG_ROLES in order.size.price.needs, order.size.text.explains
        return [self._log_reading] * reads_log + [self._explaining] * explains

    def _misfit(
        self, errors: Sequence[GraphQLError], order: Order, caller: Caller, at: tuple[Balance, float]
    ) -> Outcome:
        """Variables that do not fit their types; told in detail where our own words say it, or the schema is shown."""
        own = all((each.extensions or {}).get("code") == "BAD_USER_INPUT" for each in errors)
        balance = self.buckets.correct(caller.viewer, caller.address, 1 - order.points)
        if own or self.policy.shows_schema(caller.viewer):
            told = [
                GraphQLError(each.message, extensions={"code": "BAD_USER_INPUT", **(each.extensions or {})})
                for each in errors
            ]
            return self._mistaken(told, caller, balance, at[1], order)
        return self._refused(refusals.MISFIT, caller, balance, (1, at[1]), order)

    def _mistaken(
        self,
        errors: Sequence[GraphQLError],
        caller: Caller,
        balance: Balance,
        begun: float,
        order: Order | None = None,
    ) -> Outcome:
        shown = [
            public(each, caller.request_id, before=True, language=caller.language)
            for each in errors[: limits.ERRORS_MAX]
        ]
        outcome = Outcome({"errors": shown}, 400, (), *_named(order))
        return _priced(outcome, balance, (1, 1), begun)

    def _refused(
        self,
        refusal: refusals.Refusal,
        caller: Caller,
        balance: Balance,
        cost: tuple[int, float],
        order: Order | None = None,
    ) -> Outcome:
        shown = [public(refusal.error(), caller.request_id, before=True, language=caller.language)]
        outcome = Outcome({"errors": shown}, refusal.status, refusal.headers, *_named(order))
        return _priced(outcome, balance, (cost[0], 0), cost[1])


def _is_callers(error: GraphQLError) -> bool:
    """Whether an error without a place is one of the variables, and not a bug."""
    return code_of(error, before=False) == "BAD_USER_INPUT"


def _named(order: Order | None) -> tuple[str | None, str | None]:
    if order is None:
        return None, None
    return (order.operation.name.value if order.operation.name else None), order.plan.digest


def _public(asked: Asked, order: Order, caller: Caller) -> bool:
    return asked.document_id is not None and not order.mutates and caller.viewer.account_id is None


def _budget(order: Order, balance: Balance) -> Budget:
    full = clock.now() + timedelta(seconds=balance.seconds_to_full)
    return Budget(order.size.price.cost, order.size.price.nodes, balance.bucket.size, balance.remaining, full)


def _priced(outcome: Outcome, balance: Balance, cost: tuple[int, int], begun: float) -> Outcome:
    """With what it cost, in the answer and for the log."""
    requested, actual = cost
    said = {
        "requested": requested,
        "actual": actual,
        "remaining": balance.remaining,
        "restoreRate": balance.bucket.restored,
    }
    body = {**outcome.body, "extensions": {"cost": said}}
    return Outcome(
        body,
        outcome.status,
        outcome.headers,
        outcome.operation,
        outcome.document,
        outcome.public,
        requested,
        actual,
        time.monotonic() - begun,
    )
