"""One-time codes of an authenticator: RFC 6238 over RFC 4226, SHA-1, six digits, steps of 30 seconds.

SHA-1 is what authenticator programs agree on; within HMAC its known weaknesses do not apply.
"""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime
from typing import Final
from urllib.parse import quote

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT_STEPS: Final = 1
"""Steps by which the two clocks may differ, either way."""
SECRET_BYTES: Final = 20


def step_of(moment: datetime) -> int:
    """The time step an instant lies in.

    >>> from datetime import UTC
    >>> step_of(datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC))
    37037036
    """
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a time step.

    >>> code_at(b"12345678901234567890", 1, digits=8)
    '94287082'
    """
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def matched_step(secret: bytes, code: str, now: datetime, used: int | None) -> int | None:
    """The step whose code this is, if it is near the present one and later than the last step used up; else None."""
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        return None
    present = step_of(now)
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        fresh = used is None or step > used
        if hmac.compare_digest(code_at(secret, step), code) and fresh and found is None:
            found = step
    return found


def address_of(secret: bytes, login: str) -> str:
    """The `otpauth` address an authenticator program takes in.

    >>> address_of(b"12345678901234567890", "li")
    'otpauth://totp/Zhunze:li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Zhunze'
    """
    return f"otpauth://totp/Zhunze:{quote(login)}?secret={b32encode(secret).decode('ascii')}&issuer=Zhunze"
