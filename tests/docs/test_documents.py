"""The documents say what the code does."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli import app
from schema.evidence import SOURCES
from schema.fields import TYPES
from schema.query import SCHEMA

assert SCHEMA, "all types are there"

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))]
GLOBAL = {"--help"}


def commands(group: Any, prefix: str = "zhunze") -> dict[str, set[str]]:
    """Every command with its long options."""
    found: dict[str, set[str]] = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{prefix} {name}")
        else:
            options = {option for each in command.params for option in each.opts if option.startswith("--")}
            found[f"{prefix} {name}"] = options - GLOBAL
    return found


def documented() -> dict[str, set[str]]:
    """Every command of docs/cli.md with the options of its table."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        heading, _, body = section.partition("\n")
        name = re.sub(r"( [A-Z]+)+$", "", heading)
        rows = [line.split("|")[1] for line in body.splitlines() if line.startswith("| `")]
        found[name] = {option for row in rows for option in re.findall(r"`(--[a-z-]+)`", row)}
    return found


def test_every_command_and_option_is_documented() -> None:
    assert documented() == commands(typer.main.get_command(app))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [each for each in targets if "://" not in each and not (path.parent / each).exists()] == []


def test_the_readme_has_its_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    begun = [line for line in lines if line.startswith("python3 -m venv .venv && .venv/bin/pip install -q -c ")]
    assert [line.rsplit(" && ", 1)[1] for line in begun] == [".venv/bin/zhunze demo", ".venv/bin/pytest"]


def test_every_figure_has_a_command() -> None:
    text = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| claim", "|---"))]
    assert rows
    for row in rows:
        claim, command, seen = (cell.strip() for cell in row.strip("|").split(" | "))
        assert claim
        assert command.startswith("`")
        assert re.search(r"\d", seen)


def test_constraints_pin_every_dependency() -> None:
    pinned = {
        line.split("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
        if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {re.split(r"[\[<>=]", each)[0].lower() for each in declared} - pinned == set()


@pytest.mark.parametrize("folder", ["api", "schema"])
def test_what_lies_in_a_room_stands_in_its_readme(folder: str) -> None:
    room = ROOT / folder
    text = (room / "README.md").read_text(encoding="utf-8")
    there = {each.name + "/" * each.is_dir() for each in room.iterdir() if not each.name.startswith("__")}
    files = {each for each in there if each.endswith(("/", ".py"))}
    assert sorted(each for each in files if f"`{each}`" not in text) == []


def test_the_glossary_knows_every_noun_by_all_its_names() -> None:
    text = (ROOT / "schema" / "README.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip().split(", ") for cell in line.strip("|").split("|")] for line in lines]
    said = {(kind, table) for _, _, kinds, names, _ in rows for kind in kinds for table in names}
    assert {(name, stored.source.table) for name, stored in TYPES.items()} <= said
    facts = {(fact, table) for *_, names, found in rows for fact in found for table in names if fact}
    assert facts == {(name, source.table) for name, source in SOURCES.items()}
