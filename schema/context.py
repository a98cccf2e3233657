"""What a resolver finds in the context of its operation."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from graphql import DocumentNode

from schema.loaders import Reader


@dataclass(frozen=True, slots=True)
class Budget:
    """What this request costs, in points, and what its caller has left."""

    cost: int
    node_count: int
    """Rows by the product of page sizes."""
    limit: int
    """Size of the caller's bucket."""
    remaining: int
    reset_at: datetime
    """When the bucket is full again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an entry of the log says to those who may read it; the name is masked for those who see it masked."""

    name: str
    role: str
    organisation: str | None
    subject: str | None
    reason: str | None


Journal = Callable[[Sequence[int]], Awaitable[Mapping[int, Opened]]]
"""Opens entries of the log by number for the caller, and writes in the log that they were read."""


@dataclass(slots=True)
class Context:
    """One request: how it reads, and the name under which it is logged."""

    reader: Reader
    request_id: str
    document: DocumentNode | None = None
    """The document, where it has been validated already; it is not validated again."""
    budget: Budget | None = None
    """Null: nobody has priced the request."""
    spend: Callable[[str, str, str], None] | None = None
    """Told of each object answered: the type and field it stands in, and its own type."""
    journal: Journal | None = None
    """Null: the log cannot be read here."""
