"""A statement being written: its numbered parameters and fresh names."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Query:
    """A finished statement."""

    text: str
    values: tuple[object, ...]


@dataclass(slots=True)
class Statement:
    """Parameters are numbered when they are used, so that none is without a type."""

    values: list[object] = field(default_factory=list)
    names: int = 0

    def parameter(self, value: object, cast: str) -> str:
        """The place of a value in the text.

        >>> draft = Statement()
        >>> draft.parameter("S", "text"), draft.parameter([1], "bigint[]"), draft.values
        ('$1::text', '$2::bigint[]', ['S', [1]])
        """
        self.values.append(value)
        return f"${len(self.values)}::{cast}"

    def alias(self) -> str:
        """A name for a table that no other part of the statement uses."""
        self.names += 1
        return f"x{self.names}"

    def query(self, *lines: str) -> Query:
        """The statement with these lines."""
        return Query("\n".join(line for line in lines if line), tuple(self.values))


def conjunction(terms: Sequence[str]) -> str:
    """The WHERE line of some conditions; nothing without conditions.

    >>> conjunction(["a", "b"]), conjunction([])
    ('WHERE a AND b', '')
    """
    return f"WHERE {' AND '.join(terms)}" if terms else ""
