"""Where things are: the state folder, the database, the district.

| setting | from | default |
|---|---|---|
| state | `--state`, `ZHUNZE_STATE` | `.state` in the project folder of a clone; else `~/.local/share/zhunze` |
| database_url | `DATABASE_URL` | none: the embedded PostgreSQL in the state folder |
| database_owner_url | `DATABASE_OWNER_URL` | none: migrations of an external database are refused |
| district | `ZHUNZE_DISTRICT` | none: as the workbook or the command says |
| postgres_bin | `ZHUNZE_POSTGRES_BIN` | none: programs of the embedded server as found (package, then the system's) |
| spare | `ZHUNZE_SPARE` | `/var/lib/zhunze`: data of a state folder that the server's user cannot reach |
"""

import os
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
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
