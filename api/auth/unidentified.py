"""What is said to a caller who is not let in: one text for all wrong proofs, so that none tells more than another."""

from dataclasses import dataclass
from typing import Final

from api.refusals import Words


@dataclass(frozen=True, slots=True)
class Unidentified:
    """No viewer: the error's code, the HTTP status, what is said, and when to come back (seconds) if that helps."""

    code: str
    status: int
    message: Words
    retry_after: int | None = None
    """Seconds."""
    challenge: str | None = None
    """Value of `WWW-Authenticate`."""


UNAUTHENTICATED: Final = Unidentified(
    "UNAUTHENTICATED",
    401,
    Words(
        "身份凭证缺失、无效、已过期或不足。请重新登录，或换用有效的密钥。",
        "The proof of identity is missing, wrong, expired or not enough. Sign in again, or use a valid key.",
    ),
    challenge='Bearer realm="zhunze"',
)
BAD_PURPOSE: Final = Unidentified(
    "BAD_REQUEST",
    400,
    Words(
        "Purpose 请求头应为 10 至 200 个字符的查阅事由（UTF-8，百分号编码），不含控制字符。",
        "The header Purpose is a reason of 10 to 200 characters (UTF-8, percent-encoded), no control characters.",
    ),
)


def too_many(seconds: int) -> Unidentified:
    """Refused for a while: too many wrong proofs from one address."""
    return Unidentified(
        "RATE_LIMITED",
        429,
        Words(
            "该地址的错误凭证过多，请稍后再试。",
            "Too many wrong proofs of identity from this address; come back later.",
        ),
        retry_after=seconds,
    )
