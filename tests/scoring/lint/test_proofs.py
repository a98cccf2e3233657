"""Every proof has a rulebook that fails it, and the finding stands where the fault is, with values that show it."""

from typing import Any

import pytest

from scoring.lint import Finding, examine
from scoring.lint.words import LINT
from tests.scoring.tables import load
from tests.scoring.tiny import TEAM, document

CASES: list[dict[str, Any]] = load("lint/proofs.yaml")["cases"]
SLIPS = {"LOOKS_LIKE_A_NUMBER", "FULL_WIDTH", "TAB"}
COLLECTED = {"FACT_NOT_COLLECTED", "SCORE_NOT_STORABLE"}


def body(case: dict[str, Any]) -> str:
    """The text of the faulty rulebook."""
    facts = f"facts:\n{case['facts']}\n" if "facts" in case else TEAM
    settings = f"settings:\n  {case['settings']}\n" if "settings" in case else ""
    tables = f"tables:\n  {case['tables']}\n" if "tables" in case else ""
    measures = f"measures:\n  team:\n    {case['rules']}\n{case.get('more', '')}"
    grains = f"grains:\n  {case['grains']}\n" if "grains" in case else ""
    rules = f"{settings}{tables}{facts}\n{grains}{measures}results: {case.get('results', '{}')}\n"
    return document(rules, history=case.get("history", "optional"))


def place_of(text: str, at: str) -> tuple[int, int]:
    """Line and column, from 1, at which a text begins; it must stand there once."""
    assert text.count(at) == 1, f"{at!r} stands {text.count(at)} times"
    before = text[: text.index(at)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def only(found: tuple[Finding, ...], code: str) -> Finding:
    same = [one for one in found if one.code == code]
    assert len(same) == 1, [(one.code, str(one.place)) for one in found]
    return same[0]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_fault_is_told_where_it_is(case: dict[str, Any]) -> None:
    text = body(case)
    found = examine(text, "tiny.yaml")
    at_place = tuple(one for one in found if (one.place.line, one.place.column) == place_of(text, case["at"]))
    one = only(at_place, case["code"])
    assert one.place.file == "tiny.yaml"
    assert one.blocks == (case["blocks"] == "true")
    assert ("none" if one.example is None else str(one.example)) == case["example"]


def test_every_kind_of_finding_has_its_case() -> None:
    assert {case["code"] for case in CASES} == set(LINT) - SLIPS - COLLECTED


@pytest.mark.parametrize("code", sorted(LINT))
def test_a_finding_says_what_and_what_to_do_in_both_languages(code: str) -> None:
    _, zh, en, remedy_zh, remedy_en = LINT[code]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in remedy_zh)
    assert en.isascii()
    assert remedy_en.isascii()


OPEN = """
facts:
  team: {most: 9, columns: {bad: bool}}
measures:
  team:
    before: {previous: {of: chain, back: 1, otherwise: 0}}
    chain: {value: "bad ? before + 1 : 0"BOUNDS}
results: {team: {remember: [chain]}}
"""


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ("", "chain` builds on its own earlier results without limits."),
        (", cap: 9", "chain` builds on its own earlier results without a lower limit."),
        (", floor: 0", "chain` builds on its own earlier results without an upper limit."),
    ],
)
def test_the_side_that_is_open_is_named(bounds: str, told: str) -> None:
    assert only(examine(document(OPEN.replace("BOUNDS", bounds)), "tiny.yaml"), "NUMBER_UNBOUNDED").diagnostic.en == (
        f"`team.{told}"
    )


def test_the_bounds_of_a_number_that_reads_itself_back_are_not_called_idle() -> None:
    found = examine(document(OPEN.replace("BOUNDS", ", floor: 0, cap: 9")), "tiny.yaml")
    assert {one.code for one in found} & {"NUMBER_UNBOUNDED", "CAP_NEVER_BINDS"} == set()
