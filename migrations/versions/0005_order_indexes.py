"""Indexes in the order in which meetings, training sessions and enrolments are listed.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None

INDEXES = {
    "ix_meeting_held": "meeting (district_id, held_on, id)",
    "ix_training_session_start": "training_session (district_id, starts_on, id)",
    "ix_enrollment_queue": "enrollment (session_id, enrolled_on, number, id)",
}


def upgrade() -> None:
    """Make the indexes, of what is known now."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns} WHERE superseded_at = 'infinity'")


def downgrade() -> None:
    """Drop them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
