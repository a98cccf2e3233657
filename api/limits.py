"""What a document may ask for at most, found by one pass before anything is validated or executed.

Every fragment is measured once, whatever spreads it, in an order in which what it spreads is measured before; so the
pass is linear in the document, while the answer it refuses may be exponential in it. Numbers stop at a ceiling.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
)

from schema.arguments import FIRST_MAX

DEPTH_MAX: Final = 10
"""Selection sets below that of the operation; both spellings of a page's rows count two."""
META_DEPTH_MAX: Final = 20
"""Selection sets below `__schema` and `__type`; what tools ask for there nests fifteen."""
NODES_MAX: Final = 50_000
FIELDS_MAX: Final = 1_500
BODY_MAX: Final = 256 * 1024
NESTING_MAX: Final = 64
CEILING: Final = 10**9
TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A text of JSON, be it unfinished, or a bracket."""
META: Final = frozenset({"__schema", "__type"})
EXPLAINED: Final = frozenset({"lines", "summary"})
"""Fields that evaluate a run again."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to when its fragments are flattened."""

    depth: int = 0
    meta_depth: int = 0
    fields: int = 0
    nodes: int = 0
    explains: bool = False

    def beside(self, other: "Size") -> "Size":
        """Both in one selection set."""
        return Size(
            max(self.depth, other.depth),
            max(self.meta_depth, other.meta_depth),
            min(self.fields + other.fields, CEILING),
            min(self.nodes + other.nodes, CEILING),
            self.explains or other.explains,
        )

    def below(self, name: str, page: int | None) -> "Size":
        """As it stands below a field; `page` is the page size of a connection."""
        step = 2 if name == "nodes" else 1  # as deep as `edges { node`, which has two selection sets
        depth = self.depth + step
        return Size(
            0 if name in META else depth,
            depth if name in META else self.meta_depth,
            min(self.fields + 1, CEILING),
            self.nodes if page is None else min(page * (1 + self.nodes), CEILING),
            self.explains or name in EXPLAINED,
        )


class Ruler:
    """Measures the selections of a document under some variables."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self.fragments: dict[str, Size] = {}

    def measure(self, selected: SelectionSetNode) -> Size:
        """What a selection set comes to; fragments it spreads have been measured."""
        size = Size()
        for each in selected.selections:
            if isinstance(each, FragmentSpreadNode):
                part = self.fragments.get(each.name.value, Size())
            elif not isinstance(each, FieldNode):
                part = self.measure(each.selection_set)  # type: ignore[attr-defined]
            elif each.selection_set is None:
                part = Size(fields=1, explains=each.name.value in EXPLAINED)
            else:
                part = self.measure(each.selection_set).below(each.name.value, self._page(each))
            size = size.beside(part)
        return size

    def _page(self, field: FieldNode) -> int | None:
        """The page size of a connection; one that the field itself refuses counts as the largest it takes."""
        value = next((each.value for each in field.arguments or () if each.name.value == "first"), None)
        if value is None:
            return None
        given: Any = self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
        if isinstance(value, IntValueNode) and len(value.value) < 10:
            given = int(value.value)
        return given if type(given) is int and 0 <= given <= FIRST_MAX else FIRST_MAX


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not executed."""

    code: str
    zh: str
    en: str

    def error(self) -> GraphQLError:
        """As an error of its own; a shared one would gather the tracebacks of all requests."""
        return GraphQLError(f"{self.zh} / {self.en}", extensions={"code": self.code})


TOO_DEEP: Final = Refusal(
    "DEPTH_LIMIT_EXCEEDED", f"查询嵌套超过 {DEPTH_MAX} 层。", f"The query nests deeper than {DEPTH_MAX} selection sets."
)
TOO_MANY_NODES: Final = Refusal(
    "NODE_LIMIT_EXCEEDED",
    f"查询最多可能返回的行数超过 {NODES_MAX}，请减小各层的 first。",
    f"The query can come to more than {NODES_MAX} rows; ask for smaller pages.",
)
TOO_MANY_FIELDS: Final = Refusal(
    "FIELD_LIMIT_EXCEEDED",
    f"查询展开后超过 {FIELDS_MAX} 个字段。",
    f"The query has more than {FIELDS_MAX} fields when its fragments are flattened.",
)
CYCLE: Final = Refusal(
    "GRAPHQL_VALIDATION_FAILED", "片段循环引用自身。", "A fragment spreads itself, directly or through others."
)
UNFIT_TEXT: Final = Refusal(
    "BAD_USER_INPUT",
    "文本中不能有空字符（U+0000）或不成对的代理项。",
    "A text must not hold the character U+0000 or a lone surrogate.",
)


