"""What a caller asks, out of bytes: strict JSON of one shape, or the parameters of a URL."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from api.front import refusals
from api.front.limits import NESTING_MAX, VARIABLES_MAX
from api.front.refusals import Inadmissible
from api.texts import broken, broken_anywhere, normalised, unfit

TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A text of JSON, be it unfinished, or a bracket."""
ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation that somebody wants executed."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


def of_body(body: bytes) -> Asked:
    """What a body asks; `Inadmissible` if it is no JSON or not of the right shape."""
    return of_value(json_of(body))


def of_value(value: object) -> Asked:
    """What a JSON value asks; `Inadmissible` if it is not of the right shape."""
    if isinstance(value, list):
        raise Inadmissible(refusals.BATCH)
    if not isinstance(value, dict) or not _well_shaped(value):
        raise Inadmissible(refusals.WRONG_SHAPE)
    variables = normalised(value.get("variables") or {})
    if variables and _length(variables) > VARIABLES_MAX:
        raise Inadmissible(refusals.TOO_LARGE)
    return Asked(value.get("query"), value.get("documentId"), value.get("operationName"), variables)


def _length(variables: Any) -> int:
    """Bytes of the variables as compact JSON; numbers of any length are written, where faster writers fail."""
    return len(json.dumps(variables, ensure_ascii=False, separators=(",", ":")).encode())


def of_parameters(query_string: bytes) -> Asked:
    """What the parameters of a URL ask; `Inadmissible` if they are not of the right shape."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=16)
    except ValueError:
        raise Inadmissible(refusals.WRONG_SHAPE) from None
    value: dict[str, Any] = dict(pairs)
    if len(value) < len(pairs) or any(broken(each) for each in value.values()):
        raise Inadmissible(refusals.WRONG_SHAPE)
    for name in ("variables", "extensions"):
        if name in value:
            value[name] = json_of(value[name].encode())
    return of_value(value)


def json_of(body: bytes) -> Any:
    """The value of a JSON text; `Inadmissible` for what JSON does not know, although readers of it may.

    >>> json_of(b'{"a": [1]}')
    {'a': [1]}
    """
    try:
        text = body.decode("utf-8")
        if nesting(text) > NESTING_MAX:
            raise Inadmissible(refusals.NO_JSON)
        value = json.loads(text, parse_constant=_no_number, object_pairs_hook=_different)
    except ValueError:
        raise Inadmissible(refusals.NO_JSON) from None
    if ESCAPED_SURROGATE.search(text) and broken_anywhere(value):
        raise Inadmissible(refusals.NO_JSON)
    return value


def nesting(text: str) -> int:
    """How deep JSON nests, counted to one beyond the limit.

    >>> nesting('{"a": [1, "[[["]}'), nesting("[" * 100_000)
    (2, 65)
    """
    depth = deepest = 0
    for found in TOKEN.finditer(text):
        token = found.group()
        depth += (token in "[{") - (token in "]}")
        deepest = max(deepest, depth)
        if deepest > NESTING_MAX:
            break
    return deepest


def _well_shaped(asked: Mapping[str, object]) -> bool:
    name = asked.get("operationName")
    meant = [asked[each] for each in ("query", "documentId") if asked.get(each) is not None]
    return (
        len(meant) == 1
        and isinstance(meant[0], str)
        and (name is None or (isinstance(name, str) and not unfit(name)))
        and all(isinstance(asked.get(each), dict | None) for each in ("variables", "extensions"))
    )


def _no_number(name: str) -> None:
    """NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(name)


def _different(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ: of two values under one key nobody knows which is meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made
