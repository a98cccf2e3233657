"""What an installation allows: its settings, and where it may listen."""

from pathlib import Path

import pytest

from api.app import Listening, Shell, reachable, serve
from api.front.callers import everybody
from api.front.policy import Policy, read
from api.graphql import Source
from api.refusals import Obstacle
from schema.directives import Role
from schema.viewer import Viewer
from tests.api.front.test_buckets import DISTRICT

DEPLOYMENT = Path(__file__).parents[3] / "docs" / "deployment.md"


def test_every_setting_is_documented() -> None:
    text = DEPLOYMENT.read_text(encoding="utf-8")
    assert [name for name in Policy.model_fields if f"`ZHUNZE_{name.upper()}`" not in text] == []


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNZE_MODE", "production")
    monkeypatch.setenv("ZHUNZE_NAMES", '["a.example"]')
    monkeypatch.setenv("ZHUNZE_RATE_FACTOR", "20")
    found = read()
    assert (found.developing, found.names, found.rate_factor) == (False, ("a.example",), 20)


@pytest.mark.parametrize(
    ("name", "value"), [("MODE", "x"), ("RATE_FACTOR", "0"), ("NAMES", "{"), ("DOCUMENTS_PUBLIC", "no")]
)
def test_a_setting_that_cannot_be_read_is_an_obstacle(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ZHUNZE_{name}", value)
    with pytest.raises(Obstacle) as refused:
        read()
    assert refused.value.code == "SETTINGS_INVALID"
    assert name.lower() in str(refused.value.message)


@pytest.mark.parametrize(
    ("policy", "open_"),
    [
        (Policy(), True),
        (Policy(introspection="closed"), False),
        (Policy(mode="production"), False),
        (Policy(mode="production", introspection="open"), True),
    ],
)
def test_who_sees_the_schema(policy: Policy, open_: bool) -> None:
    assert policy.shows_schema(Viewer(DISTRICT)) is open_
    assert policy.shows_schema(Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.COMPANY, Role.TRAINING_ADMIN}))) is open_
    assert policy.shows_schema(Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.AUDITOR})))
    assert policy.shows_schema(Viewer(DISTRICT, frozenset({Role.PUBLIC, Role.SECURITY_ADMIN})))


def test_it_leaves_the_machine_only_in_production_and_where_callers_are_told_apart() -> None:
    known = everybody(DISTRICT)
    assert reachable("0.0.0.0", Shell(Policy(mode="production"), known)) == "0.0.0.0"
    assert reachable("127.0.0.2", Shell(Policy(), known)) == "127.0.0.2"
    for shell, code in (
        (Shell(Policy(), known), "DEVELOPMENT_MODE"),
        (Shell(Policy(mode="production")), "LOOPBACK_ONLY"),
    ):
        with pytest.raises(Obstacle) as refused:
            reachable("0.0.0.0", shell)
        assert refused.value.code == code


async def test_it_does_not_begin_where_it_may_not(source: Source) -> None:
    said: list[str] = []
    with pytest.raises(Obstacle):
        await serve(source, Listening("0.0.0.0", 0), said.append, Shell(Policy(), everybody(DISTRICT)))
    assert said == []
