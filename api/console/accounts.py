"""The commands of a security administrator: accounts, roles, second factor, keys, and tokens for development."""

import getpass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from api import clock
from api.console.edge import ERRORS, OUTPUT, perform, settings
from api.console.options import District, State
from api.desk import Actor
from schema.directives import Role

account = typer.Typer(help="账号与角色 Accounts and roles.", no_args_is_help=True, rich_markup_mode=None)
key = typer.Typer(help="API 密钥 API keys.", no_args_is_help=True, rich_markup_mode=None)

Who = Annotated[str, typer.Argument(help="登录名、编号或 subject Login, id or subject.")]
RoleCode = Annotated[str, typer.Argument(help="角色代码 Code of the role, e.g. INSPECTOR.")]


def keeper() -> Actor:
    """Whoever is logged in to this machine, administering security."""
    name = getpass.getuser()
    return Actor(f"console:{name}", name, "SECURITY_ADMIN")


@account.command("add")
def add(
    name: Annotated[str, typer.Option("--name", help="姓名或单位名 Name shown.")],
    login: Annotated[str | None, typer.Option("--login", help="登录名 Login of our own.")] = None,
    issuer: Annotated[str | None, typer.Option("--issuer", help="身份提供方 Identity provider.")] = None,
    subject: Annotated[str | None, typer.Option("--subject", help="其中的 subject Subject there.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="人员 id Id of the person.")] = None,
    company: Annotated[str | None, typer.Option("--company", help="所属企业信用代码 Credit code.")] = None,
    area: Annotated[list[str] | None, typer.Option("--area", help="街道、社区代码 Area code; repeatable.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="所属单位 Body acted for.")] = None,
    district: District = None,
    state: State = None,
) -> None:
    """建立账号(尚无角色)。Make an account, without any role yet."""
    from api.auth.accounts import NewAccount, add_account

    if subject and not issuer:
        issuer = settings(state).oidc_issuer
    wanted = NewAccount(name, login, issuer, subject, person, company, tuple(area or ()), organisation)
    made = perform(state, lambda database: add_account(database, keeper(), wanted, district))
    OUTPUT.print(f"已建立账号 {made} / account made")


@account.command("list")
def list_(state: State = None) -> None:
    """列出全部账号及其现有角色。List all accounts with the roles they hold now."""
    from api.console.account_reports import accounts, show_accounts

    show_accounts(perform(state, accounts))


@account.command("show")
def show(who: Who, state: State = None) -> None:
    """显示一个账号、其全部授权和密钥。Show an account with all its grants and keys."""
    from api.console.account_reports import one_account, show_account

    show_account(perform(state, lambda database: one_account(database, who)))


@account.command("lock")
def lock(who: Who, state: State = None) -> None:
    """停用账号,其令牌和密钥立即失效。Lock an account; its tokens and keys are worthless at once."""
    from api.auth.accounts import set_active

    perform(state, lambda database: set_active(database, keeper(), who, active=False))
    OUTPUT.print("已停用 / locked")


@account.command("unlock")
def unlock(who: Who, state: State = None) -> None:
    """启用账号,并解除失败锁定。Unlock an account, and lift a lock-out after failed attempts."""
    from api.auth.accounts import set_active

    perform(state, lambda database: set_active(database, keeper(), who, active=True))
    OUTPUT.print("已启用 / unlocked")


@account.command("grant")
def grant(
    who: Who,
    role: RoleCode,
    begins: Annotated[
        datetime | None, typer.Option("--from", help="起始日 First day; default now.", formats=["%Y-%m-%d"])
    ] = None,
    ends: Annotated[
        datetime | None, typer.Option("--to", help="终止日(不含) First day no more.", formats=["%Y-%m-%d"])
    ] = None,
    state: State = None,
) -> None:
    """授予角色。Grant a role; roles that may not meet in one person are refused."""
    from api.auth.accounts import Span
    from api.auth.accounts import grant as grant_role

    chosen, span = role_of(role), Span(midnight(begins), midnight(ends))
    perform(state, lambda database: grant_role(database, keeper(), who, chosen, span))
    OUTPUT.print(f"已授予 {chosen.name} / granted")


@account.command("revoke")
def revoke(who: Who, role: RoleCode, state: State = None) -> None:
    """撤销角色。Revoke a role, now and for the future."""
    from api.auth.accounts import revoke as revoke_role

    chosen = role_of(role)
    ended = perform(state, lambda database: revoke_role(database, keeper(), who, chosen))
    OUTPUT.print(f"已撤销 {chosen.name}({ended}) / revoked")


@account.command("password")
def password(who: Who, state: State = None) -> None:
    """设置密码(在终端输入)。Set a password, read from the terminal."""
    from api.auth.credentials import set_password

    given = new_password()
    perform(state, lambda database: set_password(database, keeper(), who, given))
    OUTPUT.print("已设置密码 / password set")


@account.command("totp")
def totp(
    who: Who,
    remove: Annotated[bool, typer.Option("--remove", help="解除绑定 Take it off.")] = False,
    state: State = None,
) -> None:
    """绑定动态口令(第二因素)。Bind an authenticator; it must show a code before it counts."""
    from api.auth import credentials, secret_files
    from api.auth.totp import address_of

    if remove:
        perform(state, lambda database: credentials.drop_factor(database, keeper(), who))
        OUTPUT.print("已解除绑定 / taken off")
        return
    secret = credentials.fresh_factor()
    ERRORS.print("请在验证器中添加以下地址 / Add this to an authenticator:")
    OUTPUT.print(address_of(secret, who), markup=False)
    code = typer.prompt("动态口令 Code", err=True)
    sealing = secret_files.kept(settings(state).state, secret_files.FACTORS)
    perform(state, lambda database: credentials.set_factor(database, keeper(), who, (secret, code), sealing))
    OUTPUT.print("已绑定 / bound")


@account.command("first")
def first(
    code: Annotated[str, typer.Argument(help="首次启动时打印的代码 Code printed at the first start.")],
    login: Annotated[str, typer.Option("--login", help="登录名 Login.")],
    name: Annotated[str, typer.Option("--name", help="姓名 Name.")],
    district: District = None,
    state: State = None,
) -> None:
    """用首次启动的代码建立首位安全管理员。Make the first administrator with the code of the first start."""
    from api.auth.first import First, redeem

    given = First(code, login, name, new_password())
    chosen = settings(state)
    made = perform(state, lambda database: redeem(database, chosen.state, given, district))
    OUTPUT.print(f"已建立账号 {made} / account made")


@key.command("add")
def add_key(
    who: Who,
    label: Annotated[str, typer.Option("--label", help="用途 What it is for.")],
    role: Annotated[list[str], typer.Option("--role", help="角色 Role; repeatable.")],
    days: Annotated[int, typer.Option("--days", help="有效天数,至多 180 Days it lives, 180 at most.")] = 180,
    cycle: Annotated[str | None, typer.Option("--cycle", help="只限该周期 Only this cycle, 2026-H1.")] = None,
    address: Annotated[
        list[str] | None, typer.Option("--address", help="只限该网段 Only from this network; repeatable.")
    ] = None,
    state: State = None,
) -> None:
    """建立密钥,只显示一次。Make a key; it is shown once and never again."""
    from api.auth.api_keys import Hashing, NewKey
    from api.auth.api_keys import add_key as make_key
    from api.auth.gate import pepper_of

    chosen = settings(state)
    wanted = NewKey(who, label, tuple(role_of(each) for each in role), days, cycle, tuple(address or ()))
    hashing = Hashing(pepper_of(chosen), chosen.key_environment)
    key_id, text = perform(state, lambda database: make_key(database, keeper(), wanted, hashing))
    ERRORS.print(f"密钥 {key_id},请立即保存,不会再次显示 / keep it now, it is not shown again:")
    typer.echo(text)


@key.command("list")
def list_keys(state: State = None) -> None:
    """列出全部密钥(不含密文)。List all keys, never their secrets."""
    from api.console.account_reports import keys, show_keys

    show_keys(perform(state, keys))


@key.command("revoke")
def revoke_key(
    key_id: Annotated[UUID, typer.Argument(help="密钥编号,见 zhunze key list Id of the key.")], state: State = None
) -> None:
    """撤销密钥,一秒内生效。Revoke a key; within a second it opens nothing."""
    from api.auth.api_keys import revoke_key as end_key

    perform(state, lambda database: end_key(database, keeper(), key_id))
    OUTPUT.print("已撤销 / revoked")


def token(
    role: Annotated[str, typer.Option("--role", help="角色代码 Code of the role.")],
    company: Annotated[str | None, typer.Option("--company", help="企业信用代码 Credit code, for COMPANY.")] = None,
    area: Annotated[str | None, typer.Option("--area", help="区划代码 Area code, for INSPECTOR.")] = None,
    district: District = None,
    state: State = None,
) -> None:
    """签发开发用短期令牌(15 分钟)。Print a token of a quarter of an hour for a role, for development."""
    from api.auth.development import Wanted, short_token

    chosen, wanted = settings(state), Wanted(role_of(role), company, area, district)
    typer.echo(perform(state, lambda database: short_token(database, keeper(), wanted, chosen)))


def role_of(code: str) -> Role:
    """The role of this code; wrong use if there is none."""
    try:
        return Role[code.strip().upper()]
    except KeyError:
        known = ", ".join(role.name for role in Role if role is not Role.PUBLIC)
        raise typer.BadParameter(f"没有角色 {code}。 There is no role {code}. 可用 One of: {known}") from None


def new_password() -> str:
    """A password, typed twice and not shown."""
    given: str = typer.prompt("新密码 New password", hide_input=True, confirmation_prompt="再次输入 Again", err=True)
    return given


def midnight(day: datetime | None) -> datetime | None:
    """The first instant of a day in Asia/Shanghai."""
    return None if day is None else day.replace(tzinfo=clock.SHANGHAI)
