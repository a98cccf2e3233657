"""One-time codes: the vectors published with RFC 6238, drift, and no code twice."""

from datetime import UTC, datetime, timedelta

import pytest

from api.auth.totp import code_at, matched_step, step_of

SECRET = b"12345678901234567890"
VECTORS = """
    1970-01-01T00:00:59 94287082
    2005-03-18T01:58:29 07081804
    2005-03-18T01:58:31 14050471
    2009-02-13T23:31:30 89005924
    2033-05-18T03:33:20 69279037
    2603-10-11T11:33:20 65353130
"""
"""RFC 6238, appendix B, the rows of SHA-1: time and code of eight digits."""
ROWS = [line.split() for line in VECTORS.strip().splitlines()]


@pytest.mark.parametrize(("moment", "code"), ROWS)
def test_the_published_codes(moment: str, code: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert code_at(SECRET, step_of(at), digits=8) == code
    assert matched_step(SECRET, code[2:], at, None) == step_of(at)


def test_a_step_of_drift_either_way_and_no_more() -> None:
    now = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
    matched = {n: matched_step(SECRET, code_at(SECRET, step_of(now) + n), now, None) is not None for n in range(-3, 4)}
    assert matched == {-3: False, -2: False, -1: True, 0: True, 1: True, 2: False, 3: False}


def test_a_code_is_used_up_and_all_before_it() -> None:
    now = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)
    step = step_of(now)
    assert matched_step(SECRET, code_at(SECRET, step), now, step) is None
    assert matched_step(SECRET, code_at(SECRET, step - 1), now, step) is None
    later = now + timedelta(seconds=30)
    assert matched_step(SECRET, code_at(SECRET, step + 1), later, step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"])
def test_what_is_no_code_of_six_digits_matches_nothing(code: str) -> None:
    assert matched_step(SECRET, code, datetime(2026, 7, 20, tzinfo=UTC), None) is None
