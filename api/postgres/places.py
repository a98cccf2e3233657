"""Where the embedded server lives, and as whom it runs.

`<state>/pg<major>/` holds `data`, `run` (the socket), `lock` and `log`, all 0700 and the server user's own. Root may
not run PostgreSQL, so root hands the server to a user without rights. That user may not be able to reach a state folder
below a private one (a home folder, say); then the place is made in the spare folder and `<state>/pg<major>` is a link
to it. Folders that were there before are never opened up.
"""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.refusals import Obstacle, Words

SOCKET: Final = ".s.PGSQL.5432"
SOCKET_BYTES_MAX: Final = 103 if sys.platform == "darwin" else 107
"""Longest path of a Unix socket that the kernel takes."""
UNPRIVILEGED: Final = ("postgres", "nobody")
"""Users to whom root hands the server, in this order."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system's user that runs the server."""

    uid: int
    gid: int

    @property
    def foreign(self) -> bool:
        """Whether this is another user than the one running now."""
        return self.uid != os.geteuid()


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one server, with links resolved."""

    root: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def sockets(self) -> Path:
        """Folder of the socket: `run`, or a short one of our own where that path is too long for a socket."""
        own = self.root / "run"
        if len(os.fsencode(own / SOCKET)) <= SOCKET_BYTES_MAX and not set(str(own)) & set(",\"'"):
            return own
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"zhunze-{self.account.uid}-{digest}"

    def lock(self, name: str) -> Path:
        return self.root / "lock" / name

    def prepare(self) -> None:
        """Make the folders that are missing and check that nobody else owns them."""
        for folder in (self.root, self.root / "run", self.root / "lock", self.log, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if found.st_uid == os.geteuid() and self.account.foreign:
                os.chown(folder, self.account.uid, self.account.gid)
            elif found.st_uid != self.account.uid or not stat.S_ISDIR(found.st_mode):
                raise _not_ours(folder)

    def forget_sockets(self) -> None:
        """Remove the short folder of a stopped server's socket, if it has one."""
        if self.sockets.parent != self.root:
            shutil.rmtree(self.sockets, ignore_errors=True)


def existing_major(state: Path) -> int | None:
    """Major version that wrote the data in a state folder; None = no data yet. The newest counts."""
    try:
        written = [
            (each.parent, each.read_text(encoding="ascii").strip()) for each in state.glob("pg*/data/PG_VERSION")
        ]
    except PermissionError:
        raise _not_ours(state) from None
    majors = [int(version) for folder, version in written if version.isdigit() and folder.parent.name == f"pg{version}"]
    if len(majors) < len(written):
        raise Obstacle(
            "DATA_VERSION",
            Words(
                f"{state} 中的数据目录与其版本不符。", f"A data folder in {state} is not of the version its name says."
            ),
            Words(
                "请恢复原来的目录名,或另选一个状态目录(--state)。",
                "Restore its name, or choose another state folder (--state).",
            ),
        )
    return max(majors, default=None)


def place_of(state: Path, major: int, spare: Path) -> Place:
    """The server's place for a state folder, made if it is not there yet.

    Raises `Obstacle` STATE_NOT_WRITABLE, STATE_LOST, STATE_NOT_REACHABLE or NO_SERVER_USER.
    """
    link = state / f"pg{major}"
    try:
        if not link.is_symlink() and not link.exists():
            state.mkdir(mode=0o711, parents=True, exist_ok=True)
            _make(link, spare)
        place = _existing(link)
        place.prepare()
    except OSError as refused:
        raise _not_ours(Path(refused.filename or state), f" ({refused.strerror})") from None
    return place


def reachable(path: Path, account: Account) -> bool:
    """Whether a user can get at `path` and read and enter it, going by the permission bits alone."""
    steps = [path.resolve(), *path.resolve().parents]
    return all(_may(step, account, 0o5 if step is steps[0] else 0o1) for step in steps)


def _may(path: Path, account: Account, wanted: int) -> bool:
    found = path.stat()
    shift = 6 if found.st_uid == account.uid else 3 if found.st_gid == account.gid else 0
    return (found.st_mode >> shift) & wanted == wanted


def _make(link: Path, spare: Path) -> None:
    """Make the place in the state folder, or in the spare one where the server's user cannot reach it."""
    account = _account(None)
    if all(_may(each, account, 0o1) for each in [link.parent.resolve(), *link.parent.resolve().parents]):
        link.mkdir(mode=0o700, exist_ok=True)
        return
    spare.mkdir(mode=0o711, parents=True, exist_ok=True)
    target = spare / f"{re.sub(r'[^A-Za-z0-9]+', '-', link.parent.name).strip('-') or 'state'}-{secrets.token_hex(6)}"
    target.mkdir(mode=0o700)
    try:
        link.symlink_to(target)
    except FileExistsError:  # another process was first
        target.rmdir()


def _existing(link: Path) -> Place:
    root = link.resolve()
    if not root.is_dir():
        raise Obstacle(
            "STATE_LOST",
            Words(
                f"{link} 指向的数据目录 {root} 已不存在。", f"The data folder {root}, to which {link} points, is gone."
            ),
            Words(
                f"请恢复该目录;若不再需要其中的数据,请删除 {link} 后重试。",
                f"Restore that folder; if its data are no longer needed, remove {link} and try again.",
            ),
        )
    account = _account(root)
    if not all(_may(each, account, 0o1) for each in root.parents):
        raise Obstacle(
            "STATE_NOT_REACHABLE",
            Words(
                f"数据库以用户 {account.uid} 运行,但该用户进不了 {root} 的上级目录。",
                f"The database runs as user {account.uid}, who cannot pass through the folders above {root}.",
            ),
            Words("请另选一个状态目录(--state)。", "Choose another state folder (--state)."),
        )
    return Place(root, account)


def _account(root: Path | None) -> Account:
    """Who runs the server: this user; for root the owner of the place, else a user without rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = root.stat() if root else None
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Obstacle(
        "NO_SERVER_USER",
        Words(
            "PostgreSQL 不能以 root 运行,而本机没有 postgres 或 nobody 用户。",
            "PostgreSQL may not run as root, and there is no user postgres or nobody.",
        ),
        Words("请以普通用户运行,或建立用户 postgres。", "Run this as an ordinary user, or create the user postgres."),
    )


def _not_ours(folder: Path, why: str = "") -> Obstacle:
    return Obstacle(
        "STATE_NOT_WRITABLE",
        Words(f"当前用户不能使用 {folder}{why}。", f"The present user cannot use {folder}{why}."),
        Words(
            "请以建立该目录的用户(或 root)运行,或另选一个状态目录(--state)。",
            "Run as the user who made that folder (or as root), or choose another state folder (--state).",
        ),
    )
