"""One server per state folder, shared, healed after every kind of kill, and gone when nobody needs it."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from api.database import FAILED, Database, migrate, opened
from api.postgres import processes, running
from api.postgres.places import SOCKET, SOCKET_BYTES_MAX, existing_major, place_of
from api.refusals import Obstacle
from api.settings import Settings
from tests.api.postgres.actors import data_of, keeper_of, started, system_of

CYCLES = int(os.environ.get("ZHUNZE_FAULT_CYCLES", "3"))
GONE_SECONDS = 10


async def query(url: str | None, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def ask(url: str | None, statement: str) -> object:
    return asyncio.run(query(url, statement))


def soon(truth: Callable[[], bool]) -> bool:
    until = time.monotonic() + GONE_SECONDS
    while not truth():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def no_process_in(data: Path) -> bool:
    return not any(processes._serves(pid, data) for pid in processes._pids())


def test_a_server_runs_while_it_is_used_and_keeps_its_data(settings: Settings) -> None:
    with running(settings) as server:
        data = data_of(settings)
        system = system_of(server.admin_url)
        assert ask(server.app_url, "SELECT current_user || ' ' || current_database()") == "zhunze_app zhunze"
        assert ask(server.owner_url, "SELECT current_user || ' ' || current_database()") == "zhunze_owner zhunze"
        assert ask(server.app_url, "SHOW listen_addresses") == ""
    assert no_process_in(data)
    with running(settings) as server:
        assert system_of(server.admin_url) == system


def test_the_roles_have_no_rights_they_do_not_need(settings: Settings) -> None:
    rights = """
        SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
            rolreplication), ', ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'zhunze%'
    """
    with running(settings) as server:
        kinds = ("public", "company", "inspector", "agency", "training", "rules", "mixed")
        others = ("auditor", "cycle_auditor", "bureau", "security", "audit")
        names = sorted(["zhunze_app t", "zhunze_owner t", *(f"zhunze_{each} f" for each in (*kinds, *others))])
        assert ask(server.admin_url, rights) == ", ".join(f"{name} f f f f f" for name in names)
        assert ask(server.admin_url, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'zhunze'") == (
            "zhunze_owner"
        )
        assert ask(server.app_url, "SELECT has_database_privilege('public', 'zhunze', 'CONNECT')") is False
        assert ask(server.app_url, "SELECT has_schema_privilege('public', 'CREATE')") is False


def test_folders_are_private(settings: Settings) -> None:
    with running(settings):
        place = data_of(settings).parent
        modes = {each.name: oct(each.stat().st_mode & 0o777) for each in (place, *place.iterdir()) if each.is_dir()}
    assert modes == dict.fromkeys([place.name, "data", "run", "lock", "log"], "0o700")


def test_users_in_one_process_share_the_server(settings: Settings) -> None:
    with running(settings) as outer:
        first = processes.postmaster(data_of(settings))
        with running(settings) as inner:
            assert processes.postmaster(data_of(settings)) == first
        assert inner.app_url == outer.app_url
        assert ask(outer.app_url, "SELECT 1") == 1
    assert no_process_in(data_of(settings))


async def test_it_can_be_used_inside_a_running_loop(settings: Settings) -> None:
    with running(settings) as server:
        assert await query(server.app_url, "SELECT 1") == 1


def test_processes_that_start_at_once_get_one_server(settings: Settings) -> None:
    actors = [started("hold", settings) for _ in range(4)]
    heard = [actor.hear() for actor in actors]
    assert {(said["postmaster"], said["system"]) for said in heard} == {(heard[0]["postmaster"], heard[0]["system"])}
    for actor in actors[:3]:
        actor.leave()
    assert ask(heard[3]["url"], "SELECT 1") == 1
    actors[3].leave()
    assert no_process_in(data_of(settings))


def test_killing_the_process_that_started_it_takes_nothing_from_the_others(settings: Settings) -> None:
    starter = started("hold", settings)
    first = starter.hear()["postmaster"]
    with running(settings) as server:
        starter.kill()
        time.sleep(0.5)
        assert ask(server.app_url, "SELECT 1") == 1
        assert processes.postmaster(data_of(settings)) == first
    assert no_process_in(data_of(settings))


def test_killing_the_last_user_stops_the_server(settings: Settings) -> None:
    actor = started("hold", settings)
    postmaster = actor.hear()["postmaster"]
    actor.kill()
    assert soon(lambda: no_process_in(data_of(settings)))
    assert soon(lambda: not processes.alive(postmaster))
    assert not (data_of(settings) / "postmaster.pid").exists(), "it was stopped, not killed"


@pytest.mark.parametrize("victims", [("server",), ("keeper",), ("keeper", "server"), ("server", "keeper")])
def test_a_killed_server_is_healed_with_all_it_acknowledged(settings: Settings, victims: tuple[str, ...]) -> None:
    with running(settings) as server:
        ask(server.admin_url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        postmaster = processes.postmaster(data_of(settings))
        assert postmaster is not None
        pids = {"server": postmaster, "keeper": keeper_of(postmaster)}
        for victim in victims:
            os.kill(pids[victim], signal.SIGKILL)
        assert soon(lambda: processes.postmaster(data_of(settings)) is None)
        server.heal()
        assert ask(server.admin_url, "SELECT count(*) FROM kept") == 1000
        assert processes.postmaster(data_of(settings)) != postmaster
        server.heal()
    assert no_process_in(data_of(settings))


def test_the_pool_heals_the_server_by_itself(settings: Settings) -> None:
    async def through(kills: int) -> None:
        async with opened(server) as database:
            for _ in range(kills):
                await asyncio.to_thread(kill_server, settings)
                assert await healed_within(5, database, data_of(settings))

    with running(settings) as server:
        asyncio.run(through(2))


async def healed_within(seconds: int, database: Database, data: Path) -> bool:
    """A call in the instant of the kill may fail, or an orphan may answer it; soon after, a new server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            async with database.reading_everything() as connection:
                answer = await (await Database.driver(connection)).fetchval("SELECT 1")
            if processes.postmaster(data):
                return bool(answer == 1)
        except FAILED:
            await asyncio.sleep(0.05)
    return False


