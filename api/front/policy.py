"""What this installation allows: a set of choices for development on one machine, another for everybody else.

| setting | environment | development | production |
|---|---|---|---|
| mode | `ZHUNZE_MODE` | `development`: loopback only, GraphiQL, GET with text | `production` |
| introspection | `ZHUNZE_INTROSPECTION` | `open` | `closed`: auditors and staff with a token |
| documents_public | `ZHUNZE_DOCUMENTS_PUBLIC` | `optional` | `required` |
| documents_bureau | `ZHUNZE_DOCUMENTS_BUREAU` | `optional` | `required` |
| documents_tools | `ZHUNZE_DOCUMENTS_TOOLS` | `optional` | `required` |
| documents_auditor | `ZHUNZE_DOCUMENTS_AUDITOR` | `optional` | `optional` |
| metrics | `ZHUNZE_METRICS` | `loopback` | `loopback`; also `open`, `off` |
| names | `ZHUNZE_NAMES` | none | host names by which callers know the server, `["a.example"]` |
| origins | `ZHUNZE_ORIGINS` | none | origins of pages that may call, `["https://a.example"]` |
| proxies | `ZHUNZE_PROXIES` | none | addresses of reverse proxies whose word on the caller's address counts |
| rate_factor | `ZHUNZE_RATE_FACTOR` | 1 | times the buckets of every caller |
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from api.front.documents import OFFICIALS, Listed
from api.refusals import Obstacle, Words
from schema.directives import Role
from schema.viewer import Viewer

STRICT: Mapping[str, Listed] = {
    "public": Listed.REQUIRED,
    "bureau": Listed.REQUIRED,
    "tools": Listed.REQUIRED,
    "auditor": Listed.OPTIONAL,
}
"""Who is bound to listed documents in production."""


class Policy(BaseSettings):
    """Choices of one installation; keyword arguments win over the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="ZHUNZE_", env_ignore_empty=True)

    mode: Literal["development", "production"] = "development"
    introspection: Literal["open", "closed"] | None = None
    documents_public: Listed | None = None
    documents_bureau: Listed | None = None
    documents_tools: Listed | None = None
    documents_auditor: Listed | None = None
    metrics: Literal["loopback", "open", "off"] = "loopback"
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rate_factor: int = Field(default=1, ge=1, le=1000)

    @property
    def developing(self) -> bool:
        """Whether this is a machine of somebody who develops."""
        return self.mode == "development"

    @property
    def documents(self) -> dict[str, Listed]:
        """Who is bound to listed documents."""
        chosen = {kind: getattr(self, f"documents_{kind}") for kind in STRICT}
        return {
            kind: chosen[kind] or (Listed.OPTIONAL if self.developing else otherwise)
            for kind, otherwise in STRICT.items()
        }

    def shows_schema(self, viewer: Viewer) -> bool:
        """Whether a caller may ask for the schema, and so is told its names."""
        chosen = self.introspection or ("open" if self.developing else "closed")
        return chosen == "open" or viewer.holds(Role.AUDITOR, *OFFICIALS)


def read() -> Policy:
    """The choices of this process; `Obstacle` SETTINGS_INVALID naming each that cannot be read."""
    try:
        return Policy()
    except (ValidationError, SettingsError) as wrong:
        found = (
            "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors())
            if isinstance(wrong, ValidationError)
            else str(wrong)
        )
        raise Obstacle(
            "SETTINGS_INVALID",
            Words(f"设置有误:{found}", f"A setting cannot be read: {found}"),
            Words("请改正或删除该环境变量后重试。", "Correct or unset that environment variable, then try again."),
        ) from None
