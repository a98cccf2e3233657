"""The schema: all types linked and checked, and its text."""

from collections.abc import AsyncIterator

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.fields import TYPES
from schema.link import link
from schema.scalars import SCALARS
from schema.types import facts as _facts  # noqa: F401 - types that only `node` and fact lists lead to
from schema.types.roots import Query

TOKENS_MAX = 1000


class OneSnapshot(SchemaExtension):
    """Gives the reader's snapshot back when the operation has ended."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Everything is read between here and there."""
        try:
            yield
        finally:
            await self.execution_context.context.reader.close()


class Schema(strawberry.Schema):
    """The schema; errors are logged by whoever knows the request, never here with the caller's values."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave them to the transport."""


def build() -> Schema:
    """Link all declarations and put the schema together; a contradiction is an exception."""
    link(Query)
    return Schema(
        query=Query,
        types=[stored.type for stored in TYPES.values()],
        extensions=[lambda: MaxTokensLimiter(TOKENS_MAX), OneSnapshot],
        config=StrawberryConfig(scalar_map=dict(SCALARS), disable_field_suggestions=True),
    )


SCHEMA = build()


def sdl() -> str:
    """The text of the schema, as it is committed in schema/schema.graphql."""
    return SCHEMA.as_str().rstrip() + "\n"
