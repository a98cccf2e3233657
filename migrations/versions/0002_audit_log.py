"""The audit log: it can be added to and nothing else, whoever asks.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None

TABLES = """
    CREATE TABLE audit_leaf (
        seq BIGINT NOT NULL,
        district_id UUID,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        action TEXT NOT NULL,
        actor_hash BYTEA NOT NULL,
        subject_hash BYTEA NOT NULL,
        payload_hash BYTEA NOT NULL,
        data BYTEA NOT NULL,
        leaf_hash BYTEA NOT NULL,
        algorithm TEXT NOT NULL,
        CONSTRAINT pk_audit_leaf PRIMARY KEY (seq),
        CONSTRAINT fk_audit_leaf_district_id FOREIGN KEY (district_id) REFERENCES district (id),
        CONSTRAINT ck_audit_leaf_seq CHECK (seq >= 0),
        CONSTRAINT ck_audit_leaf_leaf_hash CHECK (leaf_hash = sha256('\\x00'::bytea || data)),
        CONSTRAINT ck_audit_leaf_hashes CHECK (
            octet_length(actor_hash) = 32 AND octet_length(subject_hash) = 32 AND octet_length(payload_hash) = 32
        ),
        CONSTRAINT ck_audit_leaf_algorithm CHECK (algorithm IN ('SHA-256'))
    );
    CREATE INDEX ix_audit_leaf_district_id_seq ON audit_leaf (district_id, seq);
    CREATE TABLE erasable_key (
        id UUID NOT NULL,
        holder TEXT,
        secret BYTEA,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        erased_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_erasable_key PRIMARY KEY (id),
        CONSTRAINT ck_erasable_key_erased CHECK ((secret IS NULL) = (erased_at IS NOT NULL)),
        CONSTRAINT ck_erasable_key_secret CHECK (octet_length(secret) = 32)
    );
    CREATE UNIQUE INDEX uq_erasable_key_holder ON erasable_key (holder) WHERE secret IS NOT NULL;
    CREATE TABLE audit_payload (
        seq BIGINT NOT NULL,
        key_id UUID NOT NULL,
        sealed BYTEA NOT NULL,
        CONSTRAINT pk_audit_payload PRIMARY KEY (seq),
        CONSTRAINT fk_audit_payload_seq FOREIGN KEY (seq) REFERENCES audit_leaf (seq),
        CONSTRAINT fk_audit_payload_key_id FOREIGN KEY (key_id) REFERENCES erasable_key (id)
    );
    CREATE INDEX ix_audit_payload_key_id ON audit_payload (key_id);
"""

RULES = """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: the audit log only grows', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;

    -- One leaf after the other: the lock is held to the end of the transaction, so no number is skipped or taken twice.
    CREATE FUNCTION audit_next_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last record;
    BEGIN
        PERFORM pg_advisory_xact_lock(7305002);
        SELECT seq, recorded_at INTO last FROM public.audit_leaf ORDER BY seq DESC LIMIT 1;
        IF NEW.seq <> coalesce(last.seq + 1, 0) THEN
            RAISE EXCEPTION 'leaf % does not follow %', NEW.seq, last.seq
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.recorded_at <= last.recorded_at THEN
            RAISE EXCEPTION 'leaf % is recorded at %, not after %', NEW.seq, NEW.recorded_at, last.recorded_at
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;

    -- A key changes once: its secret goes.
    CREATE FUNCTION erasable_key_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.secret IS NULL OR NEW.secret IS NOT NULL
            OR (NEW.id, NEW.holder, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.holder, OLD.created_at) THEN
            RAISE EXCEPTION 'a key can only be erased' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;

    CREATE TRIGGER next_leaf BEFORE INSERT ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_next_leaf();
    CREATE TRIGGER erasure BEFORE UPDATE ON erasable_key FOR EACH ROW EXECUTE FUNCTION erasable_key_erasure();
"""

GROWING = ("audit_leaf", "audit_payload")
KEPT = (*GROWING, "erasable_key")


def upgrade() -> None:
    """Create the log, its rules and rights."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for script in (TABLES, RULES):
        _run(script)
    for table in KEPT:
        events = "UPDATE OR DELETE OR TRUNCATE" if table in GROWING else "DELETE OR TRUNCATE"
        each = "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        op.execute(f"CREATE TRIGGER only_grows BEFORE {events} ON {table} {each}")
        op.execute(f"REVOKE ALL ON {table} FROM zhunze_app")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO zhunze_app")


def downgrade() -> None:
    """Remove the log."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("audit_payload", "erasable_key", "audit_leaf"):
        op.drop_table(table)
    for function in ("audit_only_grows", "audit_next_leaf", "erasable_key_erasure"):
        op.execute(f"DROP FUNCTION {function}()")


def _run(script: str) -> None:
    """Run a script of several statements, which the driver's prepared statements do not take."""
    op.get_bind().connection.run_async(lambda connection: connection.execute(script))
