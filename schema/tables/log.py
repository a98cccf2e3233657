"""The audit log: leaves that only grow, payloads beside them, and the keys that can be erased.

One sequence runs through the whole database, gap-free from 0; `district_id` says whose act it was (null = of no
district), so that trees per district and year can be made over it. A leaf holds hashes only; who acted, on what and
with which content stands in the payload, encrypted. Erasing its key makes a payload unreadable for ever, while the leaf
and every proof over it still hold.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from schema.tables.base import codes, moment, words


class AuditLeaf(SQLModel, table=True):
    """One act, as the hash tree sees it (RFC 6962): `leaf_hash` = SHA-256(0x00 ‖ `data`)."""

    __tablename__ = "audit_leaf"
    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    district_id: UUID | None = Field(default=None, foreign_key="district.id")
    recorded_at: datetime = moment()
    occurred_at: datetime = moment()
    action: str = words()
    actor_hash: bytes = Field(sa_type=LargeBinary)
    subject_hash: bytes = Field(sa_type=LargeBinary)
    payload_hash: bytes = Field(sa_type=LargeBinary)
    data: bytes = Field(sa_type=LargeBinary, description="Canonical JSON of the other columns but the district.")
    leaf_hash: bytes = Field(sa_type=LargeBinary)
    algorithm: str = words()
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("leaf_hash = sha256('\\x00'::bytea || data)", name="leaf_hash"),
        CheckConstraint(
            "octet_length(actor_hash) = 32 AND octet_length(subject_hash) = 32 AND octet_length(payload_hash) = 32",
            name="hashes",
        ),
        codes("algorithm", "SHA-256"),
        Index("ix_audit_leaf_district_id_seq", "district_id", "seq"),
    )


class ErasableKey(SQLModel, table=True):
    """A secret under which payloads are encrypted: of one person, or of one entry that is about none."""

    __tablename__ = "erasable_key"
    id: UUID = Field(primary_key=True)
    holder: str | None = words(null=True)
    secret: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True, description="Null = erased.")
    created_at: datetime = moment()
    erased_at: datetime | None = moment(null=True)
    __table_args__ = (
        CheckConstraint("(secret IS NULL) = (erased_at IS NOT NULL)", name="erased"),
        CheckConstraint("octet_length(secret) = 32", name="secret"),
        Index("uq_erasable_key_holder", "holder", unique=True, postgresql_where=text("secret IS NOT NULL")),
    )


class AuditPayload(SQLModel, table=True):
    """What a leaf's hashes stand for: salt, actor, subject and content, encrypted (AES-256-GCM)."""

    __tablename__ = "audit_payload"
    seq: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="audit_leaf.seq", sa_column_kwargs={"autoincrement": False}
    )
    key_id: UUID = Field(foreign_key="erasable_key.id", index=True)
    sealed: bytes = Field(sa_type=LargeBinary, description="Nonce of 12 bytes, then the ciphertext.")
