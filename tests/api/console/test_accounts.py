"""The commands of a security administrator, as they are typed."""

import re
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from api import clock
from api.auth import totp
from api.auth.first import First, redeem
from api.cli import app
from api.console.serving import tell_first_code
from api.database import Database
from tests.api.auth.conftest import Town, town_of
from tests.cluster import Place
from tests.workbooks import SMALL, USCC, workbook

RUNNER = CliRunner()
PASSWORD = "correct horse battery"
AREA = "430399001"


class Keeper:
    """A security administrator at a machine with a district of her own."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.environment = {**place.environment, "ZHUNZE_STATE": str(folder / "state")}
        self.folder = folder

    def runs(self, *words: str, status: int = 0, typed: str = "") -> Result:
        """Run a command; the exit status must be the expected one."""
        result = RUNNER.invoke(app, list(words), env=self.environment, input=typed)
        assert result.exit_code == status, f"{result.exit_code}\n{result.stdout}\n{result.stderr}\n{result.exception!r}"
        return result


@pytest.fixture
def keeper(fresh_place: Place, tmp_path: Path) -> Keeper:
    made = Keeper(fresh_place, tmp_path)
    (tmp_path / "a.xlsx").write_bytes(workbook(SMALL))
    made.runs("import", str(tmp_path / "a.xlsx"), "--as-of", "2026-07-10")
    return made


@pytest_asyncio.fixture
async def fresh_town(fresh_database: Database, tmp_path: Path) -> Town:
    """A district without any account."""
    return await town_of(fresh_database, tmp_path)


def test_an_account_through_its_life(keeper: Keeper) -> None:
    keeper.runs("account", "add", "--name", "李明 [bold]", "--login", "li")
    keeper.runs("account", "grant", "li", "auditor", "--to", "2099-01-01")
    keeper.runs("account", "grant", "li", "TRAINING_ADMIN")
    (line,) = [each for each in keeper.runs("account", "list").stdout.splitlines() if "li " in each]
    assert "李明 [bold]" in line
    assert "AUDITOR, TRAINING_ADMIN" in line
    assert "启用 active" in line
    keeper.runs("account", "revoke", "li", "TRAINING_ADMIN")
    keeper.runs("account", "lock", "li")
    shown = keeper.runs("account", "show", "li").stdout
    assert "停用 locked" in shown
    assert re.search(r"AUDITOR +\S+ \S+ +2099-01-01 00:00", shown)
    keeper.runs("account", "unlock", "li")
    assert "启用 active" in keeper.runs("account", "show", "li").stdout


def test_a_password_is_typed_and_never_shown(keeper: Keeper) -> None:
    keeper.runs("account", "add", "--name", "李明", "--login", "li")
    result = keeper.runs("account", "password", "li", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in result.stdout + result.stderr
    short = keeper.runs("account", "password", "li", typed="short\nshort\n", status=65)
    assert "INVALID" in short.stderr


def test_an_authenticator_is_bound_by_its_code(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.auth.credentials.fresh_factor", lambda: b"12345678901234567890")
    keeper.runs("account", "add", "--name", "李明", "--login", "li")
    code = totp.code_at(b"12345678901234567890", totp.step_of(clock.now()))
    assert "INVALID" in keeper.runs("account", "totp", "li", typed="nonsense\n", status=65).stderr
    result = keeper.runs("account", "totp", "li", typed=f"{code}\n")
    assert "otpauth://totp/Zhunze:li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in result.stdout
    keeper.runs("account", "totp", "li", "--remove")
    assert "NOT_FOUND" in keeper.runs("account", "totp", "li", "--remove", status=65).stderr


def test_a_key_is_shown_once_and_listed_without_its_secret(keeper: Keeper) -> None:
    keeper.runs("account", "add", "--name", "审计", "--login", "audit")
    keeper.runs("account", "grant", "audit", "AUDITOR")
    made = keeper.runs("key", "add", "audit", "--label", "trial", "--role", "AUDITOR", "--days", "30")
    text = made.stdout.strip()
    assert re.fullmatch(r"zhunze_dev_[0-9a-f]{32}_[0-9a-f]{48}_[0-9a-f]{8}", text)
    listed = keeper.runs("key", "list").stdout
    (key_id,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", listed)
    assert text.split("_")[3] not in listed
    assert "有效 living" in listed
    keeper.runs("key", "revoke", key_id)
    assert "已撤销 revoked" in keeper.runs("key", "list").stdout


def test_a_token_for_each_role_and_the_same_account_again(keeper: Keeper) -> None:
    keeper.runs("token", "--role", "BUREAU_ADMIN")
    keeper.runs("token", "--role", "company", "--company", USCC)
    keeper.runs("token", "--role", "INSPECTOR", "--area", AREA)
    result = keeper.runs("token", "--role", "BUREAU_ADMIN")
    assert result.stdout.count(".") == 2
    rows = keeper.runs("account", "list").stdout.splitlines()[1:]
    assert sorted(each.split()[1] for each in rows) == [
        "dev.bureau-admin",
        f"dev.company.{USCC.lower()}",
        f"dev.inspector.{AREA}",
    ]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("token", "--role", "KING"), 2, "KING"),
        (("token", "--role", "PUBLIC"), 65, "PUBLIC"),
        (("token", "--role", "COMPANY"), 65, "--company"),
        (("token", "--role", "INSPECTOR"), 65, "--area"),
        (("token", "--role", "COMPANY", "--company", "9143"), 65, "NOT_FOUND"),
        (("account", "show", "nobody"), 65, "NOT_FOUND"),
        (("account", "add", "--name", "x"), 65, "INVALID"),
        (("account", "grant", "dev", "SECURITY_ADMIN"), 77, "CONFLICT_OF_INTEREST"),
        (("key", "add", "dev", "--label", "x", "--role", "COMPANY"), 65, "GUARD_FAILED"),
        (("key", "add", "dev", "--label", "x", "--role", "AUDIT_ADMIN"), 65, "INVALID"),
        (("key", "revoke", "7"), 2, "valid UUID"),
    ],
)
def test_refusals_say_why(keeper: Keeper, words: tuple[str, ...], status: int, told: str) -> None:
    keeper.runs("account", "add", "--name", "x", "--login", "dev")
    keeper.runs("account", "grant", "dev", "RULE_DRAFTER")
    result = keeper.runs(*words, status=status)
    assert told in result.stderr
    assert result.stdout == ""


def test_where_a_provider_signs_people_in_no_token_is_made(keeper: Keeper) -> None:
    keeper.environment |= {
        "ZHUNZE_OIDC_ISSUER": "https://id.example",
        "ZHUNZE_OIDC_AUDIENCE": "zhunze",
        "ZHUNZE_OIDC_JWKS": "keys.json",
    }
    assert "GUARD_FAILED" in keeper.runs("token", "--role", "AUDITOR", status=65).stderr
    keeper.runs("account", "add", "--name", "李明", "--subject", "li.ming")
    assert "https://id.example li.ming" in keeper.runs("account", "show", "li.ming").stdout


async def test_the_code_is_told_until_there_is_an_account(fresh_town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town = fresh_town
    await tell_first_code(town.database, town.settings.state)
    (code,) = re.findall(r"zhunze account first ([0-9A-Z-]{23}) ", capsys.readouterr().err)
    await redeem(town.database, town.settings.state, First(code, "first", "李明", PASSWORD))
    await tell_first_code(town.database, town.settings.state)
    assert capsys.readouterr() == ("", "")


def test_the_first_administrator_needs_the_code(keeper: Keeper) -> None:
    words = ("account", "first", "AAAAA-AAAAA", "--login", "first", "--name", "李明")
    assert "FORBIDDEN" in keeper.runs(*words, status=77, typed=f"{PASSWORD}\n{PASSWORD}\n").stderr
    assert len(keeper.runs("account", "list").stdout.splitlines()) == 1
