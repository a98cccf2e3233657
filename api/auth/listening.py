"""May the server listen on an address, and may local users sign in there?"""

import ipaddress

from api import clock
from api.auth.asking import asking
from api.database import Database
from api.refusals import Obstacle, Words
from api.settings import Settings


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def local_sign_in(database: Database, settings: Settings, host: str) -> bool:
    """Whether passwords are taken on this address: on the loopback interface only, for want of a wire kept private.

    Raises `Obstacle` LOOPBACK_ONLY for a public address when nobody could prove who calls: neither an identity
    provider nor a living API key.
    """
    if is_loopback(host):
        return True
    if settings.oidc_issuer is None and not await _living_keys(database):
        raise Obstacle(
            "LOOPBACK_ONLY",
            Words(
                f"不能监听 {host}：尚未配置身份提供方，也没有 API 密钥，来访者无法证明身份。",
                f"Not listening on {host}: there is neither an identity provider nor an API key, so no caller could"
                " prove who it is.",
            ),
            Words(
                "请用 127.0.0.1，或先设置 ZHUNZE_OIDC_ISSUER 等（见 docs/accounts.md），或用 zhunze key add 建立密钥。",
                "Use 127.0.0.1, or set ZHUNZE_OIDC_ISSUER and its like (docs/accounts.md), or run zhunze key add.",
            ),
        )
    return False


async def _living_keys(database: Database) -> bool:
    async with asking(database) as connection:
        return bool(
            await connection.fetchval(
                "SELECT EXISTS (SELECT 1 FROM api_key WHERE revoked_at IS NULL AND expires_at > $1)", clock.now()
            )
        )
