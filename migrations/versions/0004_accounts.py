"""Accounts, role grants and keys; roles that may not meet in one person are refused here too.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None

TABLES = """
    CREATE TABLE account (
        id UUID NOT NULL,
        district_id UUID NOT NULL,
        holder_id UUID NOT NULL,
        name TEXT NOT NULL,
        login TEXT,
        issuer TEXT,
        subject TEXT,
        person_id UUID,
        company_id UUID,
        area_ids UUID[] NOT NULL DEFAULT '{}',
        organisation TEXT,
        active BOOLEAN NOT NULL,
        tokens_from TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_account PRIMARY KEY (id),
        CONSTRAINT uq_account_login UNIQUE (login),
        CONSTRAINT uq_account_issuer_subject UNIQUE (issuer, subject),
        CONSTRAINT uq_account_id_holder_id UNIQUE (id, holder_id),
        CONSTRAINT fk_account_district_id FOREIGN KEY (district_id) REFERENCES district (id),
        CONSTRAINT fk_account_person_id FOREIGN KEY (person_id) REFERENCES record (id),
        CONSTRAINT fk_account_company_id FOREIGN KEY (company_id) REFERENCES record (id),
        CONSTRAINT ck_account_holder CHECK (holder_id = coalesce(person_id, id)),
        CONSTRAINT ck_account_way_in CHECK (
            (issuer IS NULL) = (subject IS NULL) AND (login IS NULL) <> (issuer IS NULL)
        ),
        CONSTRAINT ck_account_login CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,63}$')
    );
    CREATE TABLE role_grant (
        id UUID NOT NULL,
        account_id UUID NOT NULL,
        holder_id UUID NOT NULL,
        role TEXT NOT NULL,
        valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
        valid_to TIMESTAMP WITH TIME ZONE,
        granted_by TEXT NOT NULL,
        granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_by TEXT,
        CONSTRAINT pk_role_grant PRIMARY KEY (id),
        CONSTRAINT fk_role_grant_account_id FOREIGN KEY (account_id, holder_id) REFERENCES account (id, holder_id),
        CONSTRAINT ck_role_grant_role CHECK (role IN (
            'COMPANY', 'INSPECTOR', 'AUDITOR', 'TRAINING_ADMIN', 'RULE_DRAFTER', 'RULE_APPROVER', 'DECISION_OFFICER',
            'BUREAU_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'
        )),
        CONSTRAINT ck_role_grant_span CHECK (valid_from <= valid_to),
        CONSTRAINT ex_role_grant_one_at_a_time EXCLUDE USING gist (
            account_id WITH =, role WITH =, tstzrange(valid_from, valid_to) WITH &&
        ),
        CONSTRAINT ex_role_grant_estates EXCLUDE USING gist (
            holder_id WITH =,
            (CASE role WHEN 'SECURITY_ADMIN' THEN 1 WHEN 'AUDIT_ADMIN' THEN 2 ELSE 3 END) WITH <>,
            tstzrange(valid_from, valid_to) WITH &&
        ),
        CONSTRAINT ex_role_grant_four_eyes EXCLUDE USING gist (
            holder_id WITH =, role WITH <>, tstzrange(valid_from, valid_to) WITH &&
        ) WHERE (role IN ('RULE_DRAFTER', 'RULE_APPROVER'))
    );
    CREATE TABLE api_key (
        id UUID NOT NULL,
        account_id UUID NOT NULL,
        digest BYTEA NOT NULL,
        label TEXT NOT NULL,
        roles TEXT[] NOT NULL,
        cycle_id UUID,
        addresses TEXT[] NOT NULL DEFAULT '{}',
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_api_key PRIMARY KEY (id),
        CONSTRAINT fk_api_key_account_id FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT fk_api_key_cycle_id FOREIGN KEY (cycle_id) REFERENCES cycle (id),
        CONSTRAINT ck_api_key_digest CHECK (octet_length(digest) = 32),
        CONSTRAINT ck_api_key_roles CHECK (
            cardinality(roles) > 0
            AND roles <@ ARRAY['COMPANY', 'INSPECTOR', 'AUDITOR', 'TRAINING_ADMIN', 'RULE_DRAFTER']
        ),
        CONSTRAINT ck_api_key_expiry CHECK (
            expires_at > created_at AND expires_at <= created_at + interval '4320 hours'
        )
    );
    CREATE INDEX ix_api_key_account_id ON api_key (account_id);
    CREATE TABLE key_use (
        key_id UUID NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_key_use PRIMARY KEY (key_id),
        CONSTRAINT fk_key_use_key_id FOREIGN KEY (key_id) REFERENCES api_key (id)
    );
    CREATE TABLE credential (
        account_id UUID NOT NULL,
        password_hash TEXT,
        totp_sealed BYTEA,
        totp_step BIGINT,
        failures INTEGER NOT NULL DEFAULT 0,
        locked_until TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_credential PRIMARY KEY (account_id),
        CONSTRAINT fk_credential_account_id FOREIGN KEY (account_id) REFERENCES account (id),
        CONSTRAINT ck_credential_password_hash CHECK (password_hash LIKE '$argon2id$%')
    );
    CREATE TABLE account_change (
        id SMALLINT NOT NULL,
        number BIGINT NOT NULL,
        CONSTRAINT pk_account_change PRIMARY KEY (id),
        CONSTRAINT ck_account_change_id CHECK (id = 1)
    );
    INSERT INTO account_change (id, number) VALUES (1, 0);