TOO_SLOW: Final = Refusal("DEADLINE_EXCEEDED", "查询超时，请缩小范围。", "The query took too long; ask for less.")
NO_JSON: Final = Refusal("JSON_PARSE_FAILED", "请求体不是有效的 JSON（UTF-8）。", "The body is not JSON in UTF-8.")
JSON_TOO_DEEP: Final = Refusal(
    "BAD_REQUEST", f"请求体嵌套超过 {NESTING_MAX} 层。", f"The body nests deeper than {NESTING_MAX} levels."
)
WRONG_SHAPE: Final = Refusal(
    "BAD_REQUEST",
    "请求体须为对象：query 与 operationName 为文本，variables 与 extensions 为对象。",
    "The body is an object: query and operationName are texts, variables and extensions are objects.",
)
BATCH: Final = Refusal(
    "BATCHING_DISABLED", "每个请求只能含一个操作，不能是数组。", "A request holds one operation; an array is refused."
)
TOO_LARGE: Final = Refusal(
    "BAD_REQUEST", f"请求体超过 {BODY_MAX // 1024} KiB。", f"The body is larger than {BODY_MAX // 1024} KiB."
)


def size_of(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> Size | None:
    """What an operation comes to; None if fragments go round in a circle."""
    named = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    order = _measurable(named)
    if order is None:
        return None
    ruler = Ruler(_values(operation) | dict(variables or {}))
    for name in order:
        ruler.fragments[name] = ruler.measure(named[name].selection_set)
    return ruler.measure(operation.selection_set)


def beyond(size: Size | None) -> Refusal | None:
    """Which limit this size passes, if any."""
    if size is None:
        return CYCLE
    if size.depth > DEPTH_MAX or size.meta_depth > META_DEPTH_MAX:
        return TOO_DEEP
    if size.nodes > NODES_MAX:
        return TOO_MANY_NODES
    return TOO_MANY_FIELDS if size.fields > FIELDS_MAX else None


def _values(operation: OperationDefinitionNode) -> dict[str, Any]:
    """The page sizes that stand as defaults of variables."""
    found = {}
    for each in operation.variable_definitions or ():
        if isinstance(each.default_value, IntValueNode) and len(each.default_value.value) < 10:
            found[each.variable.name.value] = int(each.default_value.value)
    return found


def _measurable(named: Mapping[str, FragmentDefinitionNode]) -> list[str] | None:
    """The fragments, each after those that it spreads; None if there is no such order."""
    order: dict[str, None] = {}
    for start in named:
        path: dict[str, Iterator[str]] = {} if start in order else {start: _spread(named[start])}
        while path:
            name = next(reversed(path))
            following = next((each for each in path[name] if each in named and each not in order), None)
            if following in path:
                return None
            if following is None:
                order[name] = None
                del path[name]
            else:
                path[following] = _spread(named[following])
    return list(order)


def _spread(fragment: FragmentDefinitionNode) -> Iterator[str]:
    """The fragments that a fragment spreads, at any level."""
    left: list[SelectionSetNode] = [fragment.selection_set]
    while left:
        for each in left.pop().selections:
            if isinstance(each, FragmentSpreadNode):
                yield each.name.value
            elif (below := getattr(each, "selection_set", None)) is not None:
                left.append(below)


def unfit(text: str) -> bool:
    """Whether the database cannot hold a text.

    >>> unfit("物业"), unfit("a" + chr(0)), unfit(chr(0xD800))
    (False, True, True)
    """
    return "\0" in text or broken(text)


def broken(text: str) -> bool:
    """Whether a text holds lone surrogates and so is none."""
    return any("\ud800" <= each <= "\udfff" for each in text)


def unfit_anywhere(*found: object) -> bool:
    """Whether a text among these values, or in the literals of these nodes, cannot be held by the database."""
    left: list[object] = list(found)
    while left:
        value = left.pop()
        if isinstance(value, StringValueNode):
            value = value.value
        if isinstance(value, str):
            if unfit(value):
                return True
        elif isinstance(value, Mapping):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            left += value
        elif isinstance(value, Node):
            left += [getattr(value, key) for key in value.keys if key != "loc"]
    return False


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


def flaw_of_body(body: bytes) -> Refusal | None:
    """What keeps a body from being a request, if anything."""
    try:
        text = body.decode("utf-8")
        if nesting(text) > NESTING_MAX:
            return JSON_TOO_DEEP
        asked = json.loads(text, parse_constant=_no_number)
    except ValueError:
        return NO_JSON
    if isinstance(asked, list):
        return BATCH
    return None if isinstance(asked, dict) and _well_shaped(asked) else WRONG_SHAPE


def _well_shaped(asked: Mapping[str, object]) -> bool:
    name = asked.get("operationName")
    return (
        isinstance(asked.get("query"), str)
        and (name is None or (isinstance(name, str) and not unfit(name)))
        and all(isinstance(asked.get(each), dict | None) for each in ("variables", "extensions"))
    )


def _no_number(name: str) -> None:
    """NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(name)
