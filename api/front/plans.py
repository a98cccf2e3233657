"""Documents made ready: parsed and validated once, kept while they are asked for."""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, Source, parse

from api.front import refusals
from api.front.limits import TOKENS_MAX
from api.front.refusals import Inadmissible
from api.front.validation import errors_of
from api.texts import normalised, unfit_anywhere

KEPT: Final = 256
LENGTH_KEPT: Final = 16 * 1024
"""Longer documents are not kept: no client has them."""


@dataclass(frozen=True)
class Plan:
    """A document that can be parsed."""

    text: str
    document: DocumentNode = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """Under which name it can be listed."""
        return digest_of(self.text)

    @cached_property
    def errors(self) -> tuple[GraphQLError, ...]:
        """What keeps it from being valid; looked for once, after its size is known to be bearable."""
        return tuple(errors_of(self.document))

    @cached_property
    def unfit(self) -> bool:
        """Whether a literal in it cannot be held by the database."""
        return unfit_anywhere(self.document)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation with this name, or the only one; `Inadmissible` if none is meant."""
        every = [each for each in self.document.definitions if isinstance(each, OperationDefinitionNode)]
        fitting = every if name is None else [each for each in every if each.name and each.name.value == name]
        if not fitting or (name is None and len(every) > 1):
            raise Inadmissible(refusals.NO_OPERATION)
        return fitting[0]


class Plans:
    """The documents asked for lately, by their texts."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Plan] = OrderedDict()

    def of(self, text: str) -> Plan:
        """The plan of a document; raises what the parser says, or `Inadmissible` if it nests too deeply."""
        plan = self._kept.get(text)
        if plan is None:
            plan = Plan(text, parsed(normalised(text)))
            if len(text) <= LENGTH_KEPT:
                self._kept[text] = plan
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(text)
        return plan


def digest_of(text: str) -> str:
    """The name of a document: the SHA-256 of its text.

    >>> digest_of("{ __typename }")
    'sha256:7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b'
    """
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def parsed(text: str) -> DocumentNode:
    """The document; `GraphQLSyntaxError`, or `Inadmissible` if it nests too deeply or is too long."""
    if "\0" in text:
        raise GraphQLSyntaxError(Source(text), text.index("\0"), "U+0000 在文档中 / U+0000 in the document")
    try:
        return parse(text, max_tokens=TOKENS_MAX, allow_empty_selection_sets=False)
    except RecursionError:
        raise Inadmissible(refusals.TOO_DEEP) from None
    except GraphQLSyntaxError as error:
        if "nested too deeply" in error.message:
            raise Inadmissible(refusals.TOO_DEEP) from None
        if "tokens" in error.message:
            raise Inadmissible(refusals.TOO_MANY_TOKENS) from None
        raise