def kill_server(settings: Settings) -> None:
    postmaster = processes.postmaster(data_of(settings))
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    assert soon(lambda: processes.postmaster(data_of(settings)) != postmaster)


def test_nothing_acknowledged_is_lost_over_kills(settings: Settings) -> None:
    acknowledged = 0
    for cycle in range(CYCLES):
        writer = started("write", settings)
        for _ in range(20 + 7 * cycle):
            acknowledged = writer.hear()["n"]
        postmaster = processes.postmaster(data_of(settings))
        assert postmaster is not None
        victims = [(), (postmaster,), (keeper_of(postmaster), postmaster)][cycle % 3]
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        writer.kill()
        with running(settings) as server:
            found = ask(server.admin_url, "SELECT count(*) FROM number")
            assert found == ask(server.admin_url, "SELECT max(n) FROM number")
        assert isinstance(found, int)
        assert found >= acknowledged
    assert acknowledged > 20 * CYCLES


def test_a_stale_pid_that_now_is_another_process_is_no_obstacle(settings: Settings) -> None:
    with running(settings) as server:
        ask(server.admin_url, "CREATE TABLE kept AS SELECT 1 AS n")
        kill_server(settings)
        data = data_of(settings)
        assert soon(lambda: no_process_in(data))
        owner = data.stat()
        as_owner: dict[str, Any] = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
        other = subprocess.Popen(["sleep", "60"], **as_owner)
        try:
            note = data / "postmaster.pid"
            note.write_text("\n".join([str(other.pid), *note.read_text().splitlines()[1:], ""]))
            server.heal()
            assert ask(server.admin_url, "SELECT count(*) FROM kept") == 1
            assert other.poll() is None
        finally:
            other.kill()
            other.wait()


def test_an_interrupted_beginning_is_begun_again(settings: Settings) -> None:
    with running(settings):
        place = data_of(settings).parent
    (place / "data").rename(place / "data.new")
    with running(settings) as server:
        assert ask(server.app_url, "SELECT current_database()") == "zhunze"
    assert sorted(each.name for each in place.iterdir()) == ["data", "lock", "log", "run"]


def test_a_state_folder_with_a_long_name_and_chinese_works(home: Path) -> None:
    long = home / "准则 数据,'\"$" / ("长" * 40)
    with running(Settings(state=long)) as server:
        assert len(os.fsencode(long)) > SOCKET_BYTES_MAX
        assert ask(server.app_url, "SELECT 1") == 1
        with running(Settings(state=long)) as again:
            assert again.app_url == server.app_url
        short = place_of(long, existing_major(long) or 0, home / "spare").sockets
        assert short.is_dir()
        assert len(os.fsencode(short / SOCKET)) <= SOCKET_BYTES_MAX
    assert not short.exists()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(settings: Settings) -> None:
    with running(settings):
        pass
    broken = settings.model_copy(update={"server_options": {"shared_buffers": "nonsense"}})
    with pytest.raises(Obstacle) as failed, running(broken):
        pass
    assert failed.value.code == "SERVER_FAILED"
    assert "nonsense" in failed.value.message.en
    assert no_process_in(data_of(settings))
    with running(settings) as server:
        assert ask(server.app_url, "SELECT 1") == 1


def test_data_that_vanish_under_a_running_program_are_not_made_anew(settings: Settings) -> None:
    with running(settings) as server:
        data = data_of(settings)
        kill_server(settings)
        assert soon(lambda: no_process_in(data))
        data.rename(data.parent / "elsewhere")
        with pytest.raises(Obstacle) as lost:
            server.heal()
        assert lost.value.code == "DATA_LOST"
        assert not data.exists()


def test_removing_the_state_of_a_running_server_ends_it(home: Path) -> None:
    settings = Settings(state=home / "doomed" / "state")
    with running(settings):
        postmaster = processes.postmaster(data_of(settings))
        assert postmaster is not None
        (home / "doomed").rename(home / "gone")
    assert soon(lambda: not processes.alive(postmaster))


def test_trigrams_of_chinese_are_found(settings: Settings) -> None:
    with running(settings) as server:
        assert server.owner_url
        asyncio.run(migrate(server.owner_url))
        assert ask(server.app_url, "SELECT cardinality(show_trgm('湘潭')) > 0") is True
