"""The rulebook manual: every example is run and gives what is printed; every word of the language is shown."""

import re
from pathlib import Path

import pytest

from scoring.conditions import lowering
from scoring.decimals import MODES
from scoring.periods import UNITS
from scoring.rulebook import operators
from scoring.rulebook.shape import RESERVED
from scoring.values import KINDS
from tests.docs.manual import PAGES, Desk, Example, blocks, examples
from tests.docs.refresh import MANUAL, generated

REFERENCE = PAGES / "rulebooks" / "reference.md"
COOKBOOK = PAGES / "rulebooks" / "cookbook.md"
MESSAGES = PAGES / "rulebooks" / "messages.md"
EXAMPLES = [example for page in MANUAL for example in examples(page)]
MECHANISMS = [*(f"M{number}" for number in range(1, 33)), *(f"N{number}" for number in range(1, 17))]


def shown(page: Path) -> str:
    """All rulebooks of a page."""
    return "\n".join(block.text for block in blocks(page) if block.language == "yaml")


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_gives_what_is_printed(example: Example, tmp_path: Path) -> None:
    desk = Desk(tmp_path, example.head)
    told = -1
    for block in example.blocks:
        if block.language == "yaml":
            assert len(desk.claims) > told, f"the rulebook before line {block.line} is not run"
            told = len(desk.claims)
        desk.take(block)
    assert len(desk.claims) > told, "the last rulebook is not run"
    for claim in desk.claims:
        assert claim.came == claim.said, f"{example.page.name}:{claim.line}"


def test_there_are_examples_and_all_blocks_are_of_a_kind_that_is_run() -> None:
    assert {block.language for page in MANUAL for block in blocks(page)} == {"yaml", "csv", "text", "console"}
    assert [page.name for page in MANUAL] == ["rulebooks.md", "cookbook.md", "facts.md", "messages.md", "reference.md"]
    assert len(EXAMPLES) >= 60


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: page.name)
def test_every_fence_is_closed(page: Path) -> None:
    assert page.read_text(encoding="utf-8").count("```") == 2 * len(blocks(page))


KEYS = """
law require needs floor cap round unit settings facts tables grains labels source supersedes in_force period measures
results until history key most columns unique during keep reading gives type rows keys expand each evaluate_after parts
score
grade rank lists recommendation actions remember shadow when give else by of zero otherwise day back reset take per
highest lowest share method base places within where first from ties that none reason value any every
"""
CHOICES = (
    *("rows: all", r"keys: \[\]", "from: worst", "first: low", "curve: {ln", "curve: {log", "curve: {sqrt"),
    *("ties: competition", "ties: dense", "ties: last", "ties: mid"),
    *(r": optional ", ": date", ": bool", ": text", r'"enum ', ": ref ", ": period half", r"number \d \w+ -?\d"),
    *(r"&&", r"\|\|", r"!\w", "==", "!=", "<=", "<", ">=", ">", r" \+ ", r" - ", r" \* ", r"\? .* : "),
)


def words_of_the_language() -> list[str]:
    """A pattern for every key, choice, function and attribute an example must show."""
    keys = sorted({*KEYS.split(), *operators.READERS, *operators.AGGREGATE_KEYS, *operators.COMPARES})
    patterns = [rf"\b{key}:" for key in keys]
    patterns += [rf"\b{name}\(" for name in sorted({*lowering._FUNCTIONS, *lowering._OTHER})]
    patterns += [rf"\.{name}\b" for name in lowering.ATTRIBUTES]
    patterns += [rf"take: {take}\b" for take in operators.TAKES]
    patterns += [rf"round: \d+ {mode}\b" for mode in MODES]
    patterns += [rf"none: {kind}\b|'{kind}'|else: {kind}\b" for kind in KINDS]
    return [*patterns, *(rf"\b{unit}\b" for unit in UNITS), *CHOICES]


@pytest.mark.parametrize("pattern", words_of_the_language())
def test_the_reference_shows_every_word(pattern: str) -> None:
    assert re.search(pattern, shown(REFERENCE)), f"no example of the reference has {pattern}"


def test_the_reference_lists_every_reserved_word() -> None:
    row = next(line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if "names that cannot be" in line)
    assert {word for text in re.findall(r"`([^`]+)`", row) for word in text.split()} == RESERVED


def test_the_cookbook_has_every_mechanism_once() -> None:
    rows = re.findall(r"^\| ([MN]\d+) \|", COOKBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == MECHANISMS


def test_links_within_the_manual_lead_to_headings() -> None:
    for page in MANUAL:
        text = page.read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", text):
            there = (page.parent / target if target else page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", there, re.MULTILINE)
            found = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in found, f"{page.name}: {target}#{anchor}"


def test_the_lists_of_codes_are_those_of_the_catalogues() -> None:
    text = MESSAGES.read_text(encoding="utf-8")
    assert generated(text) == text
