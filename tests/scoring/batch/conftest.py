"""The cases of the reference evaluator, run through both evaluators."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.scoring.batch.same import both

MODULES = [
    "api.console.evaluating",
    "tests.scoring.tiny",
    "tests.scoring.test_cases",
    "tests.scoring.test_facts",
    "tests.scoring.test_grains",
    "tests.scoring.test_paper",
    "tests.scoring.test_parts",
    "tests.scoring.operators.test_aggregate",
    "tests.scoring.operators.test_history",
    "tests.scoring.operators.test_order",
    "tests.scoring.operators.test_rowwise",
]


@pytest.fixture
def _both_evaluators() -> Iterator[None]:
    """Let the cases evaluate by both, the answers of the columnar evaluator being what they look at."""
    with pytest.MonkeyPatch.context() as patch:
        for name in MODULES:
            module = import_module(name)
            if hasattr(module, "evaluate"):
                patch.setattr(module, "evaluate", both)
        yield
