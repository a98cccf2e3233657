"""How much a document asks for, and which of them ask for too much."""

from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from api.limits import META_DEPTH_MAX, Size, beyond, nesting, size_of
from tests import golden

GOLDEN = sorted(Path(golden.__file__).parent.glob("*.graphql"))


def measured(text: str, **variables: Any) -> Size | None:
    document = parse(text)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return size_of(document, operation, variables)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_operations_of_the_clients_stay_within_the_limits(path: Path) -> None:
    assert beyond(measured(path.read_text(encoding="utf-8"))) is None


@pytest.mark.parametrize(
    ("text", "variables", "size"),
    [
        ("{ a }", {}, Size(fields=1)),
        ("{ a(first: 50) { edges { node { b } } } }", {}, Size(3, 0, 4, 50)),
        ("{ a(first: 50) { nodes { b } } }", {}, Size(3, 0, 3, 50)),
        ("{ a(first: 50) { nodes { b(first: 10) { totalCount } } } }", {}, Size(4, 0, 4, 550)),
        ("query($n: Int) { a(first: $n) { c } }", {"n": 7}, Size(1, 0, 2, 7)),
        ("query($n: Int = 8) { a(first: $n) { c } }", {}, Size(1, 0, 2, 8)),
        ("query($n: Int = 8) { a(first: $n) { c } }", {"n": 10**30}, Size(1, 0, 2, 100)),
        ("{ ...f ... { ...f } } fragment f on Q { a { b } }", {}, Size(1, 0, 4)),
        ("{ ...f } fragment f on Q { a { ...g } } fragment g on Q { lines { b } }", {}, Size(2, 0, 3, explains=True)),
        ("{ ...f } fragment f on Q { ...g } fragment g on Q { a { ...f } }", {}, None),
        ("{ ...unknown }", {}, Size()),
        ("{ __type { a { b } } c { d } }", {}, Size(1, 2, 5)),
    ],
    ids=range(12),
)
def test_sizes(text: str, variables: dict[str, Any], size: Size | None) -> None:
    assert measured(text, **variables) == size


def test_each_limit_is_the_last_thing_allowed() -> None:
    codes = []
    for size in (Size(10), Size(11), Size(nodes=50_000), Size(nodes=50_001), Size(fields=1500), Size(fields=1501)):
        found = beyond(size)
        codes.append(found.code if found else None)
    assert codes == [None, "DEPTH_LIMIT_EXCEEDED", None, "NODE_LIMIT_EXCEEDED", None, "FIELD_LIMIT_EXCEEDED"]


def test_tools_that_ask_for_the_schema_nest_deeper() -> None:
    size = measured(get_introspection_query(input_value_deprecation=True))
    assert size is not None
    assert (size.depth, 10 < size.meta_depth < META_DEPTH_MAX, beyond(size)) == (0, True, None)


@pytest.mark.parametrize(
    ("text", "depth"), [("5", 0), ('"[[[', 0), ('["\\"[", []]', 2), ("[" * 65, 65), ("[]" * 99, 1)]
)
def test_nesting_of_json(text: str, depth: int) -> None:
    assert nesting(text) == depth
