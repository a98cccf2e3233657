"""The doctor finds what is wrong, says what to do, and changes nothing."""

import asyncio
from pathlib import Path

import pytest

import schema
from api import doctor
from api.doctor import Check, examine
from api.postgres.roles import recipe
from api.settings import Settings
from tests.cluster import Place, run_sql


def findings(checks: list[Check]) -> dict[str, bool]:
    return {check.name: check.ok for check in checks}


async def examined(settings: Settings) -> list[Check]:
    return await asyncio.to_thread(examine, settings)


async def test_a_sound_installation(fresh_place: Place) -> None:
    checks = await examined(fresh_place.settings)
    assert findings(checks) == dict.fromkeys(
        ["folders", "python", "clock", "database", "role", "schema", "trigrams", "log"], True
    )
    assert [check.remedy for check in checks] == [None] * 8


async def test_a_folder_without_data_stays_without(tmp_path: Path) -> None:
    checks = await examined(Settings(state=tmp_path / "state"))
    assert findings(checks) == dict.fromkeys(["folders", "python", "clock", "programs", "state", "database"], True)
    assert not (tmp_path / "state").exists()


async def test_a_schema_that_is_behind_is_told_and_left(fresh_place: Place) -> None:
    await run_sql(fresh_place.owner_url, "UPDATE alembic_version SET version_num = '0001'")
    for _ in range(2):
        checks = await examined(fresh_place.settings)
        assert findings(checks) == {
            "folders": True,
            "python": True,
            "clock": True,
            "database": True,
            "role": True,
            "schema": False,
        }
    assert checks[-1].remedy is not None
    assert "DATABASE_OWNER_URL" in checks[-1].remedy.en


async def test_a_changed_log_is_told(fresh_place: Place) -> None:
    await run_sql(
        fresh_place.owner_url,
        "ALTER TABLE audit_leaf DISABLE TRIGGER USER",
        "SELECT set_config('app.viewer', 'owner', false)",
        "INSERT INTO audit_leaf SELECT 1, NULL, now(), now(), 'x', sha256('a'), sha256('b'), sha256('c'), d,"
        " sha256('\\x00'::bytea || d), 'SHA-256' FROM (VALUES ('x'::bytea)) v (d)",
    )
    last = (await examined(fresh_place.settings))[-1]
    assert (last.name, last.ok) == ("log", False)
    assert last.detail.en == (
        "3 problems: 1: follows -1, there is a gap; 1: its columns do not say what its data say;"
        " 1: its payload is missing"
    )


async def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    checks = await examined(Settings(database_url="postgresql://zhunze_app@127.0.0.1:1/zhunze"))
    assert findings(checks) == {"folders": True, "python": True, "clock": True, "database": False}
    assert checks[-1].sql == recipe()


def test_a_foreign_package_of_the_same_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tmp_path / "site-packages" / "schema" / "__init__.py"
    monkeypatch.setattr(schema, "__file__", str(foreign))
    check = next(doctor._machine(Settings(database_url="postgresql://h/d")))
    assert (check.name, check.ok) == ("folders", False)
    assert f"schema: {foreign.parent}" in check.detail.en


def test_no_programs_and_no_room(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("x")
    checks = examine(Settings(state=occupied / "state", postgres_bin=tmp_path))
    assert findings(checks) == {
        "folders": True,
        "python": True,
        "clock": True,
        "programs": False,
        "state": False,
        "database": True,
    }
