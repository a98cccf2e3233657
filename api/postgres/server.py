"""Start, share, heal and stop the embedded server; or just name an external one."""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import asyncpg

from api.postgres import binaries, processes, roles
from api.postgres.places import Place, existing_major, place_of
from api.refusals import Obstacle, Words
from api.settings import Settings

POLL_SECONDS: Final = 0.02
PATIENCE_SECONDS: Final = 60
"""For a lock, and for a server that does not answer."""
RECOVERY_SECONDS: Final = 600
"""For a server that answers that it is still recovering."""
ORPHAN_SECONDS: Final = 1
STARTS_MAX: Final = 2
LOG_TAIL_BYTES: Final = 2000
Answer = TypeVar("Answer")
OPTIONS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "jit": "off",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


@dataclass(slots=True)
class Server:
    """A PostgreSQL server in use by this process: where the application role and the owner find it."""

    app_url: str
    owner_url: str | None
    admin_url: str | None = None
    """The superuser's address; of the embedded server only."""
    _embedded: "_Embedded | None" = field(default=None, repr=False)

    @property
    def embedded(self) -> bool:
        """Whether it is our own server in the state folder."""
        return self._embedded is not None

    def heal(self) -> None:
        """Make sure the embedded server is there again after it was killed; blocks until it answers.

        An external server is its administrator's: nothing is done.
        """
        if self._embedded:
            self._embedded.heal()


@contextmanager
def running(settings: Settings) -> Iterator[Server]:
    """The database server of these settings, started if need be, in use by this process until the block ends.

    Raises `Obstacle` with a code of this package where it cannot be started.
    """
    if settings.database_url:
        yield Server(settings.database_url, settings.database_owner_url)
        return
    embedded = _Embedded(settings)
    embedded.open()
    try:
        yield Server(embedded.url(roles.APP), embedded.url(roles.OWNER), embedded.url("postgres", "postgres"), embedded)
    finally:
        embedded.close()


