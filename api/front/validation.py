"""Is a document one of this schema? Told in detail only to callers who may see the schema."""

from typing import Final

from graphql import (
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    StringValueNode,
    specified_rules,
    validate,
)
from graphql.language import BooleanValueNode
from graphql.validation import ASTValidationRule, ValuesOfCorrectTypeRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.front.limits import ERRORS_MAX
from schema.query import SCHEMA

PLAIN: Final = (IntValueNode, FloatValueNode, StringValueNode, BooleanValueNode)

UNREADABLE: Final = "某个值无法读取，请核对其位数和写法。 / A value cannot be read; look at its digits and spelling."


class ValuesRule(ValuesOfCorrectTypeRule):
    """A literal that a scalar does not take is wrong input, as it would be in a variable."""

    def report_error(self, error: GraphQLError) -> None:
        """With the code of wrong input, where it is that."""
        inside = any(isinstance(each, PLAIN) for each in error.nodes or ())
        refused = "cannot represent" in error.message or isinstance(error.original_error, ValueError)
        if inside and refused and "code" not in (error.extensions or {}):
            error.extensions = {**(error.extensions or {}), "code": "BAD_USER_INPUT"}
        if isinstance(error.original_error, ValueError) and not isinstance(error.original_error, GraphQLError):
            # The interpreter's own words, and the literal in full, are nobody's business.
            error = GraphQLError(UNREADABLE, error.nodes, extensions=error.extensions)
        super().report_error(error)


RULES: Final[tuple[type[ASTValidationRule], ...]] = (
    *(ValuesRule if each is ValuesOfCorrectTypeRule else each for each in specified_rules),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


def errors_of(document: DocumentNode) -> list[GraphQLError]:
    """What is wrong with a document, at most five things; no names are suggested."""
    found = validate(SCHEMA.core, document, RULES, ERRORS_MAX, hide_suggestions=True, allow_empty_selection_sets=False)
    return found[:ERRORS_MAX]
