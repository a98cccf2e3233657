"""Which processes of the machine are this place's server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

PROC = Path("/proc")


def postmaster(data: Path) -> int | None:
    """Process id of the live server of a data folder; None = `postmaster.pid` is absent or stale."""
    pid = noted(data)
    return pid if pid is not None and _serves(pid, data) else None


def noted(data: Path) -> int | None:
    """The process id that `postmaster.pid` names, live or not."""
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else None


def alive(pid: int) -> bool:
    """Whether a process of this id exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_orphans(data: Path) -> int:
    """Kill what an ended server left behind; returns how many. Known only where there is a `/proc`."""
    left = [pid for pid in _pids() if _serves(pid, data)]
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(left)


def _serves(pid: int, data: Path) -> bool:
    """Whether a process is a `postgres` working in that data folder."""
    if sys.platform != "linux":
        said = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return said.stdout.strip().endswith("postgres")
    try:
        return (PROC / str(pid) / "comm").read_text().strip() == "postgres" and (PROC / str(pid) / "cwd").samefile(data)
    except OSError:
        return False


def _pids() -> list[int]:
    return [int(each.name) for each in PROC.iterdir() if each.name.isdigit()] if PROC.is_dir() else []
