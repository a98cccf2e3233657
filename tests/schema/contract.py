"""How a served schema differs from the contract, apart from what is not served yet."""

from collections.abc import Iterator
from typing import Any

from graphql import parse, print_ast

MEMBERS = ("fields", "values", "arguments")
"""Where the named parts of a definition stand."""


def differences(served: str, contract: str) -> list[str]:
    """Everything in the served schema that the contract does not say, or says otherwise."""
    return [*_compare(_definitions(served), _definitions(contract), "")]


def _definitions(sdl: str) -> dict[str, Any]:
    found = {}
    for definition in parse(sdl).definitions:
        name = getattr(definition, "name", None)
        mark = "@" if definition.kind == "directive_definition" else ""
        if name is not None:
            found[f"{mark}{name.value}"] = definition
    return found


def _compare(served: dict[str, Any], contract: dict[str, Any], place: str) -> Iterator[str]:
    for name, mine in served.items():
        path = f"{place}.{name}".lstrip(".")
        theirs = contract.get(name)
        if theirs is None:
            yield f"{path}: not in the contract"
            continue
        if said(mine) != said(theirs):
            yield f"{path}: {said(mine)} instead of {said(theirs)}"
        if place.startswith("@") or name.startswith("@"):
            continue
        for members in MEMBERS:
            yield from _compare(named(mine, members), named(theirs, members), path)


def named(definition: Any, members: str) -> dict[str, Any]:
    """The parts of a definition by name."""
    return {each.name.value: each for each in getattr(definition, members, None) or ()}


def said(definition: Any) -> dict[str, object]:
    """What a definition says about itself, its named parts left out."""
    of_type = getattr(definition, "type", None)
    default = getattr(definition, "default_value", None)
    description = getattr(definition, "description", None)
    return {
        "kind": definition.kind,
        "description": description.value if description else None,
        "type": print_ast(of_type) if of_type else None,
        "default": print_ast(default) if default else None,
        "interfaces": sorted(each.name.value for each in getattr(definition, "interfaces", None) or ()),
        "directives": sorted(print_ast(each) for each in getattr(definition, "directives", None) or ()),
        "locations": sorted(each.value for each in getattr(definition, "locations", None) or ()),
        "arguments": {
            name: (print_ast(each.type), print_ast(each.default_value) if each.default_value else None)
            for name, each in (
                named(definition, "arguments") if definition.kind == "directive_definition" else {}
            ).items()
        },
    }
