"""Documents that ask for much."""

PAGES = (
    "{ companies(first: %d) { nodes { engagements(first: %d) { nodes { compound {"
    " inspections(first: %d) { nodes { findings(first: %d) { nodes { id } } } } } } } } } }"
)
"""Pages in pages in pages; only the sizes are missing."""


def chain(count: int, leaf: str = "__typename") -> str:
    """Fragments of which each spreads the next one twice."""
    doubling = " ".join(f"fragment f{n} on Query {{...f{n + 1} ...f{n + 1}}}" for n in range(count))
    return f"{{...f0}} {doubling} fragment f{count} on Query {{{leaf}}}"
