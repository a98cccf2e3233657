"""A short token for a role, for development and examples: a local account of that role, made where it is missing.

Only whoever may read the signing key in the state folder can do this; the token's way of proof says so (`console`).
"""

from dataclasses import dataclass
from typing import Any

from api import clock
from api.auth.accounts import NewAccount, added, granted, subject_of
from api.auth.issuer import CONSOLE, LocalIssuer
from api.database import Database
from api.desk import Actor, Desk, desk
from api.districts import the_district
from api.refusals import Code, Refusal, Refused, Words
from api.settings import Settings
from schema.directives import Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """The role a token is wanted for, and what it is bound to."""

    role: Role
    company: str | None = None
    area: str | None = None
    district: str | None = None

    @property
    def login(self) -> str:
        """The account's login: one for each role and what it is bound to."""
        parts = ("dev", self.role.name.lower().replace("_", "-"), self.company, self.area)
        return ".".join(part.lower() for part in parts if part)


async def short_token(database: Database, actor: Actor, wanted: Wanted, settings: Settings) -> str:
    """A token of a quarter of an hour. Raises `Refused` where an identity provider signs people in."""
    _refuse_beside_provider(settings)
    issuer = LocalIssuer.of(settings.state)
    async with desk(database, actor=actor) as d:
        driver = await d.driver()
        d.district = (await the_district(driver, wanted.district)).id
        account = await _account(d, wanted)
        await d.record("session.opened", subject=subject_of(account["id"]), payload={"way": CONSOLE})
        return issuer.signed(account["id"], max(d.moment, clock.now()), CONSOLE)


async def _account(d: Desk, wanted: Wanted) -> Any:
    """The account with the role, made or given it now if need be."""
    driver = await d.driver()
    find = "SELECT * FROM account WHERE login = $1"
    account = await driver.fetchrow(find, wanted.login)
    if account is None:
        areas = (wanted.area,) if wanted.area else ()
        named = NewAccount(wanted.login, wanted.login, company=wanted.company, areas=areas)
        await added(d, named)
        account = await driver.fetchrow(find, wanted.login)
    if not account["active"] or account["district_id"] != d.district:
        raise Refused(
            Refusal(
                Code.LOCKED,
                Words(
                    f"账号 {wanted.login} 已停用，或属于另一个区。",
                    f"The account {wanted.login} is locked, or of another district.",
                ),
                Words("请用 zhunze account unlock 启用。", "Unlock it: zhunze account unlock."),
            )
        )
    held = await driver.fetchval(
        "SELECT EXISTS (SELECT 1 FROM role_grant WHERE account_id = $1 AND role = $2 AND valid_from <= $3"
        " AND (valid_to IS NULL OR valid_to > $3))",
        *(account["id"], wanted.role.name, d.moment),
    )
    if not held:
        await granted(d, account, wanted.role)
    return account


def _refuse_beside_provider(settings: Settings) -> None:
    if settings.oidc_issuer is not None:
        raise Refused(
            Refusal(
                Code.GUARD_FAILED,
                Words("已配置身份提供方，令牌由它签发。", "An identity provider is set; it gives out the tokens."),
                Words("请在身份提供方处登录，或使用 API 密钥。", "Sign in there, or use an API key."),
            )
        )
