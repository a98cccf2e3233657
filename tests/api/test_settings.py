"""Settings come from the command line, then the environment, then their defaults."""

from pathlib import Path

import pytest

from api import settings as settings_module
from api.refusals import Obstacle
from api.settings import Settings, default_state, load, plain_url

PROJECT = Path(settings_module.__file__).parent.parent


def test_a_clone_keeps_its_state_beside_its_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load().state == PROJECT / ".state"


def test_an_installed_program_keeps_its_state_with_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings_module, "__file__", str(tmp_path / "site-packages" / "api" / "settings.py"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_state() == tmp_path / "home" / ".local" / "share" / "zhunze"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_state() == tmp_path / "data" / "zhunze"


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHUNZE_STATE", str(tmp_path / "a"))
    assert load().state == tmp_path / "a"
    assert load(tmp_path / "b").state == tmp_path / "b"


def test_a_relative_state_folder_is_pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(Path("here")).state == tmp_path / "here"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("ZHUNZE_DISTRICT", "")
    assert (load().database_url, load().district) == (None, None)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_every_spelling_of_the_address_is_understood(scheme: str) -> None:
    assert plain_url(f" {scheme}://u:p%40@h:5433/d?sslmode=require\n") == "postgresql://u:p%40@h:5433/d?sslmode=require"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://db", "DATABASE_URL"),
        ("DATABASE_URL", "db.example", "DATABASE_URL"),
        ("ZHUNZE_DISTRICT", "4303", "district"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Obstacle) as wrong:
        load()
    assert wrong.value.code == "SETTINGS_INVALID"
    assert told in wrong.value.message.zh
    assert told in wrong.value.message.en


def test_addresses_do_not_show_in_a_printout() -> None:
    assert "secret" not in repr(Settings(database_url="postgresql://u:secret@h/d"))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"ZHUNZE_OIDC_ISSUER": "https://id.example"}, "set together"),
        (
            {
                "ZHUNZE_OIDC_ISSUER": "https://id.example",
                "ZHUNZE_OIDC_AUDIENCE": "zhunze",
                "ZHUNZE_OIDC_JWKS": "http://id.example/keys",
            },
            "https://",
        ),
        ({"ZHUNZE_KEY_PEPPER": "short"}, "key_pepper"),
        ({"ZHUNZE_KEY_ENVIRONMENT": "a_b"}, "key_environment"),
    ],
)
def test_an_identity_provider_is_set_whole_and_safely(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], told: str
) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Obstacle) as wrong:
        load()
    assert wrong.value.code == "SETTINGS_INVALID"
    assert told in wrong.value.message.en


def test_the_pepper_does_not_show_in_a_printout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNZE_KEY_PEPPER", "p" * 32)
    monkeypatch.setenv("ZHUNZE_OIDC_SECOND_FACTOR", '["mfa", "urn:level:2"]')
    loaded = load()
    assert "p" * 32 not in repr(loaded)
    assert loaded.oidc_second_factor == ("mfa", "urn:level:2")
