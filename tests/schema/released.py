"""What clients of the last release would notice: `python -m tests.schema.released`.

Two tools look: graphql-core's search for breaking and dangerous changes, and the comparison that also holds the served
schema against its contract. What breaks is refused; each dangerous change needs a line in docs/released/notes.txt.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLSchema, build_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from schema.query import sdl
from tests.schema.contract import differences

RELEASED = Path(__file__).parent.parent.parent / "docs" / "released"


def noted(text: str) -> dict[str, str]:
    """Dangerous changes and why each is right, one a line: `what: why`.

    >>> noted("# why\\nA was added to E.: new order\\n")
    {'A was added to E.': 'new order'}
    """
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {what: why.strip() for what, _, why in (line.partition(":") for line in lines)}


def complaints(released: str, served: str, notes: dict[str, str]) -> Iterator[str]:
    """What stands against serving this schema to clients of the other."""
    old, new = build_schema(released), build_schema(served)
    yield from (f"breaks: {change.description}" for change in find_breaking_changes(old, new))
    yield from _dangers(old, new, notes)
    for difference in differences(released, served):
        yield f"differs: {difference.replace('not in the contract', 'no longer served')}"


def _dangers(old: GraphQLSchema, new: GraphQLSchema, notes: dict[str, str]) -> Iterator[str]:
    found = [change.description for change in find_dangerous_changes(old, new)]
    yield from (f"dangerous, without a note: {each}" for each in found if not notes.get(each))
    yield from (f"a note for what has not changed: {each}" for each in notes if each not in found)


def main() -> None:
    """Print what was found; fail where anything was."""
    released = (RELEASED / "schema.graphql").read_text(encoding="utf-8")
    notes = noted((RELEASED / "notes.txt").read_text(encoding="utf-8"))
    found = [*complaints(released, sdl(), notes)]
    sys.stdout.write("".join(f"{each}\n" for each in found) or "nothing that clients of the last release must know\n")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
