"""Two decorators with exact types: enums written as `CODE = "What it means."`, and methods shown as fields."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar, cast

import strawberry

Codes = TypeVar("Codes", bound=type[Enum])
Method = TypeVar("Method", bound=Callable[..., Any])


def shown(description: str, *directives: object, served: Any = None) -> Callable[[Method], Method]:
    """Make a method a field of its type; `served` is the type where the annotation does not say it."""
    field = strawberry.field(description=description, directives=directives, graphql_type=served)
    return cast("Callable[[Method], Method]", field)


def codes(description: str) -> Callable[[Codes], Codes]:
    """Make a class of meanings a GraphQL enum of codes.

    >>> @codes("Level.")
    ... class Level(Enum):
    ...     STREET = "街道."
    >>> Level("STREET").name
    'STREET'
    """

    def wrap(cls: Codes) -> Codes:
        meanings = {code: member.value for code, member in cls.__members__.items()}
        values: Any = {code: strawberry.enum_value(code, description=text) for code, text in meanings.items()}
        made = Enum(cls.__name__, values, module=cls.__module__, qualname=cls.__qualname__)  # type: ignore[misc]  # made here
        made.__doc__ = cls.__doc__
        return cast("Codes", strawberry.enum(made, description=description))

    return wrap
