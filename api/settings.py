"""Where things are: the state folder, the database, the district.

| setting | from | default |
|---|---|---|
| state | `--state`, `ZHUNZE_STATE` | `.state` in the project folder of a clone; else `~/.local/share/zhunze` |
| database_url | `DATABASE_URL` | none: the embedded PostgreSQL in the state folder |
| database_owner_url | `DATABASE_OWNER_URL` | none: migrations of an external database are refused |
| district | `ZHUNZE_DISTRICT` | none: as the workbook or the command says |
| postgres_bin | `ZHUNZE_POSTGRES_BIN` | none: programs of the embedded server as found (package, then the system's) |
| oidc_issuer | `ZHUNZE_OIDC_ISSUER` | none: no identity provider, local sign-in only |
| oidc_audience | `ZHUNZE_OIDC_AUDIENCE` | none: what the provider's tokens call this API (`aud`) |
| oidc_jwks | `ZHUNZE_OIDC_JWKS` | none: the provider's keys, an `https:` address or a file |
| oidc_second_factor | `ZHUNZE_OIDC_SECOND_FACTOR` | `[]`: `acr` values that mean a second factor (JSON list) |
| key_pepper | `ZHUNZE_KEY_PEPPER` | none: made in the state folder; API keys are hashed with it |
| key_environment | `ZHUNZE_KEY_ENVIRONMENT` | `dev`: part of every API key, keys of another are refused |
| spare | `ZHUNZE_SPARE` | `/var/lib/zhunze`: data of a state folder that the server's user cannot reach |
"""

import os
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.refusals import Obstacle, Words


def default_state() -> Path:
    """`.state` beside the packages of a clone, else the user's data folder; the working directory plays no part."""
    project = Path(__file__).resolve().parent.parent
    if (project / "pyproject.toml").is_file():
        return project / ".state"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "zhunze"


class Settings(BaseSettings):
    """Settings of one process; keyword arguments win over the environment, empty variables count as unset."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="ZHUNZE_", env_ignore_empty=True, populate_by_name=True
    )

    state: Path = Field(default_factory=default_state)
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    """Connects as the application role (`zhunze_app` or a member of it)."""
    database_owner_url: str | None = Field(default=None, validation_alias="DATABASE_OWNER_URL", repr=False)
    """Connects as the owner of the tables; used for migrations only."""
    district: str | None = Field(default=None, pattern=r"^\d{6}$")
    """Division code of the district, 6 digits."""
    postgres_bin: Path | None = None
    """Folder of `postgres` and `initdb`."""
    spare: Path = Path("/var/lib/zhunze")
    server_options: dict[str, str] = Field(default_factory=dict)
    """Further settings of the embedded server, e.g. `{"fsync": "off"}` in tests."""
    oidc_issuer: str | None = Field(default=None, max_length=255)
    oidc_audience: str | None = Field(default=None, max_length=255)
    oidc_jwks: str | None = None
    oidc_second_factor: tuple[str, ...] = ()
    key_pepper: SecretStr | None = Field(default=None, min_length=32)
    key_environment: str = Field(default="dev", pattern=r"^[a-z0-9]{2,12}$")

    @model_validator(mode="after")
    def _provider_whole(self) -> Self:
        given = (self.oidc_issuer, self.oidc_audience, self.oidc_jwks)
        if any(given) and not all(given):
            raise ValueError("ZHUNZE_OIDC_ISSUER, ZHUNZE_OIDC_AUDIENCE and ZHUNZE_OIDC_JWKS are set together or not.")
        return self

    @field_validator("oidc_jwks")
    @classmethod
    def _keys_found_safely(cls, place: str | None) -> str | None:
        if place is not None and "://" in place and not place.startswith("https://"):
            raise ValueError("The keys of the identity provider come over https:// or from a file.")
        return place

    @field_validator("state", "spare")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _plain(cls, url: str | None) -> str | None:
        return None if url is None else plain_url(url)


def plain_url(url: str) -> str:
    """The URL as the driver reads it: any spelling of the scheme becomes `postgresql`.

    >>> plain_url("postgresql+asyncpg://zhunze_app@db.example/zhunze?sslmode=require")
    'postgresql://zhunze_app@db.example/zhunze?sslmode=require'
    >>> plain_url("mysql://db.example/zhunze")
    Traceback (most recent call last):
    ValueError: The address of the database begins with mysql://, not postgresql://.
    """
    scheme, found, rest = url.strip().partition("://")
    if not found or scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError(f"The address of the database begins with {scheme if found else ''}://, not postgresql://.")
    return f"postgresql://{rest}"


def load(state: Path | None = None) -> Settings:
    """The settings of this process; `state` is the folder named on the command line, if any.

    Raises `Obstacle` SETTINGS_INVALID naming every setting that cannot be read.
    """
    try:
        return Settings() if state is None else Settings(state=state)
    except ValidationError as wrong:
        found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors())
        raise Obstacle(
            "SETTINGS_INVALID",
            Words(f"设置有误:{found}", f"A setting cannot be read: {found}"),
            Words("请改正或删除该环境变量后重试。", "Correct or unset that environment variable, then try again."),
        ) from None
