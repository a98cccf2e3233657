"""Accounts: who may sign in, with which roles and keys, and what proves it.

The holder of an account is the person behind it where the district knows one, else the account itself. Roles that may
not meet in one person are kept apart by holder, so a second account of the same person changes nothing.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from schema.tables.base import OfDistrict, codes, moment, record, words

GRANTED = (
    *("COMPANY", "INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "RULE_DRAFTER", "RULE_APPROVER", "DECISION_OFFICER"),
    *("BUREAU_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"),
)
"""Roles that can be granted; PUBLIC is everybody's."""
KEY_ROLES = ("COMPANY", "INSPECTOR", "AUDITOR", "TRAINING_ADMIN", "RULE_DRAFTER")
"""Roles a key may carry: those that need no second factor, which a key cannot give."""
SPAN = text("tstzrange(valid_from, valid_to)")
ESTATE = text("(CASE role WHEN 'SECURITY_ADMIN' THEN 1 WHEN 'AUDIT_ADMIN' THEN 2 ELSE 3 END)")


def many(kind: Any) -> Any:
    """A list of values, empty unless said otherwise."""
    return Field(default_factory=list, sa_type=ARRAY(kind), sa_column_kwargs={"server_default": text("'{}'")})


class Account(OfDistrict, table=True):
    """Somebody, or some system, that may sign in: by a login of our own or as a subject of an identity provider."""

    id: UUID = Field(primary_key=True)
    holder_id: UUID = Field(description="The person, or the account itself where no person is known.")
    name: str = words()
    login: str | None = words(null=True)
    issuer: str | None = words(null=True)
    subject: str | None = words(null=True)
    person_id: UUID | None = record(null=True)
    company_id: UUID | None = record(null=True)
    area_ids: list[UUID] = many(Uuid())
    organisation: str | None = words(null=True)
    active: bool = Field(default=True)
    tokens_from: datetime = moment()
    created_at: datetime = moment()
    __table_args__ = (
        UniqueConstraint("login"),
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("id", "holder_id"),
        CheckConstraint("holder_id = coalesce(person_id, id)", name="holder"),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL) AND (login IS NULL) <> (issuer IS NULL)", name="way_in"),
        CheckConstraint("login ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="login"),
    )


class RoleGrant(SQLModel, table=True):
    """A role of an account in `[valid_from, valid_to)`; ended, never taken out."""

    __tablename__ = "role_grant"
    id: UUID = Field(primary_key=True)
    account_id: UUID
    holder_id: UUID
    role: str = words()
    valid_from: datetime = moment()
    valid_to: datetime | None = moment(null=True)
    granted_by: str = words()
    granted_at: datetime = moment()
    revoked_by: str | None = words(null=True)
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "holder_id"], ["account.id", "account.holder_id"]),
        codes("role", *GRANTED),
        CheckConstraint("valid_from <= valid_to", name="span"),
        ExcludeConstraint(
            ("account_id", "="), ("role", "="), (SPAN, "&&"), using="gist", name="ex_role_grant_one_at_a_time"
        ),
        ExcludeConstraint(("holder_id", "="), (ESTATE, "<>"), (SPAN, "&&"), using="gist", name="ex_role_grant_estates"),
        ExcludeConstraint(
            *(("holder_id", "="), ("role", "<>"), (SPAN, "&&")),
            where=text("role IN ('RULE_DRAFTER', 'RULE_APPROVER')"),
            using="gist",
            name="ex_role_grant_four_eyes",
        ),
    )


class ApiKey(SQLModel, table=True):
    """A key of a program; only a keyed hash of its secret is stored."""

    __tablename__ = "api_key"
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    digest: bytes = Field(sa_type=LargeBinary)
    label: str = words()
    roles: list[str] = Field(sa_type=ARRAY(Text))
    cycle_id: UUID | None = Field(default=None, foreign_key="cycle.id")
    addresses: list[str] = many(Text)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(null=True)
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest"),
        CheckConstraint(
            "cardinality(roles) > 0 AND roles <@ ARRAY[" + ", ".join(f"'{role}'" for role in KEY_ROLES) + "]",
            name="roles",
        ),
        CheckConstraint("expires_at > created_at AND expires_at <= created_at + interval '4320 hours'", name="expiry"),
    )


class KeyUse(SQLModel, table=True):
    """When a key was used last, to the minute."""

    __tablename__ = "key_use"
    key_id: UUID = Field(primary_key=True, foreign_key="api_key.id")
    used_at: datetime = moment()


class Credential(SQLModel, table=True):
    """What proves a login: password, second factor, and how often it was tried in vain."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    password_hash: str | None = words(null=True)
    totp_sealed: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    totp_step: int | None = Field(default=None, sa_type=BigInteger, nullable=True, description="Last step used up.")
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    locked_until: datetime | None = moment(null=True)
    __table_args__ = (CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_hash"),)


class AccountChange(SQLModel, table=True):
    """One row whose number moves with every change of accounts, grants or keys, so that caches notice."""

    __tablename__ = "account_change"
    id: int = Field(sa_type=SmallInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=BigInteger)
    __table_args__ = (CheckConstraint("id = 1", name="id"),)
