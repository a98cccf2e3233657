"""May this operation be executed? Everything that is decided before execution, cheapest first."""

from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)

from api.front import limits, refusals
from api.front.analysis import NOTHING, Size, Text, size_of
from api.front.errors import code_of
from api.front.plans import Plan
from api.front.policy import Policy
from api.front.rates import Rates, rates_of
from api.front.refusals import Inadmissible, Refusal
from api.front.requests import Asked
from api.texts import unfit_anywhere
from schema.query import sdl
from schema.viewer import Viewer

RATES: Final[Rates] = rates_of(sdl())
PRICED: Final = "rateLimit"
"""The root field that tells the price of its request."""


class Invalid(Exception):  # noqa: N818 (an answer)
    """A document that does not fit the schema."""

    def __init__(self, errors: tuple[GraphQLError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Order:
    """An operation of a document and what it comes to."""

    plan: Plan
    operation: OperationDefinitionNode
    size: Size
    dry: bool
    """Only its price is asked for."""

    @property
    def points(self) -> int:
        """What its caller pays beforehand."""
        return 1 if self.dry else max(1, self.size.price.cost)

    @property
    def mutates(self) -> bool:
        """Whether it is meant to have effects."""
        return self.operation.operation is OperationType.MUTATION

    @property
    def document(self) -> DocumentNode:
        """What is executed: where only the price is asked for, nothing else."""
        return _priced_only(self.plan.document, self.operation) if self.dry else self.plan.document


def ordered(plan: Plan, asked: Asked) -> Order:
    """The operation that is meant, measured; `Inadmissible` if it asks for too much."""
    if plan.unfit or unfit_anywhere(asked.variables):
        raise Inadmissible(refusals.UNFIT_TEXT)
    operation = plan.operation(asked.operation_name)
    try:
        size = size_of(RATES, plan.document, operation, asked.variables)
    except RecursionError:
        raise Inadmissible(refusals.TOO_DEEP) from None
    dry = size is not None and _dry(operation, asked.variables)
    passed = beyond(replace(size, price=NOTHING) if size and dry else size)
    if passed is not None:
        raise Inadmissible(passed)
    assert size is not None, "a circle is beyond every limit"
    return Order(plan, operation, size, dry)


def permit(order: Order, viewer: Viewer, policy: Policy) -> None:
    """Raise `Inadmissible` or `Invalid` unless the document is valid and this caller may select all of it."""
    shown = policy.shows_schema(viewer)
    if order.size.text.introspects and not shown:
        raise Inadmissible(refusals.SCHEMA_HIDDEN)
    if errors := order.plan.errors:
        mistaken = any(code_of(each, before=True) != "BAD_USER_INPUT" for each in errors)
        # Which field is missing, or which argument, is told only to those who may see the schema anyway.
        if mistaken and not shown:
            raise Inadmissible(refusals.INVALID)
        raise Invalid(errors)
    for roles, name in order.size.price.needs.items():
        if not any(role.name in roles for role in viewer.roles):
            raise Inadmissible(refusals.forbidden(name))
    if order.size.wrong_page:
        raise Inadmissible(refusals.WRONG_PAGE)


def beyond(size: Size | None) -> Refusal | None:
    """Which limit this size passes, if any."""
    if size is None:
        return refusals.CYCLE
    if size.price.nodes > limits.NODES_MAX:
        return _text_beyond(size.text) or refusals.TOO_MANY_NODES
    return _text_beyond(size.text) or (refusals.TOO_DEAR if size.price.cost > limits.COST_MAX else None)


def _text_beyond(text: Text) -> Refusal | None:
    checks = (
        (text.depth > limits.DEPTH_MAX, refusals.TOO_DEEP),
        (text.meta_depth > limits.META_DEPTH_MAX, refusals.TOO_DEEP),
        (text.meta_lists > limits.META_LISTS_MAX, refusals.TOO_DEEP),
        (text.fields > limits.FIELDS_MAX, refusals.TOO_MANY_FIELDS),
        (text.width > limits.ROOTS_MAX, refusals.TOO_MANY_ROOTS),
        (text.aliases > limits.ALIASES_MAX, refusals.TOO_MANY_ALIASES),
        (text.directives > limits.DIRECTIVES_MAX, refusals.TOO_MANY_DIRECTIVES),
        (text.repeats > limits.REPEATS_MAX, refusals.TOO_MANY_REPEATS),
    )
    return next((refusal for passed, refusal in checks if passed), None)


def _dry(operation: OperationDefinitionNode, variables: Any) -> bool:
    stated = {
        each.variable.name.value: each.default_value.value
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, BooleanValueNode)
    }
    given = {**stated, **variables}
    return any(_priced(each) and _says_dry(each, given) for each in operation.selection_set.selections)


def _priced(each: object) -> bool:
    return isinstance(each, FieldNode) and each.name.value == PRICED


def _says_dry(field: Any, variables: Any) -> bool:
    value = next((each.value for each in field.arguments or () if each.name.value == "dryRun"), None)
    if isinstance(value, VariableNode):
        return variables.get(value.name.value) is True
    return isinstance(value, BooleanValueNode) and value.value


def _priced_only(document: DocumentNode, operation: OperationDefinitionNode) -> DocumentNode:
    kept = SelectionSetNode(selections=tuple(each for each in operation.selection_set.selections if _priced(each)))
    alone = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=operation.directives,
        selection_set=kept,
    )
    return DocumentNode(definitions=tuple(alone if each is operation else each for each in document.definitions))
