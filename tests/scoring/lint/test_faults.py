"""Thirty mistakes put one at a time into shipped rulebooks: at least twenty-eight are told before anything is run."""

from functools import lru_cache
from typing import Any

import pytest

from scoring.lint import examine
from scoring.rulebooks import text
from tests.scoring.tables import load

FAULTS: list[dict[str, Any]] = load("lint/faults.yaml")["faults"]


@lru_cache
def sound(book: str) -> frozenset[tuple[str, str]]:
    """The findings of the rulebook as shipped: code and what is said."""
    return frozenset((one.code, one.diagnostic.en) for one in examine(text(book), f"{book}.yaml"))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["fault"] for fault in FAULTS])
def test_a_mistake_is_told_in_its_line(fault: dict[str, Any]) -> None:
    source = text(fault["book"])
    assert source.count(fault["find"]) == 1
    faulty = source.replace(fault["find"], fault["replace"])
    lines = faulty.splitlines()
    found = examine(faulty, f"{fault['book']}.yaml")
    told = {
        (one.code, lines[one.place.line - 1])
        for one in found
        if (one.code, one.diagnostic.en) not in sound(fault["book"])
    }
    if fault["code"] == "none":
        assert told == set()
        return
    at = fault.get("at", fault["replace"].splitlines()[0] if fault["replace"] else "")
    assert fault["code"] in {code for code, line in told if at in line}, told


def test_at_least_28_of_30_are_told() -> None:
    assert len(FAULTS) == 30
    assert sum(fault["code"] != "none" for fault in FAULTS) >= 28
    assert len({fault["find"] + fault["replace"] for fault in FAULTS}) == 30
