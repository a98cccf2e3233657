"""Every test of the regimes runs twice: by the reference evaluator and by the columnar one."""

from collections.abc import Iterator

import pytest

from api.console.evaluators import Evaluator
from tests.scoring.regimes.vectors import chosen


@pytest.fixture(autouse=True, params=list(Evaluator))
def evaluator(request: pytest.FixtureRequest) -> Iterator[Evaluator]:
    """Choose the evaluator of the test."""
    before = chosen.set(request.param)
    yield request.param
    chosen.reset(before)
