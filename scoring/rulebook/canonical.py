"""The canonical text of a rulebook: JSON without layout, which is also a rulebook, and the hash that names it.

Comments, quoting style, line breaks, trailing zeros of numbers and the order of keys the language itself names are
layout. The order of what the author names (measures, parts of a blend, labels) is content: readers see it.
"""

import json
from decimal import Decimal
from hashlib import sha256

from scoring.decimals import plain
from scoring.rulebook.source import Mapping, Node, Scalar


def canonical(node: Node, structural: set[int], numeric: set[int]) -> str:
    """Write a tree as canonical JSON.

    `structural` holds the ids of maps whose key order is layout, `numeric` those of maps whose keys are numbers.

    >>> from scoring.rulebook.source import parse
    >>> canonical(parse("{b: 1, a: x}", "a.yaml")[0], set(), set())
    '{"b":1,"a":"x"}'
    """
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Mapping):
        entries = sorted(node.entries, key=_key) if id(node) in structural else node.entries
        names = [plain(Decimal(key.text)) if id(node) in numeric else key.text for key, _ in entries]
        values = [canonical(value, structural, numeric) for _, value in entries]
        return "{" + ",".join(f"{_text(name)}:{value}" for name, value in zip(names, values, strict=True)) + "}"
    return "[" + ",".join(canonical(item, structural, numeric) for item in node.items) + "]"


def _key(entry: tuple[Scalar, Node]) -> str:
    return entry[0].text


def _scalar(node: Scalar) -> str:
    """Write a number normalised, a truth as it is, and everything else as text."""
    if node.number is not None:
        return plain(node.number)
    return node.text if node.truth is not None else _text(node.text)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def hash_of(text: str) -> str:
    """Return the name of some content: sha256 over its UTF-8 bytes.

    >>> hash_of("")[:19]
    'sha256:e3b0c44298fc'
    """
    return f"sha256:{sha256(text.encode()).hexdigest()}"
