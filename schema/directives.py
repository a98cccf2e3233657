"""Directives of the schema: who may select a field, what it costs, which values are personal."""

from enum import Enum

import strawberry
from strawberry.schema_directive import Location

from schema.codes import codes


@codes(
    "Role of a caller; one person may hold several, but never two of SECURITY_ADMIN, AUDIT_ADMIN and a business role."
)
class Role(Enum):
    """Roles by code."""

    PUBLIC = "Anyone, also without a token (公众)."
    COMPANY = "Property company user (物业企业)."
    INSPECTOR = "Street, community, department or third-party staff (街道/社区/部门/第三方检查员)."
    AUDITOR = "Third-party auditor, read only except own inspections (第三方审计)."
    TRAINING_ADMIN = "Training enrolment tool (培训管理员)."
    RULE_DRAFTER = "Drafts rulebooks (规则起草人)."
    RULE_APPROVER = "Approves rulebooks (规则审批人)."
    DECISION_OFFICER = "Proposes or approves entry/exit decisions and appeals (决定经办人)."
    BUREAU_ADMIN = "District housing bureau (区房管部门)."
    SECURITY_ADMIN = "Accounts, roles, keys (安全管理员)."
    AUDIT_ADMIN = "Audit log (审计管理员)."


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    description="Cost of a field, in points, on top of its children (IBM cost specification); default 0 for scalars, 1"
    " per object.",
)
class Cost:
    """Points of a field."""

    weight: str = strawberry.directive_field("weight")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="listSize", description="Size of a list (IBM cost specification)."
)
class ListSize:
    """How long a list may be assumed to be."""

    assumed_size: int | None = strawberry.directive_field("assumedSize", default=strawberry.UNSET)
    slicing_arguments: list[str] | None = strawberry.directive_field("slicingArguments", default=strawberry.UNSET)
    sized_fields: list[str] | None = strawberry.directive_field("sizedFields", default=strawberry.UNSET)
    require_one_slicing_argument: bool | None = strawberry.directive_field("requireOneSlicingArgument", default=True)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    description="Who may select the field or reach the type by any path; checked before execution. PUBLIC includes"
    " everyone. On root fields and node types required.",
)
class Access:
    """Roles that may select."""

    roles: list[Role] = strawberry.directive_field("roles")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="personal",
    description="Personal data: masked in the value unless the caller's role sees it clear (CONVENTIONS, section 11).",
)
class Personal:
    """A value that says something about a person."""


def access(*codes: str) -> Access:
    """Access for these roles.

    >>> [role.name for role in access("COMPANY", "AUDITOR").roles]
    ['COMPANY', 'AUDITOR']
    """
    return Access(roles=[Role[code] for code in codes])


def cost(points: int) -> Cost:
    """Points on top of the children.

    >>> cost(5).weight
    '5'
    """
    return Cost(weight=str(points))


def bounded(assumed: int) -> ListSize:
    """A plain list of this design size; its hard bound is five times that.

    >>> bounded(80).assumed_size
    80
    """
    return ListSize(assumed_size=assumed, require_one_slicing_argument=strawberry.UNSET)


PAGED = ListSize(
    slicing_arguments=["first"], sized_fields=["edges", "nodes"], require_one_slicing_argument=strawberry.UNSET
)
PERSONAL = Personal()
PUBLIC = access("PUBLIC")
STAFF = access("COMPANY", "INSPECTOR", "AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN")
REVIEWERS = access("COMPANY", "AUDITOR", "DECISION_OFFICER", "BUREAU_ADMIN")
RULE_STAFF = access("AUDITOR", "RULE_DRAFTER", "RULE_APPROVER", "DECISION_OFFICER", "BUREAU_ADMIN")
RESULT_STAFF = access("COMPANY", "AUDITOR", "RULE_DRAFTER", "RULE_APPROVER", "DECISION_OFFICER", "BUREAU_ADMIN")
OFFICE = access("COMPANY", "INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "DECISION_OFFICER", "BUREAU_ADMIN")