class _Embedded:
    """This process's share in the server of one state folder."""

    def __init__(self, settings: Settings) -> None:
        self.binaries = binaries.chosen(existing_major(settings.state), settings.postgres_bin)
        self.place = place_of(settings.state, self.binaries.major, settings.spare)
        self.options = OPTIONS | {
            "unix_socket_directories": f'"{self.place.sockets}"',
            "log_directory": str(self.place.log),
            **settings.server_options,
        }
        self.users: int | None = None

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        where = quote(str(self.place.sockets), safe="/")
        return f"postgresql://{role}@/{database}?host={where}&port=5432"

    def open(self) -> None:
        with self._turn():
            self.users = _locked(self.place, "users", fcntl.LOCK_SH, PATIENCE_SECONDS)
            try:
                if not self.place.data.exists():
                    self._initialise()
                self._wake()
                _apart(self._settle)
            except BaseException:
                self._leave()
                raise

    def heal(self) -> None:
        with self._turn():
            if not self.place.data.exists():
                raise _failure("DATA_LOST", f"{self.place.data} 已不存在。", f"{self.place.data} is gone.", self.place)
            self._wake()

    def close(self) -> None:
        """Leave the server; the last one out stops it and waits until nothing of it is left."""
        assert self.users is not None, "a server is left once"
        try:
            with self._turn():
                if _flock(self.users, fcntl.LOCK_EX):
                    self._stop()
        except FileNotFoundError:
            pass  # the state folder was removed under us: the keeper sees that too, and stops the server
        finally:
            self._leave()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the only one who starts, heals or stops this server."""
        lock = _locked(self.place, "start", fcntl.LOCK_EX, PATIENCE_SECONDS)
        try:
            yield
        finally:
            os.close(lock)

    def _leave(self) -> None:
        if self.users is not None:
            os.close(self.users)
            self.users = None

    def _wake(self) -> None:
        """Return when the server answers, starting it if nothing of an earlier one is alive."""
        begun = time.monotonic()
        starts = 0
        while not (answer := _apart(self._answers)):
            waited = time.monotonic() - begun
            if lease := _lease(self.place):
                if starts == STARTS_MAX:
                    os.close(lease)
                    raise _failure("SERVER_FAILED", "数据库没有启动成功。", "The database did not start.", self.place)
                self._launch(lease)
                starts += 1
            elif waited > ORPHAN_SECONDS and processes.postmaster(self.place.data) is None:
                processes.end_orphans(self.place.data)
            if waited > (PATIENCE_SECONDS if answer is None else RECOVERY_SECONDS):
                raise _failure("SERVER_SILENT", "数据库没有应答。", "The database does not answer.", self.place)
            time.sleep(POLL_SECONDS)

    async def _answers(self) -> bool | None:
        """True: it takes connections; False: it says it is busy starting, stopping or recovering; None: no answer."""
        if not (self.place.sockets / ".s.PGSQL.5432").exists():
            return None
        try:
            connection = await asyncpg.connect(self.url("postgres", "postgres"), timeout=PATIENCE_SECONDS)
        except asyncpg.CannotConnectNowError:
            return False
        except asyncpg.TooManyConnectionsError:
            return True
        except (OSError, asyncpg.PostgresConnectionError):
            return None
        await connection.close()
        return True

    async def _settle(self) -> None:
        connection = await asyncpg.connect(self.url("postgres", "postgres"), timeout=PATIENCE_SECONDS)
        try:
            await roles.settle(connection)
        finally:
            await connection.close()

    def _initialise(self) -> None:
        """Make the data folder, whole or not at all."""
        fresh = self.place.root / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        programs = binaries.lent(self.binaries, self.place.account, self.place.root)
        command = [str(programs.folder / "initdb"), "--pgdata", str(fresh), "--username", "postgres", "--auth", "trust"]
        command += ["--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions"]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        made = subprocess.run(
            command, **self._as_account(), env=_environment(), cwd="/", capture_output=True, text=True, check=False
        )
        if made.returncode:
            said = (made.stderr or made.stdout).strip()[-LOG_TAIL_BYTES:]
            raise _failure(
                "INITDB_FAILED", f"数据目录没有建成:{said}", f"The data folder was not made: {said}", self.place
            )
        fresh.rename(self.place.data)

    def _launch(self, lease: int) -> None:
        """Let a keeper start the server; it and its server keep the lease."""
        programs = binaries.lent(self.binaries, self.place.account, self.place.root)
        for stale in self.place.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        order = {
            "command": [str(programs.folder / "postgres"), "-D", str(self.place.data), *options],
            "environment": _environment(processes.noted(self.place.data)),
            "uid": self.place.account.uid,
            "gid": self.place.account.gid,
            "lease": lease,
            "start": str(self.place.lock("start")),
            "users": str(self.place.lock("users")),
        }
        keeper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), json.dumps(order)]
        with (self.place.log / "start.log").open("wb") as said:
            subprocess.run(
                keeper, pass_fds=(lease,), cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=True
            )
        os.close(lease)

    def _stop(self) -> None:
        """Stop the server gently and wait until nothing of it is left; where it cannot be told, its keeper does it."""
        pid = processes.postmaster(self.place.data)
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            os.close(_locked(self.place, "server", fcntl.LOCK_EX, PATIENCE_SECONDS))
            self.place.forget_sockets()

    def _as_account(self) -> dict[str, Any]:
        account = self.place.account
        return {"user": account.uid, "group": account.gid, "extra_groups": []} if account.foreign else {}


def _apart(ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """Run a coroutine in a loop and thread of its own, so that callers may be in a running loop or not."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def _environment(stale_pid: int | None = None) -> dict[str, str]:
    """Of the server: nothing inherited.

    A pid that an unclean end left in `postmaster.pid` may by now be another process's. The server takes it for its
    grandparent's then, and so for stale; it still checks that no old process is attached to its memory.
    """
    plain = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return plain if stale_pid is None else plain | {"PG_GRANDPARENT_PID": str(stale_pid)}


def _flock(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(place: Place, name: str) -> int:
    lock = os.open(place.lock(name), os.O_RDWR | os.O_CREAT, 0o600)
    if place.account.foreign and os.fstat(lock).st_uid != place.account.uid:
        os.fchown(lock, place.account.uid, place.account.gid)
    return lock


def _locked(place: Place, name: str, how: int, seconds: float) -> int:
    """Open and lock one of the place's locks, waiting for it."""
    lock = _opened(place, name)
    until = time.monotonic() + seconds
    while not _flock(lock, how):
        if time.monotonic() > until:
            os.close(lock)
            raise _failure("SERVER_BUSY", f"等待锁 {name} 超时。", f"Waited too long for the lock {name}.", place)
        time.sleep(POLL_SECONDS)
    return lock


def _lease(place: Place) -> int | None:
    """The right to start a server; None while anything of an earlier one is alive."""
    lock = _opened(place, "server")
    if _flock(lock, fcntl.LOCK_EX):
        return lock
    os.close(lock)
    return None


def _failure(code: str, zh: str, en: str, place: Place) -> Obstacle:
    """An obstacle that quotes the end of what the server said last."""
    said = ""
    for log in sorted(place.log.glob("*.log"), key=lambda each: each.stat().st_mtime)[-2:]:
        said += log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace")
    quoted = f"\n{said.strip()}" if said.strip() else ""
    return Obstacle(
        code,
        Words(zh, f"{en}{quoted}"),
        Words(f"日志在 {place.log}。", f"Its log is in {place.log}."),
    )
