"""Compares two evaluations to the last value: every row, measure, reason, hash and byte."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from scoring.batch.evaluate import evaluate as by_column
from scoring.diagnostics import FactsRefused
from scoring.evaluate import Evaluation, Run
from scoring.evaluate import evaluate as by_row
from scoring.hashing import canonical_bytes
from scoring.plan import Plan
from scoring.values import encode


def exactly(value: Any) -> Any:
    """Return a value as its bytes are made, with what it is: True is not 1, 1.50 is not 1.5, nor is a quotient.

    An unrounded 0 may be an int or a Fraction: both are the same quotient and the same bytes.
    """
    return isinstance(value, Decimal), encode(value)


def assert_same(row: Evaluation, column: Evaluation) -> None:
    """Assert that the columnar evaluation says what the reference says."""
    assert column.grains() == row.grains()
    assert column.measures == row.measures
    known = row.frames.known()
    for space in known:
        assert column.rows(space) == row.rows(space), space
        one, two = row.frames.frame(space), column.frames.frame(space)
        assert one.keys == two.keys
        assert set(one.measures) == set(two.measures)
        assert set(one.raw) == set(two.raw)
        assert {n: dict(m) for n, m in one.counted.items() if m} == {n: dict(m) for n, m in two.counted.items() if m}
        assert one.origin == two.origin
        for name in (*one.columns, *one.measures):
            left = [exactly(row.value(space, at, name)) for at in range(one.size)]
            right = [exactly(column.value(space, at, name)) for at in range(two.size)]
            assert left == right, (space, name)
        for name, values in one.raw.items():
            assert values == two.raw[name], (space, name)
    for source, target in row.frames.left_out:
        assert column.left_out(source, target) == row.left_out(source, target)
    assert canonical_bytes(column.canonical) == canonical_bytes(row.canonical)
    assert column.result_hash == row.result_hash
    assert column.evidence_hash == row.evidence_hash
    assert canonical_bytes(column.remembered().to_json()) == canonical_bytes(row.remembered().to_json())
    assert canonical_bytes(column.part().to_json()) == canonical_bytes(row.part().to_json())


def both(plan: Plan, facts: Any, run: Run) -> Evaluation:
    """Evaluate by both; assert that they agree, in refusals as well; return the columnar evaluation."""
    try:
        reference = by_row(plan, facts, run)
    except FactsRefused as refused:
        with pytest.raises(FactsRefused) as also:
            by_column(plan, facts, run)
        one, two = refused.diagnostics, also.value.diagnostics
        assert one == two
        raise
    found = by_column(plan, facts, run)
    assert_same(reference, found)
    return found


def counted(evaluation: Evaluation) -> Mapping[str, int]:
    """Return how many rows each table and grain of a run has."""
    return {space: frame.size for space, frame in evaluation.frames.known().items()}
