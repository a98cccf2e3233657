"""What callers may spend, and what they are told of it."""

from uuid import UUID

import pytest

from api.front.buckets import ANONYMOUS, AUDITOR, SIGNED_IN, Balance, Bucket, Buckets
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.conftest import Callers
from tests.api.front.strict import Strict

DISTRICT = UUID(int=1)
NOBODY = Viewer(DISTRICT)
PERSON = Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.COMPANY}), UUID(int=2))
KEY = Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.AUDITOR}), UUID(int=3))
DEAR = "{ companies(first: 100) { nodes { engagements(first: 24) { nodes { id } } } } }"
"""2,601 points: two of them are more than a bucket of 5,000 holds."""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("viewer", "size", "restored"), [(NOBODY, 5_000, 50), (PERSON, 20_000, 200), (KEY, 50_000, 500)]
)
def test_buckets_of_the_contract(viewer: Viewer, size: int, restored: int) -> None:
    buckets = Buckets()
    assert buckets.bucket_of(viewer) == Bucket(size, restored)
    assert Buckets(factor=3).bucket_of(viewer) == Bucket(3 * size, 3 * restored)


def test_a_bucket_empties_and_fills_with_time() -> None:
    clock = Clock()
    buckets = Buckets(now=clock)
    assert buckets.take(NOBODY, "a", 4_990) == (True, Balance(10, ANONYMOUS))
    enough, left = buckets.take(NOBODY, "a", 11)
    assert (enough, left.remaining, left.seconds_to(11), left.seconds_to(5_000)) == (False, 10, 1, 100)
    clock.now = 0.02
    assert buckets.take(NOBODY, "a", 11) == (True, Balance(0, ANONYMOUS))
    clock.now = 1_000
    assert buckets.take(NOBODY, "a", 0) == (True, Balance(5_000, ANONYMOUS))


def test_callers_have_their_own() -> None:
    buckets = Buckets(now=Clock())
    assert buckets.take(NOBODY, "a", 5_000)[0]
    assert not buckets.take(NOBODY, "a", 1)[0]
    assert buckets.take(NOBODY, "b", 1) == (True, Balance(4_999, ANONYMOUS))
    assert buckets.take(PERSON, "a", 1) == (True, Balance(19_999, SIGNED_IN))
    assert buckets.take(PERSON, "b", 1) == (True, Balance(19_998, SIGNED_IN))
    assert buckets.take(KEY, "a", 1) == (True, Balance(49_999, AUDITOR))


def test_what_was_more_is_taken_too_and_what_was_less_comes_back() -> None:
    buckets = Buckets(now=Clock())
    buckets.take(NOBODY, "a", 100)
    assert buckets.correct(NOBODY, "a", 5_000).remaining == 0
    assert buckets.correct(NOBODY, "a", -30).remaining == 30
    assert buckets.correct(NOBODY, "a", -10_000).remaining == 5_000


def test_what_never_fits_is_waited_for_until_the_bucket_is_full() -> None:
    left = Balance(1_000, ANONYMOUS)
    assert [left.seconds_to(points) for points in (1, 1_001, 5_000, 90_000)] == [1, 1, 80, 80]
    assert left.seconds_to_full == 80


def test_of_too_many_callers_the_one_longest_away_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.front.buckets.CALLERS_MAX", 2)
    buckets = Buckets(now=Clock())
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        buckets.take(NOBODY, address, 1_000)
    left = [buckets.take(NOBODY, f"192.0.2.{number}", 0)[1].remaining for number in (1, 3, 2)]
    assert left == [3_000, 4_000, 5_000]


async def test_an_empty_bucket(caller: Callers) -> None:
    client = caller()
    first, second = await client.ask(DEAR), await client.ask(DEAR)
    assert first.brief == (200, [])
    paid = first.body["extensions"]["cost"]
    assert (paid["requested"], paid["actual"], paid["restoreRate"]) == (2601, 1, 50)
    assert 2399 <= paid["remaining"] < 2601, "what flowed in since the first point was taken is less than it costs"
    assert (second.status, second.codes, "data" in second.body) == (429, ["RATE_LIMITED"], False)
    cost = second.body["extensions"]["cost"]
    assert (cost["requested"], cost["actual"], cost["restoreRate"], cost["remaining"] < 2601) == (2601, 0, 50, True)
    assert 1 <= int(second.headers["retry-after"]) <= 1 + (2601 - cost["remaining"]) // 50
    assert (await client.ask("{ __typename }")).brief == (200, [])


async def test_every_answer_says_what_it_cost(staff: Strict) -> None:
    for query, requested, actual in (
        ("{ __typename }", 1, 0),
        ("{ areas(first: 7) { totalCount nodes { code } pageInfo { hasNextPage } } }", 9, 3),
        ("{ areas(first: 7) { edges { node { code } } } }", 8, 2),
        ("{ coverage { total } }", 6, 6),
        ("{ nothing }", 1, 1),
        ("{", 1, 1),
        ("{ areas(first: 0) { totalCount } }", 1, 0),
    ):
        cost = (await staff.ask(query)).body["extensions"]["cost"]
        assert (query, cost["requested"], cost["actual"]) == (query, requested, actual)
        assert (cost["restoreRate"], 0 < cost["remaining"] <= 20_000) == (200, True)
