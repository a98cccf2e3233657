"""What a resolver finds in the context of its operation."""

from dataclasses import dataclass

from schema.loaders import Reader


@dataclass(slots=True)
class Context:
    """One request: how it reads, and the name under which it is logged."""

    reader: Reader
    request_id: str
