"""${message}.

Before you write: a revision imports none of our code; the API of the version before must be able to run on the new
schema (add first, remove in a later release); take locks late and for a short time. Revision ids are rising four-digit
numbers (`--rev-id 0003`).

Revision ID: ${up_revision}
"""

from alembic import op
${imports if imports else ""}
revision = "${up_revision}"
down_revision: str | None = ${'"' + down_revision + '"' if down_revision else "None"}
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """${message}."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    ${upgrades}


def downgrade() -> None:
    """Take it back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    ${downgrades}
