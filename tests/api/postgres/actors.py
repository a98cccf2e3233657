"""Programs that use an embedded server from processes of their own, to be killed by tests."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from api.postgres import processes, running
from api.settings import Settings

ROOT = Path(__file__).parent.parent.parent.parent


def told(**facts: Any) -> None:
    """Say something to the test."""
    print(json.dumps(facts), flush=True)  # noqa: T201


def hold(settings: Settings) -> None:
    """Use the server until killed, or until a line comes in."""
    with running(settings) as server:
        told(
            url=server.admin_url, postmaster=processes.postmaster(data_of(settings)), system=system_of(server.admin_url)
        )
        sys.stdin.readline()
    told(left=True)


def write(settings: Settings) -> None:
    """Write numbers for ever, telling each that the server has acknowledged."""

    async def numbers(url: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE IF NOT EXISTS number (n bigint PRIMARY KEY)")
        n = await connection.fetchval("SELECT coalesce(max(n), 0) FROM number")
        while True:
            n += 1
            await connection.execute("INSERT INTO number VALUES ($1)", n)
            told(n=n)

    with running(settings) as server:
        assert server.admin_url
        asyncio.run(numbers(server.admin_url))


def data_of(settings: Settings) -> Path:
    """The data folder, whatever the version of the server."""
    return next(settings.state.glob("pg*/data")).resolve()


def system_of(url: str | None) -> str:
    """The identity of the cluster: another one after another `initdb`."""

    async def ask() -> str:
        connection = await asyncpg.connect(url)
        try:
            return str(await connection.fetchval("SELECT system_identifier FROM pg_control_system()"))
        finally:
            await connection.close()

    return asyncio.run(ask())


def keeper_of(postmaster: int) -> int:
    """The process id of a server's parent."""
    return int((Path("/proc") / str(postmaster) / "stat").read_text().rpartition(")")[2].split()[1])


@dataclass
class Actor:
    """One such program, running."""

    process: subprocess.Popen[str]

    def hear(self) -> dict[str, Any]:
        """The next thing it says; an empty one if it has ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        return dict(json.loads(line)) if line else {}

    def kill(self) -> None:
        """End it without a chance to clean up."""
        self.process.kill()
        self.close()

    def leave(self) -> None:
        """Let it end as it should."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.hear() == {"left": True}
        self.close()
        assert self.process.returncode == 0

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait(30)


def started(role: str, settings: Settings, *, python: str = sys.executable, **how: Any) -> Actor:
    """Start a program: `hold` or `write`."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    command = [python, "-m", "tests.api.postgres.actors", role, settings.model_dump_json()]
    pipe = subprocess.PIPE
    return Actor(subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, **how))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    {"hold": hold, "write": write}[sys.argv[1]](Settings.model_validate_json(sys.argv[2]))
