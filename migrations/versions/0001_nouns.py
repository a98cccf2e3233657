"""The nouns of the domain, their knowledge time, and the application role's rights.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None

TABLES = """
    recommendation listing score_result score_run cycle rulebook_version rulebook
    action_item meeting enrollment training_session credit_item survey_round fee_period
    mediation complaint complaint_category finding inspection checklist_item employment person
    engagement standing filing company bundle governance_spell compound area import_batch record district
"""


def upgrade() -> None:
    """Create the tables, their rules and rights."""
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.run_async(lambda connection: connection.execute(sql))


def downgrade() -> None:
    """Remove everything again; the extensions stay, others may use them."""
    for table in TABLES.split():
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_knowledge()")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE ON TABLES FROM zhunze_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM zhunze_app")
