"""State folders of their own for tests that start and kill servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings


@pytest.fixture
def home() -> Iterator[Path]:
    """A short, empty folder that other users may pass through (pytest's own folders are private)."""
    folder = Path(tempfile.mkdtemp(prefix="zt-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of an embedded server that keeps what it has acknowledged."""
    return Settings(state=home / "state", spare=home / "spare")
