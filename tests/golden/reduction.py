"""Cut an operation down to what the served schema can answer."""

from typing import Any

from graphql import (
    REMOVE,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    print_ast,
    visit,
)


def reduced(document: str, schema: GraphQLSchema) -> str | None:
    """The operation without the fields, arguments and variables that are not served; None if nothing is left of it."""
    info = TypeInfo(schema)
    cut = visit(parse(document, no_location=True), TypeInfoVisitor(info, Cut(schema, info)))
    emptied = visit(cut, Emptied())
    if not emptied.definitions:
        return None
    used = Used()
    visit(emptied, used)
    return print_ast(visit(emptied, Unused(used.names))) + "\n"


class Cut(Visitor):
    """Removes what the schema does not know."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema = schema
        self.info = info

    def enter_operation_definition(self, node: Any, *_: Any) -> Any:
        """Operations of a kind that is not served."""
        return None if self.schema.get_root_type(node.operation) else REMOVE

    def enter_field(self, node: Any, *_: Any) -> Any:
        """Fields."""
        return None if self.info.get_field_def() else REMOVE

    def enter_argument(self, _node: Any, *_: Any) -> Any:
        """Arguments."""
        return None if self.info.get_argument() else REMOVE

    def enter_object_field(self, _node: Any, *_: Any) -> Any:
        """Members of inputs."""
        return None if self.info.get_input_type() else REMOVE

    def enter_inline_fragment(self, node: Any, *_: Any) -> Any:
        """Fragments on types."""
        return None if node.type_condition.name.value in self.schema.type_map else REMOVE


class Emptied(Visitor):
    """Removes fields, fragments and operations that have nothing left to select."""

    def leave(self, node: Any, *_: Any) -> Any:
        """From the inside out, so that whatever held only emptied things goes as well."""
        selected = getattr(node, "selection_set", None)
        return REMOVE if selected is not None and not selected.selections else None


class Used(Visitor):
    """Collects the variables in use."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable_definition(self, _node: Any, *_: Any) -> Any:
        """A definition is no use."""
        return False

    def enter_variable(self, node: Any, *_: Any) -> None:
        """A use."""
        self.names.add(node.name.value)


class Unused(Visitor):
    """Removes the definitions of variables that are not in use."""

    def __init__(self, used: set[str]) -> None:
        super().__init__()
        self.used = used

    def enter_variable_definition(self, node: Any, *_: Any) -> Any:
        """A definition."""
        return None if node.variable.name.value in self.used else REMOVE
