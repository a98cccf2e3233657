"""Rulebooks: YAML text in, a typed document with its canonical text and hash out."""

from dataclasses import dataclass

from scoring.diagnostics import Place, RulebookRefused, diagnostic
from scoring.rulebook.canonical import canonical, hash_of
from scoring.rulebook.document import Document
from scoring.rulebook.sections import read_document
from scoring.rulebook.shape import Shape
from scoring.rulebook.source import parse

__all__ = ["Document", "Rulebook", "read"]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A document of the right shape; `canonical` is its content as JSON and `hash` names that content."""

    file: str
    document: Document
    canonical: str
    hash: str

    @property
    def name(self) -> str:
        """Return the rulebook's name, the same over all versions."""
        return self.document.name

    @property
    def version(self) -> str:
        """Return the version, one document each."""
        return self.document.version


def read(text: str, name: str = "rulebook.yaml") -> Rulebook:
    """Read a rulebook from YAML (or its canonical JSON); `name` is the file named in findings.

    Raises RulebookRefused with every wrong shape, name, code and type at once. Whether names mean something is
    checked by `scoring.plan.plan`.

    >>> read("rulebook: [", "x.yaml")
    Traceback (most recent call last):
    scoring.diagnostics.RulebookRefused: YAML_SYNTAX  x.yaml:1:12
    ...
    """
    root, found = parse(text, name)
    if root is None:
        words = {"want_zh": "键值表", "want_en": "A map", "got": "nothing", "got_zh": "空"}
        words |= {"do_zh": "请写入规则内容。", "do": "Write the rulebook into it."}
        missing = diagnostic("SHAPE_WRONG", Place(name, 1, 1), **words)
        raise RulebookRefused(found or [missing])
    shape = Shape()
    document = read_document(shape, root)
    if found or shape.found or document is None:
        raise RulebookRefused([*found, *shape.found])
    content = canonical(root, shape.structural, shape.numeric)
    return Rulebook(name, document, content, hash_of(content))
