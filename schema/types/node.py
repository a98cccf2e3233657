"""Interfaces that types share."""

import strawberry


@strawberry.interface(description="Anything with a global id.")
class Node:
    """Can be fetched again by its id."""

    id: strawberry.ID = strawberry.field(description="Opaque, stable.")


@strawberry.interface(description="A record that is changed under optimistic locking.")
class Record(Node):
    """Has versions."""

    id: strawberry.ID = strawberry.field(description="Opaque, stable.")
    version: int = strawberry.field(description="Version for `expectedVersion`.")
