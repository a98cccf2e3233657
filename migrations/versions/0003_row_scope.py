"""Row scope: masked personal columns, row-level security, what each kind of viewer may read.

Revision ID: 0003
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

KINDS = (
    "public",
    "company",
    "inspector",
    "agency",
    "training",
    "rules",
    "auditor",
    "cycle_auditor",
    "bureau",
    "security",
    "audit",
)

INDEXES = (
    *("ix_inspection_company", "ix_inspection_street", "ix_inspection_community", "ix_inspection_body"),
    *("ix_finding_street", "ix_finding_community", "ix_complaint_street", "ix_complaint_community"),
)

KEEP_KNOWLEDGE = """
    CREATE OR REPLACE FUNCTION keep_knowledge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['superseded_at', 'superseded_by'] || TG_ARGV::text[];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free OR OLD.superseded_at <> 'infinity' THEN
        RAISE EXCEPTION '% is append-only: version % of % is closed or would change', TG_TABLE_NAME, OLD.version, OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
"""The guard as it was before."""

POLICIES = """
    SELECT quote_ident(tablename), quote_ident(policyname) FROM pg_policies
    WHERE schemaname = 'public' AND (policyname = 'program' OR policyname LIKE 'viewer\\_%')
"""


def upgrade() -> None:
    """Mask, fence off, grant."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.run_async(lambda connection: connection.execute(sql))


def downgrade() -> None:
    """Take rights, policies and masks away again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for kind in KINDS:
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM zhunze_{kind}")
        op.execute(f"REVOKE USAGE ON SCHEMA public FROM zhunze_{kind}")
    tables = set()
    for table, policy in op.get_bind().exec_driver_sql(POLICIES).all():
        op.execute(f"DROP POLICY {policy} ON {table}")
        tables.add(table)
    for table in sorted(tables):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    for index in INDEXES:
        op.execute(f"DROP INDEX {index}")
    op.execute(KEEP_KNOWLEDGE)
    op.execute("ALTER TABLE person DROP COLUMN name_masked, DROP COLUMN phone_masked")
    op.execute("ALTER TABLE company DROP COLUMN legal_representative_masked")
