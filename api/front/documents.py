"""Documents that are known beforehand: those of our own clients, by the digest of their text."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import schema
from api.front import refusals
from api.front.plans import digest_of
from api.front.refusals import Inadmissible
from api.front.requests import Asked
from schema.directives import Role
from schema.viewer import Viewer

FOLDER: Final = Path(schema.__file__).parent / "operations"
OFFICIALS: Final = tuple(
    each for each in Role if each not in {Role.PUBLIC, Role.COMPANY, Role.TRAINING_ADMIN, Role.AUDITOR}
)
"""Roles of the bureau and of those who inspect for it."""


class Listed(StrEnum):
    """Whether only listed documents are executed."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Documents:
    """The allow list, and who is bound to it."""

    def __init__(self, texts: Iterable[str], rules: Mapping[str, Listed] | None = None) -> None:
        self._texts = {digest_of(text): text for text in texts}
        self._rules = rules or {}

    def text_of(self, asked: Asked, viewer: Viewer) -> str:
        """The document that is asked for; `Inadmissible` if it is not listed and must be, or is not known."""
        if asked.document_id is None:
            assert asked.query is not None, "a request has one of the two"
            if self._rules.get(client_of(viewer), Listed.OPTIONAL) is Listed.REQUIRED:
                raise Inadmissible(refusals.LISTED_ONLY)
            return asked.query
        if asked.document_id not in self._texts:
            raise Inadmissible(refusals.NOT_LISTED)
        return self._texts[asked.document_id]


def shipped() -> list[str]:
    """The documents that come with the program."""
    return [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.graphql"))]


def client_of(viewer: Viewer) -> str:
    """The kind of client a caller uses: `public`, `auditor`, `tools` or `bureau`."""
    if viewer.holds(Role.AUDITOR):
        return "auditor"
    if viewer.holds(*OFFICIALS):
        return "bureau"
    return "tools" if viewer.holds(Role.TRAINING_ADMIN, Role.COMPANY) else "public"
