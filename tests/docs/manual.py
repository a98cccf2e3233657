"""Reads the fenced blocks of the rulebook manual and does with them what a reader would do.

`yaml` is a rulebook of its own, the page's head in front if it has no name. Or it begins with `# file.yaml` and
replaces the one before; with `# add to file.yaml` and is merged into it; with `# whole file.yaml` and says what has
been merged. `csv` holds files, each after a line `# name.csv`: facts (beside them, if the name begins with `history`),
or, if options follow the name, the columns of the results an evaluation with these options writes. `text` is what a
refused evaluation says. `console` is a session.
A `…` at the end of a line stands for anything.
"""

import csv
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from typer.testing import CliRunner

from api.cli import app
from api.console.evaluating import Order, evaluated
from api.facts.answers import answers, as_csv
from scoring.diagnostics import Refused
from scoring.rulebook import read

PAGES: Final = Path(__file__).parents[2] / "docs"
RULEBOOK: Final = "example.yaml"
USUAL: Final = "--period 2025"
SECTIONS_DEEP: Final = 2
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"^# (\S+\.(?:csv|json))(.*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, text, and the line of the page its text begins on."""

    language: str
    text: str
    line: int


@dataclass(slots=True)
class Example:
    """A rulebook and everything that is done with it, up to the next rulebook of its own."""

    page: Path
    head: str
    blocks: list[Block] = field(default_factory=list)

    def __str__(self) -> str:
        """Name the place, for the test's id."""
        return f"{self.page.name}:{self.blocks[0].line}"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the page says from a line on, and what came out, both as lines."""

    line: int
    said: list[str]
    came: list[str]


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page."""
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start(2)) + 1) for found in _FENCE.finditer(text)]


def examples(page: Path) -> list[Example]:
    """The blocks of a page, grouped by rulebook; the first may be a head alone."""
    found: list[Example] = []
    head = ""
    for block in blocks(page):
        own = block.language == "yaml" and not block.text.startswith("# ")
        if own and "measures:" not in block.text and not found:
            head = block.text
        elif own or not found:
            found.append(Example(page, head, [block]))
        else:
            found[-1].blocks.append(block)
    return found


def files(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield each file of a block: name, options, content, and its first line within the block."""
    name, options, lines, start = "", "", list[str](), 0
    for number, line in enumerate(text.splitlines()):
        if mark := _FILE.match(line):
            if name:
                yield name, options, "\n".join(lines) + "\n", start
            name, options, lines, start = mark[1], mark[2].strip(), [], number + 1
        else:
            lines.append(line)
    yield name, options, "\n".join(lines) + "\n", start


def with_head(head: str, text: str) -> str:
    """A rulebook with those lines of the head in front that it does not have itself."""
    own = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    lines = [line for line in head.splitlines() if line.split(":")[0] not in own]
    return "\n".join([*lines, text]) if "rulebook" not in own else text


def merged(text: str, addition: str) -> str:
    """A rulebook with another's lines put into the sections of the same name; a line that is there is replaced."""
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 1000, True
    whole, more = yaml.load(text), yaml.load(addition)
    _merge(whole, more, SECTIONS_DEEP)
    out = io.StringIO()
    yaml.dump(whole, out)
    return out.getvalue()


def _merge(into: Any, more: Any, deep: int) -> None:
    for key, value in more.items():
        if deep and isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value, deep - 1)
        else:
            into[key] = value


class Desk:
    """A folder in which one example is worked through; `claims` gathers what the page said and what came out."""

    def __init__(self, folder: Path, head: str) -> None:
        """Start with an empty folder of facts."""
        self.folder, self.head = folder, head
        self.claims: list[Claim] = []
        self.text, self.name = "", RULEBOOK
        (folder / "facts").mkdir()

    def take(self, block: Block) -> None:
        """Do what a block asks for."""
        getattr(self, f"_{block.language}")(block)

    def _yaml(self, block: Block) -> None:
        first = block.text.partition("\n")[0].split()
        if first[:2] == ["#", "whole"]:
            self._whole(block, first[-1])
        elif first[:2] == ["#", "add"]:
            self.text = merged(self.text, block.text)
        else:
            self.text = with_head(self.head, block.text)
        self.name = first[-1] if first[-1].endswith(".yaml") else RULEBOOK
        (self.folder / self.name).write_text(self.text, encoding="utf-8")

    def _whole(self, block: Block, name: str) -> None:
        """Claim that a rulebook printed as a whole is the one that has been merged; its lines, if it says the same."""
        same = read(block.text).canonical == read(self.text).canonical
        lines = self.text.splitlines()
        came = block.text.splitlines() if same else [f"# whole {name}", *lines[lines[0].startswith("#") :]]
        self.claims.append(Claim(block.line, block.text.splitlines(), came))

    def _csv(self, block: Block) -> None:
        for name, options, content, start in files(block.text):
            if options:
                self._results(name, options, content, block.line + start)
            else:
                beside = name.startswith("history")
                (self.folder / ("" if beside else "facts") / name).write_text(content, encoding="utf-8")

    def _results(self, name: str, options: str, content: str, line: int) -> None:
        rows = answers(evaluated(self.order(options)))
        (self.folder / name).write_text(as_csv(rows), encoding="utf-8")
        said = content.splitlines()
        columns = next(csv.reader(said[:1]))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(
            [columns, *([row.get(cell, "") for cell in columns] for row in rows)]
        )
        self.claims.append(Claim(line, said, out.getvalue().splitlines()))

    def _text(self, block: Block) -> None:
        try:
            evaluated(self.order(USUAL))
            came = ["nothing was refused"]
        except Refused as refused:
            came = str(refused).splitlines()
        self._said(block.line, block.text.splitlines(), came)

    def _console(self, block: Block) -> None:
        line = block.line
        for session in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, *said = session.splitlines()
            line += 1
            words = shlex.split(command)
            assert words[0] == "zhunze", f"a reader is asked to run {words[0]}"
            before = Path.cwd()
            os.chdir(self.folder)
            try:
                done = CliRunner().invoke(app, words[1:])
            finally:
                os.chdir(before)
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            self._said(line, said, [one.rstrip() for one in done.output.splitlines()])
            line += len(said)

    def _said(self, line: int, said: list[str], came: list[str]) -> None:
        """Claim lines, a `…` at the end standing for the rest."""
        came = [
            said[at] if at < len(said) and said[at].endswith("…") and one.startswith(said[at][:-1]) else one
            for at, one in enumerate(came)
        ]
        self.claims.append(Claim(line, said, came))

    def order(self, options: str) -> Order:
        """The evaluation asked for by command-line options."""
        words = shlex.split(options)
        given: dict[str, list[str]] = {}
        for name, value in zip(words[::2], words[1::2], strict=True):
            given.setdefault(name, []).append(value)
        as_of = given.get("--as-of")
        return Order(
            rulebook=str(self.folder / self.name),
            facts=self.folder / "facts",
            period=given.get("--period", [None])[0],
            as_of=date.fromisoformat(as_of[0]) if as_of else None,
            history=tuple(self.folder / name for name in given.get("--history", [])),
            settings=tuple(given.get("--set", [])),
        )
