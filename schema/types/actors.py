"""Who acts or acted."""

import strawberry

from schema.directives import PERSONAL, Role


@strawberry.type(description="Who acted, as of that moment.")
class Actor:
    """Name, role and body of somebody who acts."""

    name: str = strawberry.field(description="Display name.", directives=[PERSONAL])
    role: Role = strawberry.field(description="Role used.")
    organisation: str | None = strawberry.field(description="Body acted for.")
