"""Passwords: what is accepted, and Argon2id over it."""

import asyncio
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.refusals import Code, Refusal, Refused, Words

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 128
AT_ONCE: Final = 2
"""Passwords hashed at the same time: each takes 64 MiB."""

_HASHER: Final = PasswordHasher()
"""The library's present choice, RFC 9106's second: Argon2id, 64 MiB, 3 passes, 4 lanes."""
_NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
"""A well-formed hash of no password: checking against it costs what checking a real one does."""


def checked(password: str, login: str) -> str:
    """The password as it is hashed; `Refused` INVALID unless it is long enough and not the login."""
    plain = unicodedata.normalize("NFC", password)
    if LENGTH_MIN <= len(plain) <= LENGTH_MAX and plain.casefold() != login.casefold() and len(set(plain)) >= 5:
        return plain
    raise Refused(
        Refusal(
            Code.INVALID,
            Words(
                f"密码须为 {LENGTH_MIN} 至 {LENGTH_MAX} 个字符，至少 5 个不同字符，且不同于登录名。",
                f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters, 5 different ones at least, and is not the"
                " login.",
            ),
            Words("请换一个，例如几个不相关的词。", "Choose another, a few unrelated words for instance."),
            ("password",),
        )
    )


def hashed(password: str) -> str:
    """The hash that is stored."""
    return _HASHER.hash(password)


async def matches(stored: str | None, password: str, turn: asyncio.Semaphore) -> bool:
    """Whether a password is the stored one; without a stored one it is not, at the same cost."""
    async with turn:
        plain = unicodedata.normalize("NFC", password)
        return await asyncio.to_thread(_verified, stored or _NOBODYS, plain) and stored is not None


def _verified(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
