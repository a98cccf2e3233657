"""Parent of the embedded server: starts `postgres`, and stops it when no process uses it any more.

Run as a program of its own (standard library only), in a session of its own, so that neither Ctrl-C in a terminal nor
the death of the process that happened to start it reaches the server. If the keeper itself is killed, the kernel
interrupts the server (SIGINT: a fast, clean stop). The one argument is a JSON order, see `main`.
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
WATCH_SECONDS = 0.1
STOP_SECONDS = (60, 10, 5)
"""How long a fast, an immediate and a forced stop may take."""
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def main(order: dict[str, Any]) -> None:
    """Keep one server.

    The order: `command`, `environment`, `uid`, `gid`, `lease` (an open descriptor), `start` and `users` (lock files).
    """
    if os.fork():
        os._exit(0)
    os.setsid()
    os.umask(0o077)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)
    foreign = order["uid"] != os.geteuid()
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    server = subprocess.Popen(
        order["command"],
        env=order["environment"],
        cwd="/",
        user=order["uid"] if foreign else None,
        group=order["gid"] if foreign else None,
        extra_groups=[] if foreign else None,
        preexec_fn=dying_with(os.getpid()),  # noqa: PLW1509 (this program has one thread)
        pass_fds=(order["lease"],),
    )
    os.close(order["lease"])
    while server.poll() is None:
        if not in_use(order["start"], order["users"]):
            stop(server)
        time.sleep(WATCH_SECONDS)
    bury()


def dying_with(parent: int) -> Callable[[], None]:
    """What the server's process does before it becomes `postgres`: ask to be interrupted when its parent dies."""

    def follow() -> None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def in_use(start: str, users: str) -> bool:
    """Whether somebody uses the server, or is starting or stopping it; if not, both locks are now held for good."""
    first = _seized(start)
    if first is None:
        return True
    if _seized(users) is None:
        os.close(first)
        return True
    return False


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop the server, first gently."""
    for how, seconds in zip((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), STOP_SECONDS, strict=True):
        server.send_signal(how)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def bury() -> None:
    """Collect the processes the server leaves behind (its logger ends last), so that none stays a zombie."""
    until = time.monotonic() + STOP_SECONDS[-1]
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(WATCH_SECONDS)
        except ChildProcessError:
            return


def _prctl(what: int, value: int) -> None:
    if LIBC is not None:
        LIBC.prctl(what, value)


def _seized(path: str) -> int | None:
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return os.open(os.devnull, os.O_RDONLY)  # the place was removed: nobody can use it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