"""

RULES = """
    -- A row, not a sequence: the number moves when the change can be seen, not before.
    CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE public.account_change SET number = number + 1 WHERE id = 1;
        RETURN NULL;
    END $$;

    -- A grant is revoked once, a key is revoked once; neither comes back.
    CREATE FUNCTION ended_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL THEN
            RAISE EXCEPTION '% % is ended already', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
"""

WATCHED = ("account", "role_grant", "api_key")
FENCED = ("account", "role_grant", "api_key", "key_use", "credential")
CHANGEABLE = {
    "account": "active, tokens_from, name, area_ids, organisation",
    "role_grant": "valid_to, revoked_by",
    "api_key": "revoked_at",
    "key_use": "used_at",
    "credential": "password_hash, totp_sealed, totp_step, failures, locked_until",
    "account_change": "number",
}


def upgrade() -> None:
    """Create the tables, their rules and rights: who an account is never changes, and nothing is deleted."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for script in (TABLES, RULES):
        _run(script)
    for table in WATCHED:
        each = "FOR EACH STATEMENT EXECUTE FUNCTION account_changed()"
        op.execute(f"CREATE TRIGGER account_changed AFTER INSERT OR UPDATE ON {table} {each}")
    for table, column in (("role_grant", "revoked_by"), ("api_key", "revoked_at")):
        each = f"FOR EACH ROW EXECUTE FUNCTION ended_once('{column}')"
        op.execute(f"CREATE TRIGGER ended_once BEFORE UPDATE ON {table} {each}")
    for table, columns in CHANGEABLE.items():
        insert = "" if table == "account_change" else ", INSERT"
        op.execute(f"REVOKE ALL ON {table} FROM PUBLIC, zhunze_app")
        op.execute(f"GRANT SELECT{insert}, UPDATE ({columns}) ON {table} TO zhunze_app")
    for table in FENCED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        said = "(SELECT nullif(current_setting('app.viewer', true), '')) IS NOT NULL"
        op.execute(f"CREATE POLICY program ON {table} TO zhunze_app, CURRENT_USER USING ({said})")


def downgrade() -> None:
    """Remove accounts."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(CHANGEABLE):
        op.drop_table(table)
    for function in ("account_changed", "ended_once"):
        op.execute(f"DROP FUNCTION {function}()")


def _run(script: str) -> None:
    """Run a script of several statements, which the driver's prepared statements do not take."""
    op.get_bind().connection.run_async(lambda connection: connection.execute(script))
