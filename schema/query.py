"""The schema: all types linked and checked, and its text."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
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


class Ready(SchemaExtension):
    """Executes a document that was parsed and validated before as it is."""

    def on_operation(self) -> Iterator[None]:
        """Both steps are left out where their results are there."""
        given = self.execution_context.context.document
        if given is not None:
            self.execution_context.graphql_document = given
            self.execution_context.pre_execution_errors = []
        yield


class Counting(StrawberryGraphQLCoreExecutionContext):
    """Tells the context of each object that is answered."""

    def complete_object_value(  # noqa: PLR0913, PLR0917 (as the class above has it)
        self, return_type: Any, details: Any, info: Any, path: Any, result: Any, position: Any
    ) -> Any:
        """Count, then answer."""
        if (spend := self.context_value.spend) is not None:
            spend(info.parent_type.name, info.field_name, return_type.name)
        return super().complete_object_value(return_type, details, info, path, result, position)


class Schema(strawberry.Schema):
    """The schema; errors are logged by whoever knows the request, never here with the caller's values."""

    @property
    def core(self) -> GraphQLSchema:
        """What documents are validated against."""
        return self._schema

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave them to the transport."""


def build() -> Schema:
    """Link all declarations and put the schema together; a contradiction is an exception."""
    link(Query)
    return Schema(
        query=Query,
        types=[stored.type for stored in TYPES.values()],
        extensions=[lambda: MaxTokensLimiter(TOKENS_MAX), Ready, OneSnapshot],
        execution_context_class=Counting,
        config=StrawberryConfig(scalar_map=dict(SCALARS), disable_field_suggestions=True),
    )


SCHEMA = build()


def sdl() -> str:
    """The text of the schema, as it is committed in schema/schema.graphql."""
    return SCHEMA.as_str().rstrip() + "\n"
