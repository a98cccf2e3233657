"""What a leaf shows, and what only the holder of the key can see."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from api.audit.leaf import Act, Actor, leaf_of, seal, unseal

MOMENT = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
ACT = Act("company.registered", Actor("person:1", "李明", "BUREAU_ADMIN"), UUID(int=3), "company:9", MOMENT, {"n": 1})
SALT = bytes(range(32))
PAYLOAD = (
    '{"actor":{"name":"李明","organisation":null,"ref":"person:1","role":"BUREAU_ADMIN"},"detail":{"n":1},'
    '"district":"00000000-0000-0000-0000-000000000003","subject":"company:9"}'
).encode()


def test_a_leaf_by_hand() -> None:
    leaf = leaf_of(ACT, 7, MOMENT, SALT)
    actor, subject = (
        hashlib.sha256(SALT + said).hexdigest() for said in (b"actor\x00person:1", b"subject\x00company:9")
    )
    data = (
        f'{{"action":"company.registered","actor":"{actor}","occurredAt":"2026-06-30T16:00:00.000000Z",'
        f'"payloadHash":"{hashlib.sha256(SALT + PAYLOAD).hexdigest()}","recordedAt":"2026-06-30T16:00:00.000000Z",'
        f'"seq":7,"subject":"{subject}","v":1}}'
    ).encode()
    assert leaf.data == data
    assert leaf.leaf_hash == hashlib.sha256(b"\x00" + data).digest()


def test_nothing_personal_stands_in_a_leaf() -> None:
    data = leaf_of(ACT, 7, MOMENT, SALT).data.decode()
    assert sorted(json.loads(data)) == sorted(
        ["v", "seq", "action", "occurredAt", "recordedAt", "actor", "subject", "payloadHash"]
    )
    assert [word for word in ("李明", "person:1", "company:9", "BUREAU_ADMIN") if word in data] == []


def test_equal_acts_with_other_salts_share_no_hash() -> None:
    one, two = (leaf_of(ACT, 7, MOMENT, salt) for salt in (SALT, SALT[::-1]))
    hashes = [each for leaf in (one, two) for each in (leaf.actor_hash, leaf.subject_hash, leaf.payload_hash)]
    assert len(set(hashes)) == 6


def test_a_sealed_payload_opens_with_its_key_and_number_alone() -> None:
    key = bytes(32)
    sealed = seal(key, 7, SALT + ACT.payload(), bytes(12))
    assert unseal(key, 7, sealed) == (SALT, PAYLOAD)
    for wrong_key, seq, text in [
        (b"\x01" + key[1:], 7, sealed),
        (key, 8, sealed),
        *((key, 7, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) for at in range(len(sealed))),
    ]:
        with pytest.raises(InvalidTag):
            unseal(wrong_key, seq, text)


def test_an_act_without_subject_has_a_hash_all_the_same() -> None:
    assert len(leaf_of(replace(ACT, subject=None), 0, MOMENT, SALT).subject_hash) == 32
