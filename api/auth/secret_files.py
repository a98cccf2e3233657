"""Secrets of this installation: made once in the state folder, readable by their owner only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.refusals import Obstacle, Words

BYTES: Final = 32
NONCE_BYTES: Final = 12
ISSUER: Final = "issuer.key"
PEPPER: Final = "pepper.key"
FACTORS: Final = "factors.key"


def kept(state: Path, name: str) -> bytes:
    """The secret of this name, made if it is not there yet. Raises `Obstacle` SECRET_DAMAGED, SECRET_EXPOSED."""
    state.mkdir(parents=True, exist_ok=True)
    path = state / name
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=state) as fresh, suppress(FileExistsError):
            fresh.write(os.urandom(BYTES))
            fresh.flush()
            os.link(fresh.name, path)  # appears whole or not at all, whoever is first
    if path.stat().st_mode & 0o077:
        raise Obstacle(
            "SECRET_EXPOSED",
            Words(f"{path} 可被其他用户读取。", f"Other users may read {path}."),
            Words(f"请执行 chmod 600 {path} 后重试。", f"Run chmod 600 {path} and try again."),
        )
    secret = path.read_bytes()
    if len(secret) != BYTES:
        raise Obstacle(
            "SECRET_DAMAGED",
            Words(f"{path} 已损坏。", f"{path} is damaged."),
            Words(
                "请从备份恢复；无备份时删除该文件，由它保护的令牌、密钥或动态口令须重新签发。",
                "Restore it from a backup; without one delete it: tokens, keys or codes under it are then made anew.",
            ),
        )
    return secret


def sealed(key: bytes, account_id: UUID, secret: bytes) -> bytes:
    """A second factor's secret, encrypted and bound to its account (AES-256-GCM)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, account_id.bytes)


def unsealed(key: bytes, account_id: UUID, stored: bytes) -> bytes | None:
    """The secret again; None if it was sealed under another key or for another account."""
    try:
        return AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], account_id.bytes)
    except InvalidTag:
        return None
