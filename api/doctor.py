"""Examine an installation: what must be right before the program can work, each with what to do if it is not.

The doctor changes nothing: a state folder without data stays without data, and a schema that is behind stays behind.
"""

import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from api import clock
from api.audit import Verdict, verify
from api.database import FAILED, Database, check_revision, newest_revision, unreachable
from api.postgres import Server, binaries, fitness, running
from api.postgres.places import existing_major
from api.refusals import Obstacle, Words
from api.settings import Settings

PYTHON_MIN: Final = (3, 11)
FOLDERS: Final = ("api", "schema", "scoring", "migrations")
NO_DATA: Final = Words("还没有数据,首次使用时建立。", "There are no data yet; first use makes them.")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the doctor."""

    name: str
    ok: bool
    detail: Words
    remedy: Words | None = None
    sql: tuple[str, ...] = ()


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which things rest on each other; what cannot be examined any more is left out."""
    return [*_machine(settings), *_database(settings)]


def _machine(settings: Settings) -> Iterator[Check]:
    yield _folders()
    yield _python()
    yield _clock()
    if not settings.database_url:
        yield _tried("programs", lambda: _programs(settings))
        yield _state(settings)


def _folders() -> Check:
    """Whether the packages are ours: `schema` is also the name of a package on the index."""
    places = {name: Path(import_module(name).__file__ or "").parent for name in FOLDERS}
    home = places["api"].parent
    strange = [f"{name}: {place}" for name, place in places.items() if place.parent != home]
    if not strange:
        return Check("folders", True, Words(f"都在 {home}", f"all in {home}"))
    return Check(
        "folders",
        False,
        Words(f"不在 {home}:{', '.join(strange)}", f"not in {home}: {', '.join(strange)}"),
        Words("请在单独的环境(venv)中安装本程序。", "Install the program in an environment (venv) of its own."),
    )


def _python() -> Check:
    good = sys.version_info[:2] >= PYTHON_MIN
    said = platform.python_version()
    need = ".".join(map(str, PYTHON_MIN))
    remedy = Words(f"请使用 Python {need} 或更新版本。", f"Use Python {need} or newer.")
    return Check("python", good, Words(said, said), None if good else remedy)


def _clock() -> Check:
    ids = clock.new_ids(1000)
    now = clock.now()
    good = ids == sorted(set(ids)) and clock.now() >= now
    said = now.isoformat(timespec="seconds")
    return Check(
        "clock", good, Words(said, said), None if good else Words("请校准系统时钟。", "Set the system's clock.")
    )


def _programs(settings: Settings) -> Words:
    found = binaries.chosen(existing_major(settings.state), settings.postgres_bin)
    said = f"PostgreSQL {found.major}, {found.folder}"
    return Words(said, said)


def _state(settings: Settings) -> Check:
    nearest = next(each for each in [settings.state, *settings.state.parents] if each.exists())
    good = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    return Check(
        "state",
        good,
        Words(str(settings.state), str(settings.state)),
        None
        if good
        else Words(
            f"{nearest} 不可写:请改用可写的目录(--state)。",
            f"{nearest} cannot be written to: use another folder (--state).",
        ),
    )


def _database(settings: Settings) -> Iterator[Check]:
    if not settings.database_url:
        try:
            virgin = existing_major(settings.state) is None
        except Obstacle:
            return  # told under "programs"
        if virgin:
            yield Check("database", True, NO_DATA)
            return
    try:
        with running(settings) as server:
            yield from asyncio.run(_inside(server))
    except Obstacle as obstacle:
        yield _obstacle("database", obstacle)


async def _inside(server: Server) -> list[Check]:
    database = Database(server.app_url)
    try:
        async with database.reading_everything() as connection:
            raw = await Database.driver(connection)
            found = [
                await _asked(
                    "database", fitness.check_server(raw), f"PostgreSQL {await raw.fetchval('SHOW server_version')}"
                ),
                await _asked("role", fitness.check_role(raw), str(await raw.fetchval("SELECT current_user"))),
                await _asked("schema", check_revision(raw), newest_revision()),
            ]
            if found[-1].ok:
                found.append(await _asked("trigrams", fitness.check_trigrams(raw), "湘潭"))
                found.append(_log(await verify(connection)))
            return found
    except FAILED as error:
        raise unreachable(error) from error
    finally:
        await database.close()


def _log(verdict: Verdict) -> Check:
    size = f"{verdict.size} / {verdict.erased}"
    if verdict.whole:
        return Check("log", True, Words(f"条目 / 已抹除:{size}", f"entries / erased: {size}"))
    first = "; ".join(verdict.problems[:5])
    return Check(
        "log",
        False,
        Words(f"有 {len(verdict.problems)} 处异常:{first}", f"{len(verdict.problems)} problems: {first}"),
        Words("请保留数据库原样,并交审计人员核查。", "Keep the database as it is and call the auditors."),
    )


async def _asked(name: str, question: Awaitable[None], said: str) -> Check:
    try:
        await question
    except Obstacle as obstacle:
        return _obstacle(name, obstacle)
    return Check(name, True, Words(said, said))


def _tried(name: str, trial: Callable[[], Words]) -> Check:
    try:
        return Check(name, True, trial())
    except Obstacle as obstacle:
        return _obstacle(name, obstacle)


def _obstacle(name: str, obstacle: Obstacle) -> Check:
    return Check(name, False, obstacle.message, obstacle.remedy, obstacle.sql)
