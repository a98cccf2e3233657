"""What the schema says of each field: what it costs, how many rows it brings, who may select it.

Read from the text of the schema, because that text is what callers are promised.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from graphql import (
    DirectiveNode,
    EnumTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
)

LIST_SIZE: Final = 10
"""Rows of a list of objects whose size the schema does not state."""
BUILT_IN: Final = ("Int", "Float", "String", "Boolean", "ID")


@dataclass(frozen=True, slots=True)
class Rate:
    """A field as it is priced."""

    type: str
    """Name of what it returns, lists and nulls taken off."""
    leaf: bool
    weight: int = 0
    """Points of the field itself (`@cost`)."""
    rows: int = 1
    """Assumed length of a list; 1 for a single value."""
    sized: frozenset[str] = frozenset()
    """Fields below that have as many rows as the page asked for; empty = this is no page."""
    roles: frozenset[str] | None = None
    """Who may select it; None = whoever sees the parent."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type whose fields can be selected."""

    name: str
    fields: Mapping[str, Rate]
    members: frozenset[str]
    """Object types a value can have; of an object type only itself."""
    roles: frozenset[str] | None = None
    weight: int = 1
    """Points of one object."""


@dataclass(frozen=True, slots=True)
class Rates:
    """All types by name, and where operations begin."""

    kinds: Mapping[str, Kind]
    roots: Mapping[str, str]
    """Type of the root by operation: query, mutation, subscription."""


@cache
def rates_of(sdl: str) -> Rates:
    """Read the text of a schema."""
    document = parse(sdl, no_location=True)
    leaves = {each.name.value for each in document.definitions if isinstance(each, _LEAF)} | {*BUILT_IN}
    members = dict(_members(document.definitions))
    kinds = {}
    for each in document.definitions:
        if isinstance(each, UnionTypeDefinitionNode):
            kinds[each.name.value] = Kind(each.name.value, {}, members[each.name.value])
        elif isinstance(each, _FIELDED):
            kinds[each.name.value] = Kind(
                each.name.value,
                {field.name.value: _rate(field, leaves) for field in each.fields or ()},
                members[each.name.value],
                _roles(each.directives),
                _weight(each.directives, 1),
            )
    return Rates(kinds, _roots(document.definitions, kinds))


_LEAF: Final = (ScalarTypeDefinitionNode, EnumTypeDefinitionNode)
_FIELDED: Final = (ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode)


def _members(definitions: Iterable[Any]) -> Iterator[tuple[str, frozenset[str]]]:
    objects = [each for each in definitions if isinstance(each, ObjectTypeDefinitionNode)]
    for each in definitions:
        name = each.name.value if isinstance(each, (*_FIELDED, UnionTypeDefinitionNode)) else ""
        if isinstance(each, UnionTypeDefinitionNode):
            yield name, frozenset(one.name.value for one in each.types or ())
        elif isinstance(each, ObjectTypeDefinitionNode):
            yield name, frozenset({name})
        elif isinstance(each, InterfaceTypeDefinitionNode):
            implementing = (one for one in objects if any(said.name.value == name for said in one.interfaces or ()))
            yield name, frozenset(one.name.value for one in implementing)


def _rate(field: Any, leaves: set[str]) -> Rate:
    name, listed = _named(field.type)
    size = _arguments(field.directives, "listSize")
    assumed, sized = size.get("assumedSize"), size.get("sizedFields") or ()
    rows = int(assumed) if assumed is not None else LIST_SIZE if listed else 1
    return Rate(name, name in leaves, _weight(field.directives, 0), rows, frozenset(sized), _roles(field.directives))


def _named(type_: TypeNode) -> tuple[str, bool]:
    listed = False
    while isinstance(type_, NonNullTypeNode | ListTypeNode):
        listed = listed or isinstance(type_, ListTypeNode)
        type_ = type_.type
    return type_.name.value, listed  # type: ignore[attr-defined]  # what is left is a named type


def _arguments(directives: Iterable[DirectiveNode] | None, name: str) -> dict[str, Any]:
    """The arguments of a directive as plain texts and lists of texts; empty without the directive."""
    for each in directives or ():
        if each.name.value == name:
            return {one.name.value: _plain(one.value) for one in each.arguments or ()}
    return {}


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value.values)) if isinstance(value, ListValueNode) else getattr(value, "value", None)


def _weight(directives: Iterable[DirectiveNode] | None, otherwise: int) -> int:
    return int(_arguments(directives, "cost").get("weight", otherwise))


def _roles(directives: Iterable[DirectiveNode] | None) -> frozenset[str] | None:
    roles = _arguments(directives, "access").get("roles")
    return None if roles is None else frozenset(roles)


def _roots(definitions: Iterable[Any], kinds: Mapping[str, Kind]) -> dict[str, str]:
    for each in definitions:
        if isinstance(each, SchemaDefinitionNode):
            return {one.operation.value: one.type.name.value for one in each.operation_types}
    return {name.lower(): name for name in ("Query", "Mutation", "Subscription") if name in kinds}
