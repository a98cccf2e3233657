"""Writes into the manual what its examples give now: `python -m tests.docs.refresh`. A person reads the difference."""

import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from api.facts.sentences import SENTENCES
from scoring.catalogue import CATALOGUE
from scoring.lint.words import LINT
from tests.docs.manual import PAGES, Desk, examples

MANUAL: Final = (PAGES / "rulebooks.md", *sorted((PAGES / "rulebooks").glob("*.md")))
_SECTION: Final = re.compile(r"(<!-- (catalogue|files|lint) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_BLOCKS: Final = {True: "**", False: ""}
_LINT: Final = {f"{_BLOCKS[each.blocks]}{code}{_BLOCKS[each.blocks]}": each[1:] for code, each in LINT.items()}
_GENERATED: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "catalogue": CATALOGUE,
    "files": SENTENCES,
    "lint": _LINT,
}


def table(sentences: Mapping[str, Sequence[str]]) -> str:
    """The sentences of a catalogue as a table, in its order; words to be filled in stay in braces."""
    rows = ["| code | what | what to do |", "|---|---|---|"]
    for code, texts in sentences.items():
        zh, en, remedy_zh, remedy_en = (text.replace("|", "\\|") for text in texts)
        rows.append(f"| {code} | {en}<br>{zh} | {remedy_en}<br>{remedy_zh} |")
    return "\n".join(rows) + "\n"


def generated(text: str) -> str:
    """A page with its lists of codes as the catalogues have them."""
    return _SECTION.sub(lambda found: f"{found[1]}{table(_GENERATED[found[2]])}{found[4]}", text)


def refreshed(page: Path) -> str:
    """A page with the outputs its examples give."""
    lines = page.read_text(encoding="utf-8").splitlines()
    claims = []
    for example in examples(page):
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder), example.head)
            for block in example.blocks:
                desk.take(block)
        claims += desk.claims
    for claim in sorted(claims, key=lambda one: one.line, reverse=True):
        lines[claim.line - 1 : claim.line - 1 + len(claim.said)] = claim.came
    return generated("\n".join(lines) + "\n")


if __name__ == "__main__":
    for each in MANUAL:
        new = refreshed(each)
        if new != each.read_text(encoding="utf-8"):
            each.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{each.name} written\n")
